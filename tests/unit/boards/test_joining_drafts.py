"""Two drafts of one decision joined: nothing typed is lost, and where both chose differently it is named."""

from boards.forms.joining import adds_nothing, joined


def test_what_only_one_typed_is_taken_and_texts_of_both_stand() -> None:
    mine = {"note": ["Mine."], "trial": ["not_recorded"], "task-0-what": ["call"], "departure_reasons": ["a"]}
    theirs = {
        "note": ["Theirs."], "trial": ["offered"], "word-prrt": ["declined"], "reason-prrt": ["other"],
        "line-prrt": ["far away"], "task-0-what": ["echo"], "task-0-owner": ["Dr. Ray"], "task-1-what": ["call"],
        "if-0-what": ["positive"], "if-0-then": ["PRRT"], "departure_reasons": ["a", "b"],
    }  # fmt: skip
    both = joined(mine, theirs)
    assert both.differs == ()
    assert both.content == {
        "note": ["Mine.\nTheirs."], "trial": ["offered"], "word-prrt": ["declined"], "reason-prrt": ["other"],
        "line-prrt": ["far away"], "task-0-what": ["call"], "task-1-what": ["echo"], "task-1-owner": ["Dr. Ray"],
        "if-0-what": ["positive"], "if-0-then": ["PRRT"], "departure_reasons": ["a", "b"],
    }  # fmt: skip
    assert mine["note"] == ["Mine."]
    assert adds_nothing(both.content, theirs)
    assert joined(both.content, theirs).content == both.content


def test_where_both_chose_differently_the_first_stands_unmixed_and_is_named() -> None:
    mine = {"word-prrt": ["taken"], "owner-prrt": ["Dr. Ray"], "word-ssa": ["taken"], "trial": ["offered"]}
    theirs = {
        "word-prrt": ["declined"], "line-prrt": ["no"], "word-ssa": ["taken"], "due-ssa": ["2027-01-01"],
        "trial": ["none_fits"],
    }  # fmt: skip
    both = joined(mine, theirs)
    assert both.differs == ("trial", "word-prrt")
    assert both.content == mine | {"due-ssa": ["2027-01-01"]}
    assert not adds_nothing(both.content, theirs)


def test_an_untouched_form_adds_nothing() -> None:
    assert adds_nothing({}, {"trial": ["not_recorded"], "taken": ["3:1"]})
    full = {f"task-{row}-what": [f"{row}"] for row in range(30)}
    assert joined(full, {"task-0-what": ["one more"]}).differs == ("rows",)

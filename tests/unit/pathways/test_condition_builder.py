"""The condition builder: data to form and back, what each button does, and what is said about what is not finished."""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.drafting.conditions import ConditionForm, ConditionRefused
from pathways.drafting.conditions.fields import fields_of
from pathways.drafting.conditions.parts import Part, count, depth, walk
from pathways.drafting.conditions.verbs import VERBS
from pathways.engine import Condition, Ruleset, condition_data, sentence
from pathways.engine.conditions import ConditionParser
from pathways.knowledge import starter
from tests.generative.strategies import EVERYTHING, condition
from tests.unit.engine.clinic import DICTIONARY, ruleset

KI67 = {"feature": "ki67", "op": "<=", "value": Decimal(20)}
G3 = {"feature": "grade", "op": "=", "value": "G3"}
FREE = {"feature": "free", "op": "=", "value": True}
CLINIC = ruleset()
ENTRIES: Mapping[str, dict[str, Any]] = {
    name: entry for group in ("patient", "tumor", "history") for name, entry in DICTIONARY[group].items()
}


@lru_cache(maxsize=1)
def starter_ruleset() -> Ruleset:
    return Ruleset.from_data(starter())


def parsed(data: Any, rules: Ruleset) -> Condition:
    built = ConditionParser(rules.dictionary.features, frozenset(rules.definitions), []).parse(data, "")
    assert built is not None
    return built


def form_of(data: Any, **options: Any) -> ConditionForm:
    return ConditionForm.from_data(data, ruleset=CLINIC, **options)


def sent(form: ConditionForm, changed: Mapping[str, list[str]] | None = None, verb: str = "") -> ConditionForm:
    """The form as a browser sends it, with some fields filled in and perhaps a button pressed."""
    fields = {**form.fields(), **(changed or {})}
    if verb:
        fields[f"{form.prefix}-verb"] = [verb]
    return ConditionForm.from_post(fields, ruleset=form.offer.ruleset, prefix=form.prefix)


def after(data: Any, verb: str, changed: Mapping[str, list[str]] | None = None) -> ConditionForm:
    form = sent(form_of(data), changed, verb)
    assert form.apply_verb()
    return form


def the_sentences(form: ConditionForm) -> list[str]:
    return [problem.sentence for problem in form.problems]


# --- There and back -----------------------------------------------------------------------------------------------


@st.composite
def clinic_conditions(draw: st.DrawFn) -> dict[str, Any]:
    """Conditions over the small clinic, as a ruleset file holds them."""
    entries = {
        name: {**entry, "max": min(entry["max"], 10)} if entry["kind"] == "number" else entry
        for name, entry in ENTRIES.items()
        if entry.get("values") != "option codes of options.yaml"
    }
    data = draw(condition(entries, EVERYTHING, tuple(CLINIC.definitions), depth=4))
    return condition_data(parsed(data, CLINIC))


@settings(max_examples=150, deadline=None)
@given(clinic_conditions())
def test_what_is_opened_sent_and_read_again_is_the_same_condition(data: dict[str, Any]) -> None:
    form = form_of(data)
    assert form.data() == data
    again = sent(form)
    assert not again.apply_verb()
    assert again.data() == data
    assert again.fields() == form.fields()
    assert again.view.root.parts == form.view.root.parts


@settings(max_examples=100, deadline=None)
@given(clinic_conditions())
def test_the_sentence_of_a_finished_condition_is_the_sentence_of_the_engine(data: dict[str, Any]) -> None:
    said = sentence(parsed(data, CLINIC), CLINIC.definitions, spell_out="use" in data)
    assert form_of(data).sentence() == f"{said[0].upper()}{said[1:]}."


def test_every_rule_and_definition_of_the_starter_pathway_survives_the_form() -> None:
    rules = starter_ruleset()
    for entry in (*rules.rules, *rules.definitions.values()):
        data = condition_data(entry.when)
        form = ConditionForm.from_data(data, ruleset=rules)
        assert form.problems == (), entry.code
        assert sent(form).data() == data, entry.code


@settings(max_examples=200, deadline=None)
@given(st.decimals(min_value=0, max_value=100, places=12).map(lambda n: n.normalize()))
def test_every_number_is_read_back_as_the_number_it_was(number: Decimal) -> None:
    for feature in ("ki67", "egfr"):
        data = {"feature": feature, "op": "<", "value": number}
        assert sent(form_of(data)).data() == data


def test_a_list_of_values_stands_in_the_order_of_the_dictionary() -> None:
    form = sent(form_of({"feature": "grade", "op": "in", "value": ["G3", "G1"]}))
    assert form.data() == {"feature": "grade", "op": "in", "value": ["G1", "G3"]}


# --- Buttons ------------------------------------------------------------------------------------------------------

BOTH = {"all": [KI67, G3]}
NESTED = {"any": [KI67, {"all": [G3, FREE]}, FREE]}  # 1: any, 2: ki67, 3: all, 4: grade, 5: free, 6: free
STEPS: list[tuple[Any, str, Any]] = [
    (BOTH, "as_any:1", {"any": [KI67, G3]}),
    ({"any": [KI67]}, "as_all:1", {"all": [KI67]}),
    (BOTH, "wrap_any:2", {"all": [{"any": [KI67]}, G3]}),
    (BOTH, "wrap_not:3", {"all": [KI67, {"not": G3}]}),
    (BOTH, "wrap_not:1", {"not": BOTH}),
    (KI67, "wrap_all:1", {"all": [KI67]}),
    ({"not": BOTH}, "unwrap:1", BOTH),
    (NESTED, "unwrap:3", {"any": [KI67, G3, FREE, FREE]}),
    ({"all": [KI67]}, "unwrap:1", KI67),
    (BOTH, "remove:2", {"all": [G3]}),
    (NESTED, "remove:3", {"any": [KI67, FREE]}),
    (BOTH, "duplicate:2", {"all": [KI67, KI67, G3]}),
    (NESTED, "duplicate:3", {"any": [KI67, {"all": [G3, FREE]}, {"all": [G3, FREE]}, FREE]}),
    (KI67, "duplicate:1", {"all": [KI67, KI67]}),
    (BOTH, "up:3", {"all": [G3, KI67]}),
    (BOTH, "down:2", {"all": [G3, KI67]}),
    (NESTED, "down:2", {"any": [{"all": [KI67, G3, FREE]}, FREE]}),
    (NESTED, "up:6", {"any": [KI67, {"all": [G3, FREE, FREE]}]}),
    (NESTED, "up:4", {"any": [KI67, G3, {"all": [FREE]}, FREE]}),
    (NESTED, "down:5", {"any": [KI67, {"all": [G3]}, FREE, FREE]}),
    (None, "always:1", {"always": True}),
    (BOTH, "look", BOTH),
    (BOTH, "update", BOTH),
]


@pytest.mark.parametrize(("before", "verb", "wanted"), STEPS)
def test_a_button_changes_the_condition_as_it_says(before: Any, verb: str, wanted: Any) -> None:
    form = after(before, verb)
    assert form.data() == wanted
    assert sent(form).data() == wanted


REFUSED_STEPS = [
    ({"not": BOTH}, "unwrap:2", "Several parts cannot be “not” without a group around them."),
    (BOTH, "unwrap:1", "Several parts cannot be the whole condition without a group around them."),
    (BOTH, "up:2", "Ki-67 cannot go further up."),
    (BOTH, "down:3", "Grade cannot go further down."),
    (KI67, "up:1", "Ki-67 cannot go further up."),
    ({"not": KI67}, "duplicate:2", "“Not” holds one part. Put that part in a group first."),
    ({"not": KI67}, "comparison:2", "Nothing can be added to Ki-67. Put it in a group first."),
    (BOTH, "as_any:2", "Only a group is “all of these” or “any of these”."),
    (BOTH, "always:1", "“Always” is a whole condition. Remove what is there first."),
    (BOTH, "remove:9", "The button that was pressed belongs to a part that is no longer there. Nothing changed."),
    (BOTH, "explode:1", "The button that was pressed belongs to a part that is no longer there. Nothing changed."),
    (BOTH, "up:²", "The button that was pressed belongs to a part that is no longer there. Nothing changed."),
]


@pytest.mark.parametrize(("before", "verb", "said"), REFUSED_STEPS)
def test_a_step_that_cannot_be_done_changes_nothing_and_says_why(before: Any, verb: str, said: str) -> None:
    form = after(before, verb)
    assert form.data() == before
    assert form.view.said == said


def test_a_step_by_keys_leaves_the_focus_where_it_is() -> None:
    by_button, by_keys = after(BOTH, "down:2"), after(BOTH, "down:2:stay")
    assert by_keys.data() == by_button.data()
    assert by_button.view.root.parts[1].menu_open
    assert by_button.view.root.parts[1].focus == "down"
    assert not by_keys.view.root.parts[1].menu_open
    assert by_keys.view.root.parts[1].focus == ""


def test_what_is_added_is_empty_until_it_is_chosen_and_says_so_at_its_own_field() -> None:
    form = after(BOTH, "comparison:1")
    (problem,) = form.problems
    assert (problem.part, problem.field, problem.sentence) == (4, "feature", "Choose the feature to compare.")
    assert form.sentence() == "Ki-67 is at most 20 % and grade is G3 and [a comparison …]."
    assert form.view.root.parts[2].focus == "first"
    with pytest.raises(ConditionRefused, match="Choose the feature to compare."):
        form.data()
    filled = sent(form, {"when-4-feature": ["free"]}, "look")
    assert filled.apply_verb()
    assert the_sentences(filled) == ["Free of disease: choose the value to compare with; yes or no is accepted."]
    done = sent(filled, {"when-4-value": ["yes"]})
    assert done.data() == {"all": [KI67, G3, FREE]}


def test_a_feature_is_found_by_what_is_typed_of_its_name() -> None:
    form = after(BOTH, "comparison:1", {"when-1-find": ["free of"]})
    assert form.view.root.parts[2].feature == "free"
    assert form.view.root.parts[2].focus == "operator"
    by_enter = after(BOTH, "update", {"when-1-find": ["eGFR"]})
    assert by_enter.sentence() == "Ki-67 is at most 20 % and grade is G3 and [eGFR is at most …]."
    assert by_enter.view.root.find == ""


def test_a_feature_that_is_not_found_or_not_the_only_one_stays_typed_with_a_sentence() -> None:
    form = after(BOTH, "comparison:1", {"when-1-find": ["gradde"]})
    assert form.data() == BOTH
    assert form.view.root.find == "gradde"
    assert form.view.said == "There is no feature “gradde”. Did you mean Grade?"
    two = after(BOTH, "comparison:1", {"when-1-find": ["re"]})
    assert two.view.said == "“re” could be Free of disease or Treatments given; type more of it."


def test_a_feature_that_is_found_takes_the_place_of_the_empty_comparison_of_a_new_group() -> None:
    group = after(BOTH, "any_group:1")
    form = sent(group, {"when-5-find": ["grade"]}, "comparison:5")
    form.apply_verb()
    assert [part.feature for part in walk(form.root) if part.kind == "comparison"] == ["ki67", "grade", "grade"]


def test_adding_beside_a_whole_condition_that_is_no_group_puts_both_into_one() -> None:
    form = after(KI67, "definition:1")
    code = next(iter(CLINIC.definitions))
    chosen = sent(form, {"when-2-name": [code]})
    assert chosen.data() == {"all": [KI67, {"use": code}]}


def test_a_new_group_begins_with_a_comparison_to_choose() -> None:
    form = after(BOTH, "any_group:1")
    assert [part.kind for part in walk(form.root)] == ["all", "comparison", "comparison", "any", "comparison"]
    assert form.view.root.parts[2].parts[0].focus == "first"


def test_removing_everything_leaves_an_empty_form_that_says_what_to_do() -> None:
    form = after(KI67, "remove:1")
    assert the_sentences(form) == ["“All of these” is empty: add a comparison, a group or a definition."]
    assert form.sentence() == "[nothing yet]."
    assert form.view.root.may_be_always


def test_an_id_that_was_given_out_once_is_not_given_out_again() -> None:
    form = after(after(BOTH, "remove:3").data(), "look")
    removed = sent(sent(form_of(BOTH)), verb="remove:3")
    removed.apply_verb()
    again = sent(removed, verb="comparison:1")
    again.apply_verb()
    assert [part.id for part in walk(again.root)] == [1, 2, 4]
    assert form.data() == {"all": [KI67]}


@settings(max_examples=120, deadline=None)
@given(clinic_conditions(), st.lists(st.tuples(st.sampled_from(sorted(VERBS)), st.integers(0, 9)), max_size=12))
def test_whatever_is_pressed_in_whatever_order_the_form_stays_sound(
    data: dict[str, Any], steps: list[tuple[str, int]]
) -> None:
    form = form_of(data)
    for verb, place in steps:
        parts = list(walk(form.root))
        form = sent(form, verb=f"{verb}:{parts[place % len(parts)].id}")
        assert form.apply_verb()
        numbers = [part.id for part in walk(form.root)]
        assert len(set(numbers)) == len(numbers)
        assert count(form.root) <= 200
        assert depth(form.root) <= 12
        assert form.view.said or form.view.root
        assert form.sentence().endswith(".")
        assert sent(form).fields() == form.fields()
        assert (form.condition() is None) == bool(form.problems)


@settings(max_examples=100, deadline=None)
@given(clinic_conditions(), st.integers(0, 30))
def test_a_move_up_is_undone_by_a_move_down(data: dict[str, Any], place: int) -> None:
    parts = list(walk(form_of(data).root))
    number = parts[place % len(parts)].id
    up = after(data, f"up:{number}")
    if "further" not in up.view.said:
        down = sent(up, verb=f"down:{number}")
        down.apply_verb()
        assert fields_of(down.root, "when", 99) == fields_of(form_of(data).root, "when", 99)


# --- Changing what is compared ------------------------------------------------------------------------------------

CHANGES = [
    (KI67, "egfr", {"feature": "egfr", "op": "<=", "value": 20}),
    ({"feature": "illnesses", "op": "is_known"}, "free", {"feature": "free", "op": "is_known"}),
    ({"feature": "ki67", "op": "<=", "value": 2}, "ecog", {"feature": "ecog", "op": "<=", "value": 2}),
]


@pytest.mark.parametrize(("before", "feature", "wanted"), CHANGES)
def test_with_another_feature_the_value_that_still_fits_is_kept(before: Any, feature: str, wanted: Any) -> None:
    assert after(before, "look", {"when-1-feature": [feature]}).data() == wanted


def test_a_value_that_does_not_fit_the_new_feature_has_to_be_chosen() -> None:
    form = after({"feature": "ki67", "op": "<=", "value": 20}, "look", {"when-1-feature": ["ecog"]})
    assert the_sentences(form) == ["ECOG: choose the value to compare with; a whole number from 0 to 4 is accepted."]
    assert form.sentence() == "[ECOG is at most …]."


def test_a_comparison_that_changed_with_its_feature_is_not_saved_unseen() -> None:
    form = sent(
        form_of({"feature": "grade", "op": "in", "value": ["G1"]}),
        {"when-1-feature": ["illnesses"], "when-1-value": ["heart"]},
    )
    assert not form.apply_verb()
    assert the_sentences(form) == [
        "Illnesses: with the feature the comparison became “include any of”. Look at it, and save again."
    ]
    assert sent(form).data() == {"feature": "illnesses", "op": "contains_any", "value": ["heart"]}


def test_asking_only_whether_a_value_is_recorded_loses_nothing_that_was_typed() -> None:
    form = after(KI67, "look", {"when-1-op": ["is_known"]})
    assert form.data() == {"feature": "ki67", "op": "is_known"}
    assert form.view.root.value.kept == ("20",)
    assert sent(form, {"when-1-op": ["<="]}).data() == KI67


def test_from_one_value_to_several_the_one_stays_ticked() -> None:
    form = after(G3, "look", {"when-1-op": ["in"]})
    assert [choice.value for choice in form.view.root.value.choices if choice.chosen] == ["G3"]
    assert form.data() == {"feature": "grade", "op": "in", "value": ["G3"]}


# --- What is typed ------------------------------------------------------------------------------------------------

TYPED = [("2,5", "2.5"), ("2.5", "2.5"), ("20 %", "20"), (" 7 ", "7"), ("0.5 %", "0.5"), ("0,5%", "0.5")]


@pytest.mark.parametrize(("text", "number"), TYPED)
def test_numbers_are_read_as_in_data_entry(text: str, number: str) -> None:
    form = sent(form_of(KI67), {"when-1-value": [text]})
    assert form.data() == {"feature": "ki67", "op": "<=", "value": Decimal(number)}


NOT_NUMBERS = [
    ("", "Ki-67: choose the value to compare with; a number from 0 to 100 % is accepted."),
    ("high", "Ki-67: “high” is not a number. Accepted is a number from 0 to 100 %."),
    ("101", "Ki-67: “101” is not accepted; accepted is a number from 0 to 100 %."),
    ("-1", "Ki-67: “-1” is not accepted; accepted is a number from 0 to 100 %."),
    ("<3", "Ki-67: “<3” is a range or a limit. Write one number; how it is compared is chosen beside it, and accepted is "
           "a number from 0 to 100 %."),
    ("2-3", "Ki-67: “2-3” is a range or a limit. Write one number; how it is compared is chosen beside it, and accepted "
            "is a number from 0 to 100 %."),
    ("3 mm", "Ki-67: the unit “mm” is not accepted; accepted is a number from 0 to 100 %."),
    ("0.15", "Ki-67: “0.15” could be 15 % or 0.15 %. Write it with the sign %."),
    ("NaN", "Ki-67: “NaN” is not a number. Accepted is a number from 0 to 100 %."),
    ("9" * 400, f"Ki-67: “{'9' * 37}…” is not a number. Accepted is a number from 0 to 100 %."),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), NOT_NUMBERS)
def test_what_is_no_number_stays_as_it_was_typed_with_its_sentence(text: str, said: str) -> None:
    form = sent(form_of(KI67), {"when-1-value": [text]})
    assert [(problem.part, problem.field, problem.sentence) for problem in form.problems] == [(1, "value", said)]
    assert form.view.root.value.text == text
    assert form.sentence() == "[Ki-67 is at most …]."


FAULTS: list[tuple[dict[str, list[str]], str]] = [
    ({"when-1-value": ["G4"]}, "Grade: “G4” is not accepted; accepted is one of G1, G2 or G3."),
    ({"when-1-value": ["G1", "G2"]}, "Grade: choose the value to compare with; one of G1, G2 or G3 is accepted."),
    ({"when-1-op": ["in"], "when-1-value": []}, "Grade: tick one or more of the values to compare with."),
    (
        {"when-1-op": ["in"], "when-1-value": ["G1", "<b>"]},
        "Grade: “<b>” is not accepted; accepted is one of G1, G2 or G3.",
    ),
    (
        {"when-1-op": ["contains"]},
        "Grade cannot be compared by “contains”; there are “is”, “is one of”, “is lower than”, “is at most”, "
        "“is higher than”, “is at least” and “is recorded”.",
    ),
    ({"when-1-feature": ["gradee"]}, "There is no feature “gradee”. Did you mean grade?"),
    ({"when-1-feature": [""]}, "Choose the feature to compare."),
]


@pytest.mark.parametrize(("changed", "said"), FAULTS)
def test_what_the_dictionary_does_not_allow_is_said_at_its_field(changed: dict[str, list[str]], said: str) -> None:
    form = sent(form_of(G3), changed)
    assert the_sentences(form) == [said]
    assert not form.apply_verb()
    assert [line.sentence for line in form.view.problems] == [said]
    assert form.view.insists


def test_a_definition_that_there_is_not_or_that_would_use_itself_is_refused() -> None:
    code = next(iter(CLINIC.definitions))
    assert the_sentences(form_of({"use": "nothing_like_it"})) == ["There is no definition “nothing_like_it”."]
    circular = form_of({"use": code}, definition=code)
    assert "would use itself here; choose another definition." in the_sentences(circular)[0]
    assert code not in {choice.value for choice in circular.view.root.definitions[1:]}


# --- Forms that do not add up -------------------------------------------------------------------------------------

BROKEN: list[list[str]] = [
    ["1.0.all", "1.1.comparison."],
    ["1.0.comparison.", "2.1.comparison."],
    ["1.0.all", "2.0.all"],
    ["1.0.not", "2.1.always", "3.1.always"],
    ["2.1.comparison.", "1.0.all"],
    ["1.0.maybe"],
    ["0.0.all"],
    ["x"],
    ["1"],
    ["١.0.all"],
    ["999999.0.all"],
    [f"{n}.{n - 1}.not" for n in range(1, 14)],
    ["1.0.all", *(f"{n}.1.always" for n in range(2, 300))],
    ["1.0.all"] * 100_000,
]


@pytest.mark.parametrize("entries", BROKEN, ids=range(len(BROKEN)))
def test_a_form_that_does_not_add_up_is_refused_whole(entries: list[str]) -> None:
    with pytest.raises(ConditionRefused) as refused:
        ConditionForm.from_post({"when-part": entries}, ruleset=CLINIC)
    assert str(refused.value).endswith(".")


def deep(levels: int) -> Any:
    data: Any = KI67
    for _ in range(levels - 1):
        data = {"not": data}
    return data


@pytest.mark.parametrize("data", [deep(13), deep(10_000), {"any": [KI67] * 200}, {"all": [KI67] * 100_000}])
def test_a_condition_too_large_for_the_builder_is_refused_in_bounded_time(data: Any) -> None:
    with pytest.raises(ConditionRefused, match="too large for the builder, which holds 200 parts nested 12 deep"):
        form_of(data)


@pytest.mark.parametrize("data", [3, [], {}, {"all": {}}, {"use": 1}, {"always": False}, {"all": [], "any": []}])
def test_what_is_no_condition_is_no_form(data: Any) -> None:
    with pytest.raises(ConditionRefused, match="This is no condition"):
        form_of(data)


def test_the_builder_does_not_grow_beyond_its_limits() -> None:
    full = {"any": [KI67] * 199}
    assert after(full, "comparison:1").view.said == (
        "The builder holds 200 parts. Move some of them into a definition."
    )
    assert after(deep(12), "wrap_any:1").view.said == (
        "Parts are nested at most 12 deep. Move some of it into a definition."
    )
    assert after(deep(12), "wrap_any:1").data() == deep(12)


def test_several_builders_stand_in_one_form() -> None:
    one, other = form_of(KI67), form_of(G3, prefix="until")
    fields = {**one.fields(), **other.fields(), "until-verb": ["wrap_not:1"]}
    first = ConditionForm.from_post(fields, ruleset=CLINIC)
    second = ConditionForm.from_post(fields, ruleset=CLINIC, prefix="until")
    assert (first.apply_verb(), second.apply_verb()) == (False, True)
    assert (first.data(), second.data()) == (KI67, {"not": G3})


# --- Names and pictures -------------------------------------------------------------------------------------------


def test_every_part_has_a_name_that_says_where_it_stands() -> None:
    view = form_of(NESTED).view
    assert view.root.name == "Group, the whole condition"
    assert [part.name for part in view.root.parts] == [
        "Comparison 1 of 3 in “any of these”",
        "Group 2 of 3 in “any of these”",
        "Comparison 3 of 3 in “any of these”",
    ]
    assert view.root.parts[1].parts[1].name == "Comparison 2 of 2 in “all of these”"


def test_only_what_the_dictionary_allows_is_offered() -> None:
    view = form_of(KI67).view
    assert [choice.value for choice in view.root.operators] == ["=", "<", "<=", ">", ">=", "is_known"]
    assert [choice.label for choice in view.root.operators] == [
        "is exactly", "is below", "is at most", "is above", "is at least", "is recorded",
    ]  # fmt: skip
    offered = [name for group in view.features for name, _ in group.choices]
    assert offered == list(CLINIC.dictionary.features)
    values = form_of(G3).view.root.value
    assert [choice.value for choice in values.choices] == ["G1", "G2", "G3"]


def test_what_differs_from_the_sentence_in_force_is_marked() -> None:
    form = form_of({"all": [KI67, FREE]}, before="Ki-67 is at most 10 % and free of disease: yes.")
    assert [piece.text for piece in form.view.sentence if piece.changed] == ["20 "]
    assert [piece.text for piece in form.view.old if piece.changed] == ["10 "]
    same = form_of(KI67, before=form_of(KI67).sentence())
    assert not same.view.differs
    assert form_of(KI67).view.old == ()


def test_a_part_knows_whether_something_can_be_put_into_it() -> None:
    assert Part(1, "any").has_room
    assert Part(1, "not").has_room
    assert not Part(1, "not", parts=(Part(2, "always"),)).has_room

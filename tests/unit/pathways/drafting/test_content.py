"""Entries of a ruleset: put, retired, compared, undone, and brought on top of another version. Starter data, no database."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from pathways.drafting.checking import problems_of
from pathways.drafting.content import (
    PARTS,
    EntryChange,
    Place,
    apply,
    changed_places,
    entries,
    entry_at,
    entry_digest,
    put,
)
from pathways.drafting.going_with import going_with, retiring_option, retiring_rule
from pathways.drafting.rebasing import rebase
from pathways.engine import Ruleset, canonical_json, read_json
from pathways.knowledge import starter

DATA: dict[str, Any] = read_json(Ruleset.from_data(starter()).canonical)
E5 = Place("rules", "PRRT-E5")
RULES = list(entries(DATA, "rules"))
WHOLE = Ruleset.from_data(DATA).digest


def changed(place: Place, **fields: Any) -> dict[str, Any]:
    return put(DATA, place, {**(entry_at(DATA, place) or {}), **fields})


def digest(data: dict[str, Any]) -> str:
    return Ruleset.from_data(data).digest


def test_putting_an_entry_back_as_it_was_gives_the_same_digest() -> None:
    same = DATA
    for part in PARTS:
        for code, entry in list(entries(DATA, part).items())[:5]:
            same = put(same, Place(part, code), entry)
    assert digest(same) == WHOLE


def test_the_data_given_are_never_altered() -> None:
    before = canonical_json(DATA)
    changed(E5, title="Other")
    apply(DATA, retiring_option(DATA, "lutetium_dotatate"))
    assert canonical_json(DATA) == before


def test_a_new_rule_stands_behind_the_one_named() -> None:
    entry = {**(entry_at(DATA, E5) or {}), "code": "PRRT-E99"}
    codes = list(entries(put(DATA, Place("rules", "PRRT-E99"), entry, "PRRT-E5"), "rules"))
    assert codes[codes.index("PRRT-E99") - 1] == "PRRT-E5"


def test_the_digest_of_an_entry_follows_its_wording_and_not_the_order_of_its_keys() -> None:
    entry = entry_at(DATA, E5) or {}
    assert entry_digest(entry) == entry_digest(dict(reversed(list(entry.items()))))
    assert entry_digest(entry) != entry_digest({**entry, "title": "Other"})
    assert entry_digest({"days": Decimal("2.0")}) == entry_digest({"days": 2})
    assert entry_digest(None) == ""


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(st.lists(st.sampled_from(RULES), min_size=1, max_size=4, unique=True), st.booleans())
def test_every_change_of_rules_can_be_taken_back(codes: list[str], out: bool) -> None:
    data = DATA
    made: list[EntryChange] = []
    for code in codes:
        if out:
            changes = retiring_rule(data, code)
        else:
            entry = entry_at(data, Place("rules", code)) or {}
            changes = (EntryChange(Place("rules", code), entry, {**entry, "title": "Other"}),)
        data = apply(data, changes)
        made += changes
    assert digest(apply(data, [one.reversed for one in reversed(made)])) == WHOLE


@pytest.mark.parametrize("code", ["active_surveillance", "lutetium_dotatate", "clinical_trial", "supportive_care"])
def test_every_option_can_be_retired_and_brought_back(code: str) -> None:
    changes = retiring_option(DATA, code)
    without = apply(DATA, changes)
    ruleset = Ruleset.from_data(without)
    assert code not in {option.code for option in ruleset.options}
    assert not [rule for rule in ruleset.rules if rule.option == code]
    assert code in ruleset.dictionary.features["prior_treatments"].values  # what was given stays on record
    assert problems_of(without, changes) == [] or "rests on" in problems_of(without, changes)[0].sentence
    back = Ruleset.from_data(apply(without, [one.reversed for one in reversed(changes)]))
    assert {rule.code for rule in back.rules} == {rule.code for rule in Ruleset.from_data(DATA).rules}


def test_changed_places_name_every_entry_that_differs_and_no_other() -> None:
    data = put(changed(E5, title="Other"), Place("limits", "egfr_ml_min"), {"days": 90, "reason": "it changes"})
    data = apply(data, retiring_rule(data, "PRRT-I4"))
    places = {str(one.place) for one in changed_places(DATA, data)}
    assert places >= {"rule PRRT-E5", "limit egfr_ml_min", "rule PRRT-I4", "cases PRRT-I4"}
    assert digest(apply(DATA, changed_places(DATA, data))) == digest(data)
    assert changed_places(DATA, DATA) == ()


# Three ways: what the draft did, what was published meanwhile, and what comes of it.
MINE, THEIRS, BOTH_SAME = {"title": "Mine"}, {"title": "Theirs"}, {"title": "Same"}


@pytest.mark.parametrize(
    ("mine", "theirs", "choice", "title", "conflicts"),
    [
        ({}, {}, "", "Uptake below liver (Krenning 0–1)", 0),
        (MINE, {}, "", "Mine", 0),
        ({}, THEIRS, "", "Theirs", 0),
        (BOTH_SAME, BOTH_SAME, "", "Same", 0),
        (MINE, THEIRS, "", None, 1),
        (MINE, THEIRS, "mine", "Mine", 0),
        (MINE, THEIRS, "theirs", "Theirs", 0),
    ],
)
def test_a_draft_comes_on_top_of_what_was_published_meanwhile(
    mine: dict[str, str], theirs: dict[str, str], choice: str, title: str | None, conflicts: int
) -> None:
    done = rebase(DATA, changed(E5, **mine), changed(E5, **theirs), {"rule PRRT-E5": choice} if choice else {})
    assert len(done.conflicts) == conflicts
    assert (done.content is None) == (title is None)
    if done.content:
        assert (entry_at(done.content, E5) or {})["title"] == title


def test_what_the_draft_retired_and_others_changed_is_a_conflict() -> None:
    done = rebase(DATA, apply(DATA, retiring_rule(DATA, "PRRT-E5")), changed(E5, title="Theirs"))
    assert [str(one.place) for one in done.conflicts] == ["rule PRRT-E5"]


BAD = [
    (E5, {"when": {"feature": "krenning", "op": "<=", "value": 1}}, "Did you mean krenning_score?"),
    (E5, {"when": {"feature": "krenning_score", "op": "<=", "value": 9}}, "krenning_score"),
    (E5, {"when": None}, "when is empty; an object is expected."),
    (E5, {"rationale": "<b>no</b>"}, "rationale holds markup; write plain text."),
    (E5, {"rationale": ""}, "rationale is empty; text is expected."),
    (E5, {"sources": []}, "sources is empty; at least one is needed."),
    (E5, {"sources": [{"id": "NO-SUCH"}]}, "There is no source 'NO-SUCH'."),
    (E5, {"effect": "hint"}, "effect is"),
    (E5, {"option": "lutetium"}, "There is no option 'lutetium'. Did you mean lutetium_dotatate?"),
    (E5, {"surprise": 1}, "surprise is not a key that is known here."),
    (Place("limits", "age_years"), {"days": 3, "reason": "r"}, "does not age"),
    (Place("limits", "egfr_ml_min"), {"days": 0, "reason": "r"}, "days is 0; the smallest accepted is 1."),
    (Place("invariants", "INV-03"), {"options": ["nothing"]}, "There is no option nothing."),
    (Place("rules", "bad code"), {}, 'The code is "bad code"; accepted is capital letters'),
    (Place("test_patients", "TP-1"), {"code": "TP-1", "title": "t", "features": {"ecog": 9},
     "expected": {"everolimus": "excluded"}}, "ecog"),
]  # fmt: skip


@pytest.mark.parametrize(("place", "fields", "sentence"), BAD, ids=[str(n) for n in range(len(BAD))])
def test_a_bad_entry_is_refused_with_its_place_and_a_sentence(
    place: Place, fields: dict[str, Any], sentence: str
) -> None:
    entry = {**(entry_at(DATA, place) or {}), **fields}
    problems = problems_of(put(DATA, place, entry), [EntryChange(place, None, entry)])
    assert problems
    assert any(sentence in str(problem) for problem in problems), [str(problem) for problem in problems]
    assert place.code in str(problems[0])


def test_a_rule_that_a_page_rests_on_takes_its_sentences_along_when_it_retires() -> None:
    changes = retiring_rule(DATA, "WHIP-I2")
    assert "option pancreatoduodenectomy" in {str(one.place) for one in changes}
    assert problems_of(apply(DATA, changes), changes) == []


def test_copies_are_deep() -> None:
    entry = copy.deepcopy(entry_at(DATA, E5) or {})
    data = put(DATA, E5, entry)
    entry["sources"].append({"id": "F011"})
    assert len((entry_at(data, E5) or {})["sources"]) == len((entry_at(DATA, E5) or {})["sources"])


def test_what_goes_with_a_retired_option_is_told_apart_from_what_was_changed_besides() -> None:
    after = apply(DATA, retiring_option(DATA, "interferon_alfa"))
    changes = changed_places(DATA, after)
    option = Place("options", "interferon_alfa")
    assert {one.place for one in changes} - going_with(DATA, changes).keys() == {option}
    assert len(changes) > 5
    bent = next(one.place for one in changes if one.place.part == "invariants" and one.after is not None)
    further = put(after, bent, {**(entry_at(after, bent) or {}), "why": "Said otherwise."})
    changes = changed_places(DATA, further)
    assert {one.place for one in changes} - going_with(DATA, changes).keys() == {option, bent}


def test_two_options_retired_together_cover_an_invariant_that_named_both() -> None:
    after = DATA
    for code in ("interferon_alfa", "cabozantinib"):
        after = apply(after, retiring_option(after, code))
    changes = changed_places(DATA, after)
    together = going_with(DATA, changes)
    assert {one.place.part for one in changes if one.place not in together} == {"options"}
    both = {Place("options", "interferon_alfa"), Place("options", "cabozantinib")}
    assert both in [set(places) for places in together.values()]


def test_the_cases_of_a_retired_rule_go_with_it() -> None:
    changes = changed_places(DATA, apply(DATA, retiring_rule(DATA, "PRRT-E5")))
    assert going_with(DATA, changes)[Place("cases", "PRRT-E5")] == (E5,)
    assert E5 not in going_with(DATA, changes)

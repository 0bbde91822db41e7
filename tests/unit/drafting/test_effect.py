"""What a change of rules does to one patient, and which rules are named for it."""

from copy import deepcopy
from typing import Any

from pathways.drafting.content import Place, entry_at, put
from pathways.drafting.content import apply as applied
from pathways.drafting.effect import GAIN, LOSE, OTHER, direction, moved_options
from pathways.drafting.going_with import retiring_option
from pathways.engine import Ruleset, statuses
from pathways.knowledge import starter

BASE = Ruleset.from_data(starter())
ABLE = {
    "primary_site": "small_bowel",
    "differentiation": "well",
    "grade": "G2",
    "extent": "metastatic",
    "progression": "progressing",
    "sstr_status": "positive",
    "krenning_score": 2,
}


def _changed(place: Place, **fields: Any) -> Ruleset:
    data = starter()
    entry = deepcopy(entry_at(data, place)) or {}
    return Ruleset.from_data(put(data, place, {**entry, **fields}))


def _only(before: Ruleset, after: Ruleset, features: dict[str, Any]) -> dict[str, tuple[str, str, tuple[str, ...]]]:
    found = moved_options(before, features, after, features)
    return {one.option: (one.before, one.after, one.because) for one in found}


def test_a_rule_that_reaches_further_is_named_for_the_patient_whom_it_now_reaches() -> None:
    after = _changed(Place("rules", "PRRT-E5"), when={"feature": "krenning_score", "op": "<=", "value": 2})
    now = statuses(BASE, ABLE)["lutetium_dotatate"]
    assert _only(BASE, after, ABLE) == {"lutetium_dotatate": (now.value, "excluded", ("PRRT-E5",))}
    assert _only(BASE, after, {**ABLE, "krenning_score": 3}) == {}


def test_the_same_ruleset_moves_nobody() -> None:
    assert moved_options(BASE, ABLE, Ruleset.from_data(starter()), ABLE) == ()


def test_a_caution_is_never_named_for_a_status() -> None:
    data = starter()
    caution = next(rule for rule in data["rules"] if rule["effect"] == "caution")
    after = _changed(Place("rules", caution["code"]), when=deepcopy(data["rules"][0]["when"]))
    assert _only(BASE, after, ABLE) == {}


def test_an_exclusion_that_becomes_a_caution_is_named_though_its_value_is_the_same() -> None:
    low = {**ABLE, "krenning_score": 1}
    after = _changed(Place("rules", "PRRT-E5"), effect="caution")
    ((_, (before, _after, because)),) = _only(BASE, after, low).items()
    assert (before, because) == ("excluded", ("PRRT-E5",))


def test_a_retired_option_moves_for_everybody_from_its_status_to_none() -> None:
    data = starter()
    after = Ruleset.from_data(applied(data, retiring_option(data, "lutetium_dotatate")))
    moved = _only(BASE, after, {**ABLE, "krenning_score": 1})
    assert moved["lutetium_dotatate"][:2] == ("excluded", "")
    assert "PRRT-E5" in moved["lutetium_dotatate"][2]


def test_gaining_is_coming_onto_the_list_and_losing_is_leaving_it() -> None:
    assert direction("excluded", "possible") == direction("", "candidate") == GAIN
    assert direction("conditional", "not_indicated") == direction("candidate", "") == LOSE
    assert direction("possible", "candidate") == direction("excluded", "not_indicated") == OTHER

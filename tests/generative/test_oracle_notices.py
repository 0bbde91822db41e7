"""The comparison can see faults: each of these, put into the engine or into the data it reads, makes it disagree.

The second interpreter reads the data as they are. A fault that no record brought to light would mean that the
comparison is blind there.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

import pytest

from pathways.engine import PartialSet, Ruleset, Status, Truth
from pathways.engine import assessment as engine_assessment
from pathways.engine.statuses import STATUS
from tests.generative import comparing
from tests.generative.comparing import differences, for_engine
from tests.generative.oracle import AtLeast, Book
from tests.generative.patients import PatientMaker
from tests.spec.clinic import rule, ruleset
from tests.spec.stories import CONTRADICTIONS, IMPLICATIONS, OPERABLE, RULES

Data = dict[str, Any]
Mutation = Callable[[Data], None]

SPREAD = {"feature": "metastatic_sites", "op": "contains_any", "value": ["liver", "bone"]}
MORE_RULES = [
    rule("SUR-E2", "surgery", "exclusion", {"feature": "prior_treatments", "op": "contains", "value": "surgery"}),
    rule("SUR-C1", "surgery", "caution", {"feature": "gastric_stage", "op": ">=", "value": "III"}),
    rule(
        "WAT-E1",
        "watching",
        "exclusion",
        {"feature": "metastatic_sites", "op": "contains_any", "value": ["liver", "bone"]},
    ),
    rule("WAT-E2", "watching", "exclusion", {"feature": "gastric_bleeding", "op": "=", "value": True}),
    rule("TAB-I2", "tablets", "indication", {"feature": "gastric_type", "op": "in", "value": ["type_1", "type_2"]}),
    rule("TAB-C2", "tablets", "caution", {"feature": "ki67_percent", "op": "<=", "value": 10}),
]
DATA = ruleset(
    RULES + MORE_RULES, definitions=[OPERABLE], implications=IMPLICATIONS, contradictions=CONTRADICTIONS
).to_data()
BOOK = Book(DATA)


def records() -> list[Data]:
    """Records of the clinic: known, unknown, in part, on the thresholds and beside them."""
    random, maker = Random("faults"), PatientMaker(BOOK)
    drawn = [maker.wild(random) for _ in range(300)]
    return [maker.partly_known(random, one) if number % 2 else one for number, one in enumerate(drawn)]


RECORDS = records()


def disagreements(data: Data) -> int:
    """How many of the records the comparison finds something at; it stops at the first three."""
    found = 0
    engine = Ruleset.from_data(data)
    for features in RECORDS:
        found += bool(differences(engine, BOOK, features))
        if found == 3:
            break
    return found


def of_rule(data: Data, code: str) -> Data:
    return next(entry for entry in data["rules"] if entry["code"] == code)


def set_in_rule(code: str, **changes: Any) -> Mutation:
    """A rule's comparison, or the rule itself, with other words."""

    def mutate(data: Data) -> None:
        entry = of_rule(data, code)
        (entry if "effect" in changes else entry["when"]).update(changes)

    return mutate


def any_becomes_all(data: Data) -> None:
    parts = of_rule(data, "WAT-I1")["when"]["all"]
    parts[1] = {"all": parts[1]["any"]}


def all_becomes_any(data: Data) -> None:
    of_rule(data, "WAT-I1")["when"] = {"any": of_rule(data, "WAT-I1")["when"]["all"]}


def not_is_lost(data: Data) -> None:
    of_rule(data, "TAB-I1")["when"] = of_rule(data, "TAB-I1")["when"]["not"]


def rule_is_lost(data: Data) -> None:
    data["rules"] = [entry for entry in data["rules"] if entry["code"] != "SUR-E1"]


def is_known_is_lost(data: Data) -> None:
    when = of_rule(data, "TAB-I1")["when"]
    when["not"] = when["not"]["all"][1]


def definition_changes(data: Data) -> None:
    data["definitions"][0]["when"]["value"] = ["G1"]


def implication_is_lost(data: Data) -> None:
    del data["dictionary"]["implications"][0]


def implications_change_places(data: Data) -> None:
    entries = data["dictionary"]["implications"]
    entries[1], entries[2] = entries[2], entries[1]


def implication_gives_another_value(data: Data) -> None:
    data["dictionary"]["implications"][1]["value"] = "G2"


def applicability_is_lost(data: Data) -> None:
    del data["dictionary"]["tumor"]["gastric_bleeding"]["only_when"]


def order_of_an_enum_changes(data: Data) -> None:
    data["dictionary"]["tumor"]["gastric_stage"]["values"] = ["I", "III", "II", "IV"]


def contradiction_is_lost(data: Data) -> None:
    data["dictionary"]["contradictions"] = []


def covers_is_lost(data: Data) -> None:
    data["dictionary"]["contradictions"][0]["covers"] = []


IN_THE_DATA: list[tuple[str, Mutation]] = [
    ("< for <=", set_in_rule("TAB-C2", op="<")),
    (">= for >", set_in_rule("SUR-C1", op=">")),
    ("a threshold that is one off", set_in_rule("TAB-C2", value=11)),
    ("contains for contains_any", set_in_rule("WAT-E1", op="contains", value="liver")),
    ("one value fewer in a list", set_in_rule("TAB-I2", value=["type_1"])),
    ("yes for no", set_in_rule("SUR-E1", when={"feature": "pregnant", "op": "=", "value": False}, effect="exclusion")),
    ("a caution that excludes", set_in_rule("SUR-C1", effect="exclusion")),
    ("an exclusion that only cautions", set_in_rule("SUR-E2", effect="caution")),
    ("all for any", any_becomes_all),
    ("any for all", all_becomes_any),
    ("a lost not", not_is_lost),
    ("a lost exclusion", rule_is_lost),
    ("a lost is_known", is_known_is_lost),
    ("a changed definition", definition_changes),
    ("a lost implication", implication_is_lost),
    ("implications in another order", implications_change_places),
    ("an implication with another value", implication_gives_another_value),
    ("a lost applicability", applicability_is_lost),
    ("an enum in another order", order_of_an_enum_changes),
    ("a lost contradiction", contradiction_is_lost),
    ("a contradiction that covers nothing", covers_is_lost),
]


def test_without_a_fault_the_comparison_finds_nothing() -> None:
    assert disagreements(deepcopy(DATA)) == 0


@pytest.mark.parametrize("mutate", [pytest.param(mutate, id=name) for name, mutate in IN_THE_DATA])
def test_a_fault_in_what_the_engine_reads_is_noticed(mutate: Mutation) -> None:
    data = deepcopy(DATA)
    mutate(data)
    assert data != DATA, "The mutation changed nothing."
    assert disagreements(data) > 0


def unknown_is_read_as_no(features: Data) -> Data:
    return {**dict.fromkeys(("pregnant", "consent", "gastric_bleeding"), False), **for_engine(features)}


def unknown_set_is_read_as_empty(features: Data) -> Data:
    return {"metastatic_sites": (), **for_engine(features)}


def unconfirmed_history_is_read_as_complete(features: Data) -> Data:
    return {
        name: value.members if isinstance(value, PartialSet) else value for name, value in for_engine(features).items()
    }


def unconfirmed_history_is_dropped(features: Data) -> Data:
    return {name: value for name, value in for_engine(features).items() if not isinstance(value, PartialSet)}


def recorded_value_gives_way_to_an_implied_one(features: Data) -> Data:
    given = for_engine(features)
    return {name: value for name, value in given.items() if name != "grade" or "ki67_percent" not in given}


def recorded_value_that_does_not_apply_is_dropped(features: Data) -> Data:
    site = features.get("primary_site", "stomach")
    return {name: value for name, value in for_engine(features).items() if site == "stomach" or "gastric" not in name}


IN_THE_RECORD = [
    unknown_is_read_as_no,
    unknown_set_is_read_as_empty,
    unconfirmed_history_is_read_as_complete,
    unconfirmed_history_is_dropped,
    recorded_value_gives_way_to_an_implied_one,
    recorded_value_that_does_not_apply_is_dropped,
]


@pytest.mark.parametrize("fault", IN_THE_RECORD, ids=lambda fault: fault.__name__)
def test_a_fault_in_how_a_record_is_read_is_noticed(
    fault: Callable[[Data], Data], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert any(isinstance(value, AtLeast) for features in RECORDS for value in features.values())
    monkeypatch.setattr(comparing, "for_engine", fault)
    assert disagreements(deepcopy(DATA)) > 0


CELLS = [
    (Truth.TRUE, Truth.UNKNOWN, Status.CANDIDATE),
    (Truth.UNKNOWN, Truth.FALSE, Status.NOT_INDICATED),
    (Truth.UNKNOWN, Truth.TRUE, Status.POSSIBLE),
    (Truth.TRUE, Truth.TRUE, Status.CANDIDATE),
    (Truth.FALSE, Truth.TRUE, Status.EXCLUDED),
]


@pytest.mark.parametrize(("indicated", "excluded", "wrong"), CELLS)
def test_a_fault_in_the_table_of_statuses_is_noticed(
    indicated: Truth, excluded: Truth, wrong: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(STATUS, (indicated, excluded), wrong)
    assert disagreements(deepcopy(DATA)) > 0


def test_an_engine_that_forgets_what_is_missing_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_assessment, "missing_for", lambda *_: ())
    assert disagreements(deepcopy(DATA)) > 0

"""The status of an option: all nine cells of the table, each reached through rules and a record."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from pathways.engine import assess, statuses
from tests.spec.clinic import rule, ruleset
from tests.spec.tables import STATUSES, F, T, U

CLINIC = ruleset([
    rule("SUR-I1", "surgery", "indication", {"feature": "consent", "op": "=", "value": True}),
    rule("SUR-I2", "surgery", "indication", {"feature": "grade", "op": "=", "value": "G1"}),
    rule("SUR-E1", "surgery", "exclusion", {"feature": "pregnant", "op": "=", "value": True}),
    rule("SUR-E2", "surgery", "exclusion", {"feature": "ki67_percent", "op": ">", "value": 55}),
    rule("SUR-C1", "surgery", "caution", {"feature": "age_years", "op": ">=", "value": 80}),
])  # fmt: skip

# Two rules of each kind: any indication and any exclusion count.
INDICATED: dict[str, dict[str, Any]] = {
    T: {"consent": True},
    F: {"consent": False, "grade": "G2"},
    U: {"consent": False},
}
EXCLUDED: dict[str, dict[str, Any]] = {
    T: {"pregnant": True},
    F: {"pregnant": False, "ki67_percent": 5},
    U: {"pregnant": False},
}


@pytest.mark.parametrize(("indicated", "excluded", "status"), STATUSES)
def test_status(indicated: str, excluded: str, status: str) -> None:
    record = {**INDICATED[indicated], **EXCLUDED[excluded]}
    assert assess(CLINIC, record).option("surgery").status.value == status
    assert statuses(CLINIC, record)["surgery"].value == status


def test_the_table_of_statuses_has_every_cell() -> None:
    cells = sorted((indicated, excluded) for indicated, excluded, _ in STATUSES)
    assert cells == sorted((a, b) for a in (T, F, U) for b in (T, F, U))


def test_an_option_without_rules_is_not_indicated() -> None:
    assert assess(CLINIC, {}).option("watching").status.value == "not_indicated"


@pytest.mark.parametrize(("age", "true", "unknown"), [(85, ("SUR-C1",), ()), (40, (), ()), (None, (), ("SUR-C1",))])
def test_a_caution_never_changes_the_status(age: int | None, true: tuple[str, ...], unknown: tuple[str, ...]) -> None:
    record = {"consent": True, "pregnant": False, "ki67_percent": 5} | ({} if age is None else {"age_years": age})
    option = assess(CLINIC, record).option("surgery")
    assert (option.status.value, option.cautions, option.cautions_unknown) == ("candidate", true, unknown)


def test_every_rule_that_is_true_or_unknown_is_shown() -> None:
    option = assess(CLINIC, {"consent": True, "grade": "G2", "pregnant": False}).option("surgery")
    shown = [(result.code, result.value.word) for result in option.rules]
    assert shown == [("SUR-I1", T), ("SUR-E2", U), ("SUR-C1", U)]


def test_an_option_not_indicated_shows_all_its_indications_as_false() -> None:
    record = {"consent": False, "grade": "G2", "pregnant": False, "ki67_percent": 5, "age_years": 40}
    option = assess(CLINIC, record).option("surgery")
    assert [(result.code, result.value.word) for result in option.rules] == [("SUR-I1", F), ("SUR-I2", F)]


def equals(feature: str, value: str) -> dict[str, str]:
    return {"feature": feature, "op": "=", "value": value}


LOW_COUNT = {"any": [{"feature": "ki67_percent", "op": "<", "value": 3}, {"feature": "mitoses", "op": "<", "value": 2}]}
IN_THE_LUNG = {"all": [equals("primary_site", "lung"), equals("grade", "G1"), LOW_COUNT]}
HIGH_COUNTS = {"ki67_percent": Decimal(5), "mitoses": Decimal(5)}

# record, how many comparisons would have to change for the condition to be true
NEAREST = [
    ({"primary_site": "lung", "grade": "G1", **HIGH_COUNTS}, 1),
    ({"primary_site": "lung", "grade": "G2", **HIGH_COUNTS}, 2),
    ({"primary_site": "pancreas", "grade": "G2", **HIGH_COUNTS}, 3),
    ({"primary_site": "pancreas", "grade": "G1", "ki67_percent": Decimal(2), "mitoses": Decimal(5)}, 1),
    ({"primary_site": "lung", "grade": "G1", "ki67_percent": Decimal(2), "mitoses": Decimal(5)}, 0),
]


@pytest.mark.parametrize(("record", "changes"), NEAREST)
def test_how_near_a_reason_is(record: dict[str, Any], changes: int) -> None:
    """Of an `any` the nearest part counts, of an `all` every part that is not true."""
    clinic = ruleset([rule("WAT-I1", "watching", "indication", IN_THE_LUNG)])
    assert assess(clinic, record).explain("watching")[0].distance == changes


def test_what_keeps_a_not_from_being_true_is_counted_inside_it() -> None:
    neither = {"not": {"any": [equals("grade", "G3"), equals("primary_site", "lung")]}}
    clinic = ruleset([rule("WAT-I1", "watching", "indication", neither)])
    assert assess(clinic, {"grade": "G3", "primary_site": "lung"}).explain("watching")[0].distance == 2
    assert assess(clinic, {"grade": "G3", "primary_site": "pancreas"}).explain("watching")[0].distance == 1

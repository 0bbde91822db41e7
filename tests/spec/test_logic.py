"""Three values: the tables of `tables.py`, asked of the engine row by row."""

from __future__ import annotations

from typing import Any

import pytest

from tests.spec.clinic import recorded, value_of
from tests.spec.tables import ALL_AND_ANY, COMPARISON_TABLES, NOT, F, Row, T, U

PREGNANT = {"feature": "pregnant", "op": "=", "value": True}
CONSENTING = {"feature": "consent", "op": "=", "value": True}
RECORDED_AS = {T: True, F: False}


def record_with(**values: str) -> dict[str, Any]:
    """Yes, no, or nothing recorded."""
    return {name: RECORDED_AS[value] for name, value in values.items() if value != U}


@pytest.mark.parametrize(("part", "result"), NOT)
def test_not(part: str, result: str) -> None:
    assert value_of({"not": PREGNANT}, record_with(pregnant=part)) == result


@pytest.mark.parametrize(("one", "other", "every", "some"), ALL_AND_ANY)
def test_all_and_any(one: str, other: str, every: str, some: str) -> None:
    record = record_with(pregnant=one, consent=other)
    assert value_of({"all": [PREGNANT, CONSENTING]}, record) == every
    assert value_of({"any": [PREGNANT, CONSENTING]}, record) == some


def test_the_tables_of_all_and_any_have_every_pair() -> None:
    assert sorted((one, other) for one, other, _, _ in ALL_AND_ANY) == sorted(
        (a, b) for a in (T, F, U) for b in (T, F, U)
    )


def test_always_is_true_for_everyone() -> None:
    assert value_of({"always": True}, {}) == T


ROWS = [
    pytest.param(row, id=f"{heading}, row {n}")
    for heading, _, rows in COMPARISON_TABLES
    for n, row in enumerate(rows, 1)
]


@pytest.mark.parametrize("row", ROWS)
def test_comparison(row: Row) -> None:
    feature, op, wanted, value, result = row
    comparison = {"feature": feature, "op": op} | ({} if wanted is None else {"value": wanted})
    assert value_of(comparison, recorded(feature, value)) == result
    swapped = {T: F, F: T, U: U}[result]
    assert value_of({"not": comparison}, recorded(feature, value)) == swapped


@pytest.mark.parametrize("row", ROWS)
def test_comparison_by_name_is_the_same(row: Row) -> None:
    """`use` stands for the definition's condition and has its value."""
    feature, op, wanted, value, result = row
    comparison = {"feature": feature, "op": op} | ({} if wanted is None else {"value": wanted})
    named = {"code": "named", "title": "Named", "when": comparison}
    assert value_of({"use": "named"}, recorded(feature, value), definitions=[named]) == result

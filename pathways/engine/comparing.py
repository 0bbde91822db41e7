"""What one comparison says about one value: TRUE, FALSE or UNKNOWN.

What it is: the meaning of the operators, for exact values and for the three kinds of partial knowledge.
What it refuses to do: answer for a value it cannot see; a range gives a definite answer only where every number in
it does. Who calls it: the record (implications) and the network (rules).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, assert_never

from pathways.engine.conditions import Comparison
from pathways.engine.logic import Truth
from pathways.engine.values import Exact, NumberRange, OneOf, PartialSet, Value

F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE
Test = Callable[[Value], Truth]


def test_for(comparison: Comparison) -> Test:
    """The function that answers the comparison for a known value of its feature."""
    exact = _exact_test(comparison)

    def test(value: Value) -> Truth:
        match value:
            case NumberRange():
                return _range_answer(comparison, value)
            case PartialSet():
                return _partial_answer(comparison, value)
            case OneOf():
                return _alternatives_answer(comparison, value, exact)
            case _:
                return T if exact(value) else F

    return test


def _exact_test(comparison: Comparison) -> Callable[[Any], bool]:
    wanted: Any = comparison.value
    rank = _rank(comparison)
    match comparison.operator:
        case "is_known":
            return lambda value: True
        case "=":
            return lambda value: bool(value == wanted)
        case "in":
            return lambda value: value in wanted
        case "contains":
            return lambda value: wanted in value
        case "contains_any":
            return lambda value: any(member in wanted for member in value)
        case "<":
            return lambda value: bool(rank(value) < rank(wanted))
        case "<=":
            return lambda value: bool(rank(value) <= rank(wanted))
        case ">":
            return lambda value: bool(rank(value) > rank(wanted))
        case ">=":
            return lambda value: bool(rank(value) >= rank(wanted))
        case _:
            assert_never(comparison.operator)


def _rank(comparison: Comparison) -> Callable[[Any], Any]:
    """Numbers stand for themselves, values of an ordered enum for their place in the order."""
    if comparison.feature.kind == "enum":
        return comparison.feature.values.index
    return lambda value: value


def _range_answer(comparison: Comparison, value: NumberRange) -> Truth:
    wanted = comparison.value
    if comparison.operator == "is_known":
        return T
    assert isinstance(wanted, Decimal)
    all_below = value.high < wanted or (value.high == wanted and value.high_open)
    all_above = value.low > wanted or (value.low == wanted and value.low_open)
    match comparison.operator:
        case "<":
            return T if all_below else F if value.low >= wanted else U
        case "<=":
            return T if value.high <= wanted else F if all_above else U
        case ">":
            return T if all_above else F if value.high <= wanted else U
        case ">=":
            return T if value.low >= wanted else F if all_below else U
        case _:
            point = value.low == value.high == wanted
            return T if point else U if value.holds(wanted) else F


def _partial_answer(comparison: Comparison, value: PartialSet) -> Truth:
    match comparison.operator:
        case "is_known":
            return F
        case "contains":
            return T if comparison.value in value.members else U
        case _:
            assert isinstance(comparison.value, tuple)
            return T if any(member in comparison.value for member in value.members) else U


def _alternatives_answer(comparison: Comparison, value: OneOf, exact: Callable[[Exact], bool]) -> Truth:
    answers = {T if exact(alternative) else F for alternative in value.values if not isinstance(alternative, OneOf)}  # type: ignore[arg-type]
    if value.or_unknown:
        answers.add(F if comparison.operator == "is_known" else U)
    return answers.pop() if len(answers) == 1 else U

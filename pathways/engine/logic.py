"""Kleene's strong three-valued logic, as literal truth tables.

What it is: the meaning of `all`, `any` and `not` over conditions that may be unknown. The tables are the
definition; whatever is faster elsewhere in the engine is tested against them.
What it refuses to do: turn unknown into false. Who calls it: conditions, rules and statuses of the engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum


class Truth(IntEnum):
    """The value of a condition. The order false < unknown < true makes `all` a minimum and `any` a maximum."""

    FALSE = 0
    UNKNOWN = 1
    TRUE = 2

    @property
    def word(self) -> str:
        """The value as the machine doors write it: true, false or unknown."""
        return self.name.lower()


F, U, T = Truth.FALSE, Truth.UNKNOWN, Truth.TRUE

AND: dict[tuple[Truth, Truth], Truth] = {
    (T, T): T, (T, U): U, (T, F): F,
    (U, T): U, (U, U): U, (U, F): F,
    (F, T): F, (F, U): F, (F, F): F,
}  # fmt: skip

OR: dict[tuple[Truth, Truth], Truth] = {
    (T, T): T, (T, U): T, (T, F): T,
    (U, T): T, (U, U): U, (U, F): U,
    (F, T): T, (F, U): U, (F, F): F,
}  # fmt: skip

NOT: dict[Truth, Truth] = {T: F, U: U, F: T}


def all_of(values: Iterable[Truth]) -> Truth:
    """TRUE when every value is, FALSE as soon as one is, else UNKNOWN. TRUE for no values at all."""
    result = T
    for value in values:
        result = AND[result, value]
    return result


def any_of(values: Iterable[Truth]) -> Truth:
    """TRUE as soon as one value is, FALSE when every one is, else UNKNOWN. FALSE for no values at all."""
    result = F
    for value in values:
        result = OR[result, value]
    return result

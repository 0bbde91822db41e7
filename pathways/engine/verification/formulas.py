"""Formulas over true and false for z3, with the constants folded, each distinct one built once.

What it is: `and`, `or`, `not` and "at most" over z3's booleans and Python's own True and False.
What it refuses to do: be shared between threads; every proof has formulas, and a z3 context, of its own.
Who calls it: the encoding. z3 is loaded here, when the first proof begins, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Formula = Any  # a z3 BoolRef, or True or False


class Formulas:
    """The builder of formulas of one proof."""

    def __init__(self) -> None:
        import z3

        self.z3 = z3
        self.context = z3.Context()
        self._known: dict[tuple[str, tuple[int, ...]], Formula] = {}

    def variable(self, name: str) -> Formula:
        """A fact that is true or false."""
        return self.z3.Bool(name, self.context)

    def all(self, parts: Iterable[Formula]) -> Formula:
        """True when every part is."""
        return self._group(parts, neutral=True, name="and")

    def any(self, parts: Iterable[Formula]) -> Formula:
        """True when one part is."""
        return self._group(parts, neutral=False, name="or")

    def no(self, part: Formula) -> Formula:
        """True when the part is not."""
        if isinstance(part, bool):
            return not part
        return self._kept("not", (part,), lambda: self.z3.Not(part))

    def same(self, one: Formula, other: Formula) -> Formula:
        """True when both are true or both are false."""
        if isinstance(one, bool):
            return other if one else self.no(other)
        if isinstance(other, bool):
            return one if other else self.no(one)
        return True if one.eq(other) else self._kept("same", (one, other), lambda: one == other)

    def at_most(self, parts: Iterable[Formula], count: int) -> Formula:
        """True when no more than `count` of the parts are."""
        if count < 0:
            return False
        open_parts = [part for part in parts if not isinstance(part, bool)]
        return True if len(open_parts) <= count else self.z3.AtMost(*open_parts, count)

    def _group(self, parts: Iterable[Formula], *, neutral: bool, name: str) -> Formula:
        kept: dict[int, Formula] = {}
        for part in parts:
            if isinstance(part, bool):
                if part is not neutral:
                    return part
            else:
                kept[part.get_id()] = part
        if not kept:
            return neutral
        if len(kept) == 1:
            return next(iter(kept.values()))
        operator = self.z3.And if name == "and" else self.z3.Or
        return self._kept(name, tuple(kept.values()), lambda: operator(list(kept.values())))

    def _kept(self, name: str, parts: tuple[Formula, ...], build: Any) -> Formula:
        key = (name, tuple(part.get_id() for part in parts))
        found = self._known.get(key)
        if found is None:
            # Keeps its parts alive, so that their numbers are not given to others.
            found = self._known[key] = build()
        return found

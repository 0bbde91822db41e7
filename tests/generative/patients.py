"""Invented records for a ruleset, by a seed: many, quickly, and aimed where the rules decide.

What it is: records with a realistic mix of known and unknown features, numbers on, just below and just above every
threshold, records that agree with themselves and records that do not, and records made so that a given condition
is TRUE or FALSE. What it refuses to do: depend on anything but the seed. Who calls it: the generative tests and the
tests of the knowledge base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import Any

from tests.generative.oracle import (
    ABSENT,
    FALSE,
    TRUE,
    AtLeast,
    Book,
    Condition,
    Record,
    compare,
    complete_record,
    contradicted,
    exact,
    features_read,
    truth,
)

Features = dict[str, Any]
Literal = tuple[Mapping[str, Any], str]

# How much of a record is known: from nearly nothing to everything.
KNOWN = (0.05, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)


class PatientMaker:
    """Makes records for one ruleset."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.numbers = {name: self._numbers(name) for name, entry in book.features.items() if entry["kind"] == "number"}

    def _numbers(self, name: str) -> list[Decimal]:
        """Both bounds, every threshold, what lies just beside it, and something between each two."""
        entry = self.book.features[name]
        low, high = Decimal(str(entry["min"])), Decimal(str(entry["max"]))
        step = Decimal(1) if entry.get("integer") else Decimal("0.01")
        thresholds = sorted({low, high, *(Decimal(str(one)) for one in self.book.named.get(name, []))})
        middle = [(a + b) / 2 for a, b in pairwise(thresholds)]
        points = {near for one in thresholds for near in (one - step, one, one + step)}
        points.update(one.to_integral_value() if entry.get("integer") else one for one in middle)
        return sorted(one for one in points if low <= one <= high)

    def value(self, random: Random, name: str) -> Any:
        """A value of one feature."""
        entry = self.book.features[name]
        match entry["kind"]:
            case "bool":
                return random.random() < 0.5
            case "enum":
                return random.choice(self.book.values_of(name))
            case "number":
                return random.choice(self.numbers[name])
        names = self.book.values_of(name)
        chosen = random.sample(names, min(len(names), random.choice((0, 0, 1, 1, 2, 3))))
        return tuple(one for one in names if one in chosen)

    def wild(self, random: Random, known: float | None = None) -> Features:
        """Each feature on its own, known or unknown; such a record often contradicts itself."""
        share = random.choice(KNOWN) if known is None else known
        return {name: self.value(random, name) for name in self.book.features if random.random() < share}

    def plausible(self, random: Random) -> Features:
        """A record whose histories and sites go together, and which records nothing that does not apply."""
        record = self.wild(random)
        self._history(record)
        return self._applicable(record)

    def _history(self, record: Features) -> None:
        """Whatever is given, failed or was not tolerated is among the treatments ever given."""
        parts = [one for one in ("current_treatments", "progressed_on", "intolerant_to") if one in record]
        if "prior_treatments" in record and parts:
            given = {code for one in (*parts, "prior_treatments") for code in record[one]}
            record["prior_treatments"] = tuple(code for code in self.book.options if code in given)

    def _applicable(self, record: Features) -> Features:
        complete = complete_record(self.book, record)
        conditions = {name: self.book.features[name].get("only_when", {"always": True}) for name in record}
        return {name: value for name, value in record.items() if truth(conditions[name], complete) != FALSE}

    def consistent(self, random: Random, record: Features, keep: frozenset[str] = frozenset()) -> Features | None:
        """The record with features left out until nothing contradicts; None where what must be kept does."""
        record = dict(record)
        while True:
            complete = complete_record(self.book, record)
            _, _, read = next(contradicted(complete), (None, None, None))
            if read is None:
                return record
            droppable = sorted(self._recorded_behind(complete, read) - keep)
            if not droppable:
                return None
            del record[random.choice(droppable)]

    def _recorded_behind(self, record: Record, read: set[str]) -> set[str]:
        """The recorded features from which the features read follow."""
        found: set[str] = set()
        for name in read:
            if name in record.recorded:
                found.add(name)
            elif name in record.by:
                implication = next(one for one in self.book.implications if one["code"] == record.by[name])
                found |= self._recorded_behind(record, features_read(implication["when"], self.book))
        return found

    def any_patient(self, random: Random) -> Features:
        """One patient of the usual mix: plausible, consistent, or wild."""
        kind = random.random()
        if kind < 0.4:
            return self.plausible(random)
        if kind < 0.7:
            return self.consistent(random, self.plausible(random)) or {}
        return self.wild(random)

    def partly_known(self, random: Random, record: Features) -> Features:
        """The same record with some of its treatment histories not confirmed to be complete."""
        history = self.book.data["dictionary"].get("history", {})
        unconfirmed = [name for name in record if name in history and isinstance(record[name], tuple)]
        return {
            name: AtLeast(frozenset(value)) if name in unconfirmed and random.random() < 0.7 else value
            for name, value in record.items()
        }

    # Records aimed at a condition ---------------------------------------------------------------------------------

    def literals(self, random: Random, condition: Condition, wanted: str) -> Iterator[Literal]:
        """Comparisons, each with a value it should have, that together give the condition the value wanted."""
        if "always" in condition:
            return
        if "use" in condition:
            yield from self.literals(random, self.book.definitions[condition["use"]]["when"], wanted)
        elif "not" in condition:
            yield from self.literals(random, condition["not"], FALSE if wanted == TRUE else TRUE)
        elif "feature" in condition:
            yield condition, wanted
        else:
            parts = condition.get("all") or condition["any"]
            every_one = ("all" in condition) == (wanted == TRUE)
            for part in parts if every_one else [random.choice(parts)]:
                yield from self.literals(random, part, wanted)

    def answer(self, random: Random, name: str, literals: list[Literal]) -> Any:
        """A value of one feature that gives each of its comparisons the value wanted, or ABSENT, or None."""
        order = self.book.values_of(name) if self.book.features[name].get("ordered") else None
        kind = self.book.features[name]["kind"]
        named = [one for literal, wanted in literals if wanted == TRUE for one in _listed(literal.get("value"))]
        for attempt in range(40):
            value = self.value(random, name)
            if kind == "set" and named:
                value = tuple(one for one in self.book.values_of(name) if one in {*value, *random.sample(named, 1)})
            if attempt == 39 and any(literal["op"] == "is_known" for literal, _ in literals):
                value = ABSENT
            if all(compare(one["op"], one.get("value"), exact(value), order) == wanted for one, wanted in literals):
                return value
        return None

    def aimed(self, random: Random, condition: Condition, wanted: str = TRUE) -> Features | None:
        """The few features that give a condition the value wanted, or None where this try found none."""
        by_feature: dict[str, list[Literal]] = {}
        for literal, value in self.literals(random, condition, wanted):
            by_feature.setdefault(literal["feature"], []).append((literal, value))
        record = {name: self.answer(random, name, literals) for name, literals in by_feature.items()}
        if any(value is None for value in record.values()):
            return None
        return {name: value for name, value in record.items() if value is not ABSENT}

    def aimed_patient(
        self, random: Random, condition: Condition, wanted: str = TRUE, *, consistent: float = 0.6
    ) -> Features | None:
        """A patient for whom a condition should have the value wanted, whatever else is known of them."""
        core = self.aimed(random, condition, wanted)
        if core is None:
            return None
        sparse = random.random() < 0.5
        around = self.wild(random, random.choice((0.0, 0.1, 0.3))) if sparse else self.any_patient(random)
        record = {**around, **core}
        if random.random() < consistent:
            record = self.consistent(random, record, frozenset(core)) or record
        return record


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]

"""The safety invariants hold on more than a hundred thousand invented patients.

Each invariant has patients aimed at it, so that its condition is TRUE often enough to mean something; besides, every
invariant is asked of every patient. Whether a condition is TRUE, after the implications, is asked of the second
interpreter; the statuses are the engine's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from pathways.engine import statuses
from tests.generative import starter
from tests.generative.oracle import TRUE, Condition, complete_record, contradicted, for_option, truth

CHUNKS = 12
AIMED_AT_EACH = 850 if starter.LONG else 85
ANY = 7_500 if starter.LONG else 750
# In every chunk, for each invariant: patients for whom its condition is TRUE (and who are consistent, where it asks).
AT_LEAST = 60


@dataclass(frozen=True)
class Invariant:
    """One invariant for the options it speaks of; one of a `for_each` speaks of one option."""

    code: str
    when: Condition
    options: tuple[str, ...]
    never: frozenset[str]
    always: frozenset[str]
    consistent_only: bool

    def broken_by(self, found: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Options whose status the invariant forbids."""
        wrong = [(option, found[option].value) for option in self.options]
        return [pair for pair in wrong if pair[1] in self.never or (self.always and pair[1] not in self.always)]


def invariants() -> Iterator[Invariant]:
    for entry in starter.data()["invariants"]:
        each = [(option,) for option in entry["options"]] if "for_each" in entry else [tuple(entry["options"])]
        for options in each:
            yield Invariant(
                entry["code"],
                for_option(entry["when"], options[0]),
                options,
                frozenset(entry.get("never", ())),
                frozenset(entry.get("always", ())),
                entry["holds_for"] == "consistent records",
            )


INVARIANTS = list(invariants())


def patients(random: Random) -> Iterator[dict[str, Any]]:
    """One chunk: as many aimed at each invariant, and some of the usual mix."""
    maker = starter.maker()
    for invariant in INVARIANTS:
        consistent = 0.95 if invariant.consistent_only else 0.2
        for _ in range(AIMED_AT_EACH):
            aimed = maker.aimed_patient(random, invariant.when, consistent=consistent)
            yield aimed if aimed is not None else maker.wild(random)
    for _ in range(ANY):
        yield maker.any_patient(random)


def test_there_are_seventy_three_invariants_and_each_says_something() -> None:
    assert len({invariant.code for invariant in INVARIANTS}) == 73
    assert all(invariant.never or invariant.always for invariant in INVARIANTS)
    assert CHUNKS * (AIMED_AT_EACH * len(INVARIANTS) + ANY) >= 100_000


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_invariants_hold(chunk: int, record_property: Any) -> None:
    ruleset, book = starter.ruleset(), starter.book()
    exercised: Counter[str] = Counter()
    asked = 0
    for features in patients(Random(f"invariants {chunk}")):
        asked += 1
        found = statuses(ruleset, features)
        record = complete_record(book, features)
        consistent: bool | None = None
        for invariant in INVARIANTS:
            if truth(invariant.when, record) != TRUE:
                continue
            if invariant.consistent_only:
                consistent = next(contradicted(record), None) is None if consistent is None else consistent
                if not consistent:
                    continue
            exercised[invariant.code] += 1
            assert invariant.broken_by(found) == [], (invariant.code, features)
    rarely = {code: exercised[code] for code in {one.code for one in INVARIANTS} if exercised[code] < AT_LEAST}
    assert rarely == {}, f"Of {asked} patients too few were ones in whom these conditions are true."
    record_property("patients", asked)
    record_property("conditions_true", sum(exercised.values()))
    record_property("least_exercised", min(exercised.items(), key=lambda item: item[1]))

"""Blanks: facts nobody recorded, divided into those that could change the list and those that cannot.

What it is: trials of every unknown, applicable feature; and for an open option the facts that only together would make
it a candidate. What it refuses to do: call a blank idle on the strength of values that contradict the record.
Who calls it: the page that says what is missing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from pathways.engine.assessment import Assessment
from pathways.engine.missing import values_to_try
from pathways.engine.network import network_of
from pathways.engine.record import reader_for
from pathways.engine.statuses import OPEN, Status
from pathways.engine.values import NumberRange, Value


@dataclass(frozen=True, slots=True)
class Together:
    """Two missing facts that make an open option a candidate only together."""

    option: str
    features: tuple[str, str]


def idle_blanks(assessment: Assessment) -> tuple[str, ...]:
    """The unknown, applicable features that no open option waits for and of which no value, recorded alone, a range of
    numbers included, changes the status of any option.

    Values that would contradict the record are left out. In dictionary order.
    """
    waited_for = {name for option in assessment.options for name in option.missing}
    blanks = (name for name in assessment.features_unknown() if name not in waited_for)
    return tuple(name for name in blanks if not _changes_something(assessment, name))


def _changes_something(assessment: Assessment, name: str) -> bool:
    reader = reader_for(assessment.ruleset.dictionary)
    known = {entry.code for entry in assessment.contradictions}
    changing = [trial.value for trial in assessment.trials(name) if trial.changed]
    for value in (*changing, *_changing_ranges(assessment, name)):
        after = reader.read({**assessment.record.recorded, name: value})
        if known.issuperset(entry.code for entry in reader.contradictions(after)):
            return True
    return False


def _changing_ranges(assessment: Assessment, name: str) -> Iterator[NumberRange]:
    """The ranges of a number, from any point that can be told apart to any other, that change a status."""
    numbers = [trial.value for trial in assessment.trials(name) if isinstance(trial.value, Decimal)]
    for low, high in combinations(numbers, 2):
        value = NumberRange(low, high)
        if assessment.changes_with({name: value}):
            yield value


def makes_candidate(assessment: Assessment, option: str) -> tuple[str, ...]:
    """The missing features of an open option of which one value alone makes it a candidate."""
    return tuple(
        name
        for name in assessment.option(option).missing
        if any(trial.changed.get(option) is Status.CANDIDATE for trial in assessment.trials(name))
    )


def only_together(assessment: Assessment, option: str) -> tuple[Together, ...]:
    """The pairs of missing features that make an open option a candidate, where no single one does."""
    result = assessment.option(option)
    if result.status not in OPEN or makes_candidate(assessment, option):
        return ()
    distinct = {name: _distinct_values(assessment, name, option) for name in result.missing}
    return tuple(
        Together(option, (one, other))
        for one, other in combinations(result.missing, 2)
        if any(
            assessment.status_with(option, {one: first, other: second})[0] is Status.CANDIDATE
            for first in distinct[one]
            for second in distinct[other]
        )
    )


def _distinct_values(assessment: Assessment, name: str, option: str) -> list[Value]:
    """One value for each way in which the feature alone changes what the option's rules come to."""
    found: dict[tuple[int, ...], Value] = {}
    for value in values_to_try(network_of(assessment.ruleset), assessment.record, name):
        found.setdefault(assessment.status_with(option, {name: value})[1], value)
    return list(found.values())

"""What would change one option: which single value of which feature leads it to which other status.

What it is: trials over every feature that bears on the option's rules, in words ("eGFR below 30 mL/min: excluded").
What it refuses to do: combine features; where only two together would settle an option, it says nothing here.
Who calls it: the explanation of one option on the patient page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from pathways.engine.assessment import Assessment
from pathways.engine.conditions import comparisons_in
from pathways.engine.features import Feature
from pathways.engine.network import network_of
from pathways.engine.problems import listed
from pathways.engine.statuses import Status
from pathways.engine.values import NumberRange, Value, number_text


@dataclass(frozen=True, slots=True)
class Change:
    """One feature with the values, in words, that lead to `status`. `missing`: nothing is recorded for it yet."""

    feature: str
    values: str
    status: Status
    missing: bool


def what_would_change(assessment: Assessment, option: str) -> tuple[Change, ...]:
    """Every single change that leads the option to another status; missing features first, in dictionary order.

    None for what was not assessed, and for what is suspended: no fact lifts an emergency stop.
    """
    present = assessment.option(option).status
    if present in (Status.NOT_ASSESSED, Status.SUSPENDED):
        return ()
    dictionary = assessment.ruleset.dictionary
    changes: list[Change] = []
    for name in dictionary.in_order(_bearing_on(assessment, option)):
        if not dictionary.features[name].derived and name not in assessment.record.inapplicable:
            changes += _changes_of(assessment, name, option, present)
    return tuple(sorted(changes, key=lambda change: not change.missing))


def _bearing_on(assessment: Assessment, option: str) -> set[str]:
    """The features that the option's rules read, and those from which these follow or on which they depend."""
    dictionary, options_reading = assessment.ruleset.dictionary, network_of(assessment.ruleset).options_reading
    found: set[str] = set()
    waiting = [name for name, options in options_reading.items() if option in options]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            conditions = [entry.when for entry in dictionary.implications if entry.feature.name == name]
            conditions += [condition] if (condition := dictionary.features[name].only_when) else []
            waiting += [c.feature.name for when in conditions for c in comparisons_in(when)]
    return found


def _changes_of(assessment: Assessment, name: str, option: str, present: Status) -> Iterator[Change]:
    feature = assessment.ruleset.dictionary.features[name]
    outcomes = [(trial.value, trial.changed.get(option, present)) for trial in assessment.trials(name)]
    missing = name not in assessment.record.known
    for status in Status:
        if status is present or all(outcome is not status for _, outcome in outcomes):
            continue
        if feature.kind == "number":
            edges = frozenset(network_of(assessment.ruleset).compared_with(name)) | _ends(assessment, feature)
            words = stretches(feature, [(value, outcome is status) for value, outcome in outcomes], edges)
        else:
            words = listed(value_words(feature, value) for value, outcome in outcomes if outcome is status)
        yield Change(name, words, status, missing)


def _ends(assessment: Assessment, feature: Feature) -> frozenset[object]:
    """The ends of what the number may be: of the range on record, else of the dictionary's."""
    present = assessment.record.recorded.get(feature.name)
    if isinstance(present, NumberRange):
        return frozenset((present.low, present.high))
    return frozenset((feature.low, feature.high))


def value_words(feature: Feature, value: Value) -> str:
    """A value as it is shown; the empty set stands for every set without the members that are asked for."""
    if isinstance(value, tuple) and not value:
        return "none of those asked for"
    return feature.show(value)


def stretches(feature: Feature, outcomes: list[tuple[Value, bool]], edges: frozenset[object]) -> str:
    """Numbers that lead somewhere as stretches between the thresholds: 'below 30', 'from 30 to 60'."""
    found: list[tuple[int, int]] = []
    for position, (_, leads) in enumerate(outcomes):
        if leads:
            if found and found[-1][1] == position - 1:
                found[-1] = (found[-1][0], position)
            else:
                found.append((position, position))
    numbers = [value for value, _ in outcomes if isinstance(value, Decimal)]
    return listed(_stretch(feature, numbers, first, last, edges) for first, last in found)


def _stretch(feature: Feature, numbers: list[Decimal], first: int, last: int, edges: frozenset[object]) -> str:
    """One stretch of the points tried. An edge is a threshold or an end of the range; a stretch that begins or ends
    between two edges is open there. Whole numbers have no between."""
    begins_at_edge = numbers[first] in edges or feature.integer
    ends_at_edge = numbers[last] in edges or feature.integer
    if first == 0 and last == len(numbers) - 1:
        return "any value"
    low = numbers[first] if begins_at_edge or first == 0 else numbers[first - 1]
    high = numbers[last] if ends_at_edge or last == len(numbers) - 1 else numbers[last + 1]
    if first == 0:
        return f"{'at most' if ends_at_edge else 'below'} {feature.show(high)}"
    if last == len(numbers) - 1:
        return f"{'at least' if begins_at_edge else 'above'} {feature.show(low)}"
    if low == high:
        return feature.show(low)
    begins, ends = ("from" if begins_at_edge else "above"), ("to" if ends_at_edge else "to below")
    return f"{begins} {number_text(low)} {ends} {feature.show(high)}"

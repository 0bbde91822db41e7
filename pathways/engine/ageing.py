"""Age of facts: a reading older than its limit on the day of the assessment counts as unknown.

What it is: step 0 of an assessment, before implications. What it refuses to do: know the day; ages come as numbers.
Who calls it: the way from the record to an assessment. The machine doors give values without dates, so nothing ages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.engine.ruleset import AgeLimit, Ruleset
from pathways.engine.values import Value


@dataclass(frozen=True, slots=True)
class Stale:
    """A value too old for its use: it is shown, and the rules do not see it."""

    feature: str
    value: Value
    age_days: int
    limit: AgeLimit


def without_stale(
    ruleset: Ruleset, features: Mapping[str, Value], age_days: Mapping[str, int]
) -> tuple[dict[str, Value], tuple[Stale, ...]]:
    """The features that are fresh enough for the ruleset, and those that are not, in dictionary order.

    `age_days`: completed days since each feature was observed; a feature that is not in it does not age. On its last
    day (age equal to the limit) a reading still counts.
    """
    stale = tuple(
        Stale(name, features[name], age_days[name], limit)
        for name in ruleset.dictionary.in_order(name for name in ruleset.limits if name in features)
        if age_days.get(name, 0) > (limit := ruleset.limits[name]).days
    )
    gone = {entry.feature for entry in stale}
    return {name: value for name, value in features.items() if name not in gone}, stale


def excluded_before_ageing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[str, ...]:
    """Options that the stale values, had they counted, would have excluded, and that are listed now."""
    return tuple(option for option, status in before.items() if status == "excluded" and after[option] != "excluded")

"""Two assessments compared: which options changed status, and whether data or rules caused it.

What it is: pure; the cause is found by assessing each record under the other's ruleset. What it refuses to do: guess a
cause; where neither alone explains a change it says both. Who calls it: "since last time", the recall of reviews.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pathways.engine.assessment import Assessment, assess
from pathways.engine.ruleset import Ruleset
from pathways.engine.statuses import Status
from pathways.engine.values import Value

Cause = Literal["data", "rules", "data and rules", "emergency stop"]


@dataclass(frozen=True, slots=True)
class ChangedFeature:
    """A feature whose value, as the rules read it, is another one now. None: not known."""

    feature: str
    before: Value | None
    after: Value | None


@dataclass(frozen=True, slots=True)
class ChangedOption:
    """An option whose status changed, with the rules whose value changed. None: not in that ruleset."""

    option: str
    before: Status | None
    after: Status | None
    cause: Cause
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succession:
    """What differs between two assessments."""

    options: tuple[ChangedOption, ...]
    features: tuple[ChangedFeature, ...]
    unchanged: int
    same_ruleset: bool


def compare(before: Assessment, after: Assessment) -> Succession:
    """What changed from one assessment to a later one, options in the later catalogue's order."""
    same_ruleset = before.ruleset.digest == after.ruleset.digest
    same_data = before.record.recorded == after.record.recorded
    old_data_new_rules = _statuses(before if same_ruleset else under(before, after.ruleset))
    new_data_old_rules = _statuses(after if same_ruleset else under(after, before.ruleset))
    was, now = _statuses(before), _statuses(after)
    options = []
    for option in [*now, *(code for code in was if code not in now)]:
        if was.get(option) is now.get(option):
            continue
        by_rules = not same_ruleset and old_data_new_rules.get(option) is now.get(option)
        by_data = not same_data and new_data_old_rules.get(option) is now.get(option)
        cause: Cause = "rules" if by_rules and not by_data else "data" if by_data and not by_rules else "data and rules"
        if Status.SUSPENDED in (was.get(option), now.get(option)):
            cause = "emergency stop"
        options.append(ChangedOption(option, was.get(option), now.get(option), cause, _rules(before, after, option)))
    return Succession(
        tuple(options), _features(before, after), len(now) - sum(o.option in now for o in options), same_ruleset
    )


def under(data: Assessment, ruleset: Ruleset) -> Assessment:
    """The record of an assessment under other rules."""
    return assess(ruleset, allowed_by(ruleset, data.record.recorded))


def allowed_by(ruleset: Ruleset, features: Mapping[str, Value]) -> dict[str, Value]:
    """The features without what the ruleset's dictionary does not know or allow."""
    allowed = {}
    for name, value in features.items():
        try:
            allowed[name] = ruleset.dictionary.check(name, value)
        except ValueError:
            continue
    return allowed


def _statuses(assessment: Assessment) -> dict[str, Status]:
    return {option.code: option.status for option in assessment.options}


def _rules(before: Assessment, after: Assessment, option: str) -> tuple[str, ...]:
    """Codes of the option's rules whose value differs, or that are in one of the two only, in ruleset order."""
    old = {r.code: r.value for r in before.explain(option)} if option in before.by_code else {}
    new = {r.code: r.value for r in after.explain(option)} if option in after.by_code else {}
    return tuple(code for code in {**old, **new} if old.get(code) is not new.get(code))


def _features(before: Assessment, after: Assessment) -> tuple[ChangedFeature, ...]:
    old, new = before.record.known, after.record.known
    order = {**after.ruleset.dictionary.order}
    names = sorted(
        (name for name in {**old, **new} if old.get(name) != new.get(name)), key=lambda n: order.get(n, 10_000)
    )
    return tuple(ChangedFeature(name, old.get(name), new.get(name)) for name in names)

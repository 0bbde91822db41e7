"""Two assessments compared: which options changed status, and whether data or rules caused it.

What it is: pure; the cause is found by assessing each record under the other's ruleset, which gives four lists: old or new
data, under old or new rules. What it refuses to do: guess a cause; where neither alone explains a change, or each alone
would have brought it about, it says both, and which of the two it is. Who calls it: "since last time", reviews.
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
    """An option whose status changed, with the rules whose value changed. None: not in that ruleset.

    `each_alone`: of "data and rules", whether either would have done it by itself; else it took both.
    """

    option: str
    before: Status | None
    after: Status | None
    cause: Cause
    rules: tuple[str, ...]
    each_alone: bool = False


@dataclass(frozen=True, slots=True)
class Succession:
    """What differs between two assessments."""

    options: tuple[ChangedOption, ...]
    features: tuple[ChangedFeature, ...]
    unchanged: int
    same_ruleset: bool


def compare(before: Assessment, after: Assessment, crossed: tuple[Assessment, Assessment] | None = None) -> Succession:
    """What changed from one assessment to a later one, options in the later catalogue's order.

    `crossed`: the old data under the new rules and the new data under the old rules, where the caller knows more than the
    two records say, such as the age of each value; without it both are assessed here.
    """
    same_ruleset = before.ruleset.digest == after.ruleset.digest
    old_under_new, new_under_old = crossed or (_crossed(before, after), _crossed(after, before))
    was, now = _statuses(before), _statuses(after)
    by_rules_alone, by_data_alone = _statuses(old_under_new), _statuses(new_under_old)
    options = []
    for option in [*now, *(code for code in was if code not in now)]:
        old, new = was.get(option), now.get(option)
        if old is not new:
            cause = cause_of(new, by_data=by_data_alone.get(option), by_rules=by_rules_alone.get(option))
            if Status.SUSPENDED in (old, new):
                cause = "emergency stop"
            each_alone = cause == "data and rules" and by_data_alone.get(option) is new
            options.append(ChangedOption(option, old, new, cause, _rules(before, after, option), each_alone))
    return Succession(
        tuple(options), _features(before, after), len(now) - sum(o.option in now for o in options), same_ruleset
    )


def cause_of(now: Status | None, *, by_data: Status | None, by_rules: Status | None) -> Cause:
    """What caused a change to `now`, from the status that the new data alone and the new rules alone would have given."""
    if (by_data is now) is (by_rules is now):
        return "data and rules"
    return "data" if by_data is now else "rules"


def _crossed(data: Assessment, rules: Assessment) -> Assessment:
    """The one's record under the other's rules; the same assessment where the rules are the same."""
    return data if data.ruleset.digest == rules.ruleset.digest else under(data, rules.ruleset)


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

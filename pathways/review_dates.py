"""Which sources and rules are past the day by which somebody was to look at them again, and whose lists rest on them.

A review date is the last day on which it is not overdue; without one, the entry has none of its own and the pathway's
own date covers it. What it refuses to do: change a status. An old source is said, and a person decides what follows.
Pure: the day is given, the institution's own. Who calls it: the pages of the pathway and of patients.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from pathways.engine import Assessment, Rule, Ruleset

# Whether an option is listed or ruled out, a rule and its sources were used to say so.
USED = ("candidate", "conditional", "possible", "excluded", "suspended")


@dataclass(frozen=True, slots=True)
class Late:
    """One thing past its review date: `kind` is pathway, source or rule."""

    kind: str
    code: str
    title: str
    due: date


@dataclass(frozen=True, slots=True)
class Overdue:
    """Everything in a ruleset that is past its review date on a day, the longest overdue first."""

    pathway: Late | None
    sources: tuple[Late, ...]
    rules: tuple[Late, ...]

    @property
    def any(self) -> bool:
        """Whether there is anything at all."""
        return bool(self.pathway or self.sources or self.rules)

    def of_rule(self, rule: Rule) -> tuple[Late, ...]:
        """The rule itself and those of its sources that are late."""
        cited = {citation.source for citation in rule.sources}
        own = [late for late in self.rules if late.code == rule.code]
        return (*own, *(late for late in self.sources if late.code in cited))


@dataclass(frozen=True, slots=True)
class LateRules:
    """Rules that rest on something late, what that is, and since when the oldest review is due."""

    rules: tuple[str, ...]
    resting_on: tuple[Late, ...]
    since: date


def overdue(ruleset: Ruleset, today: date) -> Overdue:
    """What is past its review date on that day."""
    own = _due(ruleset.head.get("review_by"))
    sources = [
        Late("source", code, str(source.get("citation") or code), due)
        for code, source in ruleset.sources.items()
        if (due := _due(source.get("review_by"))) and due < today
    ]
    rules = [
        Late("rule", rule.code, rule.title or rule.rationale, due)
        for rule in ruleset.rules
        if (due := _due(rule.review_by)) and due < today
    ]
    return Overdue(
        pathway=Late("pathway", ruleset.code, ruleset.title, own) if own and own < today else None,
        sources=tuple(sorted(sources, key=lambda late: late.due)),
        rules=tuple(sorted(rules, key=lambda late: late.due)),
    )


def late_among(rules: Iterable[Rule], late: Overdue) -> LateRules | None:
    """Those of these rules that rest on something late, or None."""
    found = {rule.code: late.of_rule(rule) for rule in rules}
    resting = tuple(dict.fromkeys(one for several in found.values() for one in several))
    if not resting:
        return None
    return LateRules(tuple(code for code, several in found.items() if several), resting, min(o.due for o in resting))


def late_behind(assessment: Assessment, late: Overdue) -> LateRules | None:
    """Of the rules that made an option listed or excluded, those that rest on something late."""
    if not late.sources and not late.rules:
        return None
    used = (result.rule for option in assessment.options if option.status in USED for result in option.rules)
    return late_among(used, late)


def _due(text: object) -> date | None:
    return date.fromisoformat(text) if isinstance(text, str) and text else None

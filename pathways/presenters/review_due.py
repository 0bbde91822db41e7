"""What stands where something past its review date is used: one sentence and the way to each late thing.

It shows what `pathways.review_dates` found and judges nothing: a status is what it was. Called by the views of the
pathway and of patients.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from pathways.engine import Assessment, Rule, Ruleset
from pathways.presenters.words import count, show_date
from pathways.review_dates import Late, LateRules, late_among, late_behind, overdue

MOST_NAMED = 6
_VIEWS = {"source": "pathways:source", "rule": "pathways:rule"}


@dataclass(frozen=True, slots=True)
class LateLink:
    """One late thing with its page."""

    title: str
    code: str
    due: str
    url: str


@dataclass(frozen=True, slots=True)
class DueNotice:
    """The banner: what is overdue since when, the things themselves, and how many more there are."""

    sentence: str
    links: tuple[LateLink, ...]
    more: str


def ruleset_notice(ruleset: Ruleset, today: date) -> DueNotice | None:
    """Everything in the pathway that is late, for the pages where editors and approvers begin."""
    late = overdue(ruleset, today)
    if not late.any:
        return None
    parts = [f"of the pathway as a whole (due by {show_date(late.pathway.due)})"] if late.pathway else []
    everything = (*late.rules, *late.sources)
    if everything:
        counted = [count(len(late.sources), "source")] if late.sources else []
        counted += [count(len(late.rules), "rule")] if late.rules else []
        since = show_date(min(one.due for one in everything))
        parts.append(f"of {' and '.join(counted)} (the longest since {since})")
    return _notice(f"The review {' and '.join(parts)} is overdue.", everything)


def rules_notice(rules: Iterable[Rule], ruleset: Ruleset, today: date, what: str) -> DueNotice | None:
    """What is late among some rules; `what` says whose they are: "this option"."""
    late = overdue(ruleset, today)
    found = late_among(rules, late)
    if found:
        return _notice(f"{_resting(found)} {what} {_rests(found)}", found.resting_on)
    return _pathway_only(late.pathway)


def rule_notice(rule: Rule, ruleset: Ruleset, today: date) -> DueNotice | None:
    """What is late about one rule."""
    late = overdue(ruleset, today)
    found = late_among([rule], late)
    if found:
        own = [one for one in found.resting_on if one.kind == "rule"]
        sources = [one for one in found.resting_on if one.kind == "source"]
        said = [f"The review of this rule is overdue since {show_date(own[0].due)}."] if own else []
        if sources:
            since = show_date(min(one.due for one in sources))
            said.append(f"The review of a source of this rule is overdue since {since}.")
        return _notice(" ".join(said), sources)
    return _pathway_only(late.pathway)


def source_notice(ruleset: Ruleset, source_id: str, today: date) -> DueNotice | None:
    """Whether one source is late."""
    found = next((one for one in overdue(ruleset, today).sources if one.code == source_id), None)
    return _notice(f"The review of this source is overdue since {show_date(found.due)}.", ()) if found else None


def patient_notice(assessment: Assessment, today: date) -> DueNotice | None:
    """One calm line on a patient's list: which of the rules behind listed and excluded options rest on something late."""
    late = overdue(assessment.ruleset, today)
    found = late_behind(assessment, late)
    if found:
        return _notice(f"{_resting(found)} behind this list {_rests(found)}", found.resting_on)
    return _pathway_only(late.pathway)


def _pathway_only(late: Late | None) -> DueNotice | None:
    return _notice(f"The review of the pathway is overdue since {show_date(late.due)}.", ()) if late else None


def _resting(found: LateRules) -> str:
    return count(len(found.rules), "rule")


def _rests(found: LateRules) -> str:
    verb = "rests" if len(found.rules) == 1 else "rest"
    since = show_date(found.since)
    if all(one.kind == "source" for one in found.resting_on):
        return f"{verb} on a source whose review is overdue since {since}."
    return f"{verb} on something whose review is overdue since {since}."


def _notice(sentence: str, late: Iterable[Late]) -> DueNotice:
    links = [
        LateLink(one.title, one.code, show_date(one.due), reverse(_VIEWS[one.kind], args=[one.code])) for one in late
    ]
    left = len(links) - MOST_NAMED
    return DueNotice(sentence, tuple(links[:MOST_NAMED]), f"and {left} more" if left > 0 else "")

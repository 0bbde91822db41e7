"""Whether the list of a case is another one since the agenda was locked: which options, which facts, which rules.

The board decides on what was kept; this says that the record or the rules have moved on, and refuses to swap the list under
those who look at it. Called by the meeting screen and the page of a case.
"""

from dataclasses import dataclass

from boards.models import Case
from pathways.assessing import TumorAssessment
from pathways.presenters.since import ChangedRow, Since
from pathways.presenters.words import STATUS_WORDS, count, listing, show_instant
from pathways.reviews.comparing import since_kept

MOST_NAMED = 3
NOT_THERE = "not in the catalogue"


@dataclass(frozen=True, slots=True)
class DifferentOption:
    """One option with another status, and by what."""

    title: str
    before: str
    after: str
    by: str
    rules: str


@dataclass(frozen=True, slots=True)
class Differs:
    """The notice: a sentence to be read across a room, and everything that differs."""

    sentence: str
    kept: str
    options: tuple[DifferentOption, ...]
    facts: tuple[str, ...]
    rules: str


def differs_since_locking(case: Case, done: TumorAssessment) -> Differs | None:
    """What differs from the kept list, or None. Raises NotReplayable where the snapshot was altered."""
    snapshot = case.snapshot
    if snapshot is None:
        return None
    kept = show_instant(snapshot.taken_at)
    found = since_kept(snapshot, done, f"kept {kept}")
    options = tuple(_option(row, group.title) for group in found.groups for row in group.rows)
    facts = tuple(f"{fact.title}: {fact.before} → {fact.after}" for fact in found.facts)
    other_rules = found.rules_said if found.rules_said.startswith("Other rules") else ""
    if not options and not facts:
        return None
    return Differs(_sentence(options, found), kept, options, facts, other_rules)


def _option(row: ChangedRow, cause: str) -> DifferentOption:
    before, after = (STATUS_WORDS[status].lower() if status else NOT_THERE for status in (row.before, row.after))
    return DifferentOption(row.title, before, after, cause[:1].lower() + cause[1:], ", ".join(row.rules))


def _sentence(options: tuple[DifferentOption, ...], found: Since) -> str:
    if not options:
        return f"{count(len(found.facts), 'fact')} changed; every option has the status that was kept."
    named = [f"{one.title} ({one.before}, now {one.after})" for one in options[:MOST_NAMED]]
    more = len(options) - MOST_NAMED
    return f"{listing([*named, *([count(more, 'more option')] if more > 0 else [])])}."

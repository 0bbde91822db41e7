"""Which two assessments are compared: signed ones by their snapshot, or what was known on a date, or today's.

Each is of facts and of rules: a past day is assessed under the version that was in force when it ended, a signed review
under its own. To tell data from rules, each side's facts are assessed under the other's rules as well, limits on their age
included. What it refuses to do: guess; a moment it cannot read is a sentence. Who calls it: the page "since last time",
and the board, which holds what it kept against the list of today.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pathways.assessing import TumorAssessment
from pathways.engine import Assessment, Overlay, Ruleset, Stale, Value, assess, without_stale
from pathways.models import Review, Snapshot
from pathways.presenters.since import Moment as Told
from pathways.presenters.since import Since, since
from pathways.presenters.words import show_date, show_instant
from pathways.reviews.snapshots import NotReplayable, replay, stored_readings
from pathways.selectors import OnRecord, overlay_in_force, ruleset_at
from patients.facts import Facts, facts_of

NOW = "now"


@dataclass(frozen=True)
class Moment:
    """One assessment that can be compared."""

    key: str
    title: str


@dataclass(frozen=True)
class Result:
    """The comparison, or the sentence that says why there is none, with what was asked for."""

    before: str
    after: str
    since: Since | None
    problem: str = ""


@dataclass(frozen=True)
class Side:
    """One of the two: its facts with their ages in days, the rules, and what came of both."""

    name: str
    features: Mapping[str, Value]
    ages: Mapping[str, int]
    assessment: Assessment
    stale: tuple[Stale, ...] = ()
    rules_said: str = ""

    def under(self, ruleset: Ruleset) -> Assessment:
        """The facts of this side under other rules."""
        if ruleset.digest == self.assessment.ruleset.digest:
            return self.assessment
        return _assessed(ruleset, self.features, self.ages)[0]


def moments(reviews: Sequence[Review]) -> list[Moment]:
    """What can be chosen beside a date."""
    signed = [
        Moment(f"review-{r.pk}", f"Review of {r.signed_by_name}, {show_instant(r.signed_at)}, {r.check_code}")
        for r in reviews
    ]
    return [Moment(NOW, "Today"), *signed]


def comparison(done: TumorAssessment, reviews: Sequence[Review], *, before: str, after: str) -> Result:
    """Compare two moments; by default the last signed review, or else a year ago, with today."""
    default = f"review-{reviews[0].pk}" if reviews else (done.as_of - timedelta(days=365)).isoformat()
    before, after = before or default, after or NOW
    try:
        first, second = _at(done, reviews, before), _at(done, reviews, after)
    except (ValueError, NotReplayable) as problem:
        return Result(before, after, None, str(problem))
    crossed = first.under(second.assessment.ruleset), second.under(first.assessment.ruleset)
    return Result(before, after, since(_told(first), _told(second), crossed))


def since_kept(snapshot: Snapshot, done: TumorAssessment, name: str) -> Since:
    """A list that was kept, named so, compared with the list of today. Raises NotReplayable."""
    first, second = _kept(snapshot, name), _at(done, (), NOW)
    crossed = first.under(second.assessment.ruleset), second.under(first.assessment.ruleset)
    return since(_told(first), _told(second), crossed)


def _told(side: Side) -> Told:
    return Told(side.name, side.assessment, side.stale, side.rules_said)


def _at(done: TumorAssessment, reviews: Sequence[Review], key: str) -> Side:
    if key == NOW:
        name = f"today, {show_date(done.as_of)}"
        return Side(name, done.facts.features, _ages(done.facts), done.assessment, done.stale)
    for review in reviews:
        if key == f"review-{review.pk}":
            return _signed(review)
    return _on_day(done, _day(key, done.as_of))


def _signed(review: Review) -> Side:
    return _kept(review.snapshot, f"{show_instant(review.signed_at)}, signed by {review.signed_by_name}")


def _kept(snapshot: Snapshot, name: str) -> Side:
    """A snapshot; of what was too old for the rules of its day it has no value."""
    assessment, as_of = replay(snapshot), snapshot.as_of
    readings = stored_readings(snapshot).items()
    ages = {name: (as_of - date.fromisoformat(reading["observed_on"])).days for name, reading in readings}
    return Side(name, assessment.record.recorded, ages, assessment)


def _on_day(done: TumorAssessment, day: date) -> Side:
    ends = datetime.combine(day, time.max, tzinfo=ZoneInfo(done.tumor.patient.institution.time_zone))
    facts = facts_of(done.tumor, as_of=day, known_at=ends)
    found = ruleset_at(ends)
    stops = overlay_in_force(at=ends)
    assessment, stale = _assessed(found.in_force.ruleset, facts.features, _ages(facts), stops)
    name = f"what was known on {show_date(day)}"
    return Side(name, facts.features, _ages(facts), assessment, stale, _not_yet(found, day))


def _not_yet(found: OnRecord, day: date) -> str:
    if found.published:
        return ""
    version = found.in_force.version
    return (
        f"No rules were published by {show_date(day)}. It is shown under the earliest, {version}, published on "
        f"{show_date(version.published_at.date())}."
    )


def _assessed(
    ruleset: Ruleset, features: Mapping[str, Value], ages: Mapping[str, int], overlay: Overlay | None = None
) -> tuple[Assessment, tuple[Stale, ...]]:
    """Facts under any version: what its dictionary does not know or allow is left out, and what is too old for it."""
    allowed = {}
    for name, value in features.items():
        try:
            allowed[name] = ruleset.dictionary.check(name, value)
        except ValueError:
            continue
    fresh, stale = without_stale(ruleset, allowed, ages)
    return assess(ruleset, fresh, overlay=overlay), stale


def _ages(facts: Facts) -> dict[str, int]:
    return {name: (facts.as_of - reading.observed_on).days for name, reading in facts.readings.items()}


def _day(key: str, today: date) -> date:
    try:
        day = date.fromisoformat(key)
    except ValueError:
        raise ValueError(
            f"“{key[:40]}” is not a date or a signed review of this tumor. Choose one, or enter a date."
        ) from None
    if day > today:
        raise ValueError(f"{show_date(day)} is in the future. A past day, or today, can be compared.")
    return day

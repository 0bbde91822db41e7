"""Which two assessments are compared: signed ones by their snapshot, or what was known on a date, or today's.

What it refuses to do: guess; a moment it cannot read is a sentence. Who calls it: the page "since last time" and the card.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pathways.assessing import TumorAssessment, assess_tumor
from pathways.engine import Assessment
from pathways.models import Review
from pathways.presenters.since import Since, since
from pathways.presenters.words import show_date, show_instant
from pathways.reviews.snapshots import NotReplayable, replay

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
        first, first_name = _at(done, reviews, before)
        second, second_name = _at(done, reviews, after)
    except (ValueError, NotReplayable) as problem:
        return Result(before, after, None, str(problem))
    return Result(before, after, since(first, second, before_name=first_name, after_name=second_name))


def _at(done: TumorAssessment, reviews: Sequence[Review], key: str) -> tuple[Assessment, str]:
    if key == NOW:
        return done.assessment, f"today, {show_date(done.as_of)}"
    for review in reviews:
        if key == f"review-{review.pk}":
            return replay(review.snapshot), f"{show_instant(review.signed_at)}, signed by {review.signed_by_name}"
    day = _day(key, done.as_of)
    known_at = datetime.combine(day, time.max, tzinfo=UTC)
    return assess_tumor(done.tumor, as_of=day, known_at=known_at).assessment, f"what was known on {show_date(day)}"


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

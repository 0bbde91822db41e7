"""Which list of a tumor somebody looked at last: a signed review, or what a package that is not known here registers.

`pathways` knows nothing of boards; the board tells which lists it decided on, as it tells `patients.reach` whose cases a
member reads. What it refuses to do: judge. Called by the recall, and by whatever says who had looked and when.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from netcare.access import User
from pathways.models import RecallEntry, Review, ReviewItem, Snapshot, Verdict
from patients.models import Tumor


@dataclass(frozen=True)
class Looked:
    """A list as somebody looked at it. `owners`: whom the recall goes to, the first who may; `said`: a word per option.

    `wanted`: the options that somebody meant to give or to discuss; one of them ruled out now is more urgent.
    """

    snapshot: Snapshot
    at: datetime
    owners: tuple[User, ...]
    said: Mapping[str, str]
    wanted: frozenset[str]
    review: Review | None = None


@dataclass(frozen=True)
class Credit:
    """How the list of an entry without a review was looked at: `how` ("decided at the board"), when, and the page of it."""

    how: str
    who: str
    at: datetime
    url: str
    link: str


@dataclass(frozen=True)
class Way:
    """Another way of looking at a list. `tumors`: the condition on Tumor; `credits`: by snapshot; `words`: of `said`."""

    latest: Callable[[Tumor], Looked | None]
    tumors: Callable[[], Q]
    credits: Callable[[Sequence[UUID]], Mapping[UUID, Credit]]
    words: Mapping[str, str]


_ways: dict[str, Way] = {}


def register(name: str, way: Way) -> None:
    """Declare a way at start-up."""
    _ways[name] = way


def last_looked_at(tumor: Tumor) -> Looked | None:
    """The list of this tumor that somebody looked at last; of two at the same moment the signed review."""
    found = [reviewed(tumor), *(way.latest(tumor) for way in _ways.values())]
    looked = [one for one in found if one is not None]
    return max(looked, key=lambda one: one.at, default=None)


def reviewed(tumor: Tumor) -> Looked | None:
    """The review signed last."""
    found = Review.objects.filter(snapshot__tumor=tumor).select_related(
        "snapshot__ruleset_version", "signed_by__institution"
    )
    review = found.order_by("-signed_at", "-id").first()
    return of_review(review) if review else None


def of_review(review: Review) -> Looked:
    """A signed review as a list that somebody looked at."""
    said = dict(ReviewItem.objects.filter(review=review).values_list("option", "verdict"))
    wanted = {option for option, word in said.items() if word in (Verdict.BRING_TO_BOARD, Verdict.DISCUSS)}
    return Looked(review.snapshot, review.signed_at, (review.signed_by,), said, frozenset(wanted), review)


def looked_at_tumors() -> Q:
    """The condition on Tumor: somebody has looked at a list of it."""
    condition = Q(snapshots__review__isnull=False)
    for way in _ways.values():
        condition |= way.tumors()
    return condition


def credits_of(entries: Sequence[RecallEntry]) -> dict[UUID, Credit]:
    """Who had looked at the lists that no review signed, by snapshot; from one query for each way."""
    wanted = [entry.snapshot_id for entry in entries if entry.review_id is None]
    found: dict[UUID, Credit] = {}
    for way in _ways.values() if wanted else ():
        found |= way.credits(wanted)
    return found


def words_said() -> dict[str, str]:
    """Every word that can be said of an option, by its code."""
    words: dict[str, str] = dict(Verdict.choices)
    for way in _ways.values():
        words |= way.words
    return words

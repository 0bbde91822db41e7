"""Reads of feedback threads: how far each is, which version changed its rule, and who is to be told of its outcome.

Whom an outcome is told: whoever signed a "not suitable" of that option, for that reason where the thread names one,
while that rule held where it names one, under the thread's version or an earlier one and before the answer. What it
refuses to do: show a review to whoever may not see its patient any more. Who calls it: feedback and review pages.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from netcare.access import Actor, Capability, User
from pathways.engine import read_json
from pathways.feedback.counting import reasons_that_held, said_not_suitable
from pathways.models import (
    FeedbackEvent,
    FeedbackSeen,
    FeedbackStep,
    FeedbackThread,
    Review,
    ReviewItem,
    RulesetVersion,
    Verdict,
)
from patients.selectors import visible_patients


@dataclass(frozen=True)
class Told:
    """An outcome for somebody: the answer, and the items with which that person had said it, the latest first."""

    answer: FeedbackEvent
    items: tuple[ReviewItem, ...]
    seen: bool


def threads() -> list[FeedbackThread]:
    """Every thread, the latest first, with its events."""
    rows = FeedbackThread.objects.select_related("version").defer("version__content")
    return list(rows.prefetch_related("events__changed_in").order_by("-opened_at", "id"))


def thread_of(thread_id: UUID) -> FeedbackThread | None:
    """One thread, or None."""
    return FeedbackThread.objects.filter(pk=thread_id).select_related("version").order_by("id").first()


def events_of(thread: FeedbackThread) -> list[FeedbackEvent]:
    """The steps of a thread, in order."""
    return list(FeedbackEvent.objects.filter(thread=thread).select_related("changed_in").order_by("number"))


def changed_in(thread: FeedbackThread) -> list[RulesetVersion]:
    """The later versions in which the thread's rule reads otherwise than in the version before, the earliest first."""
    later = RulesetVersion.objects.filter(code=thread.version.code, version__gt=thread.version.version)
    before, found = _entries(thread, thread.version), []
    for version in later.order_by("version"):
        now = _entries(thread, version)
        if now != before:
            found.append(version)
        before = now
    return found


def _entries(thread: FeedbackThread, version: RulesetVersion) -> list[Any]:
    """The rule as the version holds it; for a thread about the option, the option with all of its rules."""
    data = read_json(version.content)
    if thread.rule:
        return [entry for entry in data["rules"] if entry["code"] == thread.rule]
    options = [entry for entry in data["options"] if entry["code"] == thread.option]
    return options + [entry for entry in data["rules"] if entry["option"] == thread.option]


def told(user: User) -> list[Told]:
    """The outcomes that this person is to be told and has not put away, the latest first."""
    mine = ReviewItem.objects.filter(
        option=OuterRef("thread__option"), verdict=Verdict.NOT_SUITABLE, review__signed_by=user
    )
    seen = FeedbackSeen.objects.filter(thread=OuterRef("thread"), user=user)
    answers = _answers().filter(Exists(mine), ~Exists(seen))
    found = [
        Told(event, tuple(_items(event, said_not_suitable().filter(review__signed_by=user))), False)
        for event in answers
    ]
    return [one for one in found if one.items]


def told_of(thread: FeedbackThread, user: User) -> bool:
    """Whether this person is among those whom the outcome of a thread is told."""
    event = _answers().filter(thread=thread).first()
    return event is not None and bool(_items(event, said_not_suitable().filter(review__signed_by=user)))


def told_on(review: Review, actor: Actor) -> list[Told]:
    """The outcomes of what was said in one review, whether put away or not."""
    items = said_not_suitable().filter(review=review)
    answers = list(_answers().filter(thread__option__in=items.values("option")))
    seen = set(FeedbackSeen.objects.filter(user_id=actor.id).values_list("thread_id", flat=True))
    found = [Told(event, tuple(_items(event, items)), event.thread_id in seen) for event in answers]
    return [one for one in found if one.items]


def visible_reviews(actor: Actor, found: Sequence[Told]) -> set[UUID]:
    """The reviews among these whose patient the actor may see now; only to those is there a link."""
    patients = visible_patients(actor, Capability.EXPLAIN)
    ids = {item.review_id for one in found for item in one.items}
    return set(Review.objects.filter(pk__in=ids, snapshot__tumor__patient__in=patients).values_list("pk", flat=True))


def _answers() -> QuerySet[FeedbackEvent]:
    rows = FeedbackEvent.objects.filter(kind=FeedbackStep.ANSWERED)
    along = ("thread__version", "changed_in")
    return rows.select_related(*along).defer("thread__version__content", "changed_in__content").order_by("-at", "id")


def _items(event: FeedbackEvent, said: QuerySet[ReviewItem]) -> list[ReviewItem]:
    """The items among those said to which an answer belongs, the latest first."""
    thread = event.thread
    found = said.filter(
        option=thread.option,
        review__signed_at__lte=event.at,
        review__snapshot__ruleset_version__code=thread.version.code,
        review__snapshot__ruleset_version__version__lte=thread.version.version,
    )
    return [item for item in found if _is_about(item, thread)][::-1]


def _is_about(item: ReviewItem, thread: FeedbackThread) -> bool:
    held = reasons_that_held(item.review.snapshot_id).get(item.option, ())
    return (not thread.reason or thread.reason in item.reasons) and (not thread.rule or thread.rule in held)

"""A change that is proposed because of feedback: opened, taken up in a draft, answered; and the notice put away.

What it refuses to do: answer twice, or call a rule changed by a version that left it as it was. An answer is sent by a
person, never by publishing. `take_up` is the seam to drafts: whoever makes a draft of a thread calls it with the
identifier of the draft. Who calls it: the feedback pages.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from netcare.access import Actor, Capability, require
from netcare.audit import record
from pathways.engine import Ruleset
from pathways.feedback.selectors import changed_in, events_of, told_of
from pathways.models import (
    FeedbackEvent,
    FeedbackOutcome,
    FeedbackSeen,
    FeedbackStep,
    FeedbackThread,
    RulesetVersion,
)
from pathways.reviews.reasons import REASONS
from pathways.selectors import ruleset_of
from patients.actions.shared import Fault, Refused, one_line, person

LONGEST = 500


@dataclass(frozen=True)
class Answer:
    """What came of a thread: changed in a version, or not changed; with the sentence that the reviewers read."""

    outcome: str
    sentence: str
    version: RulesetVersion | None = None


@transaction.atomic
def open_thread(
    *, actor: Actor, option: str, rule: str, reason: str, version: RulesetVersion, sentence: str, now: datetime
) -> FeedbackThread:
    """Propose a change of an option, or of one rule of it. Raises NotAllowed or Refused."""
    require(actor, Capability.FEEDBACK_WORK)
    user = person(actor, Capability.FEEDBACK_WORK)
    sentence = one_line("sentence", "What is proposed", sentence, longest=LONGEST, needed=True)
    if faults := _unknown(ruleset_of(version), option, rule, reason):
        raise Refused(faults)
    thread = FeedbackThread.objects.create(
        option=option, rule=rule, reason=reason, version=version, sentence=sentence, opened_by=user,
        opened_by_name=actor.name, opened_at=now,
    )  # fmt: skip
    _audit(actor, "feedback.open", thread, now, option=option, rule=rule, version=version.version)
    return thread


@transaction.atomic
def take_up(*, actor: Actor, thread: FeedbackThread, seen: int, draft: str, now: datetime) -> FeedbackEvent:
    """Say in which draft the change is worked on. Raises NotAllowed or Refused."""
    draft = one_line("draft", "The draft", draft, longest=64, needed=True)
    event = FeedbackEvent(thread=thread, kind=FeedbackStep.TAKEN_UP, draft=draft)
    return _step(actor, event, seen, now, "feedback.take_up", draft=draft)


@transaction.atomic
def answer(*, actor: Actor, thread: FeedbackThread, seen: int, given: Answer, now: datetime) -> FeedbackEvent:
    """Tell those who said it what came of it. Raises NotAllowed or Refused."""
    if given.outcome not in FeedbackOutcome.values:
        raise Refused([Fault("outcome", "Say whether it was changed or not.")])
    sentence = one_line("sentence", "The sentence for the reviewers", given.sentence, longest=LONGEST, needed=True)
    version = given.version if given.outcome == FeedbackOutcome.CHANGED else None
    if given.outcome == FeedbackOutcome.CHANGED and version not in changed_in(thread):
        raise Refused([Fault("version", _not_changed(thread, version))])
    if version is None and sentence.startswith("Changed in v"):
        raise Refused([Fault("sentence", "The sentence says that it was changed, and the answer that it was not.")])
    event = FeedbackEvent(
        thread=thread, kind=FeedbackStep.ANSWERED, outcome=given.outcome, changed_in=version, sentence=sentence
    )
    return _step(actor, event, seen, now, "feedback.answer", outcome=given.outcome)


@transaction.atomic
def put_away(*, actor: Actor, thread: FeedbackThread, now: datetime) -> None:
    """The notice was read. Once is enough; whoever said nothing of it has nothing to put away."""
    require(actor, Capability.FEEDBACK_OWN)
    user = person(actor, Capability.FEEDBACK_OWN)
    if not told_of(thread, user):
        raise Refused([Fault("", "There is no outcome of this kind for you.")])
    try:
        with transaction.atomic():
            FeedbackSeen.objects.create(thread=thread, user=user, at=now)
    except IntegrityError:
        return
    _audit(actor, "feedback.seen", thread, now)


def _unknown(ruleset: Ruleset, option: str, rule: str, reason: str) -> list[Fault]:
    """What the version does not hold."""
    faults = []
    named = f"v{ruleset.version}"
    if option not in {entry.code for entry in ruleset.options}:
        faults.append(Fault("option", f"{named} has no option “{option[:60]}”."))
    elif rule and rule not in {entry.code for entry in ruleset.rules_of(option)}:
        faults.append(Fault("rule", f"The option has no rule “{rule[:60]}” in {named}."))
    if reason and reason not in REASONS:
        faults.append(Fault("reason", f"“{reason[:30]}” is not one of the reasons of reviews."))
    return faults


def _not_changed(thread: FeedbackThread, version: RulesetVersion | None) -> str:
    what = f"rule {thread.rule}" if thread.rule else "this option"
    if version is None:
        return f"Choose the version that changed {what}."
    return f"v{version.version} did not change {what}. Choose a version that did, or say that it was not changed."


def _step(actor: Actor, event: FeedbackEvent, seen: int, now: datetime, action: str, **detail: object) -> FeedbackEvent:
    """Append the next event of a thread; one of two who act at once is told."""
    require(actor, Capability.FEEDBACK_WORK)
    event.by, event.by_name, event.at = person(actor, Capability.FEEDBACK_WORK), actor.name, now
    before = events_of(event.thread)
    if len(before) != seen or (before and before[-1].kind == FeedbackStep.ANSWERED):
        raise _meanwhile(before)
    event.number = seen + 1
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        raise _meanwhile(events_of(event.thread)) from None
    _audit(actor, action, event.thread, now, **detail)
    return event


def _meanwhile(events: list[FeedbackEvent]) -> Refused:
    last = events[-1] if events else None
    if last is None:
        return Refused([Fault("", "This form is of another state of the thread. Nothing was saved; look again.")])
    what = f"This was {last.get_kind_display()} by {last.by_name} already."
    return Refused([Fault("", f"{what} Nothing was saved; look again.")])


def _audit(actor: Actor, action: str, thread: FeedbackThread, at: datetime, **detail: object) -> None:
    record(actor=actor, action=action, subject=str(thread.pk), detail=detail, at=at)

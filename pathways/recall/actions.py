"""What people do with an entry of the recall list: assign it, move its due date, close it, open it again.

Each form carries the number of the event that it was shown with; who acts on a state that is no longer so is told what
happened meanwhile, and nothing is saved. Who calls it: the page of an entry, signing a review, and
whoever else looks at a list, such as the board when it decides.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from netcare.access import Actor, Capability, User, today_for
from netcare.audit import record
from pathways.models import RecallEntry, RecallEvent, RecallKind, Review, Snapshot
from pathways.presenters.words import show_date
from pathways.recall.looked import last_looked_at
from pathways.recall.opening import close_by_program, may_own
from pathways.recall.reasons import BY_PEOPLE, REASONS, REVIEWED_AGAIN
from pathways.recall.standing import Move, meanwhile, move, one_at_a_time, open_of, standing_of
from patients.actions.shared import Fault, Refused, one_line, person
from patients.models import Tumor
from patients.policies import require_patient

# A date that lies further ahead is no date by which somebody looks again.
FURTHEST = timedelta(days=180)
LONGEST = 300


@transaction.atomic
def assign(*, actor: Actor, entry: RecallEntry, seen: int, owner: User | None, now: datetime) -> RecallEvent:
    """Give the entry to somebody who may review the patient, or to nobody. Raises NotAllowed or Refused."""
    standing = _open_and_seen(actor, entry, seen, RecallKind.ASSIGNED, owner=owner)
    if owner is not None and not may_own(owner, entry.tumor.patient):
        raise Refused([Fault("owner", f"{owner.display_name} may not review this patient. Choose somebody listed.")])
    what = Move(RecallKind.ASSIGNED, owner, standing.due_on)
    return _done(actor, entry, standing, what, "recall.assign", now, owner=str(owner.pk) if owner else "")


@transaction.atomic
def move_due(*, actor: Actor, entry: RecallEntry, seen: int, due_on: date, line: str, now: datetime) -> RecallEvent:
    """Move the due date to a day from today on. Raises NotAllowed or Refused."""
    line = one_line("line", "The line", line, longest=LONGEST)
    standing = _open_and_seen(actor, entry, seen, RecallKind.DUE_MOVED, due_on=due_on, line=line)
    today = today_for(entry.tumor.patient.institution, at=now)
    if not today <= due_on <= today + FURTHEST:
        raise Refused([Fault("due_on", f"{show_date(due_on)} is not accepted. Accepted is a day from today, "
                                       f"{show_date(today)}, to {show_date(today + FURTHEST)}.")])  # fmt: skip
    what = Move(RecallKind.DUE_MOVED, standing.owner, due_on, line=line)
    return _done(actor, entry, standing, what, "recall.move_due", now, due=due_on.isoformat())


@transaction.atomic
def close(*, actor: Actor, entry: RecallEntry, seen: int, reason: str, line: str, now: datetime) -> RecallEvent:
    """Close the entry with a coded reason, and a line where the reason is another one. Raises NotAllowed or Refused."""
    if reason not in BY_PEOPLE:
        raise Refused([Fault("reason", "Choose why it is closed.")])
    line = one_line("line", "The other reason in a line", line, longest=LONGEST, needed=reason == "other")
    standing = _open_and_seen(actor, entry, seen, RecallKind.CLOSED, reason=reason, line=line)
    what = Move(RecallKind.CLOSED, standing.owner, standing.due_on, reason, line)
    return _done(actor, entry, standing, what, "recall.close", now, reason=reason)


@transaction.atomic
def reopen(*, actor: Actor, entry: RecallEntry, seen: int, line: str, now: datetime) -> RecallEvent:
    """Open an entry again that a person had closed, while it is the tumor's latest. Raises NotAllowed or Refused."""
    user = _worker(actor, entry)
    line = one_line("line", "Why it is opened again", line, longest=LONGEST, needed=True)
    standing = standing_of(entry)
    if standing.number == seen + 1 and standing.kind == RecallKind.REOPENED and standing.by_id == user.pk:
        return standing
    if standing.number != seen:
        raise meanwhile(standing)
    if refusal := why_not_reopened(standing):
        raise Refused([Fault("", refusal)])
    what = Move(RecallKind.REOPENED, standing.owner, standing.due_on, line=line)
    return _done(actor, entry, standing, what, "recall.reopen", now)


def why_not_reopened(standing: RecallEvent) -> str:
    """The sentence that stands against opening an entry again, or nothing."""
    if standing.is_open:
        return "This entry is open."
    if standing.reason not in BY_PEOPLE:
        return f"This entry was closed by the program ({REASONS[standing.reason]}); there is nothing to open again."
    tumor = standing.entry.tumor
    if RecallEntry.objects.filter(tumor=tumor, found_at__gt=standing.entry.found_at).exists():
        return "A later version has an entry of its own for this tumor; open that one."
    looked = last_looked_at(tumor)
    if looked is not None and looked.at > standing.entry.found_at:
        word = "reviewed" if looked.review else "decided on"
        return f"The list was {word} again since; there is nothing to open again."
    return ""


def reviewed_again(review: Review, tumor: Tumor, *, at: datetime) -> None:
    """Close what was open on this tumor for the version that was reviewed, and earlier ones. Called while signing."""
    looked_again(review.snapshot, tumor, REVIEWED_AGAIN, f"review {review.check_code}", at=at)


def looked_again(snapshot: Snapshot, tumor: Tumor, reason: str, line: str, *, at: datetime) -> None:
    """Close what was open on this tumor for the version of the list that was looked at, and earlier ones."""
    one_at_a_time(tumor)
    for event in open_of(tumor):
        if event.entry.version.version <= snapshot.ruleset_version.version:
            close_by_program(event, reason, line=line, at=at)


def _worker(actor: Actor, entry: RecallEntry) -> User:
    require_patient(actor, Capability.RECALL_WORK, entry.tumor.patient)
    return person(actor, Capability.RECALL_WORK)


def _open_and_seen(actor: Actor, entry: RecallEntry, seen: int, kind: RecallKind, **wanted: Any) -> RecallEvent:
    """The state to act on: the one that was shown. A second click stands on the state before its own first one."""
    user = _worker(actor, entry)
    standing = standing_of(entry)
    if standing.number == seen + 1 and standing.kind == kind and standing.by_id == user.pk:
        earlier = RecallEvent.objects.get(entry=entry, number=seen)
        if all(getattr(standing, name) == value for name, value in wanted.items()):
            return earlier
    if standing.number != seen:
        raise meanwhile(standing)
    if not standing.is_open:
        raise Refused([Fault("", "This entry is closed. Open it again before it is changed.")])
    return standing


def _done(
    actor: Actor, entry: RecallEntry, standing: RecallEvent, what: Move, action: str, now: datetime, **detail: str
) -> RecallEvent:
    user = person(actor, Capability.RECALL_WORK)
    again = RecallEvent.objects.filter(entry=entry, number=standing.number + 1, by=user).first()
    if again is not None and what.is_what(again):
        return again
    event = move(standing, entry, what, by=user, name=actor.name, at=now)
    patient = entry.tumor.patient
    record(
        actor=actor, action=action, patient_id=patient.pk, institution_id=patient.institution_id,
        subject=str(entry.pk), detail={"tumor": entry.tumor.number, **detail}, at=now,
    )  # fmt: skip
    return event

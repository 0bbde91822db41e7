"""What the board's actions share: the next event of a case, and taking turns on a meeting and on a case."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from boards.models import Case, CaseEvent, CaseKind, Meeting, MeetingState, MeetingStep, Step
from netcare.access import Actor, User
from netcare.audit import record
from patients.actions.shared import Fault, Refused

AGENDA_CHANGED = (
    "Somebody else changed the agenda meanwhile. It is shown as it is now; nothing of yours was saved. "
    "Look at it, and move the case again if it still should."
)


def told(user: User, actor: Actor, now: datetime) -> dict[str, Any]:
    """The columns of who did it and when."""
    return {"by": user, "by_name": actor.name, "at": now}


def hold_agenda(meeting: Meeting, *, states: frozenset[MeetingState], seen: int | None = None) -> Meeting:
    """Take the agenda for this transaction: compare-and-swap on its version. Raises Refused.

    `seen`: the version that the page showed; None where no order stood behind the act.
    """
    rows = Meeting.objects.filter(pk=meeting.pk, state__in=states)
    if seen is not None:
        rows = rows.filter(order_version=seen)
    taken = rows.update(order_version=F("order_version") + 1)
    fresh = Meeting.objects.select_related("institution", "chair").get(pk=meeting.pk)
    if not taken and fresh.state not in states:
        accepted = " or ".join(sorted(state.label for state in states))
        raise Refused([Fault("", f"The meeting is {fresh.get_state_display()}; it must be {accepted} for this.")])
    if not taken:
        raise Refused([Fault("", AGENDA_CHANGED)])
    return fresh


def write_case(case: Case, *, seen: int | None = None, **after: Any) -> Case:
    """Compare and swap on the case's version, and return it as it is now. Raises Refused."""
    expected = case.version if seen is None else seen
    try:
        with transaction.atomic():
            written = Case.objects.filter(pk=case.pk, version=expected).update(**after, version=F("version") + 1)
    except IntegrityError:
        raise Refused([Fault("", "This tumor has another open case already.")]) from None
    if not written:
        raise Refused(
            [
                Fault(
                    "",
                    "Somebody else changed this case meanwhile. It is shown as it is now; nothing of yours was saved.",
                )
            ]
        )
    return Case.objects.select_related("tumor__patient__institution", "meeting").get(pk=case.pk)


def note(actor: Actor, case: Case, kind: CaseKind, *, now: datetime, **about: Any) -> CaseEvent:
    """Append what happened to the case, with its audit row."""
    last = CaseEvent.objects.filter(case=case).aggregate(last=Max("number"))["last"] or 0
    user = actor.person
    event = CaseEvent.objects.create(case=case, number=last + 1, kind=kind, **about, **told(user, actor, now))
    patient = case.tumor.patient
    record(
        actor=actor, action=f"case.{kind.value}", patient_id=patient.pk, institution_id=patient.institution_id,
        subject=f"case {case.pk}", detail={"reason": event.reason} if event.reason else {}, at=now,
    )  # fmt: skip
    return event


def step_noted(actor: Actor, meeting: Meeting, step: Step, *, now: datetime, text: str = "") -> MeetingStep:
    """Append the step of a meeting, with its audit row."""
    made = MeetingStep.objects.create(meeting=meeting, step=step, text=text, **told(actor.person, actor, now))
    record(actor=actor, action=f"meeting.{step.value}", subject=f"meeting {meeting.pk}", at=now)
    return made


def close_ranks(meeting: Meeting) -> None:
    """Number the cases of an agenda from 1 again, in their order."""
    rows = Case.objects.filter(meeting=meeting).order_by("position", "id")
    for place, case in enumerate(rows, 1):
        if case.position != place:
            Case.objects.filter(pk=case.pk).update(position=place)

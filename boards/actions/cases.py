"""A case on its way: referred, put on a meeting, changed, ordered, postponed, withdrawn; who sees to what it lacks.

What it refuses to do: lose a case. Postponing carries it over with its history; two coordinators who order one agenda at
once are told. Who calls it: the views of cases and agendas, and the demo.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from boards.actions.shared import AGENDA_CHANGED, close_ranks, hold_agenda, note, write_case
from boards.models import Case, CaseKind, CaseState, ChaseItem, Meeting, MeetingState, Priority
from boards.models.cases import OPEN_STATES
from boards.policies import require_case, require_meeting
from boards.reasons import POSTPONED, WITHDRAWN
from boards.states import ORDERED_IN
from netcare.access import Actor, Capability, User, today_for
from netcare.audit import record
from patients.actions import refer_to_board
from patients.actions.shared import Fault, Refused, gathered, one_line
from patients.entry.dates import show_day
from patients.models import Patient, Referral, Tumor
from patients.policies import require_patient

FURTHEST_DUE = timedelta(days=366)


@dataclass(frozen=True)
class Details:
    """What is said of a case beside its tumor. `presenter` is an account, or `presenter_name` a name from outside."""

    question: str = ""
    priority: str = Priority.ROUTINE
    minutes: int = 7
    presenter: User | None = None
    presenter_name: str = ""


@dataclass(frozen=True)
class Assignment:
    """Who sees to a gap, in which department, asked when and until when."""

    owner_name: str = ""
    department: str = ""
    due_on: date | None = None
    asked_on: date | None = None


@transaction.atomic
def refer_case(*, actor: Actor, patient: Patient, tumor: Tumor | None, details: Details, now: datetime) -> Case:
    """A clinician brings a tumor to the board: the referral and its case in one step. Raises NotAllowed, Refused."""
    require_patient(actor, Capability.PATIENT_REFER, patient)
    if tumor is None or tumor.patient_id != patient.pk:
        raise Refused([Fault("", "There is no such tumor on record. Add the tumor first; a case is about one.")])
    _check(actor, details)
    referral = refer_to_board(actor=actor, patient=patient, question=details.question, now=now)
    return _open(actor, tumor, referral, details, actor.person, now)


@transaction.atomic
def open_case(*, actor: Actor, referral: Referral, tumor: Tumor | None, now: datetime) -> Case:
    """A coordinator makes the case of a referral that has none yet. Raises NotAllowed, Refused."""
    require_patient(actor, Capability.BOARD_MANAGE, referral.patient)
    if tumor is None or tumor.patient_id != referral.patient_id:
        raise Refused([Fault("", "There is no such tumor on record. Add the tumor first; a case is about one.")])
    return _open(actor, tumor, referral, Details(question=referral.question), referral.referred_by, now)


@transaction.atomic
def schedule(*, actor: Actor, case: Case, meeting: Meeting, seen: int, now: datetime) -> Case:
    """Put a waiting case at the end of a planned meeting's agenda. Raises NotAllowed, Refused."""
    require_case(actor, Capability.BOARD_MANAGE, case)
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    _in_future(meeting, now)
    if case.state != CaseState.REFERRED:
        raise Refused([Fault("", f"The case is {case.get_state_display()}; only one that waits is put on a meeting.")])
    fresh = hold_agenda(meeting, states=ORDERED_IN)
    written = write_case(
        case, seen=seen, state=CaseState.SCHEDULED, meeting=fresh, position=_end_of(fresh), snapshot=None
    )
    note(actor, written, CaseKind.SCHEDULED, now=now, meeting=fresh)
    return written


@transaction.atomic
def edit_case(*, actor: Actor, case: Case, details: Details, seen: int, now: datetime) -> Case:
    """Change question, presenter, priority and minutes. Raises NotAllowed, Refused."""
    require_case(actor, Capability.BOARD_MANAGE, case)
    _open_or_refused(case)
    _check(actor, details)
    if case.meeting_id and case.meeting and case.meeting.state == MeetingState.CLOSED:
        raise Refused([Fault("", "The meeting is closed.")])
    after = {
        "question": " ".join(details.question.split()), "priority": details.priority, "minutes": details.minutes,
        "presenter": details.presenter,
        "presenter_name": details.presenter.display_name if details.presenter else " ".join(details.presenter_name.split()),
    }  # fmt: skip
    changed = [name for name, value in after.items() if getattr(case, name) != value and name != "presenter"]
    written = write_case(case, seen=seen, **after)
    if changed:
        line = ", ".join(name.replace("_", " ") for name in changed)
        note(actor, written, CaseKind.EDITED, now=now, meeting=case.meeting, line=line)
    return written


@transaction.atomic
def order_agenda(*, actor: Actor, meeting: Meeting, order: Sequence[UUID], seen: int, now: datetime) -> Meeting:
    """Give the agenda this order, if it still is as the page showed it. Raises NotAllowed, Refused."""
    require_meeting(actor, Capability.BOARD_MANAGE, meeting)
    fresh = hold_agenda(meeting, states=ORDERED_IN, seen=seen)
    ids = list(Case.objects.filter(meeting=fresh).order_by("position", "id").values_list("id", flat=True))
    if sorted(ids) != sorted(order):
        raise Refused([Fault("", AGENDA_CHANGED)])
    for place, case_id in enumerate(order, 1):
        Case.objects.filter(pk=case_id).update(position=place)
    record(actor=actor, action="meeting.order", subject=f"meeting {meeting.pk}", detail={"cases": len(ids)}, at=now)
    fresh.refresh_from_db()
    return fresh


@transaction.atomic
def postpone(*, actor: Actor, case: Case, reason: str, line: str, to: Meeting | None, seen: int, now: datetime) -> Case:
    """Take a case off its meeting for a coded reason, onto another one or back to the list. Raises NotAllowed, Refused.

    While the agenda is open coordinators do it; at the meeting whoever may draft its decisions.
    """
    if case.state != CaseState.SCHEDULED or case.meeting is None:
        raise Refused([Fault("", f"The case is {case.get_state_display()}; only one on an agenda is postponed.")])
    planned = case.meeting.state == MeetingState.PLANNED
    require_case(actor, Capability.BOARD_MANAGE if planned else Capability.BOARD_DRAFT, case)
    line = _coded(reason, line, POSTPONED)
    old = hold_agenda(case.meeting, states=frozenset(MeetingState) - {MeetingState.CLOSED})
    if to is not None:
        if to.pk == old.pk or to.institution_id != case.institution_id:
            raise Refused([Fault("to", "Choose another meeting of your institution.")])
        _in_future(to, now)
        to = hold_agenda(to, states=ORDERED_IN)
    after = {"state": CaseState.SCHEDULED if to else CaseState.REFERRED, "meeting": to, "snapshot": None}
    written = write_case(case, seen=seen, **after, position=_end_of(to) if to else None)
    close_ranks(old)
    note(actor, written, CaseKind.POSTPONED, now=now, meeting=old, snapshot=case.snapshot, reason=reason, line=line)
    if to:
        note(actor, written, CaseKind.SCHEDULED, now=now, meeting=to)
    return written


@transaction.atomic
def withdraw(*, actor: Actor, case: Case, reason: str, line: str, seen: int, now: datetime) -> Case:
    """Take a case back for a coded reason. Raises NotAllowed, Refused."""
    require_case(actor, Capability.BOARD_MANAGE, case)
    _open_or_refused(case)
    line = _coded(reason, line, WITHDRAWN)
    old = hold_agenda(case.meeting, states=ORDERED_IN) if case.meeting else None
    written = write_case(case, seen=seen, state=CaseState.WITHDRAWN, meeting=None, position=None, snapshot=None)
    if old:
        close_ranks(old)
    note(actor, written, CaseKind.WITHDRAWN, now=now, meeting=old, reason=reason, line=line)
    return written


@transaction.atomic
def assign_gap(*, actor: Actor, case: Case, key: str, what: Assignment, seen: int, now: datetime) -> ChaseItem:
    """Say who sees to something that the case lacks. `seen`: the version shown, 0 where there was none. Raises Refused."""
    user = require_case(actor, Capability.BOARD_MANAGE, case)
    _open_or_refused(case)
    owner = one_line("owner_name", "The owner", what.owner_name, longest=200)
    department = one_line("department", "The department", what.department, longest=120)
    today = today_for(case.institution, at=now)
    if what.due_on and not today <= what.due_on <= today + FURTHEST_DUE:
        said = (
            f"{show_day(what.due_on)} is not accepted. Accepted is a day from today, {show_day(today)}, within a year."
        )
        raise Refused([Fault("due_on", said)])
    after = {
        "owner_name": owner, "department": department, "due_on": what.due_on, "asked_on": what.asked_on,
        "changed_by": user, "changed_at": now,
    }  # fmt: skip
    meanwhile = Refused([Fault("", "Somebody else assigned this meanwhile. It is shown as it is now; look again.")])
    if seen:
        if not ChaseItem.objects.filter(case=case, key=key, version=seen).update(**after, version=F("version") + 1):
            raise meanwhile
    else:
        try:
            with transaction.atomic():
                ChaseItem.objects.create(case=case, key=key, **after)
        except IntegrityError:
            raise meanwhile from None
    patient = case.tumor.patient
    record(
        actor=actor, action="case.assign", patient_id=patient.pk, institution_id=patient.institution_id,
        subject=f"case {case.pk}", detail={"gap": key}, at=now,
    )  # fmt: skip
    return ChaseItem.objects.get(case=case, key=key)


def _open(actor: Actor, tumor: Tumor, referral: Referral, details: Details, referred_by: User, now: datetime) -> Case:
    try:
        with transaction.atomic():
            case = Case.objects.create(
                institution=tumor.patient.institution, tumor=tumor, referral=referral, referred_by=referred_by,
                referred_by_name=referred_by.display_name, referred_at=now, question=" ".join(details.question.split()),
                priority=details.priority, minutes=details.minutes, presenter=details.presenter,
                presenter_name=details.presenter.display_name if details.presenter else details.presenter_name,
            )  # fmt: skip
    except IntegrityError:
        raise Refused([Fault("", f"{tumor} has an open case already; change its question instead.")]) from None
    note(actor, case, CaseKind.REFERRED, now=now)
    return case


def _check(actor: Actor, details: Details) -> None:
    def rest() -> list[Fault]:
        faults = []
        if details.priority not in Priority.values:
            faults.append(
                Fault(
                    "priority", f"“{details.priority[:20]}” is not accepted. Accepted is {', '.join(Priority.values)}."
                )
            )
        if not 1 <= details.minutes <= 120:
            faults.append(Fault("minutes", f"{details.minutes} minutes are not accepted. Accepted are 1 to 120."))
        presenter = details.presenter
        if presenter and (presenter.institution_id != actor.institution_id or not presenter.is_active):
            faults.append(
                Fault("presenter", f"{presenter.display_name} is nobody of your institution. Type the name of a guest.")
            )
        return faults

    gathered(
        lambda: one_line("question", "The question", details.question, longest=500) and None,
        lambda: one_line("presenter_name", "The presenter", details.presenter_name, longest=200) and None,
        rest,
    )


def _coded(reason: str, line: str, reasons: dict[str, str]) -> str:
    if reason not in reasons:
        raise Refused([Fault("reason", "Choose one of the reasons listed.")])
    return one_line("line", "The other reason in a line", line, longest=500, needed=reason == "other")


def _open_or_refused(case: Case) -> None:
    if case.state not in OPEN_STATES:
        raise Refused([Fault("", f"The case is {case.get_state_display()}; it is not changed any more.")])


def _in_future(meeting: Meeting, now: datetime) -> None:
    if meeting.begins_at <= now:
        day = show_day(today_for(meeting.institution, at=meeting.begins_at))
        raise Refused(
            [Fault("meeting", f"The meeting of {day} has begun or is over. Choose one that is still to come.")]
        )


def _end_of(meeting: Meeting) -> int:
    return (Case.objects.filter(meeting=meeting).aggregate(last=Max("position"))["last"] or 0) + 1

"""The demo's tumor board: a series of meetings, two that are over, the next one with its cases, one case that waits.

Made once, by the actions of `boards` in the names of the demo's people; what is there already, and was changed, stays.
Called by the command `load_demo`.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db import transaction

from boards.actions.cases import Details, order_agenda, refer_case, schedule
from boards.actions.meetings import Invited, Plan, call_meetings, invite
from boards.models import Case, Meeting, Priority, Repeats
from boards.models.cases import OPEN_STATES
from netcare.access import User, today_for
from netcare.demo import people
from netcare.demo.past_board import FIRST, PUT_OFF, SECOND, load_past
from netcare.demo.records import QUESTIONS
from pathways.assessing import assess_tumor
from pathways.reviews.signing import Draft, Word, seen_token, sign_review
from patients.models import Patient, Tumor

# Who stands on the agenda, with minutes and whether a presenter is named; DEMO-013 waits for a meeting.
AGENDA = (
    ("DEMO-003", 8, True),
    ("DEMO-005", 8, True),
    ("DEMO-006", 8, True),
    ("DEMO-012", 6, False),
    ("DEMO-014", 8, True),
)
WAITING = "DEMO-013"
FURTHER_QUESTIONS = {"DEMO-012": "What is to be completed first?"}
GUESTS = (
    ("Dr. Paula Slidewell", "pathology"),
    ("Dr. Iris Scanly", "radiology"),
    ("Dr. Noah Tracer", "nuclear_medicine"),
)
THURSDAY = 3
FORTNIGHT = timedelta(days=14)
REVIEWED = "DEMO-006"
PAST_PATIENTS = [*(entry.mrn for entry in (*FIRST, *SECOND)), PUT_OFF[0]]


def load_board(*, now: datetime) -> Iterator[str]:
    """Make the board where the institution has none yet, and say what was made."""
    coordinator = people.clinician("coordinator")
    if Meeting.objects.filter(institution=coordinator.home).exists():
        return
    with transaction.atomic():
        coming = _made(now)
    said = f"{coming.cases.count()} cases, {coming.members.count()} members"
    yield f"{coming.title} on {coming.begins_at.date().isoformat()}: {said}; two meetings before it are signed"


def _made(now: datetime) -> Meeting:
    """The series with its past, and the coming meeting prepared."""
    coordinator, chair = people.clinician("coordinator"), people.clinician("chair")
    day = today_for(coordinator.home, at=now) + timedelta(days=7)
    day += timedelta(days=(THURSDAY - day.weekday()) % 7)
    plan = Plan(
        "NET board", day - 2 * FORTNIGHT, time(14), coordinator.home.time_zone, 60, chair.person, "Room 4.12",
        repeats=Repeats.FORTNIGHTLY, ahead=5,
    )  # fmt: skip
    meetings = call_meetings(actor=coordinator, plan=plan, now=now - 3 * FORTNIGHT)
    first, second, coming = meetings[:3]
    for meeting in (first, second, coming):
        _invite(meeting, now)
    if Patient.objects.filter(institution=coordinator.home, mrn__in=PAST_PATIENTS).count() == len(PAST_PATIENTS):
        load_past(first, second, coming)
    _prepare(coming, now)
    _review(REVIEWED, now)
    return coming


def _invite(meeting: Meeting, now: datetime) -> None:
    clinician = people.clinician()
    people_here = [Invited("surgery", meeting.chair), Invited("oncology", clinician.person)]
    for invited in (*people_here, *(Invited(kind, name=name) for name, kind in GUESTS)):
        invite(actor=people.clinician("coordinator"), meeting=meeting, invited=invited, now=now)


def _prepare(coming: Meeting, now: datetime) -> None:
    """Its cases in their order, those that were carried over among them, and one that waits."""
    coordinator, clinician = people.clinician("coordinator"), people.clinician()
    for mrn, minutes, presented in AGENDA:
        case = _refer(mrn, minutes, clinician.person if presented else None, now)
        if case:
            schedule(actor=coordinator, case=case, meeting=coming, seen=case.version, now=now)
    _refer(WAITING, 7, None, now, priority=Priority.SOON)
    coming.refresh_from_db()
    order = sorted(coming.cases.select_related("tumor__patient"), key=lambda case: case.tumor.patient.mrn)
    ids = [case.pk for case in order]
    order_agenda(actor=coordinator, meeting=coming, order=ids, seen=coming.order_version, now=now)


def _review(mrn: str, now: datetime) -> None:
    """One signed review, so that one case is ready."""
    clinician = people.clinician()
    tumor = Tumor.objects.filter(patient__institution=clinician.home, patient__mrn=mrn, number=1)
    for one in tumor.select_related("patient__institution"):
        seen = seen_token(assess_tumor(one, as_of=today_for(clinician.home, at=now)))
        words = (Word("lutetium_dotatate", "bring_to_board"), Word("clinical_trial", "discuss"))
        sign_review(actor=clinician, tumor=one, seen=seen, draft=Draft(words, "yes"), now=now)


def _refer(
    mrn: str, minutes: int, presenter: User | None, now: datetime, *, priority: str = Priority.ROUTINE
) -> Case | None:
    clinician = people.clinician()
    patient = Patient.objects.filter(institution=clinician.home, mrn=mrn).select_related("institution").first()
    if patient is None or Case.objects.filter(tumor__patient=patient, state__in=OPEN_STATES).exists():
        return None  # carried over from a meeting before, it stands on the agenda already
    tumor = Tumor.objects.select_related("patient__institution").get(patient=patient, number=1)
    question = QUESTIONS.get(mrn) or FURTHER_QUESTIONS.get(mrn, "")
    details = Details(question, priority, minutes, presenter)
    return refer_case(actor=clinician, patient=patient, tumor=tumor, details=details, now=now)

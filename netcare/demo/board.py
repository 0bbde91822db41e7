"""The demo's tumor board: a series of meetings, the next one with cases of the fictional patients, one case that waits.

Made once, by the actions of `boards` in the names of the demo's people; what is there already, and was changed, stays.
Called by the command `load_demo`.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from boards.actions.cases import Details, refer_case, schedule
from boards.actions.meetings import Invited, Plan, call_meetings, invite
from boards.models import Case, Meeting, Priority, Repeats
from netcare.access import User, today_for
from netcare.demo import people
from netcare.demo.records import QUESTIONS
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


def load_board(*, now: datetime) -> Iterator[str]:
    """Make the board where the institution has none yet, and say what was made."""
    coordinator, clinician, chair = (people.clinician(name) for name in ("coordinator", "clinician", "chair"))
    if Meeting.objects.filter(institution=coordinator.home).exists():
        return
    day = today_for(coordinator.home, at=now) + timedelta(days=7)
    day += timedelta(days=(THURSDAY - day.weekday()) % 7)
    plan = Plan(
        "NET board", day, time(14), coordinator.home.time_zone, 60, chair.person, "Room 4.12", repeats=Repeats.FORTNIGHTLY,
        ahead=3,
    )  # fmt: skip
    first, *_ = call_meetings(actor=coordinator, plan=plan, now=now)
    for invited in (Invited("oncology", clinician.person), *(Invited(kind, name=name) for name, kind in GUESTS)):
        invite(actor=coordinator, meeting=first, invited=invited, now=now)
    for mrn, minutes, presented in AGENDA:
        case = _refer(mrn, minutes, clinician.person if presented else None, now)
        if case:
            schedule(actor=coordinator, case=case, meeting=first, seen=case.version, now=now)
    _refer(WAITING, 7, None, now, priority=Priority.SOON)
    yield f"{first.title} on {day.isoformat()}: {first.cases.count()} cases, {first.members.count()} members"


def _refer(
    mrn: str, minutes: int, presenter: User | None, now: datetime, *, priority: str = Priority.ROUTINE
) -> Case | None:
    clinician = people.clinician()
    patient = Patient.objects.filter(institution=clinician.home, mrn=mrn).select_related("institution").first()
    if patient is None:
        return None
    tumor = Tumor.objects.select_related("patient__institution").get(patient=patient, number=1)
    question = QUESTIONS.get(mrn) or FURTHER_QUESTIONS.get(mrn, "")
    details = Details(question, priority, minutes, presenter)
    return refer_case(actor=clinician, patient=patient, tumor=tumor, details=details, now=now)

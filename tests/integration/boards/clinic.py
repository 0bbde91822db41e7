"""What the tests of the board do again and again: a meeting, a referred tumor, a locked agenda."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from boards.actions.cases import Details, refer_case, schedule
from boards.actions.meetings import Invited, Plan, call_meetings, invite, lock_agenda
from boards.models import Case, Meeting
from netcare.access import Role, User
from patients.models import Tumor
from tests.cast import Cast, acting, person
from tests.integration.recall.clinic import with_uptake

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
# Where pages ask the clock, a meeting of next week is one of next week.
SOON = timedelta(days=7)


def chair_of(cast: Cast) -> User:
    """A clinician who is in no care team."""
    return person(cast.northside, "Gaston", Role.CLINICIAN)


def called(cast: Cast, chair: User, *, now: datetime = NOW, **more: Any) -> Meeting:
    """One meeting a week later, at two in the afternoon."""
    said = {
        "title": "NET board",
        "on": (now + SOON).date(),
        "at": time(14),
        "time_zone": "Europe/Berlin",
        "minutes": 60,
    }
    (meeting,) = call_meetings(actor=acting(cast.cora), plan=Plan(chair=chair, **said | more), now=now)
    return meeting


def referred(cast: Cast, mrn: str = "N-1", *, now: datetime = NOW, **details: Any) -> Case:
    """A patient of Clara's, referred to the board."""
    tumor = with_uptake(cast, mrn)
    said = Details(**{"question": "What comes next?"} | details)
    return refer_case(actor=acting(cast.clara), patient=tumor.patient, tumor=tumor, details=said, now=now)


def on_agenda(cast: Cast, meeting: Meeting, mrn: str = "N-1", *, now: datetime = NOW, **details: Any) -> Case:
    """A referred case, put on the meeting."""
    case = referred(cast, mrn, now=now, **details)
    return schedule(actor=acting(cast.cora), case=case, meeting=meeting, seen=case.version, now=now)


def locked(cast: Cast, meeting: Meeting, *, now: datetime = NOW) -> Meeting:
    """The agenda locked as it stands."""
    meeting.refresh_from_db()
    return lock_agenda(actor=acting(cast.cora), meeting=meeting, seen=meeting.order_version, now=now)


def invited(cast: Cast, meeting: Meeting, user: User, *, now: datetime = NOW) -> None:
    invite(actor=acting(cast.cora), meeting=meeting, invited=Invited("oncology", user), now=now)


def again(case: Case) -> Case:
    """The case as it is now."""
    related = ("tumor__patient__institution", "meeting__chair", "snapshot")
    return Case.objects.select_related(*related).get(pk=case.pk)


def bytes_of(answer: Any) -> bytes:
    """The whole of a downloaded file, which is closed; the request is not ended by it."""
    data = b"".join(answer.streaming_content)
    for close in answer._resource_closers:
        close()
    return data


def tumor_of(case: Case) -> Tumor:
    return case.tumor


DAY = date(2026, 12, 10)

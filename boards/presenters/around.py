"""What the meeting screen says around a case: other readings, whether the list differs since locking, and the plan of time.

It reads the record of today beside what was kept, and decides nothing. Called by the view of the screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from boards.models import Case, Meeting
from boards.presenters.differs import Differs, differs_since_locking
from pathways.assessing import TumorAssessment
from pathways.presenters.readings import Disagreement, disagreements


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A report that reads otherwise, and the list under it."""

    said: str
    under: str
    url: str


@dataclass(frozen=True, slots=True)
class Pace:
    """The plan of time in milliseconds of the clock: when the meeting begins, and when this case is to be through."""

    begins: int
    due: int
    left: int


@dataclass(frozen=True, slots=True)
class Around:
    """Everything around the case."""

    differs: Differs | None
    readings: tuple[OtherReading, ...]
    pace: Pace


def around(case: Case, done: TumorAssessment, meeting: Meeting, agenda: Sequence[Case]) -> Around:
    """For a case on a locked agenda. Raises NotReplayable."""
    readings = tuple(_reading(case, one) for one in disagreements(done, {}))
    return Around(differs_since_locking(case, done), readings, _pace(case, meeting, agenda))


def _reading(case: Case, one: Disagreement) -> OtherReading:
    said = "; ".join(f"{row.title} {row.other}" for row in one.rows)
    url = reverse("pathways:tumor", args=[case.tumor.patient_id, case.tumor.number])
    return OtherReading(f"{said} ({one.other_origin})", one.under, f"{url}?reading={one.finding}")


def _pace(case: Case, meeting: Meeting, agenda: Sequence[Case]) -> Pace:
    """The cases in the order of the agenda, one after the other from the beginning of the meeting."""
    before = sum(other.minutes for other in agenda if (other.position or 0) < (case.position or 0))
    due = meeting.begins_at + timedelta(minutes=before + case.minutes)
    left = sum(other.state == "scheduled" for other in agenda)
    return Pace(_clock(meeting.begins_at), _clock(due), left)


def _clock(at: datetime) -> int:
    return int(at.timestamp() * 1000)

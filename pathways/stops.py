"""Reads of emergency stops: each with what happened to it, which are in force, and whether the second look is overdue.

What it refuses to do: decide anything; the overlay that assessments are made under is read in `pathways.selectors`.
Who calls it: the actions that change stops, presenters, the frame of every page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from netcare.access import Institution
from pathways.engine import LISTED
from pathways.models import CurrentStatus, EmergencyStop, StopEvent, StopEventKind

SECOND_LOOK_WITHIN = timedelta(hours=24)
OWN_MISTAKE_WITHIN = timedelta(hours=1)


@dataclass(frozen=True)
class StopCase:
    """One stop and its events by kind."""

    stop: EmergencyStop
    events: Mapping[str, StopEvent]

    @property
    def asked(self) -> StopEvent | None:
        return self.events.get(StopEventKind.ASKED)

    @property
    def declined(self) -> StopEvent | None:
        return self.events.get(StopEventKind.DECLINED)

    @property
    def placed(self) -> StopEvent | None:
        return self.events.get(StopEventKind.PLACED)

    @property
    def confirmed(self) -> StopEvent | None:
        return self.events.get(StopEventKind.CONFIRMED)

    @property
    def lifted(self) -> StopEvent | None:
        return self.events.get(StopEventKind.LIFTED)

    @property
    def is_open_ask(self) -> bool:
        return self.placed is None and self.declined is None

    @property
    def is_active(self) -> bool:
        return self.placed is not None and self.lifted is None

    @property
    def look_due(self) -> datetime | None:
        """Until when another approver looks; None where nobody has to any more."""
        if self.placed is None or not self.is_active or self.confirmed is not None:
            return None
        return self.placed.at + SECOND_LOOK_WITHIN

    def is_overdue(self, now: datetime) -> bool:
        """Whether the second look should have been taken by now; the stop stays all the same."""
        return self.look_due is not None and now > self.look_due


def stop_cases() -> list[StopCase]:
    """Every stop ever asked for or placed, the latest first."""
    return _cases(EmergencyStop.objects.all())


def active_cases() -> list[StopCase]:
    """The stops in force, in the order in which they began."""
    placed = EmergencyStop.objects.filter(events__kind=StopEventKind.PLACED)
    lifted = StopEvent.objects.filter(kind=StopEventKind.LIFTED).values("stop_id")
    return list(reversed(_cases(placed.exclude(id__in=lifted))))


def stop_case(stop_id: UUID) -> StopCase | None:
    """One stop, or None."""
    return next(iter(_cases(EmergencyStop.objects.filter(id=stop_id))), None)


def asks_waiting() -> int:
    """How many requests for a stop wait for an answer."""
    answered = StopEvent.objects.filter(kind__in=(StopEventKind.PLACED, StopEventKind.DECLINED)).values("stop_id")
    return EmergencyStop.objects.exclude(id__in=answered).count()


def patients_listing(option: str, institution: Institution | None) -> int:
    """For how many patients of an institution the option is listed, by the statuses in force."""
    listed = CurrentStatus.objects.filter(
        option=option, status__in=[str(status) for status in LISTED], tumor__patient__institution=institution
    )
    return listed.values("tumor__patient_id").distinct().count()


def _cases(stops: QuerySet[EmergencyStop]) -> list[StopCase]:
    rows = stops.order_by("-opened_at", "-id").prefetch_related("events")
    return [StopCase(row, {event.kind: event for event in row.events.all()}) for row in rows]

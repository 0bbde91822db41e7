"""What the board adds to the timeline of a tumor: the meeting that waits for its case, postponements, and decisions.

A mark leads to the case or the decision; days are those of the place where the meeting is. Registered with
``pathways.presenters.timeline``, which knows no board.
"""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.urls import reverse

from boards.models import Case, CaseEvent, CaseKind, CaseState, Decision, Meeting, Word
from boards.reasons import POSTPONED
from pathways.drawing.timeline import Glyph
from pathways.presenters.timeline.entries import Noted, day_entry
from patients.models import Patient, Tumor

LANE, KIND = "board", "Board"


def board_marks(patient: Patient, tumor: Tumor) -> Sequence[Noted]:
    """Every decision, postponement and coming meeting of the tumor's cases."""
    decisions = Decision.objects.filter(case__tumor=tumor).select_related("meeting", "case").prefetch_related("options")
    put_off = CaseEvent.objects.filter(case__tumor=tumor, kind=CaseKind.POSTPONED).select_related("meeting", "case")
    coming = Case.objects.filter(tumor=tumor, state=CaseState.SCHEDULED).select_related("meeting__chair")
    return [
        *(_decided(patient, one) for one in decisions.order_by("recorded_at", "id")),
        *(_postponed(patient, one) for one in put_off.order_by("at", "id") if one.meeting),
        *(_coming(patient, one, one.meeting) for one in coming.order_by("referred_at", "id") if one.meeting),
    ]


def _decided(patient: Patient, decision: Decision) -> Noted:
    taken = ", ".join(option.title for option in decision.options.all() if option.word == Word.TAKEN)
    entry = day_entry(
        f"decision-{decision.pk}",
        KIND,
        _day(decision.meeting),
        f"Decided at {decision.meeting.title}",
        value=f"taken forward: {taken}" if taken else " ".join(decision.note.split()),
        details=decision.case.question,
        origin=f"recorded by {decision.recorded_by_name}",
        url=reverse("boards:decision", args=[patient.pk, decision.case_id]),
    )
    return Noted(LANE, Glyph.BOARD, taken or "decided", entry)


def _postponed(patient: Patient, event: CaseEvent) -> Noted:
    assert event.meeting is not None
    why = POSTPONED.get(event.reason, event.reason)
    entry = day_entry(
        f"postponed-{event.pk}",
        KIND,
        _day(event.meeting),
        f"Postponed from {event.meeting.title}",
        value=why,
        details=event.line,
        origin=f"by {event.by_name}",
        url=_case_url(patient, event.case),
    )
    return Noted(LANE, Glyph.BOARD, "postponed", entry)


def _coming(patient: Patient, case: Case, meeting: Meeting) -> Noted:
    entry = day_entry(
        f"case-{case.pk}",
        KIND,
        _day(meeting),
        f"On the agenda of {meeting.title}",
        value=case.question,
        origin=f"chair {meeting.chair.display_name}",
        url=_case_url(patient, case),
    )
    return Noted(LANE, Glyph.BOARD, meeting.title, entry, planned=True)


def _case_url(patient: Patient, case: Case) -> str:
    return reverse("boards:case", args=[patient.pk, case.pk])


def _day(meeting: Meeting) -> date:
    return meeting.begins_at.astimezone(ZoneInfo(meeting.time_zone)).date()

"""What the board's views share: the frame of a meeting's pages, and acting on a form."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from boards.models import Case, Meeting, MeetingState
from boards.presenters.agenda import meeting_line
from boards.states import OVER
from netcare import audit
from netcare.access import Actor, Capability, actor_of
from patients.actions.shared import Refused


@dataclass(frozen=True)
class Tab:
    title: str
    url: str
    current: bool


def meeting_context(request: HttpRequest, meeting: Meeting, current: str) -> dict[str, Any]:
    """What every page of a meeting shows."""
    actor = actor_of(request)
    names = [("meeting", "Agenda"), ("members", "Members")]
    if actor.may(Capability.BOARD_MANAGE).allowed:
        names.append(("chase", "Chase list"))
    names += [("packets", "Packets"), ("earlier", "Earlier decisions"), ("minutes", "Minutes")]
    tabs = [Tab(title, reverse(f"boards:{name}", args=[meeting.pk]), name == current) for name, title in names]
    return {
        "meeting": meeting,
        "line": meeting_line(meeting),
        "tabs": tabs,
        "may_manage": actor.may(Capability.BOARD_MANAGE).allowed,
        "is_chair": actor.id == meeting.chair_id,
        "is_planned": meeting.state == MeetingState.PLANNED,
        "is_locked": meeting.state == MeetingState.LOCKED,
        "is_held": meeting.state == MeetingState.HELD,
        "is_closed": meeting.state in OVER,
        "is_off": meeting.state == MeetingState.OFF,
        "has_begun": meeting.begins_at <= timezone.now(),
    }


def record_read(request: HttpRequest, action: str, cases: Iterable[Case], **detail: Any) -> None:
    """The audit row of a page that shows these cases."""
    patients = dict.fromkeys(case.tumor.patient_id for case in cases)
    actor: Actor = actor_of(request)
    audit.record(actor=actor, action=action, patient_ids=list(patients), detail=detail, request=request)


def done(request: HttpRequest, form: Any, act: Callable[[], Any], sentence: str) -> Any:
    """What the action gives, or None with its sentences on the form."""
    try:
        result = act()
    except Refused as refused:
        if form is None:
            for fault in refused.faults:
                messages.error(request, fault.sentence)
        else:
            form.add_refusal(refused)
        return None
    if sentence:
        messages.success(request, sentence)
    return result if result is not None else True


def local_begin(meeting: Meeting) -> datetime:
    """When the meeting begins, on the wall where it takes place."""
    return timezone.localtime(meeting.begins_at, ZoneInfo(meeting.time_zone))

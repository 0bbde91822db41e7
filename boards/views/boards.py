"""The board's start page: the next meeting and its readiness, referrals that wait, meetings to come and past; figures."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from boards.actions.meetings import call_meetings
from boards.forms.cases import MeetingChoice
from boards.forms.meetings import MeetingForm
from boards.models import Case, Meeting
from boards.presenters.agenda import agenda_page, case_rows, meeting_line
from boards.presenters.figures import figures, figures_table
from boards.presenters.follow_up import follow_up_said
from boards.selectors import (
    agenda_of,
    meetings_of,
    next_meeting,
    planned_meetings,
    referrals_without_case,
    waiting_cases,
)
from boards.views.common import done, record_read
from netcare.access import Actor, Capability, actor_of, policy, today_for
from pathways.presenters.for_you import for_you
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from patients.imports.downloads import CSV_TYPE, csv_bytes
from patients.selectors import tumors_of

MOST_PAST = 12


@require_safe
@policy(Capability.BOARD_READ)
def boards(request: HttpRequest) -> HttpResponse:
    """Where a coordinator's day begins; others see the meetings and the cases that are theirs."""
    actor, now = actor_of(request), timezone.now()
    today, manages = today_for(actor.home, at=now), actor.may(Capability.BOARD_MANAGE).allowed
    coming = next_meeting(actor, now)
    agenda = agenda_of(actor, coming) if coming else []
    waiting = waiting_cases(actor) if manages else []
    context = {
        "next": meeting_line(coming) if coming else None,
        "agenda": _agenda(coming, agenda, today),
        "meetings": _lines(
            meetings_of(actor).filter(begins_at__gte=now - timedelta(hours=8)).order_by("begins_at", "id")
        ),
        "past": _lines(meetings_of(actor).filter(begins_at__lt=now).order_by("-begins_at", "-id")[:MOST_PAST]),
        "may_manage": manages,
        "may_see_figures": actor.may(Capability.BOARD_FIGURES).allowed,
        "waiting": _waiting(actor, waiting, now) if manages else [],
        "referrals": [(one, tumors_of(one.patient)) for one in referrals_without_case(actor)] if manages else [],
        "follow_up": follow_up_said(actor, today),
        "for_you": _for_you(actor, today),
    }
    record_read(request, "board.list", [*agenda, *waiting])
    return render(request, "boards/boards.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.BOARD_MANAGE)
def new_meeting(request: HttpRequest) -> HttpResponse:
    """Call one meeting, or a series."""
    actor = actor_of(request)
    form = MeetingForm(request.POST or None, institution=actor.home)
    if form.is_valid():
        made = done(request, form, lambda: call_meetings(actor=actor, plan=form.plan(), now=timezone.now()), "")
        if made:
            messages.success(request, "Called." if len(made) == 1 else f"{len(made)} meetings are called.")
            return redirect("boards:meeting", meeting_id=made[0].pk)
    return render(request, "boards/new_meeting.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@policy(Capability.BOARD_FIGURES)
def board_figures(request: HttpRequest) -> HttpResponse:
    """The board in numbers."""
    return render(request, "boards/figures.html", {"figures": figures(actor_of(request))})


@require_safe
@policy(Capability.BOARD_FIGURES)
def figures_csv(request: HttpRequest) -> HttpResponse:
    """The same numbers for a spreadsheet."""
    headers = {"Content-Disposition": 'attachment; filename="board-figures.csv"'}
    table = figures_table(figures(actor_of(request)))
    return HttpResponse(csv_bytes(table), content_type=CSV_TYPE, headers=headers)


def _agenda(meeting: Meeting | None, cases: list[Case], today: Any) -> Any:
    if meeting is None:
        return None
    return agenda_page(meeting, cases, total=Case.objects.filter(meeting=meeting).count(), today=today)


def _lines(rows: Any) -> list[Any]:
    return [meeting_line(one, one.number_of_cases) for one in rows.annotate(number_of_cases=Count("cases"))]


def _waiting(actor: Actor, cases: list[Case], now: Any) -> list[Any]:
    """The waiting cases, each with the form that puts it on a meeting."""
    meetings = planned_meetings(actor, now)
    rows = case_rows(cases, today_for(actor.home, at=now))
    forms = [MeetingChoice(meetings=meetings, seen=row.version) for row in rows]
    return list(zip(rows, cases, forms, strict=True))


def _for_you(actor: Actor, today: Any) -> Any:
    try:
        return for_you(actor, today, ruleset_in_force().ruleset)
    except NoRulesetInForce:
        return None

"""One meeting: its agenda and order, its steps, members and attendance, the chase list, the calendar file."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from boards.actions import meetings as acts
from boards.actions.cases import order_agenda
from boards.calendar_file import calendar_file
from boards.forms.meetings import ChangeMeetingForm, InviteForm
from boards.models import Case, Meeting, MeetingState, Presence
from boards.policies import meeting_or_404
from boards.presenters.agenda import agenda_page, attendance_said, chase_lists
from boards.presenters.decided import item_line
from boards.presenters.papers import packet_panel
from boards.selectors import agenda_of, items_before, live_members, waiting_cases
from boards.views.common import done, local_begin, meeting_context, record_read
from netcare.access import Actor, Capability, actor_of, policy, today_for
from patients.policies import NOT_FOUND


@require_safe
@policy(Capability.BOARD_READ)
def meeting(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The agenda with the readiness of each case, and what became of the last meeting's decisions."""
    found = meeting_or_404(actor_of(request), meeting_id)
    return _agenda(request, found)


@require_POST
@policy(Capability.BOARD_MANAGE)
def order(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Another order: one case up or down by its button, or all of them as they were dragged."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    wanted, seen = _wanted_order(request, found), _number(request.POST.get("seen", ""))
    saved = done(
        request, None, lambda: order_agenda(actor=actor, meeting=found, order=wanted, seen=seen, now=timezone.now()), ""
    )
    if saved is None and request.headers.get("Accept") == "application/json":
        return HttpResponse(status=409)
    # A place to scroll to would take the focus from the case that the script gives it back to.
    place = "" if request.POST.get("focused") else "#agenda"
    return redirect(f"{request.path.removesuffix('order/')}{place}")


@require_POST
@policy(Capability.BOARD_MANAGE, Capability.BOARD_DRAFT)
def step(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Lock the agenda, open it again, end the meeting, or call it off."""
    actor, now = actor_of(request), timezone.now()
    found, seen = meeting_or_404(actor, meeting_id), _number(request.POST.get("seen", ""))
    steps = {
        "lock": (lambda: acts.lock_agenda(actor=actor, meeting=found, seen=seen, now=now), "The agenda is locked."),
        "unlock": (lambda: acts.unlock_agenda(actor=actor, meeting=found, now=now), "The agenda is open again."),
        "hold": (lambda: acts.end_meeting(actor=actor, meeting=found, now=now), "The meeting is over."),
        "off": (
            lambda: acts.call_off(actor=actor, meeting=found, why=request.POST.get("why", ""), seen=seen, now=now),
            "The meeting is called off; its cases wait for another. Send the calendar file again.",
        ),
    }  # fmt: skip
    if request.POST.get("step") not in steps:
        messages.error(request, "This is not a step of a meeting. Accepted are lock, unlock, hold and off.")
    else:
        act, sentence = steps[request.POST["step"]]
        done(request, None, act, sentence)
    return redirect("boards:meeting", meeting_id=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.BOARD_MANAGE)
def change(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Change when, where and who chairs."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    form = ChangeMeetingForm(request.POST or None, institution=actor.home, meeting=found, local=local_begin(found))
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        act = lambda: acts.change_meeting(actor=actor, meeting=found, plan=form.plan(), seen=seen, now=timezone.now())  # noqa: E731
        if done(request, form, act, "Changed. Send the calendar file again."):
            return redirect("boards:meeting", meeting_id=found.pk)
    context = meeting_context(request, found, "meeting") | {"form": form}
    return render(request, "boards/change_meeting.html", context, status=400 if form.errors else 200)


@require_POST
@policy(Capability.BOARD_MANAGE)
def extend(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Make the next dates of the meeting's series."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    if found.series is None:
        raise Http404(NOT_FOUND)
    number, series = _number(request.POST.get("ahead", "")), found.series
    act = lambda: acts.extend_series(actor=actor, series=series, how_many=number, now=timezone.now())  # noqa: E731
    done(request, None, act, "The next dates are made.")
    return redirect("boards:boards")


@require_safe
@policy(Capability.BOARD_READ)
def members(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Who is invited, and who came."""
    actor = actor_of(request)
    return _members(request, meeting_or_404(actor, meeting_id), InviteForm(institution=actor.home))


@require_POST
@policy(Capability.BOARD_MANAGE)
def invite(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Invite somebody."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    form = InviteForm(request.POST, institution=actor.home)
    if form.is_valid():
        act = lambda: acts.invite(actor=actor, meeting=found, invited=form.invited(), now=timezone.now())  # noqa: E731
        if done(request, form, act, "Invited."):
            return redirect("boards:members", meeting_id=found.pk)
    return _members(request, found, form)


@require_POST
@policy(Capability.BOARD_MANAGE)
def uninvite(request: HttpRequest, meeting_id: UUID, member_id: UUID) -> HttpResponse:
    """Take an invitation back."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    member = live_members(found).select_related("meeting").filter(pk=member_id).first()
    if member is None:
        raise Http404(NOT_FOUND)
    act = lambda: acts.uninvite(actor=actor, member=member, now=timezone.now())  # noqa: E731
    done(request, None, act, f"{member.name} is no longer invited.")
    return redirect("boards:members", meeting_id=found.pk)


@require_POST
@policy(Capability.BOARD_DRAFT)
def attendance(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """Record who came."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    said = {name.removeprefix("presence-"): request.POST[name] for name in request.POST if name.startswith("presence-")}
    presences = acts.presences_from(list(live_members(found)), said)
    act = lambda: acts.attend(actor=actor, meeting=found, presences=presences, now=timezone.now())  # noqa: E731
    done(request, None, act, "The attendance is recorded.")
    return redirect("boards:members", meeting_id=found.pk)


@require_safe
@policy(Capability.BOARD_MANAGE)
def chase(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """What lacks, by department, to print or to copy as text."""
    actor = actor_of(request)
    found = meeting_or_404(actor, meeting_id)
    cases, today = agenda_of(actor, found), today_for(actor.home)
    page = agenda_page(found, cases, total=len(cases), today=today)
    record_read(request, "board.chase", cases, meeting=str(found.pk))
    context = meeting_context(request, found, "chase") | {"lists": chase_lists(page.rows, today), "page": page}
    return render(request, "boards/chase.html", context)


@require_safe
@policy(Capability.BOARD_READ)
def calendar(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The calendar file; it names no patient."""
    found = meeting_or_404(actor_of(request), meeting_id)
    headers = {"Content-Disposition": f'attachment; filename="board-{local_begin(found):%Y-%m-%d}.ics"'}
    content = calendar_file(found, now=timezone.now())
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _members(request: HttpRequest, found: Meeting, form: InviteForm) -> HttpResponse:
    invited = list(live_members(found))
    may_attend = actor_of(request).may(Capability.BOARD_DRAFT).allowed and found.state in ("locked", "held")
    context = meeting_context(request, found, "members") | {
        "form": form,
        "members": invited,
        "presences": Presence.choices,
        "said": attendance_said(invited),
        "may_attend": may_attend,
    }
    return render(request, "boards/members.html", context, status=400 if form.errors else 200)


def _agenda(request: HttpRequest, found: Meeting) -> HttpResponse:
    actor, today = actor_of(request), today_for(found.institution)
    cases = agenda_of(actor, found)
    total = Case.objects.filter(meeting=found).count()
    before, waiting = items_before(actor, found), _could_come(actor, found)
    read = [*cases, *waiting, *(item.decision.case for item in before)]
    record_read(request, "board.read", read, meeting=str(found.pk))
    page = agenda_page(found, cases, total=total, today=today)
    lines = [item_line(item, item.decision, today) for item in before]
    context = meeting_context(request, found, "meeting") | {
        "page": page,
        "before": lines,
        "before_done": sum(not line.open for line in lines),
        "lacking": chase_lists(page.rows, today),
        "waiting": waiting,
        "said": attendance_said(list(live_members(found))),
        "packets": packet_panel(actor, found, timezone.now()),
    }
    return render(request, "boards/meeting.html", context)


def _could_come(actor: Actor, found: Meeting) -> list[Case]:
    """The cases that wait and could be put on this meeting, for coordinators."""
    still_to_come = found.state == MeetingState.PLANNED and found.begins_at > timezone.now()
    return waiting_cases(actor) if still_to_come and actor.may(Capability.BOARD_MANAGE).allowed else []


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _wanted_order(request: HttpRequest, found: Meeting) -> list[UUID]:
    """The order asked for; what is not an identifier is left out, and the action then refuses the whole."""
    listed = request.POST.getlist("order")
    wanted = [UUID(one) for one in listed if _is_id(one)]
    move, case = request.POST.get("move", ""), request.POST.get("case", "")
    if ":" in move:
        move, case = move.split(":", 1)
    if move in ("up", "down") and _is_id(case) and UUID(case) in wanted:
        place = wanted.index(UUID(case))
        other = max(0, min(len(wanted) - 1, place + (-1 if move == "up" else 1)))
        wanted.insert(other, wanted.pop(place))
    return wanted


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True

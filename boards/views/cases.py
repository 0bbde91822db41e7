"""A patient's cases: referring with one button, one case with its history, and what coordinators do with it."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from boards.actions import cases as acts
from boards.attaching import attachment_lines
from boards.forms.cases import AssignForm, EditForm, MeetingChoice, PostponeForm, ReferForm, WithdrawForm
from boards.models import Case, MeetingState
from boards.models.cases import OPEN_STATES
from boards.policies import case_or_404
from boards.presenters.agenda import case_rows
from boards.presenters.decided import history
from boards.presenters.referring import referral_begins
from boards.selectors import cases_of_tumors, events_of, next_open_case, planned_meetings
from boards.views.common import done
from netcare.access import Capability, actor_of, today_for
from pathways.models import Review
from pathways.presenters.patient_page import banner
from pathways.reviews.selectors import review_of
from patients.models import Patient, Referral
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import tumors_of


@require_safe
@patient_policy(Capability.BOARD_READ)
def patient_cases(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Every case of the patient over the years; clinicians refer here with one button, also from a `?review=`."""
    review = _review_named(request, patient)
    begins = referral_begins(actor_of(request), patient, review)
    return _patient_page(request, patient, _refer_form(patient, None, begins))


@require_POST
@patient_policy(Capability.PATIENT_REFER)
def refer(request: HttpRequest, patient: Patient) -> HttpResponse:
    """Bring a tumor to the board."""
    form = _refer_form(patient, request.POST)
    if form.is_valid():
        said = {"patient": patient, "tumor": form.tumor(), "details": form.details(), "now": timezone.now()}
        act = lambda: acts.refer_case(actor=actor_of(request), **said)  # noqa: E731
        if done(request, form, act, "Referred to the board. Its coordinators put the case on a meeting."):
            return redirect("boards:patient", patient_id=patient.pk)
    return _patient_page(request, patient, form)


@require_POST
@patient_policy(Capability.BOARD_MANAGE)
def open_case(request: HttpRequest, patient: Patient, referral_id: UUID) -> HttpResponse:
    """Make the case of a referral that has none."""
    referral = Referral.objects.filter(patient=patient, pk=referral_id).select_related("patient", "referred_by").first()
    if referral is None:
        raise Http404(NOT_FOUND)
    tumors = {str(tumor.number): tumor for tumor in tumors_of(patient)}
    tumor = tumors.get(request.POST.get("tumor", "1"))
    act = lambda: acts.open_case(actor=actor_of(request), referral=referral, tumor=tumor, now=timezone.now())  # noqa: E731
    done(request, None, act, "The case is made. Put it on a meeting.")
    return redirect("boards:boards")


@require_safe
@patient_policy(Capability.BOARD_READ)
def case(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """One case: its question, what it lacks, its history, and for coordinators the forms."""
    return _case_page(request, case_or_404(patient, case_id))


@require_POST
@patient_policy(Capability.BOARD_MANAGE)
def edit(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Change question, presenter, priority and minutes."""
    found = case_or_404(patient, case_id)
    form = EditForm(request.POST, case=found)
    if form.is_valid():
        said = {"details": form.details(), "seen": form.cleaned_data["seen"], "now": timezone.now()}
        act = lambda: acts.edit_case(actor=actor_of(request), case=found, **said)  # noqa: E731
        if done(request, form, act, "Changed."):
            return redirect("boards:case", patient_id=patient.pk, case_id=found.pk)
    return _case_page(request, found, edit=form)


@require_POST
@patient_policy(Capability.BOARD_MANAGE)
def schedule(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Put the case on a meeting."""
    actor, found = actor_of(request), case_or_404(patient, case_id)
    form = MeetingChoice(request.POST, meetings=planned_meetings(actor, timezone.now()), seen=found.version)
    if form.is_valid():
        meeting, seen = form.meeting(), form.cleaned_data["seen"]
        assert meeting is not None
        act = lambda: acts.schedule(actor=actor, case=found, meeting=meeting, seen=seen, now=timezone.now())  # noqa: E731
        if done(request, form, act, f"Put on the agenda of {meeting.title}."):
            return redirect("boards:meeting", meeting_id=meeting.pk)
    return _case_page(request, found, schedule=form)


@require_POST
@patient_policy(Capability.BOARD_DRAFT)
def postpone(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Take the case off its meeting, with a reason."""
    actor, found = actor_of(request), case_or_404(patient, case_id)
    old = found.meeting_id
    form = PostponeForm(request.POST, meetings=planned_meetings(actor, timezone.now()), seen=found.version)
    if form.is_valid():
        names = ("reason", "line", "seen")
        said = {name: form.cleaned_data[name] for name in names} | {"to": form.meeting(), "now": timezone.now()}
        act = lambda: acts.postpone(actor=actor, case=found, **said)  # noqa: E731
        if done(request, form, act, f"{patient} is postponed; the history goes along."):
            if request.POST.get("on") == "screen" and old and (following := next_open_case(actor, old)):
                return redirect("boards:screen", patient_id=following.tumor.patient_id, case_id=following.pk)
            return redirect("boards:meeting", meeting_id=old) if old else redirect("boards:boards")
    return _case_page(request, found, postpone=form)


@require_POST
@patient_policy(Capability.BOARD_MANAGE)
def withdraw(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Take the case back, with a reason."""
    found = case_or_404(patient, case_id)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data) | {"now": timezone.now()}
        act = lambda: acts.withdraw(actor=actor_of(request), case=found, **said)  # noqa: E731
        if done(request, form, act, "The case is withdrawn."):
            return redirect("boards:case", patient_id=patient.pk, case_id=found.pk)
    return _case_page(request, found, withdraw=form)


@require_POST
@patient_policy(Capability.BOARD_MANAGE)
def assign(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Say who sees to something that the case lacks."""
    found = case_or_404(patient, case_id)
    form = AssignForm(request.POST)
    if form.is_valid():
        said = {"key": form.cleaned_data["key"], "seen": form.cleaned_data["seen"], "what": form.assignment()}
        act = lambda: acts.assign_gap(actor=actor_of(request), case=found, now=timezone.now(), **said)  # noqa: E731
        if done(request, form, act, "Assigned."):
            return redirect("boards:case", patient_id=patient.pk, case_id=found.pk)
    return _case_page(request, found, assign=form)


def _review_named(request: HttpRequest, patient: Patient) -> Review | None:
    """The signed review from which the page was opened, if it is one of this patient."""
    try:
        return review_of(patient, UUID(request.GET.get("review", "")))
    except ValueError:
        return None


def _refer_form(patient: Patient, data: Any, begins: dict[str, Any] | None = None) -> ReferForm:
    """The form for the tumors that have no open case; where every one has, what was sent is refused by the action."""
    tumors = tumors_of(patient)
    taken = {one.tumor_id for one in cases_of_tumors([one.pk for one in tumors]) if one.state in OPEN_STATES}
    free = [one for one in tumors if one.pk not in taken] or tumors
    return ReferForm(data, institution=patient.institution, tumors=free, initial=begins)


def _patient_page(request: HttpRequest, patient: Patient, form: ReferForm) -> HttpResponse:
    actor, tumors = actor_of(request), tumors_of(patient)
    today = today_for(patient.institution)
    tumor = tumors[0] if tumors else None
    cases = cases_of_tumors([one.pk for one in tumors])
    taken = {one.tumor_id for one in cases if one.state in OPEN_STATES}
    context = {
        "banner": banner(patient, actor=actor, as_of=today, current="board", tumors=tumors, tumor=tumor),
        "patient": patient,
        "cases": cases,
        "form": form,
        "may_refer": actor.may(Capability.PATIENT_REFER).allowed and not patient.reached_through,
        "free": any(one.pk not in taken for one in tumors),
        "open_cases": [one for one in cases if one.state in OPEN_STATES],
        "no_tumor": not tumors,
    }
    return render(request, "boards/patient.html", context, status=400 if form.errors else 200)


def _case_page(request: HttpRequest, found: Case, **refused: Any) -> HttpResponse:
    actor, patient, now = actor_of(request), found.tumor.patient, timezone.now()
    today, meetings = today_for(patient.institution), planned_meetings(actor, now)
    others = [one for one in meetings if one.pk != found.meeting_id]
    (row,) = case_rows([found], today)
    bad = next(iter(refused.values()), None)
    is_open = found.state in OPEN_STATES
    manages = actor.may(Capability.BOARD_MANAGE).allowed and is_open
    at_meeting = found.meeting is not None and found.meeting.state in (MeetingState.LOCKED, MeetingState.HELD)
    drafts, tumors = actor.may(Capability.BOARD_DRAFT).allowed, tumors_of(patient)
    context = {
        "banner": banner(patient, actor=actor, as_of=today, current="board", tumors=tumors, tumor=found.tumor),
        "patient": patient, "case": found, "row": row, "history": history(events_of(found)), "manages": manages,
        "may_postpone": found.state == "scheduled" and (manages or (at_meeting and drafts)),
        "forms": {
            "edit": EditForm(case=found),
            "schedule": MeetingChoice(meetings=others, seen=found.version),
            "postpone": PostponeForm(meetings=others, seen=found.version),
            "withdraw": WithdrawForm(initial={"seen": found.version}),
        } | refused,
        "gaps": [(gap, _assign_form(gap, refused.get("assign"))) for gap in row.readiness.gaps],
        "attached": attachment_lines(found), "at_meeting": at_meeting, "decided": found.state == "decided",
        "refused": bad,
    }  # fmt: skip
    return render(request, "boards/case.html", context, status=200 if bad is None else 400)


def _assign_form(gap: Any, refused: AssignForm | None) -> AssignForm:
    """The form of one gap; the refused one as it was sent."""
    if refused is not None and refused.data.get("key") == gap.key:
        return refused
    names = {"owner_name": gap.owner, "department": gap.department, "due_on": gap.due_on, "asked_on": gap.asked_on}
    return AssignForm(initial=names | {"key": gap.key, "seen": gap.seen})

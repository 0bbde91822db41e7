"""Afterwards: the decision of a case, what became of its items, the minutes and the chair's signature."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from boards.actions.afterwards import say_outcome, sign_minutes
from boards.actions.decisions import add_to_decision, add_to_minutes
from boards.forms.cases import AddendumForm, OutcomeForm
from boards.minutes import content_of, digest_of, postponed_from, put_on
from boards.models import Case, CaseState, Decision, Meeting, MinutesSignature
from boards.policies import case_or_404, chaired_or_404, item_or_404, meeting_or_404
from boards.presenters.agenda import attendance_said
from boards.presenters.decided import coded, decision_view, reviewed_line, since_line
from boards.presenters.drafts import draft_lines, left_of
from boards.reasons import POSTPONED
from boards.selectors import (
    decisions_of,
    drafts_of_others,
    live_members,
    next_open_case,
    own_draft,
    reviewed_at,
    running_meetings,
    said_since,
    visible_cases,
)
from boards.states import DECIDED_IN
from boards.views.common import done, meeting_context, record_read
from netcare.access import Capability, actor_of, policy, today_for
from pathways.presenters.patient_page import banner
from pathways.presenters.words import show_instant
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import tumors_of


@require_safe
@patient_policy(Capability.BOARD_READ)
def decision(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """What was decided, what was added since, and what became of it."""
    found = case_or_404(patient, case_id)
    return decision_page(
        request, patient, found, AddendumForm(initial={"text": left_of(own_draft(actor_of(request), found))})
    )


@require_POST
@patient_policy(Capability.BOARD_DECIDE)
def add(request: HttpRequest, patient: Patient, case_id: UUID) -> HttpResponse:
    """Add to a decision; what was recorded stays."""
    found = case_or_404(patient, case_id)
    form = AddendumForm(request.POST)
    said = _decision_of(found)
    if form.is_valid():
        text = form.cleaned_data["text"]
        act = lambda: add_to_decision(actor=actor_of(request), decision=said, text=text, now=timezone.now())  # noqa: E731
        if done(request, form, act, "Added."):
            return redirect("boards:decision", patient_id=patient.pk, case_id=found.pk)
    return decision_page(request, patient, found, form)


@require_POST
@patient_policy(Capability.BOARD_FOLLOW)
def outcome(request: HttpRequest, patient: Patient, item_id: UUID) -> HttpResponse:
    """Say what became of an item; leads back to where it was said."""
    item = item_or_404(patient, item_id)
    actor = actor_of(request)
    form = OutcomeForm(request.POST, meetings=running_meetings(actor))
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("outcome", "reason", "line", "seen")}
        said |= {"meeting": form.meeting(), "now": timezone.now()}
        act = lambda: say_outcome(actor=actor, item=item, **said)  # noqa: E731
        if done(request, form, act, "Noted what became of it."):
            wanted = form.cleaned_data["next"]
            if wanted.startswith("/boards/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
                return redirect(wanted)
            return redirect("boards:decision", patient_id=patient.pk, case_id=item.decision.case_id)
    found = case_or_404(patient, item.decision.case_id)
    return decision_page(request, patient, found, AddendumForm(), refused=(str(item.pk), form))


@require_safe
@policy(Capability.BOARD_READ)
def minutes(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The minutes, as far as the reader may read their cases; the chair signs here."""
    return _minutes_page(request, meeting_or_404(actor_of(request), meeting_id), AddendumForm())


@require_POST
@policy(Capability.BOARD_SIGN)
def sign(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The chair signs; the meeting is closed."""
    actor = actor_of(request)
    found = chaired_or_404(actor, meeting_id)
    digest, remark = request.POST.get("digest", ""), request.POST.get("remark", "").replace("\x00", "")
    act = lambda: sign_minutes(actor=actor, meeting=found, digest=digest, remark=remark, now=timezone.now())  # noqa: E731
    done(request, None, act, "Signed. The minutes do not change any more.")
    return redirect("boards:minutes", meeting_id=found.pk)


@require_POST
@policy(Capability.BOARD_SIGN)
def add_minutes(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """The chair adds to signed minutes."""
    actor = actor_of(request)
    found = chaired_or_404(actor, meeting_id)
    form = AddendumForm(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        act = lambda: add_to_minutes(actor=actor, meeting=found, text=text, now=timezone.now())  # noqa: E731
        if done(request, form, act, "Added."):
            return redirect("boards:minutes", meeting_id=found.pk)
    return _minutes_page(request, found, form)


def _decision_of(found: Case) -> Decision:
    said = Decision.objects.filter(case=found).select_related("case__tumor__patient__institution", "meeting").first()
    if said is None:
        raise Http404(NOT_FOUND)
    return said


def decision_page(
    request: HttpRequest,
    patient: Patient,
    found: Case,
    form: AddendumForm,
    refused: tuple[str, OutcomeForm] | None = None,
) -> HttpResponse:
    """The page of a decision, with what was typed or refused."""
    said = _decision_of(found)
    actor, today = actor_of(request), today_for(patient.institution)
    view = next(decision_view(one, today) for one in decisions_of(said.meeting) if one.pk == said.pk)
    tumors = tumors_of(patient)
    running = [one for one in running_meetings(actor) if one.pk != said.meeting_id]
    forms = {item.id: OutcomeForm(meetings=running, seen=item.seen, auto_id=f"id_{item.id}_%s") for item in view.items}
    if refused:
        forms[refused[0]] = refused[1]
    following = next_open_case(actor, said.meeting_id) if said.meeting.state in DECIDED_IN else None
    context = {
        "banner": banner(patient, actor=actor, as_of=today, current="board", tumors=tumors, tumor=found.tumor),
        "next_url": reverse("boards:screen", args=[following.tumor.patient_id, following.pk]) if following else "",
        "patient": patient, "case": found, "meeting": said.meeting, "d": view, "form": form,
        "items": [(item, forms[item.id]) for item in view.items],
        "left": draft_lines({}, drafts_of_others(actor, found)),
        "mine_left": bool(form.initial.get("text")) and not form.is_bound and request.method != "POST",
        "may_add": actor.may(Capability.BOARD_DECIDE).allowed,
        "may_follow": actor.may(Capability.BOARD_FOLLOW).allowed and not patient.reached_through,
    }  # fmt: skip
    return render(request, "boards/decision.html", context, status=400 if form.errors or refused else 200)


def _minutes_page(request: HttpRequest, found: Meeting, form: AddendumForm) -> HttpResponse:
    actor, today = actor_of(request), today_for(found.institution)
    mine = set(visible_cases(actor).filter(meeting=found).values_list("pk", flat=True))
    every = decisions_of(found)
    shown = [one for one in every if one.case_id in mine]
    readable = set(visible_cases(actor).values_list("pk", flat=True))
    postponed = [event for event in postponed_from(found) if event.case_id in readable]
    onto = put_on(postponed)
    record_read(request, "board.minutes", [one.case for one in shown], meeting=str(found.pk))
    signature = MinutesSignature.objects.filter(meeting=found).first()
    members = list(live_members(found))
    context = meeting_context(request, found, "minutes") | {
        "decisions": [decision_view(one, today) for one in shown],
        "hidden": len(every) - len(shown),
        "postponed": [
            (
                str(event.case.tumor.patient),
                coded([event.reason], event.line, POSTPONED),
                event.by_name,
                onto.get(event.case_id),
            )
            for event in postponed
        ],
        "earlier": [reviewed_line(event) for event in reviewed_at(found) if event.item.decision.case_id in readable],
        "since": [since_line(item, today) for item in said_since(found) if item.decision.case_id in readable],
        "members": members,
        "said": attendance_said(members),
        "left": Case.objects.filter(meeting=found, state=CaseState.SCHEDULED).count(),
        "digest": digest_of(content_of(found)),
        "signature": signature,
        "signed": show_instant(signature.signed_at) if signature else "",
        "addenda": list(found.addenda.filter(decision__isnull=True).order_by("id")),
        "form": form,
    }
    return render(request, "boards/minutes.html", context, status=400 if form.errors else 200)

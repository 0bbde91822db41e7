"""Feedback: the counts, a thread with its answer, and putting a notice away.

No patient is named here. Where lines about fictional patients are shown, an audit row names those patients.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netcare import audit
from netcare.access import Capability, actor_of, policy
from pathways.drafts.selectors import drafts_in_work
from pathways.feedback import threads as actions
from pathways.feedback.counting import Wanted, counts, lines
from pathways.feedback.selectors import changed_in, events_of, thread_of, threads
from pathways.feedback.taking_up import take_up_in_draft
from pathways.forms.feedback import AnswerForm, OpenForm, TakeUpForm
from pathways.models import FeedbackThread
from pathways.presenters.feedback import Titles, feedback_page, prewritten, thread_page, thread_rows
from pathways.selectors import NoRulesetInForce, ruleset_in_force, ruleset_of, version_numbered, versions
from pathways.views.browse import pathway_frame
from patients.actions.shared import Refused
from patients.policies import NOT_FOUND


def titles() -> Titles:
    """Titles of the version in force; codes while nothing is published."""
    try:
        return Titles(ruleset_in_force().ruleset)
    except NoRulesetInForce:
        return Titles(None)


@require_safe
@policy(Capability.FEEDBACK_WORK)
def feedback(request: HttpRequest) -> HttpResponse:
    """What was called not suitable, by rule, reason and version; and the threads."""
    actor, wanted, words = actor_of(request), Wanted.from_query(request.GET), titles()
    said = lines(actor, wanted)
    shown = dict.fromkeys(one.patient_id for one in said)
    audit.record(actor=actor, action="feedback.read", patient_ids=list(shown), request=request)
    page = feedback_page(counts(actor, wanted), said, wanted, words, versions())
    return _render(request, "feedback", page=page, threads=thread_rows(threads(), words))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.FEEDBACK_WORK)
def feedback_new(request: HttpRequest) -> HttpResponse:
    """The form that proposes a change; the address says of what."""
    asked = {name: request.GET.get(name, "") for name in ("option", "rule", "reason", "version")}
    form = OpenForm(request.POST or None, initial=asked)
    if form.is_valid() and (thread := _opened(request, form)):
        return redirect("pathways:feedback_thread", thread_id=thread.pk)
    words, about = titles(), {name: form[name].value() or "" for name in asked}
    about["option_title"] = words.option(about["option"])
    status = 400 if form.is_bound else 200
    return _render(request, "feedback_new", status=status, form=form, about=about)


def _opened(request: HttpRequest, form: OpenForm) -> FeedbackThread | None:
    given = dict(form.cleaned_data)
    version = version_numbered(given.pop("version"))
    if version is None:
        form.add_error(None, "There is no such version of the pathway. Open the form from the table again.")
        return None
    try:
        return actions.open_thread(actor=actor_of(request), version=version, now=timezone.now(), **given)
    except Refused as refused:
        form.add_refusal(refused)
        return None


@require_safe
@policy(Capability.FEEDBACK_WORK)
def feedback_thread(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """One thread: what is proposed, how far it is, and the forms that lead on."""
    return _thread_page(request, _thread_or_404(request, thread_id))


@require_POST
@policy(Capability.FEEDBACK_WORK)
def feedback_take_up(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Say in which draft it is worked on."""
    thread, form = _thread_or_404(request, thread_id), TakeUpForm(request.POST, drafts=_drafts())
    if form.is_valid():
        try:
            draft = take_up_in_draft(actor=actor_of(request), thread=thread, now=timezone.now(), **form.cleaned_data)
            messages.success(request, "Taken up. Change the draft; the reviewers are told when you answer.")
            return redirect("pathways:draft", draft_id=draft)
        except Refused as refused:
            form.add_refusal(refused)
    return _thread_page(request, thread, take_up=form)


@require_POST
@policy(Capability.FEEDBACK_WORK)
def feedback_answer(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Send the answer."""
    thread = _thread_or_404(request, thread_id)
    form = AnswerForm(request.POST, changed=changed_in(thread))
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            actions.answer(actor=actor_of(request), thread=thread, seen=seen, given=form.given(), now=timezone.now())
            return redirect("pathways:feedback_thread", thread_id=thread.pk)
        except Refused as refused:
            form.add_refusal(refused)
    return _thread_page(request, thread, answer=form)


@require_POST
@policy(Capability.FEEDBACK_OWN)
def feedback_seen(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Put the notice of an outcome away; somebody whom it was not told has none."""
    thread = _thread_or_404(request, thread_id)
    try:
        actions.put_away(actor=actor_of(request), thread=thread, now=timezone.now())
    except Refused:
        raise _missing(request, thread_id) from None
    return redirect("pathways:home")


def _thread_page(request: HttpRequest, thread: FeedbackThread, **refused: Any) -> HttpResponse:
    events, changed, then = events_of(thread), changed_in(thread), ruleset_of(thread.version)
    page = thread_page(thread, events, changed, titles(), then)
    for form in refused.values():  # what was typed stays, standing on what is shown now
        form.data = form.data.copy()
        form.data["seen"] = str(page.seen)
    first: dict[str, Any] = {"seen": page.seen}
    if changed:
        last = changed[-1]
        first |= {"version": str(last.version), "sentence": prewritten(thread, last, ruleset_of(last))}
    forms = {
        "take_up": TakeUpForm(initial={"seen": page.seen}, drafts=_drafts()),
        "answer": AnswerForm(initial=first, changed=changed),
    } | refused
    return _render(request, "feedback_thread", status=400 if refused else 200, page=page, thread=thread, **forms)


def _drafts() -> list[tuple[str, str]]:
    return [(str(draft.id), draft.title) for draft in drafts_in_work()]


def _thread_or_404(request: HttpRequest, thread_id: UUID) -> FeedbackThread:
    found = thread_of(thread_id)
    if found is None:
        raise _missing(request, thread_id)
    return found


def _missing(request: HttpRequest, thread_id: UUID) -> Http404:
    """The answer for a thread that is not there, or not theirs; the try is recorded."""
    actor = actor_of(request)
    audit.record(actor=actor, action="feedback.read", outcome="denied", subject=str(thread_id), request=request)
    return Http404(NOT_FOUND)


def _render(request: HttpRequest, template: str, *, status: int = 200, **context: object) -> HttpResponse:
    tabs = pathway_frame(request, "feedback")
    return render(request, f"pathways/{template}.html", {**tabs, **context}, status=status)

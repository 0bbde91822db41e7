"""Emergency stops: the page of all of them, one of them, and the forms that ask for, place, confirm and lift one.

Views call one action and lead on; a refusal is shown beside its field, with everything typed kept.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netcare.access import Capability, actor_of, policy
from netcare.audit import record
from pathways.actions import stopping
from pathways.forms.stops import ReasonForm, StopForm
from pathways.presenters.stops import reach_said, refreshed_case, stop_page, stops_page
from pathways.selectors import NoRulesetInForce, ruleset_in_force
from pathways.stops import StopCase, stop_case
from pathways.views.browse import pathway_page
from patients.actions.shared import Refused
from patients.forms.fields import attach

SAID = {
    "ask": "The request is with the approvers. The option is not stopped by it.",
    "decline": "The request is declined.",
    "look": "The second look is taken: the stop is confirmed.",
    "lift": "The stop is lifted. All lists are being brought up to date.",
}


@require_safe
@policy(Capability.PATHWAY_READ)
def stops(request: HttpRequest) -> HttpResponse:
    """What is stopped now, what is asked for, and what was."""
    actor = actor_of(request)
    may = {"may_place": actor.may(Capability.STOP_PLACE).allowed, "may_ask": actor.may(Capability.STOP_ASK).allowed}
    return pathway_page(request, "stops", "stops", page=stops_page(timezone.now()), **may)


@require_safe
@policy(Capability.PATHWAY_READ)
def stop(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    """One stop with everything that happened to it."""
    return _one(request, _found(request, stop_id))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.STOP_ASK)
def stop_ask(request: HttpRequest) -> HttpResponse:
    """Ask the approvers to stop an option."""
    form = _stop_form(request)
    if form.is_valid() and _done(form, lambda: _placing(request, form, stopping.ask_for_stop)):
        messages.success(request, SAID["ask"])
        return redirect("pathways:stops")
    return pathway_page(request, "stop_form", "stops", form=form, asking=True)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.STOP_PLACE)
def stop_place(request: HttpRequest) -> HttpResponse:
    """Stop an option: first what it would do, then, confirmed once, it is done."""
    asked = _asked(request)
    form = _stop_form(request, asked)
    if form.is_valid():
        if form.cleaned_data["confirmed"]:
            if _done(form, lambda: _placing(request, form, stopping.place_stop, asked=asked.stop if asked else None)):
                messages.success(request, "The option is stopped. All lists are being brought up to date.")
                return redirect("pathways:stops")
        elif target := _done(form, lambda: _meant(form)):
            return pathway_page(request, "stop_form", "stops", form=form, asked=asked, **_reach(request, target))
    return pathway_page(request, "stop_form", "stops", form=form, asked=asked)


@require_POST
@policy(Capability.STOP_PLACE)
def stop_decline(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    """Answer a request with no."""
    return _act(request, stop_id, "decline", stopping.decline_ask)


@require_POST
@policy(Capability.STOP_PLACE)
def stop_look(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    """The second look confirms the stop."""
    return _act(request, stop_id, "look", lambda **given: stopping.take_second_look(confirm=True, **given))


@require_POST
@policy(Capability.STOP_PLACE)
def stop_lift(request: HttpRequest, stop_id: UUID) -> HttpResponse:
    """The stop ends."""
    return _act(request, stop_id, "lift", stopping.lift_stop)


def _act(request: HttpRequest, stop_id: UUID, name: str, action: Callable[..., Any]) -> HttpResponse:
    """One step with a reason; a refusal is shown on the page of the stop, as it stands by now."""
    case, form = _found(request, stop_id), ReasonForm(request.POST, prefix=name)
    given = {"actor": actor_of(request), "stop": case.stop, "now": timezone.now()}
    if form.is_valid() and _done(form, lambda: action(reason=form.cleaned_data["reason"], **given)):
        messages.success(request, SAID[name])
        return redirect("pathways:stops")
    return _one(request, refreshed_case(case), **{name: form})


def _one(request: HttpRequest, case: StopCase, **bound: ReasonForm) -> HttpResponse:
    page = stop_page(case, actor_of(request), timezone.now())
    blank = {name: ReasonForm(prefix=name) for name in ("decline", "look", "lift")}
    return pathway_page(request, "stop", "stops", page=page, forms={**blank, **bound})


def _found(request: HttpRequest, stop_id: UUID) -> StopCase:
    case = stop_case(stop_id)
    if case is None:
        record(actor=actor_of(request), action="stop.read", outcome="denied", subject=str(stop_id), request=request)
        raise Http404("There is no such emergency stop.")
    return case


def _asked(request: HttpRequest) -> StopCase | None:
    """The request that is being answered, if the address names one that waits."""
    try:
        case = stop_case(UUID(request.GET.get("asked", "")))
    except ValueError:
        return None
    return case if case and case.is_open_ask else None


def _stop_form(request: HttpRequest, asked: StopCase | None = None) -> StopForm:
    try:
        ruleset = ruleset_in_force().ruleset
    except NoRulesetInForce as missing:
        raise Http404(str(missing)) from missing
    initial = {name: request.GET.get(name, "") for name in ("option", "rule")}
    if asked:
        initial = {"option": asked.stop.option, "rule": asked.stop.rule}
    form = StopForm(request.POST or None, ruleset=ruleset, initial=initial)
    if asked:
        # The request says what is stopped; only the reason is still to be written.
        for name in ("option", "rule"):
            form.fields[name].disabled = True
    return form


def _placing(request: HttpRequest, form: StopForm, action: Callable[..., Any], **more: Any) -> Any:
    given = {name: form.cleaned_data[name] for name in ("option", "rule", "reason", "submission")}
    return action(actor=actor_of(request), now=timezone.now(), **given, **more)


def _meant(form: StopForm) -> stopping.Target:
    given = form.cleaned_data
    return stopping.check_stop(option=given["option"], rule=given["rule"], reason=given["reason"])


def _reach(request: HttpRequest, target: stopping.Target) -> dict[str, object]:
    title = ruleset_in_force().ruleset.option(target.option).title
    return {"confirming": title, "reach": reach_said(target.option, actor_of(request)), "through_rule": target.rule}


def _done(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the action gives, or None with its sentences beside the fields of the form."""
    try:
        return act()
    except Refused as refusal:
        for fault in attach(form, refusal):
            form.add_error(None, fault.sentence)
        return None

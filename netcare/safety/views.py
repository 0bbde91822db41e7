"""The pages of the safety file: the file itself, its downloads, a report, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from netcare.access import Actor, Capability, actor_of, policy, today_for
from netcare.access.forms import apply
from netcare.audit import record
from netcare.safety.actions import Concern, assess_incident, close_incident, reopen_incident, report_incident
from netcare.safety.export import as_json, as_markdown
from netcare.safety.forms import AssessForm, ReasonForm, ReportForm, page_named
from netcare.safety.models import Incident
from netcare.safety.presenters import incident_view, safety_file
from netcare.safety.selectors import state_of, visible_incident

SAFE = ["GET", "HEAD", "POST"]


@require_safe
@policy(Capability.PATHWAY_READ)
def file(request: HttpRequest) -> HttpResponse:
    """Release, open concerns, hazards with control and proof."""
    return render(request, "safety/file.html", {"file": safety_file(actor_of(request))})


@require_safe
@policy(Capability.PATHWAY_READ)
def download_markdown(request: HttpRequest) -> HttpResponse:
    """The same as a document."""
    actor, at = actor_of(request), datetime.now(UTC)
    return _download(actor, as_markdown(safety_file(actor), at), "md", "text/markdown")


@require_safe
@policy(Capability.PATHWAY_READ)
def download_json(request: HttpRequest) -> HttpResponse:
    """The same as one object."""
    actor, at = actor_of(request), datetime.now(UTC)
    return _download(actor, as_json(safety_file(actor), at), "json", "application/json")


@require_http_methods(SAFE)
@policy(Capability.INCIDENT_REPORT)
def report(request: HttpRequest) -> HttpResponse:
    """A concern, from the foot of any page."""
    actor = actor_of(request)
    begin = {"page": page_named(request.GET.get("page", "")), "happened_on": today_for(actor.home)}
    form = ReportForm(request.POST or None, initial=begin)
    if form.is_valid() and (incident := apply(form, lambda: _reported(actor, form))):
        messages.success(request, f"{incident} is on file and open. An approver of the pathway assesses it.")
        return redirect("safety:incident", incident_id=incident.id)
    return render(request, "safety/report.html", {"form": form})


@require_safe
@policy(Capability.INCIDENT_READ)
def incident(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """One concern with every step that was taken."""
    actor = actor_of(request)
    found = _found(actor, incident_id)
    return render(request, "safety/incident.html", {"incident": incident_view(found, actor)})


@require_http_methods(SAFE)
@policy(Capability.INCIDENT_TRIAGE)
def assess(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """How bad it is, which hazard, what keeps patients safe meanwhile."""
    return _step(request, incident_id, AssessForm, assess_incident, "Assess", text_as="control")


@require_http_methods(SAFE)
@policy(Capability.INCIDENT_TRIAGE)
def close(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """The end of it, with the reason."""
    return _step(request, incident_id, ReasonForm, close_incident, "Close", text_as="reason")


@require_http_methods(SAFE)
@policy(Capability.INCIDENT_TRIAGE)
def reopen(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Open again what was closed too early."""
    return _step(request, incident_id, ReasonForm, reopen_incident, "Reopen", text_as="reason")


def _step(
    request: HttpRequest, incident_id: UUID, form_class: type[forms.Form], act: Any, verb: str, *, text_as: str
) -> HttpResponse:
    actor = actor_of(request)
    found = _found(actor, incident_id)
    form = form_class(request.POST or None, initial={"seen": state_of(found).sequence})
    if form.is_valid():
        given = dict(form.cleaned_data)
        given[text_as] = given.pop("text")
        if apply(form, lambda: act(actor=actor, incident=found, **given)):
            messages.success(request, f"{found}: recorded.")
            return redirect("safety:incident", incident_id=found.id)
        form.data = {**form.data.dict(), "seen": state_of(_found(actor, incident_id)).sequence}
    shown = incident_view(_found(actor, incident_id), actor)
    return render(request, "safety/step.html", {"form": form, "incident": shown, "verb": verb})


def _reported(actor: Actor, form: ReportForm) -> Incident:
    given = dict(form.cleaned_data)
    submission = given.pop("submission")
    return report_incident(actor=actor, concern=Concern(**given), submission=submission)


def _found(actor: Actor, incident_id: UUID) -> Incident:
    found = visible_incident(actor, incident_id)
    if found is None:
        raise Http404
    return found


def _download(actor: Actor, text: str, ending: str, kind: str) -> HttpResponse:
    record(actor=actor, action="safety_file.export", subject=ending)
    headers = {"Content-Disposition": f'attachment; filename="netcare-safety-file.{ending}"'}
    return HttpResponse(text, content_type=f"{kind}; charset=utf-8", headers=headers)

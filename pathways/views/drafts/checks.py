"""What checks and proofs say of a draft: the page, acknowledging a finding, and the bar with what stands in the way."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from netcare.access import Capability, policy
from pathways.drafts.acknowledging import acknowledge_finding
from pathways.forms.drafts import AcknowledgeForm
from pathways.presenters.draft_checks import checks_page
from pathways.presenters.draft_gate import gate_bar
from pathways.views.drafts.opening import OpenedDraft, opened_draft
from patients.actions.shared import Refused


@require_safe
@policy(Capability.DRAFT_READ)
def checks(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Invariants, rules out of reach, holes, test patients, coverage, and what the draft does to every patient."""
    return _page(opened_draft(request, draft_id))


def _page(opened: OpenedDraft, typed: dict[str, str] | None = None, fault: str = "") -> HttpResponse:
    page = checks_page(opened.draft, opened.actor)
    status = 422 if fault else 200
    return opened.page("checks", "draft_checks", status=status, page=page, typed=typed or {}, fault=fault)


@require_POST
@policy(Capability.DRAFT_COMMENT)
def acknowledge(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Say why a finding may stand."""
    opened = opened_draft(request, draft_id)
    form = AcknowledgeForm(request.POST)
    if not form.is_valid():
        return _page(opened, fault="This finding is not on the page any more. Look again.")
    key, reason = form.cleaned_data["key"], form.cleaned_data["reason"]
    try:
        acknowledge_finding(actor=opened.actor, draft=opened.draft, key=key, reason=reason, now=opened.now)
    except Refused as refused:
        return _page(opened, {"key": key, "reason": reason}, str(refused))
    messages.success(request, "Acknowledged, with your reason.")
    return redirect("pathways:draft_checks", draft_id=draft_id)


@require_safe
@policy(Capability.DRAFT_READ)
def gate(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The bar at the foot of a draft's pages: what stands in the way of the next step."""
    opened = opened_draft(request, draft_id)
    return opened.page("_gate", "draft", bar=gate_bar(opened.draft, opened.actor, opened.now))

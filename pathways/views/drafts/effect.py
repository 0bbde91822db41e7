"""What a draft changes for the patients on record: the groups with progress, the rows, the file, acknowledging.

Progress is read from the job's row, so it survives leaving the page. Every answer that shows single patients leaves an
audit row with each of them, pseudonym or not.
"""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from netcare import audit
from netcare.access import Capability, policy
from pathways.drafts.effects import acknowledge_effects, start_effect
from pathways.models import EffectRun
from pathways.presenters.draft_effect import EffectFilter, effect_page, shown_run
from pathways.presenters.draft_effect_rows import effect_file, effect_rows, row_views
from pathways.views.drafts.opening import OpenedDraft, opened_draft
from patients.actions.shared import Refused

ROWS_PER_PAGE = 50


@require_safe
@policy(Capability.DRAFT_READ)
def effect(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Who gains, loses or changes which option, in groups; while it is computed, how far that is."""
    return _page(opened_draft(request, draft_id))


def _page(
    opened: OpenedDraft, faults: tuple[str, ...] = (), ticked: list[str] | None = None, typed: str = ""
) -> HttpResponse:
    page = effect_page(opened.draft, opened.actor, EffectFilter.of(opened.request.GET), opened.now)
    partly = opened.request.headers.get("HX-Target") == "effect-progress"
    answer = opened.page(
        "_effect_progress" if partly else "effect",
        "draft_effect",
        status=422 if faults else 200,
        page=page,
        faults=faults,
        ticked=ticked or [],
        typed=typed,
    )
    if partly and (page.run is None or not page.run.going_on):
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@policy(Capability.DRAFT_COMMENT)
def start(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Have the effect of the present wording computed."""
    opened = opened_draft(request, draft_id)
    try:
        start_effect(actor=opened.actor, draft=opened.draft, now=opened.now)
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("pathways:draft_effect", draft_id=draft_id)


@require_POST
@policy(Capability.DRAFT_APPROVE)
def acknowledge(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Acknowledge the ticked groups with one reason."""
    opened = opened_draft(request, draft_id)
    keys, reason = request.POST.getlist("keys"), request.POST.get("reason", "")
    digest = request.POST.get("digest", "")
    try:
        number = acknowledge_effects(
            actor=opened.actor, draft=opened.draft, digest=digest, keys=keys, reason=reason, now=opened.now
        )
    except Refused as refused:
        return _page(opened, tuple(fault.sentence for fault in refused.faults), keys, reason)
    messages.success(request, f"Acknowledged, with your reason: {number} of the groups.")
    return redirect("pathways:draft_effect", draft_id=draft_id)


@require_safe
@policy(Capability.DRAFT_READ)
def rows(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The changes one by one, of the reader's own institution."""
    opened = opened_draft(request, draft_id)
    run, filters = _finished(opened), EffectFilter.of(request.GET)
    page = Paginator(effect_rows(run, opened.actor, filters), ROWS_PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page)
    _record(opened, "draft.effect_rows", {row.subject.tumor.patient_id for row in shown})
    whole = effect_page(opened.draft, opened.actor, filters, opened.now)
    lines = row_views(shown, run, opened.draft, opened.actor)
    return opened.page("effect_rows", "draft_effect", page=page, rows=lines, effect=whole)


@require_safe
@policy(Capability.DRAFT_READ)
def file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The same rows as a file for a spreadsheet."""
    opened = opened_draft(request, draft_id)
    run, filters = _finished(opened), EffectFilter.of(request.GET)
    content, patients = effect_file(effect_rows(run, opened.actor, filters), run, opened.draft, opened.actor)
    _record(opened, "draft.effect_file", patients)
    headers = {"Content-Disposition": 'attachment; filename="effect-of-draft.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _finished(opened: OpenedDraft) -> EffectRun:
    run = shown_run(opened.draft)
    if run is None or run.finished_at is None:
        raise Http404("The effect of this draft is not computed.")
    return run


def _record(opened: OpenedDraft, action: str, patients: set[UUID]) -> None:
    audit.record(
        actor=opened.actor,
        action=action,
        subject=f"draft {opened.draft.id}",
        patient_ids=sorted(patients),
        request=opened.request,
        at=opened.now,
    )

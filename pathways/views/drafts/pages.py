"""A draft's own pages: its entries by part, what it changes, its history."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from netcare.access import Capability, policy
from pathways.drafts.editing import EditConflict, draft_edit, undo
from pathways.drafts.reasons import NothingThere, give_reason
from pathways.drafts.selectors import ruleset_of_draft
from pathways.knowledge.one_file import to_yaml
from pathways.presenters.draft_changes import draft_changes
from pathways.presenters.draft_history import history
from pathways.presenters.drafts import EDITED_PARTS, entry_groups, part_title
from pathways.views.drafts.opening import OpenedDraft, opened_draft
from patients.actions.shared import Refused


@require_safe
@policy(Capability.DRAFT_READ)
def draft(request: HttpRequest, draft_id: UUID, part: str = "rules") -> HttpResponse:
    """The entries of one part, to choose from and to add to."""
    if part not in dict(EDITED_PARTS):
        raise Http404("A draft has no such part.")
    opened = opened_draft(request, draft_id)
    text, option = request.GET.get("q", "").strip(), request.GET.get("option", "")
    return opened.page(
        "entries",
        "draft",
        part=part,
        part_title=part_title(part),
        parts=EDITED_PARTS,
        groups=entry_groups(opened.draft, part, text, option),
        text=text,
        option=option,
        options=ruleset_of_draft(opened.draft).options,
    )


@require_safe
@policy(Capability.DRAFT_READ)
def changes(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What the draft changes, in sentences, each with why and from which source."""
    opened = opened_draft(request, draft_id)
    return _changes_page(opened)


def _changes_page(opened: OpenedDraft, **context: object) -> HttpResponse:
    status = 422 if context else 200
    return opened.page("changes", "draft_changes", status=status, page=draft_changes(opened.draft), **context)


@require_POST
@policy(Capability.DRAFT_EDIT)
def reason(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Say why an entry was changed."""
    opened = opened_draft(request, draft_id)
    typed = {name: request.POST.get(name, "") for name in ("place", "text", "source")}
    seen, place = request.POST.get("seen", ""), typed["place"]
    try:
        give_reason(actor=opened.actor, draft=opened.draft, **typed, seen=seen, now=opened.now)
    except NothingThere as refused:
        messages.error(request, str(refused))
        return redirect("pathways:draft_changes", draft_id=draft_id)
    except Refused as refused:
        return _changes_page(opened, typed=typed, faults=[fault.sentence for fault in refused.faults])
    messages.success(request, f"Why {place} is changed is on record.")
    return redirect("pathways:draft_changes", draft_id=draft_id)


@require_safe
@policy(Capability.DRAFT_READ)
def file(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The draft as it was saved last, as one YAML file: the same form in which a version is handed out."""
    found = opened_draft(request, draft_id).draft
    name = f"{found.code}-draft-{found.id}-r{found.revision}.yaml"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    content_type = "application/yaml; charset=utf-8"
    return HttpResponse(to_yaml(ruleset_of_draft(found)), content_type=content_type, headers=headers)


@require_safe
@policy(Capability.DRAFT_READ)
def past(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Every edit, the latest first, each to be undone while nothing rests on it."""
    opened = opened_draft(request, draft_id)
    page = history(opened.draft, opened.actor, request.GET.get("before", ""))
    return opened.page("history", "draft_history", page=page)


@require_POST
@policy(Capability.DRAFT_EDIT)
def undo_edit(request: HttpRequest, draft_id: UUID, edit_id: UUID) -> HttpResponse:
    """Take an edit back."""
    opened = opened_draft(request, draft_id)
    edit = draft_edit(opened.draft, edit_id)
    if edit is None:
        raise Http404("The draft has no such edit.")
    try:
        undo(actor=opened.actor, draft=opened.draft, edit=edit, now=opened.now)
        messages.success(request, f"Undone: {edit.what}.")
    except (Refused, EditConflict) as refused:
        messages.error(request, f"Not undone. {refused}")
    return redirect("pathways:draft_history", draft_id=draft_id)

"""A rule on patients while it is typed, and an invented patient under the draft: answers that store nothing."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from netcare.access import Capability, policy, today_for
from pathways.drafting.conditions import ConditionRefused
from pathways.presenters.draft_entry import EntryEditor
from pathways.presenters.draft_try import try_page
from pathways.presenters.draft_typed import TypedRule, typed_rule
from pathways.views.drafts.opening import opened_draft


@require_POST
@policy(Capability.DRAFT_READ)
def live(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What the rule in the form comes to on patients, and what the proofs say of its option; for htmx."""
    opened = opened_draft(request, draft_id)
    try:
        editor = EntryEditor(opened.draft, "rules", request.POST.get("code_of", ""), request.POST, request.path)
    except ConditionRefused as refused:
        return opened.page("_live", "draft", typed=TypedRule(lacks=(str(refused),)))
    today = today_for(opened.actor.home, at=opened.now)
    return opened.page("_live", "draft", typed=typed_rule(editor, opened.actor, today, request.POST.get("on", "")))


@require_safe
@policy(Capability.DRAFT_READ)
def invented(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """An invented patient: the whole list under the version in force and under the draft, with what differs."""
    opened = opened_draft(request, draft_id)
    page = try_page(opened.draft, request.GET.get("features", ""))
    return opened.page("try", "draft_patients", status=422 if page.problems else 200, page=page)

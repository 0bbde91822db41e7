"""The list of drafts, and opening a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from netcare.access import Capability, actor_of, policy
from pathways.drafts.editing import open_draft
from pathways.drafts.selectors import drafts_done, drafts_in_work
from pathways.forms.drafts import NewDraftForm
from pathways.models import Draft, DraftState
from pathways.presenters.drafts import draft_lines
from pathways.presenters.review_due import ruleset_notice
from pathways.selectors import ruleset_in_force, version_in_force, version_numbered, versions
from pathways.views.browse import pathway_frame, today_of
from patients.actions.shared import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.DRAFT_READ)
def drafts(request: HttpRequest) -> HttpResponse:
    """Drafts in work and finished ones; editors open a new one here."""
    form = NewDraftForm(request.POST or None, versions=versions())
    if form.is_valid() and (draft := _opened(request, form)):
        messages.success(request, "The draft is open. Nothing of it is in force until a second person lets it pass.")
        return redirect("pathways:draft", draft_id=draft.id)
    in_work = drafts_in_work()
    context = {
        **pathway_frame(request, "drafts"),
        "form": form,
        "waiting": draft_lines([one for one in in_work if one.state != DraftState.OPEN]),
        "in_work": draft_lines([one for one in in_work if one.state == DraftState.OPEN]),
        "done": draft_lines(drafts_done()),
        "overdue": ruleset_notice(ruleset_in_force().ruleset, today_of(request)),
        "may_open": actor_of(request).may(Capability.DRAFT_EDIT),
    }
    return render(request, "pathways/drafts/list.html", context)


def _opened(request: HttpRequest, form: NewDraftForm) -> Draft | None:
    chosen = version_numbered(form.cleaned_data["version"])
    try:
        return open_draft(
            actor=actor_of(request),
            title=form.cleaned_data["title"],
            note=form.cleaned_data["note"],
            base=version_in_force(),
            taken_from=chosen,
            now=timezone.now(),
        )
    except Refused as refused:
        form.add_refusal(refused)
        return None

"""A draft as a whole: what was said of it, comments, the steps of submission, approval and publication, bringing it up
to date."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from netcare.access import Capability, policy
from pathways.drafts.editing import EditConflict
from pathways.drafts.policies import Overtaken
from pathways.drafts.steps import comment, publish_draft, take_step
from pathways.drafts.updating import bring_up_to_date
from pathways.forms.drafts import CommentForm, StepForm
from pathways.models import Step
from pathways.presenters.draft_review import review_page
from pathways.presenters.draft_update import update_page
from pathways.views.drafts.opening import OpenedDraft, opened_draft
from patients.actions.shared import Refused

# What is said once a step is taken.
DONE = {
    **{step: f"The draft is {step.label}." for step in Step},
    Step.SCHEDULE: "The draft has a date of publication.",
    Step.UNSCHEDULE: "The date of publication is taken away; the draft stays approved.",
}


@require_safe
@policy(Capability.DRAFT_READ)
def review(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """What stands in the way, the steps, what was said."""
    return _page(opened_draft(request, draft_id))


def _page(
    opened: OpenedDraft, faults: list[str] | None = None, typed: str = "", said: str = "", refused: int = 422
) -> HttpResponse:
    page = review_page(opened.draft, opened.actor, opened.now)
    status = refused if faults else 200
    return opened.page("review", "draft_review", status=status, page=page, faults=faults or [], typed=typed, said=said)


@require_POST
@policy(Capability.DRAFT_EDIT, Capability.DRAFT_APPROVE)
def step(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Take a step: submit, take back, send back, approve, publish, set a date, discard."""
    opened = opened_draft(request, draft_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _page(opened, [e for errors in form.errors.values() for e in errors], request.POST.get("text", ""))
    try:
        messages.success(request, _taken(opened, form))
    except Refused as refused:
        opened.draft.refresh_from_db()
        status = 409 if isinstance(refused, Overtaken) else 422
        return _page(opened, [fault.sentence for fault in refused.faults], form.cleaned_data["text"], refused=status)
    return redirect("pathways:draft_review", draft_id=draft_id)


def _taken(opened: OpenedDraft, form: StepForm) -> str:
    cleaned = form.cleaned_data
    chosen = Step(cleaned["step"])
    whole = {"actor": opened.actor, "draft": opened.draft, "digest": cleaned["digest"], "now": opened.now}
    if chosen is Step.PUBLISH:
        return f"Published {publish_draft(**whole)}. Every patient’s list is being refreshed."
    on = cleaned["on"] if chosen is Step.SCHEDULE else None
    take_step(step=chosen, text=cleaned["text"], on=on, **whole)
    return DONE[chosen]


@require_POST
@policy(Capability.DRAFT_COMMENT)
def say(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Comment on an entry or on the draft."""
    opened = opened_draft(request, draft_id)
    form, place = CommentForm(request.POST), request.POST.get("place", "")
    text = form.cleaned_data["text"] if form.is_valid() else request.POST.get("text", "")
    try:
        comment(actor=opened.actor, draft=opened.draft, place=place, text=text, now=opened.now)
    except Refused as refused:
        return _page(opened, [fault.sentence for fault in refused.faults], said=text)
    messages.success(request, "Your comment is on record.")
    part, code = request.POST.get("part", ""), request.POST.get("code", "")
    try:
        return redirect(reverse("pathways:draft_entry", args=[draft_id, part, code]))
    except NoReverseMatch:  # said of the draft as a whole
        return redirect("pathways:draft_review", draft_id=draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.DRAFT_EDIT)
def update(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """Bring the draft up to the version in force; where both changed an entry, a person chooses."""
    opened = opened_draft(request, draft_id)
    choices = {
        name.removeprefix("choice-"): value for name, value in request.POST.items() if name.startswith("choice-")
    }
    if request.method == "POST":
        try:
            bring_up_to_date(actor=opened.actor, draft=opened.draft, choices=choices, now=opened.now)
            opened.draft.refresh_from_db()
            messages.success(request, f"The draft stands on {opened.draft.base} now.")
            return redirect("pathways:draft_changes", draft_id=draft_id)
        except (Refused, EditConflict) as refused:
            messages.error(request, str(refused))
    return opened.page("update", "draft_review", page=update_page(opened.draft, choices))

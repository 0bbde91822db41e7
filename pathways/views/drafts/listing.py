"""The list of drafts, and opening a new one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from netcare.access import Capability, actor_of, policy
from netcare.uploads import was_too_large
from pathways.drafts.editing import open_draft
from pathways.drafts.from_file import draft_from_file
from pathways.drafts.rolling_back import open_roll_back
from pathways.drafts.selectors import drafts_done, drafts_in_work
from pathways.forms.drafts import FileForm, NewDraftForm
from pathways.knowledge import KnowledgeError
from pathways.knowledge.ruleset_files import read_ruleset_text
from pathways.knowledge.yaml_text import LARGEST_BYTES
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
    return _page(request, form, FileForm(), status=422 if form.errors else 200)


def _page(request: HttpRequest, form: NewDraftForm, file_form: FileForm, *, status: int = 200) -> HttpResponse:
    in_work = drafts_in_work()
    context = {
        **pathway_frame(request, "drafts"),
        "form": form,
        "file_form": file_form,
        "waiting": draft_lines([one for one in in_work if one.state != DraftState.OPEN]),
        "in_work": draft_lines([one for one in in_work if one.state == DraftState.OPEN]),
        "done": draft_lines(drafts_done()),
        "overdue": ruleset_notice(ruleset_in_force().ruleset, today_of(request)),
        "may_open": actor_of(request).may(Capability.DRAFT_EDIT),
    }
    return render(request, "pathways/drafts/list.html", context, status=status)


@require_POST
@policy(Capability.DRAFT_EDIT)
def draft_from(request: HttpRequest) -> HttpResponse:
    """Open a draft from a ruleset file."""
    file_form = FileForm(request.POST, request.FILES)
    if was_too_large(request):
        file_form.full_clean()
        file_form.errors.clear()
        file_form.add_error("file", "The file is larger than 10 MB; a ruleset file has at most 5 MB.")
    elif file_form.is_valid() and (draft := _from_file(request, file_form)):
        messages.success(request, "The draft holds what the file holds. Look at its changes.")
        return redirect("pathways:draft_changes", draft_id=draft.id)
    return _page(request, NewDraftForm(None, versions=versions()), file_form, status=422)


def _from_file(request: HttpRequest, form: FileForm) -> Draft | None:
    upload = form.cleaned_data["file"]
    try:
        ruleset = read_ruleset_text(upload.read(LARGEST_BYTES + 1), upload.name)
        title = form.cleaned_data["name"]
        return draft_from_file(actor=actor_of(request), ruleset=ruleset, title=title, now=timezone.now())
    except KnowledgeError as refused:
        for line in str(refused).splitlines()[:20]:
            form.add_error("file", line)
    except Refused as refused:
        form.add_refusal(refused)
    return None


def _opened(request: HttpRequest, form: NewDraftForm) -> Draft | None:
    typed, base = form.cleaned_data, version_in_force()
    chosen = version_numbered(typed["version"])
    whole = {"actor": actor_of(request), "title": typed["title"], "note": typed["note"], "base": base}
    try:
        if chosen is None or chosen.pk == base.pk:
            return open_draft(**whole, taken_from=None, now=timezone.now())
        why = {"text": typed["text"], "source": typed["source"]}
        return open_roll_back(**whole, **why, back_to=chosen, now=timezone.now())
    except Refused as refused:
        form.add_refusal(refused)
        return None

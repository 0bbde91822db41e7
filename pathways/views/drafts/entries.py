"""One entry of a draft: the form, saving it, retiring it, and the choice when two people met.

Views open the draft, call one action, and redirect; a refusal is shown beside the field, with everything typed kept.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from netcare.access import Capability, policy
from pathways.drafting.conditions import ConditionRefused
from pathways.drafting.content import HEAD, EntryChange, Place, entry_at, entry_digest
from pathways.drafting.going_with import retiring_option, retiring_rule
from pathways.drafts.editing import Edit, EditConflict, change, save_entry
from pathways.drafts.selectors import what_an_edit_ends
from pathways.engine import read_json
from pathways.forms.entries import FORMS
from pathways.presenters.draft_entry import EntryEditor, entry_page
from pathways.views.drafts.opening import OpenedDraft, opened_draft
from patients.actions.shared import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.DRAFT_READ)
def entry(request: HttpRequest, draft_id: UUID, part: str, code: str = "") -> HttpResponse:
    """The form of one entry, or of a new one where there is no code yet; posting it saves."""
    opened = opened_draft(request, draft_id)
    try:
        editor = _editor(opened, part, code)
    except ConditionRefused as refused:
        messages.error(request, f"The condition that was sent is none, so nothing was saved. {refused}")
        return redirect(request.path)
    if request.method != "POST":
        return _page(opened, editor)
    if editor.edits_condition():
        return _fragment(opened, editor) if request.headers.get("HX-Request") else _page(opened, editor)
    conflict = None
    try:
        if editor.is_valid() and _saved(opened, editor):
            return redirect("pathways:draft_entry", draft_id=draft_id, part=part, code=editor.place().code)
    except EditConflict as met:
        conflict = met
        editor.form.saw(entry_digest(met.theirs))
    return _page(opened, editor, conflict, status=409 if conflict else 422)


def _editor(opened: OpenedDraft, part: str, code: str) -> EntryEditor:
    if part not in FORMS or (part == "ruleset" and code != HEAD):
        raise Http404("A draft has no such part.")
    posted = opened.request.POST if opened.request.method == "POST" else None
    editor = EntryEditor(opened.draft, part, code, posted, opened.request.path)
    if code and editor.entry is None and editor.in_force is None:
        raise Http404("The draft has no such entry.")
    return editor


def _saved(opened: OpenedDraft, editor: EntryEditor) -> bool:
    edit = Edit(editor.place(), editor.value(), editor.form.cleaned_data["seen"], editor.stands_after())
    ended = what_an_edit_ends(opened.draft)
    try:
        saved = save_entry(actor=opened.actor, draft=opened.draft, edit=edit, now=opened.now)
    except Refused as refused:
        editor.form.add_refusal(refused)
        return False
    again = f" The draft is open again: this ended {ended}." if ended else ""
    said = f"Saved {edit.place}.{again}" if saved else "Nothing was changed, so nothing was saved."
    messages.success(opened.request, said)
    return True


def _page(
    opened: OpenedDraft, editor: EntryEditor, conflict: EditConflict | None = None, status: int = 200
) -> HttpResponse:
    if conflict is not None:
        editor.seen_by_now(conflict)
    page = entry_page(opened.draft, opened.actor, editor, conflict, opened.now)
    return opened.page("entry", "draft", status=status, page=page, editor=editor)


def _fragment(opened: OpenedDraft, editor: EntryEditor) -> HttpResponse:
    """The builder alone, after one of its verbs."""
    assert editor.builder is not None
    return render(opened.request, "pathways/drafts/condition/builder.html", {"builder": editor.builder.view})


@require_POST
@policy(Capability.DRAFT_EDIT)
def retire(request: HttpRequest, draft_id: UUID, part: str, code: str) -> HttpResponse:
    """Take an entry out of the draft, with what cannot stand without it; or put back what the draft took out."""
    opened = opened_draft(request, draft_id)
    place = _place(part, code)
    if part == "ruleset" and request.POST.get("do") != "restore":
        raise Http404("The pathway itself is not retired.")
    seen = request.POST.get("seen", "")
    back = entry_at(read_json(opened.draft.base.content), place) if request.POST.get("do") == "restore" else None
    try:
        if back is not None:
            edit = Edit(place, back, seen)
            save_entry(actor=opened.actor, draft=opened.draft, edit=edit, now=opened.now)
            messages.success(request, f"{place} is again as it is in {opened.draft.base}.")
        else:
            _retire(opened, place, seen)
            messages.success(request, f"Retired {place}. Undo it under History.")
    except (Refused, EditConflict) as refused:
        messages.error(request, f"Nothing was changed. {refused}")
    if part in FORMS and (back is not None):
        return redirect("pathways:draft_entry", draft_id=draft_id, part=part, code=code)
    return redirect("pathways:draft_part", draft_id=draft_id, part=part)


def _retire(opened: OpenedDraft, place: Place, seen: str) -> None:
    def make(content: dict[str, object]) -> tuple[EntryChange, ...]:
        current = entry_at(content, place)
        if current is None:
            return ()
        if entry_digest(current) != seen:
            raise EditConflict(place, current, "", None)
        if place.part == "options":
            return retiring_option(content, place.code)
        if place.part == "rules":
            return retiring_rule(content, place.code)
        return (EntryChange(place, current, None),)

    change(actor=opened.actor, draft=opened.draft, make=make, what=f"retired {place}", now=opened.now)


def _place(part: str, code: str) -> Place:
    try:
        return Place(part, code)
    except ValueError as unknown:
        raise Http404(str(unknown)) from unknown

"""Test patients of a draft, kept with the ruleset: an expert confirms a list once, and it becomes an assertion."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from netcare.access import Capability, policy, today_for
from pathways.drafting.content import Place, entries, entry_at, entry_digest
from pathways.drafting.feature_lines import in_words, retitled, titled_lines, to_lines
from pathways.drafts.editing import Edit, EditConflict, save_entry
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import read_json
from pathways.forms.test_patients import CasesForm, TestPatientForm
from pathways.presenters.draft_patients import confirmed_rows, patients_page
from pathways.views.drafts.opening import OpenedDraft, opened_draft
from patients.actions.shared import Refused


@require_safe
@policy(Capability.DRAFT_READ)
def patients(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """The test patients with what is expected of them, and what no test patient shows."""
    opened = opened_draft(request, draft_id)
    return opened.page("patients", "draft_patients", page=patients_page(opened.draft))


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.DRAFT_READ)
def patient(request: HttpRequest, draft_id: UUID, code: str = "") -> HttpResponse:
    """One test patient: its features, the list as the draft has it, and the confirmation."""
    opened = opened_draft(request, draft_id)
    held = entry_at(read_json(opened.draft.content), Place("test_patients", code)) if code else None
    if code and held is None:
        raise Http404("The draft has no such test patient.")
    form = _patient_form(opened, held)
    if (
        request.method == "POST"
        and form.is_valid()
        and request.POST.get("do") == "confirm"
        and _confirmed(opened, form, held)
    ):
        return redirect("pathways:draft_patients", draft_id=draft_id)
    rows = confirmed_rows(opened.draft, form, held)
    status = 422 if form.errors else 200
    return opened.page("patient", "draft_patients", status=status, form=form, rows=rows, held=held, code=code)


def _patient_form(opened: OpenedDraft, held: dict | None) -> TestPatientForm:
    request, ruleset = opened.request, ruleset_of_draft(opened.draft)
    lines = retitled(request.GET.get("features", ""), ruleset.dictionary)
    initial: dict[str, object] = {"features": lines, "seen": entry_digest(held)}
    if held:
        initial |= {**held, "features": titled_lines(held["features"], ruleset.dictionary)}
    else:
        initial["code"] = _next_code(opened)
    return TestPatientForm(request.POST or None, ruleset=ruleset, initial=initial)


def _next_code(opened: OpenedDraft) -> str:
    known = entries(read_json(opened.draft.content), "test_patients")
    number = 1
    while f"TP-{number}" in known:
        number += 1
    return f"TP-{number}"


def _confirmed(opened: OpenedDraft, form: TestPatientForm, held: dict | None) -> bool:
    today = today_for(opened.actor.home, at=opened.now)
    entry = form.entry(form.statuses(), opened.actor.name, today.isoformat())
    place = Place("test_patients", (held or entry)["code"])
    edit = Edit(place, {**entry, "code": place.code}, form.cleaned_data["seen"])
    try:
        save_entry(actor=opened.actor, draft=opened.draft, edit=edit, now=opened.now)
    except EditConflict as met:
        form.met(met, _words(opened, (met.theirs or {}).get("features")))
        return False
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(opened.request, f"{place.code} is a test patient: {len(entry['expected'])} statuses are asserted.")
    return True


def _words(opened: OpenedDraft, features: dict[str, object] | None) -> str:
    """An invented patient in one line."""
    return (
        "; ".join(in_words(to_lines(features or {}), ruleset_of_draft(opened.draft).dictionary)) or "nothing recorded"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@policy(Capability.DRAFT_READ)
def cases(request: HttpRequest, draft_id: UUID, code: str) -> HttpResponse:
    """The cases of one rule."""
    opened = opened_draft(request, draft_id)
    ruleset, place = ruleset_of_draft(opened.draft), Place("cases", code)
    if code not in {rule.code for rule in ruleset.rules}:
        raise Http404("The draft has no such rule.")
    held = entry_at(read_json(opened.draft.content), place)
    initial = {**CasesForm.values_of(held, ruleset.dictionary), "seen": entry_digest(held)}
    form = CasesForm(request.POST or None, ruleset=ruleset, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved_cases(opened, form, place):
        return redirect("pathways:draft_entry", draft_id=draft_id, part="rules", code=code)
    status = 422 if form.errors else 200
    return opened.page("cases", "draft_patients", status=status, form=form, rule=ruleset.rule(code))


def _saved_cases(opened: OpenedDraft, form: CasesForm, place: Place) -> bool:
    try:
        edit = Edit(place, form.entry(), form.cleaned_data["seen"])
        save_entry(actor=opened.actor, draft=opened.draft, edit=edit, now=opened.now)
    except EditConflict as met:
        form.met(
            met, " / ".join(f"{truth}: {_words(opened, held)}" for truth, held in (met.theirs or {}).items()) or "none"
        )
        return False
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(opened.request, f"The cases of {place.code} are saved.")
    return True

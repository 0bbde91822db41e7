"""The recall list, one entry, and what is done with it.

The list leaves an audit row with every patient on it. A form that is refused comes back with what was typed.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from netcare import audit
from netcare.access import Actor, Capability, actor_of, policy, today_for
from pathways.forms.recall import AssignForm, CloseForm, DueForm, RecallForm, ReopenForm
from pathways.models import RecallEntry, RecallEvent
from pathways.presenters.patient_page import banner
from pathways.presenters.recall import RecallCount, may_work, recall_page, recall_rows, recall_table
from pathways.recall import actions
from pathways.recall.selectors import (
    SHOWS,
    RecallFilter,
    entry_of,
    events_of,
    narrowed,
    possible_owners,
    standings,
    with_everything,
)
from patients.actions.shared import Refused
from patients.imports.downloads import CSV_TYPE, csv_bytes
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import tumors_of

PER_PAGE = 25
MOST_EXPORTED = 10_000
TITLES = {"open": "Open", "mine": "Mine", "unassigned": "Nobody’s", "overdue": "Overdue", "closed": "Closed"}


@require_safe
@policy(Capability.RECALL_READ)
def recall(request: HttpRequest) -> HttpResponse:
    """One page of the list; `?show=` and `?q=` narrow it."""
    actor, wanted = actor_of(request), RecallFilter.from_query(request.GET)
    today = today_for(actor.home)
    found = standings(actor, text=wanted.text)
    events = narrowed(with_everything(found), wanted.show, actor, today)
    page = Paginator(events, PER_PAGE).get_page(request.GET.get("page"))
    _record(request, "recall.list", list(page), found=page.paginator.count, show=wanted.show)
    counts = [
        RecallCount(show, TITLES[show], narrowed(found, show, actor, today).count(), show == wanted.show)
        for show in SHOWS
    ]
    rows = recall_rows(list(page), actor, today)
    may_export = actor.may(Capability.RECALL_EXPORT).allowed
    context = {"page": page, "rows": rows, "wanted": wanted, "counts": counts, "may_export": may_export}
    return render(request, "pathways/recall.html", context)


@require_safe
@policy(Capability.RECALL_EXPORT)
def recall_export(request: HttpRequest) -> HttpResponse:
    """The list as it is narrowed, for a spreadsheet; no cell of it is a formula."""
    actor, wanted = actor_of(request), RecallFilter.from_query(request.GET)
    today = today_for(actor.home)
    found = narrowed(with_everything(standings(actor, text=wanted.text)), wanted.show, actor, today)
    events = list(found[:MOST_EXPORTED])
    _record(request, "recall.export", events, show=wanted.show)
    headers = {"Content-Disposition": 'attachment; filename="recall.csv"'}
    return HttpResponse(csv_bytes(recall_table(events, today)), content_type=CSV_TYPE, headers=headers)


@require_safe
@patient_policy(Capability.RECALL_READ)
def recall_entry(request: HttpRequest, patient: Patient, entry_id: UUID) -> HttpResponse:
    """One entry: what changed and why, where it stands, and its forms."""
    return _entry_page(request, _entry_or_404(patient, entry_id))


@require_POST
@patient_policy(Capability.RECALL_WORK)
def recall_assign(request: HttpRequest, patient: Patient, entry_id: UUID) -> HttpResponse:
    """Give the entry to somebody, or to nobody."""
    entry = _entry_or_404(patient, entry_id)
    form = AssignForm(request.POST, seen=0, owners=possible_owners(patient))
    return _acted(request, entry, form, actions.assign, "Assigned.")


@require_POST
@patient_policy(Capability.RECALL_WORK)
def recall_due(request: HttpRequest, patient: Patient, entry_id: UUID) -> HttpResponse:
    """Move the due date."""
    form = DueForm(request.POST, seen=0)
    return _acted(request, _entry_or_404(patient, entry_id), form, actions.move_due, "The due date is moved.")


@require_POST
@patient_policy(Capability.RECALL_WORK)
def recall_close(request: HttpRequest, patient: Patient, entry_id: UUID) -> HttpResponse:
    """Close the entry with a reason."""
    form = CloseForm(request.POST, seen=0)
    return _acted(request, _entry_or_404(patient, entry_id), form, actions.close, "Closed.")


@require_POST
@patient_policy(Capability.RECALL_WORK)
def recall_reopen(request: HttpRequest, patient: Patient, entry_id: UUID) -> HttpResponse:
    """Open again an entry that a person had closed."""
    form = ReopenForm(request.POST, seen=0)
    return _acted(request, _entry_or_404(patient, entry_id), form, actions.reopen, "Opened again.")


def _acted(
    request: HttpRequest, entry: RecallEntry, form: Any, act: Callable[..., RecallEvent], done: str
) -> HttpResponse:
    """Do what the form asks and lead back to the entry; a refusal comes back with what was typed."""
    if form.is_valid():
        try:
            act(
                actor=actor_of(request), entry=entry, seen=form.cleaned_data["seen"], now=timezone.now(), **form.asked()
            )
        except Refused as refused:
            form.add_refusal(refused)
        else:
            messages.success(request, done)
            return redirect("pathways:recall_entry", patient_id=entry.tumor.patient_id, entry_id=entry.pk)
    return _entry_page(request, entry, form)


def _entry_page(request: HttpRequest, entry: RecallEntry, refused: RecallForm | None = None) -> HttpResponse:
    actor, patient = actor_of(request), entry.tumor.patient
    today, events = today_for(patient.institution), events_of(entry)
    page = recall_page(entry, events, actor, today)
    top = banner(patient, actor=actor, as_of=today, current="review", tumors=tumors_of(patient), tumor=entry.tumor)
    context = {"banner": top, "page": page, "patient": patient, "tumor": entry.tumor, "entry": entry}
    context |= {"forms": _forms(entry, events[-1], refused) if may_work(actor) else {}, "refused": refused}
    return render(request, "pathways/recall_entry.html", context, status=200 if refused is None else 400)


def _forms(entry: RecallEntry, last: RecallEvent, refused: RecallForm | None) -> dict[str, RecallForm]:
    """The forms that fit the state; the refused one as it was sent, but standing on what is shown now."""
    chosen = str(last.owner_id or "")
    fresh: list[RecallForm] = [ReopenForm(seen=last.number)]
    if last.is_open:
        owners = possible_owners(entry.tumor.patient)
        assign = AssignForm(seen=last.number, owners=owners, chosen=chosen)
        fresh = [assign, DueForm(seen=last.number), CloseForm(seen=last.number)]
    forms = {form.verb: form for form in fresh}
    if refused is not None and refused.verb in forms:
        refused.data = refused.data.copy()
        refused.data["seen"] = str(last.number)
        forms[refused.verb] = refused
    return forms


def _entry_or_404(patient: Patient, entry_id: UUID) -> RecallEntry:
    found = entry_of(patient, entry_id)
    if found is None:
        raise Http404(NOT_FOUND)
    return found


def _record(request: HttpRequest, action: str, events: list[RecallEvent], **detail: object) -> None:
    actor: Actor = actor_of(request)
    patients = dict.fromkeys(event.entry.tumor.patient_id for event in events)
    audit.record(actor=actor, action=action, patient_ids=list(patients), detail=detail, request=request)

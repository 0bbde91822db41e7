"""The pages of one patient: candidates, the explanation of one option, what is missing, and the printed sheet.

Each view opens the tumor, asks a presenter, and renders; nothing is written here but the audit row of the policy.
"""

from dataclasses import replace
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from netcare.access import Capability, actor_of, today_for
from pathways.models import Review
from pathways.presenters.candidates import candidates_page, listed_said
from pathways.presenters.explanation import explain, option_row
from pathways.presenters.missing import missing_view
from pathways.presenters.missing_page import checklist_page
from pathways.presenters.patient_page import banner, heads
from pathways.presenters.print_frame import page_frame
from pathways.presenters.printed import printed_sheet
from pathways.presenters.recall import RecallNotice, recall_notice
from pathways.presenters.review_due import patient_notice
from pathways.presenters.was_excluded import was_excluded
from pathways.presenters.why_not import why_not
from pathways.recall.selectors import open_entry
from pathways.reviews.selectors import review_of
from pathways.selectors import version_in_force
from pathways.views.opening import Opened, asked_of, differently, open_tumor, shown_day
from patients.links import data_url
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import notes_of, tumors_of


@require_safe
@patient_policy(Capability.EXPLAIN)
def patient(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The patient's first tumor, or the page that says none is on record yet."""
    tumors = tumors_of(patient)
    if tumors:
        return redirect("pathways:tumor", patient_id=patient.id, number=tumors[0].number)
    top = banner(patient, actor=actor_of(request), as_of=today_for(patient.institution), current="candidates")
    return render(request, "pathways/no_tumor.html", {"banner": top})


@require_safe
@patient_policy(Capability.EXPLAIN)
def candidates(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The candidates page; `?status=` filters the list; `as_of`, `limits` and `reading` as in `views.opening`."""
    opened = open_tumor(request, patient, number, asked_of(request))
    chosen, differs = request.GET.get("status", ""), opened.opened_as.differs
    page = candidates_page(opened.done.assessment, opened.readings, chosen, link=opened.link, differs=differs)
    context = {**_assessed_context(opened, "candidates"), **_free_text(opened), "page": page, "recall": _recall(opened)}
    return render(request, "pathways/candidates.html", context)


@require_safe
@patient_policy(Capability.EXPLAIN)
def option_explained(request: HttpRequest, patient: Patient, number: int, code: str) -> HttpResponse:
    """Every rule of one option with this patient's values, whatever its status."""
    opened = open_tumor(request, patient, number, asked_of(request))
    if code not in opened.done.assessment.by_code:
        raise Http404(NOT_FOUND)
    row = option_row(opened.done.assessment, code, opened.link)
    row = replace(row, differs=opened.opened_as.differs.get(code, ""))
    explanation = explain(opened.done.assessment, row, opened.readings, whole=True)
    why = why_not(opened.done.assessment, code, opened.readings)
    context = {**_assessed_context(opened, "candidates"), "e": explanation, "why": why}
    return render(request, "pathways/option_explained.html", context)


@require_safe
@patient_policy(Capability.EXPLAIN)
def missing(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """What is missing, by effect, and why each fact is asked for."""
    opened = open_tumor(request, patient, number, asked_of(request))
    checklist = checklist_page(opened.done, opened.link)
    return render(request, "pathways/missing.html", {**_assessed_context(opened, "missing"), "checklist": checklist})


@require_safe
@patient_policy(Capability.EXPLAIN)
def print_sheet(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The case sheet on paper: the same options, values, cautions and sources as on screen."""
    opened = open_tumor(request, patient, number, asked_of(request))
    sheet = printed_sheet(opened.done.assessment, opened.readings, differs=opened.opened_as.differs)
    said = {"sheet": sheet, "listed_said": listed_said(sheet.page)}
    context = {**_assessed_context(opened, "print"), **_free_text(opened), **said}
    frame = reverse("pathways:print_frame", args=[patient.id, number])
    return render(request, "pathways/print.html", {**context, "page_frame_url": frame + opened.query})


@require_safe
@patient_policy(Capability.EXPLAIN)
def print_frame(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The style sheet of the margins of each printed page: who, under which rules, printed by whom and when, page n of m."""
    asked, version = asked_of(request), version_in_force()
    at = timezone.localtime(timezone.now(), ZoneInfo(patient.institution.time_zone))
    day = shown_day(asked, patient, at).as_of
    if signed := _signed_review(request, patient):
        version, day = signed.snapshot.ruleset_version, signed.snapshot.as_of
    rules = page_frame(
        patient,
        version,
        printed_by=actor_of(request).name,
        printed_at=at,
        facts_of=day,
        not_in_force=differently(asked),
    )
    return HttpResponse(rules, content_type="text/css; charset=utf-8")


def _recall(opened: Opened) -> RecallNotice | None:
    """That the list was signed under rules that gave another one, on the list of today for those who work on it."""
    entry = None if opened.shown.known_at else open_entry(opened.actor, opened.tumor)
    return recall_notice(entry, opened.actor) if entry else None


def _free_text(opened: Opened) -> dict[str, object]:
    """The notes that no rule reads, for those who may read the record."""
    if not opened.actor.may(Capability.PATIENT_READ).allowed:
        return {}
    known_at = opened.shown.known_at
    notes = [
        note
        for note in notes_of(opened.patient)
        if known_at is None or (note.entered_at <= known_at and note.observed_on <= opened.done.as_of)
    ]
    return {"notes": notes, "notes_url": f"{data_url(opened.patient)}#notes"}


def _signed_review(request: HttpRequest, patient: Patient) -> Review | None:
    """The signed review whose sheet is printed, if the address names one of this patient."""
    try:
        return review_of(patient, UUID(request.GET.get("review", "")))
    except ValueError:
        return None


def _assessed_context(opened: Opened, current: str) -> dict[str, object]:
    address = reverse("pathways:tumor", args=[opened.patient.id, opened.tumor.number])
    return {
        **opened.context(current),
        "heads": heads(opened.done, opened.link),
        "overdue": patient_notice(opened.done.assessment, today_for(opened.patient.institution, at=opened.at)),
        "disagreements": opened.forks,
        "missing": missing_view(opened.done.assessment, opened.link),
        "was_excluded": was_excluded(opened.done, opened.link),
        "tumor_url": address + opened.query,
        "missing_url": f"{address}missing/{opened.query}",
        "what_if_url": f"{address}what-if/{opened.query}" if opened.actor.may(Capability.ASSESS).allowed else "",
        "explain_url": f"{address}options/",
        "options_url": reverse("pathways:options") + "options/",
        "rules_url": reverse("pathways:rules"),
        "sources_url": reverse("pathways:sources"),
    }

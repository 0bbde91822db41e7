"""The timeline of one tumor: the drawing with its table, and the table as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from netcare.access import Capability
from pathways.presenters.timeline.page import TimelinePage, csv_text, rows_of, timeline_page
from pathways.views.opening import Opened, asked_of, open_tumor
from patients.models import Patient
from patients.policies import patient_policy

PERIOD = ("period", "from", "to")


@require_safe
@patient_policy(Capability.PATIENT_READ)
def timeline(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """What was given, decided and measured; `?period=` or `?from=&to=` choose the days.

    `as_of`, `limits` and `reading` as in `views.opening`: of a past day it shows what was known when that day ended.
    """
    opened = open_tumor(request, patient, number, asked_of(request))
    query = request.GET.urlencode()
    table = reverse("pathways:timeline_table", args=[patient.id, number]) + (f"?{query}" if query else "")
    context = {**opened.context("timeline"), "page": _page(request, opened), "table_url": table}
    context["kept"] = [(name, value) for name in PERIOD if (value := request.GET.get(name, ""))]
    return render(request, "pathways/timeline.html", context)


@require_safe
@patient_policy(Capability.PATIENT_READ)
def timeline_table(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The same rows as a file for a spreadsheet."""
    page = _page(request, open_tumor(request, patient, number, asked_of(request)))
    headers = {"Content-Disposition": 'attachment; filename="timeline.csv"'}
    return HttpResponse(csv_text(page, patient), content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: HttpRequest, opened: Opened) -> TimelinePage:
    known_at = opened.shown.known_at
    rows = rows_of(opened.tumor, as_of=opened.done.as_of if known_at else None, known_at=known_at)
    return timeline_page(opened.done, rows, request.GET.dict())

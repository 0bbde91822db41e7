"""The timeline of one tumor: the drawing with its table, and the table as a file."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from netcare.access import Capability
from pathways.presenters.timeline.page import TimelinePage, csv_text, rows_of, timeline_page
from pathways.views.opening import Opened, open_tumor
from patients.models import Patient
from patients.policies import patient_policy


@require_safe
@patient_policy(Capability.PATIENT_READ)
def timeline(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """What was given, decided and measured; `?period=` or `?from=&to=` choose the days."""
    opened = open_tumor(request, patient, number)
    query = request.GET.urlencode()
    table = reverse("pathways:timeline_table", args=[patient.id, number]) + (f"?{query}" if query else "")
    context = {**opened.context("timeline"), "page": _page(request, opened), "table_url": table}
    return render(request, "pathways/timeline.html", context)


@require_safe
@patient_policy(Capability.PATIENT_READ)
def timeline_table(request: HttpRequest, patient: Patient, number: int) -> HttpResponse:
    """The same rows as a file for a spreadsheet."""
    page = _page(request, open_tumor(request, patient, number))
    headers = {"Content-Disposition": 'attachment; filename="timeline.csv"'}
    return HttpResponse(csv_text(page, patient), content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: HttpRequest, opened: Opened) -> TimelinePage:
    return timeline_page(opened.done, rows_of(opened.tumor), request.GET.dict())

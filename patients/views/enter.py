"""The entry form of one topic."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from patients.actions import Refused, record_findings
from patients.forms.findings import FindingsForm, findings_form
from patients.links import tumor_data_url
from patients.models import Patient
from patients.policies import NOT_FOUND, patient_policy
from patients.presenters.entry import entry_page
from patients.topics import TOPICS, features_of
from patients.views.common import Place, at, show


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def enter(request: HttpRequest, patient: Patient, number: int, topic: str) -> HttpResponse:
    if topic not in TOPICS:
        raise Http404(NOT_FOUND)
    place, asked = at(request, patient, number), TOPICS[topic]
    form = findings_form(asked, features_of(asked), place.tumor, today=place.today, data=request.POST or None)
    valid = form.is_bound and form.is_valid()
    if valid and "check" not in request.POST:
        batch = _saved(place, form)
        if batch is not None:
            return redirect(f"{tumor_data_url(patient, place.tumor)}?entered={batch}")
    page = entry_page(form, asked, place.facts, checked=valid and "check" in request.POST)
    return show(place, "patients/enter.html", form=form, page=page)


def _saved(place: Place, form: FindingsForm) -> UUID | None:
    """The key of what was recorded together, or None with the sentences beside the fields."""
    try:
        rows = record_findings(
            actor=place.actor, patient=place.patient, findings=form.findings(), submission=form.submission
        )
    except Refused as refusal:
        form.attach(refusal)
        return None
    return rows[0].batch

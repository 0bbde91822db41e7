"""Who the patient is: correcting it, and one more tumor."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from patients.actions import add_tumor, correct_patient
from patients.forms.identity import CorrectionForm, TumorForm
from patients.links import tumor_data_url
from patients.models import Patient
from patients.policies import patient_policy
from patients.presenters.identity import change_rows
from patients.selectors import changes_of
from patients.views.common import at, saved, show


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def identity(request: HttpRequest, patient: Patient) -> HttpResponse:
    place = at(request, patient)
    form = CorrectionForm(request.POST or None, today=place.today, initial=CorrectionForm.initial_of(patient))
    if form.is_valid():
        corrected = saved(form, lambda: correct_patient(actor=place.actor, patient=patient, **form.cleaned_data))
        if corrected is not None:
            messages.success(request, "Corrected. What it said before is kept below.")
            return redirect("patients:identity", patient_id=patient.pk)
    changes = change_rows(changes_of(patient), patient)
    return show(place, "patients/identity.html", form=form, changes=changes)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def new_tumor(request: HttpRequest, patient: Patient) -> HttpResponse:
    place = at(request, patient)
    form = TumorForm(request.POST or None)
    if form.is_valid():
        tumor = saved(form, lambda: add_tumor(actor=place.actor, patient=patient, **form.cleaned_data))
        if tumor is not None:
            messages.success(request, f"{tumor} was added. It has an assessment of its own.")
            return redirect(tumor_data_url(patient, tumor))
    return show(place, "patients/new_tumor.html", form=form)

"""Who the patient is: correcting it, one more tumor, and bringing the patient before the board."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from patients.actions import add_tumor, correct_patient, refer_to_board
from patients.forms.identity import CorrectionForm, ReferralForm, TumorForm
from patients.links import data_url, tumor_data_url
from patients.models import Patient
from patients.policies import patient_policy
from patients.presenters.identity import change_rows, referral_text
from patients.selectors import changes_of, open_referral
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


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_REFER)
def refer(request: HttpRequest, patient: Patient) -> HttpResponse:
    place = at(request, patient)
    form = ReferralForm(request.POST or None)
    if form.is_valid():
        referral = saved(form, lambda: refer_to_board(actor=place.actor, patient=patient, **form.cleaned_data))
        if referral is not None:
            messages.success(request, "Referred to the board. Its coordinators see this patient from now on.")
            return redirect(data_url(patient))
    referral = referral_text(open_referral(patient), patient)
    return show(place, "patients/refer.html", form=form, referral=referral)

"""Treatments: the list with whether it is complete, a new one, a correction, and one that was never given."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from patients.actions import (
    confirm_treatment_history,
    correct_treatment,
    mark_treatment_in_error,
    record_treatment,
)
from patients.forms.identity import ReasonForm
from patients.forms.treatments import HistoryForm, TreatmentForm
from patients.models import Patient, Treatment
from patients.policies import patient_policy
from patients.presenters.treatments import treatment_list, treatment_text
from patients.selectors import treatment_chains, treatment_of, treatments_of
from patients.views.common import Place, at, saved, show, standing


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def treatments(request: HttpRequest, patient: Patient) -> HttpResponse:
    """The list; what is posted here is the confirmation that it is complete."""
    place, live = at(request, patient), treatments_of(patient)
    form = HistoryForm(request.POST or None, today=place.today, born=patient.birth_on, on_record=len(live))
    if form.is_valid() and saved(form, lambda: _confirmed(place, form)):
        messages.success(request, "Recorded whether the treatment history is complete.")
        return redirect("patients:treatments", patient_id=patient.pk)
    listed = treatment_list(patient, live, treatment_chains(patient), place.facts)
    return show(place, "patients/treatments.html", treatments=listed, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def new_treatment(request: HttpRequest, patient: Patient) -> HttpResponse:
    place = at(request, patient)
    form = TreatmentForm(request.POST or None, today=place.today, born=patient.birth_on)
    if form.is_valid():
        row = saved(form, lambda: record_treatment(**_arguments(place, form), treatment=form.new_treatment()))
        if row is not None:
            messages.success(request, f"Recorded: {treatment_text(row)}.")
            return redirect("patients:treatments", patient_id=patient.pk)
    return show(place, "patients/treatment.html", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def edit_treatment(request: HttpRequest, patient: Patient, treatment_id: UUID) -> HttpResponse:
    place, old = at(request, patient), _live(request, patient, treatment_id)
    initial = TreatmentForm.initial_of(old)
    form = TreatmentForm(
        request.POST or None, today=place.today, born=patient.birth_on, correcting=True, initial=initial
    )
    if form.is_valid():
        row = saved(form, lambda: _corrected(place, old, form))
        if row is not None:
            messages.success(request, f"Now on record: {treatment_text(row)}. The earlier version is kept.")
            return redirect("patients:treatments", patient_id=patient.pk)
    return show(place, "patients/treatment.html", form=form, old=treatment_text(old))


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def treatment_in_error(request: HttpRequest, patient: Patient, treatment_id: UUID) -> HttpResponse:
    place, old = at(request, patient), _live(request, patient, treatment_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and saved(form, lambda: _taken_out(place, old, form)):
        messages.success(request, "The treatment no longer counts. It stays readable, with the reason.")
        return redirect("patients:treatments", patient_id=patient.pk)
    return show(place, "patients/treatment_in_error.html", form=form, old=treatment_text(old))


def _live(request: HttpRequest, patient: Patient, treatment_id: UUID) -> Treatment:
    return standing(request, treatment_of(patient, treatment_id), "treatment")


def _arguments(place: Place, form: TreatmentForm) -> dict[str, Any]:
    return {"actor": place.actor, "patient": place.patient, "submission": form.cleaned_data["submission"]}


def _corrected(place: Place, old: Treatment, form: TreatmentForm) -> Treatment:
    return correct_treatment(
        **_arguments(place, form),
        treatment=old,
        replacement=form.new_treatment(),
        reason=form.cleaned_data["reason"],
    )


def _taken_out(place: Place, old: Treatment, form: ReasonForm) -> bool:
    mark_treatment_in_error(actor=place.actor, patient=place.patient, treatment=old, reason=form.cleaned_data["reason"])
    return True


def _confirmed(place: Place, form: HistoryForm) -> Any:
    return confirm_treatment_history(
        actor=place.actor,
        patient=place.patient,
        submission=form.cleaned_data["submission"],
        **form.answer_arguments(),
    )

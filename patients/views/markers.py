"""Markers: the list, a new measurement, a correction, and one entered in error."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from patients.actions import correct_marker, mark_marker_in_error, record_marker
from patients.forms.identity import ReasonForm
from patients.forms.markers import MarkerForm
from patients.links import data_url
from patients.models import Marker, Patient
from patients.policies import patient_policy
from patients.presenters.treatments import marker_text
from patients.selectors import marker_of
from patients.views.common import Place, at, saved, show, standing


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def new_marker(request: HttpRequest, patient: Patient) -> HttpResponse:
    place = at(request, patient)
    form = MarkerForm(request.POST or None, today=place.today, born=patient.birth_on)
    if form.is_valid():
        row = saved(form, lambda: _recorded(place, form))
        if row is not None:
            messages.success(request, f"Recorded: {marker_text(row)}.")
            return redirect(f"{data_url(patient)}#markers")
    return show(place, "patients/marker.html", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def edit_marker(request: HttpRequest, patient: Patient, marker_id: UUID) -> HttpResponse:
    place, old = at(request, patient), _live(request, patient, marker_id)
    initial = MarkerForm.initial_of(old)
    form = MarkerForm(request.POST or None, today=place.today, born=patient.birth_on, correcting=True, initial=initial)
    if form.is_valid():
        row = saved(form, lambda: _corrected(place, old, form))
        if row is not None:
            messages.success(request, f"Now on record: {marker_text(row)}. The earlier version is kept.")
            return redirect(f"{data_url(patient)}#markers")
    return show(place, "patients/marker.html", form=form, old=marker_text(old))


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def marker_in_error(request: HttpRequest, patient: Patient, marker_id: UUID) -> HttpResponse:
    place, old = at(request, patient), _live(request, patient, marker_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and saved(form, lambda: _taken_out(place, old, form)):
        messages.success(request, "The measurement no longer counts. It stays readable, with the reason.")
        return redirect(f"{data_url(patient)}#markers")
    return show(place, "patients/marker_in_error.html", form=form, old=marker_text(old))


def _live(request: HttpRequest, patient: Patient, marker_id: UUID) -> Marker:
    return standing(request, marker_of(patient, marker_id), "measurement")


def _recorded(place: Place, form: MarkerForm) -> Marker:
    return record_marker(
        actor=place.actor,
        patient=place.patient,
        marker=form.new_marker(),
        submission=form.cleaned_data["submission"],
    )


def _corrected(place: Place, old: Marker, form: MarkerForm) -> Marker:
    return correct_marker(
        actor=place.actor,
        patient=place.patient,
        marker=old,
        replacement=form.new_marker(),
        reason=form.cleaned_data["reason"],
        submission=form.cleaned_data["submission"],
    )


def _taken_out(place: Place, old: Marker, form: ReasonForm) -> bool:
    mark_marker_in_error(actor=place.actor, patient=place.patient, marker=old, reason=form.cleaned_data["reason"])
    return True

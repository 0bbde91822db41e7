"""Notes: a new one, and one that should not have been written."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from netcare.access import Capability
from patients.actions import mark_note_in_error, record_notes
from patients.forms.identity import ReasonForm
from patients.forms.notes import NoteForm
from patients.links import data_url
from patients.models import Patient, PatientNote
from patients.policies import NOT_FOUND, patient_policy
from patients.selectors import note_of
from patients.views.common import Place, at, found, saved, show


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def new_note(request: HttpRequest, patient: Patient) -> HttpResponse:
    place = at(request, patient)
    form = NoteForm(request.POST or None, today=place.today, born=patient.birth_on)
    if form.is_valid() and saved(form, lambda: _recorded(place, form)):
        messages.success(request, "The note is on record. No rule reads it.")
        return redirect(f"{data_url(patient)}#notes")
    return show(place, "patients/note.html", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@patient_policy(Capability.PATIENT_WRITE)
def note_in_error(request: HttpRequest, patient: Patient, note_id: UUID) -> HttpResponse:
    place, old = at(request, patient), _live(patient, note_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and saved(form, lambda: _taken_out(place, old, form)):
        messages.success(request, "The note is no longer shown. It stays on record, with the reason.")
        return redirect(f"{data_url(patient)}#notes")
    return show(place, "patients/note_in_error.html", form=form, old=old)


def _live(patient: Patient, note_id: UUID) -> PatientNote:
    row: PatientNote = found(note_of(patient, note_id))
    if hasattr(row, "correction"):
        raise Http404(NOT_FOUND)
    return row


def _recorded(place: Place, form: NoteForm) -> list[PatientNote]:
    return record_notes(
        actor=place.actor,
        patient=place.patient,
        notes=[form.new_note()],
        submission=form.cleaned_data["submission"],
    )


def _taken_out(place: Place, old: PatientNote, form: ReasonForm) -> bool:
    mark_note_in_error(actor=place.actor, patient=place.patient, note=old, reason=form.cleaned_data["reason"])
    return True

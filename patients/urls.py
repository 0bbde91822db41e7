"""Addresses of data entry and history. Lists and assessments of patients are pages of ``pathways``."""

from django.urls import path

from patients.imports import views as imports
from patients.views import data, enter, feature, identity, markers, notes, register, treatments

app_name = "patients"
ONE = "patients/<uuid:patient_id>/data/"
TUMOR = f"{ONE}tumors/<int:number>/"
FILE = "patients/import/<uuid:import_id>/"
urlpatterns = [
    path("patients/new/", register.register, name="register"),
    path("patients/import/", imports.imports, name="imports"),
    path("patients/import/templates/<slug:name>/", imports.import_template, name="import_template"),
    path(FILE, imports.import_preview, name="import_preview"),
    path(f"{FILE}apply/", imports.import_apply, name="import_apply"),
    path(f"{FILE}discard/", imports.import_discard, name="import_discard"),
    path(f"{FILE}report/", imports.import_report, name="import_report"),
    path(f"{FILE}not-taken/<slug:kind>/", imports.import_left_out, name="import_left_out"),
    path(ONE, data.data, name="data"),
    path(f"{ONE}identity/", identity.identity, name="identity"),
    path(f"{ONE}tumors/new/", identity.new_tumor, name="new_tumor"),
    path(TUMOR, data.data, name="tumor_data"),
    path(f"{TUMOR}enter/<slug:topic>/", enter.enter, name="enter"),
    path(f"{TUMOR}features/<slug:feature>/", feature.feature, name="feature"),
    path(f"{ONE}findings/<uuid:finding_id>/correct/", feature.correct, name="correct_finding"),
    path(f"{ONE}findings/<uuid:finding_id>/in-error/", feature.in_error, name="finding_in_error"),
    path(f"{ONE}findings/<uuid:finding_id>/settle/", feature.settle, name="settle_reading"),
    path(f"{ONE}treatments/", treatments.treatments, name="treatments"),
    path(f"{ONE}treatments/new/", treatments.new_treatment, name="new_treatment"),
    path(f"{ONE}treatments/<uuid:treatment_id>/", treatments.edit_treatment, name="edit_treatment"),
    path(f"{ONE}treatments/<uuid:treatment_id>/in-error/", treatments.treatment_in_error, name="treatment_in_error"),
    path(f"{ONE}markers/new/", markers.new_marker, name="new_marker"),
    path(f"{ONE}markers/<uuid:marker_id>/", markers.edit_marker, name="edit_marker"),
    path(f"{ONE}markers/<uuid:marker_id>/in-error/", markers.marker_in_error, name="marker_in_error"),
    path(f"{ONE}notes/new/", notes.new_note, name="new_note"),
    path(f"{ONE}notes/<uuid:note_id>/in-error/", notes.note_in_error, name="note_in_error"),
]

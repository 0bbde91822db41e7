"""Addresses of drafts, below /pathway/drafts/."""

from django.urls import path

from pathways.views.drafts import checks, effect, entries, listing, live, pages, patients, review

urlpatterns = [
    path("", listing.drafts, name="drafts"),
    path("from-file/", listing.draft_from, name="draft_from_file"),
    path("<uuid:draft_id>/", pages.draft, name="draft"),
    path("<uuid:draft_id>/draft.yaml", pages.file, name="draft_file"),
    path("<uuid:draft_id>/parts/<slug:part>/", pages.draft, name="draft_part"),
    path("<uuid:draft_id>/parts/<slug:part>/new/", entries.entry, name="draft_entry_new"),
    path("<uuid:draft_id>/parts/<slug:part>/entries/<slug:code>/", entries.entry, name="draft_entry"),
    path("<uuid:draft_id>/parts/<slug:part>/entries/<slug:code>/retire/", entries.retire, name="draft_entry_retire"),
    path("<uuid:draft_id>/live/", live.live, name="draft_live"),
    path("<uuid:draft_id>/try/", live.invented, name="draft_try"),
    path("<uuid:draft_id>/patients/", patients.patients, name="draft_patients"),
    path("<uuid:draft_id>/patients/new/", patients.patient, name="draft_patient_new"),
    path("<uuid:draft_id>/patients/<slug:code>/", patients.patient, name="draft_patient"),
    path("<uuid:draft_id>/cases/<slug:code>/", patients.cases, name="draft_cases"),
    path("<uuid:draft_id>/changes/", pages.changes, name="draft_changes"),
    path("<uuid:draft_id>/changes/reason/", pages.reason, name="draft_reason"),
    path("<uuid:draft_id>/checks/", checks.checks, name="draft_checks"),
    path("<uuid:draft_id>/checks/acknowledge/", checks.acknowledge, name="draft_acknowledge"),
    path("<uuid:draft_id>/effect/", effect.effect, name="draft_effect"),
    path("<uuid:draft_id>/effect/start/", effect.start, name="draft_effect_start"),
    path("<uuid:draft_id>/effect/acknowledge/", effect.acknowledge, name="draft_effect_acknowledge"),
    path("<uuid:draft_id>/effect/rows/", effect.rows, name="draft_effect_rows"),
    path("<uuid:draft_id>/effect/effect.csv", effect.file, name="draft_effect_file"),
    path("<uuid:draft_id>/gate/", checks.gate, name="draft_gate"),
    path("<uuid:draft_id>/history/", pages.past, name="draft_history"),
    path("<uuid:draft_id>/history/<uuid:edit_id>/undo/", pages.undo_edit, name="draft_undo"),
    path("<uuid:draft_id>/review/", review.review, name="draft_review"),
    path("<uuid:draft_id>/review/step/", review.step, name="draft_step"),
    path("<uuid:draft_id>/comments/", review.say, name="draft_comment"),
    path("<uuid:draft_id>/update/", review.update, name="draft_update"),
]

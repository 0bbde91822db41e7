"""Addresses of the pathway: home, patients (lists and assessments), and the pathway to browse."""

from django.urls import include, path

from pathways.views import (
    browse,
    feedback,
    home,
    pathway_map,
    patient_list,
    patient_pages,
    recall,
    reviews,
    theme,
    timeline,
    what_if,
)

app_name = "pathways"
urlpatterns = [
    path("", home.home, name="home"),
    path("theme/", theme.theme, name="theme"),
    path("patients/", patient_list.patients, name="patients"),
    path("patients/<uuid:patient_id>/", patient_pages.patient, name="patient"),
    path("patients/<uuid:patient_id>/tumors/<int:number>/", patient_pages.candidates, name="tumor"),
    path(
        "patients/<uuid:patient_id>/tumors/<int:number>/options/<slug:code>/",
        patient_pages.option_explained,
        name="option_explained",
    ),
    path("patients/<uuid:patient_id>/tumors/<int:number>/missing/", patient_pages.missing, name="missing"),
    path("patients/<uuid:patient_id>/tumors/<int:number>/what-if/", what_if.what_if, name="what_if"),
    path("patients/<uuid:patient_id>/tumors/<int:number>/print/", patient_pages.print_sheet, name="tumor_print"),
    path(
        "patients/<uuid:patient_id>/tumors/<int:number>/print/page.css", patient_pages.print_frame, name="print_frame"
    ),
    path(
        "patients/<uuid:patient_id>/tumors/<int:number>/options/<slug:code>/map/",
        pathway_map.pathway_map,
        name="pathway_map",
    ),
    path("patients/<uuid:patient_id>/tumors/<int:number>/timeline/", timeline.timeline, name="timeline"),
    path(
        "patients/<uuid:patient_id>/tumors/<int:number>/timeline/table.csv",
        timeline.timeline_table,
        name="timeline_table",
    ),
    path("patients/<uuid:patient_id>/tumors/<int:number>/review/", reviews.review, name="review"),
    path("patients/<uuid:patient_id>/tumors/<int:number>/since/", reviews.since, name="since"),
    path("patients/<uuid:patient_id>/reviews/<uuid:review_id>/", reviews.review_signed, name="review_signed"),
    path("recall/", recall.recall, name="recall"),
    path("recall/list.csv", recall.recall_export, name="recall_export"),
    path("patients/<uuid:patient_id>/recall/<uuid:entry_id>/", recall.recall_entry, name="recall_entry"),
    path("patients/<uuid:patient_id>/recall/<uuid:entry_id>/assign/", recall.recall_assign, name="recall_assign"),
    path("patients/<uuid:patient_id>/recall/<uuid:entry_id>/due/", recall.recall_due, name="recall_due"),
    path("patients/<uuid:patient_id>/recall/<uuid:entry_id>/close/", recall.recall_close, name="recall_close"),
    path("patients/<uuid:patient_id>/recall/<uuid:entry_id>/reopen/", recall.recall_reopen, name="recall_reopen"),
    path("reviews/check/", reviews.check, name="review_check"),
    path("pathway/", browse.options, name="options"),
    path("pathway/options/<slug:code>/", browse.option, name="option"),
    path("pathway/options/<slug:code>/map/", pathway_map.option_map, name="option_map"),
    path("pathway/rules/", browse.rules, name="rules"),
    path("pathway/rules/<slug:code>/", browse.rule, name="rule"),
    path("pathway/definitions/<slug:code>/", browse.definition, name="definition"),
    path("pathway/sources/", browse.sources, name="sources"),
    path("pathway/sources/<slug:source_id>/", browse.source, name="source"),
    path("pathway/dictionary/", browse.dictionary, name="dictionary"),
    path("pathway/limits/", browse.limits, name="limits"),
    path("pathway/versions/", browse.versions, name="versions"),
    path("pathway/feedback/", feedback.feedback, name="feedback"),
    path("pathway/feedback/new/", feedback.feedback_new, name="feedback_new"),
    path("pathway/feedback/<uuid:thread_id>/", feedback.feedback_thread, name="feedback_thread"),
    path("pathway/feedback/<uuid:thread_id>/take-up/", feedback.feedback_take_up, name="feedback_take_up"),
    path("pathway/feedback/<uuid:thread_id>/answer/", feedback.feedback_answer, name="feedback_answer"),
    path("feedback/<uuid:thread_id>/seen/", feedback.feedback_seen, name="feedback_seen"),
    path("", include("pathways.api.urls")),
]

"""Addresses of the pathway: home, patients (lists and assessments), and the pathway to browse."""

from django.urls import include, path

from pathways.views import (
    about,
    browse,
    conditions,
    home,
    pathway_map,
    patient_list,
    patient_pages,
    reviews,
    stops,
    theme,
    timeline,
    versions,
    what_if,
)
from pathways.views.drafts.urls import urlpatterns as draft_urls

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
    path("pathway/conditions/", conditions.conditions, name="conditions"),
    path("pathway/limits/", browse.limits, name="limits"),
    path("pathway/versions/", versions.versions, name="versions"),
    path("pathway/drafts/", include(draft_urls)),
    path("pathway/versions/<int:before>/to/<int:after>/", versions.version_changes, name="version_changes"),
    path("pathway/versions/<int:number>/ruleset.yaml", versions.version_file, name="version_file"),
    path("pathway/about/", about.about, name="about"),
    path("pathway/about/attributes.csv", about.attributes_csv, name="attributes_csv"),
    path("pathway/about/attributes.json", about.attributes_json, name="attributes_json"),
    path("pathway/stops/", stops.stops, name="stops"),
    path("pathway/stops/ask/", stops.stop_ask, name="stop_ask"),
    path("pathway/stops/place/", stops.stop_place, name="stop_place"),
    path("pathway/stops/<uuid:stop_id>/", stops.stop, name="stop"),
    path("pathway/stops/<uuid:stop_id>/decline/", stops.stop_decline, name="stop_decline"),
    path("pathway/stops/<uuid:stop_id>/second-look/", stops.stop_look, name="stop_look"),
    path("pathway/stops/<uuid:stop_id>/lift/", stops.stop_lift, name="stop_lift"),
    path("", include("pathways.api.urls")),
]

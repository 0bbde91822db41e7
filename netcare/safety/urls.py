"""Addresses of the safety file."""

from django.urls import path

from netcare.safety import views

app_name = "safety"
urlpatterns = [
    path("safety/", views.file, name="file"),
    path("safety/safety-file.md", views.download_markdown, name="download_markdown"),
    path("safety/safety-file.json", views.download_json, name="download_json"),
    path("safety/report/", views.report, name="report"),
    path("safety/incidents/<uuid:incident_id>/", views.incident, name="incident"),
    path("safety/incidents/<uuid:incident_id>/assess/", views.assess, name="assess"),
    path("safety/incidents/<uuid:incident_id>/close/", views.close, name="close"),
    path("safety/incidents/<uuid:incident_id>/reopen/", views.reopen, name="reopen"),
]

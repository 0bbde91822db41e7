"""Addresses of background jobs: the list, one job's progress, and asking again."""

from django.urls import path

from netcare.jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.job_list, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job_detail, name="job"),
    path("jobs/<uuid:job_id>/again/", views.job_again, name="again"),
]

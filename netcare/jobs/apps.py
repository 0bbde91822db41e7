"""The Django application of background jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "netcare.jobs"
    label = "jobs"
    verbose_name = "Background jobs"

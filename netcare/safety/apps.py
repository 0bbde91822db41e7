"""The Django application of the safety file; it declares that what was reported is never changed."""

from django.apps import AppConfig

from netcare.audit.append_only import register


class SafetyConfig(AppConfig):
    name = "netcare.safety"
    label = "safety"
    verbose_name = "Safety file"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register("safety_incident")
        register("safety_incidentstep")

"""Django's entry for the patients application; it declares which of its tables are append-only in the database."""

from django.apps import AppConfig

APPEND_ONLY = (
    "finding",
    "findingcorrection",
    "settlement",
    "treatment",
    "treatmentcorrection",
    "marker",
    "markercorrection",
    "patientchange",
    "patientnote",
    "patientnotecorrection",
)


class PatientsConfig(AppConfig):
    name = "patients"
    verbose_name = "Patients"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from netcare.audit.append_only import register

        for table in APPEND_ONLY:
            register(f"patients_{table}")

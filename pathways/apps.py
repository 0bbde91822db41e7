"""The pathway application: catalogue, rules, versions, and what they say of patients."""

from django.apps import AppConfig

from netcare.audit.append_only import register


class PathwaysConfig(AppConfig):
    """Declares versions, emergency stops and signed reviews immutable: their rows take no change, on either database."""

    name = "pathways"
    verbose_name = "Pathway"

    def ready(self) -> None:
        for table in (
            "rulesetversion",
            "snapshot",
            "review",
            "reviewitem",
            "emergencystop",
            "stopevent",
            "stopoverlay",
        ):
            register(f"pathways_{table}")

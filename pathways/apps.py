"""The pathway application: catalogue, rules, versions, and what they say of patients."""

from django.apps import AppConfig

from netcare.audit.append_only import register


class PathwaysConfig(AppConfig):
    """Declares published versions immutable: their rows take no change and no deletion, on either database."""

    name = "pathways"
    verbose_name = "Pathway"

    def ready(self) -> None:
        register("pathways_rulesetversion")

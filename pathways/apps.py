"""The pathway application: catalogue, rules, versions, and what they say of patients."""

from django.apps import AppConfig

from netcare.audit.append_only import register


class PathwaysConfig(AppConfig):
    """Declares published versions, signed reviews, recall and feedback immutable: their rows take no change, on either
    database."""

    name = "pathways"
    verbose_name = "Pathway"

    def ready(self) -> None:
        signed = ("rulesetversion", "snapshot", "review", "reviewitem")
        recall = ("recallentry", "recalldifference", "recallevent")
        feedback = ("feedbackthread", "feedbackevent", "feedbackseen")
        for table in (*signed, *recall, *feedback):
            register(f"pathways_{table}")

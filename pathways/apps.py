"""The pathway application: catalogue, rules, versions, and what they say of patients."""

from django.apps import AppConfig

from netcare.audit.append_only import register

IMMUTABLE = (
    "rulesetversion",
    "snapshot",
    "review",
    "reviewitem",
    "draftedit",
    "draftreason",
    "draftcomment",
    "draftstep",
    "acknowledgement",
    "emergencystop",
    "stopevent",
    "stopoverlay",
    "recallentry",
    "recalldifference",
    "recallevent",
    "feedbackthread",
    "feedbackevent",
    "feedbackseen",
)


class PathwaysConfig(AppConfig):
    """Declares what is immutable: versions, stops, reviews, recall, feedback, what was done to drafts."""

    name = "pathways"
    verbose_name = "Pathway"

    def ready(self) -> None:
        from pathways.treatment_words import words_in_force
        from patients import catalogue

        for table in IMMUTABLE:
            register(f"pathways_{table}")
        catalogue.register(words_in_force)

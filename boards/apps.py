"""Django's entry for the board; it declares which of its tables are append-only, how far a meeting reaches, which lists a
board has looked at, what it adds to a timeline, and who answers for check codes on its papers."""

from django.apps import AppConfig

APPEND_ONLY = (
    "meetingstep",
    "caseevent",
    "decision",
    "decisionoption",
    "followup",
    "followupevent",
    "minutessignature",
    "addendum",
    "paper",
    "papercase",
    "attachment",
    "attachmentwithdrawal",
)


class BoardsConfig(AppConfig):
    name = "boards"
    verbose_name = "Tumor board"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from boards.code_lookup import look_up
        from boards.looked import WAY
        from boards.on_timeline import board_marks
        from boards.reach import meeting_reach
        from netcare.audit.append_only import register
        from pathways.presenters.timeline.entries import register_source
        from pathways.recall import looked
        from pathways.reviews import papers
        from patients import reach

        for table in APPEND_ONLY:
            register(f"boards_{table}")
        register("boards_meeting", frozen_when="OLD.state = 'closed'")
        reach.register("board", meeting_reach)
        papers.register("board", look_up)
        looked.register("board", WAY)
        register_source("board", board_marks)

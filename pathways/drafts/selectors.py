"""Reading drafts: which there are, one of them, its content as a ruleset."""

from functools import lru_cache
from uuid import UUID

from pathways.engine import Ruleset, read_json
from pathways.models import Draft, DraftState, Step
from pathways.presenters.words import show_date

DONE = (DraftState.PUBLISHED, DraftState.DISCARDED)


def drafts_in_work() -> list[Draft]:
    """Drafts that are not finished, the latest changed first, without their contents."""
    chosen = Draft.objects.exclude(state__in=DONE).select_related("base").defer("content", "base__content")
    return list(chosen.order_by("-changed_at", "id"))


def drafts_done() -> list[Draft]:
    """Published and discarded drafts, the latest first."""
    chosen = Draft.objects.filter(state__in=DONE).select_related("base", "published")
    return list(chosen.defer("content", "base__content", "published__content").order_by("-changed_at", "id"))


def draft_with(draft_id: UUID) -> Draft | None:
    """One draft, with the version it stands on."""
    return Draft.objects.select_related("base", "taken_from", "published").filter(pk=draft_id).first()


def what_an_edit_ends(draft: Draft) -> str:
    """What an edit of the draft as it is takes back, such as "the approval of A. Approver"; empty where nothing."""
    step = {DraftState.SUBMITTED: Step.SUBMIT, DraftState.APPROVED: Step.APPROVE}.get(DraftState(draft.state))
    if step is None:
        return ""
    last = draft.steps.filter(step=step).order_by("-id").first()
    noun = "the approval" if step == Step.APPROVE else "the submission"
    said = f"{noun} of {last.by_name}" if last else noun
    return f"{said}, and its publication on {show_date(draft.publish_on)}" if draft.publish_on else said


def ruleset_of_draft(draft: Draft) -> Ruleset:
    """The draft's content as a ruleset, built once per content."""
    return _ruleset(draft.digest, draft.content)


@lru_cache(maxsize=8)
def _ruleset(digest: str, content: str) -> Ruleset:
    return Ruleset.from_data(read_json(content))

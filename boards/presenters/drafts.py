"""What other people typed of a decision: offered to whoever records it, and named where it was not taken over.

Names and times alone; what stands in a draft is shown when it is taken over. Called by the meeting screen and the page of
a decision.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from boards.forms.decision import typed_words
from boards.forms.joining import adds_nothing
from boards.models import Case, DecisionDraft
from pathways.presenters.words import show_instant
from pathways.reviews.snapshots import replay


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft of somebody else."""

    id: int
    who: str
    when: str


def mark(draft: DecisionDraft) -> str:
    """What stands in the taker's own draft for one that was taken over, as it was then."""
    return f"{draft.pk}:{draft.revision}"


def draft_lines(content: Mapping[str, list[str]], drafts: Sequence[DecisionDraft]) -> list[DraftLine]:
    """Those that hold something which `content` does not, and which were not taken over as they are."""
    taken = taken_over(content, drafts)
    return [_line(one) for one in drafts if one.pk not in taken]


def taken_over(content: Mapping[str, list[str]], drafts: Sequence[DecisionDraft]) -> dict[int, int]:
    """The drafts, with their revision, of which nothing is left to take over."""
    marks = content.get("taken", ())
    return {one.pk: one.revision for one in drafts if mark(one) in marks or adds_nothing(content, one.content)}


def left_of(draft: DecisionDraft | None) -> str:
    """What its writer had typed when somebody else recorded the decision, as plain lines."""
    return typed_words(draft.content) if draft else ""


def differs_said(case: Case, fields: Sequence[str]) -> str:
    """Where both had chosen, in a sentence; nothing if they did not choose differently."""
    if not fields or case.snapshot is None:
        return ""
    ruleset = replay(case.snapshot).ruleset
    words = {"trial": "clinical trial", "rows": "tasks or conditions, of which there are too many"}
    known = {f"word-{option.code}": option.title for option in ruleset.options}
    named = ", ".join((words | known).get(name, name) for name in fields)
    return f"Both of you chose differently here; what you chose stands, theirs is kept: {named}."


def _line(draft: DecisionDraft) -> DraftLine:
    return DraftLine(draft.pk, draft.by.display_name, show_instant(draft.kept_at))

"""Bringing a draft up to date, as its page shows it: what comes along, and where both changed the same entry."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.drafts.selectors import ruleset_of_draft
from pathways.drafts.updating import rebased
from pathways.models import Draft
from pathways.presenters.draft_entry import Wording, wording
from pathways.selectors import ruleset_of, version_in_force


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry that both changed: three wordings, and which one was chosen."""

    place: str
    base: Wording
    mine: Wording
    theirs: Wording
    chosen: str


@dataclass(frozen=True, slots=True)
class UpdatePage:
    """The page."""

    onto: str
    base: str
    needed: bool
    kept: tuple[str, ...]
    choices: tuple[Choice, ...]


def update_page(draft: Draft, choices: Mapping[str, str]) -> UpdatePage:
    """What bringing the draft up to date comes to."""
    onto = version_in_force(draft.code)
    done = rebased(draft, onto, {})
    mine, theirs, base = ruleset_of_draft(draft), ruleset_of(onto), ruleset_of(draft.base)
    return UpdatePage(
        onto=str(onto),
        base=str(draft.base),
        needed=onto.pk != draft.base_id,
        kept=tuple(str(change.place) for change in done.kept),
        choices=tuple(
            Choice(
                place=str(one.place),
                base=wording(str(draft.base), one.base, base),
                mine=wording("This draft", one.mine, mine),
                theirs=wording(str(onto), one.theirs, theirs),
                chosen=choices.get(str(one.place), ""),
            )
            for one in done.conflicts
        ),
    )

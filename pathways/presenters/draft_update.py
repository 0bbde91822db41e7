"""Bringing a draft up to date, as its page shows it: what comes along, and where both changed the same entry."""

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.drafting.naming import named
from pathways.drafts.updating import rebased
from pathways.engine import read_json
from pathways.models import Draft
from pathways.presenters.change_page import ChangeRow
from pathways.presenters.draft_conflict import difference
from pathways.selectors import version_in_force


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry that both changed: what each made of the wording where both began, and which was chosen."""

    place: str
    title: str
    mine: ChangeRow | None
    theirs: ChangeRow | None
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
    base, mine, theirs = read_json(draft.base.content), read_json(draft.content), read_json(onto.content)
    return UpdatePage(
        onto=str(onto),
        base=str(draft.base),
        needed=onto.pk != draft.base_id,
        kept=tuple(named(change.place, mine, base) for change in done.kept),
        choices=tuple(
            Choice(
                place=str(one.place),
                title=named(one.place, mine, theirs, base),
                mine=difference(mine, one.place, one.base, one.mine),
                theirs=difference(theirs, one.place, one.base, one.theirs),
                chosen=choices.get(str(one.place), ""),
            )
            for one in done.conflicts
        ),
    )

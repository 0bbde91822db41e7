"""Two wordings of one entry, told apart in the sentences in which every change is told.

What it is: the rows of a conflict, and of an entry that both the draft and the version in force changed.
What it refuses to do: choose. Called by the pages of an entry and of bringing a draft up to date.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathways.drafting.changes import changes_between
from pathways.drafting.content import Data, Place, entry_digest, put
from pathways.drafting.naming import named
from pathways.drafts.editing import EditConflict
from pathways.presenters.change_page import ChangeRow, change_row
from pathways.presenters.words import show_instant


@dataclass(frozen=True, slots=True)
class ConflictView:
    """Two people met: how what the other one saved differs from what was about to be saved."""

    sentence: str
    taken_out: bool
    told: ChangeRow | None
    seen: str


def conflict_view(conflict: EditConflict, content: Mapping[str, Any], mine: Data | None) -> ConflictView:
    """What is shown of a conflict; `content` is the draft's, `mine` the entry as it was about to be saved."""
    at, place = f" on {show_instant(conflict.at)}" if conflict.at else "", conflict.place
    did, who = "changed" if conflict.theirs is not None else "took out", conflict.by or "somebody else"
    said = named(place, put(content, place, mine))
    sentence = f"{who} {did} {said}{at}, after you opened it. Nothing was saved yet; what you typed is below."
    return ConflictView(
        sentence=sentence,
        taken_out=conflict.theirs is None,
        told=difference(content, place, conflict.theirs, mine),
        seen=entry_digest(conflict.theirs),
    )


def difference(content: Mapping[str, Any], place: Place, one: Data | None, other: Data | None) -> ChangeRow | None:
    """One wording of an entry against another, within the rest of a content; None where both say the same."""
    before, after = (
        put(content, place, entry) if entry or place.part != "ruleset" else content for entry in (one, other)
    )
    titles = {entry["code"]: entry["title"] for entry in after["options"]}
    code = "" if place.part == "ruleset" else place.code
    changes = changes_between(before, after)
    found = next((change for change in changes if (change.part, change.code) == (place.part, code)), None)
    return change_row(found, titles) if found else None

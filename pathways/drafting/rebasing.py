"""Bringing a draft up to date with a version published meanwhile: entry by entry, three ways.

What it is: `base` (where the draft began), `draft` and `latest` in; the draft's changes on top of the latest out.
What it refuses to do: decide between two changes of one entry; those are named, and a person chooses.
Who calls it: `pathways.drafts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pathways.drafting.content import Data, EntryChange, Place, apply, changed_places, entry_at

MINE = "mine"
THEIRS = "theirs"


@dataclass(frozen=True, slots=True)
class Conflict:
    """An entry that the draft and a version published meanwhile both changed, in different ways."""

    place: Place
    base: Data | None
    mine: Data | None
    theirs: Data | None


@dataclass(frozen=True, slots=True)
class Rebased:
    """The draft on top of the latest version. With conflicts left open there is no content."""

    content: Data | None
    conflicts: tuple[Conflict, ...]
    kept: tuple[EntryChange, ...]


def rebase(
    base: Mapping[str, Any],
    draft: Mapping[str, Any],
    latest: Mapping[str, Any],
    choices: Mapping[str, str] | None = None,
) -> Rebased:
    """The draft's changes on the latest version. `choices`: place → "mine" or "theirs" for entries both changed."""
    choices = choices or {}
    kept: list[EntryChange] = []
    conflicts = []
    for change in changed_places(base, draft):
        theirs = entry_at(latest, change.place)
        if theirs == change.after:
            continue
        if theirs == change.before or choices.get(str(change.place)) == MINE:
            kept.append(EntryChange(change.place, theirs, change.after, change.after_code))
        elif choices.get(str(change.place)) != THEIRS:
            conflicts.append(Conflict(change.place, change.before, change.after, theirs))
    content = None if conflicts else apply(latest, kept)
    return Rebased(content, tuple(conflicts), tuple(kept))

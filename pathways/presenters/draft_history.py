"""The history of a draft: every edit with what it changed in sentences, and whether it can be taken back by itself.

What it refuses to do: offer an undo that a later edit of the same entry would make fail; it says so instead.
Called by the view of a draft's history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from netcare.access import Actor
from pathways.drafting.changes import changes_between
from pathways.drafting.content import EntryChange, entry_at, put
from pathways.drafting.naming import named
from pathways.drafts.policies import may_edit
from pathways.engine import read_json
from pathways.models import Draft, DraftEdit
from pathways.presenters.change_page import ChangeRow, change_row
from pathways.presenters.words import capital

# Edits on one page: each is told in sentences.
PER_PAGE = 40
# Long parts whose other entries are no part of how one entry is told.
LONG = ("rules", "cases", "test_patients", "invariants")


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One edit: who made it, what it changed, and its undo or why there is none."""

    what: str
    by: str
    at: datetime
    places: tuple[str, ...]
    told: tuple[ChangeRow, ...]
    no_undo: str
    undo_url: str


@dataclass(frozen=True, slots=True)
class History:
    """One page of edits; `earlier` is the revision before which the next page begins, 0 on the last."""

    lines: tuple[HistoryLine, ...]
    earlier: int


def history(draft: Draft, actor: Actor, before: str = "") -> History:
    """The edits, the latest first; those below the revision `before` where it is one."""
    editable = may_edit(actor, draft).allowed
    contents = read_json(draft.content), read_json(draft.base.content)
    edits = draft.edits.select_related("undone_by").order_by("-revision")
    if before.isascii() and before.isdigit() and len(before) < 10:
        edits = edits.filter(revision__lt=int(before))
    found = list(edits[: PER_PAGE + 1])
    lines = tuple(_line(draft, edit, editable, contents) for edit in found[:PER_PAGE])
    return History(lines, found[PER_PAGE - 1].revision if len(found) > PER_PAGE else 0)


def _line(draft: Draft, edit: DraftEdit, editable: bool, contents: Sequence[Mapping[str, Any]]) -> HistoryLine:
    changes = [EntryChange.from_data(one) for one in read_json(edit.changes)]
    no_undo = _no_undo(edit, changes, contents)
    return HistoryLine(
        what=capital(edit.what),
        by=edit.by_name,
        at=edit.at,
        places=tuple(named(one.place, *contents) for one in changes),
        told=_told(changes, contents[0]),
        no_undo=no_undo,
        undo_url=reverse("pathways:draft_undo", args=[draft.id, edit.id]) if editable and not no_undo else "",
    )


def _no_undo(edit: DraftEdit, changes: Sequence[EntryChange], contents: Sequence[Mapping[str, Any]]) -> str:
    """Why the edit cannot be taken back by itself; empty where it can."""
    if hasattr(edit, "undone_by"):
        return f"undone by {edit.undone_by.by_name}"
    later = [named(one.place, *contents) for one in changes if entry_at(contents[0], one.place) != one.after]
    if not later:
        return ""
    more = f" and {len(later) - 1} more" if len(later) > 1 else ""
    return f"changed again since: {later[0]}{more}"


def _told(changes: Sequence[EntryChange], content: Mapping[str, Any]) -> tuple[ChangeRow, ...]:
    """What the edit changed, within the rest of the draft as it is now."""
    before = after = {**content, **{part: type(content[part])() for part in LONG if part in content}}
    for one in changes:
        if one.place.part != "ruleset" or (one.before and one.after):
            before = put(before, one.place, one.before)
            after = put(after, one.place, one.after)
    titles = {entry["code"]: entry["title"] for entry in after["options"]}
    return tuple(change_row(one, titles) for one in changes_between(before, after))

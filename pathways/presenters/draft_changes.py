"""What a draft changes, entry by entry in sentences, each with why and from which source."""

from dataclasses import dataclass

from django.urls import reverse

from pathways.drafts.gate import changes_of, reasons_by_place
from pathways.drafts.selectors import ruleset_of_draft
from pathways.models import Draft, DraftReason
from pathways.presenters.change_page import ChangeRow, change_row
from pathways.presenters.change_page import changes_of as told_changes
from pathways.presenters.drafts import change_mark, entry_title
from pathways.presenters.words import count
from pathways.selectors import ruleset_of


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """One changed entry: what it is, the change in sentences, and the reason on record."""

    place: str
    title: str
    mark: str
    told: ChangeRow | None
    url: str
    reason: DraftReason | None


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """The page."""

    entries: tuple[ChangedEntry, ...]
    others: tuple[ChangeRow, ...]
    summary: str
    without_reason: int


def draft_changes(draft: Draft) -> DraftChanges:
    """Every change against the version the draft stands on."""
    base, ruleset = ruleset_of(draft.base), ruleset_of_draft(draft)
    titles = {option.code: option.title for side in (base, ruleset) for option in side.options}
    rows = {(one.part, one.code): change_row(one, titles, frozenset()) for one in told_changes(base, ruleset)}
    reasons = reasons_by_place(draft)
    found = []
    for change in changes_of(draft):
        place = change.place
        entry = change.after or change.before or {}
        found.append(
            ChangedEntry(
                place=str(place),
                title=entry_title(ruleset if change.after else base, place, entry),
                mark=change_mark(change),
                told=rows.pop((place.part, "" if place.part == "ruleset" else place.code), None),
                url=reverse("pathways:draft_entry", args=[draft.id, place.part, place.code]),
                reason=reasons.get(str(place)),  # type: ignore[arg-type]
            )
        )
    bare = sum(one.reason is None for one in found)
    return DraftChanges(tuple(found), tuple(rows.values()), count(len(found), "changed entry", "changed entries"), bare)

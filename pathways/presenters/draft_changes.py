"""What a draft changes, entry by entry in sentences, each with why and from which source."""

from dataclasses import dataclass

from django.urls import reverse

from pathways.drafting.naming import named
from pathways.drafts.gate import changes_of
from pathways.drafts.reasons import Explained, Standing, explained
from pathways.drafts.selectors import ruleset_of_draft
from pathways.models import Draft, DraftReason
from pathways.presenters.change_page import ChangeRow, change_row
from pathways.presenters.change_page import changes_of as told_changes
from pathways.presenters.drafts import change_mark, entry_title
from pathways.presenters.words import count
from pathways.selectors import ruleset_of


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """One changed entry: what it is, the change in sentences, and the reason on record.

    `standing` says whether the reason explains this wording, `covered` with what the entry goes, `wording` what is seen.
    """

    place: str
    title: str
    mark: str
    told: ChangeRow | None
    url: str
    reason: DraftReason | None
    standing: Standing
    covered: str
    wording: str

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say why, or to confirm it."""
        return self.standing in (Standing.EARLIER, Standing.MISSING)

    @property
    def earlier(self) -> bool:
        """Whether the reason was given for an earlier wording."""
        return self.standing is Standing.EARLIER


@dataclass(frozen=True, slots=True)
class DraftChanges:
    """The page."""

    entries: tuple[ChangedEntry, ...]
    others: tuple[ChangeRow, ...]
    summary: str
    unsaid: str


def draft_changes(draft: Draft) -> DraftChanges:
    """Every change against the version the draft stands on."""
    base, ruleset = ruleset_of(draft.base), ruleset_of_draft(draft)
    titles = {option.code: option.title for side in (base, ruleset) for option in side.options}
    rows = {(one.part, one.code): change_row(one, titles, frozenset()) for one in told_changes(base, ruleset)}
    told, found = explained(draft, changes_of(draft)), []
    for one in told:
        change, place = one.change, one.change.place
        entry = change.after or change.before or {}
        found.append(
            ChangedEntry(
                place=str(place),
                title=entry_title(ruleset if change.after else base, place, entry),
                mark=change_mark(change),
                told=rows.pop((place.part, "" if place.part == "ruleset" else place.code), None),
                url=reverse("pathways:draft_entry", args=[draft.id, place.part, place.code]),
                reason=one.reason,
                standing=one.standing,
                covered=" and ".join(named(place, base.to_data()) for place in one.by),
                wording=one.wording,
            )
        )
    summary = count(len(found), "changed entry", "changed entries")
    return DraftChanges(tuple(found), tuple(rows.values()), summary, _unsaid(told))


def _unsaid(told: list[Explained]) -> str:
    """What is still to be said of the changes."""
    missing = sum(one.standing is Standing.MISSING for one in told)
    earlier = sum(one.standing is Standing.EARLIER for one in told)
    said = f"Of {missing} it is not said yet why and from which source." if missing else ""
    of = "reason is" if earlier == 1 else "reasons are"
    return f"{said} {earlier} {of} of an earlier wording." if earlier else said

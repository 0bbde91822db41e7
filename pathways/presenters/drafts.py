"""Drafts as their pages show them: the list, the frame around one draft, its entries.

What it refuses to do: run checks; the bar with what stands in the way is loaded for itself (`draft_gate.py`).
Called by the views of drafts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from netcare.access import Actor
from pathways.drafting.content import PARTS, EntryChange, Place, entries
from pathways.drafts.gate import changes_of
from pathways.drafts.policies import may_edit
from pathways.drafts.selectors import ruleset_of_draft
from pathways.engine import Ruleset, read_json
from pathways.models import Draft, DraftState
from pathways.presenters.rule_words import in_words, invariant_words
from pathways.presenters.words import EFFECT_TITLES, count, show_instant

TABS = (
    ("draft", "Edit"),
    ("draft_changes", "Changes"),
    ("draft_checks", "Checks"),
    ("draft_effect", "Effect"),
    ("draft_patients", "Test patients"),
    ("draft_review", "Review"),
    ("draft_history", "History"),
)

# The parts a person edits entry by entry, in the order of the page; test patients and cases have pages of their own.
EDITED_PARTS = (
    ("rules", "Rules"),
    ("options", "Options"),
    ("definitions", "Definitions"),
    ("invariants", "Safety invariants"),
    ("limits", "Limits on age"),
    ("sources", "Sources"),
    ("ruleset", "The pathway itself"),
)

STATE_WORDS = {
    DraftState.OPEN: "being edited",
    DraftState.SUBMITTED: "waits for review",
    DraftState.APPROVED: "approved",
    DraftState.PUBLISHED: "published",
    DraftState.DISCARDED: "discarded",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a draft."""

    title: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class DraftFrame:
    """What stands at the head of every page of one draft."""

    id: str
    title: str
    note: str
    state: str
    state_words: str
    base: str
    taken_from: str
    saved: str
    edited: str
    digest: str
    revision: int
    tabs: tuple[Tab, ...]
    may_edit: bool
    may_not_edit: str
    publish_on: str


def draft_frame(draft: Draft, actor: Actor, current: str) -> DraftFrame:
    """The frame of a draft's page; `current` is the name of its address."""
    changes, decision = changes_of(draft), may_edit(actor, draft)
    tabs = tuple(Tab(title, reverse(f"pathways:{name}", args=[draft.id]), name == current) for name, title in TABS)
    last = draft.edits.order_by("-revision").first()
    return DraftFrame(
        id=str(draft.id),
        title=draft.title,
        note=draft.note,
        state=draft.state,
        state_words=STATE_WORDS[DraftState(draft.state)],
        base=str(draft.base),
        taken_from=str(draft.taken_from) if draft.taken_from else "",
        saved=f"saved {show_instant(last.at)} by {last.by_name}"
        if last
        else f"opened {show_instant(draft.created_at)}",
        edited=count(len(changes), "entry differs", "entries differ"),
        digest=draft.digest,
        revision=draft.revision,
        tabs=tabs,
        may_edit=decision.allowed,
        may_not_edit=decision.sentence,
        publish_on=draft.publish_on.isoformat() if draft.publish_on else "",
    )


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One draft in the list."""

    title: str
    url: str
    state: str
    base: str
    by: str
    changed: str
    version: str


def draft_lines(drafts: Sequence[Draft]) -> list[DraftLine]:
    """Drafts as the list shows them."""
    return [
        DraftLine(
            title=draft.title,
            url=reverse("pathways:draft", args=[draft.id]),
            state=STATE_WORDS[DraftState(draft.state)],
            base=str(draft.base),
            by=draft.created_by_name,
            changed=show_instant(draft.changed_at),
            version=str(draft.published) if draft.published else "",
        )
        for draft in drafts
    ]


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One entry of a draft in a list, with what became of it: '', 'changed', 'added', 'retired'."""

    code: str
    title: str
    detail: str
    url: str
    mark: str


@dataclass(frozen=True, slots=True)
class EntryGroup:
    """Entries under one heading."""

    title: str
    lines: tuple[EntryLine, ...]


def entry_groups(draft: Draft, part: str, text: str = "", option: str = "") -> list[EntryGroup]:
    """The entries of one part, rules by what they do; searched by words, and by option for rules."""
    ruleset = ruleset_of_draft(draft)
    marks = _marks(changes_of(draft), part)
    held = {**entries(read_json(draft.content), part), **_retired(draft, part)}
    found: dict[str, list[EntryLine]] = {}
    for code, entry in held.items():
        line = _line(draft, ruleset, Place(part, code), entry, marks.get(code, ""))
        wanted = text.casefold() in f"{line.code} {line.title} {line.detail}".casefold()
        if wanted and (not option or entry.get("option") == option):
            found.setdefault(_heading(part, entry), []).append(line)
    return [EntryGroup(title, tuple(lines)) for title, lines in found.items()]


def _retired(draft: Draft, part: str) -> dict[str, Any]:
    return {c.place.code: c.before for c in changes_of(draft) if c.place.part == part and c.after is None}


def _marks(changes: Sequence[EntryChange], part: str) -> dict[str, str]:
    return {change.place.code: change_mark(change) for change in changes if change.place.part == part}


def change_mark(change: EntryChange) -> str:
    """What became of an entry, in one word."""
    if change.before is None:
        return "added"
    return "retired" if change.after is None else "changed"


def _heading(part: str, entry: Mapping[str, Any]) -> str:
    return {"indication": "Worth review when any holds", "exclusion": "Ruled out when any holds"}.get(
        str(entry.get("effect")), "To weigh" if part == "rules" else ""
    )


def _line(draft: Draft, ruleset: Ruleset, place: Place, entry: Mapping[str, Any], mark: str) -> EntryLine:
    url = reverse("pathways:draft_entry", args=[draft.id, place.part, place.code])
    return EntryLine(place.code, entry_title(ruleset, place, entry), entry_detail(ruleset, place, entry), url, mark)


def entry_title(ruleset: Ruleset, place: Place, entry: Mapping[str, Any]) -> str:
    """What an entry is called on the pages."""
    if place.part == "limits":
        feature = ruleset.dictionary.features.get(place.code)
        return feature.title if feature else place.code
    return str(entry.get("title") or entry.get("citation") or entry.get("why") or entry.get("fact") or place.code)


def entry_detail(ruleset: Ruleset, place: Place, entry: Mapping[str, Any]) -> str:
    """A second line about an entry in a list."""
    if place.part == "rules":
        titles = {option.code: option.title for option in ruleset.options}
        return f"{titles.get(entry['option'], entry['option'])} · {EFFECT_TITLES[entry['effect']]}"
    if place.part == "limits":
        return f"counts for {count(int(entry['days']), 'day')}"
    if place.part == "definitions" and place.code in ruleset.definitions:
        return in_words(ruleset.definitions[place.code].when, ruleset)
    if place.part == "invariants":
        known = next((one for one in ruleset.invariants if one.code == place.code), None)
        return invariant_words(known, ruleset) if known else str(entry.get("sentence") or "")
    return str(entry.get("verified") or "")


def part_title(part: str) -> str:
    """The heading of a part."""
    return dict(EDITED_PARTS).get(part, f"{PARTS[part][0].capitalize()}s")

"""Changing a draft's content: compare-and-swap per entry, undo, and who is told when two people meet.

What it refuses to do: overwrite an entry that somebody else changed since it was opened, or keep content that the
engine does not accept. Two people who edit different entries never wait for each other.
Who calls it: the draft pages, the import of a file.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from netcare.access import Actor, Capability, NotAllowed, require
from netcare.audit import record
from pathways.drafting.checking import problems_of
from pathways.drafting.content import (
    Data,
    EntryChange,
    Place,
    apply,
    entry_at,
    entry_digest,
    without_stray_codes,
)
from pathways.drafts.policies import may_edit
from pathways.engine import Ruleset, canonical_json, read_json
from pathways.models import Draft, DraftEdit, DraftState, DraftStep, RulesetVersion, Step
from patients.actions.shared import Fault, Refused

# How often a save is tried again when another person's save of another entry came first.
TRIES = 20

UNSHOWABLE = "It contains signs that cannot be shown. Type it again."


class EditConflict(Exception):
    """Somebody else changed the entry since it was opened. Both wordings are there; whoever saved second chooses."""

    def __init__(self, place: Place, theirs: Data | None, by: str, at: datetime | None) -> None:
        super().__init__(f"The {place} was changed by {by or 'somebody else'} since you opened it.")
        self.place, self.theirs, self.by, self.at = place, theirs, by, at


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person asks for: an entry as it shall be (None: taken out), and the digest of it as it was seen."""

    place: Place
    entry: Data | None
    seen: str
    after_code: str | None = None


Make = Callable[[Data], Sequence[EntryChange]]


@transaction.atomic
def open_draft(
    *, actor: Actor, title: str, note: str, base: RulesetVersion, taken_from: RulesetVersion | None, now: datetime
) -> Draft:
    """A new draft with the content of the version in force, or of an earlier one. Raises NotAllowed, Refused."""
    require(actor, Capability.DRAFT_EDIT)
    title = title.strip()
    if not title or len(title) > 200:
        raise Refused([Fault("title", "Give the draft a title of 1 to 200 characters: what is it about?")])
    source = taken_from or base
    draft = Draft.objects.create(
        code=base.code,
        title=title,
        note=note.strip()[:2000],
        base=base,
        taken_from=taken_from if taken_from and taken_from.pk != base.pk else None,
        content=source.content,
        digest=source.digest,
        created_by=actor.person,
        created_by_name=actor.name,
        created_at=now,
        changed_at=now,
    )
    record(actor=actor, action="draft.open", subject=f"draft {draft.id}", detail={"base": str(base)}, at=now)
    return draft


def save_entry(*, actor: Actor, draft: Draft, edit: Edit, now: datetime) -> DraftEdit | None:
    """Save one entry; None where nothing changed. Raises NotAllowed, Refused, EditConflict."""

    def make(content: Data) -> Sequence[EntryChange]:
        current = entry_at(content, edit.place)
        if entry_digest(current) != edit.seen:
            if current == edit.entry:
                return ()
            raise _conflict(draft, edit.place, current)
        return () if current == edit.entry else (EntryChange(edit.place, current, edit.entry, edit.after_code),)

    return change(actor=actor, draft=draft, make=make, what=_what(edit), now=now)


def _what(edit: Edit) -> str:
    if edit.entry is None:
        return f"retired {edit.place}"
    return f"changed {edit.place}" if edit.seen else f"added {edit.place}"


def undo(*, actor: Actor, draft: Draft, edit: DraftEdit, now: datetime) -> DraftEdit | None:
    """Take an edit back, as a further edit. Raises EditConflict where one of its entries was changed again since."""
    if hasattr(edit, "undone_by"):
        raise Refused([Fault("", "This edit was undone already.")])
    changes = [EntryChange.from_data(data).reversed for data in reversed(read_json(edit.changes))]

    def make(content: Data) -> Sequence[EntryChange]:
        for one in changes:
            current = entry_at(content, one.place)
            if current != one.before:
                raise _conflict(draft, one.place, current)
        return changes

    return change(actor=actor, draft=draft, make=make, what=f"undid: {edit.what}"[:200], now=now, undoes=edit)


def change(
    *,
    actor: Actor,
    draft: Draft,
    make: Make,
    what: str,
    now: datetime,
    undoes: DraftEdit | None = None,
    base: RulesetVersion | None = None,
    build: Callable[[Data, Sequence[EntryChange]], Data] = apply,
) -> DraftEdit | None:
    """Change the content by what `make` makes of it as it stands; tried again while others save other entries.

    `make` gets the content of that moment and returns the changes, or raises; `build` makes the new content of them.
    `base`: the draft stands on this version from now on. Returns None where nothing
    changed. Raises NotAllowed, Refused, and what `make` raises.
    """
    for _ in range(TRIES):
        with transaction.atomic():
            fresh = Draft.objects.get(pk=draft.pk)
            decision = may_edit(actor, fresh)
            if not decision.allowed:
                raise NotAllowed(decision, Capability.DRAFT_EDIT)
            content = read_json(fresh.content)
            changes = tuple(make(content))
            if not changes and base is None:
                return None
            stands_on = read_json((base or fresh.base).content)
            ruleset = _checked(without_stray_codes(build(content, changes), stands_on), changes)
            if not _swapped(fresh, ruleset, base, now):
                continue
            return _written(actor, fresh, changes, ruleset, what, undoes, now)
    raise Refused([Fault("", "Others are saving at this moment. Nothing was saved yet; send it again.")])


def _checked(content: Data, changes: Sequence[EntryChange]) -> Ruleset:
    problems = problems_of(content, changes)
    if problems:
        raise Refused(Fault("", str(problem)) for problem in problems[:20])
    return Ruleset.from_data(content)


def _swapped(draft: Draft, ruleset: Ruleset, base: RulesetVersion | None, now: datetime) -> bool:
    """The one UPDATE that changes a draft's content: it names the revision that was read."""
    moved = {"base": base} if base is not None else {}
    updated = Draft.objects.filter(pk=draft.pk, revision=draft.revision, state=draft.state).update(
        content=ruleset.canonical,
        digest=ruleset.digest,
        revision=draft.revision + 1,
        changed_at=now,
        state=DraftState.OPEN,
        publish_on=None,
        **moved,
    )
    return bool(updated)


def _written(
    actor: Actor,
    draft: Draft,
    changes: Sequence[EntryChange],
    ruleset: Ruleset,
    what: str,
    undoes: DraftEdit | None,
    now: datetime,
) -> DraftEdit:
    edit = DraftEdit.objects.create(
        draft=draft,
        revision=draft.revision + 1,
        what=what[:200],
        changes=canonical_json([one.to_data() for one in changes]),
        digest=ruleset.digest,
        undoes=undoes,
        by=actor.person,
        by_name=actor.name,
        at=now,
    )
    if draft.state != DraftState.OPEN:
        DraftStep.objects.create(
            draft=draft,
            step=Step.REOPEN,
            digest=ruleset.digest,
            text=edit.what,
            by=actor.person,
            by_name=actor.name,
            at=now,
        )
    record(
        actor=actor,
        action="draft.edit",
        subject=f"draft {draft.id}",
        detail={
            "revision": edit.revision,
            "places": [str(one.place) for one in changes][:50],
            "digest": ruleset.digest,
        },
        at=now,
    )
    return edit


def _conflict(draft: Draft, place: Place, current: Data | None) -> EditConflict:
    """The conflict, with who changed the entry last."""
    for edit in draft.edits.order_by("-revision")[:200]:
        if any(one["part"] == place.part and one["code"] == place.code for one in read_json(edit.changes)):
            return EditConflict(place, current, edit.by_name, edit.at)
    return EditConflict(place, current, "", None)


def draft_edit(draft: Draft, edit_id: UUID) -> DraftEdit | None:
    """One edit of this draft, or None."""
    return draft.edits.select_related("undone_by").filter(pk=edit_id).first()

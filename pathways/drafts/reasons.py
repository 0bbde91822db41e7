"""Why each entry of a draft is changed and from which source: giving a reason, and whether it still explains the change.

A reason explains the wording that it was given for. When the entry is edited again, it is shown as given for an earlier
wording, until somebody confirms it or says it anew. One reason for a retired option or rule covers the entries that go
with it. What it refuses to do: let a reason stand for a wording that nobody gave it for.
Who calls it: the gate, the page of the changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from netcare.access import Actor, Capability, NotAllowed
from netcare.audit import record
from pathways.drafting.content import Data, EntryChange, Place, changed_places, entry_digest
from pathways.drafting.going_with import going_with
from pathways.drafts.editing import UNSHOWABLE
from pathways.drafts.policies import may_edit
from pathways.engine import read_json
from pathways.models import Draft, DraftReason, DraftState, RulesetVersion
from patients.actions.shared import Fault, Refused

SHORTEST_TEXT, SHORTEST_SOURCE = 10, 3
LONGEST_TEXT, LONGEST_SOURCE = 1000, 300
SAY_WHY = f"Say why this is changed: one or two sentences, {SHORTEST_TEXT} characters or more."
NAME_SOURCE = (
    f"Name the source, in {SHORTEST_SOURCE} characters or more: a publication, a label, or the board's own decision with "
    "its date."
)

# What stands for the wording of an entry that is taken out.
TAKEN_OUT = "taken out"


class NothingThere(Refused):
    """What was meant is not among the draft's changes, so there is no form to show it beside."""


class Standing(StrEnum):
    """How a change is explained."""

    GIVEN = "given"
    COVERED = "covered"
    EARLIER = "earlier"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Explained:
    """One change with the latest reason that was given for its entry; `by`: with what it goes, where that explains it."""

    change: EntryChange
    wording: str
    standing: Standing
    reason: DraftReason | None
    by: tuple[Place, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody has to say why, or to confirm it."""
        return self.standing in (Standing.EARLIER, Standing.MISSING)


def wording_of(entry: Data | None) -> str:
    """Names the wording that a reason explains."""
    return entry_digest(entry) or TAKEN_OUT


def explained(draft: Draft, changes: Sequence[EntryChange]) -> list[Explained]:
    """Every change of the draft with how it is explained, in the order of the changes."""
    given = {reason.place: reason for reason in draft.reasons.order_by("id")}
    together = going_with(read_json(draft.base.content), changes)
    return [_explained(change, given, together.get(change.place, ())) for change in changes]


def _explained(change: EntryChange, given: Mapping[str, DraftReason], by: tuple[Place, ...]) -> Explained:
    reason, wording = given.get(str(change.place)), wording_of(change.after)
    if reason is not None and reason.wording == wording:
        return Explained(change, wording, Standing.GIVEN, reason, ())
    if by:
        return Explained(change, wording, Standing.COVERED, reason, by)
    return Explained(change, wording, Standing.EARLIER if reason else Standing.MISSING, reason, ())


@transaction.atomic
def give_reason(
    *, actor: Actor, draft: Draft, place: str, text: str, source: str, now: datetime, seen: str = ""
) -> DraftReason:
    """Say why an entry was changed and from which source. Raises NotAllowed, Refused, NothingThere.

    `seen` names the wording that was on the screen; where the entry has another one by now, nothing is kept.
    """
    draft = Draft.objects.select_related("base").get(pk=draft.pk)
    decision = may_edit(actor, draft)
    if not decision.allowed:
        raise NotAllowed(decision, Capability.DRAFT_EDIT)
    if draft.state != DraftState.OPEN:
        raise Refused([Fault("", "The draft was submitted with its reasons; take it back before you change one.")])
    wording = _wording_at(draft, place)
    faults = reason_faults(text, source)
    if seen and seen != wording:
        faults.append(Fault("", "The entry was changed again since you opened the page. Look at it, then say why."))
    if faults:
        raise Refused(faults)
    reason = DraftReason.objects.create(
        draft=draft, place=place, wording=wording, text=text.strip(), source=source.strip(),
        by=actor.person, by_name=actor.name, at=now,
    )  # fmt: skip
    detail = {"place": place, "wording": wording}
    record(actor=actor, action="draft.reason", subject=f"draft {draft.id}", detail=detail, at=now)
    return reason


def reasons_between(before: RulesetVersion, after: RulesetVersion) -> dict[str, list[DraftReason]]:
    """Place → the reasons given in the drafts that were published after one version and up to another, in their order.

    Of one draft the latest counts.
    """
    versions = {"version__gt": before.version, "version__lte": after.version, "code": after.code}
    given = DraftReason.objects.filter(**{f"draft__published__{name}": value for name, value in versions.items()})
    latest: dict[tuple[str, int], DraftReason] = {}
    for reason in given.select_related("draft__published").defer("draft__content", "draft__published__content"):
        number = reason.draft.published.version
        if (held := latest.get((reason.place, number))) is None or held.pk < reason.pk:
            latest[reason.place, number] = reason
    found: dict[str, list[DraftReason]] = {}
    for place, number in sorted(latest, key=lambda key: key[1]):
        found.setdefault(place, []).append(latest[place, number])
    return found


def _wording_at(draft: Draft, place: str) -> str:
    """The wording that the draft has at a place where it differs from the version it stands on."""
    for change in changed_places(read_json(draft.base.content), read_json(draft.content)):
        if str(change.place) == place:
            return wording_of(change.after)
    raise NothingThere([Fault("", "The draft does not change this entry any more, so no reason was kept.")])


def reason_faults(text: str, source: str) -> list[Fault]:
    """What is wrong with a reason and its source, each as a sentence at its field."""
    faults = []
    if len(text.strip()) < SHORTEST_TEXT:
        faults.append(Fault("text", SAY_WHY))
    if len(source.strip()) < SHORTEST_SOURCE:
        faults.append(Fault("source", NAME_SOURCE))
    for name, value, most in (("text", text, LONGEST_TEXT), ("source", source, LONGEST_SOURCE)):
        if len(value) > most:
            faults.append(Fault(name, f"It has {len(value)} characters; {most} are kept."))
        if "\0" in value:
            faults.append(Fault(name, UNSHOWABLE))
    return faults

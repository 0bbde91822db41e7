"""Opening a draft that goes back to an earlier version: why, and from which source, is said once for all of it.

The reason stands at every entry that the roll back changes, for the wording of that version; an entry that is edited
further has to be explained as any other. What it refuses to do: open a roll back without a reason.
Who calls it: the list of drafts.
"""

from datetime import datetime

from django.db import transaction

from netcare.access import Actor, Capability, require
from netcare.audit import record
from pathways.drafting.content import changed_places
from pathways.drafts.editing import open_draft
from pathways.drafts.reasons import LONGEST_TEXT, reason_faults, wording_of
from pathways.engine import read_json
from pathways.models import Draft, DraftReason, RulesetVersion
from patients.actions.shared import Fault, Refused


@transaction.atomic
def open_roll_back(
    *,
    actor: Actor,
    title: str,
    note: str,
    base: RulesetVersion,
    back_to: RulesetVersion,
    text: str,
    source: str,
    now: datetime,
) -> Draft:
    """A draft with the content of an earlier version, and the reason for it. Raises NotAllowed, Refused."""
    require(actor, Capability.DRAFT_EDIT)
    said = f"Taken from version {back_to.version}, because: {text.strip()}"
    faults = reason_faults(text, source)
    if not faults and len(said) > LONGEST_TEXT:
        faults = [Fault("text", f"It has {len(text.strip())} characters; {LONGEST_TEXT - 60} are kept of a roll back.")]
    if faults:
        raise Refused(faults)
    draft = open_draft(actor=actor, title=title, note=note, base=base, taken_from=back_to, now=now)
    places = [
        (str(change.place), wording_of(change.after))
        for change in changed_places(read_json(base.content), read_json(back_to.content))
    ]
    DraftReason.objects.bulk_create(
        DraftReason(
            draft=draft, place=place, wording=wording, text=said, source=source.strip(),
            by=actor.person, by_name=actor.name, at=now,
        )
        for place, wording in places
    )  # fmt: skip
    detail = {"taken_from": str(back_to), "places": [place for place, _ in places][:50]}
    record(actor=actor, action="draft.reason", subject=f"draft {draft.id}", detail=detail, at=now)
    return draft

"""Bringing a draft up to the version in force, when another was published since the draft began.

What it refuses to do: choose between two changes of one entry; the person says which stands, entry by entry.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from netcare.access import Actor
from pathways.drafting.content import Data, EntryChange, changed_places
from pathways.drafting.rebasing import Rebased, rebase
from pathways.drafts.editing import change
from pathways.engine import read_json
from pathways.models import Draft, DraftEdit, RulesetVersion
from pathways.selectors import version_in_force
from patients.actions.shared import Fault, Refused


def rebased(draft: Draft, onto: RulesetVersion, choices: Mapping[str, str]) -> Rebased:
    """What the draft would be on top of a version, with the entries that both changed."""
    return rebase(read_json(draft.base.content), read_json(draft.content), read_json(onto.content), choices)


def bring_up_to_date(*, actor: Actor, draft: Draft, choices: Mapping[str, str], now: datetime) -> DraftEdit:
    """Put the draft's changes on the version in force. Raises NotAllowed, Refused."""
    onto = version_in_force(draft.code)
    if onto.pk == draft.base_id:
        raise Refused([Fault("", f"The draft stands on {onto} already, which is in force.")])
    base, latest = read_json(draft.base.content), read_json(onto.content)

    def make(content: Data) -> Sequence[EntryChange]:
        done = rebase(base, content, latest, choices)
        if done.content is None:
            named = ", ".join(str(conflict.place) for conflict in done.conflicts)
            raise Refused([Fault("", f"{onto} changed these too: {named}. Say for each which wording stands.")])
        return changed_places(content, done.content)

    def build(content: Data, changes: Sequence[EntryChange]) -> Data:
        return rebase(base, content, latest, choices).content or content

    what = f"brought up to date with {onto}"
    edit = change(actor=actor, draft=draft, make=make, what=what, now=now, base=onto, build=build)
    assert edit is not None  # a change of base is an edit, even where no entry differs
    return edit

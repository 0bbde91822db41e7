"""A draft from a ruleset file: what the file holds, told against the version in force.

What it refuses to do: take another pathway's file, or one with another data dictionary (the dictionary changes with a
release of the program); options come and go, and the codes of retired ones are kept.
Who calls it: the list of drafts, `manage.py ruleset import --as-draft`.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from netcare.access import Actor
from pathways.drafting.catalogue_values import same_but_for_options, with_retired
from pathways.drafting.content import Data, EntryChange, apply, changed_places
from pathways.drafts.editing import change, open_draft
from pathways.engine import Ruleset, read_json
from pathways.models import Draft
from pathways.selectors import version_in_force
from patients.actions.shared import Fault, Refused


@transaction.atomic
def draft_from_file(*, actor: Actor, ruleset: Ruleset, title: str, now: datetime) -> Draft:
    """A new draft with the content of a file that was read and checked. Raises NotAllowed, Refused."""
    base = version_in_force()
    wanted = read_json(ruleset.canonical)
    if wanted["ruleset"]["code"] != base.code:
        raise Refused(
            [Fault("file", f"The file is of the pathway {wanted['ruleset']['code']}; drafts here are of {base.code}.")]
        )
    changes = changed_places(read_json(base.content), wanted)
    if not same_but_for_options(apply(read_json(base.content), changes), wanted):
        raise Refused(
            [Fault("file", "The data dictionary in the file is another one; it changes with a release of the program.")]
        )
    if not changes:
        raise Refused([Fault("file", f"The file holds what {base} holds; there is nothing to draft.")])
    draft = open_draft(actor=actor, title=title, note="", base=base, taken_from=None, now=now)

    def make(content: Data) -> Sequence[EntryChange]:
        return changed_places(content, wanted)

    def build(content: Data, _: Sequence[EntryChange]) -> Data:
        dictionary = with_retired(apply(content, changed_places(content, wanted)), wanted)
        head = {**wanted["ruleset"], "version": content["ruleset"]["version"]}
        return {**wanted, "ruleset": head, "dictionary": dictionary}

    change(actor=actor, draft=draft, make=make, what="brought in from a file", now=now, build=build)
    draft.refresh_from_db()
    return draft

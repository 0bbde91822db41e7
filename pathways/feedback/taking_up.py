"""From feedback to a draft: the change that was proposed is taken up in one that is being edited, or in a new one.

What it refuses to do: change a rule by itself. Who calls it: the page of a thread.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from netcare.access import Actor
from pathways.drafting.content import Place
from pathways.drafting.naming import named
from pathways.drafts.editing import open_draft
from pathways.drafts.selectors import drafts_in_work
from pathways.feedback.threads import take_up
from pathways.models import Draft, FeedbackThread
from pathways.selectors import ruleset_in_force, version_in_force
from patients.actions.shared import Fault, Refused


@transaction.atomic
def take_up_in_draft(*, actor: Actor, thread: FeedbackThread, seen: int, draft: str, now: datetime) -> UUID:
    """Take the thread up in the draft with this id, or in a new one where none is named; which one it was.

    Raises NotAllowed (a new draft is opened by editors alone) or Refused.
    """
    found = _new(actor, thread, now) if not draft else _in_work(draft)
    take_up(actor=actor, thread=thread, seen=seen, draft=str(found.id), now=now)
    return found.id


def _new(actor: Actor, thread: FeedbackThread, now: datetime) -> Draft:
    about = Place("rules", thread.rule) if thread.rule else Place("options", thread.option)
    title = f"Feedback on {named(about, ruleset_in_force().ruleset.to_data())}"
    return open_draft(actor=actor, title=title, note=thread.sentence, base=version_in_force(), taken_from=None, now=now)


def _in_work(draft: str) -> Draft:
    found = next((one for one in drafts_in_work() if str(one.id) == draft), None)
    if found is None:
        raise Refused([Fault("draft", "This draft is finished by now. Choose another, or a new one.")])
    return found

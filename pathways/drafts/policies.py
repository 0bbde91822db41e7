"""Who may do what to a draft: roles first, then the two-person rule, then the draft's state.

Each answer is a `Decision` whose sentence page, button and action share.
What it refuses to do: look at content; whether a draft is ready is `gate.py`'s question.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from netcare.access import Actor, Capability, Decision, NotAllowed
from pathways.drafts.states import EDITABLE, wrong_state
from pathways.models import Draft, DraftState, Step
from pathways.presenters.words import show_instant
from patients.actions.shared import Fault, Refused

# An approval that nobody acted on says little after a while (reliability goals, separation of duties, point 8).
APPROVAL_LASTS = timedelta(days=30)

CAPABILITY: dict[Step, Capability] = {
    Step.SUBMIT: Capability.DRAFT_EDIT,
    Step.WITHDRAW: Capability.DRAFT_EDIT,
    Step.DISCARD: Capability.DRAFT_EDIT,
    Step.REJECT: Capability.DRAFT_APPROVE,
    Step.APPROVE: Capability.DRAFT_APPROVE,
    Step.SCHEDULE: Capability.DRAFT_PUBLISH,
    Step.UNSCHEDULE: Capability.DRAFT_PUBLISH,
    Step.PUBLISH: Capability.DRAFT_PUBLISH,
}

# Steps that need a person who wrote nothing of the draft.
SECOND_PERSON = frozenset({Step.APPROVE, Step.SCHEDULE, Step.PUBLISH})


def contributors(draft: Draft) -> dict[UUID, str]:
    """Everybody who wrote something of the draft, by id: whoever made it, edited it or gave a reason for a change."""
    people = {draft.created_by_id: draft.created_by_name}
    people.update(draft.edits.order_by("revision").values_list("by", "by_name"))
    people.update(draft.reasons.order_by("id").values_list("by", "by_name"))
    return people


def may_edit(actor: Actor, draft: Draft) -> Decision:
    """Whether the actor may change the draft's content."""
    decision = actor.may(Capability.DRAFT_EDIT)
    if decision.allowed and draft.state not in EDITABLE:
        return Decision(False, f"The draft is {DraftState(draft.state).label} and is no longer edited.")
    return decision


def may_step(actor: Actor, draft: Draft, step: Step) -> Decision:
    """Whether the actor may take the step, as far as roles, persons and the draft's state go."""
    decision = actor.may(CAPABILITY[step])
    if not decision.allowed:
        return decision
    if step in SECOND_PERSON and actor.kind == "user" and actor.id in contributors(draft):
        return Decision(
            False, "You contributed to this draft, so it takes somebody else to let it pass: a second person sees more."
        )
    sentence = wrong_state(step, draft.state)
    return Decision(False, sentence) if sentence else decision


def approval(draft: Draft, now: datetime) -> str:
    """Why the draft's approval does not carry a publication now, as a sentence; empty where it does."""
    last = draft.steps.filter(step=Step.APPROVE).order_by("-id").first()
    if draft.state != DraftState.APPROVED or last is None:
        return "It takes the approval of a second person."
    if last.digest != draft.digest:
        return "The content changed after it was approved; it must be submitted and approved again."
    if now - last.at > APPROVAL_LASTS:
        return f"The approval of {last.by_name} is more than {APPROVAL_LASTS.days} days old; it must be given again."
    return ""


def last_day_of_approval(draft: Draft) -> date | None:
    """The last day on which the draft's approval carries a publication at every hour; None where it has none."""
    last = draft.steps.filter(step=Step.APPROVE).order_by("-id").first()
    return (last.at + APPROVAL_LASTS).date() - timedelta(days=1) if last else None


class Overtaken(Refused):
    """The draft is done: somebody else was first. Nobody lacks a right."""


def _require_unfinished(draft: Draft) -> None:
    if draft.state in EDITABLE:
        return
    last = draft.steps.filter(step__in=[Step.PUBLISH, Step.DISCARD]).order_by("-id").first()
    how = f"published as {draft.published}" if draft.published else "discarded"
    who = f" by {last.by_name} on {show_instant(last.at)}" if last else ""
    sentence = f"The draft was {how}{who}. There is nothing left to do."
    raise Overtaken([Fault("", sentence)])


def require_step(actor: Actor, draft: Draft, step: Step) -> None:
    """For actions: raises `NotAllowed` with the sentence, or `Overtaken` where the draft is done already."""
    role = actor.may(CAPABILITY[step])
    if role.allowed:
        _require_unfinished(draft)
    decision = may_step(actor, draft, step)
    if not decision.allowed:
        raise NotAllowed(decision, CAPABILITY[step])

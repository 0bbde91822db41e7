"""The bar at the foot of a draft's pages: what stands in the way of the next step, and the buttons that take it.

A button that cannot be pressed says why. Called by the gate view and the review page.
"""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from netcare.access import Actor
from pathways.drafts.gate import Blocker, blockers
from pathways.drafts.policies import may_step
from pathways.models import Draft, DraftState, Step
from pathways.presenters.words import count

TAB_PAGES = {
    "edit": "draft",
    "changes": "draft_changes",
    "checks": "draft_checks",
    "effect": "draft_effect",
    "review": "draft_review",
    "update": "draft_update",
}
BUTTONS = {
    Step.SUBMIT: "Submit for review",
    Step.WITHDRAW: "Take back",
    Step.REJECT: "Send back",
    Step.APPROVE: "Approve",
    Step.PUBLISH: "Publish now",
    Step.SCHEDULE: "Publish on this day",
    Step.UNSCHEDULE: "Take the date away",
    Step.DISCARD: "Discard the draft",
}
# The steps offered in each state, the way forward first.
OFFERED: dict[str, tuple[Step, ...]] = {
    DraftState.OPEN: (Step.SUBMIT, Step.DISCARD),
    DraftState.SUBMITTED: (Step.APPROVE, Step.REJECT, Step.WITHDRAW),
    DraftState.APPROVED: (Step.PUBLISH, Step.SCHEDULE, Step.UNSCHEDULE, Step.REJECT, Step.WITHDRAW),
}
HEADINGS = {
    Step.SUBMIT: ("Ready to be submitted", "Not ready for review"),
    Step.APPROVE: ("Ready for a second person’s word", "Not ready to be approved"),
    Step.PUBLISH: ("Ready to be published", "Not ready to be published"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing in the way, with the page on which it is resolved."""

    sentence: str
    url: str


@dataclass(frozen=True, slots=True)
class Button:
    """A step: what the button says, whether it can be pressed, and if not why."""

    step: str
    title: str
    allowed: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class GateBar:
    """The bar. `forward` is the next step, None for a draft that is finished."""

    heading: str
    reasons: tuple[Reason, ...]
    forward: Button | None
    others: tuple[Button, ...]
    review_url: str
    digest: str
    state: str

    @property
    def ready(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.reasons


def gate_bar(draft: Draft, actor: Actor, now: datetime) -> GateBar:
    """What stands in the way of the draft's next step, and who may take it."""
    steps = OFFERED.get(draft.state, ())
    found = blockers(draft, steps[0], now) if steps else ()
    buttons = [_button(draft, actor, step, found) for step in steps if _makes_sense(draft, step)]
    return GateBar(
        heading=_heading(draft, steps[0] if steps else None, found),
        reasons=tuple(_reason(draft, blocker) for blocker in found),
        forward=buttons[0] if buttons else None,
        others=tuple(buttons[1:]),
        review_url=reverse("pathways:draft_review", args=[draft.id]),
        digest=draft.digest,
        state=draft.state,
    )


def _makes_sense(draft: Draft, step: Step) -> bool:
    return {Step.SCHEDULE: draft.publish_on is None, Step.UNSCHEDULE: draft.publish_on is not None}.get(step, True)


def _heading(draft: Draft, step: Step | None, found: tuple[Blocker, ...]) -> str:
    if step is None:
        return f"Published as {draft.published}" if draft.published else "Discarded"
    ready, not_ready = HEADINGS[step]
    return f"{not_ready}: {count(len(found), 'reason')}" if found else ready


def _reason(draft: Draft, blocker: Blocker) -> Reason:
    return Reason(blocker.sentence, reverse(f"pathways:{TAB_PAGES[blocker.tab]}", args=[draft.id]))


def _button(draft: Draft, actor: Actor, step: Step, found: tuple[Blocker, ...]) -> Button:
    decision = may_step(actor, draft, step)
    held = found if step in HEADINGS or step is Step.SCHEDULE else ()
    why = decision.sentence or (f"{count(len(held), 'thing')} in the way, named beside it." if held else "")
    return Button(step.value, BUTTONS[step], decision.allowed and not held, why)

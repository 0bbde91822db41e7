"""In which state of a draft which step may be taken, and where it leads. The page's diagram is drawn from this table."""

from pathways.models import DraftState, Step

OPEN, SUBMITTED, APPROVED = DraftState.OPEN, DraftState.SUBMITTED, DraftState.APPROVED
PUBLISHED, DISCARDED = DraftState.PUBLISHED, DraftState.DISCARDED

# step: (from which states, to which state)
TRANSITIONS: dict[Step, tuple[frozenset[DraftState], DraftState]] = {
    Step.SUBMIT: (frozenset({OPEN}), SUBMITTED),
    Step.WITHDRAW: (frozenset({SUBMITTED, APPROVED}), OPEN),
    Step.REOPEN: (frozenset({SUBMITTED, APPROVED}), OPEN),
    Step.REJECT: (frozenset({SUBMITTED, APPROVED}), OPEN),
    Step.APPROVE: (frozenset({SUBMITTED}), APPROVED),
    Step.SCHEDULE: (frozenset({APPROVED}), APPROVED),
    Step.UNSCHEDULE: (frozenset({APPROVED}), APPROVED),
    Step.PUBLISH: (frozenset({APPROVED}), PUBLISHED),
    Step.DISCARD: (frozenset({OPEN}), DISCARDED),
}

# A draft is edited in these; an edit of one that was submitted or approved opens it again, and approval is gone.
EDITABLE = frozenset({OPEN, SUBMITTED, APPROVED})


def wrong_state(step: Step, state: str) -> str:
    """Why the step cannot be taken in this state, as a sentence; empty where it can."""
    sources, _ = TRANSITIONS[step]
    if state in sources:
        return ""
    needed = " or ".join(sorted(source.label for source in sources))
    return f"The draft is {DraftState(state).label}; it must be {needed} to be {step.label}."

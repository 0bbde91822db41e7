"""In which state of a meeting which step may be taken, and where it leads; and what may be done in which state."""

from datetime import datetime
from zoneinfo import ZoneInfo

from boards.models import Meeting, MeetingState, Step

PLANNED, LOCKED = MeetingState.PLANNED, MeetingState.LOCKED
HELD, CLOSED, OFF = MeetingState.HELD, MeetingState.CLOSED, MeetingState.OFF

# step: (from which states, to which state). Calling makes the meeting.
TRANSITIONS: dict[Step, tuple[frozenset[MeetingState], MeetingState]] = {
    Step.LOCK: (frozenset({PLANNED}), LOCKED),
    Step.UNLOCK: (frozenset({LOCKED}), PLANNED),
    Step.HOLD: (frozenset({LOCKED}), HELD),
    Step.CLOSE: (frozenset({HELD}), CLOSED),
    Step.OFF: (frozenset({PLANNED}), OFF),
}

ORDERED_IN = frozenset({PLANNED})  # cases come and go, and change places
CHANGED_IN = frozenset({PLANNED, LOCKED, HELD})  # place, link and chair; the time as long as it has not taken place
DECIDED_IN = frozenset({LOCKED, HELD})  # decisions are recorded, cases postponed
ATTENDED_IN = frozenset({LOCKED, HELD})
OVER = frozenset({CLOSED, OFF})  # nobody is invited any more, nothing is prepared


def wrong_state(step: Step, state: str) -> str:
    """Why the step cannot be taken in this state, as a sentence; empty where it can."""
    sources, _ = TRANSITIONS[step]
    if state in sources:
        return ""
    needed = " or ".join(sorted(source.label for source in sources))
    return f"The meeting is {MeetingState(state).label}; it must be {needed} to be {step.label}."


def not_begun(meeting: Meeting, now: datetime) -> str:
    """Why a meeting cannot be over yet: it begins later; empty once it has begun."""
    if meeting.begins_at <= now:
        return ""
    begins = meeting.begins_at.astimezone(ZoneInfo(meeting.time_zone))
    day = f"{begins.day} {begins:%b %Y, %H:%M}"
    return (
        f"The meeting begins on {day} ({meeting.time_zone}); it cannot be over before. Change its time if it was moved."
    )

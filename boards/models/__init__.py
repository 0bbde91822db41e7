"""The rows of the board. Meetings, cases and assignments change through compare-and-swap; what was decided is appended."""

from boards.models.cases import Case, CaseEvent, CaseKind, CaseState, ChaseItem, Priority
from boards.models.decisions import Decision, DecisionDraft, DecisionOption, Trial, Word
from boards.models.follow_up import Addendum, FollowUp, FollowUpEvent, FollowUpKind, MinutesSignature, Outcome
from boards.models.meetings import (
    Attendance,
    Discipline,
    Meeting,
    MeetingSeries,
    MeetingState,
    MeetingStep,
    Member,
    Presence,
    Repeats,
    Step,
)

__all__ = [
    "Addendum",
    "Attendance",
    "Case",
    "CaseEvent",
    "CaseKind",
    "CaseState",
    "ChaseItem",
    "Decision",
    "DecisionDraft",
    "DecisionOption",
    "Discipline",
    "FollowUp",
    "FollowUpEvent",
    "FollowUpKind",
    "Meeting",
    "MeetingSeries",
    "MeetingState",
    "MeetingStep",
    "Member",
    "MinutesSignature",
    "Outcome",
    "Presence",
    "Priority",
    "Repeats",
    "Step",
    "Trial",
    "Word",
]

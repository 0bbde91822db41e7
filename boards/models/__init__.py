"""The rows of the board. Meetings, cases and assignments change through compare-and-swap; what was decided is appended."""

from boards.models.attachments import Attachment, AttachmentKind, AttachmentWithdrawal
from boards.models.cases import Case, CaseEvent, CaseKind, CaseState, ChaseItem, Priority
from boards.models.decisions import Decision, DecisionDraft, DecisionOption, Trial, Word
from boards.models.follow_up import (
    CLOSING,
    Addendum,
    FollowUp,
    FollowUpEvent,
    FollowUpKind,
    MinutesSignature,
    Outcome,
)
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
from boards.models.papers import Paper, PaperCase, PaperForm, PaperKind

__all__ = [
    "CLOSING",
    "Addendum",
    "Attachment",
    "AttachmentKind",
    "AttachmentWithdrawal",
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
    "Paper",
    "PaperCase",
    "PaperForm",
    "PaperKind",
    "Presence",
    "Priority",
    "Repeats",
    "Step",
    "Trial",
    "Word",
]

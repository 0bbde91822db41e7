"""The rows of the pathway: versions and drafts, emergency stops, statuses in force, reviews, recall and feedback."""

from pathways.models.drafts import (
    Acknowledgement,
    CheckReport,
    Draft,
    DraftComment,
    DraftEdit,
    DraftReason,
    DraftState,
    DraftStep,
    Step,
)
from pathways.models.effects import EffectKind, EffectRow, EffectRun, EffectSubject
from pathways.models.feedback import FeedbackEvent, FeedbackOutcome, FeedbackSeen, FeedbackStep, FeedbackThread
from pathways.models.recall import RecallDifference, RecallEntry, RecallEvent, RecallKind
from pathways.models.reviews import Review, ReviewItem, SharedDecision, Snapshot, Verdict
from pathways.models.statuses import STATUS_CHOICES, CurrentStatus, StatusesInForce
from pathways.models.stops import EmergencyStop, StopEvent, StopEventKind, StopOverlay
from pathways.models.versions import RulesetVersion

__all__ = [
    "STATUS_CHOICES",
    "Acknowledgement",
    "CheckReport",
    "CurrentStatus",
    "Draft",
    "DraftComment",
    "DraftEdit",
    "DraftReason",
    "DraftState",
    "DraftStep",
    "EffectKind",
    "EffectRow",
    "EffectRun",
    "EffectSubject",
    "EmergencyStop",
    "FeedbackEvent",
    "FeedbackOutcome",
    "FeedbackSeen",
    "FeedbackStep",
    "FeedbackThread",
    "RecallDifference",
    "RecallEntry",
    "RecallEvent",
    "RecallKind",
    "Review",
    "ReviewItem",
    "RulesetVersion",
    "SharedDecision",
    "Snapshot",
    "StatusesInForce",
    "Step",
    "StopEvent",
    "StopEventKind",
    "StopOverlay",
    "Verdict",
]

"""The rows of the pathway: published versions, statuses in force, signed reviews with the snapshot they rest on, the
recall of reviews, and feedback."""

from pathways.models.feedback import FeedbackEvent, FeedbackOutcome, FeedbackSeen, FeedbackStep, FeedbackThread
from pathways.models.recall import RecallDifference, RecallEntry, RecallEvent, RecallKind
from pathways.models.reviews import Review, ReviewItem, SharedDecision, Snapshot, Verdict
from pathways.models.statuses import STATUS_CHOICES, CurrentStatus, StatusesInForce
from pathways.models.versions import RulesetVersion

__all__ = [
    "STATUS_CHOICES",
    "CurrentStatus",
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
    "Verdict",
]

"""The rows of the pathway: published versions, statuses in force, signed reviews with the snapshot they rest on."""

from pathways.models.reviews import Review, ReviewItem, SharedDecision, Snapshot, Verdict
from pathways.models.statuses import STATUS_CHOICES, CurrentStatus, StatusesInForce
from pathways.models.versions import RulesetVersion

__all__ = [
    "STATUS_CHOICES",
    "CurrentStatus",
    "Review",
    "ReviewItem",
    "RulesetVersion",
    "SharedDecision",
    "Snapshot",
    "StatusesInForce",
    "Verdict",
]

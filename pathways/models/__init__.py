"""The rows of the pathway: versions, emergency stops, statuses in force, signed reviews with the snapshot they rest on."""

from pathways.models.reviews import Review, ReviewItem, SharedDecision, Snapshot, Verdict
from pathways.models.statuses import STATUS_CHOICES, CurrentStatus, StatusesInForce
from pathways.models.stops import EmergencyStop, StopEvent, StopEventKind, StopOverlay
from pathways.models.versions import RulesetVersion

__all__ = [
    "STATUS_CHOICES",
    "CurrentStatus",
    "EmergencyStop",
    "Review",
    "ReviewItem",
    "RulesetVersion",
    "SharedDecision",
    "Snapshot",
    "StatusesInForce",
    "StopEvent",
    "StopEventKind",
    "StopOverlay",
    "Verdict",
]

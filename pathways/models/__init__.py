"""The rows of the pathway: published versions, drafts, statuses in force, signed reviews with their snapshots."""

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
    "EmergencyStop",
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

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
from pathways.models.effects import EffectKind, EffectRow, EffectRun, EffectSubject
from pathways.models.reviews import Review, ReviewItem, SharedDecision, Snapshot, Verdict
from pathways.models.statuses import STATUS_CHOICES, CurrentStatus, StatusesInForce
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
    "Review",
    "ReviewItem",
    "RulesetVersion",
    "SharedDecision",
    "Snapshot",
    "StatusesInForce",
    "Step",
    "Verdict",
]

"""Signed reviews, each with the snapshot of the assessment it was made on. Written once, never changed.

What it refuses to do: follow the record. A snapshot holds facts, ruleset version, digests and result as they were; what
was corrected since is seen by comparing, not by looking here. A later review is another row.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pathways.models.versions import RulesetVersion
from patients.models.base import AppendOnly


class Snapshot(AppendOnly):
    """One assessment as it was: enough to give the same bytes again with everything else gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tumor = models.ForeignKey("patients.Tumor", on_delete=models.PROTECT, related_name="snapshots")
    as_of = models.DateField()
    taken_at = models.DateTimeField()
    ruleset_version = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+")
    ruleset_digest = models.CharField(max_length=80)
    engine = models.PositiveSmallIntegerField()
    # Canonical JSON: the features that were read, where each came from, and the assessment as the doors write it.
    features = models.TextField()
    readings = models.TextField()
    result = models.TextField()
    # The emergency stops in force, as their canonical text; None where there were none.
    overlay = models.TextField(null=True)  # noqa: DJ001  (None is another thing than an empty text)
    digest = models.CharField(max_length=80)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="snapshot_digest_sha256")]
        indexes = [models.Index(fields=["tumor", "taken_at"], name="snapshot_by_tumor")]


class SharedDecision(models.TextChoices):
    """Whether the patient took part in the decision; nothing is assumed."""

    YES = "yes", "discussed with the patient"
    NOT_YET = "not_yet", "not discussed with the patient yet"
    NOT_RECORDED = "not_recorded", "not recorded"


class Review(AppendOnly):
    """What one person thought of the options of one tumor, signed with name, role and time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    snapshot = models.OneToOneField(Snapshot, on_delete=models.PROTECT, related_name="review")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_by_name = models.CharField(max_length=200)
    signed_role = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    preferences = models.CharField(max_length=1000, blank=True)
    shared_decision = models.CharField(max_length=12, choices=SharedDecision.choices)
    remark = models.CharField(max_length=2000, blank=True)
    out_of_date_on = models.DateField(null=True)
    out_of_date_because = models.CharField(max_length=300, blank=True)
    check_code = models.CharField(max_length=14, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(signed_by_name="") & ~Q(signed_role=""), name="review_names_signer"),
            models.CheckConstraint(
                condition=Q(shared_decision__in=SharedDecision.values), name="review_shared_decision_known_word"
            ),
        ]


class Verdict(models.TextChoices):
    """What the reviewer says of one option."""

    BRING_TO_BOARD = "bring_to_board", "bring to board"
    DISCUSS = "discuss", "discuss"
    NOT_SUITABLE = "not_suitable", "not suitable"


class ReviewItem(AppendOnly):
    """The reviewer's word on one option; `reasons` are codes of `pathways.reviews.reasons`."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="items")
    option = models.CharField(max_length=60)
    status = models.CharField(max_length=20)
    verdict = models.CharField(max_length=14, choices=Verdict.choices)
    reasons = models.JSONField(default=list)
    line = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "option"], name="review_item_once_per_option"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="review_item_known_verdict"),
        ]

"""What a draft would change for the patients on record: one run per wording, what it looked at, and what moved.

Derived: it can be computed again at any time. What it refuses to do: be an assessment, or hold a patient's values; a row
names a tumor, an option, two statuses and the rules that explain them.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pathways.models.drafts import Draft
from pathways.models.versions import RulesetVersion


class EffectRun(models.Model):
    """One comparison of a draft's wording with the version it stands on, over everybody; the job does it.

    Digest and base are pinned: a run is about this wording and no other. `overtaken_at`: the draft was changed while
    it ran, so it stopped.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="effect_runs")
    digest = models.CharField(max_length=80)
    base = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    job_id = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)
    overtaken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="effect_run_digest_sha256"),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(overtaken_at__isnull=True), name="effect_run_ends_one_way"
            ),
            models.UniqueConstraint(
                fields=["draft", "digest", "base"],
                condition=Q(finished_at__isnull=True, overtaken_at__isnull=True),
                name="effect_run_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["draft", "-asked_at"], name="effect_run_by_draft")]


class EffectKind(models.TextChoices):
    """Which facts were compared."""

    TODAY = "today", "facts on record"
    REVIEW = "review", "facts of a signed review"


class EffectSubject(models.Model):
    """A tumor, or the stored assessment of a signed review, that a run has looked at: each once, so that nothing is
    lost or doubled when the run is interrupted. `problem`: why it could not be compared."""

    id = models.BigAutoField(primary_key=True)
    run = models.ForeignKey(EffectRun, on_delete=models.CASCADE, related_name="subjects")
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=EffectKind.choices)
    tumor = models.ForeignKey("patients.Tumor", on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey("pathways.Snapshot", on_delete=models.PROTECT, related_name="+", null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "tumor"], condition=Q(snapshot__isnull=True), name="effect_tumor_once_per_run"
            ),
            models.UniqueConstraint(
                fields=["run", "snapshot"], condition=Q(snapshot__isnull=False), name="effect_snapshot_once_per_run"
            ),
            models.CheckConstraint(
                condition=Q(kind=EffectKind.TODAY, snapshot__isnull=True)
                | Q(kind=EffectKind.REVIEW, snapshot__isnull=False),
                name="effect_subject_of_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["run", "institution", "kind"], name="effect_subject_by_run")]


class EffectRow(models.Model):
    """One option whose status differs for one subject. A status is empty where the option is not in the catalogue.

    `because`: the codes of the rules that explain it, each between spaces (" PRRT-E5 PRRT-E7 ").
    """

    id = models.BigAutoField(primary_key=True)
    subject = models.ForeignKey(EffectSubject, on_delete=models.CASCADE, related_name="rows")
    option = models.CharField(max_length=60)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "option"], name="effect_row_once_per_option"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="effect_row_differs"),
        ]

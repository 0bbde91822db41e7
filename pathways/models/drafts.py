"""Drafts of a next version: their content, every edit, what was said of them, and who let them pass.

What it refuses to do: hold anything that is in force. A draft's content changes by compare-and-swap alone; edits,
comments, decisions and acknowledgements are appended and never changed.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pathways.models.versions import RulesetVersion
from patients.models.base import AppendOnly


class DraftState(models.TextChoices):
    """Where a draft stands; `pathways.drafts.states` says what leads from one to the next."""

    OPEN = "open", "being edited"
    SUBMITTED = "submitted", "submitted for review"
    APPROVED = "approved", "approved"
    PUBLISHED = "published", "published"
    DISCARDED = "discarded", "discarded"


class Draft(models.Model):
    """A version in the making. `revision` counts its changes: whoever saves names the one that was seen."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    note = models.CharField(max_length=2000, blank=True)
    base = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="drafts")
    # For a draft that began with the content of an earlier version: which one. Its changes are told against `base`.
    taken_from = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+", null=True)
    state = models.CharField(max_length=12, choices=DraftState.choices, default=DraftState.OPEN)
    revision = models.PositiveIntegerField(default=0)
    content = models.TextField()
    digest = models.CharField(max_length=80)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    publish_on = models.DateField(null=True)
    published = models.OneToOneField(RulesetVersion, on_delete=models.PROTECT, related_name="draft", null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DraftState.values), name="draft_known_state"),
            models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="draft_digest_sha256"),
            models.CheckConstraint(
                condition=Q(state=DraftState.PUBLISHED, published__isnull=False)
                | (~Q(state=DraftState.PUBLISHED) & Q(published__isnull=True)),
                name="draft_published_names_version",
            ),
            models.CheckConstraint(
                condition=Q(publish_on__isnull=True) | Q(state__in=[DraftState.APPROVED, DraftState.PUBLISHED]),
                name="draft_dated_only_once_approved",
            ),
        ]
        indexes = [models.Index(fields=["state", "changed_at"], name="draft_by_state")]

    def __str__(self) -> str:
        return self.title


class DraftEdit(AppendOnly):
    """One change of a draft's content: the entries before and after. What it undoes, if it does."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="edits")
    revision = models.PositiveIntegerField()
    what = models.CharField(max_length=200)
    # Canonical JSON: a list of `pathways.drafting.content.EntryChange` in its plain form.
    changes = models.TextField()
    digest = models.CharField(max_length=80)
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, related_name="undone_by", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "revision"], name="draft_edit_once_per_revision"),
        ]


class DraftReason(AppendOnly):
    """Why an entry was changed, and from which source; the latest counts, for the wording that it was given for.

    `wording` is that of `pathways.drafts.reasons.wording_of`; reasons from before it was kept have none.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="reasons")
    place = models.CharField(max_length=100)
    wording = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=1000)
    source = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text="") & ~Q(source=""), name="draft_reason_says_why_and_whence")
        ]
        indexes = [models.Index(fields=["draft", "place"], name="draft_reason_by_place")]


class DraftComment(AppendOnly):
    """What somebody says of an entry of a draft, or of the draft as a whole (`place` empty)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="comments")
    place = models.CharField(max_length=100, blank=True)
    text = models.CharField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="draft_comment_says_something")]


class Step(models.TextChoices):
    """What may happen to a draft as a whole."""

    SUBMIT = "submit", "submitted for review"
    WITHDRAW = "withdraw", "taken back"
    REJECT = "reject", "sent back"
    APPROVE = "approve", "approved"
    SCHEDULE = "schedule", "given a date of publication"
    UNSCHEDULE = "unschedule", "its date taken away"
    PUBLISH = "publish", "published"
    DISCARD = "discard", "discarded"
    REOPEN = "reopen", "opened again by an edit"


class DraftStep(AppendOnly):
    """One step of a draft, bound to the content that it was about."""

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=12, choices=Step.choices)
    digest = models.CharField(max_length=80)
    text = models.CharField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(step__in=Step.values), name="draft_step_known_word"),
            models.CheckConstraint(condition=~Q(by_name=""), name="draft_step_names_person"),
        ]


class Acknowledgement(AppendOnly):
    """Somebody saw a finding of the proofs, or a group of effects, and says why it may stand.

    A finding is known by its key and stays acknowledged while the draft has it; an effect is bound to the content too.
    """

    FINDING = "finding"
    EFFECT = "effect"
    KINDS = ((FINDING, "finding of the proofs"), (EFFECT, "effect on patients"))

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="acknowledgements")
    kind = models.CharField(max_length=8, choices=KINDS)
    key = models.CharField(max_length=300)
    digest = models.CharField(max_length=80)
    sentence = models.CharField(max_length=1000)
    reason = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draft", "kind", "key", "digest"], name="acknowledged_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="acknowledged_with_reason"),
        ]


class CheckReport(models.Model):
    """What checks and proofs came to for one content: derived, thrown away at any time, computed once per digest."""

    digest = models.CharField(max_length=80, primary_key=True)
    checker = models.CharField(max_length=40)
    report = models.TextField()
    made_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()

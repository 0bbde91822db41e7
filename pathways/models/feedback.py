"""Feedback: what editors made of the "not suitable because …" of reviews, and what those who said it were told.

What was said stays in the signed reviews and is counted from there. A thread is a change that an editor proposes because
of it; its last event says how far it is. Every row is written once, by `pathways.feedback` alone. What it refuses to do:
hold anything about a patient.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pathways.models.versions import RulesetVersion
from patients.models.base import AppendOnly


class FeedbackThread(AppendOnly):
    """A change proposed for one option, or one rule of it, because of what reviewers said under a version.

    `rule` and `reason` are empty where the thread is about the option as a whole, or about every reason.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    option = models.CharField(max_length=60)
    rule = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=30, blank=True)
    version = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+")
    sentence = models.CharField(max_length=500)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_by_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()

    class Meta:
        verbose_name = "feedback thread"
        constraints = [
            models.CheckConstraint(condition=~Q(option="") & ~Q(sentence=""), name="feedback_thread_says_what"),
        ]
        indexes = [models.Index(fields=["option", "rule"], name="feedback_thread_by_rule")]


class FeedbackStep(models.TextChoices):
    """What happened to a thread after it was opened."""

    TAKEN_UP = "taken_up", "taken up in a draft"
    ANSWERED = "answered", "answered"


class FeedbackOutcome(models.TextChoices):
    """What came of a thread."""

    CHANGED = "changed", "changed"
    NOT_CHANGED = "not_changed", "not changed"


class FeedbackEvent(AppendOnly):
    """One step of a thread. `number` counts from 1 and is taken once; after an answer there is no further step.

    `draft` is the seam to drafts of the pathway: the identifier, as text, of the draft in which the change is worked on.
    It is no foreign key, because a draft may be thrown away and what the clinicians were told may not.
    """

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(FeedbackThread, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=FeedbackStep.choices)
    draft = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=12, choices=FeedbackOutcome.choices, blank=True)
    changed_in = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+", null=True)
    sentence = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "step of a feedback thread"
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="feedback_step_number_once"),
            models.UniqueConstraint(
                fields=["thread"], condition=Q(kind=FeedbackStep.ANSWERED), name="feedback_answered_once"
            ),
            models.CheckConstraint(
                condition=(Q(kind=FeedbackStep.TAKEN_UP, outcome="", changed_in__isnull=True) & ~Q(draft=""))
                | (Q(kind=FeedbackStep.ANSWERED, draft="") & ~Q(outcome="") & ~Q(sentence="")),
                name="feedback_step_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=FeedbackOutcome.CHANGED) | Q(changed_in__isnull=False),
                name="feedback_change_names_its_version",
            ),
        ]


class FeedbackSeen(AppendOnly):
    """That somebody who was told of an outcome has put the notice away."""

    id = models.BigAutoField(primary_key=True)
    thread = models.ForeignKey(FeedbackThread, on_delete=models.PROTECT, related_name="seen")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = "outcome that was seen"
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="feedback_seen_once")]

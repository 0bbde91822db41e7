"""What the board decided of a case: recorded once, never changed. Until then it is a draft, kept as it is typed.

What it refuses to do: follow the list. A decision may take any option, whatever its status; where it departs from the
candidates it carries the reasons. Corrections are addenda. The actions are the only writers.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class Trial(models.TextChoices):
    """Whether a clinical trial was considered. Nothing is assumed."""

    OFFERED = "offered", "considered, one will be offered"
    NONE_FITS = "none_fits", "considered, none fits"
    NOT_CONSIDERED = "not_considered", "not considered"
    NOT_RECORDED = "not_recorded", "not recorded"


class DecisionDraft(models.Model):
    """What one person has typed of a decision so far. `content` is the form's fields; `revision` guards two windows,
    `window` and `number` say which window's sending was kept last.
    """

    case = models.ForeignKey("boards.Case", on_delete=models.PROTECT, related_name="drafts")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    content = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)
    window = models.CharField(max_length=40, blank=True)
    number = models.PositiveIntegerField(default=0)
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "by"], name="decision_draft_once_per_person")]


class Decision(AppendOnly):
    """The decision of one case, with the assessment that lay before the board."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.OneToOneField("boards.Case", on_delete=models.PROTECT, related_name="decision")
    meeting = models.ForeignKey("boards.Meeting", on_delete=models.PROTECT, related_name="decisions")
    snapshot = models.ForeignKey("pathways.Snapshot", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(max_length=4000, blank=True)
    trial = models.CharField(max_length=14, choices=Trial.choices)
    trial_line = models.CharField(max_length=300, blank=True)
    preference = models.CharField(max_length=1000, blank=True)
    informs = models.CharField(max_length=200, blank=True)
    # Options were taken whose status did not list them, or that were stopped: why, in codes and a line.
    departs = models.BooleanField(default=False)
    departure_reasons = models.JSONField(default=list)
    departure_line = models.CharField(max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_by_name = models.CharField(max_length=200)
    recorded_role = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(trial__in=Trial.values), name="decision_known_trial_word"),
            models.CheckConstraint(condition=~Q(recorded_by_name=""), name="decision_names_recorder"),
        ]


class Word(models.TextChoices):
    """What the board says of an option."""

    TAKEN = "taken", "taken forward"
    DEFERRED = "deferred", "deferred"
    DISCUSSED = "discussed", "discussed"
    DECLINED = "declined", "declined"


class DecisionOption(AppendOnly):
    """The board's word on one option; `reasons` are codes of `pathways.reviews.reasons`."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="options")
    option = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=20)
    word = models.CharField(max_length=10, choices=Word.choices)
    reasons = models.JSONField(default=list)
    line = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "option"], name="decision_option_once"),
            models.CheckConstraint(condition=Q(word__in=Word.values), name="decision_option_known_word"),
        ]

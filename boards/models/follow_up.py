"""What follows from a decision: tasks, conditions and options put into practice; the signed minutes; addenda.

Everything here is appended. Where an item stands is its last event; without one it is open.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class FollowUpKind(models.TextChoices):
    """`option`: an option taken forward, until it is put into practice."""

    OPTION = "option", "option taken forward"
    CONDITION = "condition", "conditional decision"
    TASK = "task", "task"


class FollowUp(AppendOnly):
    """One tracked item. A condition has all three of `what` (if …), `then` and `otherwise`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey("boards.Decision", on_delete=models.PROTECT, related_name="follow_ups")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=FollowUpKind.choices)
    what = models.CharField(max_length=300)
    then = models.CharField(max_length=300, blank=True)
    otherwise = models.CharField(max_length=300, blank=True)
    option = models.CharField(max_length=60, blank=True)
    owner_name = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "number"], name="follow_up_number_once"),
            models.CheckConstraint(condition=Q(kind__in=FollowUpKind.values), name="follow_up_known_kind"),
            models.CheckConstraint(condition=~Q(what=""), name="follow_up_says_what"),
        ]


class Outcome(models.TextChoices):
    OPEN = "open", "open"
    DONE = "done", "done"
    PARTLY = "partly", "partly done"
    NOT_DONE = "not_done", "not done"


# What closes an item: what is left of one that is partly done is a new item of a new decision. A later event may correct it.
CLOSING = (Outcome.DONE, Outcome.PARTLY, Outcome.NOT_DONE)


class FollowUpEvent(AppendOnly):
    """What became of an item; `reason` is a code of `boards.reasons.NOT_DONE`. `meeting`: where it was looked at."""

    item = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    reason = models.CharField(max_length=30, blank=True)
    line = models.CharField(max_length=300, blank=True)
    meeting = models.ForeignKey("boards.Meeting", on_delete=models.PROTECT, related_name="+", null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="follow_up_event_number_once"),
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="follow_up_event_known_outcome"),
            models.CheckConstraint(
                condition=~Q(outcome__in=["partly", "not_done"]) | ~Q(reason=""), name="follow_up_event_has_reason"
            ),
        ]


class MinutesSignature(AppendOnly):
    """The chair's signature under the minutes. `digest`: sha256 of everything that was signed (`content`)."""

    meeting = models.OneToOneField("boards.Meeting", on_delete=models.PROTECT, related_name="signature")
    content = models.TextField()
    digest = models.CharField(max_length=80)
    remark = models.CharField(max_length=1000, blank=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_by_name = models.CharField(max_length=200)
    signed_role = models.CharField(max_length=200)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(digest__startswith="sha256:"), name="minutes_digest_sha256"),
            models.CheckConstraint(condition=~Q(signed_by_name=""), name="minutes_name_signer"),
        ]


class Addendum(AppendOnly):
    """What is added to a decision, or to signed minutes as a whole, after it was recorded."""

    meeting = models.ForeignKey("boards.Meeting", on_delete=models.PROTECT, related_name="addenda")
    decision = models.ForeignKey("boards.Decision", on_delete=models.PROTECT, related_name="addenda", null=True)
    text = models.TextField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="addendum_says_something")]

"""Recall: signed lists that a later version of the rules would give otherwise, and what was done about each.

Every row is written once. Where an entry stands is its last event: each event holds the whole state that it leaves
behind, so that nothing has to be added up, and a number that is taken once, so that of two people acting at once one is
told. Written by `pathways.recall` alone. What it refuses to do: hold words; they are made from the two versions.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from pathways.models.reviews import Review, Snapshot
from pathways.models.versions import RulesetVersion
from patients.models.base import AppendOnly


class RecallEntry(AppendOnly):
    """One tumor whose list, as somebody last looked at it, has other statuses under a version published since.

    `snapshot` is the list that was looked at, and what is compared. `review` says by whom; it is
    empty for a list that a board decided on (`pathways.recall.looked`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tumor = models.ForeignKey("patients.Tumor", on_delete=models.PROTECT, related_name="recall_entries")
    version = models.ForeignKey(RulesetVersion, on_delete=models.PROTECT, related_name="+")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="recall_entries", null=True)
    found_at = models.DateTimeField()

    class Meta:
        verbose_name = "recall entry"
        constraints = [
            models.UniqueConstraint(fields=["version", "tumor"], name="recall_once_per_version_and_tumor"),
        ]
        indexes = [models.Index(fields=["tumor", "found_at"], name="recall_by_tumor")]


class RecallDifference(AppendOnly):
    """One option with another status. Empty: the option is not in the catalogue of that version.

    `rules` are the codes whose value differs, in the order of the ruleset; `verdict` what the reviewer had said of it.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(RecallEntry, on_delete=models.PROTECT, related_name="differences")
    place = models.PositiveSmallIntegerField()
    option = models.CharField(max_length=60)
    before = models.CharField(max_length=20, blank=True)
    after = models.CharField(max_length=20, blank=True)
    rules = models.JSONField(default=list)
    verdict = models.CharField(max_length=14, blank=True)

    class Meta:
        verbose_name = "difference of a recall entry"
        constraints = [
            models.UniqueConstraint(fields=["entry", "option"], name="recall_difference_once_per_option"),
            models.CheckConstraint(condition=~Q(before=models.F("after")), name="recall_difference_differs"),
        ]


class RecallKind(models.TextChoices):
    """What happened to an entry."""

    FOUND = "found", "found"
    ASSIGNED = "assigned", "assigned"
    DUE_MOVED = "due_moved", "due date moved"
    CLOSED = "closed", "closed"
    REOPENED = "reopened", "reopened"


class RecallEvent(AppendOnly):
    """One thing that happened to an entry, with the state that it leaves: owner, due date, open or closed and why.

    `number` counts from 1. Two people who act on the same state both take the next number; the constraint lets one.
    `by` is empty for what the program did by itself.
    """

    id = models.BigAutoField(primary_key=True)
    entry = models.ForeignKey(RecallEntry, on_delete=models.PROTECT, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=RecallKind.choices)
    is_open = models.BooleanField()
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    due_on = models.DateField()
    reason = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        verbose_name = "event of a recall entry"
        constraints = [
            models.UniqueConstraint(fields=["entry", "number"], name="recall_event_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="recall_event_from_one"),
            models.CheckConstraint(condition=Q(kind__in=RecallKind.values), name="recall_event_known_kind"),
            models.CheckConstraint(
                condition=(Q(kind=RecallKind.CLOSED, is_open=False) & ~Q(reason=""))
                | (~Q(kind=RecallKind.CLOSED) & Q(is_open=True, reason="")),
                name="recall_event_closed_says_why",
            ),
            models.CheckConstraint(condition=~Q(by_name=""), name="recall_event_names_who"),
        ]
        indexes = [models.Index(fields=["owner", "is_open"], name="recall_event_by_owner")]

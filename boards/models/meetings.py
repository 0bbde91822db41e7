"""Meetings: when and where, who chairs, who is invited and who came.

What it refuses to do: keep a local time as an instant. A series keeps the time on the wall and its zone, a meeting the
instant and the zone it was called in. A closed meeting is frozen by trigger. The actions are the only writers.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class MeetingState(models.TextChoices):
    PLANNED = "planned", "planned"
    LOCKED = "locked", "locked"
    HELD = "held", "held"
    CLOSED = "closed", "closed"
    OFF = "off", "called off"


class Step(models.TextChoices):
    """What can happen to a meeting; `boards.states` says from where to where. `call`: it is put into the calendar."""

    CALL = "call", "called"
    LOCK = "lock", "locked"
    UNLOCK = "unlock", "unlocked"
    HOLD = "hold", "held"
    CLOSE = "close", "closed"
    OFF = "off", "called off"


class Repeats(models.TextChoices):
    WEEKLY = "weekly", "every week"
    FORTNIGHTLY = "fortnightly", "every second week"
    MONTHLY = "monthly", "every month, on the same weekday of the month"


class Discipline(models.TextChoices):
    ONCOLOGY = "oncology", "oncology"
    SURGERY = "surgery", "surgery"
    PATHOLOGY = "pathology", "pathology"
    RADIOLOGY = "radiology", "radiology"
    NUCLEAR_MEDICINE = "nuclear_medicine", "nuclear medicine"
    ENDOCRINOLOGY = "endocrinology", "endocrinology"
    GASTROENTEROLOGY = "gastroenterology", "gastroenterology"
    INTERVENTIONAL_RADIOLOGY = "interventional_radiology", "interventional radiology"
    RADIATION_ONCOLOGY = "radiation_oncology", "radiation oncology"
    NURSING = "nursing", "nursing"
    COORDINATION = "coordination", "coordination"
    OTHER = "other", "other"


class Where(models.Model):
    """What a series hands on to each of its meetings."""

    title = models.CharField(max_length=120)
    time_zone = models.CharField(max_length=60)
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=200, blank=True)
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        abstract = True


class MeetingSeries(Where):
    """A rule from which dates are made ahead: each has a row of its own as soon as it is made."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    repeats = models.CharField(max_length=12, choices=Repeats.choices)
    first_on = models.DateField()
    local_time = models.TimeField()
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(repeats__in=Repeats.values), name="series_known_rule"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="series_minutes_in_range"),
        ]


class Meeting(Where):
    """One meeting of the board. `order_version` counts the changes of its agenda, for compare-and-swap."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    series = models.ForeignKey(MeetingSeries, on_delete=models.PROTECT, related_name="meetings", null=True)
    begins_at = models.DateTimeField()
    chair = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=MeetingState.choices, default=MeetingState.PLANNED)
    locked_at = models.DateTimeField(null=True)
    order_version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MeetingState.values), name="meeting_known_state"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=480), name="meeting_minutes_in_range"),
            models.CheckConstraint(
                condition=Q(state__in=[MeetingState.PLANNED, MeetingState.OFF], locked_at__isnull=True)
                | (~Q(state__in=[MeetingState.PLANNED, MeetingState.OFF]) & Q(locked_at__isnull=False)),
                name="meeting_locked_at_once_locked",
            ),
            models.UniqueConstraint(fields=["series", "begins_at"], name="meeting_of_series_once"),
        ]
        indexes = [models.Index(fields=["institution", "begins_at"], name="meeting_by_time")]

    def __str__(self) -> str:
        return self.title


class MeetingStep(AppendOnly):
    """What happened to a meeting, by whom and when."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=8, choices=Step.choices)
    text = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(step__in=Step.values), name="meeting_step_known_word")]


class Member(models.Model):
    """Somebody invited to a meeting: a person with an account, or the name of somebody from outside.

    A member with an account reads the meeting's cases from the locking of the agenda until 14 days after it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    name = models.CharField(max_length=200)
    discipline = models.CharField(max_length=30, choices=Discipline.choices)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "user"], condition=Q(removed_at__isnull=True), name="board_member_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="board_member_has_name"),
            models.CheckConstraint(condition=Q(discipline__in=Discipline.values), name="board_member_known_discipline"),
        ]


class Presence(models.TextChoices):
    PRESENT = "present", "present"
    REMOTE = "remote", "by video"
    EXCUSED = "excused", "excused"
    ABSENT = "absent", "absent"


class Attendance(models.Model):
    """Whether an invited person came. It changes until the minutes are signed; the signature covers it."""

    member = models.OneToOneField(Member, on_delete=models.PROTECT, related_name="attendance")
    presence = models.CharField(max_length=8, choices=Presence.choices)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(presence__in=Presence.values), name="attendance_known_word")]

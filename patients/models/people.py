"""Who the patient is, which teams care for them, and whether a board has been asked about them.

A patient belongs to one institution for ever; the MRN is unique in it. Corrections of the identity are kept in
``PatientChange``. Nothing here is deleted.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly


class Sex(models.TextChoices):
    """As recorded. ``unknown`` is not a value of the data dictionary: the feature is then absent."""

    FEMALE = "female", "female"
    MALE = "male", "male"
    OTHER = "other", "other"
    UNKNOWN = "unknown", "not known"


class Patient(models.Model):
    """One person in the care of one institution."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    mrn = models.CharField("MRN", max_length=40)
    family_name = models.CharField(max_length=100)
    given_name = models.CharField(max_length=100)
    birth_on = models.DateField()
    sex = models.CharField(max_length=8, choices=Sex.choices)
    # Demo patients are fictional; generated ones are invented as well. Both are marked on every page.
    fictional = models.BooleanField(default=False)
    invented = models.BooleanField(default=False)
    # Lower case, without accents: what the search box looks in.
    search_text = models.CharField(max_length=260, editable=False)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    # Counts the corrections of the identity: two people correcting at once do not overwrite each other.
    version = models.PositiveIntegerField(default=1)

    # By which way of `patients.reach` this reader got here, if it is none of the reader's own; no column.
    reached_through = ""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["institution", "mrn"], name="patient_mrn_unique_in_institution"),
            models.CheckConstraint(condition=Q(sex__in=Sex.values), name="patient_sex_known_word"),
            models.CheckConstraint(condition=~Q(mrn="") & ~Q(family_name=""), name="patient_has_mrn_and_name"),
            models.CheckConstraint(
                condition=Q(invented=False) | Q(fictional=True), name="patient_invented_is_fictional"
            ),
        ]
        indexes = [models.Index(fields=["institution", "family_name", "given_name"], name="patient_by_name")]

    def __str__(self) -> str:
        return f"{self.family_name.upper()}, {self.given_name}".rstrip(", ")


class PatientTeam(models.Model):
    """A care team that looks after a patient, until it no longer does."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="team_links")
    team = models.ForeignKey("access.Team", on_delete=models.PROTECT, related_name="+")
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "team"], condition=Q(ended_at__isnull=True), name="patient_team_once"
            ),
        ]


class PatientChange(AppendOnly):
    """One corrected field of a patient's identity: what it said, what it says, why."""

    id = models.BigAutoField(primary_key=True)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    reason = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "change of identity"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="patient_change_has_reason")]


class Referral(models.Model):
    """A patient brought to the board of an institution. Coordinators see the patients that are referred, and no
    others.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="referrals")
    institution = models.ForeignKey("access.Institution", on_delete=models.PROTECT, related_name="+")
    question = models.CharField(max_length=500, blank=True)
    referred_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    referred_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "institution"], condition=Q(withdrawn_at__isnull=True), name="referral_open_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False),
                name="referral_withdrawn_by_and_at",
            ),
        ]

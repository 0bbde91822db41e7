"""Findings: every value of a feature that anybody observed, with its date and origin; and what is derived from them.

A finding is one reading. Two readings that disagree both stay; ``Settlement`` says which one a clinician decided on.
The reading in force is computed by ``patients.facts``, never stored here.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from patients.models.base import AppendOnly, Correction, Observed, Source, correction_rule
from patients.models.people import Patient


class Tumor(models.Model):
    """One primary tumor of a patient. An assessment is of one tumor; a patient with several has one list each."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="tumors")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=80, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "number"], name="tumor_number_unique_in_patient"),
            models.CheckConstraint(condition=Q(number__gte=1), name="tumor_number_from_one"),
        ]

    def __str__(self) -> str:
        return self.label or f"Tumor {self.number}"


class Finding(Observed):
    """One reading of one feature. ``known`` false: somebody says, on that date, that the value is not known (any
    more).
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="findings")
    # Empty for features of the patient and for the history.
    tumor = models.ForeignKey(Tumor, on_delete=models.PROTECT, related_name="findings", null=True)
    feature = models.CharField(max_length=60)
    known = models.BooleanField(default=True)
    # Canonical JSON of the value (patients.values); empty when not known.
    value = models.TextField(blank=True)
    # What was typed, character for character, and the unit it was typed in.
    as_written = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    # Groups the readings of one specimen or study, whoever read them.
    specimen_or_study = models.CharField(max_length=120, blank=True)
    # The laboratory's own range, as printed, in the unit of the value; empty where the report gives none.
    reference_low = models.CharField(max_length=24, blank=True)
    reference_high = models.CharField(max_length=24, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "finding"
        constraints = [
            models.CheckConstraint(
                condition=(Q(known=True) & ~Q(value="")) | Q(known=False, value=""), name="finding_value_when_known"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="finding_source_known_word"),
            models.CheckConstraint(
                condition=Q(known=True) | Q(reference_low="", reference_high=""), name="finding_reference_of_a_value"
            ),
        ]
        indexes = [models.Index(fields=["patient", "feature", "observed_on"], name="finding_of_feature")]


class FindingCorrection(Correction):
    """A finding was corrected by another one, or entered in error."""

    finding = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="correction")
    replaced_by = models.OneToOneField(Finding, on_delete=models.PROTECT, related_name="corrects", null=True)

    class Meta:
        verbose_name = "correction of a finding"
        constraints = [correction_rule("finding_correction_is_whole")]


class Settlement(AppendOnly):
    """A clinician's decision which of several readings of a feature is in force, with the reason.

    It weighs the readings observed up to ``considered_through``: one that is observed later, of another specimen or
    study, and entered afterwards, is news and takes over.
    """

    id = models.BigAutoField(primary_key=True)
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="settlements")
    considered_through = models.DateField()
    reason = models.CharField(max_length=300)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField()

    class Meta:
        verbose_name = "settlement"
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="settlement_has_reason")]


class TumorFeatures(models.Model):
    """The readings in force of one tumor as a typed row, for lists, filters and search. Derived; never edited by
    hand.
    """

    tumor = models.OneToOneField(Tumor, on_delete=models.PROTECT, primary_key=True, related_name="features_row")
    primary_site = models.CharField(max_length=40, blank=True, db_index=True)
    differentiation = models.CharField(max_length=10, blank=True)
    grade = models.CharField(max_length=4, blank=True, db_index=True)
    # A single value has the same number on both sides; a range ("2–3 %") has its ends.
    ki67_low = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    ki67_high = models.DecimalField(max_digits=7, decimal_places=4, null=True)
    ki67_text = models.CharField(max_length=60, blank=True)
    extent = models.CharField(max_length=12, blank=True, db_index=True)
    tnm_stage = models.CharField(max_length=4, blank=True)
    resectability = models.CharField(max_length=14, blank=True)
    disease_status = models.CharField(max_length=24, blank=True)
    # Codes between spaces (" liver bone "), so that a filter can look for one; empty: not known; a single space: none.
    metastatic_sites = models.CharField(max_length=120, blank=True)
    functional_status = models.CharField(max_length=16, blank=True, db_index=True)
    hormone_syndrome = models.CharField(max_length=20, blank=True)
    sstr_status = models.CharField(max_length=14, blank=True, db_index=True)
    krenning_score = models.CharField(max_length=12, blank=True)
    progression = models.CharField(max_length=12, blank=True, db_index=True)
    ecog = models.CharField(max_length=12, blank=True)
    derived_at = models.DateTimeField()

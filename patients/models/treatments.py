"""Treatments given, and markers measured beside the findings.

A treatment names an option of the catalogue; how it ended (``outcomes``) is independent of whether it is still given.
The four history sets of the data dictionary are derived from these rows by ``patients.history`` and never typed.
"""

from django.db import models
from django.db.models import Q

from patients.models.base import Correction, Observed, Source, correction_rule
from patients.models.people import Patient


class DatePrecision(models.TextChoices):
    """How exactly a date is known. The stored date is the first day of the month or year."""

    DAY = "day", "day"
    MONTH = "month", "month"
    YEAR = "year", "year"
    UNKNOWN = "unknown", "not known"


class Course(models.TextChoices):
    STILL_GIVEN = "still_given", "still given"
    STOPPED = "stopped", "stopped or done"
    UNKNOWN = "unknown", "not known"


class Intent(models.TextChoices):
    CURATIVE = "curative", "curative"
    DISEASE_CONTROL = "disease_control", "disease control"
    SYMPTOM_CONTROL = "symptom_control", "symptom control"
    PERIOPERATIVE = "perioperative", "around a procedure"
    UNKNOWN = "unknown", "not known"


class Outcome(models.TextChoices):
    """Several may hold: a response, and later progression on it."""

    CONTROLLED = "controlled", "controlled"
    STABLE = "stable", "stable"
    RESPONDED = "responded", "responded"
    PROGRESSED = "progressed", "progressed on it"
    NOT_TOLERATED = "not_tolerated", "not tolerated"
    COMPLETED = "completed", "completed"
    NOT_KNOWN = "not_known", "not known"


def _date_rule(field: str, name: str) -> models.CheckConstraint:
    """A date that is known has a day on the calendar; one that is not known has none."""
    unknown = Q(**{f"{field}_precision": DatePrecision.UNKNOWN, f"{field}_on__isnull": True})
    known = ~Q(**{f"{field}_precision": DatePrecision.UNKNOWN}) & Q(**{f"{field}_on__isnull": False})
    return models.CheckConstraint(condition=unknown | known, name=name)


class Treatment(Observed):
    """One course of one option of the catalogue. ``observed_on`` is the date on which the record was taken."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="treatments")
    option = models.CharField(max_length=60)
    started_on = models.DateField(null=True)
    started_precision = models.CharField(max_length=8, choices=DatePrecision.choices)
    course = models.CharField(max_length=12, choices=Course.choices)
    stopped_on = models.DateField(null=True)
    stopped_precision = models.CharField(max_length=8, choices=DatePrecision.choices, default=DatePrecision.UNKNOWN)
    intent = models.CharField(max_length=16, choices=Intent.choices, default=Intent.UNKNOWN)
    doses = models.CharField(max_length=200, blank=True)
    # Outcome codes in the order of Outcome, joined by commas; empty: nothing said.
    outcomes = models.CharField(max_length=100, blank=True)
    outcome_text = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "treatment"
        constraints = [
            _date_rule("started", "treatment_start_and_precision"),
            _date_rule("stopped", "treatment_stop_and_precision"),
            models.CheckConstraint(
                condition=Q(course=Course.STOPPED) | Q(stopped_on__isnull=True), name="treatment_stop_only_if_stopped"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="treatment_source_known_word"),
        ]
        indexes = [models.Index(fields=["patient", "started_on"], name="treatment_of_patient")]

    @property
    def outcome_codes(self) -> tuple[str, ...]:
        return tuple(self.outcomes.split(",")) if self.outcomes else ()


class TreatmentCorrection(Correction):
    treatment = models.OneToOneField(Treatment, on_delete=models.PROTECT, related_name="correction")
    replaced_by = models.OneToOneField(Treatment, on_delete=models.PROTECT, related_name="corrects", null=True)

    class Meta:
        verbose_name = "correction of a treatment"
        constraints = [correction_rule("treatment_correction_is_whole")]


class MarkerName(models.TextChoices):
    """What is measured over time beside the findings. No rule reads these."""

    CHROMOGRANIN_A = "chromogranin_a", "chromogranin A"
    FIVE_HIAA = "five_hiaa", "5-HIAA"
    GASTRIN = "gastrin", "gastrin"
    INSULIN = "insulin", "insulin"
    GLUCOSE = "glucose", "glucose"
    GLUCAGON = "glucagon", "glucagon"
    VIP = "vip", "vasoactive intestinal peptide (VIP)"
    NSE = "nse", "neuron-specific enolase"
    NORMETANEPHRINE = "normetanephrine", "plasma normetanephrine"
    METANEPHRINE = "metanephrine", "plasma metanephrine"
    KI67 = "ki67", "Ki-67"
    OTHER = "other", "other"


class Marker(Observed):
    """One measurement of a marker, kept as written."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="markers")
    marker = models.CharField(max_length=20, choices=MarkerName.choices)
    # The name when the marker is "other", or a qualification ("at symptoms").
    name_text = models.CharField(max_length=80, blank=True)
    # Canonical JSON of a number or a range (patients.values).
    value = models.TextField()
    as_written = models.CharField(max_length=60)
    unit = models.CharField(max_length=40)
    # Decimal numbers as text, exactly as understood; empty where the report gives none.
    reference_low = models.CharField(max_length=24, blank=True)
    reference_high = models.CharField(max_length=24, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "marker"
        constraints = [
            models.CheckConstraint(condition=~Q(value="") & ~Q(unit=""), name="marker_has_value_and_unit"),
            models.CheckConstraint(
                condition=~Q(marker=MarkerName.OTHER) | ~Q(name_text=""), name="marker_other_has_a_name"
            ),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="marker_source_known_word"),
        ]
        indexes = [models.Index(fields=["patient", "marker", "observed_on"], name="marker_of_patient")]

    @property
    def title(self) -> str:
        if self.marker == MarkerName.OTHER:
            return self.name_text
        label = MarkerName(self.marker).label
        return f"{label} {self.name_text}" if self.name_text else label


class MarkerCorrection(Correction):
    marker_row = models.OneToOneField(Marker, on_delete=models.PROTECT, related_name="correction")
    replaced_by = models.OneToOneField(Marker, on_delete=models.PROTECT, related_name="corrects", null=True)

    class Meta:
        verbose_name = "correction of a marker"
        constraints = [correction_rule("marker_correction_is_whole")]

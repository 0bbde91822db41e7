"""The one way from the record to facts: what is known about a tumor and its patient as of a date.

In force is the reading that a clinician settled on, else the latest observed, then the latest entered. It never
guesses: what nobody recorded is absent. It does not know rules. Called by ``pathways`` (assessment, lists, batch), by
the pages of this package, and by ``patients.derived``. The number of queries does not depend on the number of tumors.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from pathways.engine import DataDictionary, Value, ValueRefused
from pathways.knowledge import dictionary
from patients.catalogue import catalogue, treatment_words
from patients.entry.dates import show_day
from patients.history import COMPLETE, HISTORY_SETS, disproved_by, history_sets
from patients.models import Finding, Patient, Settlement, Sex, Treatment, Tumor
from patients.values import from_text


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of one feature, with where it comes from. ``value`` is None where it is recorded as not known."""

    feature: str
    value: Value | None
    as_written: str
    unit: str
    observed_on: date
    source: str
    source_text: str
    laboratory: str
    method: str
    specimen_or_study: str
    note: str
    entered_by: str
    entered_at: datetime
    finding_id: UUID
    settled: bool = False
    reference_low: str = ""
    reference_high: str = ""

    @property
    def known(self) -> bool:
        return self.value is not None

    @property
    def origin(self) -> str:
        """Where it stands, in the record's words: the report named, else the kind of source."""
        return self.source_text or self.source


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything known as of a date.

    ``features`` is what the engine reads. ``readings`` holds the reading in force of each feature (those recorded as
    not known included), ``others`` the live readings that are not in force, ``disagreements`` the readings of one
    specimen or study that differ and that nobody settled. ``unusable`` names values that today's dictionary refuses,
    with its sentence: they count as unknown.
    """

    as_of: date
    features: dict[str, Value]
    readings: dict[str, Reading]
    others: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    disagreements: dict[str, tuple[Reading, ...]] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)
    history_confirmed: Reading | None = None

    @property
    def history_is_complete(self) -> bool:
        return self.history_confirmed is not None and self.history_confirmed.value is True


@dataclass(frozen=True, slots=True)
class Record:
    """The rows of some patients, loaded in a constant number of queries."""

    findings: dict[UUID, list[Finding]]
    settlements: dict[UUID, list[Settlement]]
    treatments: dict[UUID, list[Treatment]]


def facts_of(tumor: Tumor, *, as_of: date, known_at: datetime | None = None) -> Facts:
    """What was observed about the tumor and its patient on or before ``as_of``.

    ``known_at``: only what had been entered, corrected and settled by that instant; None means everything entered so
    far.
    """
    return facts_of_many([tumor], as_of=as_of, known_at=known_at)[tumor.id]


def facts_of_many(tumors: Sequence[Tumor], *, as_of: date, known_at: datetime | None = None) -> dict[UUID, Facts]:
    """The facts of several tumors at once: three queries, however many there are, if their patients are loaded."""
    record = load({tumor.patient_id for tumor in tumors}, as_of=as_of, known_at=known_at)
    words = dictionary()
    treatment_words()  # read here, so that it costs the same whether somebody was treated or not
    return {tumor.id: _facts(tumor.patient, tumor.id, record, words, as_of) for tumor in tumors}


def age_on(birth_on: date, day: date) -> int:
    """Completed years. Somebody born on 29 February becomes a year older on 1 March in other years."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def load(patient_ids: Iterable[UUID], *, as_of: date, known_at: datetime | None = None) -> Record:
    """The live rows: neither corrected nor entered in error, by ``known_at`` where it is given."""
    ids = list(patient_ids)
    live = standing(known_at)
    record = Record(defaultdict(list), defaultdict(list), defaultdict(list))
    for finding in (
        Finding.objects.filter(live, patient_id__in=ids, observed_on__lte=as_of)
        .select_related("entered_by")
        .order_by("observed_on", "sequence", "entered_at", "id")
    ):
        record.findings[finding.patient_id].append(finding)
    decided = Q() if known_at is None else Q(settled_at__lte=known_at)
    for settlement in (
        Settlement.objects.filter(decided, finding__patient_id__in=ids)
        .select_related("finding", "settled_by")
        .order_by("settled_at", "id")
    ):
        record.settlements[settlement.finding.patient_id].append(settlement)
    for treatment in (
        Treatment.objects.filter(live, patient_id__in=ids)
        .select_related("corrects")
        .order_by("sequence", "entered_at", "id")
    ):
        record.treatments[treatment.patient_id].append(treatment)
    return record


def standing(known_at: datetime | None) -> Q:
    """The rows that stand: neither corrected nor entered in error, by an instant where one is given, else by now."""
    if known_at is None:
        return Q(correction__isnull=True)
    return Q(entered_at__lte=known_at) & (Q(correction__isnull=True) | Q(correction__at__gt=known_at))


def _facts(patient: Patient, tumor_id: UUID, record: Record, words: DataDictionary, as_of: date) -> Facts:
    by_feature: dict[str, list[Finding]] = defaultdict(list)
    for finding in record.findings.get(patient.id, ()):
        if finding.tumor_id is None or finding.tumor_id == tumor_id:
            by_feature[finding.feature].append(finding)
    settlements = _latest_settlements(record.settlements.get(patient.id, ()), tumor_id)
    readings: dict[str, Reading] = {}
    others: dict[str, tuple[Reading, ...]] = {}
    disagreements: dict[str, tuple[Reading, ...]] = {}
    for name, findings in by_feature.items():
        chosen, settled = _in_force(findings, settlements.get(name))
        readings[name] = reading_of(chosen, settled=settled)
        others[name] = tuple(reading_of(finding) for finding in findings if finding is not chosen)
        if not settled and (rivals := _rivals(chosen, findings)):
            disagreements[name] = tuple(reading_of(finding) for finding in (chosen, *rivals))
    confirmed = readings.pop(COMPLETE, None)
    others.pop(COMPLETE, None)
    features, unusable = _features(patient, readings, record.treatments.get(patient.id, ()), confirmed, words, as_of)
    return Facts(as_of, features, readings, {k: v for k, v in others.items() if v}, disagreements, unusable, confirmed)


def _latest_settlements(settlements: Iterable[Settlement], tumor_id: UUID) -> dict[str, Settlement]:
    """The last decision on each feature; the rows come in the order in which they were made."""
    return {one.finding.feature: one for one in settlements if one.finding.tumor_id in (None, tumor_id)}


def _in_force(findings: Sequence[Finding], settlement: Settlement | None) -> tuple[Finding, bool]:
    """The settled reading as it stands after corrections, unless something newer was observed; else the latest
    observed.
    """
    latest = findings[-1]
    if settlement is None:
        return latest, False
    chosen = next((finding for finding in findings if finding.chain == settlement.finding.chain), None)
    if chosen is None or any(_is_news(finding, chosen, settlement) for finding in findings):
        return latest, False
    return chosen, True


def _is_news(finding: Finding, chosen: Finding, settlement: Settlement) -> bool:
    """Observed after everything that was weighed, entered afterwards, and not of the specimen that was settled."""
    return (
        finding.observed_on > settlement.considered_through
        and finding.entered_at > settlement.settled_at
        and not _same_specimen(finding, chosen)
    )


def _same_specimen(one: Finding, other: Finding) -> bool:
    first, second = one.specimen_or_study.strip().casefold(), other.specimen_or_study.strip().casefold()
    return bool(first) and first == second


def _rivals(chosen: Finding, findings: Sequence[Finding]) -> list[Finding]:
    """Other readings of the same specimen or study that say something else."""
    return [
        finding
        for finding in findings
        if finding is not chosen and _same_specimen(finding, chosen) and finding.value != chosen.value
    ]


def _features(
    patient: Patient,
    readings: dict[str, Reading],
    treatments: Sequence[Treatment],
    confirmed: Reading | None,
    words: DataDictionary,
    as_of: date,
) -> tuple[dict[str, Value], dict[str, str]]:
    """In the order of the dictionary, each value checked by it."""
    complete = confirmed is not None and confirmed.value is True
    disproved = (
        disproved_by(treatments, confirmed.observed_on, confirmed.entered_at) if confirmed and complete else None
    )
    found: dict[str, Any] = {name: reading.value for name, reading in readings.items() if reading.value is not None}
    for name in (*HISTORY_SETS, "age_years", "sex"):
        found.pop(name, None)
    complete = complete and disproved is None
    found |= history_sets(treatments, complete=complete, as_of=as_of, zone=ZoneInfo(patient.institution.time_zone))
    if patient.birth_on <= as_of:
        found["age_years"] = Decimal(age_on(patient.birth_on, as_of))
    if patient.sex != Sex.UNKNOWN:
        found["sex"] = patient.sex
    features: dict[str, Value] = {}
    unusable: dict[str, str] = {}
    if disproved is not None and confirmed is not None:
        given = catalogue().label(disproved.option)
        unusable[COMPLETE] = (
            f"The treatment history was confirmed complete as of {show_day(confirmed.observed_on)}, but {given}, entered "
            "later, began before. It counts as not confirmed until somebody confirms it again."
        )
    for name in sorted(found, key=lambda name: words.order.get(name, len(words.order))):
        try:
            features[name] = (treatment_words() if name in HISTORY_SETS else words).check(name, found[name])
        except ValueRefused as problem:
            unusable[name] = str(problem)
    return features, unusable


def reading_of(finding: Finding, *, settled: bool = False) -> Reading:
    """A finding as it is shown. Its ``entered_by`` is expected to be loaded."""
    return Reading(
        feature=finding.feature,
        value=from_text(finding.value) if finding.known else None,
        as_written=finding.as_written,
        unit=finding.unit,
        observed_on=finding.observed_on,
        source=finding.get_source_display(),
        source_text=finding.source_text,
        laboratory=finding.laboratory,
        method=finding.method,
        specimen_or_study=finding.specimen_or_study,
        note=finding.note,
        entered_by=finding.entered_by.display_name,
        entered_at=finding.entered_at,
        finding_id=finding.id,
        settled=settled,
        reference_low=finding.reference_low,
        reference_high=finding.reference_high,
    )

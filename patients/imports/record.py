"""What the record says about the patients of an import, read at once for many of them.

Patients who are beyond the reach of whoever imports are known to exist and nothing more: no value of theirs is read.
Called by the actions that stage and apply.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models.functions import Upper

from netcare.access import Actor, Capability
from pathways.knowledge import dictionary
from patients.catalogue import catalogue
from patients.entry.dates import PartialDate, show_day
from patients.entry.reading import shown_short
from patients.entry.reference import own_ends
from patients.imports.cells import Content
from patients.models import Finding, ImportedRow, Marker, Patient, PatientTeam, Treatment, Tumor
from patients.models.base import Correction
from patients.selectors import Person, person_key, visible_patients
from patients.values import from_text

AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class KnownFinding:
    """A reading on record, live or not. ``imported``: an import entered it, and nobody has corrected it since."""

    id: UUID
    feature: str
    tumor: int
    observed_on: str
    value: str
    shown: str
    provenance: Mapping[str, str]
    reference: tuple[Decimal | None, Decimal | None]
    standing: str
    imported: bool

    @property
    def is_live(self) -> bool:
        return self.standing == ""


@dataclass(frozen=True, slots=True)
class KnownTreatment:
    """A treatment on record; ``content`` is what a row of an import would say of it."""

    id: UUID
    content: Content
    started: PartialDate | None
    shown: str
    standing: str
    imported: bool

    @property
    def is_live(self) -> bool:
        return self.standing == ""


@dataclass(frozen=True, slots=True)
class KnownMarker:
    """A measurement on record; ``content`` is what a row of an import would say of it."""

    id: UUID
    content: Content
    shown: str
    standing: str
    imported: bool

    @property
    def is_live(self) -> bool:
        return self.standing == ""


@dataclass(slots=True)
class KnownPatient:
    """A patient on record. Out of reach, only the MRN is known."""

    id: UUID
    mrn: str
    in_reach: bool
    identity: Content = field(default_factory=dict)
    version: int = 0
    tumors: dict[int, UUID] = field(default_factory=dict)
    findings: list[KnownFinding] = field(default_factory=list)
    treatments: list[KnownTreatment] = field(default_factory=list)
    markers: list[KnownMarker] = field(default_factory=list)

    @property
    def born(self) -> str:
        return self.identity["birth_on"]


@dataclass(slots=True)
class Record:
    """The patients found, by MRN exactly; ``alike`` names those whose MRN differs in capitals alone, ``namesakes`` the MRNs
    under which somebody of the same name and birth date is on record.
    """

    patients: dict[str, KnownPatient] = field(default_factory=dict)
    alike: dict[str, str] = field(default_factory=dict)
    namesakes: dict[Person, list[str]] = field(default_factory=dict)


def record_of(actor: Actor, contents: Iterable[Content]) -> Record:
    """What is on record in the actor's institution about the patients of these rows."""
    rows = list(contents)
    wanted = sorted({row["mrn"] for row in rows if row["mrn"]})
    record = Record()
    for start in range(0, len(wanted), AT_ONCE):
        _add(record, actor, wanted[start : start + AT_ONCE])
    _add_namesakes(record, actor, [row for row in rows if "family_name" in row and row["mrn"] not in record.patients])
    return record


def person_in(content: Content) -> Person:
    """The name and birth date of a patient's row, in the form in which two are the same."""
    return person_key(content["family_name"], content["given_name"], date.fromisoformat(content["birth_on"]))


def _add_namesakes(record: Record, actor: Actor, rows: list[Content]) -> None:
    """Patients of the same name and birth date, as far as the right to import reaches: the institution."""
    asked = {person_in(row) for row in rows}
    days = sorted({born for _, _, born in asked})
    for start in range(0, len(days), AT_ONCE):
        found = visible_patients(actor, Capability.PATIENT_IMPORT).filter(birth_on__in=days[start : start + AT_ONCE])
        for one in found.order_by("mrn", "id").only("mrn", "family_name", "given_name", "birth_on"):
            key = person_key(one.family_name, one.given_name, one.birth_on)
            if key in asked:
                record.namesakes.setdefault(key, []).append(one.mrn)


def _add(record: Record, actor: Actor, mrns: list[str]) -> None:
    exact = Patient.objects.filter(institution=actor.home, mrn__in=mrns)
    visible = set(visible_patients(actor, Capability.PATIENT_WRITE).filter(mrn__in=mrns).values_list("id", flat=True))
    found: dict[UUID, KnownPatient] = {}
    for patient in exact.order_by("id"):
        known = KnownPatient(patient.id, patient.mrn, patient.id in visible)
        record.patients[patient.mrn] = known
        if known.in_reach:
            known.identity, known.version = _identity(patient), patient.version
            found[patient.id] = known
    _add_alike(record, actor, [mrn for mrn in mrns if mrn not in record.patients])
    if found:
        _add_teams(found)
        _add_tumors(found)
        _add_findings(found)
        _add_treatments(found)
        _add_markers(found)


def _add_alike(record: Record, actor: Actor, mrns: list[str]) -> None:
    if not mrns:
        return
    rows = Patient.objects.filter(institution=actor.home).annotate(upper=Upper("mrn"))
    near = {row.upper: row.mrn for row in rows.filter(upper__in=[mrn.upper() for mrn in mrns]).order_by("id")}
    record.alike |= {mrn: near[mrn.upper()] for mrn in mrns if mrn.upper() in near}


def _identity(patient: Patient) -> Content:
    return {
        "mrn": patient.mrn,
        "family_name": patient.family_name,
        "given_name": patient.given_name,
        "birth_on": patient.birth_on.isoformat(),
        "sex": patient.sex,
        "care_team": "",
    }


def _add_teams(found: dict[UUID, KnownPatient]) -> None:
    links = PatientTeam.objects.filter(patient__in=found, ended_at__isnull=True).select_related("team")
    for link in links.order_by("team__name", "id"):
        identity = found[link.patient_id].identity
        identity["care_team"] = ";".join(part for part in (identity["care_team"], link.team.name) if part)


def _add_tumors(found: dict[UUID, KnownPatient]) -> None:
    for tumor in Tumor.objects.filter(patient__in=found).order_by("number", "id"):
        found[tumor.patient_id].tumors[tumor.number] = tumor.id


def _imported(model_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these rows of the record that an import entered."""
    ids = list(model_ids)
    found: set[UUID] = set()
    for start in range(0, len(ids), AT_ONCE):
        part = ImportedRow.objects.filter(entry_id__in=ids[start : start + AT_ONCE])
        found |= {one for one in part.values_list("entry_id", flat=True) if one is not None}
    return found


def _add_findings(found: dict[UUID, KnownPatient]) -> None:
    rows = list(
        Finding.objects.filter(patient__in=found)
        .select_related("tumor", "correction", "correction__replaced_by")
        .order_by("observed_on", "sequence", "id")
    )
    imported = _imported(row.id for row in rows)
    for row in rows:
        provenance = {
            "source": row.source,
            "source_text": row.source_text,
            "laboratory": row.laboratory,
            "method": row.method,
            "specimen_or_study": row.specimen_or_study,
        }
        found[row.patient_id].findings.append(
            KnownFinding(
                id=row.id,
                feature=row.feature,
                tumor=row.tumor.number if row.tumor else 0,
                observed_on=row.observed_on.isoformat(),
                value=row.value,
                shown=_shown_finding(row),
                provenance=provenance,
                reference=own_ends(row.feature, row.unit, row.reference_low, row.reference_high),
                standing=_standing(row),
                imported=row.id in imported,
            )
        )


def _shown_finding(row: Finding) -> str:
    feature = dictionary().features.get(row.feature)
    value = "not known" if not row.known or feature is None else shown_short(feature, from_text(row.value))
    return f"{value}, {show_day(row.observed_on)}"


def _standing(row: Finding | Treatment | Marker) -> str:
    """Empty while the row stands; else what became of it."""
    correction = getattr(row, "correction", None)
    if correction is None:
        return ""
    if correction.kind == Correction.IN_ERROR:
        return f"was marked as entered in error on {show_day(correction.at.date())} ({correction.reason})"
    return f"was corrected on {show_day(correction.at.date())}"


def _add_treatments(found: dict[UUID, KnownPatient]) -> None:
    rows = list(
        Treatment.objects.filter(patient__in=found)
        .select_related("correction", "correction__replaced_by")
        .order_by("sequence", "id")
    )
    imported = _imported(row.id for row in rows)
    for row in rows:
        started = _partial(row.started_on, row.started_precision)
        title = catalogue().label(row.option)
        found[row.patient_id].treatments.append(
            KnownTreatment(
                id=row.id,
                content=content_of_treatment(row),
                started=started,
                shown=f"{title}, {'start not known' if started is None else f'from {started.show()}'}",
                standing=_standing(row),
                imported=row.id in imported,
            )
        )


def _add_markers(found: dict[UUID, KnownPatient]) -> None:
    rows = list(
        Marker.objects.filter(patient__in=found)
        .select_related("correction", "correction__replaced_by")
        .order_by("observed_on", "sequence", "id")
    )
    imported = _imported(row.id for row in rows)
    for row in rows:
        written = row.as_written if row.as_written.endswith(row.unit) else f"{row.as_written} {row.unit}"
        shown = f"{written}, {show_day(row.observed_on)}"
        found[row.patient_id].markers.append(
            KnownMarker(row.id, content_of_marker(row), shown, _standing(row), row.id in imported)
        )


def content_of_marker(row: Marker) -> Content:
    """The measurement as the content of an imported row, but for what identifies the patient."""
    names = ("marker", "name_text", "value", "unit", "source", "source_text", "laboratory", "method")
    return {name: getattr(row, name) for name in names} | {"observed_on": row.observed_on.isoformat()}


def _partial(day: date | None, precision: str) -> PartialDate | None:
    return None if day is None else PartialDate(day, precision)


def _kept(day: date | None, precision: str) -> str:
    return "" if day is None else f"{precision} {day.isoformat()}"


def content_of_treatment(row: Treatment) -> Content:
    """The treatment as the content of an imported row, but for what identifies the patient."""
    return {
        "option": row.option,
        "started": _kept(row.started_on, row.started_precision),
        "stopped": _kept(row.stopped_on, row.stopped_precision),
        "course": row.course,
        "intent": row.intent,
        "outcomes": row.outcomes,
        "doses": row.doses,
        "outcome_text": row.outcome_text,
        "source_text": row.source_text,
    }

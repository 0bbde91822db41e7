"""The patient list: who may be seen, with the clinical line and the statuses in force of each tumor.

Reads derived rows only; a status shown here is a pointer to the patient's page, which assesses afresh. The number of
queries does not depend on the number of patients. Called by the list view.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.urls import reverse

from pathways.engine import DataDictionary, Ruleset
from pathways.models import StatusesInForce
from pathways.presenters.clinical_line import ClinicalLine, LineFacts, clinical_line
from pathways.presenters.patient_page import fictional_tag
from pathways.presenters.words import GROUP_TITLES, STATUS_WORDS
from patients.facts import age_on
from patients.models import Patient, Tumor, TumorFeatures

COUNTED = (
    ("candidate", "candidates"),
    ("conditional", "conditionals"),
    ("possible", "possibles"),
    ("excluded", "excluded"),
    ("not_indicated", "not_indicated"),
)


@dataclass(frozen=True, slots=True)
class Under:
    """What statuses must have been computed under to be those of now."""

    version_id: UUID | None
    overlay: int | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many options of a tumor have a status."""

    status: str
    word: str
    number: int


@dataclass(frozen=True, slots=True)
class TumorLine:
    """One tumor in the list."""

    url: str
    title: str
    line: str
    gaps: str
    tallies: tuple[Tally, ...]
    waiting: str


@dataclass(frozen=True, slots=True)
class PatientRow:
    """One patient in the list."""

    url: str
    name: str
    mrn: str
    born: str
    age: str
    sex: str
    tag: str
    tumors: tuple[TumorLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a filter."""

    value: str
    title: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Entries of a filter under one heading."""

    title: str
    choices: tuple[Choice, ...]


def line_of_row(row: TumorFeatures, dictionary: DataDictionary) -> ClinicalLine:
    """The clinical line from the derived row of a tumor. The row holds what was recorded, not what follows from it."""
    sites = tuple(row.metastatic_sites.split()) if row.metastatic_sites else None
    facts = LineFacts(
        primary_site=row.primary_site,
        differentiation=row.differentiation,
        grade=row.grade,
        ki67=f"{row.ki67_text} %" if row.ki67_text and "%" not in row.ki67_text else row.ki67_text,
        extent=row.extent,
        metastatic_sites=sites,
        disease_status=row.disease_status,
        functional_status=row.functional_status,
        hormone_syndrome=row.hormone_syndrome,
        sstr_status=row.sstr_status,
        krenning=row.krenning_score,
        progression=row.progression,
        ecog=row.ecog,
        inapplicable=frozenset({"grade"}) if row.primary_site == "pheochromocytoma_paraganglioma" else frozenset(),
    )
    return clinical_line(facts, dictionary)


def patient_rows(
    patients: Sequence[Patient],
    tumors: Sequence[Tumor],
    *,
    dictionary: DataDictionary,
    version_id: UUID | None,
    today: date,
    overlay: int | None = None,
) -> list[PatientRow]:
    """The rows of one page. `tumors` come with their derived rows loaded; `overlay`: that of the stops in force."""
    of_patient: Mapping[UUID, list[Tumor]] = defaultdict(list)
    for tumor in tumors:
        of_patient[tumor.patient_id].append(tumor)
    under = Under(version_id, overlay)
    return [_row(patient, of_patient[patient.id], dictionary, under, today) for patient in patients]


def _row(
    patient: Patient, tumors: Sequence[Tumor], dictionary: DataDictionary, under: Under, today: date
) -> PatientRow:
    lines = tuple(_tumor_line(patient, tumor, dictionary, under, several=len(tumors) > 1) for tumor in tumors)
    return PatientRow(
        url=reverse("pathways:patient", args=[patient.id]),
        name=str(patient),
        mrn=patient.mrn,
        born=str(patient.birth_on.year),
        age=str(age_on(patient.birth_on, today)),
        sex=patient.get_sex_display(),
        tag=fictional_tag(patient),
        tumors=lines,
    )


def _tumor_line(
    patient: Patient, tumor: Tumor, dictionary: DataDictionary, under: Under, *, several: bool
) -> TumorLine:
    row = getattr(tumor, "features_row", None)
    in_force: StatusesInForce | None = getattr(tumor, "statuses_in_force", None)
    line = line_of_row(row, dictionary) if row else None
    waiting = ""
    if in_force is None:
        waiting = "statuses not computed yet"
    elif under.version_id is not None and in_force.ruleset_version_id != under.version_id:
        waiting = "statuses of an earlier ruleset version"
    elif in_force.overlay != under.overlay:
        # Numbers from before a stop would still count what is stopped by now.
        waiting, in_force = "an emergency stop began or ended; statuses are being brought up to date", None
    return TumorLine(
        url=reverse("pathways:tumor", args=[patient.id, tumor.number]),
        title=str(tumor) if several else "",
        line=line.known_text if line else "nothing recorded yet",
        gaps=line.gaps_text if line else "",
        tallies=_tallies(in_force) if in_force else (),
        waiting=waiting,
    )


def _tallies(in_force: StatusesInForce) -> tuple[Tally, ...]:
    numbers = [(status, getattr(in_force, name)) for status, name in COUNTED]
    if in_force.suspended:
        numbers.append(("suspended", in_force.suspended))
    return tuple(Tally(status, STATUS_WORDS[status], number) for status, number in numbers)


def site_choices(dictionary: DataDictionary, chosen: str) -> tuple[Choice, ...]:
    """The primary sites to filter by."""
    feature = dictionary.features["primary_site"]
    return tuple(Choice(code, feature.label(code), code == chosen) for code in feature.values)


def option_choices(ruleset: Ruleset, chosen: str) -> tuple[ChoiceGroup, ...]:
    """The options to filter by, under the catalogue's headings."""
    groups: dict[str, list[Choice]] = {}
    for option in ruleset.options:
        groups.setdefault(option.group, []).append(Choice(option.code, option.title, option.code == chosen))
    return tuple(ChoiceGroup(GROUP_TITLES[group], tuple(choices)) for group, choices in groups.items())


def status_choices(chosen: str) -> tuple[Choice, ...]:
    """The statuses to filter by; `listed` is any of the first three."""
    listed = Choice("listed", "candidate, conditional or possible", chosen == "listed")
    others = (Choice(code, word.lower(), code == chosen) for code, word in STATUS_WORDS.items())
    return (listed, *others)

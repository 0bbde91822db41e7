"""Reads of the record: who is visible to whom, and the rows that pages show, in a constant number of queries.

``visible_patients`` is the only door to patients: every list, search, page, job and API goes through it, and an empty
scope is nothing at all. Called by policies, views, presenters and ``pathways``.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from netcare.access import Actor, Capability, Scope, Team
from patients.facts import standing
from patients.models import (
    Finding,
    FindingCorrection,
    Marker,
    Patient,
    PatientChange,
    PatientNote,
    PatientTeam,
    Referral,
    Settlement,
    Treatment,
    TreatmentCorrection,
    Tumor,
)
from patients.reach import conditions


def visible_patients(actor: Actor, capability: Capability) -> QuerySet[Patient]:
    """The patients whom this capability of this actor reaches, unordered. No scope, no institution: nobody.

    Besides the actor's own those that a way of ``patients.reach`` opens for the time being.
    """
    others = conditions(actor, capability)
    if not others:
        return own_patients(actor, capability)
    reach = Q(pk__in=own_patients(actor, capability).values("pk"))
    for condition in others.values():
        reach |= condition
    return Patient.objects.filter(reach, institution_id=actor.institution_id)


def own_patients(actor: Actor, capability: Capability) -> QuerySet[Patient]:
    """The patients whom the actor's roles and care teams reach, without any other way."""
    scopes = actor.scopes(capability)
    if actor.institution_id is None or not scopes:
        return Patient.objects.none()
    own = Patient.objects.filter(institution_id=actor.institution_id)
    if Scope.INSTITUTION in scopes:
        return own
    reach = Q(pk__in=[])
    if Scope.TEAM in scopes and actor.team_ids:
        reach |= Exists(
            PatientTeam.objects.filter(patient=OuterRef("pk"), team_id__in=actor.team_ids, ended_at__isnull=True)
        )
    if Scope.REFERRED in scopes:
        reach |= Exists(
            Referral.objects.filter(
                patient=OuterRef("pk"), institution_id=actor.institution_id, withdrawn_at__isnull=True
            )
        )
    if Scope.SYNTHETIC in scopes:
        reach |= Q(fictional=True)
    return own.filter(reach)


def reached_through(actor: Actor, capability: Capability, patient_id: UUID) -> str:
    """The name of the way by which a patient outside the actor's own is reached ("board"), or nothing."""
    for name, condition in conditions(actor, capability).items():
        if Patient.objects.filter(condition, institution_id=actor.institution_id, pk=patient_id).exists():
            return name
    return ""


def search_key(text: str) -> str:
    """Lower case without accents, so that a search for "muller" finds Müller on every database."""
    decomposed = unicodedata.normalize("NFKD", text.replace("\x00", " ").casefold())
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


# Family name, given name, birth date: what makes two patients the same person to ask about.
Person = tuple[str, str, date]


def person_key(family_name: str, given_name: str, birth_on: date) -> Person:
    """Name and birth date in the form in which two people are asked about: without capitals and accents."""
    return search_key(family_name), search_key(given_name), birth_on


def namesakes(patients: QuerySet[Patient], person: Person) -> list[Patient]:
    """Those of these patients who have this name and birth date."""
    born = patients.filter(birth_on=person[2]).order_by("mrn", "id")
    return [one for one in born if person_key(one.family_name, one.given_name, one.birth_on) == person]


def matching(patients: QuerySet[Patient], text: str) -> QuerySet[Patient]:
    """Those whose name or MRN contains every word of the text, also as the pages write it: "SAMPLE, Bryony"."""
    for word in search_key(text.replace(",", " ")).split():
        patients = patients.filter(search_text__contains=word)
    return patients


def tumors_of(patient: Patient) -> list[Tumor]:
    """In their order, the patient already attached."""
    tumors = list(Tumor.objects.filter(patient=patient).order_by("number"))
    for tumor in tumors:
        tumor.patient = patient
    return tumors


def tumor_of(patient: Patient, number: int) -> Tumor | None:
    return next((tumor for tumor in tumors_of(patient) if tumor.number == number), None)


def findings_of_feature(patient: Patient, tumor: Tumor | None, feature: str) -> list[Finding]:
    """Every reading ever entered, corrected ones and those in error included, latest observed first."""
    return list(
        Finding.objects.filter(patient=patient, tumor=tumor, feature=feature)
        .select_related("entered_by", "tumor", "correction", "correction__by", "correction__replaced_by")
        .order_by("-observed_on", "-sequence", "-entered_at", "-id")
    )


def findings_of_batch(patient: Patient, batch: UUID) -> list[Finding]:
    """What was entered together, in the order of the form."""
    return list(
        Finding.objects.filter(patient=patient, batch=batch)
        .select_related("tumor", "entered_by")
        .order_by("sequence", "id")
    )


def finding_of(patient: Patient, finding_id: UUID) -> Finding | None:
    return (
        Finding.objects.filter(patient=patient, id=finding_id)
        .select_related("tumor", "entered_by", "correction")
        .order_by("id")
        .first()
    )


def report_of(finding: Finding) -> list[Finding]:
    """The live readings of the same report on the same specimen that other readings of it contradict, this one first.

    They stand or fall together: grade and Ki-67 of one laboratory are never mixed with those of another.
    """
    if not finding.specimen_or_study.strip():
        return [finding]
    live = Finding.objects.filter(patient_id=finding.patient_id, tumor=finding.tumor, correction__isnull=True)
    of_specimen = [row for row in live.order_by("sequence", "id") if _same(row, finding, "specimen_or_study")]
    disputed = {
        row.feature
        for row in of_specimen
        if any(other.feature == row.feature and other.value != row.value for other in of_specimen)
    }
    along = [
        row
        for row in of_specimen
        if row.feature in disputed - {finding.feature}
        and row.observed_on == finding.observed_on
        and row.source == finding.source
        and _same(row, finding, "source_text")
        and _same(row, finding, "laboratory")
    ]
    return [finding, *along]


def _same(one: Finding, other: Finding, column: str) -> bool:
    return str(getattr(one, column)).strip().casefold() == str(getattr(other, column)).strip().casefold()


def settlements_of_feature(patient: Patient, tumor: Tumor | None, feature: str) -> list[Settlement]:
    return list(
        Settlement.objects.filter(finding__patient=patient, finding__tumor=tumor, finding__feature=feature)
        .select_related("finding", "settled_by")
        .order_by("-settled_at", "-id")
    )


def treatments_of(patient: Patient, *, known_at: datetime | None = None) -> list[Treatment]:
    """The treatments on record, latest start first; those of unknown start last."""
    rows = Treatment.objects.filter(standing(known_at), patient=patient).select_related("entered_by")
    return sorted(
        rows.order_by("sequence", "entered_at", "id"),
        key=lambda row: (row.started_on or date.min, row.entered_at),
        reverse=True,
    )


def treatment_of(patient: Patient, treatment_id: UUID) -> Treatment | None:
    rows = Treatment.objects.filter(patient=patient, id=treatment_id).select_related("entered_by", "correction")
    return rows.order_by("id").first()


def treatment_chains(patient: Patient) -> dict[UUID, list[Treatment]]:
    """Every version of every treatment, oldest first, by chain: what was corrected stays readable."""
    chains: dict[UUID, list[Treatment]] = defaultdict(list)
    rows = Treatment.objects.filter(patient=patient).select_related("entered_by", "correction", "correction__by")
    for row in rows.order_by("sequence", "entered_at", "id"):
        chains[row.chain].append(row)
    return dict(chains)


def markers_of(patient: Patient, *, known_at: datetime | None = None) -> list[Marker]:
    """The measurements on record, by marker and then by date, latest first."""
    rows = Marker.objects.filter(standing(known_at), patient=patient).select_related("entered_by")
    return list(rows.order_by("marker", "name_text", "-observed_on", "-sequence", "-entered_at", "id"))


def marker_of(patient: Patient, marker_id: UUID) -> Marker | None:
    rows = Marker.objects.filter(patient=patient, id=marker_id).select_related("entered_by", "correction")
    return rows.order_by("id").first()


def marker_chains(patient: Patient) -> dict[UUID, list[Marker]]:
    chains: dict[UUID, list[Marker]] = defaultdict(list)
    rows = Marker.objects.filter(patient=patient).select_related("entered_by", "correction", "correction__by")
    for row in rows.order_by("sequence", "entered_at", "id"):
        chains[row.chain].append(row)
    return dict(chains)


def notes_of(patient: Patient, *, known_at: datetime | None = None) -> list[PatientNote]:
    """The notes on record, latest day first. No rule reads them."""
    rows = PatientNote.objects.filter(standing(known_at), patient=patient).select_related("entered_by")
    return list(rows.order_by("-observed_on", "-entered_at", "sequence", "id"))


def note_of(patient: Patient, note_id: UUID) -> PatientNote | None:
    rows = PatientNote.objects.filter(patient=patient, id=note_id).select_related("entered_by", "correction")
    return rows.order_by("id").first()


def changes_of(patient: Patient) -> list[PatientChange]:
    rows = PatientChange.objects.filter(patient=patient).select_related("changed_by")
    return list(rows.order_by("-changed_at", "-id"))


def open_referral(patient: Patient) -> Referral | None:
    rows = Referral.objects.filter(patient=patient, withdrawn_at__isnull=True).select_related("referred_by")
    return rows.order_by("-referred_at", "id").first()


def teams_for_registration(actor: Actor) -> Sequence[Team]:
    """The teams to which this actor may give a new patient: a clinician's own, a coordinator's whole institution."""
    scopes = actor.scopes(Capability.PATIENT_REGISTER)
    teams = Team.objects.filter(institution_id=actor.institution_id).order_by("name", "id")
    if scopes & {Scope.REFERRED, Scope.INSTITUTION}:
        return list(teams)
    return list(teams.filter(id__in=actor.team_ids)) if Scope.TEAM in scopes else []


def teams_of(patient: Patient) -> list[Team]:
    links = PatientTeam.objects.filter(patient=patient, ended_at__isnull=True).select_related("team")
    return [link.team for link in links.order_by("team__name", "id")]


def recorded_since(moment: datetime) -> bool:
    """Whether anything that assessments read was recorded, corrected or settled after a moment, of anybody."""
    asked = (
        (Finding, "entered_at"), (FindingCorrection, "at"), (Settlement, "settled_at"), (Treatment, "entered_at"),
        (TreatmentCorrection, "at"), (Patient, "registered_at"), (PatientChange, "changed_at"), (Tumor, "added_at"),
    )  # fmt: skip
    return any(model.objects.filter(**{f"{name}__gt": moment}).exists() for model, name in asked)

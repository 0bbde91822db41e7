"""Registering patients, correcting who they are, adding tumors, asking the board."""

import unicodedata
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Min

from netcare import audit
from netcare.access import Actor, Capability, Institution, Scope, Team, require, today_for
from patients.actions.shared import Fault, Refused, Writer, changed, first_result, gathered, one_line, person, writer
from patients.entry.dates import PartialDate, show_day
from patients.facts import age_on
from patients.models import Finding, Marker, Patient, PatientChange, PatientTeam, Referral, Sex, Treatment, Tumor
from patients.selectors import (
    namesakes,
    open_referral,
    person_key,
    search_key,
    teams_for_registration,
    visible_patients,
)

OLDEST = 120
MOST_TUMORS = 20
IDENTITY = ("mrn", "family_name", "given_name", "birth_on", "sex")


@transaction.atomic
def register_patient(
    *,
    actor: Actor,
    mrn: str,
    family_name: str,
    given_name: str,
    birth_on: date,
    sex: str,
    teams: Sequence[Team],
    fictional: bool = False,
    invented: bool = False,
    another_person: bool = False,
    submission: UUID | None = None,
    now: datetime | None = None,
    refresh_statuses: bool = True,
) -> Patient:
    """A new patient of the actor's institution with a first tumor, in the care of ``teams``.

    Where somebody of the same name and birth date is on record under another MRN, and the actor may see them, it is refused
    until ``another_person`` says that this is somebody else. Of patients whom the actor may not see nothing is said.

    A coordinator, who sees referred patients alone, refers the new patient to the board in the same step.
    """
    require(actor, Capability.PATIENT_REGISTER)
    institution, user = _institution(actor), person(actor, Capability.PATIENT_REGISTER)
    by = Writer(actor, user, now or datetime.now(UTC), today_for(institution, at=now))
    new_id = uuid.uuid4()
    if earlier := first_result(submission, action="register", user=user, now=by.now, result=str(new_id)):
        return Patient.objects.select_related("institution").get(id=earlier)
    mrn, family_name, given_name = plain_mrn(mrn), *(" ".join(text.split()) for text in (family_name, given_name))
    gathered(
        *_identity_checks(mrn, family_name, given_name, birth_on, sex, by.today),
        lambda: _spelling_faults(institution, mrn, None),
        lambda: _team_faults(actor, teams),
    )
    same = _namesakes(actor, mrn, family_name, given_name, birth_on)
    if same and not another_person:
        raise Refused([Fault("another_person", same_person_question(same))])
    patient = Patient(
        id=new_id,
        institution=institution,
        mrn=mrn,
        family_name=family_name,
        given_name=given_name,
        birth_on=birth_on,
        sex=sex,
        fictional=fictional or invented,
        invented=invented,
        search_text=search_key(f"{family_name} {given_name} {mrn}"),
        registered_by=user,
        registered_at=by.now,
    )
    _save_with_unique_mrn(patient)
    _take_into_care(by, patient, teams)
    refresh = refresh_statuses and not invented
    told_apart = {"another_than": [str(one.pk) for one in same]} if same else {}
    changed(by, patient, "patient.register", refresh=refresh, teams=[str(team.pk) for team in teams], **told_apart)
    return patient


def _namesakes(actor: Actor, mrn: str, family_name: str, given_name: str, birth_on: date) -> list[Patient]:
    """Who of those whom the actor may see has this name and birth date, under another MRN."""
    visible = visible_patients(actor, Capability.PATIENT_READ)
    found = namesakes(visible, person_key(family_name, given_name, birth_on))
    return [one for one in found if one.mrn.casefold() != mrn.casefold()]


def same_person_question(same: Sequence[Patient]) -> str:
    """The question that is answered before somebody of the same name and birth date is registered once more."""
    listed = " and ".join(f"MRN {one.mrn}" for one in same)
    return (
        f"There is already {same[0]}, born on {show_day(same[0].birth_on)}, {listed}. Is this the same person? "
        "If so, go on with that record. If it is another person, say so here."
    )


@transaction.atomic
def correct_patient(
    *,
    actor: Actor,
    patient: Patient,
    mrn: str,
    family_name: str,
    given_name: str,
    birth_on: date,
    sex: str,
    reason: str,
    version: int,
    now: datetime | None = None,
) -> Patient:
    """Correct the identity; what it said before is kept. ``version`` is the one that the form showed."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    after: dict[str, Any] = {
        "mrn": plain_mrn(mrn),
        "family_name": " ".join(family_name.split()),
        "given_name": " ".join(given_name.split()),
        "birth_on": birth_on,
        "sex": sex,
    }
    gathered(
        *_identity_checks(after["mrn"], after["family_name"], after["given_name"], birth_on, sex, by.today),
        lambda: _birth_faults(patient, birth_on),
        lambda: _spelling_faults(patient.institution, after["mrn"], patient),
        lambda: one_line("reason", "The reason", reason, longest=300, needed=True) and None,
    )
    current = Patient.objects.select_for_update().select_related("institution").get(id=patient.id)
    different = [name for name in IDENTITY if getattr(current, name) != after[name]]
    if current.version != version:
        raise Refused([Fault("", "Somebody else corrected this patient meanwhile. Look at what it says now.")])
    if not different:
        raise Refused([Fault("", "Nothing was changed: every field says what it said before.")])
    _write_identity(current, after, version)
    _keep_what_it_said(by, current, after, different, reason)
    corrected = Patient.objects.select_related("institution").get(id=patient.id)
    changed(by, corrected, "patient.correct", fields=different)
    return corrected


@transaction.atomic
def add_tumor(
    *,
    actor: Actor,
    patient: Patient,
    label: str = "",
    submission: UUID | None = None,
    now: datetime | None = None,
    refresh_statuses: bool = True,
) -> Tumor:
    """One more primary tumor, numbered after those on record. Each tumor has an assessment of its own."""
    by = writer(actor, patient, Capability.PATIENT_WRITE, now)
    new_id = uuid.uuid4()
    if earlier := first_result(submission, action="add tumor", user=by.user, now=by.now, result=str(new_id)):
        return Tumor.objects.get(id=earlier)
    label = one_line("label", "The name", label, longest=80)
    Patient.objects.select_for_update().get(id=patient.id)
    number = Tumor.objects.filter(patient=patient).count() + 1
    if number > MOST_TUMORS:
        raise Refused([Fault("", f"{MOST_TUMORS} tumors are on record for this patient; no more can be added.")])
    tumor = Tumor.objects.create(
        id=new_id, patient=patient, number=number, label=label, added_by=by.user, added_at=by.now
    )
    changed(by, patient, "tumor.add", subject=f"tumor {number}", refresh=refresh_statuses)
    return tumor


@transaction.atomic
def refer_to_board(*, actor: Actor, patient: Patient, question: str = "", now: datetime | None = None) -> Referral:
    """Bring the patient before the board; its coordinators see the patient from now on. Open already: that one
    stands.
    """
    by = writer(actor, patient, Capability.PATIENT_REFER, now)
    question = one_line("question", "The question", question, longest=500)
    if (open_already := open_referral(patient)) is not None:
        return open_already
    referral = _refer(by, patient, question)
    audit.record(
        actor=actor,
        action="patient.refer",
        patient_id=patient.id,
        institution_id=patient.institution_id,
        at=by.now,
    )
    return referral


def _take_into_care(by: Writer, patient: Patient, teams: Sequence[Team]) -> None:
    """Its teams, a first tumor, and for whoever sees referred patients alone the referral."""
    for team in teams:
        PatientTeam.objects.create(patient=patient, team=team, assigned_by=by.user, assigned_at=by.now)
    Tumor.objects.create(patient=patient, number=1, added_by=by.user, added_at=by.now)
    if not by.actor.scopes(Capability.PATIENT_REGISTER) & {Scope.TEAM, Scope.INSTITUTION}:
        _refer(by, patient, "")


def _keep_what_it_said(by: Writer, current: Patient, after: dict[str, Any], different: list[str], reason: str) -> None:
    for name in different:
        PatientChange.objects.create(
            patient_id=current.id,
            field=name,
            before=str(getattr(current, name)),
            after=str(after[name]),
            reason=" ".join(reason.split()),
            changed_by=by.user,
            changed_at=by.now,
        )


def _refer(by: Writer, patient: Patient, question: str) -> Referral:
    return Referral.objects.create(
        patient=patient,
        institution=patient.institution,
        question=question,
        referred_by=by.user,
        referred_at=by.now,
    )


def _institution(actor: Actor) -> Institution:
    if actor.institution is None:
        raise Refused([Fault("", "An account without an institution cannot register patients.")])
    return actor.institution


def _identity_checks(mrn: str, family_name: str, given_name: str, birth_on: date, sex: str, today: date) -> list:
    return [
        lambda: one_line("mrn", "The MRN", mrn, longest=40, needed=True) and None,
        lambda: one_line("family_name", "The family name", family_name, longest=100, needed=True) and None,
        lambda: one_line("given_name", "The given name", given_name, longest=100) and None,
        lambda: _birth_date_faults(birth_on, today),
        lambda: [] if sex in Sex.values else [Fault("sex", f"Sex: “{sex}” is not accepted. Choose one of the list.")],
    ]


def plain_mrn(text: str) -> str:
    """An MRN in its one spelling: no stray spaces, no look-alikes of signs, every kind of hyphen as one."""
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in plain).split())


def _spelling_faults(institution: Institution, mrn: str, besides: Patient | None) -> list[Fault]:
    """An MRN that differs from another patient's in capital letters alone is nobody's to tell apart."""
    alike = Patient.objects.filter(institution=institution, mrn__iexact=mrn).exclude(mrn=mrn).order_by("mrn", "id")
    other = alike.exclude(pk=besides.pk).first() if besides else alike.first()
    if other is None:
        return []
    return [
        Fault("mrn", f"The MRN {mrn} differs from another patient's in capital letters alone. Check which is meant.")
    ]


def _birth_date_faults(birth_on: date, today: date) -> list[Fault]:
    if birth_on > today:
        return [Fault("birth_on", f"The birth date {show_day(birth_on)} is in the future. Today is {show_day(today)}.")]
    if age_on(birth_on, today) > OLDEST:
        return [Fault("birth_on", f"The birth date {show_day(birth_on)} is more than {OLDEST} years ago.")]
    return []


def _birth_faults(patient: Patient, birth_on: date) -> list[Fault]:
    """A birth date after something that the record says has happened."""
    observed = Finding.objects.filter(patient=patient, correction__isnull=True).aggregate(first=Min("observed_on"))
    measured = Marker.objects.filter(patient=patient, correction__isnull=True).aggregate(first=Min("observed_on"))
    faults = []
    for first, what in (
        (_first_treated(patient), "the first treatment"),
        (observed["first"], "the first finding"),
        (measured["first"], "the first measurement"),
    ):
        if first is not None and birth_on > first:
            sentence = f"The birth date {show_day(birth_on)} is after {what} on record ({show_day(first)})."
            faults.append(Fault("birth_on", sentence))
    return faults


def _first_treated(patient: Patient) -> date | None:
    """The day by which a treatment had begun or ended for certain; of a month or a year that is its last day."""
    rows = Treatment.objects.filter(patient=patient, correction__isnull=True).order_by("id")
    days = [
        PartialDate(when, precision).last
        for row in rows
        for when, precision in ((row.started_on, row.started_precision), (row.stopped_on, row.stopped_precision))
        if when is not None
    ]
    return min(days, default=None)


def _team_faults(actor: Actor, teams: Sequence[Team]) -> list[Fault]:
    allowed = {team.pk for team in teams_for_registration(actor)}
    if not teams:
        return [Fault("teams", "Choose at least one care team: a patient without one is seen by nobody.")]
    if any(team.pk not in allowed for team in teams):
        return [Fault("teams", "A chosen care team is not one to which you may assign patients.")]
    return []


def _save_with_unique_mrn(patient: Patient) -> None:
    try:
        with transaction.atomic():
            patient.save(force_insert=True)
    except IntegrityError:
        raise _mrn_taken(patient.mrn) from None


def _write_identity(current: Patient, after: dict[str, object], version: int) -> None:
    """Compare and swap on the version: the row is written only as the form saw it."""
    key = search_key(f"{after['family_name']} {after['given_name']} {after['mrn']}")
    try:
        with transaction.atomic():
            written = Patient.objects.filter(id=current.id, version=version).update(
                **after, search_text=key, version=F("version") + 1
            )
    except IntegrityError:
        raise _mrn_taken(str(after["mrn"])) from None
    if not written:
        raise Refused([Fault("", "Somebody else corrected this patient meanwhile. Look at what it says now.")])


def _mrn_taken(mrn: str) -> Refused:
    return Refused([Fault("mrn", f"The MRN {mrn} belongs to another patient of this institution.")])

"""Entering invented patients, many at a time, through the same actions as everybody's.

A batch of patients is one transaction; each patient keeps its own rows of audit. Whoever is there already is left
alone, so that a second run with the same number adds nobody. Called by the command `invent_patients`.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from netcare.access import Actor, Team, today_for
from netcare.demo.invention import InventedPatient, InventedReading, InventedTreatment, invent
from netcare.demo.records import birth_date, mrns_ever_used, source_of
from netcare.jobs.actions import enqueue, enqueue_daily
from pathways.knowledge import dictionary
from patients.actions import (
    NewFinding,
    NewMarker,
    NewNote,
    NewTreatment,
    add_tumor,
    confirm_treatment_history,
    record_findings,
    record_markers,
    record_notes,
    record_treatment,
    refer_to_board,
    register_patient,
)
from patients.entry.dates import PartialDate
from patients.entry.reading import RawEntry, understand
from patients.models import Course, Patient, Tumor
from patients.selectors import tumors_of

TOGETHER = 50


def enter_invented(
    *, count: int, seed: int, actor: Actor, teams: Sequence[Team], now: datetime
) -> Iterator[tuple[int, int]]:
    """Have the invented patients 1 to `count`; yields how many are entered, of how many that were missing.

    The statuses of all of them are refreshed by one job of the institution, asked for with the last batch.
    """
    known = mrns_ever_used(actor)
    missing = [
        one for one in (invent(seed=seed, number=number) for number in range(1, count + 1)) if one.mrn not in known
    ]
    for start in range(0, len(missing), TOGETHER):
        batch = missing[start : start + TOGETHER]
        done = start + len(batch)
        with transaction.atomic():
            for one in batch:
                enter(one, actor=actor, team=teams[one.team % len(teams)], now=now)
            if done == len(missing):
                _refresh_all(actor, on=today_for(actor.home, at=now))
        yield done, len(missing)


def _refresh_all(actor: Actor, *, on: date) -> None:
    """One refresh of everybody. Where the daily one of this day is still to come, it is that one and no second."""
    enqueue_daily(institution=actor.home, on=on)
    enqueue(kind="refresh_statuses", payload={"all": True}, requested_by=actor.user, institution=actor.institution)


@transaction.atomic
def enter(one: InventedPatient, *, actor: Actor, team: Team, now: datetime) -> Patient:
    """One invented patient with everything about it, marked as invented."""
    today = today_for(actor.home, at=now)
    patient = register_patient(
        another_person=True,
        actor=actor,
        mrn=one.mrn,
        family_name=one.family_name,
        given_name=one.given_name,
        birth_on=birth_date(today, one.age_years, one.days_since_birthday),
        sex=one.sex,
        teams=[team],
        invented=True,
        now=now,
    )
    for _ in range(1, one.tumors):
        add_tumor(actor=actor, patient=patient, refresh_statuses=False, now=now)
    tumors = {tumor.number: tumor for tumor in tumors_of(patient)}
    findings = [_finding(reading, tumors, today) for reading in one.readings]
    if findings:
        record_findings(actor=actor, patient=patient, findings=findings, now=now, refresh_statuses=False)
    for treatment in one.treatments:
        new = _treatment(treatment, today)
        record_treatment(actor=actor, patient=patient, treatment=new, now=now, refresh_statuses=False)
    if one.history_is_confirmed:
        confirm_treatment_history(
            actor=actor,
            patient=patient,
            confirmed_on=today,
            none_so_far=not one.treatments,
            now=now,
            refresh_statuses=False,
        )
    _beside_the_record(one, patient, actor, today, now)
    return patient


def _beside_the_record(one: InventedPatient, patient: Patient, actor: Actor, today: date, now: datetime) -> None:
    """Markers, a remark, and the way to the board: what no status depends on."""
    if one.markers:
        markers = [
            NewMarker(
                marker=marker.marker,
                value=marker.value,
                unit=marker.unit,
                observed_on=today + timedelta(days=marker.day),
                reference_high=marker.upper_limit,
            )
            for marker in one.markers
        ]
        record_markers(actor=actor, patient=patient, markers=markers, now=now)
    if one.remark:
        record_notes(actor=actor, patient=patient, notes=[NewNote(text=one.remark, observed_on=today)], now=now)
    if one.is_referred:
        refer_to_board(actor=actor, patient=patient, question="What comes next?", now=now)


def _finding(reading: InventedReading, tumors: dict[int, Tumor], today: date) -> NewFinding:
    value, as_written = reading.value, ""
    if reading.text:
        understood = understand(dictionary().features[reading.feature], RawEntry(text=reading.text))
        assert understood is not None  # it is not blank
        value, as_written = understood.value, understood.as_written
    day = today + timedelta(days=reading.day)
    return NewFinding(
        feature=reading.feature,
        observed_on=day,
        source=source_of(reading.source),
        value=value if reading.known else None,
        known=reading.known,
        tumor=tumors.get(reading.tumor),
        as_written=as_written if reading.known else "",
        source_text=reading.source,
        specimen_or_study=reading.specimen,
    )


def _treatment(treatment: InventedTreatment, today: date) -> NewTreatment:
    stopped = None if treatment.stop_day is None else _when(treatment.stop_day, treatment.precision, today)
    return NewTreatment(
        option=treatment.option,
        course=Course.STILL_GIVEN if stopped is None else Course.STOPPED,
        started=_when(treatment.start_day, treatment.precision, today),
        stopped=stopped,
        intent=treatment.intent,
        outcomes=treatment.outcomes,
    )


def _when(day: int, precision: str, today: date) -> PartialDate:
    """The day, or the month or year it falls in. Of this year the record knows the month at least."""
    exact = today + timedelta(days=day)
    match precision:
        case "year" if exact.year < today.year:
            return PartialDate(exact.replace(month=1, day=1), "year")
        case "month" | "year" if (exact.year, exact.month) < (today.year, today.month):
            return PartialDate(exact.replace(day=1), "month")
        case _:
            return PartialDate(exact, "day")

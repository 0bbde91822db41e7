"""The fourteen demo patients have the statuses and cautions that were worked out for them by hand."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.engine import Assessment, assess
from pathways.knowledge.demo import DemoPatient, demo_patients
from tests.generative import starter
from tests.generative.comparing import differences

PATIENTS = [pytest.param(patient, id=patient.mrn) for patient in demo_patients()]
WITH_STALE = [pytest.param(patient, id=patient.mrn) for patient in demo_patients() if patient.stale]


def features_of(patient: DemoPatient, *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    dictionary = starter.ruleset().dictionary
    return {name: dictionary.check(name, value) for name, value in patient.features.items() if name not in without}


def assessed(patient: DemoPatient, *, without: tuple[str, ...] = ()) -> Assessment:
    return assess(starter.ruleset(), features_of(patient, without=without))


def statuses_of(assessment: Assessment) -> dict[str, str]:
    return {option.code: option.status.value for option in assessment.options}


def test_there_are_fourteen() -> None:
    assert [patient.mrn for patient in demo_patients()] == [f"DEMO-{number:03}" for number in range(1, 15)]


@pytest.mark.parametrize("patient", PATIENTS)
def test_every_option_has_the_status_expected(patient: DemoPatient) -> None:
    assert statuses_of(assessed(patient)) == patient.expected_statuses


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_true_cautions_of_listed_options_are_those_expected(patient: DemoPatient) -> None:
    options = [option for option in assessed(patient).options if option.status.value in ("candidate", "conditional")]
    assert sorted(code for option in options for code in option.cautions) == sorted(patient.true_cautions)


@pytest.mark.parametrize("patient", PATIENTS)
def test_no_demo_patient_contradicts_itself(patient: DemoPatient) -> None:
    assert [entry.sentence for entry in assessed(patient).contradictions] == []


@pytest.mark.parametrize("patient", WITH_STALE)
def test_without_the_stale_readings_the_statuses_are_those_expected(patient: DemoPatient) -> None:
    found = statuses_of(assessed(patient, without=tuple(patient.stale or ())))
    changed = patient.expected_if_stale_is_unknown or {}
    assert {code: found[code] for code in changed} == changed
    assert {code: status for code, status in found.items() if patient.expected_statuses[code] != status} == changed


def test_two_demo_patients_have_stale_readings() -> None:
    assert [patient.mrn for patient in demo_patients() if patient.stale] == ["DEMO-013", "DEMO-014"]


@pytest.mark.parametrize("patient", PATIENTS)
def test_the_second_interpreter_says_the_same(patient: DemoPatient) -> None:
    assert differences(starter.ruleset(), starter.book(), features_of(patient)) == []

"""Two people, or one person's two clicks, at the same moment: one change is made, and nothing is lost or doubled."""

from functools import partial
from typing import Any
from uuid import uuid4

import pytest

from patients.actions import NewFinding, Refused, correct_finding, record_findings, register_patient
from patients.models import Finding, FindingCorrection, Patient
from patients.selectors import tumors_of
from tests.at_once import all_at_once
from tests.cast import acting, gather
from tests.integration.patients.conftest import BORN, NOW, TODAY

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 4


def registered(mrn: str = "N-1", **more: Any) -> Patient:
    cast = more.pop("cast")
    return register_patient(
        actor=acting(cast.clara),
        mrn=mrn,
        family_name="Pretend",
        given_name="Willow",
        birth_on=BORN,
        sex="female",
        teams=[cast.abdomen],
        now=NOW,
        **more,
    )


def test_one_form_sent_several_times_at_once_is_recorded_once() -> None:
    cast = gather()
    patient, actor, key = registered(cast=cast), acting(cast.clara), uuid4()
    new = NewFinding(feature="ecog", value=1, observed_on=TODAY, source="clinic")
    results = all_at_once(
        [partial(record_findings, actor=actor, patient=patient, findings=[new], submission=key, now=NOW)] * AT_ONCE
    )
    assert {row.id for rows in results for row in rows} == {Finding.objects.get().id}


def test_one_registration_sent_several_times_at_once_is_one_patient() -> None:
    cast, key = gather(), uuid4()
    results = all_at_once([lambda: registered(cast=cast, submission=key)] * AT_ONCE)
    assert {patient.id for patient in results} == {Patient.objects.get().id}


def test_one_mrn_is_given_once_however_many_ask_for_it() -> None:
    cast = gather()
    results = all_at_once([lambda: registered(cast=cast)] * AT_ONCE)
    assert Patient.objects.count() == 1
    refused = [result for result in results if isinstance(result, Refused)]
    assert [str(one) for one in refused] == ["The MRN N-1 belongs to another patient of this institution."] * 3


def test_one_reading_is_corrected_by_one_of_those_who_try() -> None:
    cast = gather()
    patient, actor = registered(cast=cast), acting(cast.clara)
    new = NewFinding(feature="grade", value="G2", observed_on=TODAY, source="pathology", tumor=tumors_of(patient)[0])
    wrong = record_findings(actor=actor, patient=patient, findings=[new], now=NOW)[0]
    results = all_at_once(
        [partial(correct_finding, actor=actor, patient=patient, finding=wrong, replacement=new, now=NOW)] * AT_ONCE
    )
    assert sum(isinstance(result, Finding) for result in results) == 1
    assert FindingCorrection.objects.get().finding == wrong
    assert Finding.objects.count() == 2

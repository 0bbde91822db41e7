"""`manage.py invent_patients`: as many as asked for, once, marked, and entered through the same actions as everybody's."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from netcare.audit.models import AuditEvent
from netcare.demo.invention import invent
from netcare.jobs.models import Job, JobState
from patients.models import Finding, Marker, Patient, Referral, Treatment, Tumor, TumorFeatures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_demo")]


def have(count: int, *, seed: int = 1) -> str:
    out = io.StringIO()
    call_command("invent_patients", count=count, seed=seed, stdout=out)
    return out.getvalue()


def test_as_many_as_asked_for_are_there_marked_as_invented_and_fictional() -> None:
    said = have(60)
    assert "  60 of 60 invented patients" in said
    invented = Patient.objects.filter(invented=True)
    assert invented.count() == 60
    assert set(invented.values_list("fictional", flat=True)) == {True}
    assert list(invented.order_by("mrn").values_list("mrn", flat=True))[::59] == ["INV-00001", "INV-00060"]


def test_the_same_number_again_adds_nobody_and_a_larger_one_the_rest() -> None:
    have(10)
    first = set(Patient.objects.values_list("id", flat=True))
    assert have(10) == "Invented patients: 10 are there already; nothing was changed.\n"
    assert set(Patient.objects.values_list("id", flat=True)) == first
    assert "  4 of 4 invented patients" in have(14)
    assert first < set(Patient.objects.values_list("id", flat=True))


def test_one_refresh_of_all_is_asked_for_and_none_of_single_patients() -> None:
    Job.objects.all().delete()
    have(40)
    refreshes = Job.objects.filter(kind="refresh_statuses")
    assert [(job.payload, job.state) for job in refreshes] == [({"all": True}, JobState.QUEUED)]


def test_after_the_daily_refresh_another_one_is_asked_for() -> None:
    have(2)
    refreshes = Job.objects.filter(kind="refresh_statuses", payload={"all": True})
    refreshes.update(state=JobState.DONE, finished_at=timezone.now())
    have(4)
    assert refreshes.filter(state=JobState.QUEUED).count() == 1


def test_the_record_holds_what_was_invented_and_the_audit_names_every_patient() -> None:
    have(40)
    for number in range(1, 41):
        wanted = invent(seed=1, number=number)
        patient = Patient.objects.get(mrn=wanted.mrn)
        confirmed = int(wanted.history_is_confirmed)
        assert Finding.objects.filter(patient=patient).count() == len(wanted.readings) + confirmed
        assert Treatment.objects.filter(patient=patient).count() == len(wanted.treatments)
        assert Marker.objects.filter(patient=patient).count() == len(wanted.markers)
        assert Tumor.objects.filter(patient=patient).count() == wanted.tumors
        assert TumorFeatures.objects.filter(tumor__patient=patient).count() == wanted.tumors
        assert Referral.objects.filter(patient=patient).exists() == wanted.is_referred
        actions = set(AuditEvent.objects.filter(patient_id=patient.id).values_list("action", flat=True))
        assert "patient.register" in actions


def test_a_number_that_is_not_accepted_is_refused_with_the_range() -> None:
    with pytest.raises(CommandError, match="The number of invented patients is 0. Accepted is 1 to 99999."):
        have(0)

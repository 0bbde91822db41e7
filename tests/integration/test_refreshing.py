"""The statuses in force: brought up to date when facts change, when a version is published and every day, by a job."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine

from netcare.access import today_for
from netcare.jobs.actions import enqueue, enqueue_daily
from netcare.jobs.models import Job, JobState
from netcare.jobs.runner import run
from pathways.actions.publishing import publish
from pathways.actions.refreshing import refresh_patient
from pathways.assessing import assess_tumor
from pathways.engine import Ruleset
from pathways.models import CurrentStatus, StatusesInForce
from pathways.selectors import ruleset_in_force
from patients.actions import NewFinding, add_tumor, mark_finding_in_error, record_findings, register_patient
from patients.models import Finding, Patient, Tumor
from tests.cast import SYSTEM, Cast, acting, gather
from tests.faults import break_comparisons

pytestmark = pytest.mark.usefixtures("published")
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


@pytest.fixture
def tumor(cast: Cast) -> Tumor:
    """A patient with one tumor about which nothing is known yet."""
    patient = register_patient(
        actor=acting(cast.clara),
        mrn="N-1",
        family_name="Ash",
        given_name="Rowan",
        birth_on=date(1965, 11, 21),
        sex="male",
        teams=[cast.abdomen],
        now=NOW,
    )
    return Tumor.objects.filter(patient=patient).first() or add_tumor(
        actor=acting(cast.clara), patient=patient, label="", now=NOW
    )


def record(cast: Cast, tumor: Tumor, **values: Any) -> list[Finding]:
    findings = [
        NewFinding(name, date(2026, 11, 1), "pathology", value=value, tumor=tumor) for name, value in values.items()
    ]
    record_findings(actor=acting(cast.clara), patient=tumor.patient, findings=findings, now=NOW)
    return list(Finding.objects.filter(tumor=tumor).order_by("entered_at", "sequence"))


def run_waiting_jobs() -> list[Job]:
    """Run what waits, as the worker would; the jobs that were run."""
    waiting = list(Job.objects.filter(state=JobState.QUEUED).order_by("created_at", "id"))
    for job in waiting:
        assert run(job.id) is JobState.DONE
    return waiting


def status(tumor: Tumor, option: str) -> str:
    return str(CurrentStatus.objects.get(tumor=tumor, option=option).status)


def test_recording_findings_refreshes_the_patient_in_the_background(cast: Cast, tumor: Tumor) -> None:
    run_waiting_jobs()
    assert status(tumor, "lutetium_dotatate") == "possible"
    (finding,) = record(cast, tumor, differentiation="poor")
    assert status(tumor, "lutetium_dotatate") == "possible"
    (job,) = run_waiting_jobs()
    assert job.payload == {"patient": str(tumor.patient_id)}
    assert status(tumor, "lutetium_dotatate") == "not_indicated"
    mark_finding_in_error(
        actor=acting(cast.clara), patient=tumor.patient, finding=finding, reason="another patient's report", now=NOW
    )
    run_waiting_jobs()
    assert status(tumor, "lutetium_dotatate") == "possible"


def test_lists_and_page_agree_on_every_option(cast: Cast, tumor: Tumor) -> None:
    record(cast, tumor, primary_site="pancreas", grade="G2", extent="metastatic", sstr_status="positive")
    run_waiting_jobs()
    page = assess_tumor(tumor, as_of=today_for(cast.northside))
    in_list = dict(CurrentStatus.objects.filter(tumor=tumor).values_list("option", "status"))
    assert in_list == {option.code: option.status.value for option in page.assessment.options}
    row = StatusesInForce.objects.get(tumor=tumor)
    assert row.candidates + row.conditionals + row.possibles + row.excluded + row.not_indicated == 48
    assert (row.complete, row.ruleset_version.version) == (True, 1)


def test_publishing_refreshes_everybody_under_the_new_version(cast: Cast, tumor: Tumor) -> None:
    run_waiting_jobs()
    data = ruleset_in_force().ruleset.to_data()
    data["rules"] = [rule for rule in data["rules"] if rule["option"] != "clinical_trial"]
    assert status(tumor, "clinical_trial") == "candidate"
    version = publish(ruleset=Ruleset.from_data(data), note="Without trials.", actor=SYSTEM, by=None, at=NOW)
    jobs = run_waiting_jobs()
    assert {job.institution for job in jobs} == {cast.northside, cast.southside}
    assert status(tumor, "clinical_trial") == "not_indicated"
    assert StatusesInForce.objects.get(tumor=tumor).ruleset_version == version


def test_a_birthday_moves_a_status_without_anybody_entering_anything(cast: Cast, tumor: Tumor) -> None:
    # 60 until 20 November, 61 from 21 November: the age limit of liver transplantation.
    patient = Patient.objects.select_related("institution").get(id=tumor.patient_id)
    assert assess_tumor(tumor, as_of=date(2026, 11, 20)).facts.features["age_years"] == 60
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        refresh_patient(patient=patient, in_force=ruleset_in_force(), as_of=today_for(cast.northside), at=NOW)
    before = status(tumor, "liver_transplant")
    enqueue_daily(institution=cast.northside, on=date(2026, 11, 22))
    with time_machine.travel(datetime(2026, 11, 22, 12, tzinfo=UTC), tick=False):
        run_waiting_jobs()
    assert (before, status(tumor, "liver_transplant")) == ("possible", "not_indicated")
    assert StatusesInForce.objects.get(tumor=tumor).assessed_on == date(2026, 11, 22)


def test_the_daily_job_is_made_once_for_each_institution_and_day(cast: Cast) -> None:
    first = enqueue_daily(institution=cast.northside, on=date(2026, 11, 22))
    again = enqueue_daily(institution=cast.northside, on=date(2026, 11, 22))
    assert ([job.kind for job in first], again) == (["publish_due_drafts", "refresh_statuses", "tidy_board_files"], [])


def test_a_fault_is_in_the_lists_as_not_assessed(cast: Cast, tumor: Tumor, monkeypatch: pytest.MonkeyPatch) -> None:
    record(cast, tumor, primary_site="pancreas", main_duct_distance_mm=2)
    break_comparisons(monkeypatch, "main_duct_distance_mm")
    run_waiting_jobs()
    assert status(tumor, "enucleation") == "not_assessed"
    assert StatusesInForce.objects.get(tumor=tumor).complete is False


def test_refreshing_again_changes_nothing(cast: Cast, tumor: Tumor) -> None:
    run_waiting_jobs()
    before = list(CurrentStatus.objects.order_by("id").values())
    enqueue(kind="refresh_statuses", payload={"all": True}, institution=cast.northside)
    run_waiting_jobs()
    assert list(CurrentStatus.objects.order_by("id").values()) == before

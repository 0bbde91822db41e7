"""Findings are appended: recorded together or not at all, corrected by new rows, never changed or lost."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from netcare.access import Actor, NotAllowed
from netcare.audit.models import AuditEvent
from netcare.jobs.models import Job
from pathways.engine import NumberRange
from patients.actions import (
    NewFinding,
    Refused,
    correct_finding,
    mark_finding_in_error,
    record_findings,
    register_patient,
    settle_reading,
)
from patients.facts import facts_of
from patients.models import AppendOnlyError, Finding, FindingCorrection, Patient, Settlement, Tumor, TumorFeatures
from patients.selectors import findings_of_feature, tumors_of
from tests.cast import Cast, acting
from tests.integration.patients.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
RANGE = NumberRange(Decimal(2), Decimal(3), text="2–3 %")


def new(feature: str, value: object = None, **more: object) -> NewFinding:
    given: dict[str, object] = {"observed_on": TODAY, "source": "pathology"}
    return NewFinding(feature=feature, value=value, **(given | more))  # type: ignore[arg-type]


def sentences(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [fault.sentence for fault in caught.value.faults]


def test_many_values_are_recorded_together_with_one_audit_row_and_one_job(
    clara: Actor, willow: Patient, tumor: Tumor
) -> None:
    Job.objects.all().delete()
    rows = record_findings(
        actor=clara,
        patient=willow,
        findings=[new("ecog", 1), new("grade", "G2", tumor=tumor), new("ki67_percent", RANGE, tumor=tumor)],
        now=NOW,
    )
    assert [row.as_written for row in rows] == ["1", "G2", "2–3 %"]
    event = AuditEvent.objects.get(action="findings.record")
    assert event.detail == {"features": ["ecog", "grade", "ki67_percent"]}
    assert Job.objects.get().payload == {"patient": str(willow.id)}
    assert facts_of(tumor, as_of=TODAY).features["ki67_percent"] == RANGE


def test_one_refused_value_refuses_the_whole_form(clara: Actor, willow: Patient, tumor: Tumor) -> None:
    with pytest.raises(Refused) as caught:
        record_findings(
            actor=clara,
            patient=willow,
            findings=[new("ecog", 1), new("ecog", 9), new("grade", "G9", tumor=tumor), new("fever", True)],
            now=NOW,
        )
    assert sentences(caught) == [
        "ecog: 9 is outside the range; accepted is a whole number from 0 to 4.",
        'grade: "G9" is not accepted; accepted is one of G1, G2 or G3.',
        "fever is not a feature that is entered.",
    ]
    assert not Finding.objects.exists()


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (TODAY + timedelta(days=1), "27 Nov 2026 is in the future. Today is 26 Nov 2026."),
        (date(1964, 3, 13), "13 Mar 1964 is before the patient was born (14 Mar 1964)."),
    ],
)
def test_a_date_that_cannot_be_is_refused(clara: Actor, willow: Patient, on: date, sentence: str) -> None:
    with pytest.raises(Refused) as caught:
        record_findings(actor=clara, patient=willow, findings=[new("ecog", 1, observed_on=on)], now=NOW)
    assert sentences(caught) == [sentence]


def test_a_feature_stays_with_what_it_belongs_to(cast: Cast, clara: Actor, willow: Patient, tumor: Tumor) -> None:
    other = register_patient(
        actor=clara, mrn="N-9", family_name="Other", given_name="", birth_on=date(1950, 1, 1), sex="male",
        teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    for finding, sentence in (
        (new("ecog", 1, tumor=tumor), "ECOG performance status belongs to the patient, not to one tumor."),
        (new("grade", "G1"), "Grade belongs to one tumor."),
        (new("grade", "G1", tumor=tumors_of(other)[0]), "Grade: the tumor is not one of this patient."),
        (new("age_years", 50), "age_years is not a feature that is entered."),
        (new("prior_treatments", ["everolimus"]), "prior_treatments is not a feature that is entered."),
    ):
        with pytest.raises(Refused) as caught:
            record_findings(actor=clara, patient=willow, findings=[finding], now=NOW)
        assert sentences(caught) == [sentence]


def test_values_that_contradict_each_other_are_both_saved(clara: Actor, willow: Patient, tumor: Tumor) -> None:
    findings = [
        new("functional_status", "non_functional", tumor=tumor),
        new("hormone_syndrome", "carcinoid", tumor=tumor),
    ]
    record_findings(actor=clara, patient=willow, findings=findings, now=NOW)
    features = facts_of(tumor, as_of=TODAY).features
    assert features["functional_status"] == "non_functional"
    assert features["hormone_syndrome"] == "carcinoid"


def test_nothing_at_all_is_not_a_form(clara: Actor, willow: Patient) -> None:
    with pytest.raises(Refused, match="Nothing was entered: every field is empty"):
        record_findings(actor=clara, patient=willow, findings=[], now=NOW)


def test_a_second_click_records_nothing_more(clara: Actor, willow: Patient) -> None:
    key = uuid4()
    first = record_findings(actor=clara, patient=willow, findings=[new("ecog", 1)], submission=key, now=NOW)
    second = record_findings(actor=clara, patient=willow, findings=[new("ecog", 1)], submission=key, now=NOW)
    assert [row.id for row in first] == [row.id for row in second]
    assert Finding.objects.count() == 1


def test_a_refused_form_can_be_sent_again_with_the_same_key(clara: Actor, willow: Patient) -> None:
    key = uuid4()
    with pytest.raises(Refused):
        record_findings(actor=clara, patient=willow, findings=[new("ecog", 9)], submission=key, now=NOW)
    assert record_findings(actor=clara, patient=willow, findings=[new("ecog", 1)], submission=key, now=NOW)


@pytest.mark.parametrize("who", ["vera", "theo", "silas", "cora", "edda", "audra", "ada", "nora"])
def test_only_the_care_team_writes(cast: Cast, willow: Patient, who: str) -> None:
    with pytest.raises(NotAllowed):
        record_findings(actor=acting(getattr(cast, who)), patient=willow, findings=[new("ecog", 1)], now=NOW)
    assert not Finding.objects.exists()


def test_not_known_over_a_known_value_is_an_explicit_reading(record, tumor: Tumor) -> None:
    record("ecog", 1, on=date(2026, 1, 5))
    record("ecog", known=False, on=date(2026, 6, 5))
    facts = facts_of(tumor, as_of=TODAY)
    assert "ecog" not in facts.features
    assert facts.readings["ecog"].value is None
    assert [reading.value for reading in facts.others["ecog"]] == [Decimal(1)]


def test_a_correction_replaces_and_keeps(clara: Actor, willow: Patient, tumor: Tumor, record) -> None:
    wrong = record("grade", "G3", source="pathology")
    right = correct_finding(
        actor=clara,
        patient=willow,
        finding=wrong,
        replacement=new("grade", "G2", tumor=tumor),
        reason="misread",
        now=NOW + timedelta(minutes=5),
    )
    assert right.chain == wrong.chain
    facts = facts_of(tumor, as_of=TODAY)
    assert facts.features["grade"] == "G2"
    assert "grade" not in facts.others
    kept = {row.id: getattr(row, "correction", None) for row in findings_of_feature(willow, tumor, "grade")}
    assert kept[right.id] is None
    assert (kept[wrong.id].replaced_by, kept[wrong.id].reason) == (right, "misread")
    assert facts_of(tumor, as_of=TODAY, known_at=NOW + timedelta(minutes=1)).features["grade"] == "G3"


def test_a_reading_is_corrected_once(clara: Actor, willow: Patient, tumor: Tumor, record) -> None:
    wrong = record("grade", "G3")
    replacement = new("grade", "G2", tumor=tumor)
    correct_finding(actor=clara, patient=willow, finding=wrong, replacement=replacement, now=NOW)
    with pytest.raises(Refused, match="corrected or marked as an error meanwhile"):
        correct_finding(actor=clara, patient=willow, finding=wrong, replacement=replacement, now=NOW)
    with pytest.raises(Refused, match="corrected or marked as an error meanwhile"):
        mark_finding_in_error(actor=clara, patient=willow, finding=wrong, reason="again", now=NOW)
    assert Finding.objects.count() == 2


def test_a_correction_keeps_to_its_feature(clara: Actor, willow: Patient, record) -> None:
    with pytest.raises(Refused, match="A correction is of the same feature and tumor"):
        correct_finding(actor=clara, patient=willow, finding=record("grade", "G3"), replacement=new("ecog", 1), now=NOW)


def test_entered_in_error_needs_a_reason_and_leaves_the_reading_before(
    clara: Actor, willow: Patient, tumor: Tumor, record
) -> None:
    record("grade", "G1", on=date(2025, 1, 1))
    wrong = record("grade", "G3")
    with pytest.raises(Refused, match="The reason is missing"):
        mark_finding_in_error(actor=clara, patient=willow, finding=wrong, reason="  ", now=NOW)
    mark_finding_in_error(actor=clara, patient=willow, finding=wrong, reason="another patient's report", now=NOW)
    assert facts_of(tumor, as_of=TODAY).features["grade"] == "G1"
    assert len(findings_of_feature(willow, tumor, "grade")) == 2


def test_a_finding_is_never_changed_or_deleted(record) -> None:
    finding = record("grade", "G1")
    finding.value = '"G3"'
    with pytest.raises(AppendOnlyError):
        finding.save()
    with pytest.raises(AppendOnlyError):
        finding.delete()
    with pytest.raises(AppendOnlyError):
        Finding.objects.update(value='"G3"')
    with pytest.raises(AppendOnlyError):
        Finding.objects.all().delete()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE patients_finding SET value = '\"G3\"'",
        "DELETE FROM patients_finding",
        "UPDATE patients_findingcorrection SET reason = 'x'",
        "DELETE FROM patients_findingcorrection",
    ],
)
def test_the_database_refuses_it_as_well(clara: Actor, willow: Patient, record, statement: str) -> None:
    finding = record("grade", "G1")
    mark_finding_in_error(actor=clara, patient=willow, finding=finding, reason="test", now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Finding.objects.get().value == '"G1"'
    assert FindingCorrection.objects.get().reason == "test"


def test_the_typed_row_follows_every_change(clara: Actor, willow: Patient, tumor: Tumor, record) -> None:
    record("grade", "G2")
    record("ki67_percent", RANGE)
    record("metastatic_sites", ["liver", "bone"])
    row = TumorFeatures.objects.get(tumor=tumor)
    assert (row.grade, row.ki67_low, row.ki67_high, row.ki67_text) == ("G2", 2, 3, "2–3 %")
    assert row.metastatic_sites == " liver bone "
    record("metastatic_sites", [], on=TODAY)
    mark_finding_in_error(
        actor=clara, patient=willow, finding=Finding.objects.get(feature="grade"), reason="x", now=NOW
    )
    row.refresh_from_db()
    assert (row.grade, row.metastatic_sites) == ("", " ")


def test_settling_puts_one_reading_in_force_until_something_newer_is_observed(
    clara: Actor, willow: Patient, tumor: Tumor, record
) -> None:
    specimen = "liver biopsy of 21 Sep 2026"
    local = record("ki67_percent", 22, on=date(2026, 9, 25), specimen_or_study=specimen, source_text="local")
    record("ki67_percent", 15, on=date(2026, 10, 5), specimen_or_study=specimen, source_text="central review")
    facts = facts_of(tumor, as_of=TODAY)
    assert facts.features["ki67_percent"] == 15
    assert [reading.value for reading in facts.disagreements["ki67_percent"]] == [15, 22]
    settle_reading(actor=clara, patient=willow, finding=local, reason="one hot spot counted", now=NOW)
    facts = facts_of(tumor, as_of=TODAY)
    assert facts.features["ki67_percent"] == 22
    assert facts.readings["ki67_percent"].settled
    assert not facts.disagreements
    later = NOW + timedelta(days=10)
    record("ki67_percent", 18, on=date(2026, 9, 30), now=later)
    assert facts_of(tumor, as_of=TODAY).features["ki67_percent"] == 22
    record("ki67_percent", 30, on=later.date(), now=later, specimen_or_study="second biopsy")
    assert facts_of(tumor, as_of=later.date()).features["ki67_percent"] == 30
    assert facts_of(tumor, as_of=TODAY).features["ki67_percent"] == 22


def test_a_settled_reading_that_is_corrected_stays_settled(clara: Actor, willow: Patient, tumor: Tumor, record) -> None:
    chosen = record("grade", "G3", on=date(2026, 9, 25))
    record("grade", "G2", on=date(2026, 10, 5))
    settle_reading(actor=clara, patient=willow, finding=chosen, reason="board of 9 Nov", now=NOW)
    replacement = new("grade", "G3", tumor=tumor, observed_on=date(2026, 9, 24))
    correct_finding(actor=clara, patient=willow, finding=chosen, replacement=replacement, now=NOW)
    assert facts_of(tumor, as_of=TODAY).readings["grade"].settled


def test_readings_of_different_days_are_a_course_and_not_a_disagreement(tumor: Tumor, record) -> None:
    record("ki67_percent", 3, on=date(2024, 1, 1), specimen_or_study="first biopsy")
    record("ki67_percent", 15, on=date(2026, 1, 1), specimen_or_study="second biopsy")
    facts = facts_of(tumor, as_of=TODAY)
    assert facts.features["ki67_percent"] == 15
    assert not facts.disagreements


def test_a_report_is_settled_as_a_whole(clara: Actor, willow: Patient, tumor: Tumor) -> None:
    def report(day: date, origin: str, **values: object) -> list[NewFinding]:
        return [
            NewFinding(
                name, day, "pathology", value=value, tumor=tumor, source_text=origin, specimen_or_study="biopsy 1"
            )
            for name, value in values.items()
        ]

    findings = [
        *report(date(2026, 10, 1), "local", grade="G3", ki67_percent=Decimal(22), differentiation="well"),
        *report(date(2026, 10, 9), "central", grade="G2", ki67_percent=Decimal(15), differentiation="well"),
    ]
    rows = record_findings(actor=clara, patient=willow, findings=findings, now=NOW)
    assert facts_of(tumor, as_of=TODAY).features["grade"] == "G2"
    settle_reading(actor=clara, patient=willow, finding=rows[1], reason="the hot spot counts", now=NOW)
    features = facts_of(tumor, as_of=TODAY).features
    assert (features["grade"], features["ki67_percent"]) == ("G3", Decimal(22))
    assert sorted(Settlement.objects.values_list("finding__feature", flat=True)) == ["grade", "ki67_percent"]

"""What a file would do, and what is in the record afterwards: every verdict, and nothing that was not shown."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from netcare.access import Actor, NotAllowed, Role
from netcare.access.actions import end_role
from netcare.audit.models import AuditEvent
from netcare.jobs import runner
from netcare.jobs.models import Job, JobState
from patients.actions import (
    NewFinding,
    NewTreatment,
    correct_finding,
    mark_finding_in_error,
    record_findings,
    record_treatment,
)
from patients.entry import PartialDate
from patients.imports.actions import apply_import, discard_import
from patients.imports.problems import FileRefused
from patients.models import Finding, ImportedFile, ImportedRow, Patient, Referral, Treatment
from patients.selectors import tumors_of
from tests.cast import SYSTEM, Cast, acting
from tests.imports import (
    NOW,
    applied,
    csv_file,
    finding,
    outcomes,
    patient,
    rows_of,
    staged,
    treatment,
    verdicts,
    workbook,
)

WILLOW = {"mrn": "N-1"}


def _ki67(actor: Actor, willow: Patient, value: int, *, report: str = "", on: date = date(2026, 11, 2)) -> Finding:
    new = NewFinding(
        feature="ki67_percent", value=Decimal(value), observed_on=on, source="pathology", source_text=report,
        tumor=tumors_of(willow)[0],
    )  # fmt: skip
    return record_findings(actor=actor, patient=willow, findings=[new], now=NOW)[0]


def test_a_new_patient_comes_with_findings_and_treatments_through_the_real_actions(cora: Actor) -> None:
    book = workbook(
        patients=[patient()],
        findings=[finding(value="2,5 %"), finding(feature="Metastatic sites", value="liver; bone", source="imaging")],
        treatments=[treatment(outcomes="stable; progressed on it")],
    )
    file = staged(cora, book, name="table.xlsx")
    assert verdicts(file) == ["new"] * 4
    assert not Patient.objects.exists()
    assert outcomes(applied(cora, file)) == ["applied"] * 4
    made = Patient.objects.get(mrn="IMP-1")
    assert (str(made), made.birth_on, made.registered_by) == ("SENT, Ada", date(1964, 3, 14), cora.user)
    assert Referral.objects.filter(patient=made).count() == 1
    values = {row.feature: (row.value, row.as_written, row.source) for row in Finding.objects.filter(patient=made)}
    assert values == {
        "ki67_percent": ("2.5", "2,5 %", "pathology"),
        "metastatic_sites": ('["liver","bone"]', "liver, bone", "imaging"),
    }
    course = Treatment.objects.get(patient=made)
    assert (course.option, course.started_on, course.started_precision) == ("lanreotide", date(2025, 3, 1), "month")
    assert (course.outcomes, course.source) == ("stable,progressed", "import")


def test_the_same_file_a_second_time_changes_nothing(cora: Actor) -> None:
    book = workbook(patients=[patient()], findings=[finding()], treatments=[treatment()])
    applied(cora, staged(cora, book))
    counts = (Patient.objects.count(), Finding.objects.count(), Treatment.objects.count())
    again = staged(cora, book)
    assert verdicts(again) == ["same"] * 3
    with pytest.raises(Exception, match="Nothing in this file is new or changed, so there is nothing to apply."):
        apply_import(actor=cora, file=again)
    assert (Patient.objects.count(), Finding.objects.count(), Treatment.objects.count()) == counts


def test_two_imports_of_one_file_staged_before_either_is_applied_enter_it_once(cora: Actor) -> None:
    book = workbook(patients=[patient()], findings=[finding()], treatments=[treatment()])
    first, second = staged(cora, book), staged(cora, book)
    assert outcomes(applied(cora, first)) == ["applied"] * 3
    assert outcomes(applied(cora, second)) == ["same"] * 3
    assert (Patient.objects.count(), Finding.objects.count(), Treatment.objects.count()) == (1, 1, 1)


def test_a_further_reading_is_changed_and_stands_beside_the_earlier_one(cora: Actor, willow: Patient) -> None:
    _ki67(cora, willow, 8)
    file = staged(cora, csv_file("findings", [finding(**WILLOW, value="12 %", observed_on="2026-11-20")]))
    (row,) = rows_of(file)
    assert (row.verdict, row.target_id) == ("changed", None)
    assert next(cell for cell in row.fields if cell["column"] == "value") == {
        "column": "value", "written": "12 %", "understood": "12 %", "on_record": "8 %, 2 Nov 2026", "verdict": "changed",
    }  # fmt: skip
    applied(cora, file)
    assert Finding.objects.filter(patient=willow, correction__isnull=True).count() == 2


def test_what_a_person_entered_is_never_overwritten(cora: Actor, willow: Patient) -> None:
    _ki67(cora, willow, 8)
    file = staged(
        cora, csv_file("findings", [finding(**WILLOW, value="9 %"), finding(**WILLOW, feature="grade", value="G2")])
    )
    assert verdicts(file) == ["conflicting", "new"]
    reason = rows_of(file)[0].reason
    assert reason.startswith("For this day 8 % is on record, and is not overwritten.")
    assert outcomes(applied(cora, file)) == ["conflicting", "applied"]
    assert [row.value for row in Finding.objects.filter(feature="ki67_percent")] == ["8"]


def test_another_report_of_the_same_day_is_a_reading_of_its_own(cora: Actor, willow: Patient) -> None:
    _ki67(cora, willow, 8, report="local")
    central = finding(**WILLOW, value="22 %", report="central review")
    file = applied(cora, staged(cora, csv_file("findings", [central])))
    assert outcomes(file) == ["applied"]
    assert sorted(row.value for row in Finding.objects.filter(feature="ki67_percent")) == ["22", "8"]


def test_a_corrected_file_corrects_what_the_earlier_import_entered_and_keeps_it(cora: Actor, willow: Patient) -> None:
    applied(cora, staged(cora, csv_file("findings", [finding(**WILLOW)])))
    file = staged(cora, csv_file("findings", [finding(**WILLOW, value="9 %")]), name="second.csv")
    assert verdicts(file) == ["changed"]
    assert outcomes(applied(cora, file)) == ["applied"]
    old, new = Finding.objects.filter(feature="ki67_percent").order_by("sequence")
    assert (old.value, new.value, old.correction.replaced_by) == ("8", "9", new)
    assert old.correction.reason == "Import of second.csv, row 2"
    first_again = staged(cora, csv_file("findings", [finding(**WILLOW)]))
    assert verdicts(first_again) == ["conflicting"]
    assert "was corrected on" in rows_of(first_again)[0].reason


def _hemoglobin(**more: str) -> dict[str, str]:
    return finding(**WILLOW, feature="hemoglobin_g_dl", value="7.5", unit="mmol/L", source="laboratory", **more)


def test_the_reference_range_comes_with_the_value_and_is_never_dropped_in_silence(cora: Actor, willow: Patient) -> None:
    applied(cora, staged(cora, csv_file("findings", [_hemoglobin()])))
    with_range = [_hemoglobin(reference_low="7.4", reference_high="9.9")]
    file = staged(cora, csv_file("findings", with_range))
    assert verdicts(file) == ["changed"]
    assert rows_of(file)[0].reason == "The value is on record; the reference range is put beside it."
    assert outcomes(applied(cora, file)) == ["applied"]
    row = Finding.objects.get(correction=None)
    assert (row.as_written, row.reference_low, row.reference_high) == ("7.5 mmol/L", "7.4", "9.9")
    assert verdicts(staged(cora, csv_file("findings", with_range))) == ["same"]
    assert verdicts(staged(cora, csv_file("findings", [_hemoglobin()]))) == ["same"]
    corrected = _hemoglobin() | {"value": "7.6"}
    applied(cora, staged(cora, csv_file("findings", [corrected])))
    row = Finding.objects.get(correction=None)
    assert (row.as_written, row.reference_low, row.reference_high) == ("7.6 mmol/L", "7.4", "9.9")


def test_a_reference_range_that_cannot_be_is_refused_in_its_cell(cora: Actor, willow: Patient) -> None:
    rows = [
        _hemoglobin(reference_high="160"),
        finding(**WILLOW, reference_high="2"),
        finding(**WILLOW, feature="grade", value="G2", reference_low="1"),
    ]
    file = staged(cora, csv_file("findings", rows))
    assert [(row.verdict, row.column) for row in rows_of(file)] == [
        ("refused", "reference_high"), ("refused", "reference_high"), ("refused", "reference_low"),
    ]  # fmt: skip


def test_a_range_other_than_the_one_a_person_entered_is_left_to_people(cora: Actor, willow: Patient) -> None:
    new = NewFinding(
        feature="egfr_ml_min", value=Decimal(48), observed_on=date(2026, 11, 2), source="lab", reference_low="60"
    )
    record_findings(actor=cora, patient=willow, findings=[new], now=NOW)
    told = {"feature": "egfr_ml_min", "value": "48", "source": "laboratory"}
    rows = [finding(**WILLOW, **told, reference_low="45"), finding(**WILLOW, **told)]
    assert [verdicts(staged(cora, csv_file("findings", [row]))) for row in rows] == [["conflicting"], ["same"]]


def test_what_was_taken_out_as_an_error_does_not_come_back(cora: Actor, willow: Patient) -> None:
    applied(cora, staged(cora, csv_file("findings", [finding(**WILLOW)])))
    mark_finding_in_error(actor=cora, patient=willow, finding=Finding.objects.get(), reason="other patient", now=NOW)
    again = staged(cora, csv_file("findings", [finding(**WILLOW)]))
    assert verdicts(again) == ["conflicting"]
    assert "was marked as entered in error on 26 Nov 2026 (other patient). It is not entered again." in (
        rows_of(again)[0].reason
    )


def test_two_spellings_of_one_mrn_in_a_file_are_told_apart_by_nobody(cora: Actor) -> None:
    file = staged(cora, csv_file("patients", [patient("N-7"), patient("n-7")]))
    for row in rows_of(file):
        assert row.verdict == "conflicting"
        assert row.reason == "The MRNs N-7 and n-7 differ in capital letters alone. Keep one spelling."


def test_a_patient_is_found_by_mrn_and_birth_date_and_never_merged(cora: Actor, willow: Patient) -> None:
    other_day = staged(
        cora,
        workbook(
            patients=[patient("N-1", family_name="Pretend", given_name="Willow", birth_date="1964-03-15")],
            findings=[finding("N-1", birth_date="1964-03-15")],
        ),
    )
    assert verdicts(other_day) == ["conflicting", "conflicting"]
    assert rows_of(other_day)[1].reason == (
        "The patient with the MRN N-1 was born on 14 Mar 1964. Two people, or one with a wrong date: nothing is merged."
    )
    other_name = staged(cora, csv_file("patients", [patient("N-1", family_name="Else", given_name="Who")]))
    assert verdicts(other_name) == ["conflicting"]
    capitals = staged(cora, csv_file("patients", [patient("n-1")]))
    assert rows_of(capitals)[0].reason == (
        "The MRN n-1 differs from N-1, which is on record, in capital letters alone. Write it so."
    )


def test_a_changed_name_is_shown_and_corrected_with_its_history(cora: Actor, willow: Patient) -> None:
    file = staged(
        cora, csv_file("patients", [patient("N-1", family_name="Married", given_name="Willow", care_team="")])
    )
    (row,) = rows_of(file)
    assert row.verdict == "changed"
    assert {cell["column"]: (cell["on_record"], cell["verdict"]) for cell in row.fields} == {
        "mrn": ("N-1", "same"),
        "birth_date": ("14 Mar 1964", "same"),
        "family_name": ("Pretend", "changed"),
        "given_name": ("Willow", "same"),
        "sex": ("female", "same"),
    }
    applied(cora, file)
    willow.refresh_from_db()
    assert willow.family_name == "Married"
    assert willow.changes.get().before == "Pretend"


def test_an_mrn_with_two_different_rows_is_refused_and_the_others_go_through(cora: Actor) -> None:
    rows = [patient("A"), patient("B"), patient("A", family_name="Other"), patient("B")]
    file = staged(cora, csv_file("patients", rows))
    assert verdicts(file) == ["refused", "new", "refused", "same"]
    assert rows_of(file)[0].reason == "The MRN A stands in row 2 and row 4 with different values. Leave one of them."
    applied(cora, file)
    assert [one.mrn for one in Patient.objects.all()] == ["B"]


def test_a_patient_out_of_reach_is_refused_and_nothing_of_theirs_is_shown(
    cora: Actor, cast: Cast, willow: Patient
) -> None:
    Referral.objects.update(withdrawn_at=NOW, withdrawn_by=cast.clara)
    file = staged(cora, csv_file("findings", [finding("N-1", birth_date="1964-03-15")]))
    (row,) = rows_of(file)
    assert row.reason == (
        "The MRN N-1 belongs to a patient who is not referred to the board, so you may not change the record."
    )
    assert (row.verdict, row.patient_id) == ("refused", None)
    assert not any(cell["on_record"] for cell in row.fields)


def test_findings_of_nobody_and_of_a_tumor_that_there_is_not_are_refused(cora: Actor, willow: Patient) -> None:
    rows = [finding("X-9"), finding("N-1", tumor="2"), finding("N-1", feature="sex", value="male")]
    reasons = [row.reason for row in rows_of(staged(cora, csv_file("findings", rows)))]
    assert reasons[0] == "No patient has the MRN X-9, and no accepted row of this file registers one."
    assert reasons[1] == "Tumor 2 is not on record. The patient has: 1. A further one is added by hand."
    assert reasons[2] == "Feature: “sex” is not a feature that is entered. Accepted are those of the accepted values."


def test_two_values_for_one_reading_are_both_refused(cora: Actor, willow: Patient) -> None:
    rows = [finding("N-1"), finding("N-1", value="9 %"), finding("N-1", value="11 %", report="central")]
    file = staged(cora, csv_file("findings", rows))
    assert verdicts(file) == ["refused", "refused", "new"]


def test_a_course_goes_on_by_an_import_and_is_never_entered_twice(cora: Actor, willow: Patient) -> None:
    start = PartialDate(date(2025, 3, 1), "month")
    record_treatment(
        actor=cora, patient=willow, treatment=NewTreatment("lanreotide", "still_given", started=start), now=NOW
    )
    ended = treatment("N-1", course="stopped", stopped="12 Nov 2026", outcomes="progressed on it")
    assert verdicts(staged(cora, csv_file("treatments", [ended | {"started": "12 Mar 2025"}]))) == ["conflicting"]
    file = staged(cora, csv_file("treatments", [ended]))
    assert verdicts(file) == ["changed"]
    applied(cora, file)
    live = Treatment.objects.get(patient=willow, correction__isnull=True)
    assert (live.course, live.stopped_on, live.outcomes) == ("stopped", date(2026, 11, 12), "progressed")
    assert verdicts(staged(cora, csv_file("treatments", [ended]))) == ["same"]


def test_what_changed_after_the_preview_is_left_out_with_a_sentence(cora: Actor, willow: Patient) -> None:
    file = staged(
        cora, csv_file("findings", [finding(**WILLOW, value="9 %"), finding(**WILLOW, feature="grade", value="G2")])
    )
    _ki67(cora, willow, 8)
    assert outcomes(applied(cora, file)) == ["not_applied", "applied"]
    assert rows_of(file)[0].outcome_reason.startswith("The record changed since the preview. For this day 8 %")


def test_an_import_that_nobody_may_any_more_stops_with_a_sentence(cora: Actor, cast: Cast) -> None:
    file = apply_import(actor=cora, file=staged(cora, csv_file("patients", [patient()])))
    end_role(user=cast.cora, role=Role.COORDINATOR, by=SYSTEM)
    runner.run(file.job_id)
    job = Job.objects.get(pk=file.job_id)
    assert (job.state, job.failure) == (
        JobState.FAILED, "Whoever asked for this import may no longer import. What was not applied is listed.",
    )  # fmt: skip
    assert not Patient.objects.exists()


def test_only_coordinators_import_and_only_people(cast: Cast) -> None:
    with pytest.raises(NotAllowed, match=r"may not import patients and their data from a file"):
        staged(acting(cast.clara), csv_file("patients", [patient()]))
    assert not ImportedFile.objects.exists()


def test_a_file_that_is_refused_stages_nothing(cora: Actor) -> None:
    with pytest.raises(FileRefused, match="The file is a PDF"):
        staged(cora, b"%PDF-1.7 \n")
    assert not ImportedFile.objects.exists()


def test_more_rows_of_one_patient_than_one_transaction_bears_are_refused(cora: Actor) -> None:
    rows = [finding("N-1", feature="ecog", value="1", observed_on="2026-01-12")] * 1_001
    with pytest.raises(
        FileRefused, match=r"1,001 rows are of one patient \(MRN N-1\). Accepted are up to 1,000 in one file."
    ):
        staged(cora, csv_file("findings", rows))
    assert not ImportedFile.objects.exists()


def test_a_discarded_import_forgets_its_rows_and_cannot_be_applied(cora: Actor) -> None:
    file = staged(cora, csv_file("patients", [patient()]))
    discard_import(actor=cora, file=file)
    assert not ImportedRow.objects.exists()
    with pytest.raises(Exception, match=r"This import was discarded. Send the file again."):
        apply_import(actor=cora, file=file)


def test_every_step_leaves_an_audit_row_and_the_lists_are_refreshed_once(cora: Actor) -> None:
    file = applied(cora, staged(cora, csv_file("patients", [patient("A"), patient("B")])))
    actions = [
        event.action for event in AuditEvent.objects.order_by("id") if event.action.startswith(("import", "patient."))
    ]
    assert actions == ["import.stage", "import.apply", "patient.register", "patient.register", "import.finish"]
    refreshes = Job.objects.filter(kind="refresh_statuses")
    assert [job.payload for job in refreshes] == [{"all": True}]
    assert file.finished_at is not None


def test_a_person_s_correction_of_an_imported_reading_stands(cora: Actor, willow: Patient) -> None:
    applied(cora, staged(cora, csv_file("findings", [finding(**WILLOW)])))
    old = Finding.objects.get()
    new = NewFinding("ki67_percent", old.observed_on, "pathology", value=Decimal(10), tumor=old.tumor)
    correct_finding(
        actor=cora, patient=willow, finding=old, replacement=new, reason="read again", now=datetime.now(UTC)
    )
    assert verdicts(staged(cora, csv_file("findings", [finding(**WILLOW)]))) == ["conflicting"]
    assert verdicts(staged(cora, csv_file("findings", [finding(**WILLOW, value="11 %")]))) == ["conflicting"]

"""Markers from a file, in the units that each has; and new patients whose name and birth date are on record already."""

from datetime import date
from decimal import Decimal

import pytest

from netcare.access import Actor
from patients.actions import NewMarker, record_marker, register_patient
from patients.models import Marker, Patient
from patients.values import from_text
from tests.cast import Cast, acting
from tests.imports import (
    NOW,
    applied,
    csv_file,
    finding,
    marker,
    outcomes,
    patient,
    rows_of,
    staged,
    verdicts,
    workbook,
)

pytestmark = pytest.mark.django_db
WILLOW = {"birth_date": "1964-03-14"}


def test_markers_of_a_file_are_shown_as_understood_and_applied_through_the_real_actions(cora: Actor) -> None:
    rows = [
        marker(value="1,240", unit="ng/mL"),
        marker(value="61", unit="ug/L", reference_high="100", report="letter of the laboratory"),
        marker(code="5-HIAA", value="480 µmol/24 h", unit=""),
        marker(code="five_hiaa", value="<2", unit="mg/24 h", observed_on="2026-11-03"),
        marker(code="other", value="7", unit="kU/L"),
    ]
    file = staged(cora, workbook(patients=[patient()], markers=rows), name="file.xlsx")
    by_number = {row.number: row for row in rows_of(file) if row.kind == "markers"}
    assert by_number[2].reason.startswith("Value: “1,240” could be 1240 or 1.24")
    assert by_number[6].reason == "Say which marker was measured."
    shown = {one["column"]: one["understood"] for one in by_number[3].fields}
    assert (shown["value"], shown["marker"], shown["reference_high"]) == ("61 µg/L", "chromogranin A", "100")
    applied(cora, file)
    on_record = {(row.marker, row.observed_on): row for row in Marker.objects.all()}
    assert len(on_record) == 3
    first = on_record["chromogranin_a", date(2026, 11, 2)]
    assert (first.unit, first.reference_high, from_text(first.value)) == ("µg/L", "100", Decimal(61))
    assert (first.source, first.source_text) == ("lab", "letter of the laboratory")
    assert on_record["five_hiaa", date(2026, 11, 2)].unit == "µmol/24 h"


def test_a_unit_that_is_not_the_markers_is_refused_in_its_column(cora: Actor, willow: Patient) -> None:
    (row,) = rows_of(staged(cora, csv_file("markers", [marker("N-1", unit="mmHg", **WILLOW)])))
    assert (row.verdict, row.column) == ("refused", "unit")
    assert row.reason.startswith("Unit: chromogranin A is not reported in “mmHg”. Accepted is ng/mL, µg/L")


def test_the_same_file_twice_changes_nothing_and_the_same_value_in_another_unit_is_the_same(
    cora: Actor, willow: Patient
) -> None:
    content = csv_file(
        "markers", [marker("N-1", **WILLOW), marker("N-1", "five_hiaa", "191.18", unit="mg/24 h", **WILLOW)]
    )
    assert outcomes(applied(cora, staged(cora, content))) == ["applied", "applied"]
    assert verdicts(staged(cora, content)) == ["same", "same"]
    again = [marker("N-1", unit="µg/L", **WILLOW), marker("N-1", "five_hiaa", "1000", unit="µmol/24 h", **WILLOW)]
    assert verdicts(staged(cora, csv_file("markers", again))) == ["same", "same"]
    assert Marker.objects.count() == 2


def test_an_import_corrects_what_it_entered_and_never_what_a_person_entered(cora: Actor, willow: Patient) -> None:
    applied(cora, staged(cora, csv_file("markers", [marker("N-1", **WILLOW)])))
    file = staged(cora, csv_file("markers", [marker("N-1", value="62", **WILLOW)]))
    assert verdicts(file) == ["changed"]
    applied(cora, file)
    assert from_text(Marker.objects.get(correction__isnull=True).value) == Decimal(62)
    by_hand = NewMarker(marker="gastrin", value=Decimal(90), unit="pg/mL", observed_on=date(2026, 11, 2))
    record_marker(actor=cora, patient=willow, marker=by_hand, now=NOW)
    (row,) = rows_of(staged(cora, csv_file("markers", [marker("N-1", "gastrin", "95", unit="pg/mL", **WILLOW)])))
    assert row.verdict == "conflicting"
    assert row.reason.startswith("For this day 90 pg/mL is on record, and is not overwritten.")


def test_two_values_for_one_measurement_are_both_refused(cora: Actor, willow: Patient) -> None:
    rows = [
        marker("N-1", **WILLOW),
        marker("N-1", value="62", **WILLOW),
        marker("N-1", value="63", method="B", **WILLOW),
    ]
    assert verdicts(staged(cora, csv_file("markers", rows))) == ["refused", "refused", "new"]


# --- The same name and birth date ---


def test_a_new_patient_whose_name_and_birth_date_are_on_record_is_conflicting_and_so_is_all_of_theirs(
    cora: Actor, willow: Patient
) -> None:
    same = patient("IMP-9", family_name="pretend", given_name="WILLOW")
    file = staged(cora, workbook(patients=[same], findings=[finding("IMP-9")]), name="file.xlsx")
    assert verdicts(file) == ["conflicting", "conflicting"]
    reason = next(row.reason for row in rows_of(file) if row.kind == "patients")
    assert reason.startswith("There is already WILLOW pretend, born on 14 Mar 1964, under the MRN N-1.")
    assert "Nothing is merged." in reason
    applied(cora, staged(cora, workbook(patients=[same, patient()], findings=[finding("IMP-9")]), name="file.xlsx"))
    assert set(Patient.objects.values_list("mrn", flat=True)) == {"N-1", "IMP-1"}


def test_a_coordinator_who_imports_is_told_of_patients_of_every_team_of_the_institution(
    cora: Actor, cast: Cast
) -> None:
    register_patient(
        actor=acting(cast.theo), mrn="T-1", family_name="Sent", given_name="Ada", birth_on=date(1964, 3, 14), sex="female",
        teams=[cast.thorax], now=NOW,
    )  # fmt: skip
    register_patient(
        actor=acting(cast.silas), mrn="S-1", family_name="Sent", given_name="Bea", birth_on=date(1964, 3, 14), sex="female",
        teams=[cast.south_team], now=NOW,
    )  # fmt: skip
    rows = [patient(), patient("IMP-2", given_name="Bea")]
    assert verdicts(staged(cora, csv_file("patients", rows))) == ["conflicting", "new"]


def test_two_new_patients_of_one_file_with_one_name_and_birth_date_are_both_conflicting(cora: Actor) -> None:
    rows = [patient("IMP-1"), patient("IMP-2", given_name="Ada"), patient("IMP-3")]
    file = staged(cora, csv_file("patients", rows))
    assert verdicts(file) == ["conflicting", "conflicting", "new"]
    assert rows_of(file)[0].reason.startswith("The MRNs IMP-1 and IMP-2 are given to one name and birth date.")


def test_who_was_registered_after_the_preview_is_not_registered_again_under_another_mrn(
    cora: Actor, cast: Cast
) -> None:
    file = staged(cora, csv_file("patients", [patient()]))
    assert verdicts(file) == ["new"]
    register_patient(
        actor=acting(cast.clara), mrn="N-5", family_name="Sent", given_name="Ada", birth_on=date(1964, 3, 14), sex="female",
        teams=[cast.abdomen], now=NOW,
    )  # fmt: skip
    assert outcomes(applied(cora, file)) == ["not_applied"]
    assert "There is already Ada Sent" in rows_of(file)[0].outcome_reason

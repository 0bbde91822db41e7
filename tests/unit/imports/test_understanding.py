"""Every cell through the parsers of data entry: accepted only when unambiguous, echoed as understood, else refused."""

from datetime import date

import pytest

from pathways.knowledge import dictionary
from patients.imports.cells import UnderstoodRow, Words
from patients.imports.tables import RawRow
from patients.imports.understanding import understood
from tests.imports import finding, patient, treatment

WORDS = Words.of(dictionary(), ["Abdomen", "Thorax"], date(2026, 11, 26))


def _read(kind: str, cells: dict[str, str]) -> UnderstoodRow:
    return understood(RawRow("", 2, kind, cells), WORDS)


# Names that stand in the tables below instead of the codes.
SHORT = {"mitoses": "mitoses_per_2mm2", "bilirubin": "bilirubin_x_uln", "pregnant": "pregnant_or_breastfeeding"}


def _value(**cells: str) -> UnderstoodRow:
    feature = cells.get("feature", "ki67_percent")
    return _read("findings", finding(**cells | {"feature": SHORT.get(feature, feature)}))


def _echo(row: UnderstoodRow) -> str:
    assert row.faults == []
    return next(field.understood for field in row.fields if field.column == "value")


@pytest.mark.parametrize(
    ("cells", "echo"),
    [
        ({"value": "2,5"}, "2.5 %"),
        ({"value": "2.5"}, "2.5 %"),
        ({"value": "8", "unit": "%"}, "8 %"),
        ({"value": "2-3 %"}, "2–3 %"),
        ({"value": "<1 %"}, "<1 %"),
        ({"value": "not known"}, "not known"),
        ({"feature": "Mitotic count", "value": "4", "unit": "per 2 mm2"}, "4 per 2 mm²"),
        ({"feature": "mitoses", "value": "10", "unit": "in area", "area_mm2": "10"}, "10 in 10 mm² = 2 per 2 mm²"),
        ({"feature": "mitoses", "value": "7/10 HPF", "field_area_mm2": "0.5"}, "7 in 10 fields of 0.5 mm² = 2.8 per 2 mm²"),
        ({"feature": "bilirubin", "value": "1.2", "unit": "x ULN"}, "1.2 × ULN"),
        ({"feature": "bilirubin", "value": "3 mg/dL", "upper_limit": "1.2"}, "3 mg/dL, upper limit 1.2 mg/dL = 2.5 × ULN"),
        ({"feature": "hemoglobin_g_dl", "value": "120", "unit": "g/L"}, "120 g/L = 12 g/dL"),
        ({"feature": "egfr_ml_min", "value": "64", "unit": "mL/min/1.73m2"}, "64 mL/min/1.73 m²"),
        ({"feature": "metastatic_sites", "value": "liver; distant lymph nodes"}, "liver, distant lymph nodes"),
        ({"feature": "metastatic_sites", "value": "None of these"}, "none"),
        ({"feature": "pregnant", "value": "No"}, "no"),
        ({"feature": "Primary site", "value": "small bowel"}, "small bowel"),
    ],
)  # fmt: skip
def test_a_value_is_echoed_as_it_was_understood(cells: dict[str, str], echo: str) -> None:
    assert _echo(_value(**cells)) == echo


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"value": "0.15"}, "value", "Ki-67: “0.15” could be 15 % or 0.15 %. Write it with the sign %."),
        ({"value": "1,234"}, "value", "Ki-67: “1,234” could be 1234 or 1.234. Leave out the separator of thousands."),
        ({"value": "high"}, "value", "Ki-67: “high” is not a number. Accepted is a number from 0 to 100 %."),
        ({"value": "130"}, "value", "Ki-67: “130” is not accepted. Accepted is a number from 0 to 100 %."),
        ({"value": "2026-03-02"}, "value", "Ki-67: “2026-03-02” is not a number. Accepted is a number from 0 to 100 %."),
        ({"feature": "mitoses", "value": "7"}, "unit", "Mitotic count: “7” has no unit. Choose"),
        ({"feature": "mitoses", "value": "7 per 10 HPF"}, "field_area_mm2", "Mitotic count: “7” in high-power"),
        ({"feature": "bilirubin", "value": "17"}, "unit", "Bilirubin: “17” has no unit. Choose"),
        ({"feature": "bilirubin", "value": "17 µmol/L"}, "upper_limit", "Bilirubin: “17 µmol/L” needs the lab"),
        ({"feature": "bilirubin", "value": "17 µmol/L", "upper_limit": "1.2"}, "upper_limit", "Bilirubin, upper limit"),
        ({"feature": "hemoglobin_g_dl", "value": "12"}, "unit", "Hemoglobin: “12” has no unit. Choose"),
        ({"feature": "ecog", "value": "1", "upper_limit": "4"}, "upper_limit", "ECOG performance status needs no upper"),
        ({"feature": "ecog", "value": "1", "area_mm2": "4"}, "area_mm2", "ECOG performance status is not counted"),
        ({"feature": "grade", "value": "G4"}, "value", "Grade: “G4” is not accepted. Accepted is G1, G2, G3."),
        ({"feature": "grade", "value": "G2", "unit": "%"}, "unit", "Grade has no unit. Leave the cell empty."),
        ({"feature": "pregnant", "value": "maybe"}, "value", "Pregnant or breastfeeding: “maybe”"),
        ({"feature": "metastatic_sites", "value": "none of these; liver"}, "value", "Metastatic sites: “none of these”"),
        ({"feature": "age_years", "value": "60"}, "feature", "Feature: “age_years” is not a feature that is entered."),
        ({"feature": "ecog", "value": "1", "tumor": "1"}, "tumor", "The feature belongs to the patient, not to one tumor."),
        ({"tumor": "first"}, "tumor", "Tumor: “first” is not the number of a tumor."),
        ({"observed_on": "11/12/2025"}, "observed_on", "Observed on: “11/12/2025” could be 11 Dec 2025 or 12 Nov 2025."),
        ({"observed_on": "2026-12-24"}, "observed_on", "Observed on: 24 Dec 2026 is in the future. Today is 26 Nov 2026."),
        ({"observed_on": "1960-01-01"}, "observed_on", "Observed on: 1 Jan 1960 is before the patient was born"),
        ({"observed_on": "Nov 2026"}, "observed_on", "Observed on: “Nov 2026” is not a day."),
        ({"source": "hearsay"}, "source", "Source: “hearsay” is not accepted. Accepted is pathology, imaging, laboratory"),
        ({"value": ""}, "value", "Value is missing."),
        ({"mrn": ""}, "mrn", "MRN is missing."),
        ({"note": "x" * 301}, "note", "Note has 301 characters. Accepted are up to 300."),
    ],
)  # fmt: skip
def test_what_is_ambiguous_or_wrong_is_refused_with_its_column_and_what_is_accepted(
    cells: dict[str, str], column: str, sentence: str
) -> None:
    (fault,) = _value(**cells).faults
    assert (fault.column, fault.sentence[: len(sentence)]) == (column, sentence)


def test_a_fault_in_one_cell_does_not_hide_those_of_others() -> None:
    row = _value(value="0.15", observed_on="11/12/2025", source="hearsay", mrn="")
    assert [fault.column for fault in row.faults] == ["mrn", "observed_on", "source", "value"]


def test_the_digest_is_of_the_values_and_not_of_how_they_are_written() -> None:
    one, other = _value(observed_on="2 Nov 2026"), _value(observed_on="2026-11-02")
    assert one.digest == other.digest != _value(value="9 %").digest


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"sex": "woman"}, "sex", "Sex: “woman” is not accepted. Accepted is female, male, other, not known."),
        ({"care_team": "Liver"}, "care_team", "Care team: “Liver” is not a care team. Accepted is Abdomen, Thorax."),
        ({"birth_date": "1880-01-01"}, "birth_date", "Birth date: 1 Jan 1880 is more than 130 years ago."),
        ({"family_name": ""}, "family_name", "Family name is missing."),
    ],
)
def test_a_patient_s_row_is_read_like_the_form(cells: dict[str, str], column: str, sentence: str) -> None:
    (fault,) = _read("patients", patient(**cells)).faults
    assert (fault.column, fault.sentence[: len(sentence)]) == (column, sentence)


@pytest.mark.parametrize(
    ("cells", "column", "sentence"),
    [
        ({"treatment": "aspirin"}, "treatment", "Treatment: “aspirin” is not a treatment of the catalogue."),
        ({"course": "running"}, "course", "Still given?: “running” is not accepted."),
        ({"stopped": "2026"}, "stopped", "A date of stopping goes with “stopped or done” alone."),
        ({"course": "stopped", "stopped": "2024"}, "stopped", "It was stopped (2024) before it started (Mar 2025)."),
        ({"outcomes": "stable; not known"}, "outcomes", "How it went: “not known” was given together with an outcome."),
        ({"outcomes": "cured"}, "outcomes", "How it went: “cured” is not accepted."),
        ({"started": "03/04/2025"}, "started", "Started: “03/04/2025” could be 3 Apr 2025 or 4 Mar 2025."),
    ],
)  # fmt: skip
def test_a_treatment_s_row_is_read_like_the_form(cells: dict[str, str], column: str, sentence: str) -> None:
    (fault,) = _read("treatments", treatment(**cells)).faults
    assert (fault.column, fault.sentence[: len(sentence)]) == (column, sentence)


def test_a_course_is_kept_with_the_precision_that_was_written() -> None:
    row = _read(
        "treatments",
        treatment(option="Lanreotide", course="Stopped or done", stopped="12 Nov 2026", outcomes="completed;stable"),
    )
    assert row.faults == []
    kept = {name: row.content[name] for name in ("option", "started", "stopped", "course", "outcomes", "intent")}
    assert kept == {
        "option": "lanreotide", "started": "month 2025-03-01", "stopped": "day 2026-11-12", "course": "stopped",
        "outcomes": "stable,completed", "intent": "unknown",
    }  # fmt: skip

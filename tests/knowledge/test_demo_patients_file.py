"""The fictional patients of the demo are read as strictly as the rules."""

from __future__ import annotations

from pathlib import Path

import pytest

from pathways.knowledge import KnowledgeError
from pathways.knowledge.demo import DEMO, FILE, demo_patients

TEXT = (DEMO / FILE).read_text(encoding="utf-8")

# What is wrong → what stood there first, what stands there now, the sentence.
CORRUPT = {
    "a value outside the range": (
        "{feature: egfr_ml_min, value: 96,",
        "{feature: egfr_ml_min, value: 960,",
        "patient DEMO-001: egfr_ml_min: 960 is outside the range; accepted is a number from 0 to 200 (mL/min/1.73m2).",
    ),
    "an unknown feature": (
        "{feature: surgical_risk, value: acceptable,",
        "{feature: surgical_riks, value: acceptable,",
        'patient DEMO-001: surgical_riks: there is no such feature, so "acceptable" is not read; accepted are the 52 '
        "features of the data dictionary, from age_years to planned_procedure. Did you mean surgical_risk?",
    ),
    "an unknown option": (
        "{option: diazoxide, start_day: -61,",
        "{option: diazoxid, start_day: -61,",
        "patient DEMO-001: There is no option diazoxid. Did you mean diazoxide?",
    ),
    "a reading in the future": (
        "{feature: ecog, value: 0, day: 0,",
        "{feature: ecog, value: 0, day: 3,",
        "patient DEMO-001: findings entry 1 day is 3; the largest accepted is 0.",
    ),
    "a treatment that ends before it begins": (
        "start_day: -61, stop_day: null,",
        "start_day: -61, stop_day: -62,",
        "patient DEMO-001: diazoxide ends before it begins.",
    ),
    "an mrn used twice": ("mrn: DEMO-002", "mrn: DEMO-001", "patient DEMO-001: The mrn is used twice."),
    "a status that does not exist": (
        "candidate: [",
        "recommended: [",
        'patient DEMO-001: expected recommended is "recommended"; '
        "accepted is 'candidate', 'conditional', 'possible', 'excluded' or 'not_indicated'.",
    ),
}


def test_there_are_fourteen_each_with_a_status_for_every_option() -> None:
    patients = demo_patients()
    assert [patient.mrn for patient in patients] == [f"DEMO-{number:03}" for number in range(1, 15)]
    assert {len(patient.expected_statuses) for patient in patients} == {48}
    assert patients[0].expected_statuses["enucleation"] == "candidate"


@pytest.mark.parametrize("what", CORRUPT)
def test_a_corrupt_patient_is_named_with_the_reason(what: str, tmp_path: Path) -> None:
    old, new, sentence = CORRUPT[what]
    (tmp_path / FILE).write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        demo_patients(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [f"{FILE}, {sentence}"]


def test_an_option_without_an_expected_status_is_named(tmp_path: Path) -> None:
    text = TEXT.replace("enucleation, ", "", 1)
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        demo_patients(tmp_path)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{FILE}, patient DEMO-001: expected names enucleation 0 times; every option has one status."
    ]

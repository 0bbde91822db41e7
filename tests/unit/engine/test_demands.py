"""What is asked of a ruleset and kept with it: invariants, cases, test patients; and whether it meets them."""

from typing import Any

import pytest

from pathways.engine import (
    Ruleset,
    RulesetError,
    Status,
    Truth,
    check_cases,
    condition_data,
    coverage,
)
from tests.unit.engine.clinic import data, rule, ruleset

GRADE = {"feature": "grade", "op": "=", "value": "G1"}
SOUND: dict[str, Any] = {
    "code": "INV-1",
    "options": ["drug", "watch"],
    "when": {"use": "on_record_free"},
    "never": ["candidate", "conditional"],
    "holds_for": "consistent records",
    "sentence": "Nothing is listed there.",
    "why": "Nothing is left to treat.",
}
PATIENT: dict[str, Any] = {
    "code": "P-1",
    "title": "Low grade",
    "features": {"grade": "G1", "ki67": 2, "illnesses": ["heart"]},
    "expected": {"watch": "candidate", "drug": "not_indicated"},
}


def faults(**changed: Any) -> list[str]:
    with pytest.raises(RulesetError) as refused:
        Ruleset.from_data(data(**changed))
    return [str(problem) for problem in refused.value.problems]


def test_an_invariant_is_a_typed_part_of_the_ruleset() -> None:
    (invariant,) = ruleset(invariants=[SOUND]).invariants
    assert invariant.options == ("drug", "watch")
    assert condition_data(invariant.when) == {"use": "on_record_free"}
    assert invariant.never == {Status.CANDIDATE, Status.CONDITIONAL}
    assert invariant.forbidden == invariant.never
    assert invariant.consistent_only
    assert invariant.when_for("watch") == invariant.when


def test_always_forbids_every_other_status() -> None:
    entry = {**SOUND, "always": ["candidate", "excluded"]}
    del entry["never"]
    (invariant,) = ruleset(invariants=[entry]).invariants
    assert invariant.forbidden == {Status.CONDITIONAL, Status.POSSIBLE, Status.NOT_INDICATED}


def test_for_each_reads_the_condition_once_for_every_option() -> None:
    given = {"feature": "given", "op": "contains", "value": "$option"}
    (invariant,) = ruleset(invariants=[{**SOUND, "when": given, "for_each": "options"}]).invariants
    assert [condition_data(invariant.when_for(option))["value"] for option in invariant.options] == ["drug", "watch"]


INVARIANTS = [
    ({"options": ["drugs"]}, "There is no option drugs. Did you mean drug?"),
    ({"options": ["drug", "drug"]}, "options names an option twice."),
    ({"options": []}, "options is a list of one or more option codes."),
    ({"when": {"feature": "grad", "op": "=", "value": "G1"}}, "There is no feature 'grad'. Did you mean grade?"),
    ({"when": {"use": "free"}}, "There is no definition 'free'."),
    ({"never": None}, "An invariant has either never or always."),
    ({"always": ["candidate"]}, "An invariant has either never or always."),
    ({"never": ["candidates"]}, "never: there is no status candidates. Did you mean candidate?"),
    ({"never": ["suspended"]}, "never: there is no status suspended."),
    ({"never": []}, "never is a list of one or more of candidate, conditional, excluded, not_indicated or possible."),
    ({"holds_for": "most"}, "holds_for is all records or consistent records, here is 'most'."),
    ({"why": " "}, "The why is missing."),
    ({"for_each": "rules"}, "for_each can only be options."),
    (
        {"for_each": "options", "when": {"feature": "illnesses", "op": "contains", "value": "$option"}},
        'illnesses: "drug" is not accepted; accepted is a list of heart, kidney or liver, each at most once, [] for none.',
    ),
    ({"zebra": 1}, "zebra is not a part of it."),
]


@pytest.mark.parametrize(("changed", "sentence"), INVARIANTS, ids=range(len(INVARIANTS)))
def test_an_invariant_that_is_not_sound_is_refused_with_its_place(changed: dict[str, Any], sentence: str) -> None:
    entry = {**SOUND, **changed}
    assert faults(invariants=[entry]) == [f"invariant INV-1: {sentence}"]


def test_an_invariants_code_is_there_and_unique() -> None:
    assert faults(invariants=[SOUND, SOUND]) == ["invariant INV-1: The code is used twice."]
    assert faults(invariants=[{**SOUND, "code": ""}]) == ["invariant : An invariant has a code."]
    assert faults(invariants=["INV-1"]) == ["invariants: Every entry of invariants is an object."]


def test_a_test_patient_is_a_typed_part_of_the_ruleset() -> None:
    (patient,) = ruleset(test_patients=[{**PATIENT, "confirmed_by": "A. Expert"}]).test_patients
    assert patient.features == {"grade": "G1", "ki67": 2, "illnesses": ("heart",)}
    assert patient.expected == {"watch": Status.CANDIDATE, "drug": Status.NOT_INDICATED}
    assert (patient.confirmed_by, patient.confirmed_on, patient.note) == ("A. Expert", "", "")


PATIENTS = [
    ({"title": ""}, "The title is missing."),
    ({"features": {"grade": "G4"}}, 'grade: "G4" is not accepted; accepted is one of G1, G2 or G3.'),
    ({"features": {"ki67": 101}}, "ki67: 101 is outside the range; accepted is a number from 0 to 100 (%)."),
    ({"features": None}, "features is an object of feature names and values, {} for nothing known."),
    ({"expected": {}}, "expected is an object of one or more option codes, each with a status."),
    ({"expected": {"knive": "candidate"}}, "There is no option knive. Did you mean knife?"),
    (
        {"expected": {"drug": "listed"}},
        "drug: there is no status listed; accepted is candidate, conditional, excluded, not_indicated or possible.",
    ),
    (
        {"expected": {"drug": []}},
        "drug: there is no status []; accepted is candidate, conditional, excluded, not_indicated or possible.",
    ),
    ({"confirmed_on": 2026}, "confirmed_on is text, here is 2026."),
    ({"confirmed": "yes"}, "confirmed is not a part of it. Did you mean confirmed_on?"),
]


@pytest.mark.parametrize(("changed", "sentence"), PATIENTS, ids=range(len(PATIENTS)))
def test_a_test_patient_that_is_not_sound_is_refused_with_its_place(changed: dict[str, Any], sentence: str) -> None:
    assert faults(test_patients=[{**PATIENT, **changed}]) == [f"test patient P-1: {sentence}"]


def test_a_feature_that_does_not_exist_is_refused_in_a_test_patient_and_in_a_case() -> None:
    (problem,) = faults(test_patients=[{**PATIENT, "features": {"grad": "G1"}}])
    assert problem.startswith("test patient P-1: grad: there is no such feature")
    (problem,) = faults(cases={"W-1": {"true": {"grad": "G1"}}})
    assert problem.startswith("cases of rule W-1, true: grad: there is no such feature")


def test_cases_of_a_rule_that_is_gone_are_left_out() -> None:
    asked = ruleset(cases={"W-1": {"true": {"grade": "G1"}}, "GONE": {"true": {}}})
    assert list(asked.cases) == ["W-1"]
    assert asked.cases["W-1"].by_value == {Truth.TRUE: {"grade": "G1"}}


def test_without_test_patients_a_ruleset_has_the_digest_it_had() -> None:
    assert "test_patients" not in ruleset().to_data()
    assert ruleset().digest == Ruleset.from_data(ruleset().to_data()).digest
    assert ruleset(test_patients=[PATIENT]).digest != ruleset().digest


def test_what_is_expected_and_what_is_so() -> None:
    asked = ruleset(
        cases={"W-1": {"true": {"grade": "G1"}, "false": {"grade": "G1"}}, "D-1": {"unknown": {}}},
        test_patients=[PATIENT, {**PATIENT, "code": "P-2", "expected": {"watch": "excluded"}}],
    )
    results = check_cases(asked)
    assert [(one.kind, one.title, one.passed) for one in results] == [
        ("rule case", "W-1 true", True),
        ("rule case", "W-1 false", False),
        ("rule case", "D-1 unknown", True),
        ("test patient", "Low grade", True),
        ("test patient", "Low grade", False),
    ]
    assert [failure.sentence for one in results for failure in one.failures] == [
        "W-1: false is expected, it is true.",
        "watch: excluded is expected, it is candidate.",
    ]


def test_coverage_names_what_no_case_and_no_test_patient_shows() -> None:
    rules = [rule("W-1", "watch", "indication", {"all": [GRADE, {"not": {"use": "on_record_free"}}]})]
    asked = ruleset(rules=rules, cases={"W-1": {"true": {"grade": "G1"}, "unknown": {}}})
    found = coverage(asked)
    assert found.patients == 2
    assert [(one.rule, one.missing) for one in found.rules] == [("W-1", (Truth.FALSE,))]
    assert {one.place: one.missing for one in found.parts} == {
        "all 1": (Truth.FALSE,),
        "all 2": (Truth.FALSE, Truth.UNKNOWN),
        "all 2, not": (Truth.TRUE, Truth.UNKNOWN),
        "all 2, not, use on_record_free": (Truth.TRUE, Truth.UNKNOWN),
        "all 2, not, use on_record_free, all 1": (Truth.TRUE,),
        "all 2, not, use on_record_free, all 2": (Truth.TRUE, Truth.FALSE),
    }
    whole = coverage(
        ruleset(rules=[rule("W-1", "watch", "indication", GRADE)],
                cases={"W-1": {"true": {"grade": "G1"}, "false": {"grade": "G2"}, "unknown": {}}})
    )  # fmt: skip
    assert (whole.rules, whole.parts) == ((), ())

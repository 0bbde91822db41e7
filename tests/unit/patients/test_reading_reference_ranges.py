"""The laboratory's reference range: in the unit of the value, refused where it cannot be that, and never assumed."""

from decimal import Decimal

import pytest

from pathways.engine import NumberRange
from pathways.knowledge import dictionary
from patients.entry import EntryRefused, RawEntry, Understood, understand
from patients.entry.reference import has_reference, own_ends, side_of

FEATURES = dictionary().features


def read(name: str, text: str, unit: str = "", **parts: str) -> Understood:
    understood = understand(FEATURES[name], RawEntry(text=text, unit=unit, **parts))
    assert understood is not None
    return understood


def refusal(name: str, text: str, unit: str = "", **parts: str) -> EntryRefused:
    with pytest.raises(EntryRefused) as caught:
        understand(FEATURES[name], RawEntry(text=text, unit=unit, **parts))
    return caught.value


def test_the_values_of_laboratory_reports_have_one_and_nothing_else_has() -> None:
    assert {name for name, feature in FEATURES.items() if has_reference(feature)} == {
        "egfr_ml_min", "hemoglobin_g_dl", "platelets_10e9_l", "neutrophils_10e9_l", "albumin_g_dl",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "kept", "said"),
    [
        ("12", "16", ("12", "16"), "reference 12–16 g/dL"),
        ("12,5 g/dL", "", ("12.5", ""), "reference from 12.5 g/dL"),
        ("", "16.0", ("", "16"), "reference up to 16 g/dL"),
    ],
)
def test_it_is_kept_as_printed_and_echoed(low: str, high: str, kept: tuple[str, str], said: str) -> None:
    understood = read("hemoglobin_g_dl", "11.2", "g/dL", reference_low=low, reference_high=high)
    assert (understood.reference_low, understood.reference_high) == kept
    assert understood.sentence == f"Hemoglobin: 11.2 g/dL; {said}"


def test_it_is_in_the_unit_of_the_value_and_compared_in_the_dictionary_s() -> None:
    understood = read("hemoglobin_g_dl", "7.5", "mmol/L", reference_low="7.4", reference_high="9.9")
    assert understood.sentence == "Hemoglobin: 7.5 mmol/L = 12.1 g/dL; reference 7.4–9.9 mmol/L"
    low, high = own_ends("hemoglobin_g_dl", understood.unit, understood.reference_low, understood.reference_high)
    assert (low, high) == (Decimal("11.9244"), Decimal("15.9529"))
    assert side_of(understood.value, low, high) == ""
    assert side_of(Decimal("11.9"), low, high) == "below"
    assert side_of(NumberRange(Decimal(16), Decimal(17), text="16–17"), low, high) == "above"
    assert side_of(NumberRange(Decimal(15), Decimal(17), text="15–17"), low, high) == ""


@pytest.mark.parametrize(
    ("part", "text", "sentence"),
    [
        ("reference_high", "160", "Hemoglobin, reference range, to: “160” is not accepted. Accepted is a number from 0 to "
         "25 g/dL, the unit of the value."),
        ("reference_high", "9.9 mmol/L", "Hemoglobin, reference range, to: “9.9 mmol/L” is not accepted."),
        ("reference_low", "12-16", "Hemoglobin, reference range, from: “12-16” is not accepted."),
        ("reference_low", "<12", "Hemoglobin, reference range, from: “<12” is not accepted."),
        ("reference_low", "twelve", "Hemoglobin, reference range, from: “twelve” is not a number."),
    ],
)  # fmt: skip
def test_what_cannot_be_the_range_of_the_value_is_refused_beside_its_field(part: str, text: str, sentence: str) -> None:
    problem = refusal("hemoglobin_g_dl", "11.2", "g/dL", **{part: text})
    assert problem.part == part
    assert problem.sentence.startswith(sentence)


def test_one_that_runs_backwards_one_that_is_two_numbers_and_one_without_a_value_are_refused() -> None:
    backwards = refusal("egfr_ml_min", "64", reference_low="120", reference_high="60")
    assert backwards.sentence == "eGFR: the reference range from 120 to 60 runs backwards."
    thousands = refusal("platelets_10e9_l", "188000", "/µL", reference_low="150.000")
    assert "“150.000” could be 150000 or 150" in thousands.sentence
    alone = refusal("egfr_ml_min", "", reference_low="60")
    assert alone.sentence.startswith("eGFR: the number is missing.")
    with pytest.raises(EntryRefused, match="“not known” was chosen together with a value"):
        understand(FEATURES["egfr_ml_min"], RawEntry(chosen=("not_known",), reference_low="60"))
    ki67 = refusal("ki67_percent", "8 %", reference_high="2")
    assert ki67.sentence == "Ki-67 is recorded without a reference range. Leave it empty."

"""Numbers as clinicians write them are read exactly, or refused with what is accepted."""

from decimal import Decimal

import pytest

from pathways.engine import NumberRange
from pathways.knowledge import dictionary
from patients.entry import EntryRefused, RawEntry, Understood, understand

FEATURES = dictionary().features


def read(name: str, text: str = "", unit: str = "", **parts: str) -> Understood:
    understood = understand(FEATURES[name], RawEntry(text=text, unit=unit, **parts))
    assert understood is not None
    return understood


def refusal(name: str, text: str = "", unit: str = "", **parts: str) -> EntryRefused:
    with pytest.raises(EntryRefused) as caught:
        understand(FEATURES[name], RawEntry(text=text, unit=unit, **parts))
    return caught.value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("8", "8"),
        ("8 %", "8"),
        (" 8% ", "8"),
        ("8 percent", "8"),
        ("2.5", "2.5"),
        ("2,5", "2.5"),
        ("0", "0"),
        ("0.15 %", "0.15"),
        ("0,15%", "0.15"),
        ("0.123456 %", "0.123456"),
        ("100", "100"),
        ("≤0", "0"),
        (">= 100", "100"),
        ("3-3", "3"),
    ],
)
def test_a_percentage_is_read_exactly(text: str, value: str) -> None:
    understood = read("ki67_percent", text)
    assert understood.value == Decimal(value)
    assert understood.as_written == " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "low", "high", "low_open", "high_open", "shown"),
    [
        ("<1", "0", "1", False, True, "<1 %"),
        ("<1 %", "0", "1", False, True, "<1 %"),
        ("< 1%", "0", "1", False, True, "<1 %"),
        ("<=2", "0", "2", False, False, "≤ 2 %"),
        ("≤ 2 %", "0", "2", False, False, "≤ 2 %"),
        (">20", "20", "100", True, False, ">20 %"),
        ("≥20", "20", "100", False, False, "≥ 20 %"),
        ("2-3", "2", "3", False, False, "2–3 %"),
        ("2–3 %", "2", "3", False, False, "2–3 %"),
        ("2 % - 3 %", "2", "3", False, False, "2–3 %"),
        ("2 to 3", "2", "3", False, False, "2–3 %"),
        ("2,5-3,5", "2.5", "3.5", False, False, "2.5–3.5 %"),
        ("2 — 3 %", "2", "3", False, False, "2–3 %"),
    ],
)
def test_a_range_is_kept_as_a_range(
    text: str, low: str, high: str, low_open: bool, high_open: bool, shown: str
) -> None:
    understood = read("ki67_percent", text)
    assert understood.value == NumberRange(Decimal(low), Decimal(high), low_open, high_open, shown)
    assert understood.sentence == f"Ki-67: {shown}"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("0.15", "Ki-67: “0.15” could be 15 % or 0.15 %. Write it with the sign %."),
        ("0,5", "Ki-67: “0,5” could be 50 % or 0.5 %. Write it with the sign %."),
        ("<0.5", "Ki-67: “<0.5” could be 50 % or 0.5 %. Write it with the sign %."),
        ("0.2-0.3", "Ki-67: “0.2-0.3” could be 20 % or 0.2 %. Write it with the sign %."),
        ("1,234", "Ki-67: “1,234” could be 1234 or 1.234. Leave out the separator of thousands."),
        ("101", "Ki-67: “101” is not accepted. Accepted is a number from 0 to 100 %."),
        ("-3", "Ki-67: “-3” is not a number. Accepted is a number from 0 to 100 %."),
        ("<0", "Ki-67: “<0” leaves no number. Accepted is a number from 0 to 100 %."),
        (">100", "Ki-67: “>100” leaves no number. Accepted is a number from 0 to 100 %."),
        ("3-2", "Ki-67: “3-2” runs backwards. Write the smaller number first."),
        ("<2-3", "Ki-67: “<2-3” is both a range and a limit. Accepted is a number from 0 to 100 %."),
        ("low", "Ki-67: “low” is not a number. Accepted is a number from 0 to 100 %."),
        ("5 mm", "Ki-67: the unit “mm” is not accepted. Accepted is a number from 0 to 100 %."),
        ("about 5", "Ki-67: “about 5” is not a number. Accepted is a number from 0 to 100 %."),
    ],
)
def test_what_could_mean_two_things_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    assert refusal("ki67_percent", text).sentence == sentence


HOSTILE = [
    "NaN",
    "Infinity",
    "-inf",
    "1e3",
    "0x10",
    "1_000",
    "1'000",
    "1 000",
    "٣",
    "²",
    "½",
    "⅓",
    "１２",
    "--2",
    "2-",
    "-",
    ".5",
    "5.",
    "1.2.3",
    "2,5,1",
    "<",
    "<>",
    "<<2",
    "2<",
    "=2",
    "==2",
    "2;3",
    "2/3",
    "2|3",
    "2\x003",
    "\u202e2",
    "2\u200b",
    "999999999999",
    "=1+1",
    "@SUM(A1)",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s",
    "null",
    "None",
    "true",
    "2 %%%%",
    "9" * 500,
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["ki67_percent", "egfr_ml_min", "ecog", "metastasis_count", "hemoglobin_g_dl"])
def test_hostile_text_is_refused_and_never_read_as_a_number(name: str, text: str) -> None:
    sentence = refusal(name, text).sentence
    assert sentence.startswith(FEATURES[name].title)
    assert len(sentence) < 300


@pytest.mark.parametrize(
    ("text", "unit", "value", "sentence"),
    [
        ("12.1", "g/dL", "12.1", "Hemoglobin: 12.1 g/dL"),
        ("121", "g/L", "12.1", "Hemoglobin: 121 g/L = 12.1 g/dL"),
        ("7.5", "mmol/L", "12.0855", "Hemoglobin: 7.5 mmol/L = 12.1 g/dL"),
        ("7,5 mmol/l", "", "12.0855", "Hemoglobin: 7,5 mmol/l = 12.1 g/dL"),
        ("4.96", "mmol/L", "7.9925", "Hemoglobin: 4.96 mmol/L = 7.99 g/dL"),
    ],
)
def test_hemoglobin_is_converted_and_echoed(text: str, unit: str, value: str, sentence: str) -> None:
    understood = read("hemoglobin_g_dl", text, unit)
    assert understood.value == Decimal(value)
    assert understood.sentence == sentence


@pytest.mark.parametrize(
    ("name", "text", "unit", "readings"),
    [
        ("platelets_10e9_l", "188.000", "/µL", "188000 or 188"),
        ("platelets_10e9_l", "188.000 /µL", "", "188000 or 188"),
        ("neutrophils_10e9_l", "3.200", "/µL", "3200 or 3.2"),
    ],
)
def test_a_dot_before_three_digits_is_judged_in_the_unit_that_was_typed(
    name: str, text: str, unit: str, readings: str
) -> None:
    sentence = refusal(name, text, unit).sentence
    assert sentence.endswith(f" could be {readings}. Leave out the separator of thousands.")


def test_a_dot_that_can_only_be_a_decimal_is_read_as_one() -> None:
    assert read("neutrophils_10e9_l", "5.125", "10^9/L").value == Decimal("5.125")


def test_an_echo_never_rounds_a_number_to_nothing() -> None:
    assert "0.0032" in read("neutrophils_10e9_l", "3.2", "/µL").sentence


def test_hemoglobin_without_a_unit_is_refused() -> None:
    problem = refusal("hemoglobin_g_dl", "7.5")
    assert problem.sentence == "Hemoglobin: “7.5” has no unit. Choose g/dL, g/L, mmol/L."
    assert problem.part == "unit"


def test_two_units_that_differ_are_refused() -> None:
    assert refusal("hemoglobin_g_dl", "7.5 mmol/L", "g/dL").sentence == (
        "Hemoglobin: mmol/L is written, g/dL is chosen. Leave one."
    )


@pytest.mark.parametrize(
    ("text", "unit", "limit", "value"),
    [
        ("0.8", "times upper limit of normal", "", "0.8"),
        ("0.8 x ULN", "", "", "0.8"),
        ("1.8", "mg/dL", "1.2", "1.5"),
        ("1,8", "mg/dL", "1,2 mg/dL", "1.5"),
        ("63", "µmol/L", "21", "3"),
        ("63 umol/L", "", "21", "3"),
        ("34", "μmol/L", "21", "1.6190"),
    ],
)
def test_bilirubin_is_a_multiple_of_the_laboratorys_own_limit(text: str, unit: str, limit: str, value: str) -> None:
    assert read("bilirubin_x_uln", text, unit, upper_limit=limit).value == Decimal(value)


def test_the_echo_of_bilirubin_names_the_limit_it_was_divided_by() -> None:
    understood = read("bilirubin_x_uln", "34", "µmol/L", upper_limit="21")
    assert understood.sentence == "Bilirubin: 34 µmol/L, upper limit 21 µmol/L = 1.6 × ULN"


@pytest.mark.parametrize(
    ("text", "unit", "limit", "part", "fragment"),
    [
        ("1.9", "mg/dL", "", "upper_limit", "needs the laboratory's upper limit in mg/dL"),
        ("1.9", "mg/dL", "21", "upper_limit", "21 mg/dL is not plausible. Check the unit."),
        ("34", "µmol/L", "1.2", "upper_limit", "1.2 µmol/L is not plausible. Check the unit."),
        ("34", "µmol/L", "1.2 mg/dL", "upper_limit", "is not a number in µmol/L"),
        ("34", "µmol/L", "0", "upper_limit", "is not plausible"),
        ("34", "µmol/L", "10-20", "upper_limit", "is not a number in µmol/L"),
        ("0.8", "", "", "unit", "has no unit"),
        ("0.8", "times upper limit of normal", "1.2", "upper_limit", "needs none"),
        ("", "mg/dL", "1.2", "text", "the number is missing"),
    ],
)
def test_bilirubin_in_doubt_is_refused(text: str, unit: str, limit: str, part: str, fragment: str) -> None:
    problem = refusal("bilirubin_x_uln", text, unit, upper_limit=limit)
    assert fragment in problem.sentence
    assert problem.part == part


@pytest.mark.parametrize(
    ("text", "unit", "parts", "value"),
    [
        ("4", "per 2 mm2", {}, "4"),
        ("3", "per mm2", {}, "6"),
        ("10", "in area", {"area": "5"}, "4"),
        ("7", "in fields", {"fields": "10", "field_area": "0.2"}, "7"),
        ("7", "in fields", {"fields": "10", "field_area": "0,237"}, "5.9072"),
        ("4/2 mm²", "", {}, "4"),
        ("4 per 2 mm2", "", {}, "4"),
        ("14 in 10 mm2", "", {}, "2.8"),
        ("3/mm2", "", {}, "6"),
        ("7/10 HPF", "", {"field_area": "0.2"}, "7"),
        ("7 per 10 HPF", "", {"area": "2"}, "7"),
    ],
)
def test_mitoses_are_computed_from_count_and_area(text: str, unit: str, parts: dict[str, str], value: str) -> None:
    assert read("mitoses_per_2mm2", text, unit, **parts).value == Decimal(value)


@pytest.mark.parametrize("text", ["7 per 10 HPF", "7/10 HPF", "7/HPF", "7 in 10 high-power fields"])
def test_a_count_in_high_power_fields_without_their_area_is_refused(text: str) -> None:
    problem = refusal("mitoses_per_2mm2", text)
    assert problem.sentence == (
        "Mitotic count: “7” in high-power fields: a high-power field has a different area in every microscope. "
        "Give the area counted in mm², or the number of fields and the area of one field in mm²."
    )
    assert problem.part == "field_area"


def test_a_bare_count_of_mitoses_is_refused() -> None:
    assert refusal("mitoses_per_2mm2", "7").part == "unit"


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("245", "10^9/L", "245"),
        ("245 × 10^9/L", "", "245"),
        ("245", "10^3/µL", "245"),
        ("245000", "/µL", "245"),
        ("245000 /µl", "", "245"),
        ("200-250", "10^9/L", None),
    ],
)
def test_platelets_are_read_in_the_units_of_reports(text: str, unit: str, value: str | None) -> None:
    read_value = read("platelets_10e9_l", text, unit).value
    expected = Decimal(value) if value else NumberRange(Decimal(200), Decimal(250), text="200–250 × 10⁹/L")
    assert read_value == expected


@pytest.mark.parametrize("text", ["1.234", "1,234", "12,345"])
def test_a_thousands_separator_in_a_wide_range_is_refused(text: str) -> None:
    assert "Leave out the separator of thousands." in refusal("platelets_10e9_l", text, "10^9/L").sentence


def test_a_point_that_can_only_be_a_decimal_point_is_read() -> None:
    assert read("hemoglobin_g_dl", "12.345", "g/dL").value == Decimal("12.345")


@pytest.mark.parametrize(
    ("text", "sentence"), [("1.5", "is not a whole number"), ("1-2.5", "is not a whole number"), ("5", "")]
)
def test_a_whole_number_stays_whole(text: str, sentence: str) -> None:
    assert sentence in refusal("ecog", text).sentence


def test_centimeters_become_millimeters() -> None:
    understood = read("tumor_size_mm", "2,3", "cm")
    assert understood.value == Decimal(23)
    assert understood.sentence == "Size of the primary: 2,3 cm = 23 mm"


@pytest.mark.parametrize(
    ("text", "parts", "part"),
    [
        ("7 / 50 HPF", {"fields": "10", "field_area": "0.2"}, "fields"),
        ("7 per 10 mm²", {"area": "2"}, "area"),
    ],
)
def test_an_area_typed_twice_and_differently_is_refused(text: str, parts: dict[str, str], part: str) -> None:
    problem = refusal("mitoses_per_2mm2", text, **parts)
    assert problem.part == part
    assert "Leave one." in problem.sentence

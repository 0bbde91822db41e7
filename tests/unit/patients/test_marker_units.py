"""Units of markers: those that a marker has are accepted, whatever their spelling; only what is exact is converted."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.engine import NumberRange
from patients.entry import EntryRefused
from patients.entry.marker_units import (
    UNITS,
    accepted_unit,
    choices_of_units,
    converted,
    factor_between,
    units_of_marker,
)
from patients.entry.markers import read_value
from patients.models import MarkerName

TITLES = dict(MarkerName.choices)
PAIRS = [(marker, one.text, other.text) for marker, units in UNITS.items() for one in units for other in units]


@pytest.mark.parametrize(
    ("marker", "value", "one", "other", "expected"),
    [
        ("chromogranin_a", "61", "µg/L", "ng/mL", "61"),
        ("five_hiaa", "100", "µmol/24 h", "mg/24 h", "19.118"),
        ("five_hiaa", "19.118", "mg/24 h", "µmol/24 h", "100"),
        ("five_hiaa", "100", "nmol/L", "µg/L", "19.118"),
        ("glucose", "5", "mmol/L", "mg/dL", "90.08"),
        ("normetanephrine", "1", "nmol/L", "pg/mL", "183.2"),
        ("metanephrine", "1000", "pmol/L", "ng/L", "197.23"),
        ("insulin", "12", "mU/L", "µU/mL", "12"),
    ],
)
def test_what_is_exact_is_converted(marker: str, value: str, one: str, other: str, expected: str) -> None:
    factor = factor_between(marker, one, other)
    assert factor is not None
    assert abs(Decimal(value) * factor - Decimal(expected)) < Decimal("1e-20")


@pytest.mark.parametrize(
    ("marker", "one", "other"),
    [
        ("chromogranin_a", "nmol/L", "ng/mL"),
        ("chromogranin_a", "U/L", "ng/mL"),
        ("gastrin", "pmol/L", "pg/mL"),
        ("insulin", "pmol/L", "µU/mL"),
        ("five_hiaa", "mg/24 h", "mg/g creatinine"),
        ("normetanephrine", "times the upper limit", "nmol/L"),
        ("five_hiaa", "furlongs", "mg/24 h"),
        ("other", "U/mL", "kU/L"),
    ],
)
def test_what_is_not_exact_or_not_known_is_not_converted(marker: str, one: str, other: str) -> None:
    assert factor_between(marker, one, other) is None


def test_a_unit_on_record_that_is_not_of_the_list_is_the_same_as_itself() -> None:
    assert factor_between("chromogranin_a", "units of the old kit", "units of the old kit") == 1
    assert factor_between("other", "U/mL", "u/mL") == 1


@given(st.sampled_from(PAIRS), st.decimals(Decimal("0.01"), Decimal(100000), places=2))
def test_there_and_back_is_the_same_value(pair: tuple[str, str, str], value: Decimal) -> None:
    marker, one, other = pair
    there, back = factor_between(marker, one, other), factor_between(marker, other, one)
    assert (there is None) is (back is None)
    if there is not None and back is not None:
        assert abs(value * there * back - value) < Decimal("1e-15")


def test_a_limit_stays_a_limit_in_another_unit() -> None:
    value = converted(NumberRange(Decimal(0), Decimal(5), high_open=True, text="<5"), Decimal(2))
    assert value == NumberRange(Decimal(0), Decimal(10), high_open=True)


@pytest.mark.parametrize(
    ("marker", "written", "kept"),
    [
        ("chromogranin_a", "ug/l", "µg/L"),
        ("chromogranin_a", "NG/ML", "ng/mL"),
        ("five_hiaa", "umol/24 h", "µmol/24 h"),
        ("five_hiaa", "mg/d", "mg/24 h"),
        ("insulin", "uIU/mL", "µU/mL"),
        ("other", "arbitrary  units", "arbitrary units"),
    ],
)
def test_spellings_of_a_unit_are_one_unit(marker: str, written: str, kept: str) -> None:
    assert accepted_unit(marker, TITLES[marker], written) == kept


def test_a_unit_that_is_not_the_markers_is_refused_with_those_that_are_accepted() -> None:
    with pytest.raises(EntryRefused) as refused:
        read_value("92 ng/dL", "", marker="chromogranin_a", title="chromogranin A")
    assert refused.value.sentence == (
        "Unit: chromogranin A is not reported in “ng/dL”. Accepted is ng/mL, µg/L, nmol/L, U/L, times the upper limit."
    )
    assert refused.value.part == "unit"
    with pytest.raises(EntryRefused, match=r"has no unit. Accepted is mg/24 h, µmol/24 h"):
        read_value("92", "", marker="five_hiaa", title="5-HIAA")


def test_the_unit_of_a_measurement_that_is_corrected_may_stay_as_it_is() -> None:
    assert read_value("9", "old units", marker="nse", title="NSE", kept="old units").unit == "old units"
    with pytest.raises(EntryRefused):
        read_value("9", "old units", marker="nse", title="NSE", kept="other units")


def test_every_marker_of_the_list_has_units_and_each_can_be_chosen() -> None:
    assert {marker.value for marker in MarkerName} == {*UNITS, "other"}
    choices = dict(choices_of_units(TITLES))
    for marker in UNITS:
        texts = [unit.text for unit in units_of_marker(marker)]
        assert len(set(texts)) == len(texts)
        assert set(texts) <= set(choices)
        assert all(TITLES[marker] in choices[text] for text in texts)

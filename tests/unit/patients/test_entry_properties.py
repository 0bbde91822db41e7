"""Whatever is typed: it is understood exactly, or refused; never an exception of another kind, never another number."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from pathways.engine import Feature, NumberRange, number_text
from pathways.knowledge import dictionary
from patients.entry import EntryRefused, PartialDate, RawEntry, Understood, parse_partial, show_day, understand
from patients.entry.prefill import raw_entry
from patients.entry.reading import can_be_entered
from patients.entry.units import units_of
from patients.values import from_text, to_text

FEATURES = dictionary().features
NUMBERS = [one for one in FEATURES.values() if one.kind == "number" and can_be_entered(one)]
SIGNS = "0123456789.,-–<>≤≥=% /+eE'_"
TYPED = st.text(alphabet=SIGNS, max_size=12) | st.text(max_size=30)
DECIMALS = st.decimals(min_value=0, max_value=3000, places=2, allow_nan=False, allow_infinity=False)


def understood_or_sentence(feature: Feature, raw: RawEntry) -> Understood | str | None:
    try:
        return understand(feature, raw)
    except EntryRefused as problem:
        return problem.sentence


def date_or_sentence(text: str) -> PartialDate | str:
    try:
        return parse_partial("Day", text, today=date(2026, 11, 26))
    except EntryRefused as problem:
        return problem.sentence


@given(feature=st.sampled_from(NUMBERS), text=TYPED, unit=TYPED, limit=TYPED, area=TYPED)
def test_any_text_is_understood_within_the_range_or_refused(feature, text, unit, limit, area) -> None:
    units = units_of(feature.name)
    raw = RawEntry(text=text, unit=units[len(unit) % len(units)].code if units else unit, upper_limit=limit, area=area)
    understood = understood_or_sentence(feature, raw)
    if isinstance(understood, str):
        assert understood.startswith(feature.title)
        return
    if understood is None:
        assert raw.is_blank
        return
    low, high = (
        (understood.value.low, understood.value.high)
        if isinstance(understood.value, NumberRange)
        else (understood.value, understood.value)
    )
    assert feature.low <= low <= high <= feature.high


@given(
    feature=st.sampled_from([one for one in NUMBERS if not units_of(one.name)]), number=DECIMALS, comma=st.booleans()
)
def test_a_plain_number_is_never_changed(feature, number, comma) -> None:
    text = str(number).replace(".", ",") if comma else str(number)
    if feature.unit == "%":
        text += " %"
    try:
        understood = understand(feature, RawEntry(text=text))
    except EntryRefused:
        whole = number == number.to_integral_value()
        assert not feature.low <= number <= feature.high or (feature.integer and not whole)
        return
    assert understood is not None
    assert understood.value == number


@given(first=DECIMALS, second=DECIMALS)
def test_a_range_holds_exactly_its_ends(first, second) -> None:
    low, high = sorted((first, second))
    if high > 100 or low == high:
        return
    understood = understand(FEATURES["ki67_percent"], RawEntry(text=f"{low}-{high} %"))
    assert understood is not None
    assert isinstance(understood.value, NumberRange)
    assert (understood.value.low, understood.value.high) == (low, high)
    assert understood.value.holds(low)
    assert understood.value.holds(high)


@given(number=st.decimals(min_value=0, max_value=15, places=1), unit=st.sampled_from(["g/dL", "g/L", "mmol/L"]))
def test_a_converted_value_corrected_without_a_change_stays_the_same(number, unit) -> None:
    feature = FEATURES["hemoglobin_g_dl"]
    try:
        understood = understand(feature, RawEntry(text=number_text(number), unit=unit))
    except EntryRefused:
        return
    assert understood is not None
    again = understand(feature, raw_entry(feature, value=understood.value, as_written=understood.as_written))
    assert again is not None
    assert again.value == understood.value


RANGES = (
    st.tuples(DECIMALS, DECIMALS)
    .filter(lambda ends: ends[0] != ends[1])
    .map(lambda ends: NumberRange(min(ends), max(ends), text="as written “2–3 %”"))
)


@given(st.booleans() | st.text(max_size=20) | DECIMALS | RANGES | st.lists(st.text(max_size=8), max_size=4).map(tuple))
def test_a_value_is_kept_and_read_back_the_same(value) -> None:
    assert from_text(to_text(value)) == value
    assert to_text(from_text(to_text(value))) == to_text(value)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 11, 26)))
def test_every_day_is_read_in_the_form_in_which_it_is_shown(day) -> None:
    today = date(2026, 11, 26)
    for text in (day.isoformat(), show_day(day)):
        assert parse_partial("Day", text, today=today).first == day


@given(st.text(max_size=40))
def test_any_text_is_a_date_that_is_past_or_refused(text) -> None:
    partial = date_or_sentence(text)
    if isinstance(partial, str):
        assert partial.startswith("Day: ")
        return
    assert partial.first <= date(2026, 11, 26)
    assert partial.first <= partial.last

"""The reference range that a laboratory prints beside a value: its ends, in the unit of the value, and how it is said.

Only numbers of laboratory reports have one here; bilirubin is recorded as a multiple of the upper limit and has its limit
in that. Nothing is assumed where the report gives none. Pure. Called by the parsers of data entry, by the record's actions
and by the pages.
"""

from decimal import Decimal

from pathways.engine import Feature, NumberRange, Value, number_text
from patients.entry import numbers, units
from patients.entry.problems import EntryRefused, quoted

PARTS = ("reference_low", "reference_high")
LABELS = {"reference_low": "Reference range, from", "reference_high": "to"}
_NAMES = {"reference_low": "reference range, from", "reference_high": "reference range, to"}


def has_reference(feature: Feature) -> bool:
    """Whether a laboratory prints a range beside this feature."""
    return feature.topic == "laboratory" and feature.kind == "number" and feature.name != "bilirubin_x_uln"


def factor_of(feature_name: str, unit: str) -> Decimal:
    """What turns a number in the unit of a reading into the dictionary's unit."""
    found = units.unit_named(feature_name, unit) if unit else None
    return found.factor if found else units.ONE


def read_reference(feature: Feature, low: str, high: str, unit: str) -> tuple[str, str]:
    """Both ends as plain decimal numbers in ``unit``, empty where nothing was written. Raises EntryRefused."""
    texts = dict(zip(PARTS, (low, high), strict=True))
    written = [part for part, text in texts.items() if text.strip()]
    if written and not has_reference(feature):
        raise EntryRefused(f"{feature.title} is recorded without a reference range. Leave it empty.", written[0])
    ends = {part: _end(feature, part, texts[part], unit) for part in written}
    if len(ends) == 2 and ends["reference_low"] > ends["reference_high"]:
        raise EntryRefused(
            f"{feature.title}: the reference range from {number_text(ends['reference_low'])} to "
            f"{number_text(ends['reference_high'])} runs backwards.",
            "reference_high",
        )
    kept = {part: number_text(end) for part, end in ends.items()}
    return kept.get("reference_low", ""), kept.get("reference_high", "")


def _end(feature: Feature, part: str, text: str, unit: str) -> Decimal:
    """One end, which must be possible for the feature in the unit of the value: 135 to 175 g/dL is another unit's."""
    title, factor = f"{feature.title}, {_NAMES[part]}", factor_of(feature.name, unit)
    least, most = feature.low / factor, feature.high / factor
    accepted = f"a number from {_plain(least)} to {_plain(most)} {unit}, the unit of the value"
    try:
        typed = numbers.read(title, text, accepted=accepted, thousands_below=most)
    except EntryRefused as problem:
        raise EntryRefused(problem.sentence, part) from None
    other_unit = typed.unit and not _same_unit(feature, typed.unit, unit)
    if typed.sign or typed.second is not None or other_unit or not least <= typed.first <= most:
        raise EntryRefused(f"{title}: {quoted(text)} is not accepted. Accepted is {accepted}.", part)
    return typed.first


def _same_unit(feature: Feature, one: str, other: str) -> bool:
    first = units.unit_named(feature.name, one)
    return first.text == other if first else units.written_alike(one, other) or units.written_alike(one, feature.unit)


def _plain(number: Decimal) -> str:
    return number_text(Decimal(f"{number:.4g}")) if number else "0"


def own_ends(feature_name: str, unit: str, low: str, high: str) -> tuple[Decimal | None, Decimal | None]:
    """Both ends in the dictionary's unit, in which values are compared and drawn."""
    factor = factor_of(feature_name, unit)
    first, second = (numbers.rounded(Decimal(end) * factor) if end else None for end in (low, high))
    return first, second


def range_text(low: str, high: str) -> str:
    """12–16, up to 16, from 12; empty where the report gives none."""
    if low and high:
        return f"{low}–{high}"
    return f"up to {high}" if high else f"from {low}" if low else ""


def with_reference(sentence: str, low: str, high: str, unit: str) -> str:
    """The sentence that echoes a value, with the range beside it; as it is where the report gives none."""
    text = range_text(low, high)
    return f"{sentence}; reference {text} {unit}".strip() if text else sentence


def side_of(value: Value | None, low: Decimal | None, high: Decimal | None) -> str:
    """above or below the laboratory's own range, where that is certain; else nothing."""
    if not isinstance(value, Decimal | NumberRange):
        return ""
    least, most = (value.low, value.high) if isinstance(value, NumberRange) else (value, value)
    if high is not None and least > high:
        return "above"
    return "below" if low is not None and most < low else ""

"""A marker value as a laboratory reports it: 61, 1,240 refused, <5 kept as written, with its unit and reference range.

Pure. Called by the marker form.
"""

from dataclasses import dataclass
from decimal import Decimal

from pathways.engine import NumberRange
from patients.entry import numbers
from patients.entry.marker_units import accepted_unit, units_of_marker
from patients.entry.problems import EntryRefused, quoted
from patients.entry.units import written_alike

# No marker is reported in numbers beyond this; it stands for "no upper end" in ">5000".
HIGHEST = Decimal(10) ** 12
ACCEPTED = "a number such as 61 or 7.5, or a limit such as <5"


@dataclass(frozen=True, slots=True)
class MarkerValue:
    value: Decimal | NumberRange
    unit: str
    as_written: str


def read_value(text: str, unit: str, *, marker: str = "", title: str = "", kept: str = "") -> MarkerValue:
    """The value and its unit, which must be one of the marker's; it may stand behind the number or in its own field.

    `kept`: the unit of the measurement that is being corrected, which may stay as it is. Raises EntryRefused.
    """
    typed = numbers.read("Value", text, accepted=ACCEPTED)
    chosen = " ".join(unit.split())
    if typed.unit and chosen and not written_alike(typed.unit, chosen):
        raise EntryRefused(
            f"Unit: {quoted(typed.unit)} stands behind the value, {quoted(chosen)} in its field.", "unit"
        )
    unit = chosen or typed.unit
    if not unit:
        raise EntryRefused(f"Unit: {quoted(text)} has no unit. {_say_units(marker)}", "unit")
    unit = kept if kept and unit == kept else accepted_unit(marker, title, unit)
    try:
        value = typed.value(Decimal(0), HIGHEST, unit)
    except ValueError:
        raise EntryRefused(f"Value: {quoted(text)} leaves no number. Accepted is {ACCEPTED}.") from None
    return MarkerValue(value, unit, " ".join(text.split()))


def _say_units(marker: str) -> str:
    units = units_of_marker(marker)
    return f"Accepted is {', '.join(one.text for one in units)}." if units else "Write the unit of the report."


def read_bound(title: str, text: str, part: str) -> Decimal | None:
    """One end of the laboratory's reference range; empty where the report gives none."""
    if not text.strip():
        return None
    try:
        typed = numbers.read(title, text, accepted="a number")
    except EntryRefused as problem:
        raise EntryRefused(problem.sentence, part) from None
    if typed.sign or typed.second is not None:
        raise EntryRefused(f"{title}: {quoted(text)} is not one number. Accepted is a number.", part)
    return typed.first

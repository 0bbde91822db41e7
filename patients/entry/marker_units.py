"""The units in which each marker is reported, and how one becomes another where that is exact.

What it is: for each marker of the list its units, in families; within a family a value is converted by one factor, from one
family to another never. Mass per volume is exact in itself (1 ng/mL is 1 µg/L). Amount of substance is exact only for a
molecule of one kind, by its molar mass, as PubChem gives it from the IUPAC atomic weights: 5-HIAA 191.18 g/mol, creatinine
113.12, glucose 180.16, normetanephrine 183.20, metanephrine 197.23. Peptides are not: chromogranin A and gastrin circulate
in several lengths, and for insulin two factors are in use, so their nmol/L or pmol/L stand apart, as do units of activity.
What it refuses to do: take a unit that is not the marker's, convert what is not exact, or change a value on record.
Pure. Called by the form, the import, the actions and the timeline.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pathways.engine import NumberRange
from patients.entry.problems import EntryRefused, quoted
from patients.entry.units import written_alike

ONE, THOUSANDTH = Decimal(1), Decimal("0.001")
FIVE_HIAA, CREATININE, GLUCOSE = Decimal("191.18"), Decimal("113.12"), Decimal("180.16")
NORMETANEPHRINE, METANEPHRINE = Decimal("183.20"), Decimal("197.23")


@dataclass(frozen=True, slots=True)
class MarkerUnit:
    """One unit: how it is shown, how else it is written, its family, and what is multiplied to reach the family's first."""

    text: str
    family: str
    factor: Decimal = ONE
    spellings: tuple[str, ...] = ()

    def is_written(self, text: str) -> bool:
        plain = (one.replace("µ", "u") for one in (self.text, *self.spellings))
        return any(written_alike(text, one) for one in (self.text, *self.spellings, *plain))


def _mass(*texts: str) -> tuple[MarkerUnit, ...]:
    """Units of mass per volume that are the same number."""
    return tuple(MarkerUnit(text, "mass per volume") for text in texts)


def _ratio() -> MarkerUnit:
    spellings = ("times upper limit", "times the upper limit of normal", "x ULN", "ULN")
    return MarkerUnit("times the upper limit", "times the upper limit", ONE, spellings)


def _metanephrine(molar_mass: Decimal) -> tuple[MarkerUnit, ...]:
    substance = (
        MarkerUnit("nmol/L", "mass per volume", molar_mass),
        MarkerUnit("pmol/L", "mass per volume", molar_mass * THOUSANDTH),
    )
    return (*_mass("pg/mL", "ng/L"), *substance, _ratio())


UNITS: dict[str, tuple[MarkerUnit, ...]] = {
    "chromogranin_a": (
        *_mass("ng/mL", "µg/L"),
        MarkerUnit("nmol/L", "amount of substance"),
        MarkerUnit("U/L", "activity"),
        _ratio(),
    ),
    "five_hiaa": (
        MarkerUnit("mg/24 h", "per day", ONE, ("mg/d", "mg/day", "mg per 24 h", "mg/24 hours")),
        MarkerUnit("µmol/24 h", "per day", FIVE_HIAA * THOUSANDTH, ("µmol/d", "µmol/day", "umol/24 h", "umol/d")),
        MarkerUnit("mg/g creatinine", "per creatinine", ONE, ("mg/g crea", "mg/g Cr")),
        MarkerUnit(
            "µmol/mmol creatinine", "per creatinine", FIVE_HIAA / CREATININE, ("umol/mmol creatinine", "µmol/mmol crea")
        ),
        MarkerUnit("ng/mL", "in blood"),
        MarkerUnit("µg/L", "in blood"),
        MarkerUnit("nmol/L", "in blood", FIVE_HIAA * THOUSANDTH),
        _ratio(),
    ),
    "gastrin": (*_mass("pg/mL", "ng/L"), MarkerUnit("pmol/L", "amount of substance"), _ratio()),
    "insulin": (
        MarkerUnit("µU/mL", "activity", ONE, ("uU/mL", "µIU/mL", "uIU/mL")),
        MarkerUnit("mU/L", "activity", ONE, ("mIU/L",)),
        MarkerUnit("pmol/L", "amount of substance"),
    ),
    "glucose": (
        MarkerUnit("mg/dL", "mass per volume"),
        MarkerUnit("mmol/L", "mass per volume", GLUCOSE / 10),
    ),
    "glucagon": (*_mass("pg/mL", "ng/L"), MarkerUnit("pmol/L", "amount of substance")),
    "vip": (*_mass("pg/mL", "ng/L"), MarkerUnit("pmol/L", "amount of substance")),
    "nse": (*_mass("ng/mL", "µg/L"), _ratio()),
    "normetanephrine": _metanephrine(NORMETANEPHRINE),
    "metanephrine": _metanephrine(METANEPHRINE),
    "ki67": (MarkerUnit("%", "share", ONE, ("percent",)),),
}


def units_of_marker(marker: str) -> tuple[MarkerUnit, ...]:
    """The units that a marker is reported in; none for a marker that is not of the list, whose unit is taken as written."""
    return UNITS.get(marker, ())


def marker_unit(marker: str, text: str) -> MarkerUnit | None:
    """The unit of the marker that is written so."""
    return next((unit for unit in units_of_marker(marker) if unit.is_written(text)), None)


def accepted_unit(marker: str, title: str, text: str) -> str:
    """The unit as it is kept. Raises EntryRefused with what is accepted for a unit that is not the marker's."""
    plain = " ".join(text.split())
    if not units_of_marker(marker):
        return plain
    found = marker_unit(marker, plain)
    if found is None:
        listed = ", ".join(unit.text for unit in units_of_marker(marker))
        raise EntryRefused(f"Unit: {title} is not reported in {quoted(plain)}. Accepted is {listed}.", "unit")
    return found.text


def choices_of_units(titles: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Every unit once, with the markers that it is for, by their titles."""
    markers: dict[str, list[str]] = {}
    for marker, units in UNITS.items():
        for unit in units:
            markers.setdefault(unit.text, []).append(titles[marker])
    for text, names in markers.items():
        yield text, f"{text} ({', '.join(names)})"


def factor_between(marker: str, one: str, other: str) -> Decimal | None:
    """What a value in one unit is multiplied by to be in the other; None where that is not exact or not known."""
    first, second = marker_unit(marker, one), marker_unit(marker, other)
    if first is None or second is None:
        return ONE if " ".join(one.split()).casefold() == " ".join(other.split()).casefold() else None
    return first.factor / second.factor if first.family == second.family else None


def converted(value: Decimal | NumberRange, factor: Decimal) -> Decimal | NumberRange:
    """The value in another unit, exactly; a range stays a range."""
    if isinstance(value, NumberRange):
        return NumberRange(value.low * factor, value.high * factor, value.low_open, value.high_open)
    return value * factor

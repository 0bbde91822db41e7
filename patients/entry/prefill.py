"""A recorded value put back into the inputs of its form, so that a correction starts from what was written.

Pure. Called by the correction form.
"""

import re

from pathways.engine import Feature, Value, number_text, plain
from patients.entry import units
from patients.entry.reading import NONE_OF_THESE, NOT_KNOWN, RawEntry

_BILIRUBIN = re.compile(r"(?P<text>.+), upper limit (?P<limit>[0-9.,]+) (?P<unit>.+)")
_FIELDS = re.compile(r"(?P<text>.+) in (?P<fields>[0-9.,]+) fields of (?P<area>[0-9.,]+) mm²")
_AREA = re.compile(r"(?P<text>.+) in (?P<area>[0-9.,]+) mm²")


def raw_entry(feature: Feature, *, value: Value | None, as_written: str) -> RawEntry:
    """The inputs as they would have to be filled in to mean the same."""
    if value is None:
        return RawEntry(chosen=(NOT_KNOWN,))
    match value:
        case bool():
            return RawEntry(chosen=("yes" if value else "no",))
        case str():
            return RawEntry(chosen=(value,))
        case tuple():
            return RawEntry(chosen=value or (NONE_OF_THESE,))
    if feature.name == "bilirubin_x_uln" and (match := _BILIRUBIN.fullmatch(as_written)):
        unit = units.unit_named(feature.name, match["unit"])
        return RawEntry(
            text=_bare(match["text"], match["unit"]), unit=unit.code if unit else "", upper_limit=match["limit"]
        )
    if feature.name == "mitoses_per_2mm2" and (match := _FIELDS.fullmatch(as_written)):
        return RawEntry(text=match["text"], unit=units.MITOSES_FIELDS, fields=match["fields"], field_area=match["area"])
    if feature.name == "mitoses_per_2mm2" and (match := _AREA.fullmatch(as_written)):
        return RawEntry(text=match["text"], unit=units.MITOSES_AREA, area=match["area"])
    return _number(feature, value, as_written)


def _number(feature: Feature, value: Value, as_written: str) -> RawEntry:
    for unit in units.units_of(feature.name):
        for spelling in (unit.text, unit.code):
            if as_written.endswith(spelling) and as_written != spelling:
                return RawEntry(text=_bare(as_written, spelling), unit=unit.code)
    if units.units_of(feature.name):
        own = units.units_of(feature.name)[0]
        return RawEntry(text=str(plain(value)) if isinstance(value, str) else _plain(value), unit=own.code)
    return RawEntry(text=as_written)


def _plain(value: Value) -> str:
    from decimal import Decimal

    return number_text(value) if isinstance(value, Decimal) else str(plain(value))


def _bare(text: str, unit: str) -> str:
    return text.removesuffix(unit).strip()

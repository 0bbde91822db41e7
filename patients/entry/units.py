"""Units that reports use, and how each becomes the unit of the data dictionary.

A number without a unit is read only where the dictionary's unit is the only one in use. Called by
``patients.entry.reading``; the select boxes of the forms list the units from here.
"""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of entry: how it is shown, what is multiplied to reach the dictionary's unit, how else it is written."""

    code: str
    text: str
    factor: Decimal
    spellings: tuple[str, ...] = ()

    def is_written(self, text: str) -> bool:
        return any(written_alike(text, spelling) for spelling in (self.code, self.text, *self.spellings))


def written_alike(one: str, other: str) -> bool:
    """Whether two units are the same but for spaces, capitals and signs that mean the same."""
    return _bare(one) == _bare(other)


def _bare(text: str) -> str:
    """Without spaces, in lower case, with the signs that mean the same made the same."""
    changes = {"μ": "µ", "²": "2", "⁹": "9", "³": "3", "^": "", "×": "x", "*": "x"}
    return "".join(changes.get(sign, sign) for sign in text.lower() if not sign.isspace())


ONE = Decimal(1)
# The hemoglobin monomer weighs 16 114.5 g/mol (International Council for Standardization in Haematology, reference
# method of 1995, J Clin Pathol 1996;49:271-274), so 1 mmol/L is 1.6114 g/dL; laboratories that report mmol/L mean the
# monomer.
HEMOGLOBIN_MMOL = Decimal("1.6114")

COUNTS = (
    Unit("10^9/L", "× 10⁹/L", ONE, ("x10^9/l", "10e9/l", "x10e9/l", "/nl")),
    Unit("10^3/µL", "× 10³/µL", ONE, ("x10^3/µl", "k/µl", "10e3/µl", "10^3/ul", "x10^3/ul", "k/ul")),
    Unit("/µL", "/µL", Decimal("0.001"), ("/ul", "/mm3", "per µl", "cells/µl")),
)
LENGTHS = (Unit("mm", "mm", ONE, ("millimeters",)), Unit("cm", "cm", Decimal(10), ("centimeters",)))

MITOSES_RATE = "per 2 mm2"
MITOSES_AREA = "in area"
MITOSES_FIELDS = "in fields"
BILIRUBIN_RATIO = "times upper limit of normal"

UNITS: dict[str, tuple[Unit, ...]] = {
    "hemoglobin_g_dl": (
        Unit("g/dL", "g/dL", ONE),
        Unit("g/L", "g/L", Decimal("0.1")),
        Unit("mmol/L", "mmol/L", HEMOGLOBIN_MMOL),
    ),
    "albumin_g_dl": (Unit("g/dL", "g/dL", ONE), Unit("g/L", "g/L", Decimal("0.1"))),
    "platelets_10e9_l": COUNTS,
    "neutrophils_10e9_l": COUNTS,
    "tumor_size_mm": LENGTHS,
    "largest_metastasis_mm": LENGTHS,
    "main_duct_distance_mm": LENGTHS,
    "bilirubin_x_uln": (
        Unit(BILIRUBIN_RATIO, "× upper limit of normal", ONE, ("x uln", "uln", "times uln")),
        Unit("mg/dL", "mg/dL", ONE),
        Unit("µmol/L", "µmol/L", ONE, ("umol/l", "micromol/l")),
    ),
    "mitoses_per_2mm2": (
        Unit(MITOSES_RATE, "per 2 mm²", ONE, ("/2mm2", "per 2mm2")),
        Unit("per mm2", "per mm²", Decimal(2), ("/mm2",)),
        Unit(MITOSES_AREA, "counted in an area", ONE),
        Unit(MITOSES_FIELDS, "counted in high-power fields", ONE),
    ),
}


def units_of(feature_name: str) -> tuple[Unit, ...]:
    """The units that may be chosen for a feature; empty where the dictionary's is the only one."""
    return UNITS.get(feature_name, ())


def unit_named(feature_name: str, text: str) -> Unit | None:
    """The unit that is written as ``text``, if it is one of the feature's."""
    return next((unit for unit in units_of(feature_name) if unit.is_written(text)), None)

"""What an invented patient consists of, and the dice that every part of the invention throws."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class InventedReading:
    """One reading. `text` is what a report says where it is no plain number ("<1 %"); `known` false: it was asked and
    is not known. `tumor` is the number of the tumor, 0 for a feature of the patient.
    """

    feature: str
    value: Any
    day: int
    source: str
    tumor: int = 0
    text: str = ""
    known: bool = True
    specimen: str = ""


@dataclass(frozen=True, slots=True)
class InventedTreatment:
    """One treatment; without `stop_day` it is still given. `precision`: how exactly the record knows the dates."""

    option: str
    start_day: int
    stop_day: int | None
    outcomes: tuple[str, ...]
    intent: str
    precision: str = "day"


@dataclass(frozen=True, slots=True)
class InventedMarker:
    marker: str
    value: Decimal
    unit: str
    day: int
    upper_limit: Decimal


@dataclass(slots=True)
class InventedPatient:
    """A made-up person with a record. Nothing here is anybody's."""

    mrn: str
    family_name: str
    given_name: str
    sex: str
    age_years: int
    days_since_birthday: int
    tumors: int = 1
    readings: list[InventedReading] = field(default_factory=list)
    treatments: list[InventedTreatment] = field(default_factory=list)
    history_is_confirmed: bool = False
    markers: list[InventedMarker] = field(default_factory=list)
    remark: str = ""
    is_referred: bool = False
    team: int = 0


class Dice:
    """Chances and choices of one invented patient, all from one seed."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)  # noqa: S311  (invented patients, no secrets)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def one(self, choices: Sequence[T]) -> T:
        return self.random.choice(choices)

    def weighted(self, weights: Mapping[T, float]) -> T:
        return self.random.choices(list(weights), weights=list(weights.values()))[0]

    def whole(self, low: int, high: int) -> int:
        return self.random.randint(low, high)

    def some(self, shares: Mapping[str, float]) -> tuple[str, ...]:
        """Each with its own chance."""
        return tuple(name for name, share in shares.items() if self.chance(share))

    def around(self, middle: float, spread: float, low: float, high: float, decimals: int = 1) -> Decimal:
        """A number near the middle, within the bounds."""
        number = min(max(self.random.gauss(middle, spread), low), high)
        return round(Decimal(str(number)), decimals) if decimals else Decimal(round(number))

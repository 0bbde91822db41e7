"""A feature: one thing a rule may read about a patient, with its kind, range, unit and words.

What it is: the guard of every value that enters, and the words in which values are shown.
What it refuses to do: accept a value outside its kind or range, or turn one kind into another.
Who calls it: the data dictionary, conditions (to check what they compare with), data entry and the doors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from pathways.engine.problems import ValueRefused, brief, did_you_mean, listed
from pathways.engine.values import Exact, NumberRange, OneOf, PartialSet, Value, number_text, plain

if TYPE_CHECKING:
    from pathways.engine.conditions import Condition

Kind = Literal["enum", "bool", "number", "set"]
Group = Literal["patient", "tumor", "history"]

# How a unit of the dictionary is written for people.
UNIT_TEXT = {
    "%": "%",
    "10^9/L": "× 10⁹/L",
    "mL/min/1.73m2": "mL/min/1.73 m²",
    "per 2 mm2": "per 2 mm²",
    "times upper limit of normal": "× ULN",
}

# No measurement has more digits before or after the decimal point; a number with millions of them is an attack.
MOST_DIGITS = 12


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One entry of the data dictionary. Numbers are in `unit`, from `minimum` to `maximum`, both included."""

    name: str
    title: str
    group: Group
    kind: Kind
    values: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    short: str = ""
    topic: str = ""
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    integer: bool = False
    ordered: bool = False
    derived: str = ""
    term: str = ""
    note: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)
    only_when: Condition | None = None

    @property
    def unit_text(self) -> str:
        """The unit as people write it."""
        return UNIT_TEXT.get(self.unit, self.unit)

    @property
    def accepted(self) -> str:
        """What may be entered, in words."""
        match self.kind:
            case "bool":
                return "true or false"
            case "enum":
                return f"one of {listed(self.values)}"
            case "set":
                return f"a list of {listed(self.values)}, each at most once, [] for none"
            case "number":
                number = "a whole number" if self.integer else "a number"
                unit = f" ({self.unit})" if self.unit else ""
                return f"{number} from {number_text(self.low)} to {number_text(self.high)}{unit}"

    @property
    def low(self) -> Decimal:
        """The smallest number allowed."""
        return self.minimum if self.minimum is not None else Decimal(0)

    @property
    def high(self) -> Decimal:
        """The largest number allowed."""
        return self.maximum if self.maximum is not None else Decimal("Infinity")

    def check(self, value: Any) -> Value:
        """The value in its canonical form (decimal, set in dictionary order).

        Raises ValueRefused with one sentence naming the feature, the value and what is accepted.
        """
        if value is None:
            raise ValueRefused(f"{self.name}: null is not a value; leave the feature out if it is unknown.")
        match self.kind:
            case "bool":
                if isinstance(value, bool):
                    return value
            case "enum":
                if isinstance(value, str) and value in self.values:
                    return value
            case "number":
                return self._number(value)
            case "set":
                return self._set(value)
        raise self.refusal(value)

    def refusal(self, value: Any, reason: str = "is not accepted") -> ValueRefused:
        """The sentence for a value that is not allowed."""
        hint = did_you_mean(value, self.values) if isinstance(value, str) else ""
        return ValueRefused(f"{self.name}: {quoted(value)} {reason}; accepted is {self.accepted}.{hint}")

    def _number(self, value: Any) -> Value:
        if isinstance(value, NumberRange):
            if value.low < self.low or value.high > self.high:
                raise self.refusal(value.text or plain(value), "is outside the range")
            return value
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            raise self.refusal(value, "is not a number")
        number = Decimal(value)
        if not number.is_finite():
            raise self.refusal(str(value), "is not a number")
        if number.adjusted() > MOST_DIGITS or -int(number.as_tuple().exponent) > MOST_DIGITS:
            raise self.refusal(value if isinstance(value, int) else str(value), "has too many digits")
        if not self.low <= number <= self.high:
            raise self.refusal(value, "is outside the range")
        if self.integer and number != number.to_integral_value():
            raise self.refusal(value, "is not a whole number")
        return number

    def _set(self, value: Any) -> Value:
        if isinstance(value, PartialSet):
            return PartialSet(self._members(value.members))
        if not isinstance(value, list | tuple):
            raise self.refusal(value, "is not a list")
        return self._members(value)

    def _members(self, value: Any) -> tuple[str, ...]:
        for position, member in enumerate(value):
            if not isinstance(member, str) or member not in self.values:
                raise self.refusal(member)
            if member in value[:position]:
                raise self.refusal(member, "stands twice")
        return tuple(code for code in self.values if code in value)

    def label(self, code: str) -> str:
        """The words for one value of an enum or set."""
        return self.labels.get(code) or code.replace("_", " ")

    def show(self, value: Value | None) -> str:
        """The value in words, with its unit: '8 %', 'liver, bone', 'none', 'yes', 'not recorded'."""
        match value:
            case None:
                return "not recorded"
            case bool():
                return "yes" if value else "no"
            case str():
                return self.label(value)
            case Decimal():
                return self.with_unit(number_text(value))
            case tuple():
                return ", ".join(self.label(code) for code in value) or "none"
            case NumberRange():
                return value.text or self.with_unit(str(plain(value)))
            case PartialSet():
                return f"{', '.join(self.label(code) for code in value.members)}; the rest is not known"
            case OneOf():
                alternatives = listed(self.show(alternative) for alternative in value.values)
                return f"{alternatives} or not known" if value.or_unknown else alternatives

    def with_unit(self, number: str) -> str:
        """A number's text followed by the unit."""
        return f"{number} {self.unit_text}" if self.unit else number


def quoted(value: Any) -> str:
    """A value as it is repeated in a sentence: shortened, texts in quotation marks."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return f'"{value}"' if len(value) <= 60 else f'"{value[:57]}…"'
    if isinstance(value, list | tuple | dict | set | int):
        return brief(value)
    text = number_text(value) if isinstance(value, Decimal) and value.is_finite() else str(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def is_exact(value: Value | None) -> bool:
    """Whether the value is fully known."""
    return isinstance(value, str | bool | Decimal | tuple)


__all__ = ["Exact", "Feature", "Group", "Kind", "is_exact"]

"""Values of features: what a reading may be, how it is compared, written and shown.

What it is: exact decimals, sets in dictionary order, and the three kinds of partial knowledge: a number known
only as a range ("2–3 %"), a set of which only some members are known, and an implied value of which only the
alternatives are known. What it refuses to do: binary floats, guesses inside a range.
Who calls it: the dictionary (checking), conditions (comparing), the record (implying), the doors (writing).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any


@dataclass(frozen=True, slots=True)
class NumberRange:
    """A number known to lie between two bounds, kept as written ("2–3 %", "<1 %", ">20").

    `low` and `high` are in the feature's unit; an open bound is itself not a possible value. A comparison with a
    range is TRUE or FALSE only where it is so for every number in it.
    """

    low: Decimal
    high: Decimal
    low_open: bool = False
    high_open: bool = False
    text: str = ""

    def __post_init__(self) -> None:
        if self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)):
            raise ValueError(f"The range from {self.low} to {self.high} holds no number.")

    def holds(self, number: Decimal) -> bool:
        """Whether `number` is one of the possible values."""
        above = number > self.low or (number == self.low and not self.low_open)
        below = number < self.high or (number == self.high and not self.high_open)
        return above and below


@dataclass(frozen=True, slots=True)
class PartialSet:
    """A set of which some members are known and the rest is not: a treatment history nobody confirmed complete."""

    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """An implied value of which only the alternatives are known, because it follows from a range.

    With `or_unknown` some number of the range implies nothing at all.
    """

    values: tuple[Value, ...]
    or_unknown: bool = False


Exact = str | bool | Decimal | tuple[str, ...]
Value = Exact | NumberRange | PartialSet | OneOf


def number_text(number: Decimal) -> str:
    """The one way a number is written: 2.0 is 2, 1E+2 is 100, 0.50 is 0.5."""
    if number == number.to_integral_value():
        return str(int(number))
    return format(number.normalize(), "f")


def plain(value: Value) -> Any:
    """The value as plain data for JSON: strings, booleans, decimals and lists."""
    match value:
        case tuple():
            return list(value)
        case NumberRange():
            return value.text or f"{number_text(value.low)}–{number_text(value.high)}"
        case PartialSet():
            return list(value.members)
        case OneOf():
            return [plain(alternative) for alternative in value.values]
        case _:
            return value


def sorted_keys(data: Any) -> Any:
    """Plain data with the keys of every object in the order of the alphabet."""
    if isinstance(data, Mapping):
        return {key: sorted_keys(data[key]) for key in sorted(data)}
    if isinstance(data, list | tuple):
        return [sorted_keys(part) for part in data]
    return data


def canonical_json(data: Any) -> str:
    """One line of JSON in which equal data always give equal text; keys stay in the order they have.

    Numbers are exact decimals (2 and 2.0 print as 2), characters stay as they are, there is no white space but in
    strings. Raises TypeError for anything that has no place in JSON, binary floats included.
    """
    pieces: list[str] = []
    _write(data, pieces)
    return "".join(pieces)


def _write(data: Any, pieces: list[str]) -> None:
    if data is None or data is True or data is False:
        pieces.append("null" if data is None else "true" if data else "false")
    elif isinstance(data, str):
        pieces.append(encode_basestring(data))
    elif isinstance(data, int):
        pieces.append(str(int(data)))
    elif isinstance(data, Decimal):
        pieces.append(number_text(data))
    elif isinstance(data, Mapping):
        _write_object(data, pieces)
    elif isinstance(data, Sequence):
        for position, part in enumerate(data):
            pieces.append("," if position else "[")
            _write(part, pieces)
        pieces.append("]" if data else "[]")
    else:
        raise TypeError(f"{data!r} ({type(data).__name__}) cannot be written as canonical JSON.")


def _write_object(data: Mapping[str, Any], pieces: list[str]) -> None:
    for position, key in enumerate(data):
        pieces.append("," if position else "{")
        pieces.append(encode_basestring(key))
        pieces.append(":")
        _write(data[key], pieces)
    pieces.append("}" if data else "{}")


class DuplicateKey(ValueError):
    """One JSON object names the same key twice; which of the two was meant cannot be known."""


def read_json(text: str) -> Any:
    """JSON with exact decimals. Raises DuplicateKey for a repeated key and ValueError for anything not JSON, NaN
    and Infinity included."""

    def refuse_constant(name: str) -> Any:
        raise ValueError(f"{name} is not a number that JSON knows.")

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key, part in pairs:
            if key in result:
                raise DuplicateKey(f"The key {key!r} stands twice in one object.")
            result[key] = part
        return result

    return json.loads(
        text, parse_float=_exact, parse_int=_whole, parse_constant=refuse_constant, object_pairs_hook=unique
    )


def _exact(text: str) -> Decimal:
    try:
        return Decimal(text)
    except ArithmeticError:
        raise ValueError(f"{text[:40]} is not a number that can be kept.") from None


def _whole(digits: str) -> int | Decimal:
    return int(digits) if len(digits) < 100 else Decimal(digits)

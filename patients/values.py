"""How a value is kept in a text column, and read back exactly.

Numbers stay decimals, sets stay in dictionary order, and a range keeps its ends and the words it was understood as.
It refuses anything that the engine has no value for. Called by the actions (writing) and by facts (reading).
"""

from decimal import Decimal
from typing import Any

from pathways.engine import NumberRange, PartialSet, Value, canonical_json, read_json


def to_text(value: Value) -> str:
    """The canonical JSON of one value, always the same text for the same value."""
    match value:
        case NumberRange():
            data: Any = {
                "low": value.low,
                "high": value.high,
                "low_open": value.low_open,
                "high_open": value.high_open,
                "text": value.text,
            }
        case bool() | str():
            data = value
        case Decimal():
            data = value
        case tuple():
            data = list(value)
        case PartialSet():
            data = {"members": list(value.members)}
        case _:
            raise TypeError(f"{value!r} is not a value that a finding can hold.")
    return canonical_json(data)


def from_text(text: str) -> Value:
    """The value that ``to_text`` wrote."""
    data = read_json(text)
    match data:
        case bool() | str():
            return data
        case int() | Decimal():
            return Decimal(data)
        case list():
            return tuple(data)
        case {"members": members}:
            return PartialSet(tuple(members))
        case dict():
            return NumberRange(
                low=Decimal(data["low"]),
                high=Decimal(data["high"]),
                low_open=data["low_open"],
                high_open=data["high_open"],
                text=data["text"],
            )
        case _:
            raise ValueError(f"{text} is not the text of a value.")

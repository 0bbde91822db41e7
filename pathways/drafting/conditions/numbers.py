"""Numbers of comparisons: read as data entry reads them (2,5 and 2.5), and written so that they are read back the same.

What it refuses to do: read a range or a limit (“<3”, “2–3”), since the comparison is chosen beside the number; accept
another unit than the dictionary's; guess what 1,234 means. Called by `reading`.
"""

import re
from decimal import Decimal

from pathways.engine import Feature, ValueRefused, number_text
from patients.entry import EntryRefused
from patients.entry.numbers import read, refuse_bare_fraction
from patients.entry.problems import quoted

# What a rule may hold and nobody measures: more digits than data entry reads, or a number below zero.
_EXACT = re.compile(r"-[0-9]{1,13}(\.[0-9]{1,12})?|[0-9]{10,13}(\.[0-9]{1,12})?|[0-9]{1,13}\.[0-9]{7,12}")
_AMBIGUOUS = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def accepted(feature: Feature) -> str:
    """'a number from 0 to 100 %'."""
    whole = "a whole number" if feature.integer else "a number"
    return f"{whole} from {number_text(feature.low)} to {feature.with_unit(number_text(feature.high))}"


def written(feature: Feature, number: Decimal) -> str:
    """The number for its input: 2.5; 0.5 % with its sign and 1.2340 with a zero, since bare they could be two numbers."""
    text = number_text(number)
    if _AMBIGUOUS.fullmatch(text):
        text += "0"
    if _EXACT.fullmatch(text):
        return text
    return f"{text} %" if feature.unit == "%" and 0 < number < 1 else text


def read_number(feature: Feature, text: str) -> Decimal:
    """The number that was typed. Raises EntryRefused with a sentence that names feature, text and what is accepted."""
    number = Decimal(text) if _EXACT.fullmatch(text) else _typed(feature, text)
    try:
        checked = feature.check(number)
    except ValueRefused:
        raise EntryRefused(
            f"{feature.title}: {quoted(text)} is not accepted; accepted is {accepted(feature)}."
        ) from None
    assert isinstance(checked, Decimal)
    return checked


def _typed(feature: Feature, text: str) -> Decimal:
    typed = read(feature.title, text, accepted=accepted(feature), thousands_below=feature.maximum)
    if typed.sign or typed.second is not None:
        raise EntryRefused(
            f"{feature.title}: {quoted(text)} is a range or a limit. Write one number; how it is compared is chosen "
            f"beside it, and accepted is {accepted(feature)}."
        )
    if typed.unit and _bare(typed.unit) not in {_bare(feature.unit), _bare(feature.unit_text)}:
        raise EntryRefused(
            f"{feature.title}: the unit {quoted(typed.unit)} is not accepted; accepted is {accepted(feature)}."
        )
    if feature.unit == "%":
        refuse_bare_fraction(feature.title, text, typed)
    return typed.first


def _bare(unit: str) -> str:
    changes = {"μ": "µ", "²": "2", "⁹": "9", "³": "3", "^": "", "×": "x", "*": "x"}
    return "".join(changes.get(sign, sign) for sign in unit.lower() if not sign.isspace()).removeprefix("x")

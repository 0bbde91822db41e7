"""Numbers and ranges as clinicians write them: 8, 2,5, <1 %, 2–3 %, >20.

A decimal comma and a decimal point are both read. What could be two numbers is refused: 1,234 (one thousand, or one
point two), a Ki-67 of 0.15 without the sign (15 % or 0.15 %). Nothing is guessed. Called by
``patients.entry.reading``.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from pathways.engine import NumberRange, number_text
from patients.entry.problems import EntryRefused, quoted

LONGEST = 60
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-") | dict.fromkeys("\xa0\u2007\u2009\u202f\t", " "))
_NUMBER = r"[0-9]{1,9}(?:[.,][0-9]{1,6})?"
_COMPARED = {"<": "<", "<=": "<=", "=<": "<=", "≤": "<=", ">": ">", ">=": ">=", "=>": ">=", "≥": ">="}
_TYPED = re.compile(
    rf"(?P<sign><=|>=|=<|=>|[<>≤≥])?\s?(?P<first>{_NUMBER})\s?(?P<percent>%)?"
    rf"(?:\s?(?:-|to)\s?(?P<second>{_NUMBER}))?\s?(?P<unit>[^0-9\s.,<>-][^<>]*)?"
)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A number or range as typed: the bounds that were written, before any unit. ``unit`` is what stood behind it."""

    first: Decimal
    second: Decimal | None
    sign: str
    unit: str

    @property
    def numbers(self) -> tuple[Decimal, ...]:
        return (self.first,) if self.second is None else (self.first, self.second)

    def scaled(self, factor: Decimal) -> "Typed":
        """In another unit: every number times the factor, to four decimals. In the same unit nothing is rounded."""
        if factor == 1:
            return Typed(self.first, self.second, self.sign, "")
        second = None if self.second is None else rounded(self.second * factor)
        return Typed(rounded(self.first * factor), second, self.sign, "")

    def text(self) -> str:
        """As understood: 2–3, <1, ≥ 20."""
        if self.second is not None:
            return f"{number_text(self.first)}–{number_text(self.second)}"
        return {"<": "<", ">": ">", "<=": "≤ ", ">=": "≥ ", "": ""}[self.sign] + number_text(self.first)

    def value(self, low: Decimal, high: Decimal, unit_text: str) -> Decimal | NumberRange:
        """The value, with ``low`` and ``high`` as the ends that < and > leave open. Raises ValueError if it holds
        none.
        """
        text = f"{self.text()} {unit_text}".strip()
        if self.second is not None and self.second != self.first:
            return NumberRange(self.first, self.second, text=text)
        if not self.sign or (self.sign == "<=" and self.first == low) or (self.sign == ">=" and self.first == high):
            return self.first
        if self.sign.startswith("<"):
            return NumberRange(low, self.first, high_open=self.sign == "<", text=text)
        return NumberRange(self.first, high, low_open=self.sign == ">", text=text)


def rounded(number: Decimal) -> Decimal:
    """To four decimals: finer than any laboratory reports, and still on the right side of every limit."""
    return number.quantize(Decimal("0.0001")) if number != number.to_integral_value() else number


def read(title: str, text: str, *, accepted: str, thousands_below: Decimal | None = None) -> Typed:
    """The number or range in ``text``.

    ``thousands_below``: the largest number allowed; a dot or comma before exactly three digits is then refused only
    where both ways of reading it are allowed. Raises EntryRefused with the sentence for the field.
    """
    plain = re.sub(r" ?per ?cent$", "%", " ".join(text.translate(_DASHES).split()))
    match = _TYPED.fullmatch(plain) if len(plain) <= LONGEST else None
    if match is None:
        raise EntryRefused(f"{title}: {quoted(text)} is not a number. Accepted is {accepted}.")
    for written in (match["first"], match["second"]):
        if written and _is_ambiguous(written, thousands_below):
            one, other = written.replace(",", "").replace(".", ""), written.replace(",", ".")
            raise EntryRefused(
                f"{title}: {quoted(written)} could be {one} or {_trimmed(other)}. Leave out the separator of thousands."
            )
    first, second = _decimal(match["first"]), _decimal(match["second"]) if match["second"] else None
    if second is not None and match["sign"]:
        raise EntryRefused(f"{title}: {quoted(text)} is both a range and a limit. Accepted is {accepted}.")
    if second is not None and first > second:
        raise EntryRefused(f"{title}: {quoted(text)} runs backwards. Write the smaller number first.")
    unit = "%" if match["percent"] and not match["unit"] else f"{match['percent'] or ''}{match['unit'] or ''}"
    if unit == "%%":
        unit = "%"
    return Typed(first, second, _COMPARED.get(match["sign"] or "", ""), unit.strip())


def _is_ambiguous(written: str, thousands_below: Decimal | None) -> bool:
    if not _THOUSANDS.fullmatch(written):
        return False
    whole = Decimal(written.replace(",", "").replace(".", ""))
    return "," in written or thousands_below is None or whole <= thousands_below


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", "."))


def _trimmed(written: str) -> str:
    return number_text(Decimal(written))


def refuse_bare_fraction(title: str, text: str, typed: Typed) -> None:
    """A percentage between 0 and 1 without the sign may be a fraction of one: ask."""
    if typed.unit == "%":
        return
    for number in typed.numbers:
        if 0 < number < 1:
            raise EntryRefused(
                f"{title}: {quoted(text)} could be {number_text(number * 100)} % or {number_text(number)} %. "
                "Write it with the sign %."
            )

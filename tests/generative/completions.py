"""Completions of a partial record: every way, or many ways, in which the unknowns could turn out.

What it is: records in which every feature that applies has a value. What is recorded stays, what was implied is kept as
if recorded, and what does not apply stays out. What it refuses to do: call a record complete in which a question is
still open. Who calls it: the tests that an answer given on a partial record is never taken back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from tests.generative.oracle import (
    ABSENT,
    FALSE,
    TRUE,
    AtLeast,
    Book,
    Condition,
    Record,
    complete_record,
    truth,
)
from tests.generative.oracle_missing import values_to_try

# What a status may still become when more is known: a definite answer stays.
MAY_BECOME = {
    "candidate": {"candidate"},
    "conditional": {"candidate", "excluded"},
    "possible": {"candidate", "excluded", "not_indicated"},
    "excluded": {"excluded", "not_indicated"},
    "not_indicated": {"not_indicated"},
}


def kept(record: Record) -> dict[str, Any]:
    """What is recorded, and what was implied and is read so."""
    names = [name for name in record.implied if record.origin(name) == "implied"]
    return {**record.recorded, **{name: record.implied[name] for name in names}}


def next_unknown(record: Record) -> str | None:
    """The first feature that surely applies and is not known; None where no question is open."""
    for name, entry in record.book.features.items():
        only_when = entry.get("only_when")
        applies = only_when is None or truth(only_when, record) == TRUE
        if applies and (record.actual(name) is ABSENT or isinstance(record.actual(name), AtLeast)):
            return name
    return None


def possible_values(record: Record, name: str) -> list[Any]:
    """The values that a feature could still turn out to have."""
    values = values_to_try(record.book, name)
    known = record.recorded.get(name)
    return [value | known.members for value in values] if isinstance(known, AtLeast) else values


def every_completion(book: Book, features: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every completion, with the values that between them show all that a value could do."""
    record = complete_record(book, features)
    base = kept(record)
    name = next_unknown(Record(book, base))
    if name is None:
        yield base
        return
    for value in possible_values(Record(book, base), name):
        yield from every_completion(book, {**base, name: value})


def some_completion(book: Book, features: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """One completion, drawn at random."""
    base = kept(complete_record(book, features))
    while (name := next_unknown(Record(book, base))) is not None:
        base[name] = random.choice(possible_values(Record(book, base), name))
    return base


def guarded_parts(condition: Condition, book: Book) -> Iterator[Condition]:
    """Each `all` that asks by `is_known` whether a feature was recorded at all."""
    parts = condition.get("all") or condition.get("any") or [one for one in [condition.get("not")] if one]
    if "all" in condition and any(part.get("op") == "is_known" for part in parts):
        yield condition
    for part in parts:
        yield from guarded_parts(part, book)


def assumed_parts(record: Record) -> list[Condition]:
    """The parts that were FALSE because something is not recorded: what the assessment assumes."""
    book = record.book
    conditions = [*(one["when"] for one in book.definitions.values()), *(one["when"] for one in book.data["rules"])]
    return [
        part
        for condition in conditions
        for part in guarded_parts(condition, book)
        if truth(part, record) == FALSE
        and any(truth(one, record) == FALSE for one in part["all"] if one.get("op") == "is_known")
    ]

"""What the oracle says is missing, and the whole assessment in the shape of the machine door.

What it is: the paragraph "Missing" of assessment.md, written down as slowly as `oracle.py` writes down the rest.
What it refuses to do: skip a value because it cannot matter. Who calls it: the generative tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from math import floor
from typing import Any

from tests.generative.oracle import (
    TRUE,
    UNKNOWN,
    AtLeast,
    Book,
    Condition,
    Record,
    any_rule,
    complete_record,
    contradictions,
    implied,
    inapplicable,
    rules_of,
    shown_rules,
    status,
    statuses,
    trace,
    truth,
)

OPEN = ("conditional", "possible")
SETTLED = ("candidate", "excluded", "not_indicated")


def open_features(condition: Condition, record: Record) -> Iterator[str]:
    """Features read by an UNKNOWN comparison whose enclosing parts are all UNKNOWN."""
    if truth(condition, record) != UNKNOWN:
        return
    if "use" in condition:
        yield from open_features(record.book.definitions[condition["use"]]["when"], record)
    elif "not" in condition:
        yield from open_features(condition["not"], record)
    elif "feature" in condition:
        yield condition["feature"]
    else:
        for part in condition.get("all", condition.get("any", [])):
            yield from open_features(part, record)


def missing_for(record: Record, option: str) -> list[str]:
    """What is missing for one option, in the order of the dictionary."""
    if status(record, option) not in OPEN:
        return []
    found: set[str] = set()
    for effect in ("indication", "exclusion"):
        if any_rule(record, option, effect) == UNKNOWN:
            for rule in rules_of(record.book, option, effect):
                found.update(open_features(rule["when"], record))
    return [name for name in record.book.features if name in found and record.is_missing(name)]


def values_to_try(book: Book, name: str) -> list[Any]:
    """The values of one feature that between them show all that a value could do."""
    entry = book.features[name]
    if entry["kind"] == "bool":
        return [True, False]
    if entry["kind"] == "enum":
        return list(book.values_of(name))
    named = book.named.get(name, [])
    if entry["kind"] == "set":
        return [frozenset()] + [frozenset([value]) for value in book.values_of(name) if value in named]
    points = sorted({Decimal(str(one)) for one in [entry["min"], entry["max"], *named]})
    if entry.get("integer"):
        points = sorted({Decimal(floor(one) + step) for one in points for step in (-1, 0, 1)})
    else:
        points = sorted([*points, *((low + high) / 2 for low, high in pairwise(points))])
    return [one for one in points if entry["min"] <= one <= entry["max"]]


def settles(book: Book, recorded: Mapping[str, Any], name: str) -> tuple[int, int]:
    """The most and the fewest options that one more value of this feature would settle."""
    before = statuses(book, recorded)
    counts = []
    for value in values_to_try(book, name):
        if isinstance(recorded.get(name), AtLeast):
            value = value | recorded[name].members
        after = statuses(book, {**recorded, name: value})
        counts.append(sum(before[one] in OPEN and after[one] in SETTLED for one in before))
    return max(counts), min(counts)


def missing(book: Book, recorded: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """What is missing for the patient: feature, settles, least; in the order in which to ask."""
    record = complete_record(book, recorded)
    wanted = {name for option in book.options for name in missing_for(record, option)}
    names = [name for name in book.features if name in wanted]
    found = [(name, *settles(book, record.recorded, name)) for name in names]
    return sorted(found, key=lambda one: (-one[1], -one[2], names.index(one[0])))


def assessed(book: Book, recorded: Mapping[str, Any], *, with_settles: bool = True) -> dict[str, Any]:
    """The whole assessment, without its sentences, in the shape of the machine door."""
    record = complete_record(book, recorded)
    options = []
    for option in book.options:
        status_of_option = status(record, option)
        shown = shown_rules(record, option, status_of_option)
        cautions = [(rule["code"], value) for rule, value in shown if rule["effect"] == "caution"]
        rules = [
            {"code": rule["code"], "effect": rule["effect"], "value": value, "trace": trace(rule["when"], record)}
            for rule, value in shown
        ]
        options.append(
            {
                "code": option,
                "status": status_of_option,
                "rules": rules,
                "cautions": [code for code, value in cautions if value == TRUE],
                "cautions_unknown": [code for code, value in cautions if value == UNKNOWN],
                "missing": missing_for(record, option),
            }
        )
    return {
        "options": options,
        "missing": missing(book, recorded) if with_settles else None,
        "implied": implied(record),
        "inapplicable": inapplicable(record),
        "contradictions": contradictions(record),
    }

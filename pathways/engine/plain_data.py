"""The first look at ruleset data from outside: is it plain, bounded data at all?

What it is: one walk without recursion that names everything that is no text, whole number, exact decimal, yes or no,
list or object, and everything too deep, too long or too much. What it refuses to do: judge what the data mean.
Who calls it: the ruleset's builder, before anything else looks at the data.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from pathways.engine.problems import Problem

# Far above any pathway: the starter has 23,000 values, 12 deep, the longest text 700 characters.
DEEPEST = 60
MOST_VALUES = 150_000
LONGEST_TEXT = 20_000
MOST_DIGITS = 30
MOST_FAULTS = 20
DEEPEST_PLACE = 6
LONGEST_KEY = 200

_UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def faults_of(data: Any) -> list[Problem]:
    """What is wrong with the data as data, with its place; at most the first few faults."""
    faults: list[Problem] = []
    for fault in _walk(data):
        faults.append(fault)
        if len(faults) == MOST_FAULTS:
            break
    return faults


def _walk(data: Any) -> Iterator[Problem]:
    waiting: list[tuple[Any, tuple[Any, ...], int]] = [(data, (), 1)]
    seen = 0
    while waiting:
        value, path, depth = waiting.pop()
        seen += 1
        if seen > MOST_VALUES:
            yield Problem("ruleset", f"There are more than {MOST_VALUES:,} values in it.")
            return
        if isinstance(value, Mapping):
            for key in value:
                sentence = _fault_of_key(key)
                if sentence:
                    yield Problem(_place(path), sentence)
            parts = [(key, part) for key, part in value.items() if isinstance(key, str)]
        elif isinstance(value, list | tuple):
            parts = [(_name(number, part), part) for number, part in enumerate(value, 1)]
        else:
            sentence = _fault(value)
            if sentence:
                yield Problem(_place(path), sentence)
            continue
        if depth >= DEEPEST:
            if _is_read_with_care(path):
                continue
            yield Problem(_place(path), f"The data are nested more than {DEEPEST} deep.")
            continue
        for key, part in reversed(parts):
            if _is_sound_text(part):  # most of it, and not worth the place that a fault would need
                seen += 1
                continue
            waiting.append((part, (*path, key) if depth < DEEPEST_PLACE else path, depth + 1))


def _is_read_with_care(path: tuple[Any, ...]) -> bool:
    """A condition of a rule or definition: its parser stops in time and says better what is wrong."""
    return path[:1] in (("rules",), ("definitions",)) and path[2:3] == ("when",)


def _name(number: int, part: Any) -> Any:
    """What an entry of a list is called: its code or id, else its number."""
    code = part.get("code", part.get("id")) if isinstance(part, Mapping) else None
    return code if isinstance(code, str) and 0 < len(code) <= 60 and not _UNWRITABLE.search(code) else number


def _place(path: tuple[Any, ...]) -> str:
    """'rule SURV-I1, when, all, 2'."""
    if len(path) > 1 and str(path[0]).endswith("s"):
        return ", ".join([f"{str(path[0])[:-1]} {path[1]}", *map(str, path[2:])])
    return ", ".join(map(str, path)) or "ruleset"


def _fault_of_key(key: Any) -> str:
    if not isinstance(key, str):
        return f"The key {_brief(key)} is not a text."
    if len(key) > LONGEST_KEY:
        return f"The key {_brief(key)} is too long."
    return _fault(key)


def _is_sound_text(value: Any) -> bool:
    return type(value) is str and len(value) <= LONGEST_KEY and value.isprintable()


def _fault(value: Any) -> str:
    if _is_sound_text(value):
        return ""
    if value is None or isinstance(value, bool):
        return ""
    if isinstance(value, str):
        if len(value) > LONGEST_TEXT:
            return f"The text has {len(value):,} characters; at most {LONGEST_TEXT:,} are accepted."
        return "The text holds a control character; remove it." if _UNWRITABLE.search(value) else ""
    if isinstance(value, int):
        return f"A number has at most {MOST_DIGITS} digits." if value.bit_length() > 3.4 * MOST_DIGITS else ""
    if isinstance(value, Decimal):
        if not value.is_finite():
            return f"{value} is not a number; leave the entry out if the value is unknown."
        exponent = value.as_tuple().exponent
        long = value.adjusted() > MOST_DIGITS or (isinstance(exponent, int) and -exponent > MOST_DIGITS)
        return f"A number has at most {MOST_DIGITS} digits." if long else ""
    if isinstance(value, float):
        return f"{_brief(value)} is a binary float, which is not exact; give a decimal."
    return f"{_brief(value)} ({type(value).__name__}) is no text, number, yes or no, list or object."


def _brief(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"

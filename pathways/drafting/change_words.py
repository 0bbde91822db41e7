"""The words for one field before and after: its label, both values, and the smallest lines that tell them apart.

What it is: per part of a ruleset, how each of its fields is said; a field not known here is said plainly.
What it refuses to do: say the same of two values that differ. Pure. Called by `changes.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.drafting.condition_changes import condition_changes
from pathways.drafting.marking import Segment, marked, moved
from pathways.drafting.side import ABSENT, Side, plainly, raw
from pathways.knowledge.texts import SECTIONS
from pathways.presenters.words import EFFECT_TITLES, GROUP_TITLES, STATUS_WORDS, STRENGTH_TITLES

LABELS = {
    "when": "Condition", "only_when": "Applicable only when", "effect": "Effect", "option": "Option", "title": "Title",
    "rationale": "Rationale", "sources": "Sources", "strength": "Strength of the source", "note": "Note",
    "group": "Group", "beyond": "Not named by the base documents", "verified": "What was checked", "days": "Days",
    "citation": "Citation", "of": "Said by", "seeds": "Said by", "features": "Features", "options": "Options",
    "never": "Never has the status", "always": "Always has the status", "holds_for": "Holds for", "why": "Why",
    "true": "Patient for whom it is true", "false": "Patient for whom it is false",
    "unknown": "Patient for whom it is unknown", "expected": "Expected list", "min": "Smallest value",
    "max": "Largest value", "op": "Operator", "covers": "Replaces the contradictions of", "for_each": "For each of",
    "code": "Code", "id": "Id", "order": "Order", "topic": "Entered with", "short": "Short title",
}  # fmt: skip
# A text with more differing places or words than this is told whole rather than by its words.
MOST_PLACES, MOST_WORDS = 3, 16


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after. `before` or `after` is "" where the field was not there.

    `lines` are the smallest differences in words; `segments` both texts laid over each other.
    """

    field: str
    label: str
    before: str
    after: str
    lines: tuple[str, ...]
    segments: tuple[Segment, ...]


def field_change(part: str, field: str, before: Any, after: Any, old: Side, new: Side) -> FieldChange:
    """What became of one field; `before` and `after` differ, and either may be ABSENT."""
    say = _sayer(part, field)
    one = "" if before is ABSENT else say(old, before)
    other = "" if after is ABSENT else say(new, after)
    segments = marked(one, other)
    lines = _lines(part, field, before, after, old, new) or _word_lines(one, other, segments)
    if one == other:
        lines = lines or (f"Written otherwise, said the same: {_raw(before)} → {_raw(after)}",)
    return FieldChange(field, _label(field), one, other, lines, segments)


def _raw(value: Any) -> str:
    return "not given" if value is ABSENT else raw(value)


def _label(field: str) -> str:
    section = field.removeprefix("about.")
    if section != field:
        return f"Page, “{SECTIONS.get(section, section)}”"
    return LABELS.get(field) or field.replace("_", " ").capitalize()


def _word_lines(one: str, other: str, segments: tuple[Segment, ...]) -> tuple[str, ...]:
    """'“rarely” → “seldom”', place by place; the whole texts where too much differs."""
    if not one or not other or one == other:
        return ()
    places: list[list[str]] = []
    for number, segment in enumerate(segments):
        if segment.kind == "same":
            continue
        if not places or segments[number - 1].kind == "same":
            places.append(["", ""])
        places[-1][segment.kind == "added"] += segment.text
    words = sum(len(text.split()) for place in places for text in place)
    if len(places) > MOST_PLACES or words > MOST_WORDS or not any(s.kind == "same" for s in segments):
        return (f"{one} → {other}",)
    return tuple(_place(removed.strip(), added.strip()) for removed, added in places)


def _place(removed: str, added: str) -> str:
    if removed and added:
        return f"“{removed}” → “{added}”"
    return f"“{removed}” taken out" if removed else f"“{added}” put in"


Sayer = Callable[[Side, Any], str]


def _sayer(part: str, field: str) -> Sayer:
    if field.startswith("about."):
        return lambda side, value: _sentences(value)
    return SAYERS.get((part, field)) or SAYERS.get(("", field)) or _plain


def _lines(part: str, field: str, before: Any, after: Any, old: Side, new: Side) -> tuple[str, ...]:
    """The structural differences, where the field has a structure."""
    if before is ABSENT or after is ABSENT:
        return ()
    if field in ("when", "only_when"):
        one, other = old.condition(before), new.condition(after)
        return condition_changes(one, other, old.definitions, new.definitions) if one and other else ()
    if field.startswith("about."):
        return _list_lines(before, after, lambda side, entry: _sentence(entry), old, new)
    items = ITEMS.get((part, field)) or ITEMS.get(("", field))
    if items:
        return _list_lines(before, after, items, old, new)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return _mapping_lines(part, field, before, after, old, new)
    return ()


def _list_lines(before: Any, after: Any, item: Sayer, old: Side, new: Side) -> tuple[str, ...]:
    if not isinstance(before, list | tuple) or not isinstance(after, list | tuple):
        return ()
    one, other = [item(old, entry) for entry in before], [item(new, entry) for entry in after]
    lines = [f"Taken out: {text}" for text in one if text not in other]
    lines += [f"Put in: {text}" for text in other if text not in one]
    if len(set(one)) == len(one) and len(set(other)) == len(other):
        staying, now = [text for text in one if text in other], [text for text in other if text in one]
        lines += [f"Moved: {text}" for text in moved(staying, now)]
    return tuple(lines)


def _mapping_lines(part: str, field: str, before: Any, after: Any, old: Side, new: Side) -> tuple[str, ...]:
    name = KEYS.get((part, field)) or KEYS.get(("", field)) or (lambda side, key: str(key))
    say = VALUES.get((part, field)) or VALUES.get(("", field)) or (lambda side, key, value: plainly(value))
    lines = []
    for key in dict.fromkeys([*before, *after]):
        one = say(old, key, before[key]) if key in before else "not given"
        other = say(new, key, after[key]) if key in after else "not given"
        if one != other:
            lines.append(f"{name(new if key in after else old, key)}: {one} → {other}")
    return tuple(lines)


def _sentence(entry: Any) -> str:
    if isinstance(entry, Mapping) and set(entry) == {"text", "from"}:
        return f"{plainly(entry['text'])} ({plainly(entry['from'])})"
    return plainly(entry)


def _sentences(value: Any) -> str:
    return " ".join(map(_sentence, value)) or "none" if isinstance(value, list | tuple) else plainly(value)


def _citation(side: Side, entry: Any) -> str:
    if isinstance(entry, Mapping) and "id" in entry and set(entry) <= {"id", "locator"}:
        locator = entry.get("locator")
        return f"{entry['id']} ({locator})" if locator else plainly(entry["id"])
    return plainly(entry)


def _each(item: Sayer) -> Sayer:
    def say(side: Side, value: Any) -> str:
        if not isinstance(value, list | tuple):
            return plainly(value)
        return ", ".join(item(side, entry) for entry in value) or "none"

    return say


def _word(words: Mapping[str, str]) -> Sayer:
    return lambda side, value: words.get(value, value) if isinstance(value, str) else plainly(value)


def _expected(side: Side, value: Any) -> str:
    if not isinstance(value, Mapping):
        return plainly(value)
    said = [f"{side.option(code)}: {_word(STATUS_WORDS)(side, status)}" for code, status in value.items()]
    return "; ".join(said) or "none"


def _option(side: Side, code: Any) -> str:
    return side.option(code)


def _feature(side: Side, name: Any) -> str:
    return side.feature(name)


def _patient(side: Side, features: Any) -> str:
    return side.patient(features)


def _condition(side: Side, data: Any) -> str:
    return side.condition_text(data)


def _plain(side: Side, value: Any) -> str:
    return plainly(value)


def _value(side: Side, name: str, value: Any) -> str:
    return side.value(name, value)


_status = _word(STATUS_WORDS)

# How one entry of a list is said, by part ("" for any) and field.
ITEMS: dict[tuple[str, str], Sayer] = {
    ("rules", "sources"): _citation,
    ("", "options"): _option,
    ("", "features"): _feature,
    ("", "never"): _status,
    ("", "always"): _status,
    ("features", "values"): _plain,
    ("", "seeds"): _plain,
    ("", "of"): _plain,
    ("", "shown"): _plain,
    ("", "covers"): _plain,
}
SAYERS: dict[tuple[str, str], Sayer] = {
    **{where: _each(item) for where, item in ITEMS.items()},
    ("", "when"): _condition,
    ("", "only_when"): _condition,
    ("", "effect"): _word(EFFECT_TITLES),
    ("", "strength"): _word(STRENGTH_TITLES),
    ("options", "group"): _word(GROUP_TITLES),
    ("rules", "option"): _option,
    ("implications", "feature"): _feature,
    ("test_patients", "features"): _patient,
    ("test_patients", "expected"): _expected,
    ("cases", "true"): _patient,
    ("cases", "false"): _patient,
    ("cases", "unknown"): _patient,
}
# How the keys and values of an object are said.
KEYS: dict[tuple[str, str], Sayer] = {
    ("test_patients", "features"): _feature,
    ("test_patients", "expected"): _option,
    ("cases", "true"): _feature,
    ("cases", "false"): _feature,
    ("cases", "unknown"): _feature,
}
VALUES: dict[tuple[str, str], Callable[[Side, str, Any], str]] = {
    ("test_patients", "features"): _value,
    ("test_patients", "expected"): lambda side, _, value: _status(side, value),
    ("cases", "true"): _value,
    ("cases", "false"): _value,
    ("cases", "unknown"): _value,
}

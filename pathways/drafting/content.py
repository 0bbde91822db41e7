"""The entries of a ruleset's plain data, one by one: finding, putting, retiring, and what their digests are.

What it is: pure functions from ruleset data to ruleset data; the data given are never altered.
What it refuses to do: touch the data dictionary but for the option codes in it (the dictionary changes with a release
of the code), or judge an entry; that is `checking.py`. Who calls it: `pathways.drafts`, `rebasing.py`.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from pathways.engine.values import canonical_json, sorted_keys
from pathways.knowledge.parts import PARTS as ALL_PARTS

Data = dict[str, Any]

# The parts that can be edited: what one entry is called, and by which key it is known. Parts with the key "" are
# objects whose own keys are the codes.
PARTS: dict[str, tuple[str, str]] = {name: (part.noun, part.key) for name, part in ALL_PARTS.items() if part.edited}


# The head of a ruleset (title, intended use, dates) is one entry; its version number is no part of it.
HEAD = "head"


@dataclass(frozen=True, slots=True)
class Place:
    """One entry: the part it is in and its code."""

    part: str
    code: str

    def __post_init__(self) -> None:
        if self.part not in PARTS:
            raise ValueError(f"{self.part} is not a part of a ruleset that can be edited.")

    @property
    def noun(self) -> str:
        """What the entry is called: "rule", "option"."""
        return PARTS[self.part][0]

    def __str__(self) -> str:
        return f"{self.noun} {self.code}"


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One entry before and after; None where it did not exist.

    `after_code`: behind which entry a new one stands; "" is before all others, None behind all others.
    """

    place: Place
    before: Data | None
    after: Data | None
    after_code: str | None = None

    @property
    def reversed(self) -> EntryChange:
        """The change that takes this one back."""
        return EntryChange(self.place, self.after, self.before, self.after_code)

    def to_data(self) -> Data:
        """The plain form in which it is stored."""
        return {
            "part": self.place.part,
            "code": self.place.code,
            "before": self.before,
            "after": self.after,
            "after_code": self.after_code,
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> EntryChange:
        """The change from its plain form."""
        place = Place(data["part"], data["code"])
        return cls(place, data["before"], data["after"], data.get("after_code"))


def entries(data: Mapping[str, Any], part: str) -> dict[str, Data]:
    """Code → entry of one part, in the order of the ruleset."""
    key = PARTS[part][1]
    if part == "ruleset":
        return {HEAD: {name: value for name, value in data["ruleset"].items() if name != "version"}}
    held = data.get(part) or ({} if not key else [])
    return dict(held) if not key else {str(entry[key]): entry for entry in held}


def entry_at(data: Mapping[str, Any], place: Place) -> Data | None:
    """The entry at a place, or None."""
    return entries(data, place.part).get(place.code)


def entry_digest(entry: Data | None) -> str:
    """Names the wording of one entry: "" where there is none. Equal wordings give equal digests."""
    return "" if entry is None else sha256(canonical_json(sorted_keys(entry)).encode()).hexdigest()[:16]


def code_before(data: Mapping[str, Any], place: Place) -> str:
    """The code of the entry that stands before this one, "" for the first."""
    codes = list(entries(data, place.part))
    return codes[codes.index(place.code) - 1] if place.code in codes[1:] else ""


def put(data: Mapping[str, Any], place: Place, entry: Data | None, after_code: str | None = None) -> Data:
    """The data with the entry put at its place, or taken out where it is None.

    A changed entry keeps its position; a new one stands behind `after_code` ("": before all others), or at the end where
    that is None or unknown.
    """
    key = PARTS[place.part][1]
    if place.part == "ruleset":
        return {**data, "ruleset": {**copy.deepcopy(entry or {}), "version": data["ruleset"]["version"]}}
    held = entries(data, place.part)
    if entry is None:
        held.pop(place.code, None)
    elif after_code == "" and place.code not in held:
        held = {place.code: copy.deepcopy(entry), **held}
    elif place.code in held or after_code is None or after_code not in held:
        held[place.code] = copy.deepcopy(entry)
    else:
        held = _inserted(held, place.code, copy.deepcopy(entry), after_code)
    changed = dict(data)
    if held or place.part in data:
        changed[place.part] = held if not key else list(held.values())
    if not held and place.part in ("limits", "test_patients"):
        changed.pop(place.part, None)
    return _with_option_codes(changed, data) if place.part == "options" else changed


def _inserted(held: Mapping[str, Data], code: str, entry: Data, after_code: str) -> dict[str, Data]:
    ordered: dict[str, Data] = {}
    for known, value in held.items():
        ordered[known] = value
        if known == after_code:
            ordered[code] = entry
    return ordered


def apply(data: Mapping[str, Any], changes: Iterable[EntryChange]) -> Data:
    """The data after all changes."""
    changed: Data = dict(data)
    for change in changes:
        changed = put(changed, change.place, change.after, change.after_code)
    return changed


def without_stray_codes(data: Data, base: Mapping[str, Any]) -> Data:
    """The data without option codes in the dictionary that neither its catalogue nor the base has.

    Such a code belongs to an option that was added and taken out again in one draft: nobody was ever given it.
    """
    known, dictionary = set(entries(data, "options")), copy.deepcopy(data["dictionary"])
    for group in ("patient", "tumor", "history"):
        for name, feature in (dictionary.get(group) or {}).items():
            values = feature.get("values")
            held = ((base["dictionary"].get(group) or {}).get(name) or {}).get("values")
            if not isinstance(values, list) or not isinstance(held, list) or not known <= set(values):
                continue
            stray = set(values) - known - set(held)
            feature["values"] = [value for value in values if value not in stray]
            labels = {code: label for code, label in (feature.get("labels") or {}).items() if code not in stray}
            if labels or "labels" in feature:
                feature["labels"] = labels
            if not labels:
                feature.pop("labels", None)
    return {**data, "dictionary": dictionary}


def _with_option_codes(data: Data, before: Mapping[str, Any]) -> Data:
    """The dictionary's features over treatments know every option of the catalogue, and keep those that were retired.

    A treatment that was given stays on the patients' record when the option leaves the catalogue.
    """
    codes = list(entries(data, "options"))
    known = list(entries(before, "options"))
    dictionary = copy.deepcopy(data["dictionary"])
    titles = {code: entry.get("title", code) for code, entry in entries(before, "options").items()}
    for group in ("patient", "tumor", "history"):
        for feature in (dictionary.get(group) or {}).values():
            values = feature.get("values")
            if isinstance(values, list) and known and set(known) <= set(values):
                retired = [value for value in values if value not in codes]
                feature["values"] = [*codes, *retired]
                labels = {code: titles[code] for code in retired if code in titles}
                if labels or feature.get("labels"):
                    feature["labels"] = {**(feature.get("labels") or {}), **labels}
    return {**data, "dictionary": dictionary}


def changed_places(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[EntryChange, ...]:
    """Every entry that differs, part by part, in the order of the ruleset; what was taken out comes last in its part."""
    changes = []
    for part in PARTS:
        old, new = entries(before, part), entries(after, part)
        for code, entry in new.items():
            if entry != old.get(code):
                place = Place(part, code)
                changes.append(EntryChange(place, old.get(code), entry, code_before(after, place)))
        for code, entry in old.items():
            if code not in new:
                place = Place(part, code)
                changes.append(EntryChange(place, entry, None, code_before(before, place)))
    return tuple(changes)

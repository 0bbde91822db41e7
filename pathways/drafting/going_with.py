"""What goes with an option or a rule that is retired: the entries that cannot stand without it.

What it is: the changes that retiring comes to, and, of a draft's changes, which of them came about so and no further.
What it refuses to do: count an entry that was changed otherwise as well; that is a change of its own.
Pure: plain data in, values out. Who calls it: the pages of a draft, the reasons of its changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pathways.drafting.content import Data, EntryChange, Place, apply, code_before, entries, entry_at


def going_with(before: Mapping[str, Any], changes: Sequence[EntryChange]) -> dict[Place, tuple[Place, ...]]:
    """Place → the retired options or rules with which its change goes; those that are changed otherwise are left out."""
    retired = [one.place for one in changes if one.after is None and one.place.part in ("options", "rules")]
    data: Data = dict(before)
    because: dict[Place, tuple[Place, ...]] = {}
    for place in sorted(retired, key=lambda place: place.part != "options"):
        if entry_at(data, place) is None:
            continue  # a rule that went with its option
        companions = (retiring_option if place.part == "options" else retiring_rule)(data, place.code)
        data = apply(data, companions)
        for one in companions:
            if one.place != place:
                because[one.place] = (*because.get(one.place, ()), place)
    return {
        one.place: because[one.place]
        for one in changes
        if one.place in because and entry_at(data, one.place) == one.after
    }


def retiring_option(data: Mapping[str, Any], code: str) -> tuple[EntryChange, ...]:
    """Everything that goes with an option: its rules and their cases, and its name in invariants, test patients, facts.

    An invariant that spoke of this option alone goes too. The option's code stays in the data dictionary.
    """
    rules = [rule for rule, entry in entries(data, "rules").items() if entry.get("option") == code]
    changes = [_taken_out(data, Place("cases", rule)) for rule in rules if rule in entries(data, "cases")]
    changes += [_taken_out(data, Place("rules", rule)) for rule in rules]
    for part in ("invariants", "facts"):
        for name, entry in entries(data, part).items():
            if code in (entry.get("options") or ()):
                changes.append(_without_option(part, name, entry, code))
    for name, entry in entries(data, "test_patients").items():
        if code in (entry.get("expected") or {}):
            expected = {option: status for option, status in entry["expected"].items() if option != code}
            changes.append(EntryChange(Place("test_patients", name), entry, {**entry, "expected": expected}))
    return (*changes, _taken_out(data, Place("options", code)))


def retiring_rule(data: Mapping[str, Any], code: str) -> tuple[EntryChange, ...]:
    """A rule and its cases; sentences of the option's page no longer rest on it."""
    changes = [_taken_out(data, Place("cases", code))] if code in entries(data, "cases") else []
    changes.append(_taken_out(data, Place("rules", code)))
    for name, option in entries(data, "options").items():
        about = _about_without(option.get("about") or {}, code)
        if about != (option.get("about") or {}):
            changes.append(EntryChange(Place("options", name), option, {**option, "about": about}))
    return tuple(changes)


def _about_without(about: Mapping[str, Sequence[Data]], code: str) -> dict[str, list[Data]]:
    kept: dict[str, list[Data]] = {}
    for section, sentences in about.items():
        left = [
            sentence
            if code not in sentence["from"]
            else {**sentence, "from": [c for c in sentence["from"] if c != code]}
            for sentence in sentences
        ]
        left = [sentence for sentence in left if sentence["from"]]
        if left:
            kept[section] = left
    return kept


def _taken_out(data: Mapping[str, Any], place: Place) -> EntryChange:
    return EntryChange(place, entry_at(data, place), None, code_before(data, place))


def _without_option(part: str, name: str, entry: Data, code: str) -> EntryChange:
    left = [option for option in entry["options"] if option != code]
    gone = part == "invariants" and not left
    return EntryChange(Place(part, name), entry, None if gone else {**entry, "options": left})

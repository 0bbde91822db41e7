"""What changed between two rulesets, entry by entry and field by field, in words a clinician reads.

What it is: one `Change` per entry of any part that was added, changed or retired, and per order that changed; each
with what it says before and after, the smallest lines that tell both apart, and the rules and options it reaches.
What it refuses to do: leave anything out. It is empty exactly when both rulesets have the same digest.
Pure: plain data in, values out. Who calls it: the loader of the starter pathway, `manage.py ruleset`, the pages that
compare versions and drafts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pathways.drafting.catalogue_values import lists_options, without_options
from pathways.drafting.change_words import FieldChange, field_change
from pathways.drafting.marking import marked, moved
from pathways.drafting.side import ABSENT, GROUPS, Side, plainly, same
from pathways.drafting.touching import Reach, renamed_options
from pathways.knowledge.parts import PARTS as ALL_PARTS

Kind = Literal["added", "changed", "retired"]

# In the order in which they are told.
PARTS = ("ruleset", "options", "definitions", "rules", "limits", "cases", "invariants", "test_patients", "sources",
         "facts", "dictionary")  # fmt: skip
PART_TITLES = {name: part.title for name, part in ALL_PARTS.items()}
_EDITED = {name: ALL_PARTS[name] for name in PARTS if ALL_PARTS[name].edited and name != "ruleset"}
# The parts that are lists: their name, what one entry is called, and by what it is known.
LISTS = {name: (part.told, part.key) for name, part in _EDITED.items() if part.key}
# The parts that are objects, whose keys have no order.
OBJECTS = {name: part.told for name, part in _EDITED.items() if not part.key}


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that was added, changed or retired. `place` names it for ever ("rule PRRT-E5").

    `rules` are those that rest on it, `options` those whose list it can reach; both in the order of the catalogue.
    """

    place: str
    part: str
    code: str
    kind: Kind
    title: str
    fields: tuple[FieldChange, ...]
    rules: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference of two rulesets' plain data but the version number; empty exactly for equal digests."""
    return tuple(_Comparison(Side(before), Side(after)).changes())


def affected_options(changes: Iterable[Change], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The options that changes reach, in the order of the catalogue; those that are no longer in it come last."""
    reached = dict.fromkeys(option for change in changes for option in change.options)
    catalogue = Side(after).options
    return (*(code for code in catalogue if code in reached), *(code for code in reached if code not in catalogue))


@dataclass(frozen=True, slots=True)
class _Named:
    """How the entries of a part are named and compared."""

    part: str
    noun: str

    def place(self, code: str) -> str:
        return f"{self.noun} {code}".strip()


class _Comparison:
    def __init__(self, old: Side, new: Side) -> None:
        self.old = old
        self.new = new
        self.reach = Reach(old), Reach(new)
        self.catalogue = list(dict.fromkeys([*new.options, *old.options]))
        codes = [str(rule.get("code")) for side in (new, old) for rule in side.entries("rules")]
        self.rule_order = {code: number for number, code in enumerate(dict.fromkeys(codes))}

    def changes(self) -> Iterator[Change]:
        names = [*PARTS, *(name for name in dict.fromkeys([*self.old.data, *self.new.data]) if name not in PARTS)]
        for name in names:
            one, other = self.old.data.get(name, ABSENT), self.new.data.get(name, ABSENT)
            if name == "ruleset":
                one, other = _unnumbered(one), _unnumbered(other)
            if not same(one, other):
                yield from list(self._part(name, one, other)) or [self._whole(name, one, other)]

    def _part(self, name: str, one: Any, other: Any) -> Iterator[Change]:
        if name == "ruleset" and isinstance(one, Mapping) and isinstance(other, Mapping):
            yield self._entry(_Named(name, "ruleset"), "", one, other)
        elif name in LISTS:
            noun, key = LISTS[name]
            yield from self._ordered(_Named(name, noun), _by_code(one, key), _by_code(other, key))
        elif name in OBJECTS and _is_object(one) and _is_object(other):
            yield from self._entries(_Named(name, OBJECTS[name]), _object(one), _object(other))
        elif name == "dictionary" and _is_object(one) and _is_object(other):
            yield from self._dictionary(_object(one), _object(other))
        else:
            yield self._whole(name, one, other)

    def _whole(self, name: str, one: Any, other: Any) -> Change:
        """A part that is not what it should be, or is not known here: told as one field."""
        kind: Kind = "added" if one is ABSENT else "retired" if other is ABSENT else "changed"
        told = field_change(name, name, one, other, self.old, self.new)
        return Change(f"part {name}", name, "", kind, PART_TITLES.get(name, name), (told,))

    def _dictionary(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
        ours, theirs = self._features_told(_features(one), _features(other))
        yield from self._ordered(_Named("features", "feature"), ours, theirs)
        for name in ("implications", "contradictions"):
            entries = _by_code(one.get(name, ABSENT), "code"), _by_code(other.get(name, ABSENT), "code")
            yield from self._ordered(_Named(name, name[:-1]), *entries)
        told = {*GROUPS, "implications", "contradictions"}
        for name in dict.fromkeys([*one, *other]):
            here, there = one.get(name, ABSENT), other.get(name, ABSENT)
            if same(here, there):
                continue
            if name not in told or not (here and there and type(here) is type(there)):
                yield self._whole(f"dictionary, {name}", here, there)

    def _features_told(self, one: dict[str, Any], other: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        """The features of both; lists of treatments that differ by what the change of an option tells already are one."""
        if same(self.old.data.get("options", ABSENT), self.new.data.get("options", ABSENT)):
            return one, other
        options = {code: (self.old.options.get(code), self.new.options.get(code)) for code in self.catalogue}
        for name in one.keys() & other.keys():
            here, there = one[name], other[name]
            listed = lists_options(here, self.old.options) and lists_options(there, self.new.options)
            if listed and same(*(without_options(feature, options, options) for feature in (here, there))):
                other = {**other, name: here}
        return one, other

    def _ordered(self, named: _Named, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
        yield from self._entries(named, one, other)
        before, after = [code for code in one if code in other], [code for code in other if code in one]
        if before != after:
            away = moved(before, after)
            old, new = (_standing(order, away) for order in (list(one), list(other)))
            was, now = "; ".join(old), "; ".join(new)
            told = FieldChange("order", "Order", was, now, tuple(new), marked(was, now))
            place = f"order of {PART_TITLES[named.part].lower()}"
            yield Change(place, named.part, "", "changed", place.capitalize(), (told,))

    def _entries(self, named: _Named, one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[Change]:
        for code, entry in other.items():
            if code not in one:
                yield self._entry(named, code, ABSENT, entry)
            elif not same(one[code], entry):
                yield self._entry(named, code, one[code], entry)
        for code, entry in one.items():
            if code not in other:
                yield self._entry(named, code, entry, ABSENT)

    def _entry(self, named: _Named, code: str, one: Any, other: Any) -> Change:
        kind: Kind = "added" if one is ABSENT else "retired" if other is ABSENT else "changed"
        rules, options = self._reached(named.part, code.split(",")[0], one, other)
        side = self.old if other is ABSENT else self.new
        title = _title(named.part, one if other is ABSENT else other, side, code)
        fields = self._fields(named.part, one, other)
        return Change(named.place(code), named.part, code, kind, title, fields, rules, options)

    def _fields(self, part: str, one: Any, other: Any) -> tuple[FieldChange, ...]:
        if not all(isinstance(entry, Mapping) or entry is ABSENT for entry in (one, other)):
            return (field_change(part, "entry", one, other, self.old, self.new),)
        here, there = _flat(one), _flat(other)
        return tuple(
            field_change(part, key, here.get(key, ABSENT), there.get(key, ABSENT), self.old, self.new)
            for key in _reading_order([*here, *there])
            if not same(here.get(key, ABSENT), there.get(key, ABSENT))
        )

    def _reached(self, part: str, code: str, one: Any, other: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
        old, new = self.reach[0].of(part, code, one), self.reach[1].of(part, code, other)
        rules, options = old[0] | new[0], old[1] | new[1]
        if (named := renamed_options(part, one, other)) is not None:
            rules, options = set(), named
        return (
            tuple(sorted(rules, key=lambda rule: self.rule_order.get(rule, 0))),
            tuple(option for option in self.catalogue if option in options),
        )


FIELD_ORDER = ("code", "id", "title", "option", "effect", "when", "rationale", "sources", "strength", "note")


def _reading_order(fields: list[str]) -> list[str]:
    known = [field for field in FIELD_ORDER if field in fields]
    return list(dict.fromkeys([*known, *fields]))


def _flat(entry: Any) -> dict[str, Any]:
    """The fields of an entry; the sections of an option's page are fields of their own."""
    if entry is ABSENT:
        return {}
    fields = dict(entry)
    about = fields.get("about")
    if isinstance(about, Mapping) and about:
        del fields["about"]
        fields.update({f"about.{section}": said for section, said in about.items()})
    return fields


def _by_code(entries: Any, key: str) -> dict[str, Any]:
    """The entries of a list by their code; one without a code by its number, a code used twice with a number behind."""
    found: dict[str, Any] = {}
    for number, entry in enumerate(entries if isinstance(entries, list | tuple) else (), 1):
        code = entry.get(key) if isinstance(entry, Mapping) else None
        name = code if isinstance(code, str) and code else f"number {number}"
        found[name if name not in found else f"{name}, number {number}"] = entry
    return found


def _features(dictionary: Mapping[str, Any]) -> dict[str, Any]:
    """Every feature with its group as a field of it."""
    found: dict[str, Any] = {}
    for group in GROUPS:
        for name, entry in _object(dictionary.get(group)).items():
            told = {"group": group, **entry} if isinstance(entry, Mapping) else entry
            found[name if name not in found else f"{name}, of {group}"] = told
    return found


def _is_object(value: Any) -> bool:
    return value is ABSENT or isinstance(value, Mapping)


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _unnumbered(head: Any) -> Any:
    return {key: value for key, value in head.items() if key != "version"} if isinstance(head, Mapping) else head


def _title(part: str, entry: Any, side: Side, code: str) -> str:
    if part in ("features", "limits"):
        return side.feature(code)
    if part == "cases":
        return next((str(r.get("title") or "") for r in side.entries("rules") if r.get("code") == code), "")
    keys = ("title", "sentence", "fact", "citation", "why", "message", "rationale")
    return next((plainly(entry[key]) for key in keys if isinstance(entry, Mapping) and entry.get(key)), "")


def _standing(order: list[str], away: tuple[str, ...]) -> list[str]:
    """Where the moved entries stand: 'SURV-I2 after SURV-I1'."""
    return [
        f"{code} after {order[number - 1]}" if number else f"{code} first"
        for number, code in enumerate(order)
        if code in away
    ]

"""Which rules and options rest on a definition, a feature, a source or a fact: what a change of it can reach.

Pure, over plain data, so that it also serves drafts that cannot be built. Called by `changes.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from pathways.drafting.side import Side


class Reach:
    """The rules of one ruleset by what they rest on."""

    def __init__(self, side: Side) -> None:
        self.side = side

    def of(self, part: str, code: str, entry: Any) -> tuple[set[str], set[str]]:
        """(rules, options) that the entry of a part reaches."""
        match part:
            case "rules":
                return set(), self.option_of({code}) | _texts(entry, "option")
            case "options":
                return set(), {code}
            case "cases":
                return set(), self.option_of({code})
            case "invariants":
                return set(), _texts(entry, "options")
            case "test_patients":
                return set(), set(_object(entry, "expected"))
            case "facts":
                rules = self.citing.get(code, set())
                return rules, self.option_of(rules) | _texts(entry, "options")
            case "implications":
                rules = set().union(*(self.reading.get(name, set()) for name in _texts(entry, "feature")))
        by = {"definitions": self.using, "sources": self.citing, "features": self.reading, "limits": self.reading}
        if part != "implications":
            rules = by[part].get(code, set()) if part in by else set()
        return rules, self.option_of(rules)

    def option_of(self, rules: Iterable[str]) -> set[str]:
        """The options of rules."""
        return {self._options[code] for code in rules if code in self._options}

    @cached_property
    def _options(self) -> dict[str, str]:
        return {str(rule.get("code")): str(rule.get("option")) for rule in self.side.entries("rules")}

    @cached_property
    def using(self) -> dict[str, set[str]]:
        """Definition → the rules that use it, directly or through other definitions."""
        return self._by("use")

    @cached_property
    def reading(self) -> dict[str, set[str]]:
        """Feature → the rules that read it, directly or through definitions."""
        return self._by("feature")

    @cached_property
    def citing(self) -> dict[str, set[str]]:
        """Source or fact → the rules that cite it."""
        found: dict[str, set[str]] = {}
        for rule in self.side.entries("rules"):
            for name in _ids(rule.get("sources")):
                found.setdefault(name, set()).add(str(rule.get("code")))
        return found

    def _by(self, key: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for rule in self.side.entries("rules"):
            for kind, name in self._named(rule.get("when")):
                if kind == key:
                    found.setdefault(name, set()).add(str(rule.get("code")))
        return found

    @cached_property
    def _definitions(self) -> dict[str, list[tuple[str, str]]]:
        return {str(e.get("code")): list(_names_in(e.get("when"))) for e in self.side.entries("definitions")}

    def _named(self, condition: Any) -> set[tuple[str, str]]:
        """Every feature and definition that a condition names, through definitions as well."""
        found: set[tuple[str, str]] = set()
        waiting = list(_names_in(condition))
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._definitions.get(one[1], ()) if one[0] == "use" else ()
        return found


# Where an entry of a part names options.
_NAMING = {"invariants": "options", "facts": "options", "test_patients": "expected"}


def renamed_options(part: str, one: Any, other: Any) -> set[str] | None:
    """The options that an entry names on one side alone or otherwise, where it differs by nothing else; None elsewhere."""
    key = _NAMING.get(part, "")
    if not key or not isinstance(one, Mapping) or not isinstance(other, Mapping) or key not in one or key not in other:
        return None
    if {**one, key: None} != {**other, key: None}:
        return None
    here, there = (_object(e, key) or dict.fromkeys(_texts(e, key), "") for e in (one, other))
    return {code for code in here.keys() | there.keys() if here.get(code) != there.get(code)}


def _names_in(condition: Any) -> Iterator[tuple[str, str]]:
    waiting = [condition]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            yield from ((key, part[key]) for key in ("use", "feature") if isinstance(part.get(key), str))
            waiting += part.values()
        elif isinstance(part, list | tuple):
            waiting += part


def _texts(entry: Any, key: str) -> set[str]:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return (
        {value}
        if isinstance(value, str)
        else {e for e in value or () if isinstance(e, str)}
        if _listed(value)
        else set()
    )


def _listed(value: Any) -> bool:
    return isinstance(value, list | tuple)


def _object(entry: Any, key: str) -> Mapping[str, Any]:
    value = entry.get(key) if isinstance(entry, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _ids(sources: Any) -> Iterator[str]:
    for entry in sources if isinstance(sources, list | tuple) else ():
        name = entry.get("id") if isinstance(entry, Mapping) else entry
        if isinstance(name, str):
            yield name

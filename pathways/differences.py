"""What differs between two rulesets, entry by entry, in lines a person can read.

Pure: plain data in, lines out. Who calls it: the loader of the starter pathway; publishing shows the same later.
"""

from collections.abc import Iterator, Mapping
from typing import Any

# The parts of a ruleset, and by what their entries are known.
PARTS: tuple[tuple[str, str, str], ...] = (
    ("options", "option", "code"),
    ("definitions", "definition", "code"),
    ("rules", "rule", "code"),
    ("sources", "source", "id"),
    ("facts", "fact", "id"),
    ("invariants", "invariant", "code"),
)


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> list[str]:
    """One line per change; against nothing, one line per part with how many entries it has."""
    if before is None:
        counted = [f"{name}: {len(after.get(name) or ())} added" for name, _, _ in PARTS]
        return [*counted, f"features: {len(_features(after))} added", f"cases: {len(after.get('cases') or ())} added"]
    lines = [line for part in PARTS for line in _part(before, after, *part)]
    lines += _entries("feature", _features(before), _features(after))
    lines += _entries("cases of rule", before.get("cases") or {}, after.get("cases") or {})
    lines += _part(before, after, "test_patients", "test patient", "code")
    for name in ("implications", "contradictions"):
        lines += _entries(
            name[:-1], _coded(before["dictionary"], name, "code"), _coded(after["dictionary"], name, "code")
        )
    lines += [f"order of {name} changed" for name, _, key in PARTS if _order_changed(before, after, name, key)]
    return lines


def _part(before: Mapping[str, Any], after: Mapping[str, Any], name: str, noun: str, key: str) -> Iterator[str]:
    yield from _entries(noun, _coded(before, name, key), _coded(after, name, key))


def _coded(data: Mapping[str, Any], name: str, key: str) -> dict[str, Any]:
    return {str(entry[key]): entry for entry in data.get(name) or ()}


def _features(data: Mapping[str, Any]) -> dict[str, Any]:
    groups = ("patient", "tumor", "history")
    return {name: entry for group in groups for name, entry in (data["dictionary"].get(group) or {}).items()}


def _entries(noun: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    for code, entry in after.items():
        if code not in before:
            yield f"{noun} {code}: added"
        elif entry != before[code]:
            yield f"{noun} {code}: {_changed_keys(before[code], entry)}"
    for code in before:
        if code not in after:
            yield f"{noun} {code}: removed"


def _changed_keys(before: Any, after: Any) -> str:
    if not isinstance(before, Mapping) or not isinstance(after, Mapping):
        return "changed"
    keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    return f"{', '.join(map(str, keys))} changed"


def _order_changed(before: Mapping[str, Any], after: Mapping[str, Any], name: str, key: str) -> bool:
    old, new = list(_coded(before, name, key)), list(_coded(after, name, key))
    return [code for code in old if code in new] != [code for code in new if code in old]

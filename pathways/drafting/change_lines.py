"""Changes as lines of text: for commands, messages and whatever has no page.

Pure. Called by the loader of the starter pathway and `manage.py ruleset`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pathways.drafting.changes import LISTS, OBJECTS, Change
from pathways.drafting.side import GROUPS


def change_lines(changes: Iterable[Change]) -> list[str]:
    """Each change with its place and title, and below it, indented, what differs field by field."""
    return [line for change in changes for line in _lines(change)]


def _lines(change: Change) -> Iterator[str]:
    title = f" ({change.title})" if change.title and change.code else ""
    yield f"{change.place}{title}: {change.kind}"
    for field in change.fields:
        if change.kind == "changed":
            yield from (f"  {field.label}: {line}" for line in field.lines or (_whole(field.before, field.after),))
        elif field.field in ("when", "option", "effect"):
            yield f"  {field.label}: {field.after or field.before}"
    if change.options and change.part in ("definitions", "features", "limits", "implications"):
        yield f"  Reaches the options: {', '.join(change.options)}"


def _whole(before: str, after: str) -> str:
    if before and after:
        return f"{before} → {after}"
    return f"now given: {after}" if after else f"no longer given, was: {before}"


def counted(data: Mapping[str, Any]) -> list[str]:
    """One line per part of a first version: how many entries it has."""
    parts = [name for name in (*LISTS, *OBJECTS) if data.get(name)]
    features = sum(len(data["dictionary"].get(group) or ()) for group in GROUPS)
    return [*(f"{name.replace('_', ' ')}: {len(data[name])} added" for name in parts), f"features: {features} added"]

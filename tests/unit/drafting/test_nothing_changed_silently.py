"""No change of a ruleset is silent: there is a change in words exactly when the digest differs."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways.drafting.change_lines import change_lines
from pathways.drafting.changes import changes_between
from pathways.engine import canonical_json, in_canonical_order
from pathways.knowledge import starter
from tests.generative.starter import LONG

DATA = starter() | {
    "limits": {"ki67_percent": {"days": 365, "reason": "It changes."}},
    "test_patients": [
        {"code": "TP-1", "title": "One", "features": {"ki67_percent": 8}, "expected": {"lanreotide": "candidate"}},
        {"code": "TP-2", "title": "Two", "features": {}, "expected": {}},
    ],
}
Path = tuple[Any, ...]


def digest(data: dict[str, Any]) -> str:
    """The digest as the engine makes it, also of what the engine would refuse."""
    ordered = in_canonical_order(data)
    if isinstance(ordered.get("ruleset"), dict):
        ordered["ruleset"].pop("version", None)
    return sha256(canonical_json(ordered).encode()).hexdigest()


def places(data: Any, path: Path = ()) -> Iterator[Path]:
    """The path of every leaf and every container of plain data, but that of the whole."""
    if path:
        yield path
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        yield from places(value, (*path, key))


def shape(path: Path) -> Path:
    """The kind of place: numbers and codes left out, so that rare kinds are met as often as frequent ones."""
    named = ("cases", "limits")
    return tuple("*" if isinstance(step, int) or (path[0] in named and n == 1) else step for n, step in enumerate(path))


PLACES = list(places(DATA))
BY_SHAPE: dict[Path, list[Path]] = {}
for _path in PLACES:
    BY_SHAPE.setdefault(shape(_path), []).append(_path)
SHAPES = sorted(BY_SHAPE, key=repr)
OTHERS = [
    None,
    True,
    False,
    0,
    1,
    Decimal("1.5"),
    "",
    "none",
    "SURV-I1",
    "lanreotide",
    [],
    ["G1"],
    {},
    {"use": "advanced"},
]


def changed(path: Path, how: str, other: Any) -> dict[str, Any]:
    """A copy of the data with one thing changed."""
    data = copy.deepcopy(DATA)
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    last, value = path[-1], holder[path[-1]]
    if how == "other":
        holder[last] = other
    elif how == "gone":
        del holder[last]
    elif how == "edited" and isinstance(value, str):
        holder[last] = f"{value} x"
    elif how == "edited" and isinstance(value, int | Decimal) and not isinstance(value, bool):
        holder[last] = value + 1
    elif how == "last first" and isinstance(value, list) and value:
        value.insert(0, value.pop())
    elif how == "twice" and isinstance(holder, list):
        holder.insert(0, copy.deepcopy(value))
    elif how == "last first" and isinstance(value, dict) and value:
        holder[last] = dict(reversed(value.items()))
    elif how == "another key" and isinstance(value, dict):
        value["another"] = other
    return data


@given(
    place=st.sampled_from(SHAPES).flatmap(lambda one: st.sampled_from(BY_SHAPE[one])),
    how=st.sampled_from(["other", "gone", "edited", "last first", "twice", "another key"]),
    other=st.sampled_from(OTHERS),
)
@settings(max_examples=3000 if LONG else 60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_there_is_a_change_exactly_when_the_digest_differs(place: Path, how: str, other: Any) -> None:
    after = changed(place, how, other)
    changes = changes_between(DATA, after)
    assert bool(changes) == (digest(DATA) != digest(after))
    for change in changes:
        assert change.fields, change.place
        assert all(field.lines or field.before != field.after for field in change.fields), change
    back = changes_between(after, DATA)
    assert {change.place for change in back} == {change.place for change in changes}
    assert len(change_lines(changes)) >= len(changes)


def test_the_number_of_a_version_is_not_a_change() -> None:
    assert changes_between(DATA, DATA | {"ruleset": DATA["ruleset"] | {"version": 7}}) == ()


def test_the_order_of_keys_and_the_way_a_number_is_written_are_not_a_change() -> None:
    again = dict(reversed(copy.deepcopy(DATA).items()))
    again["limits"] = {"ki67_percent": {"reason": "It changes.", "days": Decimal("365.0")}}
    assert digest(again) == digest(DATA)
    assert changes_between(DATA, again) == ()

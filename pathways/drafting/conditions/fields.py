"""Parts as the fields of a form, and the fields of a sent form as parts.

The tree stands in one field that comes once per part, in reading order: `when-part=7.3.comparison.grade` is part 7, in
part 3, drawn for the feature grade. What it refuses to do: guess where a part belongs; a form that does not add up is
refused as a whole, in bounded time. Called by `form`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from pathways.drafting.conditions.numbers import read_number
from pathways.drafting.conditions.parts import (
    DEEPEST,
    HIGHEST_ID,
    KINDS,
    MOST_PARTS,
    ConditionRefused,
    Kind,
    Numbers,
    Part,
    blank,
)
from pathways.drafting.conditions.reading import NO, YES, Offer
from pathways.engine import Feature
from pathways.engine.conditions import operators_for
from patients.entry import EntryRefused

LONGEST = 500
# What comes nearest when a feature of another kind is chosen.
_NEAREST = {"=": "contains", "contains": "=", "in": "contains_any", "contains_any": "in"}

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form said. `another`: parts whose comparison had to become another one, since the feature changed."""

    root: Part
    numbers: Numbers
    verb: str
    another: frozenset[int]


def lists_of(post: Any) -> Fields:
    """The fields of a QueryDict, or of a plain mapping of lists."""
    return dict(post.lists()) if hasattr(post, "lists") else post


def fields_of(root: Part, prefix: str, following: int) -> dict[str, list[str]]:
    """Everything that the form of a tree sends when nobody touches it."""
    fields: dict[str, list[str]] = {f"{prefix}-part": [], f"{prefix}-next": [str(following)]}

    def add(part: Part, parent: int) -> None:
        fields[f"{prefix}-part"].append(place_of(part, parent))
        texts = {"feature": part.feature, "op": part.operator, "name": part.name, "find": part.find}
        fields.update({f"{prefix}-{part.id}-{key}": [text] for key, text in texts.items() if text})
        if part.values:
            fields[f"{prefix}-{part.id}-value"] = list(part.values)
        for inner in part.parts:
            add(inner, part.id)

    add(root, 0)
    return fields


def place_of(part: Part, parent: int) -> str:
    """A part's entry in the field that holds the tree."""
    drawn_for = f".{part.feature}" if part.kind == "comparison" else ""
    return f"{part.id}.{parent}.{part.kind}{drawn_for}"


def read_fields(post: Any, prefix: str, offer: Offer) -> Sent:
    """The tree that was sent; an empty one where none was. Raises ConditionRefused for a form that does not add up."""
    fields = lists_of(post)
    entries = fields.get(f"{prefix}-part", ())
    verb = next(iter(fields.get(f"{prefix}-verb", ())), "")
    if not entries:
        numbers = Numbers()
        return Sent(blank(numbers), numbers, verb, frozenset())
    if len(entries) > MOST_PARTS:
        raise ConditionRefused(f"The condition has {len(entries)} parts; the builder holds {MOST_PARTS}.")
    inside, order = _tree(entries)
    another: set[int] = set()
    leaves = {number: _leaf(place, prefix, fields, offer, another) for number, place in order.items()}
    root = _built(inside[0][0], leaves, inside, 1)
    return Sent(root, Numbers(_following(fields, prefix, order)), verb, frozenset(another))


@dataclass(frozen=True, slots=True)
class _Place:
    id: int
    kind: Kind
    drawn_for: str


def _tree(entries: Sequence[str]) -> tuple[dict[int, list[int]], dict[int, _Place]]:
    inside: dict[int, list[int]] = {0: []}
    order: dict[int, _Place] = {}
    for entry in entries:
        number, parent, kind, *rest = [*entry[:LONGEST].split(".", 3), "", ""]
        ids = [int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else -1 for text in (number, parent)]
        if kind not in KINDS or not 0 < ids[0] <= HIGHEST_ID or ids[0] in order or ids[1] not in inside:
            raise _does_not_add_up()
        order[ids[0]] = _Place(ids[0], cast(Kind, kind), rest[0])
        inside[ids[1]].append(ids[0])
        if kind in ("all", "any", "not"):
            inside[ids[0]] = []
        if (ids[1] == 0 or order[ids[1]].kind == "not") and len(inside[ids[1]]) > 1:
            raise _does_not_add_up()
    return inside, order


def _does_not_add_up() -> ConditionRefused:
    return ConditionRefused(
        "The condition did not arrive as the form holds it, so nothing of it was taken over. "
        "Go back, load the page again and repeat the last step."
    )


def _following(fields: Fields, prefix: str, order: Mapping[int, _Place]) -> int:
    text = next(iter(fields.get(f"{prefix}-next", ())), "")
    given = int(text) if text.isascii() and text.isdigit() and len(text) <= 6 else 0
    return max(max(order) + 1, min(given, HIGHEST_ID + 1))


def _built(number: int, leaves: Mapping[int, Part], inside: Mapping[int, list[int]], level: int) -> Part:
    if level > DEEPEST:
        raise ConditionRefused(f"The condition is nested more than {DEEPEST} deep.")
    parts = tuple(_built(inner, leaves, inside, level + 1) for inner in inside.get(number, ()))
    return replace(leaves[number], parts=parts)


def _leaf(place: _Place, prefix: str, fields: Fields, offer: Offer, another: set[int]) -> Part:
    def sent(key: str) -> str:
        return next(iter(fields.get(f"{prefix}-{place.id}-{key}", ())), "")[:LONGEST]

    values = tuple(value[:LONGEST] for value in fields.get(f"{prefix}-{place.id}-value", ()) if value)
    part = Part(
        place.id,
        place.kind,
        feature=sent("feature"),
        operator=sent("op"),
        values=values[:MOST_PARTS],
        name=sent("name"),
        find=sent("find"),
    )
    if part.kind != "comparison" or part.feature == place.drawn_for:
        return part
    moved = for_feature(part, offer.features.get(part.feature))
    if place.drawn_for and moved.operator != part.operator:
        another.add(part.id)
    return moved


def for_feature(part: Part, feature: Feature | None) -> Part:
    """A comparison after another feature was chosen: what still fits is kept."""
    if feature is None:
        return part
    allowed = operators_for(feature)
    operator = part.operator
    if operator not in allowed:
        operator = _NEAREST.get(operator, "")
    if operator not in allowed:
        operator = "<=" if feature.kind == "number" else allowed[0]
    return replace(part, operator=operator, values=tuple(value for value in part.values if _fits(feature, value)))


def _fits(feature: Feature, value: str) -> bool:
    match feature.kind:
        case "bool":
            return value in (YES, NO)
        case "number":
            try:
                read_number(feature, value)
            except EntryRefused:
                return False
            return True
        case _:
            return value in feature.values

"""What the buttons of the builder do to the tree: add, remove, move, wrap, unwrap, switch, duplicate.

What it is: one function per verb, from a tree to another tree, with the part that gets the focus and a sentence of what
was done. What it refuses to do: let the tree grow beyond its limits, or lose what stands in a part that is not removed.
A step that cannot be done changes nothing and says why. Called by `form`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from pathways.drafting.conditions.fields import for_feature
from pathways.drafting.conditions.finding import found_feature
from pathways.drafting.conditions.parts import (
    DEEPEST,
    MOST_PARTS,
    ConditionRefused,
    Kind,
    Numbers,
    Part,
    blank,
    changed,
    count,
    depth,
    find,
    inserted,
    parent_of,
    position,
    removed,
    walk,
)
from pathways.drafting.conditions.reading import Offer
from pathways.drafting.conditions.words import GROUP_WORDS, capital, short


@dataclass(frozen=True, slots=True)
class Step:
    """What a verb came to: the tree, the part to go to (0: stay), its field, and what is said."""

    root: Part
    focus: int = 0
    field: str = "first"
    said: str = ""


@dataclass(frozen=True, slots=True)
class Builder:
    """What a verb works on."""

    root: Part
    numbers: Numbers
    offer: Offer


def perform(verb: str, builder: Builder) -> Step:
    """The step that a button stands for: `up:7`, or `up:7:stay` where the focus is to stay in the field where it is.

    Raises ConditionRefused for a verb or a part that there is not.
    """
    name, number, stay, *_ = [*verb.split(":", 2), "", ""]
    if name in ("look", "update"):
        return _update(builder) if name == "update" else Step(builder.root)
    part = find(builder.root, int(number)) if number.isascii() and number.isdigit() and len(number) <= 5 else None
    if name not in VERBS or part is None:
        raise ConditionRefused(
            "The button that was pressed belongs to a part that is no longer there. Nothing changed."
        )
    step = VERBS[name](builder, part)
    if count(step.root) > MOST_PARTS:
        return Step(builder.root, said=f"The builder holds {MOST_PARTS} parts. Move some of them into a definition.")
    if depth(step.root) > DEEPEST:
        return Step(builder.root, said=f"Parts are nested at most {DEEPEST} deep. Move some of it into a definition.")
    return replace(step, focus=0) if stay == "stay" else step


def _update(builder: Builder) -> Step:
    """Nothing but the sentence anew; a feature that was typed to be found is added."""
    for part in walk(builder.root):
        if part.find.strip():
            return _comparison(builder, part)
    return Step(builder.root)


# Adding


def _comparison(builder: Builder, part: Part) -> Step:
    text = part.find.strip()
    if not text:
        new = Part(builder.numbers.take(), "comparison")
        return _add(builder, part, new, f"A comparison was added to {_into(builder, part)}: choose its feature.")
    feature, refusal = found_feature(text, builder.offer)
    if feature is None:
        return Step(builder.root, part.id, "find", refusal)
    target = replace(part, find="")
    emptied = replace(builder, root=changed(builder.root, part.id, lambda found: (target,)))
    sentence = f"{feature.title} was added to {_into(builder, part)}: choose what it is compared with."
    waiting = next((inner.id for inner in part.parts[-1:] if inner.kind == "comparison" and not inner.feature), 0)
    new = for_feature(Part(waiting or builder.numbers.take(), "comparison", feature=feature.name), feature)
    if waiting:  # the comparison with which a new group begins
        return Step(changed(emptied.root, waiting, lambda found: (new,)), waiting, "operator", sentence)
    return replace(_add(emptied, target, new, sentence), field="operator")


def _group(kind: Kind) -> Callable[[Builder, Part], Step]:
    def add(builder: Builder, part: Part) -> Step:
        inner = Part(builder.numbers.take(), "comparison")
        new = Part(builder.numbers.take(), kind, parts=(inner,))
        step = _add(builder, part, new, f"A group “{GROUP_WORDS[kind]}” was added to {_into(builder, part)}.")
        return replace(step, focus=inner.id)

    return add


def _definition(builder: Builder, part: Part) -> Step:
    new = Part(builder.numbers.take(), "use")
    return _add(builder, part, new, f"A definition was added to {_into(builder, part)}: choose which.")


def _always(builder: Builder, part: Part) -> Step:
    if part.id != builder.root.id or part.parts:
        return Step(builder.root, said="“Always” is a whole condition. Remove what is there first.")
    new = Part(builder.numbers.take(), "always")
    return Step(new, new.id, said="The condition holds for everyone.")


def _into(builder: Builder, part: Part) -> str:
    return short(part, builder.offer) if part.has_room else "the condition"


def _add(builder: Builder, part: Part, new: Part, sentence: str) -> Step:
    """Into a group or an empty not; beside a whole condition that is neither, in an “all of these” around both."""
    if part.kind == "always" and part.id == builder.root.id:
        return Step(new, new.id, said=sentence)
    if part.has_room:
        return Step(inserted(builder.root, part.id, len(part.parts), new), new.id, said=sentence)
    if part.id != builder.root.id:
        return Step(
            builder.root, said=f"Nothing can be added to {short(part, builder.offer)}. Put it in a group first."
        )
    return Step(Part(builder.numbers.take(), "all", parts=(part, new)), new.id, said=sentence)


# Wrapping


def _wrap(kind: Kind) -> Callable[[Builder, Part], Step]:
    def wrap(builder: Builder, part: Part) -> Step:
        around = Part(builder.numbers.take(), kind, parts=(part,))
        sentence = f"{capital(short(part, builder.offer))} was put into “{GROUP_WORDS[kind]}”."
        return Step(changed(builder.root, part.id, lambda found: (around,)), around.id, said=sentence)

    return wrap


def _unwrap(builder: Builder, part: Part) -> Step:
    parent = parent_of(builder.root, part.id)
    if not part.parts:
        return Step(builder.root, said="There is nothing in it; remove it instead.")
    if len(part.parts) > 1 and (parent is None or not parent.is_group):
        where = "the whole condition" if parent is None else "“not”"
        return Step(builder.root, said=f"Several parts cannot be {where} without a group around them.")
    root = changed(builder.root, part.id, lambda found: found.parts)
    return Step(
        root, part.parts[0].id, said=f"{capital(short(part, builder.offer))} was taken away, what was in it stays."
    )


def _switch(kind: Kind) -> Callable[[Builder, Part], Step]:
    def switch(builder: Builder, part: Part) -> Step:
        if not part.is_group:
            return Step(builder.root, said="Only a group is “all of these” or “any of these”.")
        root = changed(builder.root, part.id, lambda found: (replace(found, kind=kind),))
        return Step(root, part.id, kind, f"The group holds when {GROUP_WORDS[kind]} hold.")

    return switch


# Removing, doubling, moving


def _remove(builder: Builder, part: Part) -> Step:
    sentence = f"{capital(short(part, builder.offer))} was removed."
    parent = parent_of(builder.root, part.id)
    if parent is None:
        empty = blank(builder.numbers)
        return Step(empty, empty.id, "find", sentence)
    place = position(parent, part.id)
    neighbors = (*parent.parts[place + 1 : place + 2], *parent.parts[max(place - 1, 0) : place])
    root = removed(builder.root, part.id)
    return Step(root, neighbors[0].id, "remove", sentence) if neighbors else Step(root, parent.id, "find", sentence)


def _duplicate(builder: Builder, part: Part) -> Step:
    copy = builder.numbers.renumbered(part)
    sentence = f"{capital(short(part, builder.offer))} was duplicated; this is the copy."
    parent = parent_of(builder.root, part.id)
    if parent is None:
        return Step(Part(builder.numbers.take(), "all", parts=(part, copy)), copy.id, said=sentence)
    if not parent.is_group:
        return Step(builder.root, said="“Not” holds one part. Put that part in a group first.")
    return Step(inserted(builder.root, parent.id, position(parent, part.id) + 1, copy), copy.id, said=sentence)


def moved(root: Part, number: int, way: int) -> Part | None:
    """The tree with a part one step up (-1) or down (1) in reading order; None where there is no way.

    A step goes past a comparison, into the group that stands there, or out of its own group.
    """
    parent = parent_of(root, number)
    part = find(root, number)
    if parent is None or part is None:
        return None
    place = position(parent, number)
    if 0 <= place + way < len(parent.parts):
        beside = parent.parts[place + way]
        without = removed(root, number)
        if beside.has_room:
            tree = inserted(without, beside.id, len(beside.parts) if way < 0 else 0, part)
            return tree if depth(tree) <= DEEPEST else inserted(without, parent.id, place + way, part)
        return inserted(without, parent.id, place + way, part)
    around = parent_of(root, parent.id)
    if around is None or not around.is_group:
        return None
    return inserted(removed(root, number), around.id, position(around, parent.id) + (way > 0), part)


def _move(way: int) -> Callable[[Builder, Part], Step]:
    words = "up" if way < 0 else "down"

    def move(builder: Builder, part: Part) -> Step:
        tree = moved(builder.root, part.id, way)
        if tree is None:
            return Step(
                builder.root, part.id, words, f"{capital(short(part, builder.offer))} cannot go further {words}."
            )
        parent = parent_of(tree, part.id)
        assert parent is not None
        place = f"{position(parent, part.id) + 1} of {len(parent.parts)} in “{GROUP_WORDS[parent.kind]}”"
        return Step(tree, part.id, words, f"{capital(short(part, builder.offer))} is now {place}.")

    return move


VERBS: Mapping[str, Callable[[Builder, Part], Step]] = {
    "comparison": _comparison,
    "all_group": _group("all"),
    "any_group": _group("any"),
    "definition": _definition,
    "always": _always,
    "wrap_all": _wrap("all"),
    "wrap_any": _wrap("any"),
    "wrap_not": _wrap("not"),
    "unwrap": _unwrap,
    "as_all": _switch("all"),
    "as_any": _switch("any"),
    "remove": _remove,
    "duplicate": _duplicate,
    "up": _move(-1),
    "down": _move(1),
}

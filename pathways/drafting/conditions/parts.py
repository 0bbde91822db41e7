"""The editing tree: a condition while somebody builds it, so a part may still be half filled.

What it is: frozen parts with small ids that stay for as long as the form is open, and the functions that find, replace
and count them. What it refuses to do: know the data dictionary; whether a part makes sense is said in `reading`.
Called by the other modules of the builder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

Kind = Literal["all", "any", "not", "comparison", "use", "always"]
KINDS: tuple[Kind, ...] = get_args(Kind)
GROUPS = ("all", "any")

# Far above any clinical rule, and below what the engine itself refuses.
MOST_PARTS = 200
DEEPEST = 12
HIGHEST_ID = 99_999


@dataclass(frozen=True, slots=True)
class Part:
    """One box of the builder. What is typed stands in it as it was typed, whether or not it can be understood.

    `feature`, `operator` and `values` belong to comparisons, `name` to a used definition, `parts` to all, any and not;
    `find` is what was typed to find the feature of a comparison that is about to be added to this part.
    """

    id: int
    kind: Kind
    feature: str = ""
    operator: str = ""
    values: tuple[str, ...] = ()
    name: str = ""
    parts: tuple[Part, ...] = ()
    find: str = ""

    @property
    def is_group(self) -> bool:
        """Whether it is all or any."""
        return self.kind in GROUPS

    @property
    def has_room(self) -> bool:
        """Whether a part can be put into it: any number into all and any, one into not."""
        return self.is_group or (self.kind == "not" and not self.parts)


class ConditionRefused(ValueError):
    """A condition that the builder does not take, or that is not finished; `sentences` say what and what to do."""

    def __init__(self, *sentences: str) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


def walk(part: Part) -> Iterator[Part]:
    """The part and everything in it, in reading order."""
    yield part
    for inner in part.parts:
        yield from walk(inner)


def count(part: Part) -> int:
    """How many parts there are."""
    return sum(1 for _ in walk(part))


def depth(part: Part) -> int:
    """How deep it is nested; a part without parts is 1 deep."""
    return 1 + max((depth(inner) for inner in part.parts), default=0)


def find(root: Part, number: int) -> Part | None:
    """The part with this id, or None."""
    return next((part for part in walk(root) if part.id == number), None)


def parent_of(root: Part, number: int) -> Part | None:
    """The part in which the one with this id stands, or None."""
    return next((part for part in walk(root) if any(inner.id == number for inner in part.parts)), None)


def position(parent: Part, number: int) -> int:
    """The place of a part in its parent, from 0. Raises StopIteration where it is not in it."""
    return next(place for place, inner in enumerate(parent.parts) if inner.id == number)


def changed(root: Part, number: int, change: Callable[[Part], tuple[Part, ...]]) -> Part:
    """The tree with one part replaced by none, one or several. The root is replaced by exactly one."""
    if root.id == number:
        (only,) = change(root)
        return only
    return replace(root, parts=tuple(new for inner in root.parts for new in _changed(inner, number, change)))


def _changed(part: Part, number: int, change: Callable[[Part], tuple[Part, ...]]) -> tuple[Part, ...]:
    if part.id == number:
        return change(part)
    if not part.parts:
        return (part,)
    return (replace(part, parts=tuple(new for inner in part.parts for new in _changed(inner, number, change))),)


def inserted(root: Part, parent: int, place: int, new: Part) -> Part:
    """The tree with a part put into another one at a place."""

    def with_new(part: Part) -> tuple[Part, ...]:
        return (replace(part, parts=(*part.parts[:place], new, *part.parts[place:])),)

    return changed(root, parent, with_new)


def removed(root: Part, number: int) -> Part:
    """The tree without one part, which is not its root."""
    return changed(root, number, lambda part: ())


class Numbers:
    """Gives out ids that no part of this form has had."""

    def __init__(self, following: int = 1) -> None:
        self.following = following

    def take(self) -> int:
        """The next id. Raises ConditionRefused when they are used up."""
        if self.following > HIGHEST_ID:
            raise ConditionRefused("This form has been changed too often. Save it, and open it again to go on.")
        self.following += 1
        return self.following - 1

    def renumbered(self, part: Part) -> Part:
        """A copy of a part, with new ids all through."""
        return replace(part, id=self.take(), parts=tuple(self.renumbered(inner) for inner in part.parts))


def blank(numbers: Numbers) -> Part:
    """The form of no condition at all: an empty group."""
    return Part(numbers.take(), "all")

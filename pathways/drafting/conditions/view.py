"""The builder as its templates draw it: every part with its fields, buttons, names and sentences, ready to be looped over.

What it refuses to do: decide. Called by `form`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.drafting.conditions.fields import place_of
from pathways.drafting.conditions.numbers import accepted
from pathways.drafting.conditions.operators import operator_words
from pathways.drafting.conditions.parts import Part
from pathways.drafting.conditions.reading import NO, SEVERAL, YES, FieldProblem, Offer
from pathways.drafting.conditions.verbs import Step
from pathways.drafting.conditions.words import capital, name_of, short, value_words
from pathways.drafting.sentence_diff import Piece
from pathways.engine import Feature
from pathways.engine.conditions import operators_for

HOLD_WORDS = {"all": "of these hold", "any": "of these hold", "not": "this must not hold"}
_MOVES = (("up", "Move up"), ("down", "Move down"), ("duplicate", "Duplicate"))
_WRAPS = (
    ("wrap_all", "Put into “all of these”"),
    ("wrap_any", "Put into “any of these”"),
    ("wrap_not", "Put into “not”"),
)


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a select box or list of check boxes."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """Entries under one heading."""

    label: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Verb:
    """One button: what it sends, what it says, and whether it is where the focus goes."""

    value: str
    code: str
    label: str
    focus: bool = False


@dataclass(frozen=True, slots=True)
class ValueWidget:
    """How a value is given: `kind` is number, select, checks or kept (not asked for, and not lost)."""

    kind: str
    choices: tuple[Choice, ...] = ()
    text: str = ""
    unit: str = ""
    accepted: str = ""
    summary: str = ""
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartView:
    """One box."""

    id: int
    dom: str
    kind: str
    name: str
    place: str
    hold_words: str
    feature: str
    feature_title: str
    unknown: str
    operators: tuple[Choice, ...]
    value: ValueWidget
    definitions: tuple[Choice, ...]
    find: str
    has_room: bool
    may_be_always: bool
    parts: tuple[PartView, ...]
    menu: tuple[Verb, ...]
    menu_open: bool
    focus: str
    problem: str
    problem_field: str
    said_short: str


@dataclass(frozen=True, slots=True)
class ProblemLine:
    """One entry of the list of what is wrong."""

    anchor: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class BuilderView:
    """The whole builder. `insists`: what is missing is said as an error, since somebody wanted to save."""

    prefix: str
    dom: str
    url: str
    following: int
    root: PartView
    sentence: tuple[Piece, ...]
    differs: bool
    old: tuple[Piece, ...]
    old_label: str
    features: tuple[ChoiceGroup, ...]
    said: str
    problems: tuple[ProblemLine, ...]
    insists: bool
    open_gaps: int


def feature_groups(features: Mapping[str, Feature]) -> tuple[ChoiceGroup, ...]:
    """All features under 'Tumor: imaging' and the like, in the order of the dictionary."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for feature in features.values():
        topic = f": {feature.topic}" if feature.topic and feature.topic != feature.group else ""
        groups.setdefault(f"{capital(feature.group)}{topic}", []).append((feature.name, feature.title))
    return tuple(ChoiceGroup(label, tuple(entries)) for label, entries in groups.items())


class Drawing:
    """Draws the parts of one builder."""

    def __init__(self, prefix: str, offer: Offer, step: Step, problems: Mapping[int, FieldProblem]) -> None:
        self.prefix = prefix
        self.offer = offer
        self.step = step
        self.problems = problems

    def part(self, part: Part, parent: Part | None = None) -> PartView:
        """One part with everything in it."""
        feature = self.offer.features.get(part.feature)
        problem = self.problems.get(part.id)
        focus = self.step.field if self.step.focus == part.id else ""
        menu = tuple(self._menu(part, parent, focus))
        return PartView(
            id=part.id,
            dom=f"{self.prefix}-{part.id}",
            kind=part.kind,
            name=name_of(part, parent),
            place=place_of(part, parent.id if parent else 0),
            hold_words=HOLD_WORDS.get(part.kind, ""),
            feature=part.feature,
            feature_title=feature.title if feature else "",
            unknown=part.feature if part.feature and feature is None else "",
            operators=_operators(part, feature),
            value=_widget(part, feature),
            definitions=self._definitions(part),
            find=part.find,
            has_room=part.has_room,
            may_be_always=parent is None and part.is_group and not part.parts,
            parts=tuple(self.part(inner, part) for inner in part.parts),
            menu=menu,
            menu_open=any(verb.focus for verb in menu),
            focus=focus,
            problem=problem.sentence if problem else "",
            problem_field=problem.field if problem else "",
            said_short=short(part, self.offer),
        )

    def _menu(self, part: Part, parent: Part | None, focus: str) -> list[Verb]:
        moves = _MOVES if parent else _MOVES[2:]
        entries = [*moves, *(wrap for wrap in _WRAPS if part.kind != "not" or wrap[0] != "wrap_not")]
        if parent is not None and parent.kind == "not":
            entries = [entry for entry in entries if entry[0] not in ("duplicate", "wrap_not")]
        if part.parts and (len(part.parts) == 1 or (parent is not None and parent.is_group)):
            label = "Take “not” away" if part.kind == "not" else "Take the group away, keep its parts"
            entries.append(("unwrap", label))
        return [Verb(f"{code}:{part.id}", code, label, code == focus) for code, label in entries]

    def _definitions(self, part: Part) -> tuple[Choice, ...]:
        if part.kind != "use":
            return ()
        known = self.offer.definitions
        chosen = tuple(Choice(code, title, code == part.name) for code, title in known.items())
        stray = (Choice(part.name, part.name, True),) if part.name and part.name not in known else ()
        return (*stray, *chosen)


def _operators(part: Part, feature: Feature | None) -> tuple[Choice, ...]:
    if part.kind != "comparison" or feature is None:
        return ()
    allowed = operators_for(feature)
    stray = (Choice(part.operator, part.operator[:40], True),) if part.operator not in allowed else ()
    return (*stray, *(Choice(one, operator_words(feature, one), one == part.operator) for one in allowed))


def _widget(part: Part, feature: Feature | None) -> ValueWidget:
    if part.kind != "comparison" or feature is None or part.operator == "is_known":
        return ValueWidget("kept", kept=part.values)
    first = part.values[0] if len(part.values) == 1 else ""
    if feature.kind == "number":
        text = part.values[0] if part.values else ""
        return ValueWidget("number", text=text, unit=feature.unit_text, accepted=capital(accepted(feature)))
    if feature.kind == "bool":
        pairs = [(YES, "yes"), (NO, "no")]
    else:
        pairs = [(code, feature.label(code)) for code in feature.values]
    several = part.operator in SEVERAL
    chosen = part.values if several else (first,)
    known = {code for code, _ in pairs}
    stray = tuple(Choice(value, value[:60], True) for value in chosen if value and value not in known)
    choices = (*stray, *(Choice(code, label, code in chosen) for code, label in pairs))
    return ValueWidget("checks" if several else "select", choices, summary=value_words(part, feature))


__all__ = ["BuilderView", "Drawing", "ProblemLine", "feature_groups"]

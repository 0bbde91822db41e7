"""From plain condition data to parts and back, with a sentence for everything that is not finished or not allowed.

What it is: the only place where parts meet the data dictionary. What it refuses to do: repair; what cannot be
understood stays as it was typed, and its sentence names the part, what was typed and what is accepted.
Called by `form`, `words` and `verbs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from pathways.drafting.conditions.numbers import accepted, read_number, written
from pathways.drafting.conditions.operators import operator_words
from pathways.drafting.conditions.parts import DEEPEST, MOST_PARTS, ConditionRefused, Numbers, Part
from pathways.engine import Feature, Ruleset, definitions_used, did_you_mean, listed
from pathways.engine.conditions import operators_for
from patients.entry import EntryRefused
from patients.entry.problems import quoted

SEVERAL = ("in", "contains_any")
YES, NO = "yes", "no"
# More values than these are not written out in a sentence: the list is in the form.
MOST_NAMED = 8

Where = Literal["feature", "operator", "value", "name", "parts"]


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """What is wrong with, or still missing from, one field of one part."""

    part: int
    field: Where
    sentence: str


@dataclass(frozen=True)
class Offer:
    """What the builder offers: the dictionary's features and the ruleset's definitions.

    `definition`: the one whose own condition is being edited; it and whatever uses it are not offered.
    """

    ruleset: Ruleset
    definition: str = ""
    circular: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "circular", frozenset(self._reaching()))

    @property
    def features(self) -> Mapping[str, Feature]:
        """All features, in the order of the dictionary."""
        return self.ruleset.dictionary.features

    @property
    def definitions(self) -> dict[str, str]:
        """Code and title of every definition that may be used here."""
        return {code: d.title for code, d in self.ruleset.definitions.items() if code not in self.circular}

    def _reaching(self) -> set[str]:
        if not self.definition:
            return set()
        found, grew = {self.definition}, True
        uses = {code: set(definitions_used(entry.when)) for code, entry in self.ruleset.definitions.items()}
        while grew:
            more = {code for code, used in uses.items() if used & found} - found
            found |= more
            grew = bool(more)
        return found


# From data


def part_from(data: Any, offer: Offer, numbers: Numbers) -> Part:
    """The parts of plain condition data. Raises ConditionRefused for what is no condition, too deep or too wide."""
    left = [MOST_PARTS]
    return _from(data, offer, numbers, left, 1)


def _from(data: Any, offer: Offer, numbers: Numbers, left: list[int], level: int) -> Part:
    left[0] -= 1
    if level > DEEPEST or left[0] < 0:
        raise ConditionRefused(
            f"The condition is too large for the builder, which holds {MOST_PARTS} parts nested {DEEPEST} deep. "
            "Move some of it into a definition."
        )
    match data:
        case {"all": [*parts]} if len(data) == 1:
            number = numbers.take()
            return Part(number, "all", parts=tuple(_from(part, offer, numbers, left, level + 1) for part in parts))
        case {"any": [*parts]} if len(data) == 1:
            number = numbers.take()
            return Part(number, "any", parts=tuple(_from(part, offer, numbers, left, level + 1) for part in parts))
        case {"not": part} if len(data) == 1:
            number = numbers.take()
            return Part(number, "not", parts=(_from(part, offer, numbers, left, level + 1),))
        case {"use": str(name)} if len(data) == 1:
            return Part(numbers.take(), "use", name=name)
        case {"always": True} if len(data) == 1:
            return Part(numbers.take(), "always")
        case {"feature": str(name), "op": str(operator)} if set(data) <= {"feature", "op", "value"}:
            values = _raw(offer.features.get(name), data.get("value"))
            return Part(numbers.take(), "comparison", feature=name, operator=operator, values=values)
    raise ConditionRefused(
        "This is no condition: it has exactly one of all, any, not, use and always, or feature, op and value."
    )


def _raw(feature: Feature | None, value: Any) -> tuple[str, ...]:
    match value:
        case None:
            return ()
        case bool():
            return (YES if value else NO,)
        case int() | Decimal():
            number = Decimal(value)
            if feature is None or not number.is_finite() or number.adjusted() > 20:
                return (str(number)[:60],)
            return (written(feature, number),)
        case list() | tuple():
            return tuple(one[:60] for one in value if isinstance(one, str))
        case str():
            return (value[:60],)
    raise ConditionRefused("This is no condition: a comparison has a text, a number, true, false or a list of texts.")


# To data


def data_of(part: Part, offer: Offer) -> dict[str, Any]:
    """The plain condition of a part without problems."""
    match part.kind:
        case "all" | "any":
            return {part.kind: [data_of(inner, offer) for inner in part.parts]}
        case "not":
            return {"not": data_of(part.parts[0], offer)}
        case "use":
            return {"use": part.name}
        case "always":
            return {"always": True}
        case "comparison":
            data: dict[str, Any] = {"feature": part.feature, "op": part.operator}
            if part.operator == "is_known":
                return data
            return {**data, "value": value_of(part, offer.features[part.feature])}


def value_of(part: Part, feature: Feature) -> Any:
    """What the comparison compares with. Raises EntryRefused with the sentence for its field."""
    if part.operator in SEVERAL:
        return [code for code in feature.values if code in _known(part, feature)]
    typed = [value for value in part.values if value.strip()]
    if len(typed) != 1:
        raise EntryRefused(f"{feature.title}: choose the value to compare with; {_accepted(feature)} is accepted.")
    (text,) = typed
    match feature.kind:
        case "number":
            return read_number(feature, text.strip())
        case "bool" if text in (YES, NO):
            return text == YES
        case "enum" | "set" if text in feature.values:
            return text
    raise _not_a_value(feature, text)


def _known(part: Part, feature: Feature) -> tuple[str, ...]:
    if not part.values:
        raise EntryRefused(f"{feature.title}: tick one or more of the values to compare with.")
    for value in part.values:
        if value not in feature.values:
            raise _not_a_value(feature, value)
    return part.values


def _not_a_value(feature: Feature, text: str) -> EntryRefused:
    return EntryRefused(f"{feature.title}: {quoted(text)} is not accepted; accepted is {_accepted(feature)}.")


def _accepted(feature: Feature) -> str:
    match feature.kind:
        case "number":
            return accepted(feature)
        case "bool":
            return "yes or no"
    if len(feature.values) > MOST_NAMED:
        return f"one of the {len(feature.values)} values of the list"
    return f"one of {listed(map(feature.label, feature.values))}"


# What is missing


def problems_of(root: Part, offer: Offer) -> Iterator[FieldProblem]:
    """Everything that is not finished or not allowed, in reading order."""
    match root.kind:
        case "all" | "any" | "not" if not root.parts:
            words = {"all": "“All of these”", "any": "“Any of these”", "not": "“Not”"}[root.kind]
            yield FieldProblem(root.id, "parts", f"{words} is empty: add a comparison, a group or a definition.")
        case "use":
            yield from _problems_of_use(root, offer)
        case "comparison":
            yield from _problems_of_comparison(root, offer)
    for part in root.parts:
        yield from problems_of(part, offer)


def _problems_of_use(part: Part, offer: Offer) -> Iterator[FieldProblem]:
    if not part.name:
        yield FieldProblem(part.id, "name", "Choose the definition.")
    elif part.name in offer.circular:
        title = offer.ruleset.definitions[part.name].title if part.name in offer.ruleset.definitions else part.name
        yield FieldProblem(part.id, "name", f"“{title}” would use itself here; choose another definition.")
    elif part.name not in offer.definitions:
        hint = did_you_mean(part.name, offer.definitions)
        yield FieldProblem(part.id, "name", f"There is no definition {quoted(part.name)}.{hint}")


def _problems_of_comparison(part: Part, offer: Offer) -> Iterator[FieldProblem]:
    feature = offer.features.get(part.feature)
    if not part.feature:
        yield FieldProblem(part.id, "feature", "Choose the feature to compare.")
    elif feature is None:
        hint = did_you_mean(part.feature, offer.features)
        yield FieldProblem(part.id, "feature", f"There is no feature {quoted(part.feature)}.{hint}")
    elif part.operator not in operators_for(feature):
        allowed = listed((f"“{operator_words(feature, one)}”" for one in operators_for(feature)), "and")
        sentence = f"{feature.title} cannot be compared by {quoted(part.operator)}; there are {allowed}."
        yield FieldProblem(part.id, "operator", sentence)
    elif part.operator != "is_known":
        try:
            value_of(part, feature)
        except EntryRefused as refused:
            yield FieldProblem(part.id, "value", refused.sentence)

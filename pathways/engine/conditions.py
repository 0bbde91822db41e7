"""Conditions: a closed tree of typed comparisons, which cannot be built ill-typed.

What it is: the nodes (`Comparison`, `All`, `Any`, `Not`, `Use`, `Always`), their parsing from plain data with the
place of every fault, and their plain form back. What it refuses to do: evaluate text, accept an operator or value
that the data dictionary does not allow for the feature, or grow without bound.
Who calls it: the dictionary (implications, contradictions, applicability) and rulesets.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any as Anything
from typing import Literal, assert_never

from pathways.engine.features import Feature
from pathways.engine.problems import MOST_PROBLEMS, Problem, ValueRefused, brief, did_you_mean, listed
from pathways.engine.values import Exact, plain

Operator = Literal["=", "in", "<", "<=", ">", ">=", "contains", "contains_any", "is_known"]

ORDER_OPERATORS: tuple[Operator, ...] = ("<", "<=", ">", ">=")

# Which comparison may be made with which kind of feature.
OPERATORS: dict[str, tuple[Operator, ...]] = {
    "bool": ("=", "is_known"),
    "enum": ("=", "in", "is_known"),
    "ordered enum": ("=", "in", *ORDER_OPERATORS, "is_known"),
    "number": ("=", *ORDER_OPERATORS, "is_known"),
    "set": ("contains", "contains_any", "is_known"),
}

# Far above any clinical rule, far below what could exhaust the machine.
DEEPEST = 20
WIDEST = 500


def operators_for(feature: Feature) -> tuple[Operator, ...]:
    """The comparisons that make sense for a feature."""
    return OPERATORS["ordered enum" if feature.kind == "enum" and feature.ordered else feature.kind]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One feature compared with one value. `value` is None for is_known, a tuple for `in` and `contains_any`."""

    feature: Feature
    operator: Operator
    value: Exact | None

    def __post_init__(self) -> None:
        allowed = operators_for(self.feature)
        if self.operator not in allowed:
            raise ValueRefused(
                f"{self.feature.name} cannot be compared with {brief(self.operator)}; "
                f"for this feature there are {listed(allowed, 'and')}."
            )
        object.__setattr__(self, "value", self._checked())

    def _checked(self) -> Exact | None:
        match self.operator:
            case "is_known":
                if self.value is not None:
                    raise ValueRefused(f"{self.feature.name}: is_known takes no value, here is {brief(self.value)}.")
                return None
            case "in" | "contains_any":
                return self._several()
            case _:
                return self._single(self.value)

    def _several(self) -> tuple[str, ...]:
        values = self.value
        if not isinstance(values, list | tuple) or not values:
            raise ValueRefused(f"{self.feature.name}: {self.operator} takes a list of one or more values.")
        for value in values:
            self._single(value)
        if len(set(values)) < len(values):
            raise ValueRefused(f"{self.feature.name}: {self.operator} names a value twice.")
        return tuple(code for code in self.feature.values if code in values)

    def _single(self, value: Anything) -> Exact:
        if self.feature.kind == "set":
            if not isinstance(value, str) or value not in self.feature.values:
                raise self.feature.refusal(value)
            return value
        checked = self.feature.check(value)
        if not isinstance(checked, str | bool | Decimal):
            raise self.feature.refusal(value)
        return checked


@dataclass(frozen=True, slots=True)
class All:
    """TRUE when every part is, FALSE as soon as one is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """TRUE as soon as one part is, FALSE when every one is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of its part; unknown stays unknown."""

    part: Condition


@dataclass(frozen=True, slots=True)
class Use:
    """The value of a named definition of the ruleset."""

    name: str


@dataclass(frozen=True, slots=True)
class Always:
    """TRUE for everyone."""


Condition = Comparison | All | Any | Not | Use | Always


def condition_data(condition: Condition) -> dict[str, Anything]:
    """The plain form of a condition, as it stands in a ruleset file."""
    match condition:
        case Comparison(feature, operator, value):
            data: dict[str, Anything] = {"feature": feature.name, "op": operator}
            return data if value is None else {**data, "value": plain(value)}
        case All(parts):
            return {"all": [condition_data(part) for part in parts]}
        case Any(parts):
            return {"any": [condition_data(part) for part in parts]}
        case Not(part):
            return {"not": condition_data(part)}
        case Use(name):
            return {"use": name}
        case Always():
            return {"always": True}
        case _:
            assert_never(condition)


def comparisons_in(condition: Condition) -> Iterator[Comparison]:
    """Every comparison of a condition, in reading order; those of a used definition are not in it."""
    match condition:
        case Comparison():
            yield condition
        case All(parts) | Any(parts):
            for part in parts:
                yield from comparisons_in(part)
        case Not(part):
            yield from comparisons_in(part)
        case Use() | Always():
            return
        case _:
            assert_never(condition)


def definitions_used(condition: Condition) -> Iterator[str]:
    """The names of the definitions that a condition uses directly."""
    match condition:
        case Use(name):
            yield name
        case All(parts) | Any(parts):
            for part in parts:
                yield from definitions_used(part)
        case Not(part):
            yield from definitions_used(part)
        case Comparison() | Always():
            return
        case _:
            assert_never(condition)


class ConditionParser:
    """Builds conditions from plain data and collects every fault with its place instead of stopping at the first."""

    def __init__(self, features: Mapping[str, Feature], definitions: frozenset[str], problems: list[Problem]) -> None:
        self.features = features
        self.definitions = definitions
        self.problems = problems
        self._count = 0

    def parse(self, data: Anything, place: str) -> Condition | None:
        """The condition, or None after having noted what is wrong with it."""
        before = len(self.problems)
        if before >= MOST_PROBLEMS:
            return None
        self._count = 0
        condition = self._parse(data, place, 1)
        return condition if len(self.problems) == before else None

    def _parse(self, data: Anything, place: str, depth: int) -> Condition:
        self._count += 1
        if len(self.problems) >= MOST_PROBLEMS:
            return Always()
        if depth > DEEPEST:
            return self._refuse(place, f"The condition is nested more than {DEEPEST} deep.")
        if self._count > WIDEST:
            if self._count == WIDEST + 1:
                self._refuse(place, f"The condition has more than {WIDEST} parts.")
            return Always()
        if not isinstance(data, Mapping):
            return self._refuse(
                place, f"A condition is an object such as {{feature, op, value}}, here is {brief(data)}."
            )
        keys = set(data)
        reader = self._readers().get(next(iter(keys)) if len(keys) == 1 else "")
        if reader:
            return reader(data, place, depth)
        if "feature" in keys and keys <= {"feature", "op", "value"}:
            return self._comparison(data, place)
        return self._refuse(
            place,
            "A condition has exactly one of all, any, not, use and always, or feature, op and value; "
            f"here are {brief(', '.join(map(str, data)))}.",
        )

    def _readers(self) -> dict[str, Callable[[Mapping[str, Anything], str, int], Condition]]:
        return {"all": self._group, "any": self._group, "not": self._not, "use": self._use, "always": self._always}

    def _group(self, data: Mapping[str, Anything], place: str, depth: int) -> Condition:
        (kind, parts), *_ = data.items()
        if not isinstance(parts, list | tuple) or not parts:
            return self._refuse(place, f"{kind} takes a list of one or more conditions, here is {brief(parts)}.")
        built = tuple(self._parse(part, f"{place}, {kind} {n}", depth + 1) for n, part in enumerate(parts, 1))
        return All(built) if kind == "all" else Any(built)

    def _not(self, data: Mapping[str, Anything], place: str, depth: int) -> Condition:
        return Not(self._parse(data["not"], f"{place}, not", depth + 1))

    def _use(self, data: Mapping[str, Anything], place: str, depth: int) -> Condition:
        name = data["use"]
        if not isinstance(name, str) or name not in self.definitions:
            hint = did_you_mean(name, self.definitions) if isinstance(name, str) else ""
            return self._refuse(place, f"There is no definition {brief(name)}.{hint}")
        return Use(name)

    def _always(self, data: Mapping[str, Anything], place: str, depth: int) -> Condition:
        if data["always"] is not True:
            return self._refuse(place, f"always takes true and nothing else, here is {brief(data['always'])}.")
        return Always()

    def _comparison(self, data: Mapping[str, Anything], place: str) -> Condition:
        name = data["feature"]
        feature = self.features.get(name) if isinstance(name, str) else None
        if feature is None:
            hint = did_you_mean(name, self.features) if isinstance(name, str) else ""
            return self._refuse(place, f"There is no feature {brief(name)}.{hint}")
        if "op" not in data:
            return self._refuse(place, f"{name}: the operator (op) is missing.")
        if data["op"] != "is_known" and data.get("value") is None:
            return self._refuse(place, f"{name}: the value to compare with is missing.")
        try:
            return Comparison(feature, data["op"], data.get("value"))
        except ValueRefused as refusal:
            return self._refuse(place, str(refusal))

    def _refuse(self, place: str, sentence: str) -> Condition:
        self.problems.append(Problem(place, sentence))
        return Always()

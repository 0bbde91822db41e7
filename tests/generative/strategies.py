"""Small random rulesets and records, for the comparison of the engine with the oracle.

What it is: hypothesis strategies for dictionaries (every kind of feature, applicability, implications,
contradictions), rulesets over them, and records with unknowns. What it refuses to do: leave out the odd cases; an
implication may fill a feature that turns out not to apply, and a record may contradict itself. Who calls it: the
generative tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

WORDS = ("ash", "birch", "cedar", "durian")
OPTIONS = ("first_option", "second_option", "third_option")
NUMBERS = tuple(Decimal(text) for text in ("0", "1", "2", "2.5", "3", "4.99", "5", "5.01", "7", "9", "10"))
EFFECTS = ("indication", "exclusion", "caution")


@dataclass(frozen=True)
class Shape:
    """What a generated ruleset may contain."""

    is_known: bool = True
    implications: int = 4
    contradictions: int = 3
    definitions: int = 2
    rules: int = 7
    rivals: bool = True
    """Whether several implications may speak about one feature."""


EVERYTHING = Shape()


@st.composite
def feature(draw: st.DrawFn, name: str) -> dict[str, Any]:
    """One entry of a dictionary, without its applicability."""
    kind = draw(st.sampled_from(["enum", "ordered", "bool", "number", "integer", "set", "treatments"]))
    entry: dict[str, Any] = {"title": f"The {name}"}
    match kind:
        case "enum" | "ordered":
            entry |= {"kind": "enum", "values": list(WORDS[: draw(st.integers(2, 4))])}
            if kind == "ordered":
                entry["ordered"] = True
        case "bool":
            entry["kind"] = "bool"
        case "number" | "integer":
            entry |= {"kind": "number", "min": 0, "max": 10, "unit": "mm"}
            if kind == "integer":
                entry |= {"max": 4, "integer": True}
        case "set":
            entry |= {"kind": "set", "values": list(WORDS[: draw(st.integers(2, 4))])}
        case "treatments":
            entry |= {"kind": "set", "values": "option codes of options.yaml"}
    return entry


def set_values(entry: Mapping[str, Any]) -> list[str]:
    return list(OPTIONS) if isinstance(entry["values"], str) else list(entry["values"])


def numbers_of(entry: Mapping[str, Any]) -> list[Decimal]:
    """The numbers drawn for a feature, as values and as thresholds."""
    return [n for n in NUMBERS if n <= entry["max"] and (not entry.get("integer") or n == n.to_integral_value())]


def value_of(entry: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    """A canonical value of a feature."""
    match entry["kind"]:
        case "bool":
            return st.booleans()
        case "enum":
            return st.sampled_from(entry["values"])
        case "number":
            return st.sampled_from(numbers_of(entry))
    names = set_values(entry)
    return st.sets(st.sampled_from(names)).map(lambda chosen: tuple(name for name in names if name in chosen))


@st.composite
def comparison(draw: st.DrawFn, features: Mapping[str, dict[str, Any]], shape: Shape) -> dict[str, Any]:
    """One comparison that makes sense for its feature."""
    name = draw(st.sampled_from(sorted(features)))
    entry = features[name]
    kind = entry["kind"]
    ordered = ["<", "<=", ">", ">="] if kind == "number" or entry.get("ordered") else []
    operators = {"bool": ["="], "enum": ["=", "in"], "number": ["="], "set": ["contains", "contains_any"]}
    allowed = operators[kind] + ordered
    op = draw(st.sampled_from(allowed + (["is_known"] if shape.is_known else [])))
    if op == "is_known":
        return {"feature": name, "op": op}
    if op in ("in", "contains_any"):
        values = entry["values"] if kind == "enum" else set_values(entry)
        chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3, unique=True))
        return {"feature": name, "op": op, "value": chosen}
    value = draw(st.sampled_from(set_values(entry)) if op == "contains" else value_of(entry))
    return {"feature": name, "op": op, "value": value}


@st.composite
def condition(
    draw: st.DrawFn, features: Mapping[str, dict[str, Any]], shape: Shape, uses: tuple[str, ...] = (), depth: int = 2
) -> dict[str, Any]:
    """A nested condition."""
    kinds = ["comparison"] * 6 + (["all", "any", "not"] * 3 if depth else []) + (["use"] * 3 if uses else [])
    kind = draw(st.sampled_from([*kinds, "always"]))
    inner = condition(features, shape, uses, depth - 1)
    match kind:
        case "all" | "any":
            return {kind: draw(st.lists(inner, min_size=1, max_size=3))}
        case "not":
            return {"not": draw(inner)}
        case "use":
            return {"use": draw(st.sampled_from(uses))}
        case "always":
            return {"always": True}
    return draw(comparison(features, shape))


@st.composite
def dictionary(draw: st.DrawFn, shape: Shape) -> dict[str, Any]:
    """A data dictionary of three to six features."""
    names = [f"f{number}" for number in range(draw(st.integers(3, 6)))]
    features: dict[str, dict[str, Any]] = {}
    for name in names:
        entry = draw(feature(name))
        if features and draw(st.integers(0, 2)) == 0:
            entry["only_when"] = draw(condition(dict(features), shape, depth=1))
        features[name] = entry
    # Read in an order in which applicability may depend on what stands later in the dictionary.
    shown = draw(st.permutations(names))
    implications = draw(implications_over(features, shape))
    contradictions = draw(contradictions_over(features, shape, [one["code"] for one in implications]))
    cut = draw(st.integers(1, len(names)))
    return {
        "patient": {name: features[name] for name in shown[:cut]},
        "tumor": {name: features[name] for name in shown[cut:]},
        "history": {},
        "implications": implications,
        "contradictions": contradictions,
    }


@st.composite
def implications_over(draw: st.DrawFn, features: Mapping[str, dict[str, Any]], shape: Shape) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, shape.implications))):
        name = draw(st.sampled_from(sorted(features)))
        if not shape.rivals and name in [one["feature"] for one in found]:
            continue
        others = {other: entry for other, entry in features.items() if other != name}
        code = f"IMP-{number}"
        when, value = draw(condition(others, shape, depth=1)), draw(value_of(features[name]))
        found.append({"code": code, "when": when, "feature": name, "value": value, "why": f"{code} says why."})
    return found


@st.composite
def contradictions_over(
    draw: st.DrawFn, features: Mapping[str, dict[str, Any]], shape: Shape, codes: list[str]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    treatments = [name for name, entry in features.items() if isinstance(entry.get("values"), str)]
    for number in range(draw(st.integers(0, shape.contradictions))):
        entry: dict[str, Any] = {"code": f"CON-{number}", "message": f"CON-{number} is shown."}
        entry["when"] = draw(condition(features, shape, depth=1))
        covers: bool = bool(codes) and draw(st.booleans())
        for_each: bool = bool(treatments) and draw(st.booleans())
        if covers:
            entry["covers"] = draw(st.lists(st.sampled_from(codes), min_size=1, unique=True))
        if for_each:
            given_now = {"feature": draw(st.sampled_from(treatments)), "op": "contains", "value": "$option"}
            entry |= {"for_each": "options", "message": f"CON-{number} is shown for $option."}
            entry["when"] = {"all": [given_now, entry["when"]]}
        found.append(entry)
    return found


@st.composite
def rulesets(draw: st.DrawFn, shape: Shape = EVERYTHING) -> dict[str, Any]:
    """A whole ruleset as data."""
    words = draw(dictionary(shape))
    features = {**words["patient"], **words["tumor"]}
    options = [{"code": code, "group": "group", "title": code.replace("_", " ")} for code in OPTIONS]
    definitions: list[dict[str, Any]] = []
    for number in range(draw(st.integers(0, shape.definitions))):
        uses = tuple(one["code"] for one in definitions)
        when = draw(condition(features, shape, uses, depth=1))
        definitions.append({"code": f"d{number}", "title": f"Definition {number}", "when": when})
    uses = tuple(one["code"] for one in definitions)
    rules = [
        {
            "code": f"R-{number}",
            "option": draw(st.sampled_from(OPTIONS)),
            "effect": draw(st.sampled_from(EFFECTS)),
            "when": draw(condition(features, shape, uses)),
            "title": f"Rule {number}",
            "rationale": f"Rule {number} has a reason.",
            "sources": [{"id": "S1"}],
            "strength": "guideline",
        }
        for number in range(draw(st.integers(1, shape.rules)))
    ]
    return {
        "ruleset": {"code": "generated", "version": 1, "title": "A generated ruleset"},
        "dictionary": words,
        "options": options,
        "definitions": draw(st.permutations(definitions)),
        "rules": rules,
        "sources": [{"id": "S1", "kind": "guideline", "citation": "A source"}],
        "facts": [],
        "invariants": [],
        "cases": {},
    }


@st.composite
def records(draw: st.DrawFn, data: Mapping[str, Any]) -> dict[str, Any]:
    """A record with unknowns: each feature is recorded or left out."""
    features = {**data["dictionary"]["patient"], **data["dictionary"]["tumor"]}
    names = draw(st.lists(st.sampled_from(sorted(features)), unique=True))
    return {name: draw(value_of(features[name])) for name in names}


@st.composite
def ruleset_and_record(draw: st.DrawFn, shape: Shape = EVERYTHING) -> tuple[dict[str, Any], dict[str, Any]]:
    data = draw(rulesets(shape))
    return data, draw(records(data))

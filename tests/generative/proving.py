"""Small random rulesets with small domains, and every record they allow: what proofs are compared with.

What it is: rulesets of three or four features whose records can all be enumerated, numbers in steps of a half, and for
each record what the real engine says. What it refuses to do: use z3, or anything of the proofs. Who calls it: the test
that proofs and enumeration agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, combinations, product
from random import Random
from typing import Any

from pathways.engine import PartialSet, Ruleset, Status, Truth
from pathways.engine.network import network_of
from pathways.engine.record import reader_for

OPTIONS = ("first", "second", "clinical_trial")
STATUSES = ("candidate", "conditional", "possible", "excluded", "not_indicated")
WORDS = ("ash", "birch", "cedar")


def feature(random: Random, kind: str) -> dict[str, Any]:
    """One entry of a small dictionary."""
    match kind:
        case "bool":
            return {"kind": "bool"}
        case "enum":
            return {"kind": "enum", "values": list(WORDS[: random.choice((2, 3))]), "ordered": random.random() < 0.5}
        case "number":
            return {"kind": "number", "min": 0, "max": 3}
        case "integer":
            return {"kind": "number", "min": 0, "max": 3, "integer": True}
    return {"kind": "set", "values": list(WORDS[:2])}


def comparison(random: Random, features: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One comparison that the dictionary allows."""
    name = random.choice(sorted(features))
    entry = features[name]
    if random.random() < 0.15:
        return {"feature": name, "op": "is_known"}
    match entry["kind"]:
        case "bool":
            return {"feature": name, "op": "=", "value": random.random() < 0.5}
        case "enum":
            if random.random() < 0.3:
                return {"feature": name, "op": "in", "value": random.sample(entry["values"], 2)}
            op = random.choice(("=", "<", ">=") if entry["ordered"] else ("=",))
            return {"feature": name, "op": op, "value": random.choice(entry["values"])}
        case "number":
            op = random.choice(("<", "<=", ">", ">=", "="))
            return {"feature": name, "op": op, "value": random.choice((0, 1, 2, 3))}
    if random.random() < 0.3:
        return {"feature": name, "op": "contains_any", "value": list(entry["values"])}
    return {"feature": name, "op": "contains", "value": random.choice(entry["values"])}


def condition(random: Random, features: Mapping[str, dict[str, Any]], depth: int = 2, uses: bool = False) -> Any:
    """A nested condition."""
    kind = random.choice(("all", "any", "not", "leaf", "leaf")) if depth else "leaf"
    if kind == "leaf":
        if uses and random.random() < 0.2:
            return {"use": "shared"}
        return {"always": True} if random.random() < 0.04 else comparison(random, features)
    if kind == "not":
        return {"not": condition(random, features, depth - 1, uses)}
    return {kind: [condition(random, features, depth - 1, uses) for _ in range(random.choice((2, 2, 3)))]}


def value_of(random: Random, entry: Mapping[str, Any]) -> Any:
    """A value for an implication."""
    match entry["kind"]:
        case "bool":
            return random.random() < 0.5
        case "enum":
            return random.choice(entry["values"])
        case "number":
            return random.choice((0, 1, 2, 3))
    return random.sample(entry["values"], random.choice((0, 1, 2)))


def ruleset_data(random: Random) -> dict[str, Any]:
    """A whole small ruleset in its plain form."""
    kinds = random.sample(("bool", "enum", "number", "integer", "set", "history"), random.choice((2, 3, 3)))
    features = {f"f{number}": feature(random, kind) for number, kind in enumerate(kinds)}
    for number, name in enumerate(features):
        if number and random.random() < 0.35:
            earlier = {other: features[other] for other in list(features)[:number]}
            features[name]["only_when"] = condition(random, earlier, 1)
    history = {name for name, kind in zip(features, kinds, strict=True) if kind == "history"}
    implications = [implication(random, features, number) for number in range(random.choice((0, 1, 2, 3)))]
    contradictions = [
        {"code": f"CON-{number}", "when": condition(random, features, 1), "message": "This does not go together."}
        for number in range(random.choice((0, 0, 1)))
    ]
    if contradictions and implications and random.random() < 0.5:
        contradictions[0]["covers"] = [implications[0]["code"]]
    return {
        "ruleset": {"code": "small", "version": 1, "title": "A small ruleset"},
        "dictionary": {
            "patient": {name: entry for name, entry in features.items() if name not in history},
            "tumor": {},
            "history": {name: entry for name, entry in features.items() if name in history},
            "implications": implications,
            "contradictions": contradictions,
        },
        "options": [{"code": code, "group": "all", "title": code.capitalize()} for code in OPTIONS],
        "definitions": [{"code": "shared", "title": "Shared", "when": condition(random, features, 1)}],
        "rules": [rule(random, features, number) for number in range(random.choice((3, 4, 5, 6)))],
        "sources": [{"id": "S1", "kind": "guideline", "citation": "A source"}],
        "invariants": [invariant(random, features, number) for number in range(2)],
        "test_patients": [patient(random, features, number) for number in range(random.choice((0, 0, 2, 6)))],
    }


def implication(random: Random, features: Mapping[str, dict[str, Any]], number: int) -> dict[str, Any]:
    name = random.choice(sorted(features))
    others = {other: entry for other, entry in features.items() if other != name}
    code = f"IMP-{number}"
    value = value_of(random, features[name])
    return {"code": code, "when": condition(random, others, 1), "feature": name, "value": value, "why": f"By {code}."}


def rule(random: Random, features: Mapping[str, dict[str, Any]], number: int) -> dict[str, Any]:
    return {
        "code": f"R-{number}",
        "option": random.choice((*OPTIONS[:2], *OPTIONS)),
        "effect": random.choice(("indication", "indication", "exclusion", "caution")),
        "when": condition(random, features, 2, uses=True),
        "rationale": "It has a reason.",
        "sources": [{"id": "S1"}],
    }


def invariant(random: Random, features: Mapping[str, dict[str, Any]], number: int) -> dict[str, Any]:
    kind = random.choice(("never", "always"))
    statuses = random.sample(STATUSES, random.choice((1, 2) if kind == "never" else (3, 4)))
    return {
        "code": f"INV-{number}",
        "options": random.sample(OPTIONS, random.choice((1, 2))),
        "when": condition(random, features, 1, uses=True),
        kind: statuses,
        "holds_for": random.choice(("all records", "consistent records")),
        "sentence": "Something holds.",
        "why": "It is safer.",
    }


def patient(random: Random, features: Mapping[str, dict[str, Any]], number: int) -> dict[str, Any]:
    names = random.sample(sorted(features), random.randrange(len(features) + 1))
    recorded = {name: value_of(random, features[name]) for name in names}
    return {"code": f"P-{number}", "title": "A patient", "features": recorded, "expected": {"first": "candidate"}}


def edited(random: Random, data: dict[str, Any]) -> dict[str, Any]:
    """The ruleset with one or two things changed."""
    features = {**data["dictionary"]["patient"], **data["dictionary"]["history"]}
    after = dict(data)
    after["rules"] = [dict(one) for one in data["rules"]]
    match random.choice(("when", "when", "effect", "drop", "definition", "implication")):
        case "when":
            random.choice(after["rules"])["when"] = condition(random, features, 2, uses=True)
        case "effect":
            random.choice(after["rules"])["effect"] = random.choice(("indication", "exclusion", "caution"))
        case "drop":
            after["rules"].pop(random.randrange(len(after["rules"])))
        case "definition":
            after["definitions"] = [{**data["definitions"][0], "when": condition(random, features, 1)}]
        case "implication":
            # Nothing may refer to an implication that is gone.
            after["dictionary"] = {**data["dictionary"], "implications": [], "contradictions": []}
    return after


def choices(entry: Mapping[str, Any], history: bool) -> Iterator[Any]:
    """Everything that may be recorded of a feature; numbers in steps of a half."""
    match entry["kind"]:
        case "bool":
            yield from (True, False)
        case "enum":
            yield from entry["values"]
        case "number":
            step = 2 if entry.get("integer") else 1
            yield from (Decimal(half) / 2 for half in range(0, 7, step))
        case "set":
            members = entry["values"]
            subsets = list(chain.from_iterable(combinations(members, size) for size in range(len(members) + 1)))
            yield from subsets
            if history:
                yield from (PartialSet(subset) for subset in subsets if subset)


def records(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Every record the dictionary allows, partly unknown ones included."""
    absent = object()
    sides = {
        name: [absent, *choices(entry, group == "history")]
        for group in ("patient", "history")
        for name, entry in data["dictionary"][group].items()
    }
    for values in product(*sides.values()):
        yield {name: value for name, value in zip(sides, values, strict=True) if value is not absent}


@dataclass(frozen=True)
class Row:
    """What the engine says of one record."""

    features: dict[str, Any]
    consistent: bool
    known: frozenset[str]
    statuses: Mapping[str, Status]
    rules: Mapping[str, Truth]
    invariants: frozenset[str]

    @property
    def whole(self) -> bool:
        return not any(isinstance(value, PartialSet) for value in self.features.values())


def rows(data: dict[str, Any]) -> list[Row]:
    """The engine's answers for every record."""
    ruleset = Ruleset.from_data(data)
    network, reader = network_of(ruleset), reader_for(ruleset.dictionary)
    # A second ruleset answers the conditions of the invariants, as rules of an option of its own.
    asked = [
        {**one, "code": f"{inv['code']}", "option": "first", "effect": "caution", "when": inv["when"]}
        for inv, one in zip(data["invariants"], data["rules"], strict=False)
    ]
    other = network_of(Ruleset.from_data({**data, "rules": asked}))
    found = []
    for features in records(data):
        record = reader.read(features)
        values, answers = network.evaluate(record), other.evaluate(record)
        settled = {name for name, value in record.known.items() if not isinstance(value, PartialSet)}
        found.append(
            Row(
                features,
                not reader.contradictions(record),
                frozenset(settled | record.inapplicable),
                {code: network.status(values, code) for code in OPTIONS},
                {one.code: Truth(values[network.roots[one.code]]) for one in ruleset.rules},
                frozenset(code for code, root in other.roots.items() if answers[root] == Truth.TRUE),
            )
        )
    return found

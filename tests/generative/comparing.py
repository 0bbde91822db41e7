"""The engine's answer and the oracle's, side by side.

What it is: both assessments brought to one shape, and the places where they differ. What it refuses to do: decide
who is right. Who calls it: the generative tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pathways.engine import (
    Assessment,
    OptionAssessment,
    PartialSet,
    Ruleset,
    TraceAlways,
    TraceComparison,
    TraceGroup,
    TraceNode,
    TraceUse,
    assess,
    assessment_data,
)
from pathways.engine import statuses as engine_statuses
from tests.generative import oracle
from tests.generative.oracle import AtLeast, Book
from tests.generative.oracle_missing import assessed

WORDS_OF_THE_ENGINE = ("text", "rationale", "sources")
NO_VALUE = ("unknown", "not_applicable")


def for_engine(features: Mapping[str, Any]) -> dict[str, Any]:
    """The record with sets that are not confirmed in the engine's form."""
    return {
        name: PartialSet(tuple(sorted(value.members))) if isinstance(value, AtLeast) else value
        for name, value in features.items()
    }


def plain(part: Any) -> Any:
    """Data without the engine's sentences, with numbers as decimals and sets without an order."""
    if isinstance(part, Mapping):
        return {
            key: plain_value(value) if key in ("wanted", "actual") else plain(value)
            for key, value in part.items()
            if key not in WORDS_OF_THE_ENGINE
        }
    return [plain(one) for one in part] if isinstance(part, list | tuple) else part


def plain_value(value: Any) -> Any:
    """A value of a feature, a set without its order and without whether it is confirmed."""
    known = None if value is None else oracle.exact(value)
    return known.members if isinstance(known, AtLeast) else known


def node_data(node: TraceNode) -> dict[str, Any]:
    """A node of the engine's trace as the machine door writes it, without the sentence."""
    value = {"value": node.value.word}
    match node:
        case TraceComparison():
            data = {"feature": node.feature, "op": node.operator, "wanted": node.wanted, "from": node.origin}
            return {**data, **({} if node.origin in NO_VALUE else {"actual": node.actual}), **value}
        case TraceGroup():
            return {node.kind: [node_data(part) for part in node.nodes], **value}
        case TraceUse():
            return {"use": node.name, "title": node.title, "node": node_data(node.node), **value}
        case TraceAlways():
            return {"always": True, **value}


def option_data(option: OptionAssessment) -> dict[str, Any]:
    """What the engine says of one option."""
    rules = [
        {"code": one.code, "effect": one.effect.value, "value": one.value.word, "trace": node_data(one.trace)}
        for one in option.rules
    ]
    return {
        "code": option.code,
        "status": option.status.value,
        "rules": rules,
        "cautions": option.cautions,
        "cautions_unknown": option.cautions_unknown,
        "missing": option.missing,
    }


def engine_view(assessment: Assessment, *, with_settles: bool) -> dict[str, Any]:
    """The engine's assessment in the oracle's shape."""
    options = plain([option_data(option) for option in assessment.options])
    if with_settles:
        door = plain(assessment_data(assessment, "a record"))
        assert door["options"] == options, "The machine door says something else than the assessment."
    return {
        "options": options,
        "missing": [[one.feature, one.settles, one.least] for one in assessment.missing] if with_settles else [],
        "implied": {entry.feature: (oracle.exact(entry.value), entry.by) for entry in assessment.implied},
        "inapplicable": list(assessment.inapplicable),
        "contradictions": [(entry.code, entry.sentence) for entry in assessment.contradictions],
    }


def oracle_view(book: Book, features: Mapping[str, Any], *, with_settles: bool) -> dict[str, Any]:
    """The oracle's assessment in the same shape."""
    data = plain(assessed(book, features, with_settles=with_settles))
    return {
        "options": data["options"],
        "missing": [[name, int(most), int(least)] for name, most, least in data["missing"] or []],
        "implied": {entry["feature"]: (entry["value"], entry["by"]) for entry in data["implied"]},
        "inapplicable": data["inapplicable"],
        "contradictions": [tuple(pair) for pair in data["contradictions"]],
    }


def _differing(place: str, ours: Any, theirs: Any) -> Iterator[str]:
    if ours == theirs:
        return
    if isinstance(ours, dict) and isinstance(theirs, dict) and ours.keys() == theirs.keys():
        for key in ours:
            yield from _differing(f"{place}.{key}", ours[key], theirs[key])
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for number, (one, other) in enumerate(zip(ours, theirs, strict=True)):
            yield from _differing(f"{place}[{number}]", one, other)
    else:
        yield f"{place}: the engine says {ours!r}, the oracle {theirs!r}"


def _contradictions(engine: dict[str, Any], naive: dict[str, Any]) -> Iterator[str]:
    """The same contradictions in the same order. An implication's sentence opens the engine's, which goes on to name
    both values; the sentences for what does not apply are the engine's own, and their order is not laid down."""
    ours, theirs = engine["contradictions"], naive["contradictions"]
    expected = [pair for pair in theirs if pair[0] != "not_applicable"]
    expected += sorted((f"NA-{name}", "") for code, name in theirs if code == "not_applicable")
    ours = [pair for pair in ours if not pair[0].startswith("NA-")] + sorted(p for p in ours if p[0].startswith("NA-"))
    same = len(ours) == len(expected) and all(
        code == wanted and text.startswith(sentence) and (text == sentence or wanted[:3] != "CON")
        for (code, text), (wanted, sentence) in zip(ours, expected, strict=True)
    )
    if not same:
        yield f"contradictions: the engine says {ours!r}, the oracle {expected!r}"


def differences(ruleset: Ruleset, book: Book, features: Mapping[str, Any], *, with_settles: bool = True) -> list[str]:
    """Every place where engine and oracle disagree about a record; none is what the tests ask for."""
    record = for_engine(features)
    engine = engine_view(assess(ruleset, record), with_settles=with_settles)
    naive = oracle_view(book, features, with_settles=with_settles)
    parts = ["options", "implied", "inapplicable", "missing"]
    found = [one for part in parts for one in _differing(part, engine[part], naive[part])]
    found += _contradictions(engine, naive)
    cheap = {code: status.value for code, status in engine_statuses(ruleset, record).items()}
    found += _differing("statuses", cheap, {one["code"]: one["status"] for one in naive["options"]})
    return found

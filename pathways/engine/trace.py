"""The trace: every comparison of a rule with the patient's value, and what it came to.

What it is: frozen nodes, their sentence, and their plain form for the machine doors.
What it refuses to do: leave out a part; a trace has every comparison of the rule. Who calls it: `assess`, pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any as Anything
from typing import Literal, assert_never

from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use
from pathways.engine.logic import Truth
from pathways.engine.network import Network, Values
from pathways.engine.record import Record
from pathways.engine.sentences import comparison_sentence
from pathways.engine.values import Exact, PartialSet, Value, plain

Origin = Literal["recorded", "implied", "not_applicable", "unknown"]

MET = {Truth.TRUE: "met", Truth.FALSE: "not met", Truth.UNKNOWN: "cannot be told"}


@dataclass(frozen=True, slots=True)
class TraceComparison:
    """One comparison: what was wanted, what is there and where it comes from."""

    comparison: Comparison
    actual: Value | None
    origin: Origin
    value: Truth
    because: str

    @property
    def feature(self) -> str:
        """The feature's name."""
        return self.comparison.feature.name

    @property
    def operator(self) -> str:
        """The operator of the comparison."""
        return self.comparison.operator

    @property
    def wanted(self) -> Exact | None:
        """What the value is compared with; None for is_known."""
        return self.comparison.value

    @property
    def text(self) -> str:
        """The comparison and its outcome as one sentence."""
        return f"{comparison_sentence(self.comparison)}: {MET[self.value]} ({self.actual_text})."

    @property
    def actual_text(self) -> str:
        """The patient's value in words, with what it follows from."""
        match self.origin:
            case "not_applicable":
                return "not applicable"
            case "unknown":
                return "not recorded" if self.actual is None else self.comparison.feature.show(self.actual)
            case "implied":
                return f"{self.comparison.feature.show(self.actual)}, follows from: {self.because.rstrip('.')}"
            case "recorded":
                return self.comparison.feature.show(self.actual)


@dataclass(frozen=True, slots=True)
class TraceGroup:
    """`all`, `any` or `not` over parts."""

    kind: Literal["all", "any", "not"]
    nodes: tuple[TraceNode, ...]
    value: Truth


@dataclass(frozen=True, slots=True)
class TraceUse:
    """A definition, with its title and everything in it."""

    name: str
    title: str
    node: TraceNode
    value: Truth


@dataclass(frozen=True, slots=True)
class TraceAlways:
    """The condition that is TRUE for everyone."""

    value: Truth = Truth.TRUE


TraceNode = TraceComparison | TraceGroup | TraceUse | TraceAlways


class Tracer:
    """Builds traces for one record from the values of the network."""

    def __init__(self, network: Network, values: Values, record: Record) -> None:
        self.network = network
        self.values = values
        self.record = record
        self._implied = {entry.feature: entry for entry in record.implied}
        reasons = {entry.code: entry.why for entry in network.ruleset.dictionary.implications}
        self._because = {
            entry.feature: " ".join(reasons[code] for code in entry.by.split(" or ")) for entry in record.implied
        }
        self._definitions: dict[str, TraceUse] = {}

    def trace(self, condition: Condition) -> TraceNode:
        """The trace of one condition."""
        match condition:
            case Comparison():
                return self._comparison(condition)
            case All(parts):
                return TraceGroup("all", tuple(self.trace(part) for part in parts), self._value(condition))
            case Any(parts):
                return TraceGroup("any", tuple(self.trace(part) for part in parts), self._value(condition))
            case Not(part):
                return TraceGroup("not", (self.trace(part),), self._value(condition))
            case Use(name):
                return self._use(name)
            case Always():
                return TraceAlways()
            case _:
                assert_never(condition)

    def _value(self, condition: Condition) -> Truth:
        return Truth(self.values[self.network.node(condition)])

    def _use(self, name: str) -> TraceUse:
        if name not in self._definitions:
            definition = self.network.ruleset.definitions[name]
            self._definitions[name] = TraceUse(
                name, definition.title, self.trace(definition.when), self._value(definition.when)
            )
        return self._definitions[name]

    def _comparison(self, comparison: Comparison) -> TraceComparison:
        name, value = comparison.feature.name, self._value(comparison)
        actual = self.record.known.get(name)
        if actual is None:
            origin: Origin = "not_applicable" if name in self.record.inapplicable else "unknown"
            return TraceComparison(comparison, None, origin, value, "")
        if isinstance(actual, PartialSet) and value is not Truth.TRUE:
            return TraceComparison(comparison, actual, "unknown", value, "")
        if name in self._implied:
            return TraceComparison(comparison, actual, "implied", value, self._because[name])
        return TraceComparison(comparison, actual, "recorded", value, "")


def comparisons_of(node: TraceNode) -> Iterator[TraceComparison]:
    """Every comparison of a trace, in reading order."""
    match node:
        case TraceComparison():
            yield node
        case TraceGroup(_, nodes, _):
            for part in nodes:
                yield from comparisons_of(part)
        case TraceUse():
            yield from comparisons_of(node.node)
        case TraceAlways():
            return
        case _:
            assert_never(node)


def distance(node: TraceNode) -> int:
    """How many comparisons would have to change for the node to be TRUE; the nearest reason has the fewest."""
    return _distance(node, wanted=True)


def _distance(node: TraceNode, *, wanted: bool) -> int:
    if node.value is (Truth.TRUE if wanted else Truth.FALSE):
        return 0
    match node:
        case TraceComparison() | TraceAlways():
            return 1
        case TraceUse():
            return _distance(node.node, wanted=wanted)
        case TraceGroup("not", (part,), _):
            return _distance(part, wanted=not wanted)
        case TraceGroup(kind, nodes, _):
            parts = [_distance(part, wanted=wanted) for part in nodes]
            return sum(parts) if (kind == "all") is wanted else min(parts)
        case _:
            assert_never(node)


def trace_data(node: TraceNode) -> dict[str, Anything]:
    """The plain form of a trace for the machine doors, keys in the order of the contract."""
    match node:
        case TraceComparison():
            data: dict[str, Anything] = {"feature": node.feature, "op": node.operator}
            data["wanted"] = None if node.wanted is None else plain(node.wanted)
            if node.actual is not None and node.origin != "unknown":
                data["actual"] = plain(node.actual)
            return {**data, "from": node.origin, "value": node.value.word, "text": node.text}
        case TraceGroup(kind, nodes, value):
            return {kind: [trace_data(part) for part in nodes], "value": value.word}
        case TraceUse(name, title, inner, value):
            return {"use": name, "title": title, "node": trace_data(inner), "value": value.word}
        case TraceAlways(value):
            return {"always": True, "value": value.word}
        case _:
            assert_never(node)

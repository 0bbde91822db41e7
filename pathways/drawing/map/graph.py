"""The decision graph of one option, and how sure each of its ways is for one patient.

Three questions in a row: does any reason hold; does any exclusion; what follows. A way is certain until the first gate that
is unknown, open from there on; the other way out of an unknown gate is one that may be taken; the rest is not taken. A test
holds that the way of a patient ends at the status that the engine gives. Called by the layout.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from pathways.drawing.map.values import Gate, OptionMap

ANY, SPINE_END = "any", "nothing rules it out"
FOLDED = "folded"


class State(StrEnum):
    """How a way is drawn: thick and solid, thick and dashed, thin and dashed, thin and gray; or plain, without a patient."""

    CERTAIN = "certain"
    OPEN = "open"
    MAY = "may"
    NOT_TAKEN = "not_taken"
    PLAIN = "plain"

    @property
    def is_way(self) -> bool:
        """Whether it is part of the patient's own way."""
        return self in (State.CERTAIN, State.OPEN)


@dataclass(frozen=True, slots=True)
class Edge:
    """From one node to the next: `reason:CODE`, `any`, `exclusion:CODE`, `folded`, the end of the spine, `end:STATUS`."""

    begins: str
    ends: str
    state: State


@dataclass(frozen=True, slots=True)
class Way:
    """The whole graph. `spine` is the exclusions one after the other, those that do not hold folded into one gate."""

    edges: tuple[Edge, ...]
    spine: tuple[str, ...]
    folded: tuple[Gate, ...]

    def state(self, begins: str, ends: str) -> State:
        """How the way between two nodes is drawn."""
        return next(edge.state for edge in self.edges if edge.begins == begins and edge.ends == ends)


def in_drawn_order(gates: Sequence[Gate]) -> list[Gate]:
    """Those that hold first, then those that cannot be told, then the others; within each, the order of the rules."""
    order = {"true": 0, "unknown": 1, "false": 2, "": 0}
    return sorted(gates, key=lambda gate: order[gate.truth])


def decision_graph(option: OptionMap) -> Way:
    """The graph of one option."""
    folded = tuple(gate for gate in option.exclusions if gate.truth == "false")
    standing = [gate for gate in in_drawn_order(option.exclusions) if gate.truth != "false"]
    spine = ((FOLDED,) if folded else ()) + tuple(f"exclusion:{gate.code}" for gate in standing)
    edges = list(_plain(option, spine) if not option.has_patient else _with_patient(option, spine, standing))
    return Way(tuple(edges), spine, folded)


def _plain(option: OptionMap, spine: Sequence[str]) -> Iterator[Edge]:
    for gate in option.reasons:
        yield Edge(f"reason:{gate.code}", ANY, State.PLAIN)
    yield Edge(ANY, "end:not_indicated", State.PLAIN)
    yield Edge(ANY, "end:possible", State.PLAIN)
    stations = [ANY, *spine, SPINE_END]
    for begins, ends in pairwise(stations):
        yield Edge(begins, ends, State.PLAIN)
    for node in spine:
        yield Edge(node, "end:excluded", State.PLAIN)
    yield Edge(SPINE_END, "end:conditional", State.PLAIN)
    yield Edge(SPINE_END, "end:candidate", State.PLAIN)


def _with_patient(option: OptionMap, spine: Sequence[str], standing: Sequence[Gate]) -> Iterator[Edge]:
    reason = _any([gate.truth for gate in option.reasons])
    ruled_out = _any([gate.truth for gate in option.exclusions])
    for gate in option.reasons:
        yield Edge(f"reason:{gate.code}", ANY, _reason_state(gate.truth, reason))
    onward = {"true": State.CERTAIN, "unknown": State.OPEN if ruled_out == "true" else State.MAY}.get(
        reason, State.NOT_TAKEN
    )
    nothing = {"false": State.CERTAIN, "unknown": State.MAY}.get(reason, State.NOT_TAKEN)
    yield Edge(ANY, "end:not_indicated", nothing)
    waits = reason == "unknown" and ruled_out != "true"
    yield Edge(ANY, "end:possible", State.OPEN if waits else State.NOT_TAKEN)
    yield from _along_the_spine(spine, standing, onward)


def _reason_state(truth: str, reason: str) -> State:
    if truth == "true":
        return State.CERTAIN
    if truth == "unknown":
        return State.OPEN if reason == "unknown" else State.MAY
    return State.NOT_TAKEN


def _along_the_spine(spine: Sequence[str], standing: Sequence[Gate], state: State) -> Iterator[Edge]:
    truths = {f"exclusion:{gate.code}": gate.truth for gate in standing}
    before, any_unknown = ANY, False
    for node in spine:
        yield Edge(before, node, state)
        before, truth = node, truths.get(node, "false")
        aside, state = _at_gate(truth, state)
        any_unknown = any_unknown or truth == "unknown"
        yield Edge(node, "end:excluded", aside)
    yield Edge(before, SPINE_END, state)
    goes_on = state is not State.NOT_TAKEN
    if any_unknown:
        yield Edge(SPINE_END, "end:conditional", state)
        yield Edge(SPINE_END, "end:candidate", State.MAY if goes_on else State.NOT_TAKEN)
    else:
        yield Edge(SPINE_END, "end:conditional", State.NOT_TAKEN)
        yield Edge(SPINE_END, "end:candidate", state)


def _at_gate(truth: str, state: State) -> tuple[State, State]:
    """How the way aside, to `excluded`, and the way on are drawn behind one exclusion."""
    if truth == "true":
        return state, State.NOT_TAKEN
    if truth == "unknown":
        aside = State.NOT_TAKEN if state is State.NOT_TAKEN else State.MAY
        return aside, State.OPEN if state.is_way else state
    return State.NOT_TAKEN, state


def _any(truths: Sequence[str]) -> str:
    if "true" in truths:
        return "true"
    return "unknown" if "unknown" in truths else "false"


def patients_way(way: Way) -> list[Edge]:
    """The patient's own way from the first gate to an end, each step once. Empty without a patient."""
    by_start: dict[str, list[Edge]] = {}
    for edge in way.edges:
        if edge.state.is_way:
            by_start.setdefault(edge.begins, []).append(edge)
    steps: list[Edge] = []
    reasons = [edges[0] for begins, edges in by_start.items() if begins.startswith("reason:")]
    certain = [edge for edge in reasons if edge.state is State.CERTAIN]
    steps += (certain or reasons)[:1]
    node = ANY
    while not node.startswith("end:"):
        onward = by_start.get(node, [])
        if not onward:
            return []
        step = next((edge for edge in onward if edge.ends.startswith("end:")), onward[0])
        steps.append(step)
        node = step.ends
    return steps

"""Where everything of a map stands: three columns, and ways between them that never cross.

The columns are questions: is there a reason; does anything rule it out; what does the page say. Ways to the ends run in
channels of their own, above the exclusions, beside them and beneath them. Called by the presenter of the map.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pathways.drawing.map.boxes import JOINED, end_box, end_height, folded_box, gate_box, joined_sign, weigh_box
from pathways.drawing.map.graph import ANY, FOLDED, SPINE_END, State, Way, decision_graph, in_drawn_order
from pathways.drawing.map.values import ENDS, Gate, OptionMap
from pathways.drawing.shapes import Circle, Item, Mark, Panel, Path, Shape, Sign, Text, path_through
from pathways.drawing.text import wrapped

WIDTH = 1240.0
_REASONS = (12.0, 304.0)  # left edge and width
_BUS = {State.CERTAIN: 358.0, State.OPEN: 358.0, State.MAY: 351.0, State.NOT_TAKEN: 344.0, State.PLAIN: 351.0}
_ANY_X, _SPINE_X, _BEND = 390.0, 452.0, 424.0
_EXCLUSIONS = (492.0, 274.0)
_CHANNEL, _EXCLUDED_BUS = 766.0, 868.0
_TOP_BUS = {"not_indicated": 880.0, "possible": 875.0}
_TOP_LINE = {"not_indicated": 60.0, "possible": 67.0}
_BOTTOM_BUS = {"conditional": 850.0, "candidate": 842.0}
_ENDS = (900.0, 328.0)
_TOP, _GAP = 84.0, 12.0
_GATE_R, _ANY_R = 11.0, 16.0
_LABEL, _LABEL_LINE = 10.5, 13.0


@dataclass(slots=True)
class _Drawing:
    """What is collected: lines first, so that boxes cover their ends, and places of nodes."""

    way: Way
    lines: list[tuple[int, Shape]] = field(default_factory=list)
    boxes: list[Item] = field(default_factory=list)
    places: dict[str, float] = field(default_factory=dict)
    bottoms: list[float] = field(default_factory=list)

    def line(self, points: Sequence[tuple[float, float]], state: State, *, arrow: bool = False) -> None:
        """A way along points; ways that matter more are drawn over those that matter less."""
        order = (State.NOT_TAKEN, State.PLAIN, State.MAY, State.OPEN, State.CERTAIN).index(state)
        self.lines.append((order, Path(path_through(points), f"way way-{state}")))
        if arrow:
            x, y = points[-1]
            head = [(x, y), (x - 9, y - 4.5), (x - 9, y + 4.5)]
            self.lines.append((order, Path(f"{path_through(head)} Z", f"arrow arrow-{state}")))


def pathway_map(option: OptionMap, said: str) -> Panel:
    """The drawing of one option; `said` describes it for those who hear the page."""
    drawing = _Drawing(decision_graph(option))
    _reasons(drawing, option)
    _exclusions(drawing, option)
    _ends(drawing, option)
    _ways(drawing, option)
    _weigh(drawing, option)
    lines = [shape for _, shape in sorted(drawing.lines, key=lambda pair: pair[0])]
    items: list[Item] = [*_heads(option), *lines, *drawing.boxes]
    height = max(drawing.bottoms) + 16
    return Panel(WIDTH, round(height, 1), f"Pathway map of {option.title}", said, tuple(items), "pathway-map")


def _heads(option: OptionMap) -> list[Item]:
    heads = (
        (_REASONS[0], "1", "Is there a reason?", "any one is enough"),
        (
            _SPINE_X - 11,
            "2",
            "Does anything rule it out?",
            "any one is enough" if option.exclusions else "the ruleset has nothing",
        ),
        (
            _ENDS[0],
            "3",
            "What the page says",
            "status of the option" if option.has_patient else "the status that follows",
        ),
    )
    items: list[Item] = []
    for x, number, title, hint in heads:
        items.append(Circle(x + 11, 22, 11, "map-number"))
        items.append(Text(x + 11, 26, number, "map-number-text", 12, "middle", True))
        items.append(Text(x + 30, 20, title, "", 14, "start", True))
        items.append(Text(x + 30, 35, hint, "t-quiet", 10.5))
    return items


def _css(gate: Gate, state: State) -> str:
    if state is State.PLAIN:
        return "gate-plain"
    return {"true": "gate-holds", "unknown": "gate-open", "false": "gate-not"}[gate.truth]


def _reasons(drawing: _Drawing, option: OptionMap) -> None:
    y, (x, wide) = _TOP, _REASONS
    for gate in in_drawn_order(option.reasons):
        state = drawing.way.state(f"reason:{gate.code}", ANY)
        mark, height = gate_box(gate, x, y, wide, css=_css(gate, state))
        drawing.boxes.append(mark)
        place = round(y + min(height / 2, 40), 1)
        drawing.places[f"reason:{gate.code}"] = place
        drawing.boxes += joined_sign(gate, x + wide, place)
        y += height + _GAP
    drawing.bottoms.append(y - _GAP)
    drawing.places[ANY] = drawing.places[f"reason:{in_drawn_order(option.reasons)[0].code}"]


def _exclusions(drawing: _Drawing, option: OptionMap) -> None:
    y, (x, wide) = _TOP, _EXCLUSIONS
    by_node = {f"exclusion:{gate.code}": gate for gate in option.exclusions}
    stations = [ANY, *drawing.way.spine]
    for before, node in pairwise(stations):
        state = drawing.way.state(before, node)
        if node == FOLDED:
            marks, height = folded_box(drawing.way.folded, x, y, wide, css="gate-not")
            drawing.boxes += marks
            truth = "false"
        else:
            mark, height = gate_box(by_node[node], x, y, wide, css=_css(by_node[node], state))
            drawing.boxes.append(mark)
            truth = by_node[node].truth
        place = round(y + min(height / 2, 26), 1)
        drawing.places[node] = place
        if node != FOLDED:
            drawing.boxes += joined_sign(by_node[node], x - JOINED, place)
        drawing.boxes += _gate_sign(place, truth, drawing.way.state(node, "end:excluded"), state)
        drawing.line([(_SPINE_X + _GATE_R, place), (x, place)], State.NOT_TAKEN if state is not State.PLAIN else state)
        y += height + _GAP
    drawing.places[SPINE_END] = max(y + 14, drawing.places[ANY] + 30) if drawing.way.spine else drawing.places[ANY]
    drawing.bottoms.append(drawing.places[SPINE_END])


def _gate_sign(y: float, truth: str, aside: State, state: State) -> list[Item]:
    """The circle on the spine, with the answer of the gate in it."""
    css = {State.NOT_TAKEN: "not_taken", State.PLAIN: "plain"}.get(state, truth or "plain")
    items: list[Item] = [Circle(_SPINE_X, y, _GATE_R, f"map-gate-circle circle-{css}")]
    if truth:
        name = {"true": "i-met", "false": "i-not-met", "unknown": "i-unknown"}[truth]
        items.append(Sign(_SPINE_X - 6, y - 6, 12, name, f"sign-{truth} {'is-way' if aside.is_way else ''}".strip()))
    return items


def _ends(drawing: _Drawing, option: OptionMap) -> None:
    """The five ends beneath each other, each no higher than the ways that lead to it allow."""
    x, wide = _ENDS
    boxes = {end.status: end for end in option.ends}
    aside = [drawing.places[node] for node in drawing.way.spine if node != FOLDED]
    y = _TOP
    for status in ENDS:
        is_here = status == option.status
        height = end_height(boxes[status], wide, is_here=is_here)
        if status == "excluded" and aside:
            y = max(y, aside[0] - height / 2)
        if status == "conditional":
            y = max(y, drawing.places[SPINE_END] - height / 2)
        incoming = [edge.state for edge in drawing.way.edges if edge.ends == f"end:{status}"]
        css = "end-here" if is_here else "end-may" if State.MAY in incoming else "end-plain"
        mark, _ = end_box(boxes[status], x, round(y, 1), wide, css=css, here=option.here if is_here else "")
        drawing.boxes.append(mark)
        drawing.places[f"end:{status}"] = round(y + height / 2, 1)
        y += height + _GAP + 2
    drawing.bottoms.append(y - _GAP)


def _ways(drawing: _Drawing, option: OptionMap) -> None:
    places, way = drawing.places, drawing.way
    any_y = places[ANY]
    for gate in option.reasons:
        state, y = way.state(f"reason:{gate.code}", ANY), places[f"reason:{gate.code}"]
        bus = _BUS[state]
        points = [(_REASONS[0] + _REASONS[1], y), (bus, y), (bus, any_y), (_ANY_X - _ANY_R, any_y)]
        drawing.line(points if y != any_y else [points[0], points[-1]], state)
    for status in ("not_indicated", "possible"):
        top, bus, end = _TOP_LINE[status], _TOP_BUS[status], places[f"end:{status}"]
        begins = _ANY_X - (2 if status == "not_indicated" else -3)
        points = [(begins, any_y - _ANY_R + 1), (begins, top), (bus, top), (bus, end), (_ENDS[0], end)]
        drawing.line(points, way.state(ANY, f"end:{status}"), arrow=True)
    _spine_ways(drawing)
    _labels(drawing, option)
    drawing.boxes += _any_sign(any_y, option, way)


def _spine_ways(drawing: _Drawing) -> None:
    places, way = drawing.places, drawing.way
    stations = [ANY, *way.spine, SPINE_END]
    first = stations[1]
    any_y, excluded = places[ANY], places["end:excluded"]
    state, y = way.state(ANY, first), places[first]
    target = _SPINE_X - (_GATE_R if first != SPINE_END else 0)
    drawing.line([(_ANY_X + _ANY_R, any_y), (_BEND, any_y), (_BEND, y), (target, y)], state)
    for before, node in pairwise(stations[1:]):
        end = places[node] - (_GATE_R if node != SPINE_END else 0)
        drawing.line([(_SPINE_X, places[before] + _GATE_R), (_SPINE_X, end)], way.state(before, node))
    for node in way.spine:
        state, y = way.state(node, "end:excluded"), places[node]
        if node == FOLDED:
            continue
        points = [(_CHANNEL, y), (_EXCLUDED_BUS, y), (_EXCLUDED_BUS, excluded), (_ENDS[0], excluded)]
        drawing.line(points, state, arrow=True)
        if state.is_way:  # through the box, so that the way is seen whole
            drawing.line([(_SPINE_X + _GATE_R, y), (_EXCLUSIONS[0], y)], state)
    bottom = places[SPINE_END]
    for status in ("conditional", "candidate"):
        bus, end = _BOTTOM_BUS[status], places[f"end:{status}"]
        drawing.line(
            [(_SPINE_X, bottom), (bus, bottom), (bus, end), (_ENDS[0], end)],
            way.state(SPINE_END, f"end:{status}"),
            arrow=True,
        )


def _labels(drawing: _Drawing, option: OptionMap) -> None:
    """What decides at each unknown gate, beside both its ways."""
    places, way = drawing.places, drawing.way
    by_node = {f"exclusion:{gate.code}": gate for gate in option.exclusions if gate.truth != "false"}
    for node, below in pairwise([*way.spine, SPINE_END]):
        if node in by_node:
            css = "t-unknown" if way.state(node, "end:excluded") is State.MAY else "t-quiet"
            at = places[node] - 5
            for line in _beside(by_node[node], places[below] - places[node]):
                drawing.boxes.append(Text(_CHANNEL + 4, at, line, f"t-halo {css}", _LABEL))
                at += _LABEL_LINE + (5 if at < places[node] else 0)
    if way.spine:
        state = way.state(way.spine[-1], SPINE_END)
        words = "nothing known rules it out" if state.is_way else "if nothing rules it out"
        css = "t-unknown" if state in (State.OPEN, State.MAY) else "t-quiet"
        drawing.boxes.append(Text(_SPINE_X + 12, places[SPINE_END] - 6, words, f"t-halo {css}", 10.5))
    none = way.state(ANY, "end:not_indicated")
    css = "t-unknown" if none is State.MAY else "t-quiet"
    words = "no reason holds" if none is State.CERTAIN else "if no reason holds"
    drawing.boxes.append(Text(_ANY_X + 14, _TOP_LINE["not_indicated"] - 5, words, f"t-halo {css}", 10.5))


def _beside(gate: Gate, down: float) -> list[str]:
    """What is said beside the way out of a gate: the first line above it, the others beneath, as far as the next way."""
    if gate.truth == "true":
        return ["it holds"]
    most = 1 + max(int((down - 26) // _LABEL_LINE), 0)
    for words in gate.decides:
        lines = wrapped(words, _LABEL, _EXCLUDED_BUS - _CHANNEL - 8, most=most)
        if " ".join(lines) == words.replace(" × ", "\u00a0×\u00a0"):
            return lines
    return ["if it holds"]


def _any_sign(y: float, option: OptionMap, way: Way) -> list[Item]:
    """The gate that any one reason opens."""
    state = way.state(ANY, [*way.spine, SPINE_END][0])
    css = {State.CERTAIN: "true", State.NOT_TAKEN: "false", State.PLAIN: "plain"}.get(state, "unknown")
    title = f"Any one of {len(option.reasons)} reasons is enough" if len(option.reasons) > 1 else "The one reason"
    word = Text(_ANY_X, y + 4, "any", f"any-text any-{css}", 11, "middle", True)
    return [Mark(title, (Circle(_ANY_X, y, _ANY_R, f"map-any circle-{css}"), word), css="map-any-mark")]


def _weigh(drawing: _Drawing, option: OptionMap) -> None:
    """The cautions at the foot of the column of reasons, or of the ends, whichever is shorter."""
    if not option.cautions_in_all:
        return
    reasons, _spine, ends = drawing.bottoms
    (x, wide), y = (_REASONS, reasons) if reasons <= ends else (_ENDS, ends)
    mark, height = weigh_box(option.cautions, option.cautions_in_all, x, round(y + 18, 1), wide)
    drawing.boxes.append(mark)
    drawing.bottoms.append(y + 18 + height)

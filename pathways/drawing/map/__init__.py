"""The pathway map of one option: its rules as a decision graph, and one patient's way through it."""

from pathways.drawing.map.graph import Edge, State, Way, decision_graph
from pathways.drawing.map.layout import pathway_map
from pathways.drawing.map.values import EndBox, Gate, GateRow, OptionMap, Weigh

__all__ = ["Edge", "EndBox", "Gate", "GateRow", "OptionMap", "State", "Way", "Weigh", "decision_graph", "pathway_map"]

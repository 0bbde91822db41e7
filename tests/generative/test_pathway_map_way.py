"""The way on the map ends at the status of the engine, solid until the first unknown gate, for every option tried."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

import pytest

from pathways.drawing.map import OptionMap, State, decision_graph, pathway_map
from pathways.drawing.map.graph import ANY, patients_way
from pathways.drawing.shapes import Box, Panel
from pathways.engine import Assessment, assess
from pathways.knowledge.demo import demo_patients
from pathways.presenters.pathway_map import option_map
from tests.generative import starter

SEEDS = range(400 if starter.LONG else 40)
DEMO = [pytest.param(patient.features, id=patient.mrn) for patient in demo_patients()]
CODES = [option.code for option in starter.ruleset().options]


def the_map(assessment: Assessment, code: str, *, has_patient: bool = True) -> OptionMap:
    return option_map(assessment, code, {}, lambda rule: f"/rules/{rule}/", has_patient=has_patient)


def checked(features: dict[str, Any]) -> dict[str, Any]:
    dictionary = starter.ruleset().dictionary
    return {name: dictionary.check(name, value) for name, value in features.items()}


def truths(option: OptionMap) -> dict[str, str]:
    return {
        **{f"reason:{g.code}": g.truth for g in option.reasons},
        **{f"exclusion:{g.code}": g.truth for g in option.exclusions},
    }


def wrongs(assessment: Assessment, code: str) -> list[str]:
    """What the map of one option says otherwise than the engine."""
    option, found = the_map(assessment, code), []
    way = decision_graph(option)
    steps = patients_way(way)
    status = str(assessment.option(code).status)
    if not steps or steps[-1].ends != f"end:{status}":
        found.append(f"{code}: the way ends at {steps[-1].ends if steps else 'nothing'}, the status is {status}")
    ends = {edge.ends for edge in way.edges if edge.ends.startswith("end:") and edge.state.is_way}
    if ends != {f"end:{status}"}:
        found.append(f"{code}: ways lead to {ends}")
    found += [f"{code}: {said}" for said in _solid_until_unknown(option, steps)]
    return found


def _solid_until_unknown(option: OptionMap, steps: list[Any]) -> list[str]:
    """Each step is solid until an unknown gate was passed, and dashed from there on."""
    truth = truths(option)
    reason = (
        "true"
        if "true" in {g.truth for g in option.reasons}
        else "unknown"
        if "unknown" in {g.truth for g in option.reasons}
        else "false"
    )
    is_certain, wrong = True, []
    for step in steps:
        passed = reason if step.begins == ANY else truth.get(step.begins, "false")
        is_certain = is_certain and passed != "unknown"
        if (step.state is State.CERTAIN) is not is_certain:
            wrong.append(f"from {step.begins} to {step.ends} is {step.state}")
    return wrong


@pytest.mark.parametrize("features", DEMO)
def test_for_every_option_of_a_demo_patient_the_way_ends_at_the_status(features: dict[str, Any]) -> None:
    assessment = assess(starter.ruleset(), checked(features))
    assert [said for code in CODES for said in wrongs(assessment, code)] == []


@pytest.mark.parametrize("seed", SEEDS)
def test_for_every_option_of_an_invented_record_the_way_ends_at_the_status(seed: int) -> None:
    random = Random(seed)
    record = starter.maker().plausible(random) if seed % 2 else starter.maker().wild(random)
    assessment = assess(starter.ruleset(), record)
    assert [said for code in CODES for said in wrongs(assessment, code)] == []


def _overlaps(panel: Panel) -> list[tuple[str, str]]:
    texts = [(text.text, text.box) for text in panel.texts if text.text]
    return [(one, other) for (one, a), (other, b) in combinations(texts, 2) if a.overlaps(b)]


@pytest.mark.parametrize("features", [*DEMO[::4], pytest.param({}, id="nothing known")])
def test_no_two_texts_of_a_map_overlap_and_every_rule_stands_in_it(features: dict[str, Any]) -> None:
    assessment = assess(starter.ruleset(), checked(features))
    for code in CODES:
        option = the_map(assessment, code)
        panel = pathway_map(option, "said")
        assert _overlaps(panel) == [], code
        whole = Box(0, 0, panel.width, panel.height)
        assert [text.text for text in panel.texts if not text.box.within(whole)] == [], code
        assert {gate.code for gate in (*option.reasons, *option.exclusions)} <= panel.keys, code


def test_without_a_patient_nothing_is_a_way_and_every_gate_is_drawn_plain() -> None:
    assessment = assess(starter.ruleset(), {})
    for code in CODES:
        option = the_map(assessment, code, has_patient=False)
        way = decision_graph(option)
        assert {edge.state for edge in way.edges} == {State.PLAIN}
        assert patients_way(way) == []
        panel = pathway_map(option, "said")
        assert _overlaps(panel) == [], code
        assert {gate.code for gate in (*option.reasons, *option.exclusions)} <= panel.keys


def test_from_an_unknown_gate_both_ways_are_drawn() -> None:
    assessment = assess(starter.ruleset(), {})
    tried = 0
    for code in CODES:
        option = the_map(assessment, code)
        way = decision_graph(option)
        for gate in option.exclusions:
            if gate.truth == "unknown":
                node = f"exclusion:{gate.code}"
                states = {edge.state for edge in way.edges if edge.begins == node}
                reached = any(edge.state is not State.NOT_TAKEN for edge in way.edges if edge.ends == node)
                assert State.NOT_TAKEN not in states or not reached, (code, gate.code)
                tried += 1
    assert tried > 50

"""What would settle it, held against invented patients of the starter pathway.

A blank of which the page says that it changes nothing is filled with every value that can be told apart and with others
drawn at random; two facts that are said to settle an option only together are tried together and each alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any

import pytest

from pathways.engine import (
    Assessment,
    Status,
    Value,
    assess,
    contradictions_of,
    idle_blanks,
    makes_candidate,
    only_together,
    statuses,
)
from pathways.engine.missing import values_to_try
from pathways.engine.network import network_of
from tests.generative.starter import LONG, maker, ruleset

PATIENTS = 400 if LONG else 40
DRAWN = 6
FEW = 5


def patient(seed: int) -> dict[str, Any]:
    return maker().any_patient(Random(seed))


def values(assessment: Assessment, name: str, random: Random) -> Iterator[Value]:
    """Every value that the rules tell apart, and some that were not thought of."""
    yield from values_to_try(network_of(assessment.ruleset), assessment.record, name)
    for _ in range(DRAWN):
        yield assessment.ruleset.dictionary.check(name, maker().value(random, name))


def contradicts(record: Mapping[str, Any], name: str, value: Value) -> bool:
    """Whether the value brings a contradiction that the record did not have."""
    dictionary = ruleset().dictionary
    before = {one.code for one in contradictions_of(dictionary, record)}
    return any(one.code not in before for one in contradictions_of(dictionary, {**record, name: value}))


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_filling_a_blank_that_is_said_to_change_nothing_changes_nothing(seed: int) -> None:
    record, random = patient(seed), Random(seed)
    assessment = assess(ruleset(), record)
    before = statuses(ruleset(), record)
    for name in idle_blanks(assessment):
        for value in values(assessment, name, random):
            if not contradicts(record, name, value):
                assert statuses(ruleset(), {**record, name: value}) == before, (name, value)


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_a_blank_is_idle_or_waited_for_or_changes_something(seed: int) -> None:
    record = patient(seed)
    assessment = assess(ruleset(), record)
    waited_for = {name for option in assessment.options for name in option.missing}
    idle = set(idle_blanks(assessment))
    assert not idle & waited_for
    for name in assessment.features_unknown():
        if name not in idle | waited_for:
            changing = [
                value for value in values(assessment, name, Random(seed)) if not contradicts(record, name, value)
            ]
            before = statuses(ruleset(), record)
            assert any(statuses(ruleset(), {**record, name: value}) != before for value in changing), name


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_two_facts_that_settle_an_option_only_together_do_so_and_neither_does_alone(seed: int) -> None:
    record, random = patient(seed), Random(seed)
    assessment = assess(ruleset(), record)
    for option in assessment.options:
        if not option.missing or len(option.missing) > FEW:
            continue
        alone = makes_candidate(assessment, option.code)
        for together in only_together(assessment, option.code):
            assert not alone
            one, other = together.features
            tried = [list(values_to_try(network_of(ruleset()), assessment.record, name)) for name in (one, other)]
            assert any(
                statuses(ruleset(), {**record, one: first, other: second})[option.code] is Status.CANDIDATE
                for first, second in product(*tried)
            ), (option.code, together.features)
            for name in together.features:
                for value in values(assessment, name, random):
                    after = statuses(ruleset(), {**record, name: value})[option.code]
                    assert after is not Status.CANDIDATE, (option.code, name, value)


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_a_fact_that_alone_makes_an_option_a_candidate_does_so_for_some_value(seed: int) -> None:
    record = patient(seed)
    assessment = assess(ruleset(), record)
    for option in assessment.options:
        for name in makes_candidate(assessment, option.code):
            outcomes = {
                statuses(ruleset(), {**record, name: value})[option.code]
                for value in values_to_try(network_of(ruleset()), assessment.record, name)
            }
            assert Status.CANDIDATE in outcomes, (option.code, name)

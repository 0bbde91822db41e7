"""The engine and a second interpreter by another author give the same assessment."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from pathways.engine import Ruleset, assess
from tests.generative import starter
from tests.generative.comparing import differences, for_engine
from tests.generative.oracle import FALSE, TRUE, Book, complete_record, truth
from tests.generative.strategies import ruleset_and_record

GENERATED = 20_000 if starter.LONG else 400
CHUNKS = 6
PER_CHUNK = 17_000 if starter.LONG else 100
AIMED = 40 if starter.LONG else 1
WITH_SETTLES = 1_500 if starter.LONG else 40

unhurried = settings(
    max_examples=GENERATED,
    deadline=None,
    database=None,
    derandomize=not starter.LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@unhurried
@given(ruleset_and_record())
def test_on_generated_rulesets_engine_and_oracle_agree(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    data, record = pair
    assert differences(Ruleset.from_data(data), Book(data), record) == []


def rule_values(features: dict[str, Any]) -> dict[str, str]:
    """The engine's value of every rule of the starter pathway, those that are FALSE included."""
    assessment = assess(starter.ruleset(), for_engine(features))
    return {
        result.code: result.value.word
        for option in starter.ruleset().options
        for result in assessment.explain(option.code)
    }


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_on_starter_patients_engine_and_oracle_agree(chunk: int) -> None:
    random, maker = Random(f"starter {chunk}"), starter.maker()
    for number in range(PER_CHUNK):
        features = maker.any_patient(random)
        if number % 3 == 0:
            features = maker.partly_known(random, features)
        assert differences(starter.ruleset(), starter.book(), features, with_settles=False) == [], features


@pytest.mark.parametrize("chunk", range(4))
def test_on_patients_aimed_at_each_rule_every_rule_has_the_same_value(chunk: int) -> None:
    """Each rule is seen TRUE, FALSE and UNKNOWN, and each time all rules of the pathway are compared."""
    random, maker, book = Random(f"aimed {chunk}"), starter.maker(), starter.book()
    seen: Counter[tuple[str, str]] = Counter()
    rules = book.data["rules"][chunk::4]
    for rule in rules:
        possible = book.data["cases"][rule["code"]]
        aimed = [maker.aimed_patient(random, rule["when"], wanted) for wanted in (TRUE, FALSE) * AIMED]
        for features in [*possible.values(), *(one for one in aimed if one is not None)]:
            record = complete_record(book, features)
            expected = {one["code"]: truth(one["when"], record) for one in book.data["rules"]}
            assert rule_values(features) == expected, features
            seen.update((code, value) for code, value in expected.items())
    for rule in rules:
        possible = book.data["cases"][rule["code"]]
        assert {value for value in possible if seen[rule["code"], value]} == set(possible), rule["code"]


@pytest.mark.parametrize("chunk", range(2))
def test_what_is_missing_and_how_much_it_would_settle_is_the_same(chunk: int) -> None:
    random, maker, asked = Random(f"settles {chunk}"), starter.maker(), 0
    for number in range(WITH_SETTLES // 2):
        features = maker.any_patient(random)
        if number % 4 == 0:
            features = maker.partly_known(random, features)
        assert differences(starter.ruleset(), starter.book(), features) == [], features
        asked += len(assess(starter.ruleset(), for_engine(features)).missing)
    assert asked >= WITH_SETTLES, "These patients left too little to ask about."


def test_nothing_known_at_all_is_the_same() -> None:
    assert differences(starter.ruleset(), starter.book(), {}) == []

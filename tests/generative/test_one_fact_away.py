"""One fact away, held against brute force: every value of every single fact, each assessed from the beginning.

The values are enumerated here, not by the engine: both booleans, every value of an enum, every number on, beside and
between the thresholds of the book, and of a set none, each alone, and one more or less than is recorded. Nothing may be
marked that no such value lists, and nothing that one lists may be left unmarked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from pathways.engine import LISTED, Value, assess, contradictions_of, one_fact_away, statuses
from pathways.knowledge.demo import demo_patients
from tests.generative.starter import LONG, maker, ruleset

PATIENTS = 200 if LONG else 10


def values(name: str, present: Any) -> Iterator[Value]:
    feature = ruleset().dictionary.features[name]
    match feature.kind:
        case "bool":
            yield from (True, False)
        case "enum":
            yield from feature.values
        case "number":
            yield from maker().numbers[name]
        case "set":
            had = set(present or ())
            wanted = [set(), *({one} for one in feature.values), *(had ^ {one} for one in feature.values)]
            for members in wanted:
                yield tuple(one for one in feature.values if one in members)


def by_force(record: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    """For each (option, fact) that some value of the fact lists: whether only values that contradict the record do."""
    assessment = assess(ruleset(), record)
    codes = {one.code for one in assessment.contradictions}
    unlisted = [option.code for option in assessment.options if option.status not in LISTED]
    found: dict[tuple[str, str], bool] = {}
    for name, feature in ruleset().dictionary.features.items():
        if feature.derived or name in assessment.record.inapplicable:
            continue
        for value in values(name, record.get(name)):
            other = {**record, name: value}
            after = statuses(ruleset(), other)
            listed = [option for option in unlisted if after[option] in LISTED]
            if listed:
                clash = any(one.code not in codes for one in contradictions_of(ruleset().dictionary, other))
                for option in listed:
                    found[option, name] = found.get((option, name), True) and clash
    return found


def marked(record: Mapping[str, Any]) -> dict[tuple[str, str], bool]:
    near = one_fact_away(assess(ruleset(), record))
    assert all(fact.values for facts in near.values() for fact in facts)
    return {(option, fact.feature): fact.contradicts for option, facts in near.items() for fact in facts}


@pytest.mark.parametrize("seed", range(PATIENTS))
def test_what_is_marked_is_what_another_value_of_one_fact_lists(seed: int) -> None:
    record = maker().any_patient(Random(seed))
    assert marked(record) == by_force(record)


@pytest.mark.parametrize("mrn", [patient.mrn for patient in demo_patients()])
def test_the_demo_patients_are_marked_as_brute_force_finds(mrn: str) -> None:
    record = next(dict(patient.features) for patient in demo_patients() if patient.mrn == mrn)
    assert marked(record) == by_force(record)

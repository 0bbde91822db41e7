"""Every rule's own test patients give the value they are named for, and none of them contradicts itself.

The value is asked of the engine; of what the record says after its implications the second interpreter is asked too.
"""

from __future__ import annotations

from typing import Any

import pytest

from pathways.engine import assess
from tests.generative import starter
from tests.generative.oracle import complete_record, truth

VALUES = ("true", "false", "unknown")
CASES = [
    pytest.param(code, value, features, id=f"{code} {value}")
    for code, patients in starter.data()["cases"].items()
    for value, features in patients.items()
]


def test_every_rule_has_cases_and_every_case_a_rule() -> None:
    assert set(starter.data()["cases"]) == {rule.code for rule in starter.ruleset().rules}


def test_every_case_is_named_for_one_of_the_three_values() -> None:
    assert {value for patients in starter.data()["cases"].values() for value in patients} == set(VALUES)


@pytest.mark.parametrize(("code", "value", "features"), CASES)
def test_the_rule_has_the_value_that_its_case_is_named_for(code: str, value: str, features: dict[str, Any]) -> None:
    dictionary = starter.ruleset().dictionary
    record = {name: dictionary.check(name, given) for name, given in features.items()}
    assessment = assess(starter.ruleset(), record)
    rule = starter.ruleset().rule(code)
    (found,) = [one.value.word for one in assessment.explain(rule.option) if one.code == code]
    assert found == value
    when = next(one["when"] for one in starter.data()["rules"] if one["code"] == code)
    assert truth(when, complete_record(starter.book(), record)) == value
    assert [entry.sentence for entry in assessment.contradictions] == []

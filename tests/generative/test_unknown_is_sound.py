"""Unknown is sound: what is said of a record that is partly known holds however the rest turns out.

What exactly holds:

1. Without `is_known`, a definite value of a rule, and what a status has settled, holds in every completion that keeps
   what was implied and leaves out what does not apply. The engine answers for the partial record, the second
   interpreter for each completion.
2. `is_known` asks about the record, not the patient; recording more may change its answer. The statement then holds in
   every completion in which what the assessment assumed turns out as assumed: the `all` that asked stays FALSE.
3. In a completion nothing is left open: no option is conditional or possible.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from pathways.engine import Ruleset, assess, statuses
from tests.generative import starter
from tests.generative.comparing import for_engine
from tests.generative.completions import MAY_BECOME, assumed_parts, every_completion, some_completion
from tests.generative.oracle import FALSE, UNKNOWN, Book, Record, complete_record, truth
from tests.generative.oracle import statuses as naive_statuses
from tests.generative.strategies import Shape, ruleset_and_record

GENERATED = 4_000 if starter.LONG else 150
MOST = 300
PATIENTS = 5_000 if starter.LONG else 150
COMPLETIONS = 50 if starter.LONG else 12

unhurried = settings(
    max_examples=GENERATED,
    deadline=None,
    database=None,
    derandomize=not starter.LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def definite_rules(ruleset: Ruleset, features: dict[str, Any]) -> dict[str, str]:
    """Every rule that the engine finds TRUE or FALSE for a record."""
    assessment = assess(ruleset, for_engine(features))
    results = [one for option in ruleset.options for one in assessment.explain(option.code)]
    return {one.code: one.value.word for one in results if one.value.word != UNKNOWN}


@unhurried
@given(ruleset_and_record(Shape(is_known=False, rules=5)))
def test_a_definite_answer_holds_in_every_completion(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    data, features = pair
    ruleset, book = Ruleset.from_data(data), Book(data)
    definite = definite_rules(ruleset, features)
    said = {code: status.value for code, status in statuses(ruleset, features).items()}
    rules = {rule["code"]: rule["when"] for rule in data["rules"]}
    for completion in islice(every_completion(book, features), MOST):
        record = complete_record(book, completion)
        assert {code: truth(rules[code], record) for code in definite} == definite, completion
        settled = naive_statuses(book, completion)
        assert all(settled[code] in MAY_BECOME[said[code]] for code in said), (completion, said, settled)


@pytest.mark.parametrize("chunk", range(4))
def test_on_starter_patients_an_answer_is_never_taken_back(chunk: int) -> None:
    random, maker, book, ruleset = Random(f"sound {chunk}"), starter.maker(), starter.book(), starter.ruleset()
    became: Counter[tuple[str, str]] = Counter()
    looked_at = 0
    for _ in range(PATIENTS // 4):
        features = maker.partly_known(random, maker.plausible(random))
        said = statuses(ruleset, for_engine(features))
        assumed = assumed_parts(complete_record(book, features))
        for _ in range(COMPLETIONS):
            completion = some_completion(book, features, random)
            if any(truth(part, Record(book, completion)) != FALSE for part in assumed):
                continue
            looked_at += 1
            settled = statuses(ruleset, {name: _plain(value) for name, value in completion.items()})
            became.update((said[code].value, settled[code].value) for code in said)
            wrong = [code for code in said if settled[code].value not in MAY_BECOME[said[code].value]]
            assert wrong == [], (features, completion)
    assert looked_at > PATIENTS // 4 * COMPLETIONS // 20, "Too few completions agreed with what was assumed."
    assert {before for before, _ in became} == set(MAY_BECOME)


def test_what_was_implied_goes_when_what_it_rested_on_is_contradicted_by_a_new_value() -> None:
    """The limit of the statement, on purpose: a grade that follows from Ki-67 alone gives way to a higher mitotic count."""
    net = {"primary_site": "pancreas", "differentiation": "well", "ki67_percent": Decimal(2)}
    grade = [entry.value for entry in assess(starter.ruleset(), net).implied if entry.feature == "grade"]
    later = assess(starter.ruleset(), {**net, "mitoses_per_2mm2": Decimal(25)})
    assert (grade, [entry.value for entry in later.implied if entry.feature == "grade"]) == (["G1"], ["G3"])


def _plain(value: Any) -> Any:
    """A set of the oracle's as the engine takes it; the order does not matter."""
    return tuple(sorted(value)) if isinstance(value, frozenset) else value

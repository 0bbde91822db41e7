"""What happens around the rules: the stories of `stories.py`, told to the engine."""

from __future__ import annotations

import pytest

from pathways.engine import TraceComparison, assess, assessment_data
from tests.spec.clinic import canonical, rule, ruleset
from tests.spec.stories import (
    CONTRADICTIONS,
    DISAGREEMENTS,
    IMPLICATIONS,
    OPERABLE,
    QUESTIONS,
    READINGS,
    RULES,
    Disagreement,
    Question,
    Reading,
)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.story)
def test_what_the_rules_read(reading: Reading) -> None:
    asks = rule("ASK", "surgery", "indication", {"feature": reading.feature, "op": "is_known"})
    assessment = assess(ruleset([asks], implications=IMPLICATIONS), canonical(reading.record))
    trace = assessment.explain("surgery")[0].trace
    assert isinstance(trace, TraceComparison)
    assert (trace.actual, trace.origin) == (reading.value, reading.origin)
    assert (reading.feature in assessment.inapplicable) is (reading.origin == "not_applicable")
    assert {entry.feature for entry in assessment.implied} >= (
        {reading.feature} if reading.origin == "implied" else set()
    )


def test_a_trace_says_from_what_a_value_follows() -> None:
    asks = rule("ASK", "surgery", "indication", {"feature": "grade", "op": "=", "value": "G3"})
    clinic = ruleset([asks], implications=IMPLICATIONS)
    trace = assess(clinic, canonical({"ki67_percent": 25})).explain("surgery")[0].trace
    assert isinstance(trace, TraceComparison)
    assert "follows from" in trace.text
    assert "Ki-67 above 20% is grade 3" in trace.text


@pytest.mark.parametrize("story", DISAGREEMENTS, ids=lambda story: story.story)
def test_contradictions(story: Disagreement) -> None:
    asks = rule("ASK", "surgery", "indication", {"feature": "grade", "op": "=", "value": "G3"})
    clinic = ruleset([asks], implications=IMPLICATIONS, contradictions=CONTRADICTIONS)
    assessment = assess(clinic, canonical(story.record))
    assert tuple(entry.code.removeprefix("NA-") for entry in assessment.contradictions) == story.shown
    silent = assess(ruleset([asks], implications=IMPLICATIONS), canonical(story.record))
    said = assessment_data(assessment, "x")["options"]
    assert said == assessment_data(silent, "x")["options"], "A contradiction has changed a value or a status."


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.story)
def test_what_is_missing(question: Question) -> None:
    clinic = ruleset(RULES, definitions=[OPERABLE])
    assessment = assess(clinic, canonical(question.record))
    assert {option.code: option.status.value for option in assessment.options} == question.statuses
    missing = {option.code: list(option.missing) for option in assessment.options if option.missing}
    assert missing == question.missing
    assert tuple((entry.feature, entry.settles, entry.least) for entry in assessment.missing) == question.ask
    titles = [clinic.dictionary.features[name].title for name in question.assumed_features]
    assert len(assessment.assumed) == len(titles)
    assert all(title in sentence for title, sentence in zip(titles, assessment.assumed, strict=True))

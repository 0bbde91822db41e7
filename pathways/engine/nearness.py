"""One fact away: for each option that is not listed, every single fact of which another value would list it, and which.

What it is: trials of every feature, recorded or not, against every value that can be told apart, all else as it is. What
it refuses to do: combine two facts, try what no report could say (a feature that is computed, or does not apply), or hide
that a value contradicts the rest of the record. Who calls it: why an option is not listed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pathways.engine.assessment import Assessment
from pathways.engine.changes import stretches, value_words
from pathways.engine.features import Feature
from pathways.engine.missing import Trial, other_values
from pathways.engine.network import network_of
from pathways.engine.problems import listed
from pathways.engine.record import reader_for
from pathways.engine.statuses import LISTED
from pathways.engine.values import PartialSet, Value


@dataclass(frozen=True, slots=True)
class OneFact:
    """A feature of which another value would list an option; `values` in words.

    `contradicts`: every such value contradicts something else on record, so this fact could hardly change alone.
    """

    feature: str
    values: str
    contradicts: bool


def one_fact_away(assessment: Assessment) -> Mapping[str, tuple[OneFact, ...]]:
    """For every option that is not listed the facts that alone would list it, those that agree with the record first.

    Within these in dictionary order. Options that no single fact would list are left out.
    """
    unlisted = frozenset(option.code for option in assessment.options if option.status not in LISTED)
    found: dict[str, list[OneFact]] = {}
    for name, feature in assessment.ruleset.dictionary.features.items():
        if not feature.derived and name not in assessment.record.inapplicable:
            for option, fact in _of_feature(assessment, feature, unlisted).items():
                found.setdefault(option, []).append(fact)
    return {
        option.code: tuple(sorted(found[option.code], key=lambda fact: fact.contradicts))
        for option in assessment.options
        if option.code in found
    }


def _of_feature(assessment: Assessment, feature: Feature, unlisted: frozenset[str]) -> dict[str, OneFact]:
    values = other_values(network_of(assessment.ruleset), assessment.record, feature.name)
    tried = assessment.trials_of(feature.name, values)
    lists = [
        frozenset(o for o, status in trial.changed.items() if status in LISTED and o in unlisted) for trial in tried
    ]
    agrees = [bool(options) and _agrees(assessment, trial) for trial, options in zip(tried, lists, strict=True)]
    found = {}
    for option in frozenset().union(*lists):
        leads = [option in options for options in lists]
        agreeing = [one and other for one, other in zip(leads, agrees, strict=True)]
        chosen = agreeing if any(agreeing) else leads
        outcomes = [(trial.value, lead) for trial, lead in zip(tried, chosen, strict=True)]
        found[option] = OneFact(feature.name, _words(assessment, feature, outcomes), not any(agreeing))
    return found


def _agrees(assessment: Assessment, trial: Trial) -> bool:
    """Whether the value brings no contradiction that the record does not have."""
    reader = reader_for(assessment.ruleset.dictionary)
    after = reader.read({**assessment.record.recorded, trial.feature: trial.value})
    return {one.code for one in reader.contradictions(after)} <= {one.code for one in assessment.contradictions}


def _words(assessment: Assessment, feature: Feature, outcomes: list[tuple[Value, bool]]) -> str:
    match feature.kind:
        case "number":
            edges = frozenset((*network_of(assessment.ruleset).compared_with(feature.name), feature.low, feature.high))
            return stretches(feature, outcomes, edges)
        case "set":
            present = assessment.record.recorded.get(feature.name)
            return _set_words(feature, present, [value for value, leads in outcomes if leads])
        case _:
            return listed(feature.show(value) for value, leads in outcomes if leads)


def _set_words(feature: Feature, present: Value | None, values: list[Value]) -> str:
    """One member more or less where that is enough, whole sets only where it is not."""
    if not isinstance(present, tuple | PartialSet) or not (had := _members(present)):
        return listed(dict.fromkeys(value_words(feature, _members(value)) for value in values))
    more = [v for value in values for v in _members(value) if set(_members(value)) == {*had, v} and v not in had]
    less = [v for value in values for v in had if set(_members(value)) == set(had) - {v}]
    words = [f"also {feature.show((v,))}" for v in dict.fromkeys(more)]
    words += [f"without {feature.show((v,))}" for v in dict.fromkeys(less)]
    return listed(words or [_whole(feature, value) for value in values])


def _whole(feature: Feature, value: Value) -> str:
    return f"only {feature.show(_members(value))}" if _members(value) else "none of them"


def _members(value: Value) -> tuple[str, ...]:
    return value.members if isinstance(value, PartialSet) else value if isinstance(value, tuple) else ()

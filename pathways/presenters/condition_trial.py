"""A condition that belongs to no rule, held against records: true, false or unknown for each, with the values it read.

Pure. Nothing is kept: the condition gets a network of its own. Called by “Try a condition”.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.engine import Condition, Ruleset, TraceComparison, Truth, Value, ValueRefused, comparisons_of
from pathways.engine.network import FAULT, Network
from pathways.engine.record import reader_for
from pathways.engine.trace import Tracer
from pathways.presenters.rule_words import all_definitions_used, features_read

TRUTH_WORDS = {"true": "true", "false": "false", "unknown": "unknown"}
MOST_CASES = 40


@dataclass(frozen=True, slots=True)
class TriedRecord:
    """A record to hold a condition against: whose it is, where its page is, and what is known."""

    name: str
    url: str
    note: str
    features: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class ReadValue:
    """One value that the condition read."""

    title: str
    value: str
    unknown: bool


@dataclass(frozen=True, slots=True)
class TrialRow:
    """The answer for one record."""

    name: str
    url: str
    note: str
    truth: str
    values: tuple[ReadValue, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """All answers, and how many of each."""

    rows: tuple[TrialRow, ...]
    counted: str


def trial(condition: Condition, ruleset: Ruleset, records: Iterable[TriedRecord]) -> Trial:
    """The condition held against every record, with what follows from it, as a rule would read it."""
    network = Network(ruleset)
    node = network.node(condition)
    reader = reader_for(ruleset.dictionary)
    rows = []
    for tried in records:
        record = reader.read(tried.features)
        values = network.evaluate(record)
        if values[node] == FAULT:
            raise RuntimeError(f"The condition could not be evaluated for {tried.name}.")
        trace = Tracer(network, values, record).trace(condition)
        read = {comparison.feature: _read(comparison) for comparison in comparisons_of(trace)}
        rows.append(TrialRow(tried.name, tried.url, tried.note, Truth(values[node]).word, tuple(read.values())))
    counts = Counter(row.truth for row in rows)
    return Trial(tuple(rows), ", ".join(f"{counts[word]} {said}" for word, said in TRUTH_WORDS.items()))


def _read(node: TraceComparison) -> ReadValue:
    feature = node.comparison.feature
    shown = feature.show(node.actual) if node.actual is not None else node.actual_text
    return ReadValue(feature.short or feature.title, shown, node.origin == "unknown" and node.actual is None)


def case_records(condition: Condition, ruleset: Ruleset, cases: Mapping[str, Any], rule: str) -> list[TriedRecord]:
    """Test patients of rules that read a feature of the condition, those of the rule itself first."""
    wanted = {item.name for item in features_read(condition, ruleset)}
    if not wanted and not all_definitions_used(condition, ruleset):
        wanted = set(ruleset.dictionary.features)
    codes = sorted(cases, key=lambda code: code != rule)
    found: list[TriedRecord] = []
    seen: list[object] = []
    for code in codes:
        for expected, data in cases[code].items():
            if len(found) < MOST_CASES and data not in seen and wanted & set(data):
                seen.append(data)
                found.append(TriedRecord(f"{code}, {expected}", "", "test patient", _checked(ruleset, data)))
    return found


def _checked(ruleset: Ruleset, data: Mapping[str, Any]) -> dict[str, Value]:
    values = {}
    for name, value in data.items():
        try:
            values[name] = ruleset.dictionary.check(name, value)
        except ValueRefused:
            continue
    return values

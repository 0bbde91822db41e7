"""Proofs say of small rulesets exactly what asking the engine about every single record says.

Every question of `prove` and `prove_change` is decided twice: by z3 over the encoding, and by going through all
records that the dictionary allows. This is what the encoding is tested against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from pathways.engine import LISTED, Effect, Ruleset, Truth, contradictions_of, statuses
from pathways.engine.verification import Proof, prove, prove_change
from pathways.engine.verification.asking import Asker, Stopwatch
from pathways.engine.verification.domains import domains, thresholds
from pathways.engine.verification.encoding import Encoding, Patients
from pathways.engine.verification.formulas import Formulas
from pathways.engine.verification.rules import read_by
from tests.generative import starter
from tests.generative.proving import OPTIONS, Row, edited, rows, ruleset_data
from tests.generative.strategies import ruleset_and_record

CHUNKS = 8
PER_CHUNK = 1_000 if starter.LONG else 40
JUDGED = (
    "invariant_broken", "unreachable_rule", "redundant_rule", "always_same_option", "indication_always_excluded",
    "hole_nothing", "hole_trial_only",
)  # fmt: skip
PINNED = 2_000 if starter.LONG else 150


def smallest(showing: Iterable[Row]) -> tuple[int, int]:
    """How few features are recorded among the records that show something: at all, and among those preferred."""
    found = list(showing)
    for preferred in (
        [row for row in found if row.consistent and row.whole],
        [row for row in found if row.consistent],
        [row for row in found if row.whole],
        found,
    ):
        if preferred:
            return min(len(row.features) for row in found), min(len(row.features) for row in preferred)
    raise AssertionError("No record shows it.")


def broken(ruleset: Ruleset, every: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    for invariant in ruleset.invariants:
        for option in invariant.options:
            showing = [
                row
                for row in every
                if invariant.code in row.invariants
                and row.statuses[option] in invariant.forbidden
                and (row.consistent or not invariant.consistent_only)
            ]
            if showing:
                yield f"invariant_broken:{invariant.code}:{option}", showing


def of_rules(ruleset: Ruleset, every: list[Row]) -> Iterator[str]:
    sound = [row for row in every if row.consistent]
    for rule in ruleset.rules:
        true = [row for row in sound if row.rules[rule.code] is Truth.TRUE]
        counted = [
            row for row in true if rule.effect is Effect.INDICATION or row.statuses[rule.option] != "not_indicated"
        ]
        if not counted:
            yield f"unreachable_rule:{rule.code}"
        if not true or rule.effect is Effect.CAUTION:
            continue
        mates = [one for one in ruleset.rules_of(rule.option) if one.effect is rule.effect and one is not rule]
        if mates and all(any(row.rules[mate.code] is Truth.TRUE for mate in mates) for row in true):
            yield f"redundant_rule:{rule.code}"
        against = [one for one in ruleset.rules_of(rule.option) if one.effect is Effect.EXCLUSION]
        excluded = against and all(any(row.rules[one.code] is Truth.TRUE for one in against) for row in true)
        if rule.effect is Effect.INDICATION and excluded:
            yield f"indication_always_excluded:{rule.code}"


def of_options(ruleset: Ruleset, every: list[Row]) -> Iterator[str]:
    for option in OPTIONS:
        asked = set(read_by(ruleset, option))
        if len({row.statuses[option] for row in every if row.consistent and asked <= row.known}) == 1:
            yield f"always_same_option:{option}"


def holes(ruleset: Ruleset, every: list[Row]) -> Iterator[str]:
    full = [row for row in every if row.consistent and row.known >= set(ruleset.dictionary.features)]
    lists = {tuple(option for option in OPTIONS if row.statuses[option] in LISTED) for row in full}
    if () in lists:
        yield "hole_nothing"
    if ("clinical_trial",) in lists:
        yield "hole_trial_only"


def keys(proof: Proof, *kinds: str) -> set[str]:
    return {finding.about for finding in proof.findings if finding.kind in kinds}


def check_one(data: dict[str, Any]) -> Counter[str]:
    """Compares everything said of one ruleset; how often each kind of finding was made."""
    ruleset, every = Ruleset.from_data(data), rows(data)
    proof = prove(ruleset)
    assert proof.complete
    expected = dict(broken(ruleset, every))
    assert keys(proof, "invariant_broken") == set(expected)
    for finding in proof.of_kind("invariant_broken"):
        least, preferred = smallest(expected[finding.about])
        assert finding.example is not None
        assert least <= len(finding.example) <= preferred
        assert finding.example in [row.features for row in expected[finding.about]]
    rules = ("unreachable_rule", "redundant_rule", "indication_always_excluded")
    assert keys(proof, *rules) == set(of_rules(ruleset, every))
    assert keys(proof, "always_same_option") == set(of_options(ruleset, every))
    assert {finding.kind for finding in proof.findings if "hole" in finding.kind} == set(holes(ruleset, every))
    return Counter(finding.kind for finding in proof.findings)


def check_change(data: dict[str, Any], after_data: dict[str, Any]) -> Counter[str]:
    """Compares everything said of an edit; how often it changed something, and nothing."""
    before, after = Ruleset.from_data(data), Ruleset.from_data(after_data)
    proof = prove_change(before, after)
    assert proof.complete
    pairs = list(zip(rows(data), rows({**after_data, "invariants": []}), strict=True))
    expected: dict[tuple[str, str, str], list[Row]] = {}
    for old, new in pairs:
        for option in OPTIONS:
            if old.statuses[option] is not new.statuses[option]:
                expected.setdefault((option, old.statuses[option], new.statuses[option]), []).append(new)
    assert {(change.option, change.before, change.after) for change in proof.changes} == set(expected)
    for change in proof.changes:
        least, preferred = smallest(expected[change.option, change.before, change.after])
        assert least <= len(change.example) <= preferred
        assert statuses(before, change.example)[change.option] is change.before
        assert statuses(after, change.example)[change.option] is change.after
    assert proof.changes_nothing is not bool(expected)
    return Counter({"changes": len(proof.changes), "changes nothing": proof.changes_nothing})


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_proofs_and_enumeration_agree(chunk: int) -> None:
    random, seen = Random(f"proofs {chunk}"), Counter[str]()
    for _ in range(PER_CHUNK):
        data = ruleset_data(random)
        seen += check_one(data)
        seen += check_change(data, edited(random, data))
    rarely = {kind for kind in (*JUDGED, "changes", "changes nothing") if seen[kind] < PER_CHUNK // 20}
    assert rarely == set(), "These rulesets were too much alike to mean anything."


@settings(
    max_examples=PINNED,
    deadline=None,
    database=None,
    derandomize=not starter.LONG,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(ruleset_and_record())
def test_a_record_pinned_in_the_encoding_has_the_engines_statuses(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Rulesets too large to enumerate: one record is fixed, and z3 is left no choice about anything."""
    data, record = pair
    ruleset = Ruleset.from_data(data)
    formulas = Formulas()
    patients = Patients(formulas, domains([ruleset]))
    encoding = Encoding(ruleset, patients)
    asker = Asker(patients, Stopwatch(), 10_000)
    pinned = list(pins(patients, record, thresholds([ruleset])))
    assert asker.ask(*pinned)
    for option, status in statuses(ruleset, record).items():
        assert asker.ask(*pinned, encoding.status(option, status)), (option, status)
        assert not asker.ask(*pinned, formulas.no(encoding.status(option, status))), (option, status)
    consistent = not contradictions_of(ruleset.dictionary, record)
    assert asker.ask(*pinned, encoding.reading.consistent) is consistent


def pins(patients: Patients, record: dict[str, Any], edges: dict[str, tuple[Decimal, ...]]) -> Iterator[Any]:
    """Formulas true for this record alone; of numbers that no threshold tells apart one stands for all."""
    f = patients.formulas
    for name, known in patients.recorded.items():
        value = record.get(name)
        if value is None:
            yield f.no(known.present)
        elif isinstance(value, tuple):
            yield known.whole
            yield from (formula if code in value else f.no(formula) for code, formula in known.values.items())
        elif value in known.values:
            yield known.values[value]
        else:
            (cell,) = (
                one for one in known.values if not any(divides(edge, one, value) for edge in edges.get(name, ()))
            )
            yield known.values[cell]


def divides(edge: Decimal, one: Decimal, other: Decimal) -> bool:
    return min(one, other) <= edge <= max(one, other)

"""Questions about the safety invariants: does each hold for every possible patient?

What it refuses to do: pass over a patient whose record contradicts itself, unless the invariant says so.
Who calls it: `prove`; and the proof that every exclusion is guarded by an invariant (`guards`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from pathways.engine.invariants import Invariant
from pathways.engine.logic import Truth
from pathways.engine.problems import listed
from pathways.engine.ruleset import Effect, Ruleset
from pathways.engine.verification.asking import Stopwatch
from pathways.engine.verification.examples import Features, as_words
from pathways.engine.verification.findings import Finding
from pathways.engine.verification.formulas import Formula
from pathways.engine.verification.questions import Bench, Question, finding


def invariant_questions(bench: Bench, options: Collection[str]) -> Iterator[Question]:
    """One question for each invariant that speaks of one of the options."""
    for invariant in bench.ruleset.invariants:
        spoken_of = tuple(option for option in invariant.options if option in options)
        if spoken_of:
            broken = {option: _broken(bench, invariant, option) for option in spoken_of}
            yield Question(
                "invariant", invariant.code, "invariant_broken", f"{invariant.code}: {invariant.sentence}",
                partial(_formulas, bench, invariant, broken), partial(_ask, bench, invariant, broken),
            )  # fmt: skip


def _formulas(bench: Bench, invariant: Invariant, broken: Mapping[str, Formula]) -> tuple[Formula, ...]:
    return (bench.formulas.any(broken.values()), _records(bench, invariant), *broken.values())


def _records(bench: Bench, invariant: Invariant) -> Formula:
    return bench.consistent if invariant.consistent_only else True


def _broken(bench: Bench, invariant: Invariant, option: str, *, without: str = "") -> Formula:
    when = bench.encoding.condition(invariant.when_for(option)).true
    return bench.formulas.all((when, bench.encoding.one_of(option, invariant.forbidden, without=without)))


def _ask(bench: Bench, invariant: Invariant, broken: Mapping[str, Formula]) -> Iterator[Finding]:
    records = _records(bench, invariant)
    if not bench.exists(bench.formulas.any(broken.values()), records):
        return
    for option, formula in broken.items():
        if bench.exists(formula, records):
            (example,) = bench.example((formula, records), partial(_shows, bench, invariant, option))
            yield _finding(bench, invariant, option, example)


def _shows(bench: Bench, invariant: Invariant, option: str, features: Features) -> bool:
    patient = bench.engine.patient(features)
    return (
        patient.truth(invariant.when_for(option)) is Truth.TRUE
        and patient.status(option) in invariant.forbidden
        and (patient.consistent or not invariant.consistent_only)
    )


def _finding(bench: Bench, invariant: Invariant, option: str, example: Features) -> Finding:
    patient = bench.engine.patient(example)
    wanted = "never" if invariant.never else "always"
    statuses = listed(status.replace("_", " ") for status in sorted(invariant.never or invariant.always))
    note = "" if patient.consistent else " The record contradicts itself, but the invariant holds for all records."
    return finding(
        "invariant_broken",
        f"{invariant.code}:{option}",
        (invariant.code, option),
        f"{invariant.code} is broken: {bench.option(option)} is {patient.status(option).replace('_', ' ')} with "
        f"{as_words(example, bench.ruleset)}, but must {wanted} be {statuses} there. {invariant.why}{note}",
        [example],
    )


def guards(ruleset: Ruleset, *, budget_ms: int = 60_000, query_ms: int = 10_000) -> dict[str, tuple[str, ...] | None]:
    """For every exclusion, the invariants that would be broken without it; None where the time ran out.

    An exclusion without any is one that could be lost without anybody noticing.
    """
    bench = Bench(ruleset, Stopwatch(budget_ms), query_ms)
    asked: dict[str, list[tuple[Invariant, Formula]]] = {}
    for rule in ruleset.rules:
        if rule.effect is Effect.EXCLUSION:
            asked[rule.code] = [
                (invariant, _broken(bench, invariant, rule.option, without=rule.code))
                for invariant in ruleset.invariants
                if rule.option in invariant.options
            ]
    bench.asker.prepare(formula for pairs in asked.values() for _, formula in pairs)
    found: dict[str, tuple[str, ...] | None] = {}
    for code, pairs in asked.items():
        answers = {inv.code: bench.asker.ask(formula, _records(bench, inv)) for inv, formula in pairs}
        broken = tuple(name for name, answer in answers.items() if answer)
        found[code] = None if not broken and None in answers.values() else broken
    return found

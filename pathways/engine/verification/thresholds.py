"""Thresholds that were meant to meet and do not: "≤ 2" next to "≥ 3" leaves 2.5 out, "≤ 3" next to "≥ 2" has it twice.

What it is: pairs of comparisons of one number, one met below and one above a threshold, that differ by no more than one
in the last digit written; and of each pair a patient in between for whom nothing else decides.
What it refuses to do: judge two ends of one range ("above 2 and at most 3"), thresholds that lie further apart, whole
numbers with nothing in between, or pairs between which no possible patient falls. Who calls it: `prove`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product

from pathways.engine.conditions import All, Always, Any, Comparison, Condition, Not, Use
from pathways.engine.features import Feature
from pathways.engine.logic import Truth
from pathways.engine.ruleset import Effect, Rule, Ruleset
from pathways.engine.sentences import comparison_sentence
from pathways.engine.verification.examples import Features, as_words
from pathways.engine.verification.findings import Finding, Kind
from pathways.engine.verification.formulas import Formula
from pathways.engine.verification.questions import Bench, Question, Unanswered, finding
from pathways.engine.verification.touched import content_digest

# A rule, comparisons answered beforehand, and whether the rule must then be TRUE.
Wanted = tuple[Rule, Mapping[Comparison, bool], bool]


@dataclass(frozen=True, slots=True)
class Edge:
    """One comparison of a number in a rule: where it divides the numbers, and on which side it helps the rule.

    `after`: the threshold itself belongs to the lower side. `path`: the way to it, as "all" or "any" and numbers, with
    what `not` turns around turned. `owner`: the definition it stands in, else the rule.
    """

    rule: Rule
    owner: str
    comparison: Comparison
    negated: bool
    path: tuple[tuple[str, int], ...]

    @property
    def at(self) -> tuple[Decimal, bool]:
        """The threshold, and whether it belongs to the lower side; in order."""
        assert isinstance(self.comparison.value, Decimal)
        return self.comparison.value, self.comparison.operator in ("<=", ">")

    @property
    def below(self) -> bool:
        """Whether it is the numbers below that make the rule true."""
        return (self.comparison.operator in ("<", "<=")) is not self.negated

    @property
    def words(self) -> str:
        """'Krenning score is at most 2 (PRRT-E5)'."""
        return f"{comparison_sentence(self.comparison, negated=self.negated, inside=True)} ({self.owner})"


def edges_of(ruleset: Ruleset, rule: Rule) -> Iterator[Edge]:
    """Every comparison of a number with a threshold in a rule, those of definitions included."""
    yield from _Walk(ruleset, rule, set()).edges(rule.when, rule.code, False, ())


@dataclass(frozen=True, slots=True)
class _Walk:
    """A way through one rule; a definition is gone through once for each sign, however often it is used."""

    ruleset: Ruleset
    rule: Rule
    seen: set[tuple[str, bool]]

    def edges(
        self, condition: Condition, owner: str, negated: bool, path: tuple[tuple[str, int], ...]
    ) -> Iterator[Edge]:
        match condition:
            case Comparison(feature, operator, _):
                if feature.kind == "number" and operator in ("<", "<=", ">", ">="):
                    yield Edge(self.rule, owner, condition, negated, path)
            case All(parts) | Any(parts):
                kind = "all" if isinstance(condition, All) is not negated else "any"
                for number, part in enumerate(parts):
                    yield from self.edges(part, owner, negated, (*path, (kind, number)))
            case Not(part):
                yield from self.edges(part, owner, not negated, path)
            case Use(name):
                if (name, negated) not in self.seen:
                    self.seen.add((name, negated))
                    yield from self.edges(self.ruleset.definitions[name].when, name, negated, path)
            case Always():
                return


def threshold_questions(bench: Bench, options: Collection[str]) -> Iterator[Question]:
    """Two questions: is there a gap, and is there an overlap, between rules of which one at least belongs to the options?"""
    kinds: tuple[Kind, Kind] = ("threshold_gap", "threshold_overlap")
    for kind in kinds:
        asks = f"no two thresholds leave {'a gap' if kind == 'threshold_gap' else 'an overlap'}."
        yield Question("ruleset", "thresholds", kind, asks, tuple, partial(_ask, bench, options, kind))


def _ask(bench: Bench, options: Collection[str], kind: Kind) -> Iterator[Finding]:
    """Every gap, or every overlap, each pair of thresholds once."""
    below: dict[str, list[Edge]] = {}
    above: dict[str, list[Edge]] = {}
    for rule in bench.ruleset.rules:
        for edge in edges_of(bench.ruleset, rule):
            (below if edge.below else above).setdefault(edge.comparison.feature.name, []).append(edge)
    seen: set[str] = set()
    for name in bench.ruleset.dictionary.in_order(below.keys() & above.keys()):
        for low, high in product(below[name], above[name]):
            if bench.time_is_up:
                raise Unanswered
            key = f"{name}:{low.owner}:{high.owner}"
            if key not in seen and _is_asked(low, high, kind) and _concerns(low, high, options):
                found = list(_judged(bench, low, high, kind, key))
                seen.update(key for _ in found)
                yield from found


def _is_asked(low: Edge, high: Edge, kind: Kind) -> bool:
    """Whether two thresholds lie as close as they should, on the sides that the question is about."""
    return (low.at < high.at) is (kind == "threshold_gap") and _close(low, high) and _meant_to_meet(low, high, kind)


def _concerns(low: Edge, high: Edge, options: Collection[str]) -> bool:
    return low.rule.option in options or high.rule.option in options


def _close(low: Edge, high: Edge) -> bool:
    """Whether the two thresholds differ, by no more than one in the last digit written."""
    one, other = low.at[0], high.at[0]
    digits = max(0, *(-int(number.normalize().as_tuple().exponent) for number in (one, other)))
    return low.at != high.at and abs(one - other) <= Decimal(1).scaleb(-digits)


def _meant_to_meet(low: Edge, high: Edge, kind: Kind) -> bool:
    """Whether two comparisons divide one question between them, rather than bound one range."""
    effects = {low.rule.effect, high.rule.effect}
    if low.rule is high.rule:
        parting = next((a[0] for a, b in zip(low.path, high.path, strict=False) if a != b), "all")
        return parting == "any"
    if low.rule.option != high.rule.option:
        return kind == "threshold_gap" and effects == {Effect.INDICATION}
    if Effect.CAUTION in effects:
        return kind == "threshold_gap" and len(effects) == 1
    return True


def _judged(bench: Bench, low: Edge, high: Edge, kind: Kind, key: str) -> Iterator[Finding]:
    """The finding, if a possible patient falls where the two do not meet and nothing else decides."""
    feature = low.comparison.feature
    first, last = sorted((low.at, high.at))
    between = [v for v in bench.encoding.patients.domains[feature.name].values if _above(v, first) > _above(v, last)]
    wanted = list(_wanted(low, high, kind))
    known = bench.encoding.reading.state[feature.name].values
    formulas: list[Formula] = [bench.formulas.any(known[value] for value in between), bench.consistent]
    for rule, answers, value in wanted:
        true = bench.encoding.assuming(answers).condition(rule.when).true
        formulas.append(true if value else bench.formulas.no(true))
    shows = partial(_shows, bench, feature, between, wanted)
    for example in bench.example(tuple(formulas), shows):
        what = "neither holds" if kind == "threshold_gap" else "both hold"
        where = bench.engine.patient(example).record.known[feature.name]
        sentence = (
            f"{low.words[0].upper()}{low.words[1:]}, and {high.words}: at {feature.show(where)} {what}, "
            f"as for a patient with {as_words(example, bench.ruleset)}."
        )
        codes = dict.fromkeys((low.rule.code, high.rule.code, low.owner, high.owner, low.rule.option))
        content = content_digest(bench.ruleset, {low.rule, high.rule}, low.words, high.words)
        yield finding(kind, key, codes, sentence, [example], content=content)


def _above(value: object, at: tuple[Decimal, bool]) -> bool:
    assert isinstance(value, Decimal)
    return value > at[0] or (value == at[0] and not at[1])


def _wanted(low: Edge, high: Edge, kind: Kind) -> Iterator[Wanted]:
    """The rules, as they are and with a comparison answered, and whether each must be TRUE for a patient in between."""
    gap = kind == "threshold_gap"
    edges = (low, high)
    for edge in edges:
        yield edge.rule, {}, not gap
    if gap:
        for edge in edges:
            yield edge.rule, {edge.comparison: not edge.negated}, True
    elif low.rule is high.rule:
        yield low.rule, {edge.comparison: edge.negated for edge in edges}, False
    else:
        for edge in edges:
            yield edge.rule, {edge.comparison: edge.negated}, False


def _shows(
    bench: Bench, feature: Feature, between: Sequence[object], wanted: Sequence[Wanted], features: Features
) -> bool:
    patient = bench.engine.patient(features)
    if patient.record.known.get(feature.name) not in between or not patient.consistent:
        return False
    return all((patient.truth(rule.when, answers) is Truth.TRUE) is value for rule, answers, value in wanted)

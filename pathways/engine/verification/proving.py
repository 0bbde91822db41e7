"""`prove`: one ruleset, every possible patient, and what is wrong with it, each with a smallest patient.

What it is: the list of questions about a ruleset, asked of z3 one after the other within a budget of time.
What it refuses to do: call a question fine that was not answered; it is `not_proved`, and the proof is not complete.
Who calls it: the page of a draft (with `only`, while somebody types), submitting, publishing, `manage.py ruleset verify`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pathways.engine.ruleset import Ruleset
from pathways.engine.verification.asking import Stopwatch
from pathways.engine.verification.findings import KINDS, Answer, Finding, Kind, Proof, Verdict
from pathways.engine.verification.holes import holes
from pathways.engine.verification.questions import Bench, Question, Unanswered
from pathways.engine.verification.rules import rule_questions
from pathways.engine.verification.safety import invariant_questions
from pathways.engine.verification.thresholds import threshold_questions
from pathways.engine.verification.touched import content_digest, deciding_rules

BUDGET_MS = 60_000
QUERY_MS = 10_000


def prove(
    ruleset: Ruleset, *, budget_ms: int = BUDGET_MS, query_ms: int = QUERY_MS, only: Collection[str] = ()
) -> Proof:
    """Everything that can be proved about a ruleset, or found wrong with it, for every possible patient.

    `only`: kinds of findings and codes of options; with kinds, no other kinds are asked for, with options, only what
    bears on them. Raises ValueError for a word that is neither, ProofFault where engine and proof disagree.
    """
    watch = Stopwatch(budget_ms)
    kinds, options = _chosen(ruleset, only)
    bench = Bench(ruleset, watch, query_ms)
    questions = [question for question in _questions(bench, options) if question.kind in kinds]
    witnessed = {question: question.witnessed() for question in questions}
    bench.asker.prepare(f for question in questions if not witnessed[question] for f in question.formulas())
    content = content_digest(ruleset, deciding_rules(ruleset))
    findings: list[Finding] = []
    verdicts: list[Verdict] = []
    for question in questions:
        verdict, found = _answered(question, witnessed[question], content)
        verdicts.append(verdict)
        findings += found
    findings.sort(key=lambda finding: KINDS.index(finding.kind))
    complete = all(verdict.answer != "not proved" for verdict in verdicts)
    return Proof(ruleset.digest, tuple(findings), tuple(verdicts), watch.elapsed, complete)


def _chosen(ruleset: Ruleset, only: Collection[str]) -> tuple[frozenset[Kind], tuple[str, ...]]:
    catalogue = tuple(option.code for option in ruleset.options)
    for word in only:
        if word not in KINDS and word not in catalogue:
            raise ValueError(f"only: {word!r} is neither a kind of finding nor an option.")
    kinds = frozenset(kind for kind in KINDS if kind in only) or frozenset(KINDS)
    return kinds, tuple(code for code in catalogue if code in only) or catalogue


def _questions(bench: Bench, options: tuple[str, ...]) -> Iterator[Question]:
    yield from invariant_questions(bench, options)
    for option in options:
        yield from rule_questions(bench, option)
    yield from threshold_questions(bench, options)
    if len(options) == len(bench.ruleset.options):
        yield from holes(bench)


def _answered(question: Question, witnessed: bool, content: str) -> tuple[Verdict, Iterable[Finding]]:
    watch = Stopwatch()
    found: list[Finding] = []
    answer: Answer
    try:
        found = [] if witnessed else list(question.ask())
        answer = "refuted" if found else "proved"
    except Unanswered:
        found, answer = [_not_proved(question, content)], "not proved"
    return Verdict(question.subject, question.code, question.kind, answer, watch.elapsed), found


def _not_proved(question: Question, content: str) -> Finding:
    return Finding(
        kind="not_proved",
        about=f"not_proved:{question.kind}:{question.code}",
        codes=(question.code,),
        sentence=f"Not proved, because the time ran out: {question.asks}",
        severity="blocks" if question.kind == "invariant_broken" else "acknowledge",
        content=content,
    )

"""What all questions about one ruleset share: the encoding, the solver, the engine, and the making of findings.

What it refuses to do: let a question end without an answer; running out of time raises `Unanswered`.
Who calls it: `prove` makes a `Bench`; safety, rules, holes and thresholds ask on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from pathways.engine.ruleset import Ruleset
from pathways.engine.verification.asking import Asker, Stopwatch
from pathways.engine.verification.domains import domains
from pathways.engine.verification.encoding import Encoding, Patients
from pathways.engine.verification.examples import Engine, Features, Patient, Shows, Smallest
from pathways.engine.verification.findings import BLOCKING, Finding, Kind
from pathways.engine.verification.formulas import Formula, Formulas


class Unanswered(Exception):
    """z3 gave no answer in the time it had."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One question. `formulas` gives those it will ask about, `ask` the findings (none: proved) or raises Unanswered,
    `asks` says in words what is to be proved. `witnessed`: a patient kept with the ruleset proves it already."""

    subject: Literal["invariant", "rule", "option", "ruleset"]
    code: str
    kind: Kind
    asks: str
    formulas: Callable[[], Iterable[Formula]]
    ask: Callable[[], Iterable[Finding]]
    witnessed: Callable[[], bool] = lambda: False


class Bench:
    """One ruleset on the bench: its encoding, one solver for all questions, and the engine that checks examples."""

    def __init__(self, ruleset: Ruleset, watch: Stopwatch, query_ms: int) -> None:
        self.ruleset = ruleset
        self.formulas = Formulas()
        patients = Patients(self.formulas, domains([ruleset]))
        self.encoding = Encoding(ruleset, patients)
        self.asker = Asker(patients, watch, query_ms)
        self.engine = Engine(ruleset)
        self.consistent = self.encoding.reading.consistent
        preferences = (self.consistent, patients.nothing_partial)
        self.smallest = Smallest(self.asker, (self.engine,), preferences)
        self._witnesses: dict[str, tuple[Patient, ...]] = {}

    @property
    def time_is_up(self) -> bool:
        """Whether nothing is left of the budget."""
        left = self.asker.watch.left
        return left is not None and left <= 0

    def exists(self, *formulas: Formula) -> bool:
        """Whether some possible patient makes the formulas true. Raises Unanswered."""
        answer = None if self.time_is_up else self.asker.ask(*formulas)
        if answer is None:
            raise Unanswered
        return answer

    def example(self, formulas: tuple[Formula, ...], shows: Shows) -> tuple[Features, ...]:
        """The smallest patient that makes the formulas true, if there is one; `shows` asks the engine. Raises Unanswered."""
        return (self.smallest.patient(formulas, shows),) if self.exists(*formulas) else ()

    def witnesses(self, option: str) -> tuple[Patient, ...]:
        """Patients kept with the ruleset, without a contradiction, that may show something about an option: the cases of
        its rules and the test patients. What the engine says of one of them needs no proof."""
        if option not in self._witnesses:
            cases = (self.ruleset.cases.get(rule.code) for rule in self.ruleset.rules_of(option))
            features = [dict(one) for entry in cases if entry for one in entry.by_value.values()]
            features += (dict(patient.features) for patient in self.ruleset.test_patients)
            found = (self.engine.patient(one) for one in features)
            self._witnesses[option] = tuple(patient for patient in found if patient.consistent)
        return self._witnesses[option]

    def option(self, code: str) -> str:
        """An option's title, in quotation marks."""
        return f"“{self.ruleset.option(code).title}”"


def finding(
    kind: Kind, about: str, codes: Iterable[str], sentence: str, examples: Iterable[Features] = (), *, content: str = ""
) -> Finding:
    """A finding with the severity of its kind; `content` is the digest of what it rests on."""
    severity: Literal["blocks", "acknowledge"] = "blocks" if kind in BLOCKING else "acknowledge"
    return Finding(kind, f"{kind}:{about}", tuple(codes), sentence, severity, tuple(examples), content)

"""Asks z3 whether a possible patient is such and such, within a budget of time.

What it is: one solver over finitely many true-or-false facts, to which every question is added once under a name of
its own, so that what was learned from one helps the next.
What it refuses to do: call a question answered when time ran out: the answer is then None.
Who calls it: the proofs. The stopwatch is the only clock in the engine; no result but "not proved" depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from pathways.engine.values import Value
from pathways.engine.verification.encoding import Patients
from pathways.engine.verification.formulas import Formula


class Stopwatch:
    """How long something has taken, and how much of a budget is left; in milliseconds."""

    def __init__(self, budget_ms: float | None = None) -> None:
        self._began = time.perf_counter()
        self.budget = budget_ms

    @property
    def elapsed(self) -> float:
        """Milliseconds since it was made."""
        return (time.perf_counter() - self._began) * 1000

    @property
    def left(self) -> float | None:
        """Milliseconds left, None where there is no limit."""
        return None if self.budget is None else self.budget - self.elapsed


class Asker:
    """One z3 solver with the possible patients in it. `query_ms` bounds each question, the stopwatch all of them."""

    def __init__(self, patients: Patients, watch: Stopwatch, query_ms: int) -> None:
        self.patients = patients
        self.watch = watch
        self.query_ms = query_ms
        formulas = patients.formulas
        self._formulas = formulas
        self.solver = formulas.z3.SolverFor("QF_FD", ctx=formulas.context)
        self.solver.set("phase", "always_false")  # patients with little recorded come first
        self.solver.set("random_seed", 1)
        for constraint in patients.constraints:
            if constraint is not True:
                self.solver.add(constraint)
        self._names: dict[int, tuple[Formula, Formula]] = {}
        self._sizes: dict[int, Formula] = {}
        self.asked = 0

    def prepare(self, formulas: Iterable[Formula]) -> None:
        """Names formulas before the first question: z3 takes many at once far faster than one between two questions."""
        for formula in formulas:
            if not isinstance(formula, bool):
                self._name(formula)

    def ask(self, *formulas: Formula) -> bool | None:
        """Whether a possible patient makes all of the formulas true; None when time ran out."""
        if any(formula is False for formula in formulas):
            return False
        assumptions = [self._name(formula) for formula in formulas if formula is not True]
        left = self.watch.left
        limit = self.query_ms if left is None else min(self.query_ms, int(left))
        if limit < 1:
            return None
        self.solver.set("timeout", limit)
        self.asked += 1
        answer = self.solver.check(*assumptions)
        z3 = self._formulas.z3
        return True if answer == z3.sat else False if answer == z3.unsat else None

    def patient(self) -> dict[str, Value]:
        """The patient that the last question found."""
        return self.patients.features_of(self.solver.model())

    def core(self, named: Iterable[tuple[str, Formula]]) -> list[str]:
        """Which of some formulas the last question, answered with no, could not have together with the rest of it."""
        pairs = list(named)
        impossible = [name for name, formula in pairs if formula is False]
        if impossible:
            return impossible[:1]
        core = {literal.get_id() for literal in self.solver.unsat_core()}
        return [name for name, formula in pairs if formula is not True and self._name(formula).get_id() in core]

    def at_most(self, count: int) -> Formula:
        """True for patients of whom no more than `count` features are recorded."""
        if count not in self._sizes:
            recorded = (known.present for known in self.patients.recorded.values())
            self._sizes[count] = self._formulas.at_most(recorded, count)
        return self._sizes[count]

    def _name(self, formula: Any) -> Any:
        """A fact that stands for a formula: where it is assumed, the formula holds. A single fact stands for itself."""
        z3 = self._formulas.z3
        if z3.is_const(formula) or (z3.is_not(formula) and z3.is_const(formula.arg(0))):
            return formula
        known = self._names.get(formula.get_id())
        if known is None:
            name = self._formulas.variable(f"?{len(self._names)}")
            self.solver.add(z3.Implies(name, formula))
            known = self._names[formula.get_id()] = (name, formula)
        return known[0]

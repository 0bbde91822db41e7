"""`prove_change`: what an edit does to every possible patient, option by option and direction by direction.

What it is: two rulesets over the same records. A record is read by each with what its dictionary knows: a feature, or
a member of a set, that only one of the two has is left out for the other.
What it refuses to do: say that nothing changes when time ran out.
Who calls it: the page of a draft, submitting and approving.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from pathways.engine.ruleset import Ruleset
from pathways.engine.statuses import FROM_RULES, Status
from pathways.engine.verification.asking import Asker, Stopwatch
from pathways.engine.verification.domains import domains
from pathways.engine.verification.encoding import Encoding, Patients
from pathways.engine.verification.examples import Engine, Features, Smallest, as_words, restricted
from pathways.engine.verification.findings import ChangeProof, Kind, Region, StatusChange
from pathways.engine.verification.formulas import Formula, Formulas
from pathways.engine.verification.holes import empty, fully_known, kinds_of_holes
from pathways.engine.verification.proving import BUDGET_MS, QUERY_MS
from pathways.engine.verification.regions import regions
from pathways.engine.verification.touched import dictionary_meaning, touched_options

STATUSES = tuple(status for status in Status if status in FROM_RULES)


def prove_change(
    before: Ruleset, after: Ruleset, *, budget_ms: int = BUDGET_MS, query_ms: int = QUERY_MS
) -> ChangeProof:
    """For every option the edit touches: each way in which it changes the status of a possible patient, with the
    smallest such patient, or that it changes none. Raises ProofFault where engine and proof disagree."""
    watch = Stopwatch(budget_ms)
    touched = list(touched_options(before, after))
    old, new = ({option.code for option in ruleset.options} for ruleset in (before, after))
    outcome = _Outcome()
    found: tuple[Region, ...] = ()
    widened: tuple[Kind, ...] = ()
    if touched or old - new:
        comparison = Comparing(before, after, watch, query_ms)
        comparison.prepare(touched)
        for option in touched:
            comparison.judge(option, outcome)
        changing = [option for option in touched if option not in outcome.unchanged]
        differs = comparison.formulas.any(comparison.differs(option) for option in changing)
        found = tuple(regions(comparison, differs, changing)) if outcome.changes else ()
        widened = tuple(kind for kind in kinds_of_holes(after) if comparison.widens(kind))
    return ChangeProof(
        before=before.digest,
        after=after.digest,
        changes=tuple(outcome.changes),
        unchanged=tuple(outcome.unchanged),
        untouched=tuple(option.code for option in after.options if option.code in old and option.code not in touched),
        added=tuple(option.code for option in after.options if option.code not in old),
        removed=tuple(option.code for option in before.options if option.code not in new),
        not_proved=tuple(outcome.not_proved),
        widened=widened,
        regions=found,
        elapsed=watch.elapsed,
        complete=not outcome.not_proved,
    )


@dataclass
class _Outcome:
    changes: list[StatusChange] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    not_proved: list[str] = field(default_factory=list)


class Comparing:
    """Two rulesets over the same possible patients."""

    def __init__(self, before: Ruleset, after: Ruleset, watch: Stopwatch, query_ms: int) -> None:
        self.before, self.after = before, after
        self.formulas = Formulas()
        patients = Patients(self.formulas, domains([before, after]))
        self.new = Encoding(after, patients)
        alike = dictionary_meaning(before.dictionary) == dictionary_meaning(after.dictionary)
        self.old = Encoding(before, patients, self.new.reading if alike else None)
        allowed = (self.old.reading.allowed, self.new.reading.allowed)
        patients.constraints += allowed
        self.asker = Asker(patients, watch, query_ms)
        self.engines = Engine(before), Engine(after)
        preferences = (self.new.reading.consistent, patients.nothing_partial)
        self.smallest = Smallest(self.asker, self.engines, preferences)

    def prepare(self, options: list[str]) -> None:
        """Names everything that will be asked."""
        self.asker.prepare(self.differs(option) for option in options)
        pairs = product(options, STATUSES)
        self.asker.prepare(side.status(option, status) for option, status in pairs for side in (self.old, self.new))

    def differs(self, option: str) -> Formula:
        """True for patients for whom the option has another status than before."""
        f = self.formulas
        same = f.any(f.all((self.old.status(option, one), self.new.status(option, one))) for one in STATUSES)
        return f.no(same)

    def judge(self, option: str, outcome: _Outcome) -> None:
        """Finds every direction in which the option's status changes, or that there is none."""
        answer = self.asker.ask(self.differs(option))
        if answer is False:
            outcome.unchanged.append(option)
            return
        if answer is None:
            outcome.not_proved.append(option)
            return
        olds = [
            one for one in STATUSES if self.asker.ask(self.differs(option), self.old.status(option, one)) is not False
        ]
        news = [
            one for one in STATUSES if self.asker.ask(self.differs(option), self.new.status(option, one)) is not False
        ]
        for one, other in product(olds, news):
            if one is other:
                continue
            formulas = (self.old.status(option, one), self.new.status(option, other))
            answer = self.asker.ask(*formulas)
            if answer:
                outcome.changes.append(self._change(option, one, other, formulas))
            elif answer is None and option not in outcome.not_proved:
                outcome.not_proved.append(option)

    def _change(self, option: str, one: Status, other: Status, formulas: tuple[Formula, ...]) -> StatusChange:
        example = self.smallest.patient(formulas, partial(self._shows, option, one, other))
        title = self.after.option(option).title
        words = f"“{title}” becomes {_word(other)} instead of {_word(one)}"
        sentence = f"{words}, as for a patient with {as_words(example, self.after)}."
        return StatusChange(option, one, other, (example,), sentence)

    def _shows(self, option: str, one: Status, other: Status, features: Features) -> bool:
        found = self.statuses(option, features)
        return found == (one, other)

    def statuses(self, option: str, features: Features) -> tuple[Status, ...]:
        """The option's status before and after, by the engine."""
        each = ((engine, restricted(engine.ruleset, features)) for engine in self.engines)
        return tuple(engine.patient(own).status(option) for engine, own in each)

    def widens(self, kind: Kind) -> bool:
        """Whether somebody may fall into a hole who does not before the edit; so too where that is not proved."""
        sides = kinds_of_holes(self.before).get(kind)
        before = empty(self.formulas, self.old, *sides) if sides else False
        after = empty(self.formulas, self.new, *kinds_of_holes(self.after)[kind])
        known = fully_known(self.formulas, self.new)
        return self.asker.ask(after, self.formulas.no(before), known, self.new.reading.consistent) is not False

    def sides(self) -> Iterator[Encoding]:
        """The rules as they were, and as they are to be."""
        yield self.old
        yield self.new


def _word(status: Status) -> str:
    return status.replace("_", " ")

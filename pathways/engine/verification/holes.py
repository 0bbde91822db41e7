"""Questions about the whole list: is there a fully known patient for whom nothing is listed, or nothing but a trial?

What it is: a fully known patient has every feature known whole or not applicable, and no contradiction. The example
shown is the smallest part of such a record by which everything is settled already.
What it refuses to do: show a part that no fully known patient without anything listed has. Who calls it: `prove`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from pathways.engine.ruleset import Ruleset
from pathways.engine.statuses import LISTED
from pathways.engine.values import PartialSet
from pathways.engine.verification.encoding import Encoding
from pathways.engine.verification.examples import Features, as_words
from pathways.engine.verification.findings import Finding, Kind
from pathways.engine.verification.formulas import Formula, Formulas
from pathways.engine.verification.questions import Bench, Question, finding
from pathways.engine.verification.touched import content_digest, deciding_rules

# How many examples a hole is shown with, and how often something smaller is looked for.
EXAMPLES = 3
ATTEMPTS = 40


Sides = tuple[tuple[str, ...], tuple[str, ...]]


def trials(ruleset: Ruleset) -> tuple[str, ...]:
    """The options that are clinical trials: the group `trial` of the catalogue, or the option of that name."""
    return tuple(o.code for o in ruleset.options if o.group == "trial" or o.code == "clinical_trial")


def kinds_of_holes(ruleset: Ruleset) -> dict[Kind, Sides]:
    """For each kind of hole the options of which none is listed, and those of which one is, if there are any."""
    trial = trials(ruleset)
    others = tuple(option.code for option in ruleset.options if option.code not in trial)
    kinds: dict[Kind, Sides] = {"hole_nothing": ((*others, *trial), ())}
    return {**kinds, "hole_trial_only": (others, trial)} if trial and others else kinds


def empty(f: Formulas, encoding: Encoding, unlisted: Iterable[str], listed: Collection[str]) -> Formula:
    """True for the patients in a hole, known in full or not."""
    no = (f.no(encoding.one_of(option, LISTED)) for option in unlisted)
    some = f.any(encoding.one_of(option, LISTED) for option in listed) if listed else True
    return f.all((*no, some))


def fully_known(f: Formulas, encoding: Encoding) -> Formula:
    """True for patients of whom everything is known or does not apply."""
    return f.all(encoding.reading.settled(name) for name in encoding.ruleset.dictionary.features)


def holes(bench: Bench) -> Iterator[Question]:
    """The two questions about the whole list."""
    for kind, (unlisted, listed) in kinds_of_holes(bench.ruleset).items():
        yield _question(bench, Hole(bench, kind, unlisted, listed))


@dataclass(frozen=True, slots=True)
class Hole:
    """Patients for whom none of some options is listed, but one of the others is, if there are any."""

    bench: Bench
    kind: Kind
    unlisted: tuple[str, ...]
    listed: tuple[str, ...]

    @property
    def empty(self) -> Formula:
        """True for its patients, known in full or not."""
        return empty(self.bench.formulas, self.bench.encoding, self.unlisted, self.listed)

    @property
    def fully_known(self) -> Formula:
        """True for patients of whom everything is known or does not apply."""
        return fully_known(self.bench.formulas, self.bench.encoding)

    def shows(self, features: Features) -> bool:
        """Whether the engine lists nothing for a patient whose record does not contradict itself."""
        patient = self.bench.engine.patient(features)
        if any(patient.status(option) in LISTED for option in self.unlisted) or not patient.consistent:
            return False
        return not self.listed or any(patient.status(option) in LISTED for option in self.listed)


def _question(bench: Bench, hole: Hole) -> Question:
    what = "something" if hole.kind == "hole_nothing" else "something besides a clinical trial"
    asks = f"for every fully known patient {what} is listed."
    return Question("ruleset", "list", hole.kind, asks, partial(_formulas, bench, hole), partial(_ask, bench, hole))


def _formulas(bench: Bench, hole: Hole) -> tuple[Formula, ...]:
    return hole.empty, hole.fully_known, bench.consistent, bench.encoding.patients.nothing_partial


def _ask(bench: Bench, hole: Hole) -> Iterator[Finding]:
    if not bench.exists(hole.empty, hole.fully_known, bench.consistent):
        return
    examples = _examples(bench, hole, bench.asker.patient())
    what = "nothing at all" if hole.kind == "hole_nothing" else "nothing but a clinical trial"
    first = as_words(examples[0], bench.ruleset)
    sentence = f"There are fully known patients for whom {what} is listed, such as one with {first}."
    content = content_digest(bench.ruleset, deciding_rules(bench.ruleset), hole.unlisted, hole.listed)
    yield finding(hole.kind, "list", ("list",), sentence, examples, content=content)


def _examples(bench: Bench, hole: Hole, first: Features) -> list[Features]:
    """Small parts of fully known patients with nothing listed, the smallest first."""
    if not hole.shows(first):
        bench.smallest.refuse(first)
    found = [_smaller(bench, hole, bench.smallest.reduced(first, hole.shows))]
    while len(found) < EXAMPLES:
        others = [bench.formulas.no(bench.formulas.all(_facts(bench, features))) for features in found]
        if not bench.asker.ask(hole.empty, hole.fully_known, bench.consistent, *others):
            break
        found.append(bench.smallest.reduced(bench.asker.patient(), hole.shows))
    found = [bench.smallest.plainest(features, partial(_extends, bench, hole)) for features in found]
    for features in found:
        bench.engine.must_agree(features)
    return sorted(found, key=len)


def _smaller(bench: Bench, hole: Hole, found: Features) -> Features:
    """A smaller part, looked for among records that are not fully known but belong to a patient who is."""
    blocked: list[Formula] = []
    for _ in range(ATTEMPTS):
        whole = bench.encoding.patients.nothing_partial
        size = bench.asker.at_most(len(found) - 1)
        if not bench.asker.ask(hole.empty, bench.consistent, whole, size, *blocked):
            break
        part = bench.smallest.reduced(bench.asker.patient(), hole.shows)
        if bench.asker.ask(hole.empty, hole.fully_known, bench.consistent, *_facts(bench, part)):
            found = part
        else:
            blocked.append(bench.formulas.no(bench.formulas.all(_facts(bench, part))))
    return found


def _extends(bench: Bench, hole: Hole, features: Features) -> bool:
    """Whether nothing is listed for a patient, and a fully known one has all of it."""
    if not hole.shows(features):
        return False
    return bench.asker.ask(hole.empty, hole.fully_known, bench.consistent, *_facts(bench, features)) is True


def _facts(bench: Bench, features: Features) -> list[Formula]:
    """What is true of the patients who have all of these features recorded as they are here."""
    f, recorded = bench.formulas, bench.encoding.patients.recorded
    facts: list[Formula] = []
    for name, value in features.items():
        known = recorded[name]
        if isinstance(value, tuple):
            facts += [known.whole, *(m if code in value else f.no(m) for code, m in known.values.items())]
        elif isinstance(value, PartialSet):
            facts += (known.values[code] for code in value.members)
        else:
            facts.append(known.values[value])
    return facts

"""What the knowledge files say about each other: every name that one file uses must be another one's.

What it is: the cross-checks, each fault with file, place and one sentence.
What it refuses to do: repair, or guess which of two files is right. Who calls it: `files.load`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pathways.engine import DataDictionary, Problem, Ruleset, RulesetError, ValueRefused, did_you_mean
from pathways.engine.conditions import ConditionParser
from pathways.engine.dictionary import for_option
from pathways.knowledge.problems import FileProblem

if TYPE_CHECKING:
    from pathways.knowledge.files import KnowledgeFiles


@dataclass(frozen=True, slots=True)
class Names:
    """Every code met, by kind ("rule", "fact"); a kind whose file could not be read is not judged."""

    known: Mapping[str, set[str]]
    unread: frozenset[str]

    def missing(self, file: str, place: str, kind: str, names: Iterable[str]) -> Iterator[FileProblem]:
        """A sentence for each name that does not exist."""
        if kind not in self.known:
            return
        known = self.known[kind]
        for name in dict.fromkeys(names):
            if name not in known:
                yield FileProblem(file, place, f"There is no {kind} {name}.{did_you_mean(name, known)}")


FACT_ID = re.compile(r"F[0-9]{3}$")

# Which file a place of the engine's belongs to, by its first word.
FILE_OF_PLACE = {
    "option": "options.yaml",
    "options": "options.yaml",
    "source": "sources.yaml",
    "rule": "rules.yaml",
    "ruleset": "rules.yaml",
    "definition": "rules.yaml",
    "definitions": "rules.yaml",
    "rules": "rules.yaml",
    "limit": "rules.yaml",
    "cases": "rule-cases.yaml",
    "invariant": "invariants.yaml",
    "invariants": "invariants.yaml",
}


def cross_checks(files: KnowledgeFiles, names: Names) -> Iterator[FileProblem]:
    """Every reference from one entry to another that leads nowhere."""
    yield from _sources(files)
    yield from _facts(files, names)
    yield from _texts(files, names)
    yield from _case_rules(files, names)
    for reading in files.readings:
        place = f"reading {reading.topic}"
        yield from names.missing("readings.yaml", place, "fact", reading.facts)
        yield from names.missing("readings.yaml", place, "source", [reading.seed] if reading.seed else [])
    for feature in files.limits:
        yield from names.missing("rules.yaml", f"limit {feature}", "feature", [feature])
    for invariant in files.invariants:
        place = f"invariant {invariant.code}"
        yield from names.missing("invariants.yaml", place, "option", invariant.options)
        if (invariant.never is None) == (invariant.always is None):
            yield FileProblem("invariants.yaml", place, "An invariant has either never or always.")


def engine_checks(files: KnowledgeFiles) -> Iterator[FileProblem]:
    """What the engine says to dictionary, conditions and rules, and what follows for cases and invariants."""
    try:
        ruleset = Ruleset.from_data(files.as_ruleset_data())
    except RulesetError as error:
        for problem in error.problems:
            file = FILE_OF_PLACE.get(problem.place.split()[0], "features.yaml")
            yield FileProblem(file, problem.place.removeprefix("cases of "), problem.sentence)
        try:
            dictionary = files.dictionary()
        except RulesetError:
            return
    else:
        dictionary = ruleset.dictionary
        yield from _draft(files)
    yield from _cases(files, dictionary)
    yield from _invariants(files, dictionary)


def _draft(files: KnowledgeFiles) -> Iterator[FileProblem]:
    """What the engine says to the drafted limits; the rest of the ruleset is known to be sound."""
    if files.limits_draft is None:
        return
    try:
        Ruleset.from_data(files.under_the_draft())
    except RulesetError as error:
        yield from (FileProblem("limits-draft.yaml", problem.place, problem.sentence) for problem in error.problems)


def _sources(files: KnowledgeFiles) -> Iterator[FileProblem]:
    for source in files.sources:
        if (source.kind == "seed") != (source.file is not None):
            yield FileProblem(
                "sources.yaml", f"source {source.id}", "A seed document names its file, and no other source does."
            )


def _facts(files: KnowledgeFiles, names: Names) -> Iterator[FileProblem]:
    kinds = {source.id: source.kind for source in files.sources}
    for fact in files.facts:
        place = f"fact {fact.id}"
        yield from names.missing("facts.yaml", place, "source", fact.seeds)
        for seed in fact.seeds:
            if kinds.get(seed, "seed") != "seed":
                yield FileProblem("facts.yaml", place, f"{seed} is a {kinds[seed]}, not a seed document.")
        yield from names.missing("facts.yaml", place, "feature", fact.features)
        yield from names.missing("facts.yaml", place, "option", fact.options)
        for name, values in (("seeds", fact.seeds), ("shown", fact.shown), ("options", fact.options)):
            if len(set(values)) < len(values):
                yield FileProblem("facts.yaml", place, f"{name} names something twice.")


def _texts(files: KnowledgeFiles, names: Names) -> Iterator[FileProblem]:
    facts = {fact.id for fact in files.facts}
    option_of = {rule.code: rule.option for rule in files.rules}
    for group, options in files.options.items():
        file = f"option-texts/{group}.yaml"
        for option in options:
            if option not in files.texts and file not in names.unread:
                yield FileProblem(file, f"option {option}", "The option has no texts.")
            for section, sentences in files.texts.get(option, {}).items():
                place = f"option {option}, {section}"
                for code in (code for sentence in sentences for code in sentence.from_ if code not in facts):
                    yield from names.missing(file, place, "fact" if FACT_ID.match(code) else "rule", [code])
                    owner = option_of.get(code, option)
                    if owner != option and owner in names.known.get("option", ()):
                        yield FileProblem(file, place, f"{code} is a rule of {owner}, not of this option.")


def _case_rules(files: KnowledgeFiles, names: Names) -> Iterator[FileProblem]:
    for code in files.cases:
        yield from names.missing("rule-cases.yaml", f"rule {code}", "rule", [code])
    for rule in files.rules if "rule-cases.yaml" not in names.unread else ():
        if rule.code not in files.cases and rule.code not in names.known.get("case", ()):
            yield FileProblem("rule-cases.yaml", f"rule {rule.code}", "The rule has no test patients.")


def _cases(files: KnowledgeFiles, dictionary: DataDictionary) -> Iterator[FileProblem]:
    for code, case in files.cases.items():
        for value in ("true", "false", "unknown"):
            features: dict[str, Any] = getattr(case, value) or {}
            for name, recorded in features.items():
                try:
                    dictionary.check(name, recorded)
                except ValueRefused as refusal:
                    yield FileProblem("rule-cases.yaml", f"rule {code}, {value}", str(refusal))


def _invariants(files: KnowledgeFiles, dictionary: DataDictionary) -> Iterator[FileProblem]:
    faults: list[Problem] = []
    parser = ConditionParser(dictionary.features, frozenset(entry.code for entry in files.definitions), faults)
    codes = {code for options in files.options.values() for code in options}
    for invariant in files.invariants:
        place = f"invariant {invariant.code}"
        each = [option for option in invariant.options if option in codes] if invariant.for_each else [""]
        for option in each[:1]:
            parser.parse(for_option(invariant.when, option) if option else invariant.when, place)
    for fault in faults:
        yield FileProblem("invariants.yaml", fault.place, fault.sentence)

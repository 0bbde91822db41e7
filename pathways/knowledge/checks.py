"""What the knowledge files say about each other: every name that one file uses must be another one's.

What it is: the cross-checks, each fault with file, place and one sentence.
What it refuses to do: repair, or guess which of two files is right. Who calls it: `files.load`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from pathways.engine import DataDictionary, Problem, Ruleset, RulesetError, ValueRefused, did_you_mean
from pathways.engine.conditions import ConditionParser
from pathways.engine.dictionary import for_option
from pathways.knowledge.problems import FileProblem

if TYPE_CHECKING:
    from pathways.knowledge.files import KnowledgeFiles

Known = Mapping[str, set[str]]

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
}


def cross_checks(files: KnowledgeFiles, known: Known) -> Iterator[FileProblem]:
    """Every reference from one entry to another that leads nowhere. `known`: all codes met, faulty entries included."""
    yield from _sources(files)
    yield from _facts(files, known)
    yield from _texts(files, known)
    yield from _case_rules(files, known)
    for reading in files.readings:
        place = f"reading {reading.topic}"
        yield from _missing("readings.yaml", place, "fact", reading.facts, known["fact"])
        yield from _missing("readings.yaml", place, "source", [reading.seed] if reading.seed else [], known["source"])
    for feature in files.limits:
        yield from _missing("rules.yaml", f"limit {feature}", "feature", [feature], known["feature"])


def engine_checks(files: KnowledgeFiles) -> Iterator[FileProblem]:
    """What the engine says to dictionary, conditions and rules, and what follows for cases and invariants."""
    try:
        ruleset = Ruleset.from_data(files.as_ruleset_data())
    except RulesetError as error:
        for problem in error.problems:
            file = FILE_OF_PLACE.get(problem.place.split()[0], "features.yaml")
            yield FileProblem(file, problem.place, problem.sentence)
        try:
            dictionary = files.dictionary()
        except RulesetError:
            return
    else:
        dictionary = ruleset.dictionary
    yield from _cases(files, dictionary)
    yield from _invariants(files, dictionary)


def _missing(file: str, place: str, kind: str, names: Iterable[str], known: set[str]) -> Iterator[FileProblem]:
    for name in names:
        if name not in known:
            yield FileProblem(file, place, f"There is no {kind} {name}.{did_you_mean(name, known)}")


def _sources(files: KnowledgeFiles) -> Iterator[FileProblem]:
    for source in files.sources:
        if (source.kind == "seed") != (source.file is not None):
            yield FileProblem(
                "sources.yaml", f"source {source.id}", "A seed document names its file, and no other source does."
            )


def _facts(files: KnowledgeFiles, known: Known) -> Iterator[FileProblem]:
    seeds = {source.id for source in files.sources if source.kind == "seed"}
    others = known["source"] - {source.id for source in files.sources}
    for fact in files.facts:
        place = f"fact {fact.id}"
        yield from _missing("facts.yaml", place, "seed document", fact.seeds, seeds | others)
        yield from _missing("facts.yaml", place, "feature", fact.features, known["feature"])
        yield from _missing("facts.yaml", place, "option", fact.options, known["option"])
        for name, values in (("seeds", fact.seeds), ("shown", fact.shown), ("options", fact.options)):
            if len(set(values)) < len(values):
                yield FileProblem("facts.yaml", place, f"{name} names something twice.")


def _texts(files: KnowledgeFiles, known: Known) -> Iterator[FileProblem]:
    option_of = {rule.code: rule.option for rule in files.rules}
    group_of = {code: group for group, options in files.options.items() for code in options}
    for option, sections in files.texts.items():
        file = f"option-texts/{group_of.get(option, '')}.yaml"
        if option not in known["option"]:
            hint = did_you_mean(option, known["option"])
            yield FileProblem("option-texts", f"option {option}", f"There is no such option.{hint}")
            continue
        for section, sentences in sections.items():
            for sentence in sentences:
                place = f"option {option}, {section}"
                names = [name for name in sentence.from_ if name not in known["fact"]]
                yield from _missing(file, place, "fact or rule", names, known["rule"])
                for name in names:
                    if option_of.get(name, option) != option:
                        yield FileProblem(file, place, f"{name} is a rule of {option_of[name]}, not of this option.")
    for option, group in group_of.items():
        if option not in files.texts:
            yield FileProblem(f"option-texts/{group}.yaml", f"option {option}", "The option has no texts.")


def _case_rules(files: KnowledgeFiles, known: Known) -> Iterator[FileProblem]:
    for code in files.cases:
        if code not in known["rule"]:
            hint = did_you_mean(code, known["rule"])
            yield FileProblem("rule-cases.yaml", f"rule {code}", f"There is no such rule.{hint}")
    for rule in files.rules:
        if rule.code not in files.cases:
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
        yield from _missing("invariants.yaml", place, "option", invariant.options, codes)
        if (invariant.never is None) == (invariant.always is None):
            yield FileProblem("invariants.yaml", place, "An invariant has either never or always.")
        each = [option for option in invariant.options if option in codes] if invariant.for_each else [""]
        for option in each[:1]:
            parser.parse(for_option(invariant.when, option) if option else invariant.when, place)
    for fault in faults:
        yield FileProblem("invariants.yaml", fault.place, fault.sentence)

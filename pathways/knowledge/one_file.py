"""A whole ruleset as one YAML file that people read, and back: the same bytes for the same ruleset.

What it is: `to_yaml` writes what the canonical form holds, in the order in which people read it; `from_yaml` reads such
a file, checks shape and meaning, and gives the ruleset. The order of options, rules and features is part of a ruleset
and is kept. What it refuses to do: read a part of a file, or guess. Who calls it: `ruleset_files.py`, the download.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pathways.engine import Ruleset, RulesetError
from pathways.engine.plain_data import faults_of
from pathways.knowledge.exported import shape_problems
from pathways.knowledge.problems import FileProblem, KnowledgeError
from pathways.knowledge.texts import SECTIONS
from pathways.knowledge.yaml_text import YamlRefused, read_yaml
from pathways.knowledge.yaml_writing import entry, item

# Conditions may be 20 deep, each with a list between; the engine says so in its own words before this does.
DEEPEST = 55
PARTS = ("ruleset", "options", "definitions", "rules", "limits", "cases", "test_patients", "invariants", "sources",
         "facts", "dictionary")  # fmt: skip
KEYS = (
    "code", "id", "title", "version", "kind", "option", "group", "effect", "fact", "seeds", "file", "citation", "of",
    "section", "year", "identifier", "address", "verified", "shown", "features", "options", "for_each", "feature",
    "op", "value", "when", "never", "always", "holds_for", "sentence", "message", "covers", "expected", "rationale",
    "sources", "strength", "note", "beyond", "about", "true", "false", "unknown", "short", "topic", "values", "labels",
    "ordered", "min", "max", "unit", "integer", "only_when", "text", "from", "why", "days", "reason", *SECTIONS,
    "patient", "tumor", "history", "implications", "contradictions",
)  # fmt: skip
_PLACE = {key: number for number, key in enumerate(KEYS)}
TITLES = {
    "options": "The catalogue, in its order, with what each option's page says.",
    "definitions": "Named conditions that rules share.",
    "rules": "Reasons for an option, what rules it out, and what to weigh. The order is that of the lists.",
    "limits": "After how many days a reading counts as unknown.",
    "cases": "For each rule, patients for whom it is true, false and unknown.",
    "test_patients": "Patients with the list that an expert confirmed.",
    "invariants": "What must hold for every possible patient.",
    "sources": "Documents and facts that rules cite.",
    "facts": "What the base documents say, and where it is shown.",
    "dictionary": "Every feature that a rule may read, what follows from what, and what contradicts what.",
}
HEAD = """\
# A netcare ruleset: {title}, version {version}
# Digest of the content: {digest}
# Lines that begin with # are for people and are not read. `manage.py ruleset import FILE` checks this file and says
# what differs from the version in force; docs/how-to/exchange-a-ruleset.md has the steps.
"""


def to_yaml(ruleset: Ruleset) -> str:
    """The ruleset as one file; equal rulesets give equal bytes."""
    data = ruleset.to_data()
    head = HEAD.format(title=" ".join(str(ruleset.title).split()), version=ruleset.version, digest=ruleset.digest)
    names = [name for name in (*PARTS, *sorted(set(data) - set(PARTS))) if name in data]
    lines = [line for name in names for line in _part(name, data[name], ruleset)]
    return head + "\n".join(lines) + "\n"


def _part(name: str, value: Any, ruleset: Ruleset) -> Iterator[str]:
    yield ""
    if name in TITLES:
        yield f"# {TITLES[name]}"
    if name == "cases" and isinstance(value, Mapping):
        value = _in_order(value, [rule.code for rule in ruleset.rules])
    if name == "rules":
        yield from _rules(value, ruleset)
    elif isinstance(value, list) and value:
        yield f"{name}:"
        for one in value:
            yield from item(_readable(one), 0)
    else:
        yield from entry(f"{name}:", _readable(value, keep=name in ("cases",)), 0)


def _rules(rules: list[Any], ruleset: Ruleset) -> Iterator[str]:
    """The rules in their order; where the option changes, a line says whose rules follow."""
    yield "rules:" if rules else "rules: []"
    option = None
    for rule in rules:
        if rule["option"] != option:
            option = rule["option"]
            yield f"# {' '.join(ruleset.option(option).title.split())}"
        yield from item(_readable(rule), 0)


def _in_order(part: Mapping[str, Any], codes: Iterable[str]) -> dict[str, Any]:
    known = [code for code in codes if code in part]
    return {code: part[code] for code in dict.fromkeys([*known, *part])}


def _readable(value: Any, *, keep: bool = False) -> Any:
    """The value with its keys in the order in which people read them; `keep` the order of its own keys."""
    if isinstance(value, Mapping):
        keys = list(value) if keep or _is_features(value) else sorted(value, key=lambda key: _PLACE.get(key, len(KEYS)))
        return {key: _readable(value[key]) for key in keys}
    return [_readable(part) for part in value] if isinstance(value, list | tuple) else value


def _is_features(value: Mapping[str, Any]) -> bool:
    """A group of the dictionary: its keys are the features, whose order has a meaning."""
    return bool(value) and all(isinstance(part, Mapping) and "kind" in part for part in value.values())


def from_yaml(text: str | bytes, name: str = "ruleset.yaml") -> Ruleset:
    """The ruleset of a file. Raises KnowledgeError with every fault, its line where it is known, and its place."""
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        data = read_yaml(content, deepest=DEEPEST)
    except YamlRefused as refusal:
        place = f"line {refusal.line}" if refusal.line else ""
        raise KnowledgeError([FileProblem(name, place, refusal.sentence)]) from refusal
    return checked_ruleset(data, name, content.decode("utf-8-sig"))


def checked_ruleset(data: Any, name: str, text: str = "") -> Ruleset:
    """The ruleset of plain data from outside, shape first, then meaning. Raises KnowledgeError."""
    if not isinstance(data, dict):
        raise KnowledgeError([FileProblem(name, "", "A ruleset is an object with parts.")])
    problems = faults_of(data) or shape_problems(data)
    if not problems:
        try:
            return Ruleset.from_data(data)
        except RulesetError as error:
            problems = list(error.problems)
    raise KnowledgeError(FileProblem(name, _with_line(problem.place, text), problem.sentence) for problem in problems)


def _with_line(place: str, text: str) -> str:
    """'line 120, rule SURV-I1': the line where the entry begins, if it can be found."""
    words = place.split(",")[0].split()
    if not words or not text:
        return place
    code = re.escape(words[-1])
    patterns = {
        "feature": rf"^  {code}:", "limit": rf"^  {code}:", "cases": rf"^  {code}:", "ruleset": r"^ruleset:",
    }  # fmt: skip
    found = re.search(patterns.get(words[0], rf"^ *- \{{?(?:code|id): {code}(?![\w-])"), text, re.MULTILINE)
    return f"line {text.count(chr(10), 0, found.start()) + 1}, {place}" if found else place

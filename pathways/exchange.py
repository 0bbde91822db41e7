"""Rulesets by number or by file, for those who run netcare: found, checked and compared, in lines of text.

What it is: what `manage.py ruleset` does, without the command line. What it refuses to do: change anything.
Who calls it: the command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from netcare.access import Actor, User, actor_for_user
from pathways.drafting.change_lines import change_lines, counted
from pathways.drafting.changes import changes_between
from pathways.engine import Ruleset, RulesetError
from pathways.engine.checks import check_cases
from pathways.engine.verification import prove
from pathways.knowledge.ruleset_files import read_ruleset_file
from pathways.models import RulesetVersion
from pathways.selectors import (
    NoRulesetInForce,
    VersionDamaged,
    ruleset_of,
    version_in_force,
    version_numbered,
    versions,
)

# Milliseconds for all proofs of a ruleset; the starter pathway needs a few seconds.
BUDGET_MS = 120_000
SAME = "Nothing differs: both have the same content."


class NotThere(LookupError):
    """There is no such version or file; the text says what there is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a check; `fault` where something does not hold."""

    text: str
    fault: bool = False


def version_for(number: int | None) -> RulesetVersion:
    """One published version, by default the one in force. Raises NotThere."""
    try:
        found = version_in_force() if number is None else version_numbered(number)
    except NoRulesetInForce as reason:
        raise NotThere(str(reason)) from reason
    if found is None:
        published = ", ".join(str(version.version) for version in versions()) or "none"
        raise NotThere(f"There is no version {number}. Published are: {published}.")
    return found


def editor_named(username: str | None) -> Actor:
    """The person in whose name a draft is opened. Raises NotThere."""
    user = User.objects.filter(username=username or "").first()
    if user is None:
        raise NotThere(f"There is no account {username!r}; name a pathway editor with --by.")
    return actor_for_user(user)


def is_number(name: str) -> bool:
    """Whether a name is the number of a version rather than a file."""
    return name.isascii() and name.isdigit() and len(name) < 9


def ruleset_named(name: str) -> Ruleset:
    """The ruleset of a version's number or of a file. Raises NotThere, KnowledgeError, VersionDamaged or OSError."""
    if is_number(name):
        return ruleset_of(version_for(int(name)))
    if not Path(name).exists():
        raise NotThere(f"{name} is neither the number of a version nor a file.")
    return read_ruleset_file(name)


def differences(before: Ruleset, after: Ruleset) -> list[str]:
    """What differs between two rulesets, as lines."""
    return change_lines(changes_between(before.to_data(), after.to_data())) or [SAME]


def compared_with_force(ruleset: Ruleset) -> list[str]:
    """What a ruleset from outside changes against the version in force; without one, what it holds."""
    try:
        version = version_in_force(ruleset.code)
    except NoRulesetInForce:
        return [f"No version of {ruleset.code} is published. This file has:", *counted(ruleset.to_data())]
    return [f"Against {version}, the version in force:", *differences(ruleset_of(version), ruleset)]


def digests() -> Iterator[Line]:
    """Whether every published version still is what was published."""
    for version in versions():
        try:
            ruleset_of(version)
            yield Line(f"{version}: {version.digest} holds.")
        except (VersionDamaged, RulesetError, ValueError) as error:
            yield Line(f"{version}: {error}", fault=True)


def checked(ruleset: Ruleset) -> Iterator[Line]:
    """The cases and test patients of a ruleset, and the proofs over every possible patient."""
    results = check_cases(ruleset)
    failing = [(result, failure) for result in results for failure in result.failures]
    for result, failure in failing:
        yield Line(f"{result.kind} {result.title}: {failure.sentence}", fault=True)
    of_rules = sum(result.kind == "rule case" for result in results)
    count = len({id(result) for result, _ in failing})
    yield Line(f"{of_rules} cases of rules and {len(results) - of_rules} test patients tried: {count} differ.")
    yield from proved(ruleset)


def proved(ruleset: Ruleset, *, budget_ms: int = BUDGET_MS) -> Iterator[Line]:
    """One line per finding of the proofs; what was not proved in time is said to be so, and is a fault."""
    proof = prove(ruleset, budget_ms=budget_ms)
    yield Line(f"{proof.counts['invariants'].sentence} over every possible patient.")
    for finding in proof.findings:
        yield Line(f"{'broken' if finding.blocks else 'to acknowledge'}: {finding.sentence}", fault=finding.blocks)
    if not proof.complete:
        yield Line("Not proved: the time did not suffice for all of it.", fault=True)

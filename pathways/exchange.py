"""Rulesets by number or by file, for those who run netcare: found, checked and compared, in lines of text.

What it is: what `manage.py ruleset` does, without the command line. What it refuses to do: change anything.
Who calls it: the command.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from pathways.drafting.change_lines import change_lines, counted
from pathways.drafting.changes import changes_between
from pathways.engine import Ruleset, RulesetError
from pathways.knowledge.ruleset_files import read_ruleset_file
from pathways.knowledge.self_test import counts, failures
from pathways.models import RulesetVersion
from pathways.selectors import (
    NoRulesetInForce,
    VersionDamaged,
    ruleset_of,
    version_in_force,
    version_numbered,
    versions,
)

PROOFS = "pathways.engine.verification"
# What the proofs call a finding that a ruleset must not have; everything else is told and does not fail.
BLOCKING = frozenset({"error", "broken", "blocks", "blocking"})
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


def ruleset_named(name: str) -> Ruleset:
    """The ruleset of a version's number or of a file. Raises NotThere, KnowledgeError, VersionDamaged or OSError."""
    if name.isascii() and name.isdigit() and len(name) < 9:
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
    """The test patients of a ruleset, and the proofs over every possible patient."""
    found = list(failures(ruleset))
    of_rules, confirmed = counts(ruleset)
    yield from (Line(sentence, fault=True) for sentence in found)
    yield Line(f"{of_rules} test patients of rules and {confirmed} confirmed lists tried: {len(found)} differ.")
    yield from proved(ruleset)


def proved(ruleset: Ruleset) -> Iterator[Line]:
    """One line per finding of the proofs, where this installation has them; an unfinished proof is said to be none."""
    if find_spec(PROOFS) is None:
        yield Line("The proofs over every possible patient are not part of this installation; nothing was proved.")
        return
    proof = import_module(PROOFS).prove(ruleset)
    for finding in proof.findings:
        severity = str(getattr(finding.severity, "value", finding.severity))
        yield Line(f"{severity}: {finding.sentence}", fault=severity in BLOCKING)
    if proof.complete:
        yield Line(f"Proved over every possible patient: {len(proof.findings)} findings.")
    else:
        yield Line("Not proved: the time did not suffice for all of it.", fault=True)

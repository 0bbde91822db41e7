"""Every fault seeded into a copy of the starter ruleset is found, by a proof, a rule's case or a test patient.

A fault counts as found only by what the starter itself does not show. Sound edits, made the same way, raise nothing.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from pathways.engine import Ruleset, check_cases, statuses
from pathways.engine.verification import KINDS, Finding, prove
from tests.knowledge.seeded import FAULTS, SOUND, Edit, copy_of_the_starter


@cache
def starter() -> Ruleset:
    return Ruleset.from_data(copy_of_the_starter())


@cache
def findings_of_the_starter() -> frozenset[str]:
    return frozenset(told(finding) for finding in prove(starter()).findings)


def edited(edit: Edit) -> Ruleset:
    data = copy_of_the_starter()
    edit(data)
    return Ruleset.from_data(data)


def failing(ruleset: Ruleset) -> list[str]:
    """The cases and test patients that fail: 'case PRRT-E4 true', 'test patient DEMO-003'."""
    failed = [one for one in check_cases(ruleset) if not one.passed]
    return [f"case {one.title}" if one.kind == "rule case" else f"test patient {one.code}" for one in failed]


def told(finding: Finding) -> str:
    """What a finding is about; of a hole, which the starter has already, in which wording as well."""
    return finding.key if "hole" in finding.kind else finding.about


def options_edited(ruleset: Ruleset) -> list[str]:
    """The options whose rules read otherwise; all where a definition or the dictionary does. None: ask about all."""
    before, after = starter().to_data(), ruleset.to_data()
    if any(before[part] != after[part] for part in ("definitions", "dictionary")):
        return [option.code for option in ruleset.options]
    rules: list[list[Any]] = [data["rules"] for data in (before, after)]
    changed = [rule["option"] for one, other in (rules, rules[::-1]) for rule in one if rule not in other]
    return list(dict.fromkeys(changed))


def test_there_are_thirty_faults_and_ten_sound_edits() -> None:
    assert len(FAULTS) >= 30
    assert len(SOUND) >= 10


def test_the_copy_itself_meets_every_expectation() -> None:
    assert failing(starter()) == []
    assert len(starter().test_patients) == 14


@pytest.mark.parametrize("name", FAULTS)
def test_a_seeded_fault_is_found(name: str) -> None:
    edit, found_by = FAULTS[name]
    ruleset = edited(edit)
    # What concerns the whole list is looked for where it is what was seeded.
    small = (*options_edited(ruleset), *(kind for kind in KINDS if "hole" not in kind))
    proof = prove(ruleset, only=() if found_by.startswith("hole") else small)
    found = [said for finding in proof.findings if (said := told(finding)) not in findings_of_the_starter()]
    found += failing(ruleset)
    assert any(one.startswith(found_by) for one in found), found
    for finding in proof.findings:
        for example in finding.examples:
            assert set(statuses(ruleset, example)) == {option.code for option in ruleset.options}


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_edit_raises_nothing(name: str) -> None:
    ruleset = edited(SOUND[name])
    proof = prove(ruleset, only=options_edited(ruleset))
    assert proof.complete
    assert {finding.about for finding in proof.findings} <= {key.partition("@")[0] for key in findings_of_the_starter()}
    assert failing(ruleset) == []

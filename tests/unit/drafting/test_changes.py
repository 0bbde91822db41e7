"""Every part of a ruleset has its words: what was added, changed or retired, and whose list it can reach."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from pathways.drafting.change_lines import change_lines, counted
from pathways.drafting.changes import Change, affected_options, changes_between
from pathways.knowledge import starter

Edit = Callable[[dict[str, Any]], Any]
TEST_PATIENT = {
    "code": "TP-1",
    "title": "One",
    "features": {"ki67_percent": 8},
    "expected": {"lanreotide": "candidate"},
}


def after(edit: Edit, **parts: Any) -> tuple[Change, ...]:
    """The changes that one edit makes."""
    before = starter() | copy.deepcopy(parts)
    data = copy.deepcopy(before)
    edit(data)
    return changes_between(before, data)


def entry(data: dict[str, Any], part: str, code: str) -> dict[str, Any]:
    return next(one for one in data[part] if one.get("code", one.get("id")) == code)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda d: d["ruleset"].update(title="Other"), ["ruleset: changed", "  Title: NET pathway → Other"]),
        (
            lambda d: entry(d, "options", "lanreotide").update(note="Ask the pharmacy."),
            ["option lanreotide (Lanreotide, long-acting): changed", "  Note: left empty → Ask the pharmacy."],
        ),
        (
            lambda d: entry(d, "options", "lanreotide")["about"]["what_it_is"].append(
                {"text": "New.", "from": ["F001"]}
            ),
            ["option lanreotide (Lanreotide, long-acting): changed", "  Page, “What it is”: Put in: New. (F001)"],
        ),
        (
            lambda d: entry(d, "rules", "SURV-I1").update(effect="exclusion"),
            ["rule SURV-I1 (Pancreatic, low grade, up to 20 mm): changed", "  Effect: Reason → Rules out"],
        ),
        (
            lambda d: entry(d, "rules", "SURV-I1").update(option="lanreotide"),
            [
                "rule SURV-I1 (Pancreatic, low grade, up to 20 mm): changed",
                "  Option: Active surveillance (watchful waiting) → Lanreotide, long-acting",
            ],
        ),
        (
            lambda d: entry(d, "rules", "SURV-I1").update(strength="trial"),
            [
                "rule SURV-I1 (Pancreatic, low grade, up to 20 mm): changed",
                "  Strength of the source: Guideline → Trial",
            ],
        ),
        (
            lambda d: entry(d, "rules", "SURV-I1")["sources"][3].update(locator="page 4"),
            [
                "rule SURV-I1 (Pancreatic, low grade, up to 20 mm): changed",
                "  Sources: Taken out: GL-ENETS-NFP (small NF-PanNET section)",
                "  Sources: Put in: GL-ENETS-NFP (page 4)",
            ],
        ),
        (
            lambda d: entry(d, "invariants", "INV-02").update(never=["candidate"]),
            [
                "invariant INV-02 (If sstr_status = negative: lutetium_dotatate never listed.): changed",
                "  Never has the status: Taken out: Conditional",
                "  Never has the status: Taken out: Possible",
            ],
        ),
        (
            lambda d: d["limits"]["ki67_percent"].update(days=700),
            [
                "limit of ki67_percent (Ki-67): changed",
                "  Days: 365 → 700",
            ],
        ),
        (
            lambda d: d["cases"]["ALPH-C1"]["true"].update(ki67_percent=8),
            [
                "test patients of rule ALPH-C1 (Beta-blocker only afterwards; refill volume): changed",
                "  Patient for whom it is true: Ki-67: not given → 8 %",
            ],
        ),
        (
            lambda d: d["test_patients"][0]["expected"].update(lanreotide="excluded"),
            ["test patient TP-1 (One): changed", "  Expected list: Lanreotide, long-acting: Candidate → Excluded"],
        ),
        (
            lambda d: d["dictionary"]["tumor"]["ki67_percent"].update(max=90),
            ["feature ki67_percent (Ki-67): changed", "  Largest value: 100 → 90"],
        ),
        (
            lambda d: d["dictionary"]["implications"][0].update(why="So it is."),
            ["implication IMP-01 (So it is.): changed"],
        ),
        (
            lambda d: d["dictionary"]["contradictions"][0].update(covers=["IMP-13", "IMP-14"]),
            ["  Replaces the contradictions of: Taken out: IMP-15"],
        ),
        (
            lambda d: entry(d, "sources", "SEED-001").update(verified="not checked"),
            ["  What was checked: read in full → not checked"],
        ),
        (
            lambda d: entry(d, "facts", "F001").update(options=["lanreotide"]),
            ["  Options: Put in: Lanreotide, long-acting"],
        ),
        (
            lambda d: d["rules"].insert(2, d["rules"].pop(0)),
            ["order of rules: changed", "  Order: SURV-I1 after SURV-I3"],
        ),
        (lambda d: d.update(purpose={"users": "Boards"}), ["part purpose: added"]),
    ],
)
def test_a_change_of_each_part_is_said(edit: Edit, said: list[str]) -> None:
    limits = {"ki67_percent": {"days": 365, "reason": "It changes."}}
    lines = change_lines(after(edit, limits=limits, test_patients=[TEST_PATIENT]))
    where = lines.index(said[0])
    assert lines[where : where + len(said)] == said


def test_a_changed_definition_names_the_rules_and_options_that_rest_on_it() -> None:
    data = starter()
    (change,) = after(lambda d: entry(d, "definitions", "low_ki67").update(title="Low"))
    using = [rule for rule in data["rules"] if "'low_ki67'" in repr(rule["when"])]
    assert set(change.rules) >= {rule["code"] for rule in using}
    assert change.options == affected_options([change], data)
    assert set(change.options) >= {rule["option"] for rule in using}


def test_a_change_of_a_feature_reaches_the_rules_that_read_it_through_definitions() -> None:
    (change,) = after(lambda d: d["dictionary"]["patient"]["age_years"].update(max=119))
    direct = {r["option"] for r in starter()["rules"] if "'age_years'" in repr(r["when"])}
    assert direct
    assert direct <= set(change.options)


def test_a_retired_and_an_added_rule_are_told_with_all_they_say() -> None:
    def swap(data: dict[str, Any]) -> None:
        data["rules"].append({**data["rules"].pop(0), "code": "SURV-I99"})

    added, retired = after(swap)
    assert (added.place, added.kind, retired.place, retired.kind) == (
        "rule SURV-I99",
        "added",
        "rule SURV-I1",
        "retired",
    )
    assert {f.field: bool(f.after) and not f.before for f in added.fields} == dict.fromkeys(starter()["rules"][0], True)
    assert [line for line in change_lines([retired]) if "Condition" in line] == [
        "  Condition: Primary site is pancreas and functional status is non-functional and extent is localized and "
        "size of the primary is at most 20 mm and “Low grade”"
    ]


def test_an_option_that_is_retired_comes_last_among_the_options_reached() -> None:
    def retire(data: dict[str, Any]) -> None:
        data["options"].pop(0)
        entry(data, "options", "lanreotide").update(beyond=True)

    changes = after(retire)
    data = starter()
    del data["options"][0]
    assert affected_options([c for c in changes if c.part == "options"], data) == ("lanreotide", "active_surveillance")


def test_a_first_version_is_counted() -> None:
    assert counted(starter() | {"test_patients": [TEST_PATIENT]})[-3:] == [
        "facts: 177 added",
        "cases: 348 added",
        "features: 52 added",
    ]

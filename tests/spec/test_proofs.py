"""What a proof says, on rules that can be judged by eye.

The clinic of these rules has three options; those a test says nothing of have no rules and are not indicated.
"""

from __future__ import annotations

from typing import Any

import pytest

from pathways.engine import Ruleset, statuses
from pathways.engine.verification import Finding, prove, prove_change
from tests.spec.clinic import canonical, rule, ruleset

G1 = {"feature": "grade", "op": "=", "value": "G1"}
G2 = {"feature": "grade", "op": "=", "value": "G2"}
G3 = {"feature": "grade", "op": "=", "value": "G3"}
LOW_GRADE = {"feature": "grade", "op": "<=", "value": "G2"}
PREGNANT = {"feature": "pregnant", "op": "=", "value": True}
NOT_PREGNANT = {"feature": "pregnant", "op": "=", "value": False}
LUNG = {"feature": "primary_site", "op": "=", "value": "lung"}
GASTRIC = {"feature": "gastric_type", "op": "in", "value": ["type_1", "type_2", "type_3"]}


def ki67(op: str, value: float) -> dict[str, Any]:
    return {"feature": "ki67_percent", "op": op, "value": canonical({"ki67_percent": str(value)})["ki67_percent"]}


def mitoses(op: str, value: int) -> dict[str, Any]:
    return {"feature": "mitoses", "op": op, "value": value}


def depth(op: str, value: int) -> dict[str, Any]:
    return {"feature": "gastric_depth_mm", "op": op, "value": value}


def surgery(*conditions: tuple[str, str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Rules of surgery: code, effect, condition."""
    return [rule(code, "surgery", effect, when) for code, effect, when in conditions]


def found(rules: list[dict[str, Any]], *kinds: str, **parts: Any) -> list[Finding]:
    """Findings about surgery, of some kinds or of all but those about the whole list."""
    proof = prove(with_parts(rules, **parts), only=("surgery", *kinds))
    assert proof.complete
    return list(proof.findings)


def with_parts(rules: list[dict[str, Any]], **parts: Any) -> Ruleset:
    invariants = parts.pop("invariants", [])
    return Ruleset.from_data({**ruleset(rules, **parts).to_data(), "invariants": invariants})


def never(code: str, when: dict[str, Any], **changed: Any) -> dict[str, Any]:
    """An invariant: where the condition is true, surgery is never listed."""
    return {
        "code": code,
        "options": ["surgery"],
        "when": when,
        "never": ["candidate", "conditional", "possible"],
        "holds_for": "all records",
        "sentence": "Surgery is never listed there.",
        "why": "It would harm.",
        **changed,
    }


# A name, the rules of surgery, and what is found: kind, the codes, the sentence, the smallest patient.
FINDINGS: list[tuple[str, list[dict[str, Any]], str, tuple[str, ...], str, dict[str, Any] | None]] = [
    (
        "two grades at once",
        surgery(("I-1", "indication", {"all": [G1, G2]}), ("I-2", "indication", G3)),
        "unreachable_rule",
        ("I-1", "surgery"),
        "I-1 can never be true, whatever is known of a patient.",
        None,
    ),
    (
        "a caution where nothing is indicated",
        surgery(("I-1", "indication", G1), ("C-1", "caution", G3)),
        "unreachable_rule",
        ("C-1", "surgery"),
        "C-1 is true only for patients for whom “Surgery” is not indicated anyway, so it never counts.",
        {"grade": "G3"},
    ),
    (
        "where the feature does not apply",
        surgery(("I-1", "indication", {"all": [LUNG, GASTRIC]}), ("I-2", "indication", G3)),
        "unreachable_rule",
        ("I-1", "surgery"),
        "I-1 can be true only for patients whose record contradicts itself.",
        None,
    ),
    (
        "one grade of several",
        surgery(("I-1", "indication", LOW_GRADE), ("I-2", "indication", G1)),
        "redundant_rule",
        ("I-2", "I-1", "surgery"),
        "Wherever I-2 is true, I-1 is true as well. Without it no status would be another.",
        {"grade": "G1"},
    ),
    (
        "two others together",
        surgery(
            ("I-1", "indication", G1),
            ("I-2", "indication", G2),
            ("I-3", "indication", {"all": [LOW_GRADE, PREGNANT]}),
        ),
        "redundant_rule",
        ("I-3", "I-1", "I-2", "surgery"),
        "Wherever I-3 is true, I-1 or I-2 is true as well. Without it no status would be another.",
        {"pregnant": True, "grade": "G1"},
    ),
    (
        "an exclusion that takes all",
        surgery(("I-1", "indication", G1), ("I-2", "indication", PREGNANT), ("E-1", "exclusion", LOW_GRADE)),
        "indication_always_excluded",
        ("I-1", "E-1", "surgery"),
        "Wherever I-1 is true, “Surgery” is excluded by E-1, so it never lists it.",
        {"grade": "G1"},
    ),
    (
        "always",
        surgery(("I-1", "indication", {"always": True})),
        "always_same_option",
        ("surgery",),
        "“Surgery” is candidate for every possible patient: its rules make no difference.",
        {},
    ),
    (
        "the one or the other",
        surgery(("I-1", "indication", NOT_PREGNANT), ("I-2", "indication", PREGNANT)),
        "always_same_option",
        ("surgery",),
        "“Surgery” is candidate for every patient of whom all it asks for is known: its rules make no difference.",
        {"pregnant": True},
    ),
    (
        "at most 2 next to at least 3",
        surgery(("I-1", "indication", ki67("<=", 2)), ("I-2", "indication", ki67(">=", 3))),
        "threshold_gap",
        ("I-1", "I-2", "surgery"),
        "Ki-67 is at most 2 % (I-1), and Ki-67 is at least 3 % (I-2): at 2.5 % neither holds, as for a patient with "
        "Ki-67 2.5 %.",
        {"ki67_percent": "2.5"},
    ),
    (
        "below 2 next to above 2",
        surgery(("I-1", "indication", {"any": [ki67("<", 2), ki67(">", 2)]})),
        "threshold_gap",
        ("I-1", "surgery"),
        "Ki-67 is below 2 % (I-1), and Ki-67 is above 2 % (I-1): at 2 % neither holds, as for a patient with Ki-67 2 %.",
        {"ki67_percent": "2"},
    ),
    (
        "in tenths",
        surgery(("I-1", "indication", ki67("<=", 2.5)), ("E-1", "exclusion", {"not": ki67("<", 2.6)})),
        "threshold_gap",
        ("I-1", "E-1", "surgery"),
        "Ki-67 is at most 2.5 % (I-1), and Ki-67 is not below 2.6 % (E-1): at 2.55 % neither holds, as for a patient "
        "with Ki-67 2.55 %.",
        {"ki67_percent": "2.55"},
    ),
    (
        "at most 3 next to at least 3",
        surgery(("I-1", "indication", ki67("<=", 3)), ("E-1", "exclusion", ki67(">=", 3))),
        "threshold_overlap",
        ("I-1", "E-1", "surgery"),
        "Ki-67 is at most 3 % (I-1), and Ki-67 is at least 3 % (E-1): at 3 % both hold, as for a patient with Ki-67 3 %.",
        {"ki67_percent": "3"},
    ),
]


@pytest.mark.parametrize(
    ("rules", "kind", "codes", "words", "example"), [case[1:] for case in FINDINGS], ids=[case[0] for case in FINDINGS]
)
def test_what_is_found(
    rules: list[dict[str, Any]], kind: str, codes: tuple[str, ...], words: str, example: dict[str, Any] | None
) -> None:
    finding = next(one for one in found(rules, kind) if one.codes[0] == codes[0])
    assert finding.codes == codes
    assert finding.sentence == words
    assert finding.example == (None if example is None else canonical(example))
    assert finding.severity == "acknowledge"
    assert finding.key.startswith(f"{kind}:")


QUIET: dict[str, list[dict[str, Any]]] = {
    "at most 2 next to above 2": surgery(("I-1", "indication", ki67("<=", 2)), ("I-2", "indication", ki67(">", 2))),
    "two ends of one range": surgery(("I-1", "indication", {"all": [ki67(">=", 2), ki67("<=", 3)]})),
    "whole numbers with nothing in between": surgery(
        ("I-1", "indication", mitoses("<=", 2)), ("I-2", "indication", mitoses(">=", 3))
    ),
    "low and high, far apart": surgery(
        ("I-1", "indication", PREGNANT), ("E-1", "exclusion", {"any": [ki67("<", 3), ki67(">", 55)]})
    ),
    "thresholds of two sites": surgery(
        ("I-1", "indication", {"all": [LUNG, ki67("<=", 2)]}),
        ("I-2", "indication", {"all": [{"not": LUNG}, ki67(">=", 3)]}),
    ),
    "warnings that repeat each other": surgery(
        ("I-1", "indication", PREGNANT), ("C-1", "caution", G1), ("C-2", "caution", LOW_GRADE)
    ),
    "an exclusion with more in it": surgery(
        ("I-1", "indication", G1), ("E-1", "exclusion", PREGNANT), ("E-2", "exclusion", {"any": [PREGNANT, LUNG]})
    )[:2],
}


@pytest.mark.parametrize("rules", QUIET.values(), ids=QUIET)
def test_what_is_no_finding(rules: list[dict[str, Any]]) -> None:
    kinds = ("threshold_gap", "threshold_overlap", "redundant_rule", "unreachable_rule", "indication_always_excluded")
    assert found(rules, *kinds) == []


# An invariant, the rules of surgery, and the patient who breaks it; None: it is proved.
INVARIANTS: list[tuple[str, dict[str, Any], list[dict[str, Any]], dict[str, Any] | None]] = [
    (
        "what is excluded is never listed",
        never("INV-1", PREGNANT),
        surgery(("I-1", "indication", G1), ("E-1", "exclusion", PREGNANT)),
        None,
    ),
    (
        "what is only cautioned against is listed",
        never("INV-1", PREGNANT),
        surgery(("I-1", "indication", G1), ("C-1", "caution", PREGNANT)),
        {"pregnant": True},
    ),
    (
        "an implied value counts as one that was recorded",
        never("INV-1", ki67(">", 20)),
        surgery(("I-1", "indication", PREGNANT), ("E-1", "exclusion", G3)),
        {"ki67_percent": "30", "grade": "G1"},
    ),
    (
        "unless the invariant speaks of records without a contradiction",
        never("INV-1", ki67(">", 20), holds_for="consistent records"),
        surgery(("I-1", "indication", PREGNANT), ("E-1", "exclusion", G3)),
        None,
    ),
    (
        "unknown is not excluded",
        never("INV-1", {"not": G1}),
        surgery(("I-1", "indication", PREGNANT), ("E-1", "exclusion", {"all": [G2, LUNG]})),
        {"grade": "G2"},
    ),
    (
        "always a candidate needs more than an indication",
        never("INV-1", G1, never=None, always=["candidate"]),
        surgery(("I-1", "indication", G1), ("E-1", "exclusion", PREGNANT)),
        {"grade": "G1"},
    ),
    (
        "a history known in part is no no",
        never("INV-1", G1, never=["excluded"]),
        surgery(
            ("I-1", "indication", G1),
            (
                "E-1",
                "exclusion",
                {
                    "all": [
                        {"feature": "prior_treatments", "op": "contains", "value": "tablets"},
                        {"not": {"feature": "prior_treatments", "op": "is_known"}},
                    ]
                },
            ),
        ),
        {"grade": "G1", "prior_treatments": "at least tablets"},
    ),
]
KI67_IMPLIES = {
    "code": "IMP-1",
    "when": ki67(">", 20),
    "feature": "grade",
    "value": "G3",
    "why": "Ki-67 above 20 % is grade 3.",
}


@pytest.mark.parametrize(
    ("invariant", "rules", "breaks"), [case[1:] for case in INVARIANTS], ids=[case[0] for case in INVARIANTS]
)
def test_an_invariant_is_proved_or_broken_by_a_patient(
    invariant: dict[str, Any], rules: list[dict[str, Any]], breaks: dict[str, Any] | None
) -> None:
    entry = {key: value for key, value in invariant.items() if value is not None}
    asked = with_parts(rules, invariants=[entry], implications=[KI67_IMPLIES])
    proof = prove(asked, only=("invariant_broken",))
    assert proof.counts["invariants"].sentence == f"{0 if breaks else 1} of 1 invariants proved"
    if breaks is None:
        assert proof.findings == ()
        return
    (finding,) = proof.blocking
    assert finding.key == "invariant_broken:INV-1:surgery"
    assert finding.example is not None
    assert [entry.split(" ")[0] for entry in sorted(breaks)] == sorted(finding.example)
    assert statuses(asked, finding.example)["surgery"] in asked.invariants[0].forbidden


def test_a_broken_invariant_says_who_and_why() -> None:
    rules = surgery(("I-1", "indication", G1))
    asked = with_parts(rules, invariants=[never("INV-1", {"all": [PREGNANT, G1]})])
    (finding,) = prove(asked).blocking
    assert finding.sentence == (
        "INV-1 is broken: “Surgery” is candidate with Pregnant yes; Grade G1, but must never be candidate, conditional "
        "or possible there. It would harm."
    )


def test_a_hole_is_shown_by_what_settles_everything() -> None:
    rules = [
        *surgery(("S-1", "indication", LUNG)),
        rule("W-1", "watching", "indication", G1),
        rule("T-1", "tablets", "indication", {"not": G1}),
        rule("T-2", "tablets", "exclusion", PREGNANT),
    ]
    (hole,) = prove(ruleset(rules)).of_kind("hole_nothing")
    assert hole.example in (
        canonical({"pregnant": True, "primary_site": site, "grade": grade})
        for site in ("stomach", "pancreas")
        for grade in ("G2", "G3")
    )
    assert hole.sentence.startswith(
        "There are fully known patients for whom nothing at all is listed, such as one with"
    )
    assert prove(ruleset(rules[:3])).of_kind("hole_nothing") == ()


# An edit of one rule of surgery: before, after, the changes with their smallest patients, and where nothing changes.
CHANGES: list[tuple[str, dict[str, Any], dict[str, Any], dict[tuple[str, str], dict[str, Any]], list[str]]] = [
    (
        "a threshold moved",
        ki67("<=", 10),
        ki67("<=", 20),
        {("not_indicated", "candidate"): {"ki67_percent": "15"}},
        ["Nothing changes for any patient whose Ki-67 is at most 10 %, above 20 % or not recorded."],
    ),
    ("at most for below, between whole numbers", mitoses("<", 3), mitoses("<=", 2), {}, []),
    (
        "for the numbers themselves it matters",
        ki67("<", 3),
        ki67("<=", 2),
        {("candidate", "not_indicated"): {"ki67_percent": "2.5"}},
        ["Nothing changes for any patient whose Ki-67 is at most 2 %, at least 3 % or not recorded."],
    ),
    (
        "is known added",
        G3,
        {"all": [{"feature": "grade", "op": "is_known"}, G3]},
        {("possible", "not_indicated"): {}},
        ["Nothing changes for any patient whose grade is G1, G2 or G3."],
    ),
    ("every grade named", {"not": G3}, {"any": [G1, G2]}, {}, []),
    (
        "a feature that may not apply",
        {"not": depth(">", 10)},
        depth("<=", 10),
        {("candidate", "not_indicated"): {"primary_site": "lung"}},
        ["Something can change only for patients to whom depth in the stomach does not apply."],
    ),
]


@pytest.mark.parametrize(
    ("before", "after", "changes", "calm"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES]
)
def test_what_an_edit_does(
    before: dict[str, Any],
    after: dict[str, Any],
    changes: dict[tuple[str, str], dict[str, Any]],
    calm: list[str],
) -> None:
    change = prove_change(*(ruleset(surgery(("I-1", "indication", when))) for when in (before, after)))
    assert {(one.before, one.after) for one in change.changes} == set(changes)
    for one in change.changes:
        wanted = canonical(changes[one.before, one.after])
        if "primary_site" in wanted:
            assert one.example["primary_site"] in ("lung", "pancreas")
        else:
            assert one.example == wanted
    assert [region.sentence for region in change.regions] == calm
    assert change.changes_nothing is (changes == {})
    assert change.untouched == ("watching", "tablets")

"""What is proved of the starter ruleset, for every possible patient: all of its findings stand here, to be read."""

from __future__ import annotations

from functools import cache

from pathways.engine import LISTED, Effect, PartialSet, Ruleset, assess, statuses
from pathways.engine.verification import Proof, guards, prove, prove_change
from tests.generative import starter

# Kept so that PRRT stays conditional while the Krenning score is missing (INV-G3).
KEPT_ALL_THE_SAME = "PRRT-E5"

# Every finding about the starter, as an approver has to acknowledge it: what it is about, and how its sentence begins.
FINDINGS = {
    "redundant_rule:PRRT-E5": (
        "Wherever PRRT-E5 is true, PRRT-E2 is true as well, except for records that contradict themselves. It still "
        "counts while something is unknown."
    ),
    "always_same_option:clinical_trial": (
        "“Clinical trial” is candidate for every possible patient: its rules make no difference."
    ),
    "hole_trial_only:list": "There are fully known patients for whom nothing but a clinical trial is listed, such as one ",
}


@cache
def proof() -> Proof:
    return prove(starter.ruleset())


def test_the_findings_about_the_starter_are_these() -> None:
    found = {finding.about: finding.sentence for finding in proof().findings}
    assert found.keys() == FINDINGS.keys()
    for key, beginning in FINDINGS.items():
        assert found[key].startswith(beginning)


def test_every_question_is_answered_and_nothing_blocks() -> None:
    assert proof().complete
    assert proof().blocking == ()


def test_all_seventy_three_invariants_hold_for_every_possible_patient() -> None:
    assert proof().counts["invariants"].sentence == "73 of 73 invariants proved"


def test_every_rule_can_be_true_and_count() -> None:
    """INV-G3: every exclusion and caution can be TRUE while its option is not already not indicated."""
    assert proof().counts["rules"].sentence == "348 of 348 rules proved"
    assert proof().of_kind("unreachable_rule") == ()


def test_no_indication_or_exclusion_is_implied_by_others_but_one() -> None:
    """INV-G3, its second half."""
    assert [finding.codes[0] for finding in proof().of_kind("redundant_rule")] == [KEPT_ALL_THE_SAME]


def test_removing_any_single_exclusion_breaks_an_invariant() -> None:
    """INV-G5. The one exception that it allows is guarded too: by records that contradict themselves."""
    found = guards(starter.ruleset())
    assert list(found) == [rule.code for rule in starter.ruleset().rules if rule.effect is Effect.EXCLUSION]
    assert [code for code, invariants in found.items() if not invariants] == []
    assert found[KEPT_ALL_THE_SAME] == ("INV-03",)


def test_an_invariant_that_guards_an_exclusion_is_found_broken_without_it() -> None:
    data = starter.ruleset().to_data()
    data["rules"] = [rule for rule in data["rules"] if rule["code"] != "ENUC-E3"]
    (broken,) = prove(Ruleset.from_data(data), only=("enucleation",)).of_kind("invariant_broken")
    assert broken.codes == (*(guards(starter.ruleset())["ENUC-E3"] or ()), "enucleation")
    assert broken.example is not None
    assert set(broken.example) == {"main_duct_distance_mm"}


def test_the_patient_in_the_hole_is_listed_for_nothing_but_a_trial() -> None:
    (hole,) = proof().of_kind("hole_trial_only")
    assert len(hole.examples) > 1
    for example in hole.examples:
        assessment = assess(starter.ruleset(), example)
        assert [option.code for option in assessment.options if option.status in LISTED] == ["clinical_trial"]
        assert assessment.contradictions == ()
        assert not any(isinstance(value, PartialSet) for value in example.values())


def test_the_krenning_score_moved_by_one_matters_for_a_score_of_two_alone() -> None:
    data = starter.ruleset().to_data()
    next(rule for rule in data["rules"] if rule["code"] == "PRRT-E5")["when"]["value"] = 2
    after = Ruleset.from_data(data)
    change = prove_change(starter.ruleset(), after)
    assert change.complete
    assert {(one.option, one.before, one.after) for one in change.changes} == {
        ("lutetium_dotatate", "candidate", "excluded"),
        ("lutetium_dotatate", "conditional", "excluded"),
        ("lutetium_dotatate", "possible", "excluded"),
    }
    assert [one.example for one in change.changes if one.before == "possible"] == [{"krenning_score": 2}]
    for one in change.changes:
        assert statuses(starter.ruleset(), one.example)[one.option] is one.before
        assert statuses(after, one.example)[one.option] is one.after
    assert [region.sentence for region in change.regions] == [
        "Nothing changes for any patient whose Krenning score is at most 1, at least 3 or not recorded."
    ]
    assert len(change.untouched) == 47


def test_a_condition_said_otherwise_changes_nothing_for_anybody() -> None:
    data = starter.ruleset().to_data()
    rule = next(rule for rule in data["rules"] if rule["code"] == "PRRT-E4")
    rule["when"] = {"not": {**rule["when"], "op": ">="}}
    change = prove_change(starter.ruleset(), Ruleset.from_data(data))
    assert change.unchanged == ("lutetium_dotatate",)
    assert change.changes_nothing
    assert change.sentence == "For no possible patient does this change any status."

"""What proofs do at their edges: time that runs out, `only`, sets known in part, dictionaries that differ, faults."""

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pytest

from pathways.engine import PartialSet, Ruleset, Status, statuses
from pathways.engine.verification import KINDS, ProofFault, guards, prove, prove_change
from pathways.engine.verification.domains import cells, domains
from pathways.engine.verification.examples import Engine, restricted
from tests.unit.engine.clinic import DICTIONARY, data, rule, ruleset

HEART = {"feature": "illnesses", "op": "contains", "value": "heart"}


def invariant(code: str, option: str, when: dict[str, Any], **changed: Any) -> dict[str, Any]:
    entry = {
        "code": code,
        "options": [option],
        "when": when,
        "never": ["candidate", "conditional", "possible"],
        "holds_for": "all records",
        "sentence": f"{option} is never listed there.",
        "why": "It would harm.",
    }
    return {key: value for key, value in {**entry, **changed}.items() if value is not None}


BROKEN = invariant("INV-1", "drug", HEART)
HELD = invariant("INV-2", "drug", {"feature": "egfr", "op": "<", "value": 30})


def test_time_that_runs_out_is_not_proved_and_never_fine() -> None:
    proof = prove(ruleset(invariants=[BROKEN, HELD]), budget_ms=0)
    assert not proof.complete
    assert {finding.kind for finding in proof.findings} == {"not_proved"}
    # No two thresholds here lie side by side, which is seen without asking.
    answered = {verdict.code for verdict in proof.verdicts if verdict.answer != "not proved"}
    assert answered == {"thresholds"}
    assert proof.counts["invariants"].sentence == "0 of 2 invariants proved"
    assert [finding.about for finding in proof.blocking] == [
        "not_proved:invariant_broken:INV-1",
        "not_proved:invariant_broken:INV-2",
    ]
    assert proof.blocking[0].sentence == ("Not proved, because the time ran out: INV-1: drug is never listed there.")


def test_a_change_without_time_is_not_proved_for_any_option_it_touches() -> None:
    after = ruleset(rules=[*data()["rules"], rule("D-9", "drug", "exclusion", HEART)])
    change = prove_change(ruleset(), after, budget_ms=0)
    assert change.not_proved == ("drug",)
    assert not change.complete
    assert not change.changes_nothing
    assert change.sentence == "Not proved for 1 option: the time given was too short."


def test_only_asks_for_the_kinds_and_options_that_are_named() -> None:
    asked = ruleset(invariants=[BROKEN, invariant("INV-3", "knife", HEART)])
    of_one = prove(asked, only=("drug",))
    assert {verdict.code for verdict in of_one.verdicts} == {
        "INV-1", "D-1", "D-2", "D-3", "D-4", "drug", "thresholds",
    }  # fmt: skip
    of_kind = prove(asked, only=("invariant_broken",))
    assert {verdict.kind for verdict in of_kind.verdicts} == {"invariant_broken"}
    assert {finding.codes for finding in of_kind.findings} == {("INV-1", "drug"), ("INV-3", "knife")}
    both = prove(asked, only=("invariant_broken", "knife"))
    assert [finding.codes for finding in both.findings] == [("INV-3", "knife")]


GAP = {
    "rules": [
        rule("W-1", "watch", "indication", {"feature": "ki67", "op": "<=", "value": 2}),
        rule("W-2", "watch", "indication", {"feature": "ki67", "op": ">=", "value": 3}),
        rule("W-3", "watch", "indication", {"all": [{"feature": "ki67", "op": "<=", "value": 1}, HEART]}),
        rule("D-1", "drug", "indication", {"feature": "egfr", "op": ">=", "value": 30}),
        rule("K-1", "knife", "indication", {"feature": "ecog", "op": "<=", "value": 1}),
    ]
}


def keys(**changed: Any) -> dict[str, str]:
    """Kind → the key under which its finding is acknowledged."""
    return {finding.kind: finding.key for finding in prove(ruleset(**{**GAP, **changed})).findings}


def with_rule(code: str, **fields: Any) -> list[dict[str, Any]]:
    return [{**one, **fields} if one["code"] == code else one for one in GAP["rules"]]


def test_a_finding_keeps_its_key_while_what_it_rests_on_is_the_same_and_no_other_finding_has_it() -> None:
    known = keys()
    assert {"hole_nothing", "threshold_gap", "redundant_rule"} <= known.keys()
    # Words, and a rule that bears on none of them but the hole, leave a key as it was.
    assert keys(rules=with_rule("D-1", rationale="Said otherwise.", title="Kidneys")) == known
    elsewhere = keys(rules=with_rule("D-1", when={"feature": "egfr", "op": ">=", "value": 45}))
    assert {kind for kind in known if elsewhere[kind] != known[kind]} == {"hole_nothing"}
    # The hole has as small an example as before, and is another: as many facts, other patients.
    sizes = {len(prove(ruleset(rules=rules)).of_kind("hole_nothing")[0].examples[0]) for rules in (
        GAP["rules"], with_rule("D-1", when={"feature": "egfr", "op": ">=", "value": 45}),
    )}  # fmt: skip
    assert len(sizes) == 1
    wider = keys(rules=with_rule("W-2", when={"feature": "ki67", "op": ">=", "value": Decimal("2.5")}))
    assert wider.get("threshold_gap") != known["threshold_gap"]
    implied = keys(rules=with_rule("W-3", when={"all": [{"feature": "ki67", "op": "<=", "value": 1}, HELD["when"]]}))
    assert implied["redundant_rule"] != known["redundant_rule"]
    assert implied["redundant_rule"].partition("@")[0] == known["redundant_rule"].partition("@")[0]


def test_a_definition_is_part_of_what_a_finding_rests_on() -> None:
    def with_definition(value: str) -> dict[str, str]:
        free = {"code": "old", "title": "Old", "when": {"feature": "ki67", "op": "<=", "value": Decimal(value)}}
        return keys(definitions=[free], rules=with_rule("W-3", when={"all": [{"use": "old"}, HEART]}))

    assert with_definition("1")["redundant_rule"] != with_definition("0.5")["redundant_rule"]


def test_an_edit_that_lets_nobody_else_fall_into_a_hole_is_proved_to() -> None:
    before = ruleset(**GAP)
    narrower = ruleset(rules=with_rule("D-1", when={"feature": "egfr", "op": ">=", "value": 15}))
    assert prove_change(before, narrower).widened == ()
    assert prove_change(narrower, before).widened == ("hole_nothing",)
    assert prove_change(narrower, before, budget_ms=0).widened == ("hole_nothing",)
    fewer = [one for one in data()["options"] if one["code"] != "knife"]
    without = ruleset(options=fewer, rules=[one for one in GAP["rules"] if one["option"] != "knife"])
    assert prove_change(before, without).widened == ("hole_nothing",)


def test_only_refuses_a_word_it_does_not_know() -> None:
    with pytest.raises(ValueError, match="only: 'drugs' is neither a kind of finding nor an option."):
        prove(ruleset(), only=("drugs",))


def test_every_finding_is_of_a_kind_and_an_example_of_the_engines() -> None:
    asked = ruleset(invariants=[BROKEN])
    for finding in prove(asked).findings:
        assert finding.kind in KINDS
        for example in finding.examples:
            assert set(statuses(asked, example)) == {"watch", "drug", "knife"}


def test_a_set_known_in_part_is_used_only_where_nothing_else_shows_it() -> None:
    """Given contains a drug, and yet the history is not known: true of an unconfirmed history alone."""
    given = {"feature": "given", "op": "contains", "value": "drug"}
    unconfirmed = {"all": [given, {"not": {"feature": "given", "op": "is_known"}}]}
    rules = [rule("W-1", "watch", "indication", unconfirmed), rule("D-1", "drug", "indication", given)]
    asked = ruleset(rules=rules, invariants=[invariant("INV-1", "watch", given), invariant("INV-2", "drug", given)])
    examples = {finding.codes[1]: finding.example for finding in prove(asked).blocking}
    assert examples == {"watch": {"given": PartialSet(("drug",))}, "drug": {"given": ("drug",)}}


def test_the_loss_of_an_exclusion_is_noticed_by_the_invariant_that_guards_it() -> None:
    assert guards(ruleset(invariants=[HELD])) == {"W-2": (), "D-2": ("INV-2",), "D-3": (), "K-2": ()}
    assert guards(ruleset(invariants=[HELD]), budget_ms=0)["D-2"] is None


def test_an_example_the_engine_does_not_agree_with_raises_loudly() -> None:
    engine = Engine(ruleset())
    engine.network.kinds[engine.network.roots["D-1"]] = 4  # a comparison that the proof would read as always true
    with pytest.raises(ProofFault, match="drug is not_indicated"):
        engine.must_agree({"grade": "G1"})


def with_another_site() -> Ruleset:
    tumor = {**DICTIONARY["tumor"], "site": {"kind": "enum", "values": ["lung", "gut", "skin"], "title": "Site"}}
    return ruleset(dictionary={**DICTIONARY, "tumor": tumor})


def test_a_value_that_only_one_dictionary_has_is_no_patient_of_both() -> None:
    rules = [*data()["rules"], rule("W-3", "watch", "indication", {"feature": "site", "op": "=", "value": "skin"})]
    tumor = {**DICTIONARY["tumor"], "site": {"kind": "enum", "values": ["lung", "gut", "skin"], "title": "Site"}}
    after = ruleset(dictionary={**DICTIONARY, "tumor": tumor}, rules=rules)
    change = prove_change(ruleset(), after)
    assert {(one.before, one.after) for one in change.changes} == {
        ("not_indicated", "possible"),
        ("not_indicated", "excluded"),
    }
    assert all(one.example.get("site") != "skin" for one in change.changes)
    assert prove_change(ruleset(), with_another_site()).changes_nothing


def test_a_feature_and_an_option_that_are_new_are_left_out_for_the_version_before() -> None:
    options = [*data()["options"], {"code": "beam", "title": "Beam", "group": "radiation"}]
    patient = {**DICTIONARY["patient"], "frail": {"kind": "bool", "title": "Frail"}}
    rules = [
        *data()["rules"],
        rule("B-1", "beam", "indication", {"always": True}),
        rule("K-9", "knife", "exclusion", {"feature": "frail", "op": "=", "value": True}),
        rule("W-9", "watch", "exclusion", {"feature": "given", "op": "contains", "value": "beam"}),
    ]
    after = ruleset(options=options, dictionary={**DICTIONARY, "patient": patient}, rules=rules)
    change = prove_change(ruleset(), after)
    assert change.added == ("beam",)
    assert change.removed == ()
    directions = {(one.option, one.before, one.after): one.example for one in change.changes}
    assert directions["knife", "candidate", "excluded"]["frail"] is True
    assert directions["watch", "candidate", "excluded"]["given"] == ("beam",)
    assert directions["watch", "candidate", "conditional"].keys() == {"ki67"}
    for (option, before, after_status), example in directions.items():
        assert statuses(ruleset(), restricted(ruleset(), dict(example)))[option] is before
        assert statuses(after, example)[option] is after_status
    back = prove_change(after, ruleset())
    assert back.removed == ("beam",)
    assert {(one.option, one.after, one.before) for one in back.changes} == set(directions)


def test_a_feature_of_another_kind_is_not_recorded_for_either() -> None:
    patient = {**DICTIONARY["patient"], "ecog": {"kind": "enum", "values": ["good", "bad"], "title": "ECOG"}}
    rules = [one for one in data()["rules"] if one["code"] != "K-2"]
    rules.append(rule("K-2", "knife", "exclusion", {"feature": "ecog", "op": "=", "value": "bad"}))
    change = prove_change(ruleset(), ruleset(dictionary={**DICTIONARY, "patient": patient}, rules=rules))
    assert change.complete
    assert change.changes_nothing


def test_cautions_and_words_touch_no_option() -> None:
    rules = [*data()["rules"], rule("W-9", "watch", "caution", HEART)]
    rules[0] = {**rules[0], "rationale": "Said otherwise."}
    change = prove_change(ruleset(), ruleset(rules=rules))
    assert change.untouched == ("watch", "drug", "knife")
    assert change.changes_nothing


@pytest.mark.parametrize(
    ("low", "high", "edges", "integer", "expected"),
    [
        ("0", "100", [], False, ["50"]),
        ("0", "100", ["20"], False, ["10", "20", "30"]),
        ("0", "100", ["20", "20.5"], False, ["10", "20", "20.2", "20.5", "30"]),
        ("0", "100", ["0", "100"], False, ["0", "50", "100"]),
        ("0", "0.004", ["0.002"], False, ["0.001", "0.002", "0.003"]),
        ("0", "4", ["1", "2"], True, ["0", "1", "2", "3"]),
        ("0", "4", ["0", "4"], True, ["0", "2", "4"]),
        ("3", "3", [], True, ["3"]),
        ("3", "3", ["3"], False, ["3"]),
    ],
)
def test_numbers_are_cut_where_something_tells_them_apart(
    low: str, high: str, edges: list[str], integer: bool, expected: list[str]
) -> None:
    found = cells(Decimal(low), Decimal(high), [Decimal(edge) for edge in edges], integer=integer)
    assert [str(number.normalize()) if number else "0" for number in found] == [
        str(Decimal(number).normalize()) if number != "0" else "0" for number in expected
    ]


def test_every_cell_is_a_value_that_may_be_recorded() -> None:
    for name, domain in domains([ruleset()]).items():
        for value in domain.values if not domain.is_set else [domain.values]:
            assert ruleset().dictionary.check(name, value) == value


def test_importing_the_proofs_does_not_load_z3_and_the_first_proof_does() -> None:
    program = (
        "import sys, pathways.engine, pathways.engine.verification as v; before = 'z3' in sys.modules; "
        "from tests.unit.engine.clinic import ruleset; v.prove(ruleset()); print(before, 'z3' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


def test_definitions_that_use_each_other_over_and_over_cost_no_more_than_once() -> None:
    """Written out, the last of these would have more than a million million parts."""
    definitions = [{"code": "d0", "title": "First", "when": {"feature": "ki67", "op": "<=", "value": 2}}]
    for number in range(40):
        twice = {"any": [{"use": f"d{number}"}, {"all": [{"use": f"d{number}"}, HEART]}]}
        definitions.append({"code": f"d{number + 1}", "title": "Another", "when": twice})
    rules = [
        rule("W-1", "watch", "indication", {"use": "d40"}),
        rule("W-2", "watch", "indication", {"feature": "ki67", "op": ">=", "value": 3}),
    ]
    asked = ruleset(definitions=definitions, rules=rules)
    assert [finding.codes[:2] for finding in prove(asked).of_kind("threshold_gap")] == [("W-1", "W-2")]
    assert prove_change(asked, ruleset(definitions=definitions[:1], rules=[
        rule("W-1", "watch", "indication", {"use": "d0"}), rules[1],
    ])).unchanged == ("watch",)  # fmt: skip


def test_the_same_question_has_the_same_answer_word_for_word() -> None:
    asked = ruleset(invariants=[BROKEN, HELD])
    one, other = (prove(asked).findings for _ in range(2))
    assert one == other
    assert Status.CANDIDATE in asked.invariants[0].forbidden

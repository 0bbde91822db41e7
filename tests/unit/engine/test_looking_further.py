"""Age of facts, blanks, facts that settle only together, and two assessments compared."""

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.engine import (
    NumberRange,
    Status,
    assess,
    compare,
    excluded_before_ageing,
    idle_blanks,
    makes_candidate,
    only_together,
    statuses,
    without_stale,
)
from pathways.engine.succession import cause_of
from tests.unit.engine.clinic import data, rule, ruleset

CLINIC = ruleset()
LIMITED = ruleset(limits={"egfr": {"days": 90, "reason": "Kidney function moves."}})


def test_a_reading_counts_on_its_last_day_and_not_on_the_next() -> None:
    features = {"egfr": Decimal(20), "grade": "G2"}
    fresh, stale = without_stale(LIMITED, features, {"egfr": 90, "grade": 4000})
    assert (fresh, stale) == (features, ())
    fresh, (old,) = without_stale(LIMITED, features, {"egfr": 91, "grade": 4000})
    assert fresh == {"grade": "G2"}
    assert (old.feature, old.value, old.age_days, old.limit.days) == ("egfr", Decimal(20), 91, 90)
    assert old.limit.reason == "Kidney function moves."


def test_what_has_no_date_or_no_limit_does_not_age() -> None:
    features = {"egfr": Decimal(20), "ecog": Decimal(1)}
    assert without_stale(LIMITED, features, {}) == (features, ())
    assert without_stale(CLINIC, features, {"egfr": 4000, "ecog": 4000}) == (features, ())


def test_an_option_that_a_stale_value_excluded_is_named() -> None:
    with_stale = statuses(LIMITED, {"egfr": 20, "grade": "G2"})
    without = statuses(LIMITED, {"grade": "G2"})
    assert (with_stale["drug"], without["drug"]) == (Status.EXCLUDED, Status.CONDITIONAL)
    assert excluded_before_ageing(with_stale, without) == ("drug",)
    assert excluded_before_ageing(with_stale, with_stale) == ()


def test_limits_are_part_of_the_digest() -> None:
    assert LIMITED.digest != CLINIC.digest
    assert LIMITED.limits["egfr"].days == 90


def test_two_facts_that_settle_an_option_only_together_are_named_as_a_pair() -> None:
    counts = {"feature": "illnesses", "op": "contains", "value": "kidney"}
    rules = [
        rule("D-1", "drug", "indication", {"feature": "grade", "op": "=", "value": "G2"}),
        rule("D-2", "drug", "exclusion", {"feature": "egfr", "op": "<", "value": 30}),
        rule("D-3", "drug", "exclusion", counts),
        rule("W-1", "watch", "indication", {"feature": "ecog", "op": "=", "value": 0}),
    ]
    assessment = assess(ruleset(rules=rules), {"grade": "G2"})
    assert assessment.option("drug").missing == ("egfr", "illnesses")
    assert makes_candidate(assessment, "drug") == ()
    assert [pair.features for pair in only_together(assessment, "drug")] == [("egfr", "illnesses")]
    assert makes_candidate(assessment, "watch") == ("ecog",)
    assert only_together(assessment, "watch") == ()
    assert only_together(assessment, "knife") == ()


def test_blanks_that_change_nothing_are_named_and_those_waited_for_are_not() -> None:
    assessment = assess(CLINIC, {"grade": "G2", "site": "gut"})
    assert assessment.option("drug").missing == ("egfr",)
    # age, ecog (the operation is not indicated), illnesses (a caution only) and given change no status; a Ki-67 that
    # goes with grade 2 changes none either; "free of disease" would exclude the drug.
    assert idle_blanks(assessment) == ("age", "ecog", "illnesses", "ki67", "given")


def test_a_blank_that_only_a_range_could_stir_is_not_idle() -> None:
    high = [{"feature": "ki67", "op": "is_known"}, {"feature": "ki67", "op": ">", "value": 55}]
    rules = [
        rule("W-1", "watch", "indication", {"always": True}),
        rule("W-2", "watch", "exclusion", {"any": [{"feature": "grade", "op": "=", "value": "G3"}, {"all": high}]}),
    ]
    assessment = assess(ruleset(rules=rules), {"grade": "G2"})
    # Any single Ki-67 above 55 contradicts grade 2; the range from 10 to 60 contradicts nothing, and leaves it open.
    assert "ki67" not in idle_blanks(assessment)


VALUES: dict[str, st.SearchStrategy[Any]] = {
    "egfr": st.decimals(0, 200, places=1),
    "ecog": st.integers(0, 4),
    "illnesses": st.sets(st.sampled_from(["heart", "kidney", "liver"])).map(list),
    "site": st.sampled_from(["lung", "gut"]),
    "grade": st.sampled_from(["G1", "G2", "G3"]),
    "ki67": st.one_of(
        st.decimals(0, 100, places=1),
        st.tuples(st.decimals(0, 50, places=1), st.decimals("50.1", 100, places=1)).map(lambda two: NumberRange(*two)),
    ),
    "lung_type": st.sampled_from(["typical", "atypical"]),
    "free": st.booleans(),
    "given": st.sets(st.sampled_from(["watch", "drug", "knife"])).map(list),
}
RECORDS = st.fixed_dictionaries({}, optional=VALUES)


@given(RECORDS, st.data())
def test_filling_a_blank_that_changes_nothing_never_changes_the_list(
    record: dict[str, Any], draw: st.DataObject
) -> None:
    assessment = assess(CLINIC, record)
    before = statuses(CLINIC, record)
    known = {entry.code for entry in assessment.contradictions}
    for name in idle_blanks(assessment):
        if name in VALUES:
            filled = {**record, name: draw.draw(VALUES[name])}
            if {entry.code for entry in assess(CLINIC, filled).contradictions} <= known:
                assert statuses(CLINIC, filled) == before


def test_since_last_time_data_and_rules_are_told_apart() -> None:
    rules = data()["rules"]
    newer = ruleset(
        ruleset={"code": "clinic", "version": 2, "title": "Clinic"},
        rules=[rule("W-1", "watch", "indication", {"feature": "grade", "op": "in", "value": ["G1", "G2"]}), *rules[1:]],
    )
    before = assess(CLINIC, {"grade": "G2", "egfr": 60, "ecog": 1})
    after = assess(newer, {"grade": "G2", "egfr": 20, "ecog": 1})
    found = compare(before, after)
    assert [(o.option, o.before, o.after, o.cause) for o in found.options] == [
        ("watch", Status.NOT_INDICATED, Status.CONDITIONAL, "rules"),
        ("drug", Status.CANDIDATE, Status.EXCLUDED, "data"),
    ]
    assert found.options[1].rules == ("D-2",)
    assert [(f.feature, f.before, f.after) for f in found.features] == [("egfr", Decimal(60), Decimal(20))]
    assert (found.unchanged, found.same_ruleset) == (1, False)


def test_a_change_that_needs_both_is_said_to_need_both() -> None:
    needs_both = rule("W-1", "watch", "indication", {"feature": "ecog", "op": "=", "value": 2})
    newer = ruleset(rules=[needs_both, *data()["rules"][1:]])
    before, after = assess(CLINIC, {"grade": "G2", "ecog": 1}), assess(newer, {"grade": "G2", "ecog": 2})
    (watch,) = [o for o in compare(before, after).options if o.option == "watch"]
    assert watch.cause == "data and rules"


GRADE_1 = {"feature": "grade", "op": "=", "value": "G1"}
GRADE_2 = {"feature": "grade", "op": "=", "value": "G2"}
EITHER = {"feature": "grade", "op": "in", "value": ["G1", "G2"]}
FIT = {"feature": "ecog", "op": "=", "value": 0}


# Watching is indicated by a rule before and by a rule after, for facts before and for facts after.
@pytest.mark.parametrize(
    ("rule_before", "rule_after", "facts_before", "facts_after", "cause", "each_alone"),
    [
        (GRADE_2, GRADE_2, {"grade": "G1"}, {"grade": "G2"}, "data", False),
        (GRADE_1, GRADE_2, {"grade": "G2"}, {"grade": "G2"}, "rules", False),
        (GRADE_2, {"any": [GRADE_2, FIT]}, {"grade": "G1"}, {"grade": "G2"}, "data", False),
        (GRADE_1, EITHER, {"grade": "G2"}, {"grade": "G2", "ecog": 1}, "rules", False),
        (GRADE_2, EITHER, {"grade": "G1"}, {"grade": "G2"}, "data and rules", True),
        (GRADE_1, FIT, {"grade": "G2", "ecog": 1}, {"grade": "G2", "ecog": 0}, "data and rules", False),
    ],
)
def test_data_alone_rules_alone_each_alone_or_only_both_together(
    rule_before: dict[str, Any],
    rule_after: dict[str, Any],
    facts_before: dict[str, Any],
    facts_after: dict[str, Any],
    cause: str,
    each_alone: bool,
) -> None:
    old = ruleset(rules=[rule("W-1", "watch", "indication", rule_before)])
    new = ruleset(rules=[rule("W-1", "watch", "indication", rule_after), rule("D-9", "drug", "caution", GRADE_1)])
    (watch,) = compare(assess(old, facts_before), assess(new, facts_after)).options
    assert (watch.option, watch.before, watch.after) == ("watch", Status.NOT_INDICATED, Status.CANDIDATE)
    assert (watch.cause, watch.each_alone) == (cause, each_alone)


def test_the_truth_table_of_causes() -> None:
    """What alone leads to the new status is a cause; where both do, or neither does, both are."""
    for by_data, by_rules, now in product([*Status, None], repeat=3):
        cause = cause_of(now, by_data=by_data, by_rules=by_rules)
        explained = (by_data is now, by_rules is now)
        assert (
            cause
            == {
                (True, False): "data",
                (False, True): "rules",
                (True, True): "data and rules",
                (False, False): "data and rules",
            }[explained]
        )


def test_options_that_came_or_went_with_the_rules_are_named() -> None:
    fewer = ruleset(
        options=data()["options"][:2],
        dictionary={**data()["dictionary"], "history": {}},
        rules=[entry for entry in data()["rules"] if entry["option"] != "knife"],
    )
    full = assess(CLINIC, {"site": "gut", "given": ["knife"]})
    small = assess(fewer, {"site": "gut"})
    assert [(o.option, o.before, o.after) for o in compare(full, small).options] == [
        ("knife", Status.NOT_INDICATED, None)
    ]
    assert [(o.option, o.before, o.after) for o in compare(small, full).options] == [
        ("knife", None, Status.NOT_INDICATED)
    ]


def test_an_assessment_compared_with_itself_differs_in_nothing() -> None:
    assessment = assess(CLINIC, {"grade": "G2"})
    found = compare(assessment, assess(CLINIC, {"grade": "G2"}))
    assert (found.options, found.features, found.unchanged, found.same_ruleset) == ((), (), 3, True)

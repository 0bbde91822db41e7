"""Why an option is not listed: four answers kept apart, each with its comparison; one fact away is true."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pathways.engine import Assessment, NumberRange, PartialSet, assess, one_fact_away
from pathways.knowledge.demo import demo_patients
from pathways.presenters.candidates import candidates_page
from pathways.presenters.explanation import option_row
from pathways.presenters.readings import cautions_between
from pathways.presenters.trace_rows import ReadingWords
from pathways.presenters.why_not import why_not
from pathways.presenters.words import LISTED
from tests.unit.pathways.example import WILLOW, assessment_of, features_of, ruleset, willow

MRNS = [patient.mrn for patient in demo_patients()]


def said(assessment: Assessment, code: str, **readings: ReadingWords) -> str:
    why = why_not(assessment, code, readings)
    assert why is not None
    return f"{why.word}. {why.meaning} {why.said}"


def test_an_excluded_option_says_which_comparison_rules_it_out_with_value_date_and_source() -> None:
    low = assess(ruleset(), {**WILLOW, "egfr_ml_min": Decimal(20)})
    text = said(low, "lutetium_dotatate", egfr_ml_min=ReadingWords("2 Nov 2026", "laboratory"))
    assert text.startswith("Ruled out.")
    assert "is below 30" in text
    assert ": holds. eGFR: 20" in text
    assert "(laboratory, 2 Nov 2026)" in text


def test_an_option_without_a_reason_for_the_primary_site_is_not_covered_and_neither_ruled_out_nor_unknown() -> None:
    why = why_not(willow(), "sunitinib", {})
    assert why is not None
    assert why.kind == "not_covered"
    assert "No rule of this option gives a reason for the primary site small bowel." in why.meaning
    assert why.near_said == "Primary site: pancreas"
    assert why_not(assess(ruleset(), {}), "sunitinib", {}).kind == "cannot_tell"  # type: ignore[union-attr]


def test_a_possible_option_cannot_be_told_and_names_what_is_not_known() -> None:
    bare = assess(ruleset(), {"primary_site": "small_bowel"})
    text = said(bare, "lanreotide")
    assert text.startswith("Cannot tell.")
    assert "not known" in text
    assert "does not hold" not in text


@pytest.mark.parametrize("mrn", MRNS)
def test_every_option_that_is_not_listed_has_an_answer_with_a_value_and_the_kinds_add_up(mrn: str) -> None:
    assessment = assessment_of(mrn)
    page = candidates_page(assessment, {})
    folded = [e.row for e in page.excluded] + [row for group in page.not_indicated for row in group.rows]
    assert len(folded) == page.total - page.listed_number
    for row in folded:
        assert row.why is not None
        assert row.why.kind == ("ruled_out" if row.status == "excluded" else row.why.kind)
        assert row.why.kind in ("ruled_out", "no_reason", "not_covered")
        assert all(one.value for rule in row.why.rules for one in rule.failed)
        assert row.why.rules or row.why.kind == "not_covered"
    near = candidates_page(assessment, {}, "one_fact_away")
    shown = [e.row for e in near.excluded] + [row for group in near.not_indicated for row in group.rows]
    assert sorted(row.code for row in shown) == sorted(row.code for row in folded if row.why and row.why.near)
    assert len(shown) == near.near_number == page.near_number


def test_a_fact_that_alone_would_list_an_option_says_what_it_would_have_to_be() -> None:
    """None of these was marked while only a nearest reason that lacks one comparison was."""
    near = {option: why_not(assessment_of("DEMO-001"), option, {}) for option in ("everolimus", "belzutifan")}
    everolimus = near["everolimus"]
    assert everolimus is not None
    assert everolimus.near_said == (
        "Surgical risk: prohibitive; or Resectability of the primary: unresectable; "
        "or Extent: metastatic (contradicts other values on record)"
    )
    low = why_not(assess(ruleset(), {**WILLOW, "egfr_ml_min": Decimal(20)}), "lutetium_dotatate", {})
    assert low is not None
    assert [(one.feature, one.values) for one in low.near] == [("egfr_ml_min", "at least 30 mL/min/1.73 m²")]


def test_a_set_says_which_member_more_or_less_would_list_an_option() -> None:
    cases = {"bone_protective_agents": "Metastatic sites: also bone", "endoscopic_palliation": "Symptoms: also"}
    for option, said in cases.items():
        why = why_not(assessment_of("DEMO-005"), option, {})
        assert why is not None
        assert why.near_said.startswith(said)
    had = ("portal_vein_thrombosis_main", "neuropathy")
    blocked = why_not(assess(ruleset(), {**WILLOW, "comorbidities": had}), "chemoembolization", {})
    assert blocked is not None
    assert blocked.kind == "ruled_out"
    assert blocked.near_said == "Comorbidities: without portal vein thrombosis, main trunk"


def test_a_range_of_numbers_or_a_history_not_confirmed_may_have_been_another_one() -> None:
    """What is partly known counts as a fact of which another reading is possible, outside its range as well."""
    partly = {
        **WILLOW,
        "egfr_ml_min": NumberRange(Decimal(10), Decimal(20)),
        "intolerant_to": PartialSet(("lutetium_dotatate",)),
        "neutrophils_10e9_l": Decimal(3),
    }
    one = assess(ruleset(), {**partly, "intolerant_to": ()})
    assert [fact.values for fact in one_fact_away(one)["lutetium_dotatate"]] == ["at least 30 mL/min/1.73 m²"]
    other = assess(ruleset(), {**partly, "egfr_ml_min": Decimal(80)})
    said = [(fact.feature, fact.values) for fact in one_fact_away(other).get("lutetium_dotatate", ())]
    assert any(name == "intolerant_to" and values.startswith("without ") for name, values in said), said


@given(st.fixed_dictionaries({}, optional={name: st.just(value) for name, value in WILLOW.items()}))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_unknown_is_never_said_to_be_a_no(features: dict[str, Any]) -> None:
    assessment = assess(ruleset(), features)
    for option in assessment.options:
        why = why_not(assessment, option.code, {})
        if str(option.status) in ("possible", "conditional"):
            assert why is not None
            assert why.kind == "cannot_tell"
        for rule in why.rules if why else ():
            for one in rule.failed:
                unknown = one.feature not in assessment.record.known and one.feature not in assessment.inapplicable
                assert one.verdict == "not known" or not unknown, (option.code, one)


def test_cautions_that_differ_are_named_for_listed_options_alone() -> None:
    before = assessment_of("DEMO-003")
    after = assess(ruleset(), {**features_of("DEMO-003"), "comorbidities": ("cholelithiasis",)})
    found = {code: cautions_between(ruleset(), before.option(code), after.option(code)) for code in before.by_code}
    listed = {option.code for option in after.options if str(option.status) in LISTED}
    assert {code for code, text in found.items() if text} <= listed
    assert any("also to weigh: " in text for text in found.values())
    back = {code: cautions_between(ruleset(), after.option(code), before.option(code)) for code in before.by_code}
    assert any("no longer to weigh: " in text for text in back.values())


def test_the_row_of_an_option_stands_without_the_answer() -> None:
    assert option_row(willow(), "sunitinib").why is None

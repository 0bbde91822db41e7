"""What would settle it, in words, for patients of whom every answer can be worked out by hand."""

from pathways.engine import assess
from pathways.presenters.explanation import no_link
from pathways.presenters.missing import missing_view
from pathways.presenters.settling import MOST_MISSING, blanks, could_do
from tests.unit.pathways.example import WILLOW, assessment_of, ruleset, willow


def test_two_facts_that_settle_an_option_only_together_name_each_other() -> None:
    could = could_do(willow())
    for fact, partner in (("egfr_ml_min", "neutrophils"), ("neutrophils_10e9_l", "eGFR")):
        assert [(o.code, o.partners) for o in could[fact].together] == [("lutetium_dotatate", (partner,))]
        assert could[fact].candidate == ()
        assert [o.code for o in could[fact].rule_out] == ["lutetium_dotatate"]


def test_with_one_of_the_two_recorded_the_other_settles_the_option_by_itself() -> None:
    could = could_do(assess(ruleset(), {**WILLOW, "neutrophils_10e9_l": 3}))
    assert "lutetium_dotatate" in [option.code for option in could["egfr_ml_min"].candidate]
    assert could["egfr_ml_min"].together == ()


def test_the_card_beside_the_list_names_the_one_other_fact_that_an_option_waits_for() -> None:
    facts = {fact.feature: fact for fact in missing_view(willow(), no_link).facts}
    assert facts["egfr_ml_min"].options_said == "PRRT with 177Lu-DOTATATE (with neutrophils)"


def test_an_option_that_many_facts_leave_open_is_not_said_to_be_settled_by_two() -> None:
    sparse = assessment_of("DEMO-012")
    many = {option.code for option in sparse.options if len(option.missing) > MOST_MISSING}
    assert many
    assert not many & {option.code for could in could_do(sparse).values() for option in could.together}


def test_every_blank_is_asked_for_or_named_once_among_the_others() -> None:
    for assessment in (willow(), assessment_of("DEMO-005"), assessment_of("DEMO-012")):
        other = blanks(assessment)
        waited_for = {entry.feature for entry in assessment.missing}
        named = [*waited_for, *other.idle, *other.following, *other.assumed]
        assert sorted(named) == sorted(assessment.features_unknown())
        assert len(named) == len(set(named))


def test_what_only_a_question_whether_it_is_known_reads_stands_under_the_assumptions() -> None:
    other = blanks(assess(ruleset(), {"primary_site": "pancreas", "differentiation": "well"}))
    assert "grade" not in other.idle
    assert not set(other.assumed) & set(other.idle)


def test_a_blank_from_which_something_follows_is_no_idle_one() -> None:
    assert "mitoses_per_2mm2" in blanks(assessment_of("DEMO-012")).following

"""The rows of an option and its explanation say what the assessment says, all of it, and nothing else."""

from dataclasses import replace

from pathways.engine import Assessment, Status, Truth, assess, comparisons_of
from pathways.presenters.candidates import candidates_page, listed_said
from pathways.presenters.explanation import MOST_CHIPS, Explanation, explain, option_row, option_rows
from pathways.presenters.missing import missing_view
from pathways.presenters.printed import printed_sheet
from pathways.presenters.trace_rows import TraceRow, in_the_way, trace_table
from pathways.presenters.words import LISTED
from tests.unit.pathways.example import READINGS, WILLOW, assessment_of, ruleset, willow

DEMO = [f"DEMO-{number:03}" for number in range(1, 15)]


def explained(assessment: Assessment, code: str, *, whole: bool = False) -> Explanation:
    return explain(assessment, option_row(assessment, code), READINGS, whole=whole)


def rows_of(explanation: Explanation) -> list[TraceRow]:
    rules = (*explanation.reasons, *explanation.open_reasons, *explanation.open_exclusions)
    return [row for rule in rules if rule.table for row in rule.table.rows]


def test_a_conditional_option_names_its_reason_what_is_open_and_what_would_settle_it() -> None:
    prrt = explained(willow(), "lutetium_dotatate")
    assert prrt.row.status == "conditional"
    assert prrt.row.rule_code == "PRRT-I1"
    assert {chip.title for chip in prrt.row.missing} == {"eGFR", "Neutrophils"}
    assert {rule.code for rule in prrt.open_exclusions} == {"PRRT-E4", "PRRT-E7"}
    assert prrt.exclusions_said.startswith("7 exclusions: none holds, 2 cannot be judged yet, 5 do not hold")
    assert prrt.changes[0].text == "eGFR and Neutrophils recorded, and none of them rules it out"
    assert prrt.changes[0].status == "candidate"
    assert ("eGFR: below 30 mL/min/1.73 m²", "excluded") in [(change.text, change.status) for change in prrt.changes]


def test_a_row_shows_the_patients_value_with_its_date_source_and_age() -> None:
    row = next(
        row for row in rows_of(explained(willow(), "lutetium_dotatate", whole=True)) if row.feature == "hemoglobin_g_dl"
    )
    assert (row.truth, row.value) == ("false", "11.4 g/dL")
    whole = explained(willow(), "lutetium_dotatate", whole=True)
    receptors = [
        r for rule in whole.not_ruling_out if rule.table for r in rule.table.rows if r.feature == "sstr_status"
    ]
    assert (receptors[0].value, receptors[0].when, receptors[0].old) == ("positive", "2 Oct 2025", "13 months old")


def test_an_unknown_part_is_marked_and_says_that_it_is_not_recorded() -> None:
    unknown = [
        row for row in rows_of(explained(willow(), "lutetium_dotatate")) if row.truth == "unknown" and row.feature
    ]
    assert {row.feature for row in unknown} >= {"egfr_ml_min", "neutrophils_10e9_l"}
    assert {row.value for row in unknown} == {"not recorded"}


def test_a_value_that_follows_from_others_says_from_what() -> None:
    whole = explained(willow(), "lutetium_dotatate", whole=True)
    rows = [row for rule in whole.not_ruling_out if rule.table for row in rule.table.rows]
    pregnancy = next(row for row in rows if row.feature == "pregnant_or_breastfeeding")
    assert (pregnancy.value, pregnancy.follows) == ("no", "Does not arise from age 60 on.")


def test_no_comparison_of_a_rule_is_left_out_of_its_rows() -> None:
    for option in ruleset().options:
        for result in willow().explain(option.code):
            rows = [row for row in trace_table(result.trace, {}).rows if row.feature]
            assert [row.feature for row in rows] == [node.feature for node in comparisons_of(result.trace)], result.code


def test_a_negated_part_is_shown_with_the_value_that_it_has_for_the_rule() -> None:
    """A row's sign is about what the row says: 'do not include' is met where the set holds nothing of the kind."""
    for option in ruleset().options:
        for result in willow().explain(option.code):
            for row in trace_table(result.trace, {}).rows:
                if "do not include" in row.text and row.value == "none":
                    assert row.truth == "true", (result.code, row.text)


def test_what_stands_in_the_way_is_never_empty_for_a_rule_that_does_not_hold() -> None:
    for mrn in DEMO:
        for option in assessment_of(mrn).options:
            for result in assessment_of(mrn).explain(option.code):
                assert bool(in_the_way(result.trace)) is (result.value is not Truth.TRUE), (mrn, result.code)


def test_every_rule_of_an_option_stands_in_its_whole_explanation() -> None:
    for option in ruleset().options:
        whole = explained(willow(), option.code, whole=True)
        shown = {
            rule.code
            for rules in (
                whole.reasons, whole.open_reasons, whole.other_reasons, whole.ruling_out, whole.open_exclusions,
                whole.not_ruling_out, whole.other_cautions,
            )
            for rule in rules
        }  # fmt: skip
        shown |= {caution.code for caution in (*whole.row.cautions, *whole.row.cautions_unknown)}
        assert shown == {rule.code for rule in ruleset().rules_of(option.code)}, option.code


def test_every_option_is_on_the_page_once_whatever_its_status() -> None:
    for mrn in DEMO:
        page = candidates_page(assessment_of(mrn), {})
        shown = [view.row.code for group in page.groups for view in group.rows]
        shown += [view.row.code for view in page.excluded]
        shown += [row.code for group in page.not_indicated for row in group.rows]
        assert sorted(shown) == sorted(option.code for option in ruleset().options), mrn
        assert sum(entry.number for entry in page.counts) == 48


def test_within_a_group_what_is_known_comes_first_then_the_catalogues_order() -> None:
    places = {option.code: place for place, option in enumerate(ruleset().options)}
    for mrn in DEMO:
        for group in candidates_page(assessment_of(mrn), {}).groups:
            order = [(LISTED.index(view.row.status), places[view.row.code]) for view in group.rows]
            assert order == sorted(order), (mrn, group.title)


def test_a_filter_shows_the_options_of_one_status_and_keeps_all_counts() -> None:
    page = candidates_page(assessment_of("DEMO-005"), {}, "possible")
    assert {view.row.status for group in page.groups for view in group.rows} == {"possible"}
    assert sum(entry.number for entry in page.counts) == 48
    assert not page.excluded
    assert not page.not_indicated


def test_a_word_that_is_no_status_filters_nothing() -> None:
    assert candidates_page(assessment_of("DEMO-005"), {}, "recommended").chosen == ""


def test_the_sheet_on_paper_holds_the_options_cautions_missing_facts_and_sources_of_the_screen() -> None:
    for mrn in DEMO:
        screen, sheet = candidates_page(assessment_of(mrn), {}), printed_sheet(assessment_of(mrn), {})
        assert sheet.page == screen
        on_screen = {line.id for view in (*sheet.listed, *screen.excluded) for line in view.sources.lines}
        assert {line.id for line in sheet.sources} == on_screen


def test_a_row_names_the_facts_that_settle_most_and_counts_the_others() -> None:
    row = option_row(assessment_of("DEMO-012"), "active_surveillance")
    order = [entry.feature for entry in assessment_of("DEMO-012").missing]
    assert len(row.chips) == MOST_CHIPS
    assert [chip.feature for chip in row.missing] == sorted((c.feature for c in row.missing), key=order.index)
    assert row.more_missing == len(row.missing) - MOST_CHIPS


def test_missing_facts_come_in_the_engines_order_with_the_options_that_wait() -> None:
    view = missing_view(willow(), lambda feature: f"/enter/{feature}/")
    assert [fact.feature for fact in view.facts] == [entry.feature for entry in willow().missing]
    kidneys = next(fact for fact in view.facts if fact.feature == "egfr_ml_min")
    assert "lutetium_dotatate" in [option.code for option in kidneys.options]
    assert kidneys.url == "/enter/egfr_ml_min/"
    assert max(fact.share for fact in view.facts) == 1.0


def test_a_fault_in_one_rule_shows_its_option_as_not_assessed_and_the_list_as_incomplete() -> None:
    whole = assess(ruleset(), WILLOW)
    broken = replace(whole.option("everolimus"), status=Status.NOT_ASSESSED, rules=(), error="Not assessed because …")
    whole.options = tuple(broken if option.code == "everolimus" else option for option in whole.options)
    whole.by_code["everolimus"] = broken
    page = candidates_page(whole, {})
    assert [(row.code, row.error) for row in page.not_assessed] == [("everolimus", "Not assessed because …")]
    assert sum(entry.number for entry in page.counts) == 48


def test_a_row_says_what_was_done_with_the_option_before() -> None:
    tags = {row.code: row.tags for row in option_rows(willow())}
    assert tags["lanreotide"][:2] == ("in use", "grew on it")


def test_no_row_ranks_or_advises() -> None:
    for mrn in DEMO:
        for row in option_rows(assessment_of(mrn)):
            said = f"{row.reason} {' '.join(row.tags)} {row.note}".lower()
            assert "recommend" not in said
            assert "preferred" not in said


def test_the_head_of_the_printed_list_adds_up() -> None:
    assert (
        listed_said(candidates_page(assessment_of("DEMO-005"), {}))
        == "10 of 48 options listed (8 candidate, 2 possible)"
    )

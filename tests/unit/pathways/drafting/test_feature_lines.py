"""Invented patients as lines of text: there and back, and a sentence for each line that is not understood."""

from decimal import Decimal

import pytest

from pathways.drafting.feature_lines import from_lines, in_words, retitled, titled_lines, to_lines
from pathways.engine import PartialSet, Ruleset
from pathways.knowledge import starter

RULESET = Ruleset.from_data(starter())
WORDS = RULESET.dictionary


def test_the_patients_of_all_rule_cases_come_back_as_they_were() -> None:
    patients = [features for cases in RULESET.cases.values() for features in cases.by_value.values()]
    assert len(patients) > 1000
    for features in patients:
        for lines in (to_lines(features), titled_lines(features, RULESET.dictionary)):
            read = from_lines(lines, RULESET.dictionary)
            assert read.problems == ()
            assert read.features == features


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("krenning_score: 1", "krenning_score", Decimal(1)),
        ("Krenning score: 1", "krenning_score", Decimal(1)),
        ("  primary_site :  pancreas ", "primary_site", "pancreas"),
        ("PRIMARY SITE: Small bowel", "primary_site", "small_bowel"),
        ("Ki-67: 10", "ki67_percent", Decimal(10)),
        ("ki-67: 10 %", "ki67_percent", Decimal(10)),
        ("Krenning: 2", "krenning_score", Decimal(2)),
        (
            "Comorbidities: Portal vein thrombosis, branch, active infection",
            "comorbidities",
            ("active_infection", "portal_vein_thrombosis_branch"),
        ),
        ("pregnant_or_breastfeeding: no", "pregnant_or_breastfeeding", False),
        ("pregnant_or_breastfeeding: true", "pregnant_or_breastfeeding", True),
        ("metastatic_sites: bone, liver", "metastatic_sites", ("liver", "bone")),
        ("progressed_on: none", "progressed_on", ()),
        ("progressed_on: everolimus, …", "progressed_on", PartialSet(("everolimus",))),
    ],
)
def test_a_line_is_read(line: str, name: str, value: object) -> None:
    read = from_lines(line, WORDS)
    assert read.problems == ()
    assert read.features == {name: value}


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("krenning_score 1", 'Line 1, "krenning_score 1": a line is a feature of the data dictionary, a colon'),
        ("krening_score: 1", "Did you mean krenning_score?"),
        ("Primry site: lung", "Did you mean Primary site?"),
        ("krenning_score: 7", "Line 1: krenning_score"),
        ("krenning_score:", "Line 1: krenning_score"),
        ("primary_site: elbow", "Line 1: primary_site"),
        ("pregnant_or_breastfeeding: perhaps", "Line 1: pregnant_or_breastfeeding"),
        ("krenning_score: 1\nkrenning_score: 2", "Line 2: Krenning score stands twice"),
        ("ki67_percent: NaN", "Line 1: ki67_percent"),
        ("ki67_percent: 1e999999", "Line 1: ki67_percent"),
    ],
)
def test_a_line_that_is_not_understood_is_named_with_what_is_accepted(line: str, sentence: str) -> None:
    read = from_lines(line, WORDS)
    assert len(read.problems) == 1
    assert sentence in read.problems[0]


def test_lines_in_words_keep_what_they_cannot_read() -> None:
    assert in_words("krenning_score: 1\nwhat", WORDS) == ("Krenning score: 1", "what")


def test_lines_of_codes_become_lines_of_titles_and_what_is_not_understood_stays() -> None:
    assert retitled("primary_site: small_bowel\nmetastatic_sites: none", WORDS) == (
        "Primary site: small bowel\nMetastatic sites: none"
    )
    assert retitled("primary_site: small_bowel\nelbow: 3", WORDS) == "primary_site: small_bowel\nelbow: 3"

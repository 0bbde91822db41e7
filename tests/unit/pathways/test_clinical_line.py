"""The one line a specialist reads in two seconds says what is known, and names what is not."""

from decimal import Decimal
from typing import Any

import pytest

from pathways.engine import NumberRange, PartialSet, assess
from pathways.presenters.clinical_line import ClinicalLine, clinical_line, line_facts
from tests.unit.pathways.example import WILLOW, assessment_of, ruleset


def line_for(features: dict[str, Any]) -> ClinicalLine:
    assessment = assess(ruleset(), features)
    words = ruleset().dictionary
    return clinical_line(line_facts(assessment.record.known, assessment.inapplicable, words), words)


def test_the_line_of_a_whole_record_reads_as_a_specialist_says_it() -> None:
    assert line_for(WILLOW).text == (
        "Small bowel NET, G2 (Ki-67 8 %), metastatic: liver, nodes · functional (carcinoid) · SSTR+ (Krenning 4) · "
        "progressing · ECOG 1"
    )


def test_an_empty_record_names_everything_that_is_not_known() -> None:
    assert line_for({}).text == (
        "NEN, primary site not recorded · not known: primary site, differentiation, grade, extent, hormone function, "
        "SSTR imaging, course, ECOG"
    )


@pytest.mark.parametrize(
    ("mrn", "beginning"),
    [
        ("DEMO-007", "Colon NEC, G3 (Ki-67 80 %), metastatic: liver, nodes"),
        ("DEMO-008", "Lung atypical carcinoid, G2 (Ki-67 14 %), metastatic: liver, bone"),
        ("DEMO-011", "Duodenal NET, G1 (Ki-67 2 %), regional · functional (gastrinoma)"),
        ("DEMO-012", "NET of unknown primary, metastatic: liver · not known: grade"),
        ("DEMO-013", "Pheochromocytoma or paraganglioma, metastatic: nodes, bone"),
    ],
)
def test_each_kind_of_tumor_has_its_own_name(mrn: str, beginning: str) -> None:
    words = ruleset().dictionary
    assessment = assessment_of(mrn)
    said = clinical_line(line_facts(assessment.record.known, assessment.inapplicable, words), words).text
    assert said.startswith(beginning)


def test_a_grade_that_does_not_apply_is_not_named_as_missing() -> None:
    assert "grade" not in line_for({"primary_site": "pheochromocytoma_paraganglioma"}).unknown


def test_ki67_stays_as_it_was_written_and_a_grade_that_follows_is_used() -> None:
    features = {
        "primary_site": "pancreas",
        "differentiation": "well",
        "ki67_percent": NumberRange(Decimal(4), Decimal(6), text="4–6 %"),
    }
    assert line_for(features).parts[0] == "Pancreatic NET, G2 (Ki-67 4–6 %)"


def test_without_evidence_of_disease_the_line_says_so_instead_of_an_extent() -> None:
    said = line_for({**WILLOW, "disease_status": "no_evidence_of_disease", "progression": "stable"})
    assert "no evidence of disease" in said.parts
    assert "metastatic" not in said.text
    assert "course" not in said.unknown


def test_sites_that_are_known_only_in_part_are_not_shown_as_all_of_them() -> None:
    said = line_for({"extent": "metastatic", "metastatic_sites": PartialSet(("liver",))})
    assert "metastatic (sites not known)" in said.parts[0]


def test_a_functional_tumor_without_a_named_syndrome_says_that_the_syndrome_is_not_known() -> None:
    said = line_for({"functional_status": "functional"})
    assert "functional" in said.parts
    assert "hormone syndrome" in said.unknown


def test_receptors_that_follow_from_the_krenning_score_are_said() -> None:
    assert "SSTR− (Krenning 1)" in line_for({"krenning_score": Decimal(1)}).parts

"""Which features carry which of the nine kinds of data that a user is entitled to know about.

The source attributes of an evidence-based decision support intervention are those of 45 CFR 170.315(b)(11)(iv)(A), in
the US rule known as HTI-1: (1) bibliographic citation of the intervention (clinical research or guideline); (2) developer
of the intervention (translation from clinical research or guideline); (3) funding source of the technical implementation
for the development of the intervention; (4) release and, if applicable, revision dates of the intervention or reference
source; and the use of (5) race, (6) ethnicity, (7) language, (8) sexual orientation, (9) gender identity, (10) sex,
(11) date of birth, each as expressed in the standards of § 170.213, (12) social determinants of health data and
(13) health status assessments data, likewise. Those standards count functional and pregnancy status among the
health status assessments. Attributes 1 to 4 stand with the sources and the head of a ruleset; 5 to 13 are computed from
the conditions of its rules with the table below.

What it refuses to do: guess. A feature that stands in no list is shown as not classified, and a test fails.
Who calls it: the pages and the export of what users are entitled to know.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataAttribute:
    """One of the nine: its number in the rule, its name, and the features that carry such data."""

    code: str
    number: int
    title: str
    features: tuple[str, ...]
    because: str


USE_OF_DATA: tuple[DataAttribute, ...] = (
    DataAttribute("race", 5, "Race", (), ""),
    DataAttribute("ethnicity", 6, "Ethnicity", (), ""),
    DataAttribute("language", 7, "Language", (), ""),
    DataAttribute("sexual_orientation", 8, "Sexual orientation", (), ""),
    DataAttribute("gender_identity", 9, "Gender identity", (), ""),
    DataAttribute("sex", 10, "Sex", ("sex",), "as recorded: female, male or other"),
    DataAttribute("date_of_birth", 11, "Date of birth", ("age_years",), "as the age on the day of the assessment"),
    DataAttribute("social_determinants", 12, "Social determinants of health", (), ""),
    DataAttribute(
        "health_status",
        13,
        "Health status assessments",
        ("ecog", "surgical_risk", "pregnant_or_breastfeeding"),
        "as performance status, fitness for an operation, and pregnancy or breastfeeding",
    ),
)

# Features that carry none of the nine: findings, laboratory values, diagnoses, treatments and wishes.
NONE_OF_THEM: frozenset[str] = frozenset(
    {
        "preferences", "germline_syndrome", "comorbidities", "child_pugh", "egfr_ml_min", "hemoglobin_g_dl",
        "platelets_10e9_l", "neutrophils_10e9_l", "bilirubin_x_uln", "albumin_g_dl", "disease_status", "primary_site",
        "pancreas_region", "main_duct_distance_mm", "gastric_type", "differentiation", "grade", "lung_histology",
        "ki67_percent", "mitoses_per_2mm2", "tumor_size_mm", "extent", "tnm_stage", "resectability",
        "metastatic_sites", "liver_metastases_resectability", "liver_dominant", "liver_involvement_percent",
        "metastasis_count", "largest_metastasis_mm", "tumor_burden", "progression", "months_stable", "growth_rate",
        "functional_status", "hormone_syndrome", "symptoms", "symptom_control", "sstr_status", "krenning_score",
        "fdg_pet", "mibg_avid", "prior_treatments", "progressed_on", "intolerant_to", "current_treatments",
        "planned_procedure",
    }
)  # fmt: skip

ATTRIBUTES_OF: Mapping[str, tuple[str, ...]] = {
    feature: tuple(one.code for one in USE_OF_DATA if feature in one.features)
    for feature in sorted(NONE_OF_THEM.union(*(one.features for one in USE_OF_DATA)))
}


def unclassified(features: frozenset[str]) -> tuple[str, ...]:
    """Those of these features that stand in no list."""
    return tuple(sorted(features - ATTRIBUTES_OF.keys()))


__all__ = ["ATTRIBUTES_OF", "NONE_OF_THEM", "USE_OF_DATA", "DataAttribute", "unclassified"]

"""The starter pathway and the demo patients' features, for the presenters; nothing here touches a database."""

from decimal import Decimal
from functools import cache
from typing import Any

from pathways.engine import Assessment, Ruleset, assess
from pathways.knowledge import starter
from pathways.knowledge.demo import demo_patients
from pathways.presenters.trace_rows import ReadingWords


@cache
def ruleset() -> Ruleset:
    return Ruleset.from_data(starter())


@cache
def features_of(mrn: str) -> dict[str, Any]:
    patient = next(patient for patient in demo_patients() if patient.mrn == mrn)
    return dict(patient.features)


@cache
def assessment_of(mrn: str) -> Assessment:
    return assess(ruleset(), features_of(mrn))


# A small bowel tumor for which only kidney function and neutrophils stand between PRRT and a candidate.
WILLOW: dict[str, Any] = {
    "sex": "female",
    "age_years": Decimal(62),
    "primary_site": "small_bowel",
    "differentiation": "well",
    "grade": "G2",
    "ki67_percent": Decimal(8),
    "extent": "metastatic",
    "metastatic_sites": ("liver", "distant_lymph_nodes"),
    "functional_status": "functional",
    "hormone_syndrome": "carcinoid",
    "sstr_status": "positive",
    "krenning_score": Decimal(4),
    "progression": "progressing",
    "ecog": Decimal(1),
    "platelets_10e9_l": Decimal(186),
    "hemoglobin_g_dl": Decimal("11.4"),
    "prior_treatments": ("lanreotide",),
    "current_treatments": ("lanreotide",),
    "progressed_on": ("lanreotide",),
    "intolerant_to": (),
    "comorbidities": (),
}
READINGS = {"sstr_status": ReadingWords("2 Oct 2025", "DOTATATE PET/CT report", old="13 months old")}


@cache
def willow() -> Assessment:
    return assess(ruleset(), WILLOW)

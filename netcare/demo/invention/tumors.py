"""The tumor of an invented patient: where it is, what the pathologist and the images say, what hormones it makes.

Values go together the way that the data dictionary's implications and contradictions expect; one record in fifty does
not, as in life.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from netcare.demo.invention.shapes import Dice

SITES = {
    "small_bowel": 24.0,
    "pancreas": 24.0,
    "lung": 14.0,
    "rectum": 9.0,
    "stomach": 8.0,
    "appendix": 6.0,
    "colon": 4.0,
    "duodenum": 4.0,
    "unknown_primary": 3.0,
    "pheochromocytoma_paraganglioma": 3.0,
    "thymus": 0.7,
    "other": 0.3,
}
PARAGANGLIOMA = "pheochromocytoma_paraganglioma"
# Chance of a hormone syndrome, and which, by site; a second number where there are metastases.
SYNDROMES: dict[str, tuple[float, float, dict[str, float]]] = {
    "small_bowel": (0.05, 0.55, {"carcinoid": 1}),
    "pancreas": (0.35, 0.25, {"insulinoma": 5, "gastrinoma": 3, "glucagonoma": 1, "vipoma": 1, "somatostatinoma": 0.3}),
    "lung": (0.06, 0.2, {"carcinoid": 3, "acth": 1}),
    "duodenum": (0.3, 0.3, {"gastrinoma": 3, "somatostatinoma": 1}),
    PARAGANGLIOMA: (0.75, 0.6, {"catecholamine": 1}),
    "unknown_primary": (0.0, 0.3, {"carcinoid": 1}),
    "thymus": (0.3, 0.3, {"acth": 1}),
}
SYMPTOMS_OF = {
    "carcinoid": {"flushing": 0.8, "diarrhea": 0.8, "wheezing": 0.2, "weight_loss": 0.2},
    "insulinoma": {"hypoglycemia": 0.97},
    "gastrinoma": {"peptic_ulcer": 0.8, "diarrhea": 0.5},
    "vipoma": {"diarrhea": 0.95, "weight_loss": 0.4},
    "glucagonoma": {"weight_loss": 0.7, "diarrhea": 0.3},
}
LOCAL_SYMPTOMS = {"pain": 0.2, "weight_loss": 0.1, "bleeding": 0.05}
SITE_SYMPTOMS = {
    "small_bowel": {"bowel_obstruction": 0.12},
    "lung": {"breathing_difficulty": 0.2},
    "pancreas": {"jaundice": 0.06},
    "rectum": {"bleeding": 0.15},
    "stomach": {"bleeding": 0.1},
}
GRADES = {"G1": 0.5, "G2": 0.38, "G3": 0.12}


@dataclass(slots=True)
class Tumor:
    """What is true of the tumor; which of it somebody wrote down is decided later."""

    site: str
    differentiation: str
    grade: str
    extent: str
    progression: str
    is_removed: bool = False
    syndrome: str = "none"
    sites_of_metastases: tuple[str, ...] = ()
    pathology: dict[str, Any] = field(default_factory=dict)
    imaging: dict[str, Any] = field(default_factory=dict)
    receptors: dict[str, Any] = field(default_factory=dict)
    clinic: dict[str, Any] = field(default_factory=dict)
    ki67_text: str = ""

    @property
    def is_metastatic(self) -> bool:
        return self.extent == "metastatic"

    @property
    def is_carcinoma(self) -> bool:
        return self.differentiation == "poor"

    @property
    def takes_analogs(self) -> bool:
        return self.receptors.get("sstr_status") != "negative" and not self.is_carcinoma


def invent_tumor(dice: Dice, *, sex: str) -> Tumor:
    """A first tumor with everything about it."""
    site = dice.weighted(SITES)
    is_poor = site != PARAGANGLIOMA and dice.chance({"colon": 0.4, "lung": 0.18}.get(site, 0.06))
    grade = "G3" if is_poor else dice.weighted(GRADES)
    if site in {"lung", "thymus"} and not is_poor:
        grade = dice.weighted({"G1": 0.7, "G2": 0.3})
    metastatic = {"unknown_primary": 1.0, "appendix": 0.1, "rectum": 0.2, "stomach": 0.15}.get(site, 0.5)
    extent = (
        "metastatic" if dice.chance(max(metastatic, 0.7 if is_poor else 0)) else dice.one(("localized", "regional"))
    )
    growing = {"G1": 0.25, "G2": 0.5, "G3": 0.8}[grade]
    tumor = Tumor(
        site, "poor" if is_poor else "well", grade, extent, "progressing" if dice.chance(growing) else "stable"
    )
    tumor.is_removed = site != "unknown_primary" and not is_poor and dice.chance(0.35 if tumor.is_metastatic else 0.3)
    if tumor.is_removed and not tumor.is_metastatic:
        tumor.progression = "stable"
    _pathology(dice, tumor)
    _images(dice, tumor, sex)
    _receptors(dice, tumor)
    _hormones(dice, tumor)
    return tumor


def invent_second_tumor(dice: Dice) -> Tumor:
    """A small one, found beside the first."""
    site = dice.weighted({"small_bowel": 3, "stomach": 2, "lung": 2, "rectum": 2, "pancreas": 2})
    tumor = Tumor(site, "well", "G1", "localized", "")
    _pathology(dice, tumor)
    tumor.imaging = {"extent": "localized", "tumor_size_mm": Decimal(dice.whole(3, 14))}
    return tumor


def _pathology(dice: Dice, tumor: Tumor) -> None:
    report: dict[str, Any] = {"primary_site": tumor.site}
    if tumor.site != PARAGANGLIOMA:
        report |= {"differentiation": tumor.differentiation, "grade": tumor.grade}
        report["ki67_percent"], tumor.ki67_text = _ki67(dice, tumor)
        report["mitoses_per_2mm2"] = Decimal(_mitoses(dice, tumor))
    if tumor.site == "lung":
        carcinoid = "typical_carcinoid" if tumor.grade == "G1" else "atypical_carcinoid"
        report["lung_histology"] = dice.one(("lcnec", "sclc")) if tumor.is_carcinoma else carcinoid
    if tumor.site == "stomach":
        report["gastric_type"] = dice.weighted({"type_1": 6, "type_2": 1, "type_3": 3})
    tumor.pathology = report


def _ki67(dice: Dice, tumor: Tumor) -> tuple[Decimal, str]:
    """The percentage and, where the report gives no plain number, its words."""
    if tumor.is_carcinoma:
        return Decimal(dice.whole(35, 95)), ""
    if tumor.grade == "G1":
        return Decimal(dice.one((1, 1, 2, 2))), dice.weighted({"": 6, "<1 %": 2, "1–2 %": 1})
    if tumor.grade == "G2":
        return Decimal(dice.whole(3, 20)), dice.weighted({"": 9, "5–10 %": 1})
    return Decimal(dice.whole(21, 50)), ""


def _mitoses(dice: Dice, tumor: Tumor) -> int:
    if tumor.is_carcinoma:
        return dice.whole(21, 80)
    low, high = {"G1": (0, 1), "G2": (2, 10), "G3": (8, 30)}[tumor.grade]
    return dice.whole(low, high)


def _images(dice: Dice, tumor: Tumor, sex: str) -> None:
    tumor.imaging = report = {"extent": tumor.extent, "progression": tumor.progression}
    report["resectability"] = "removed" if tumor.is_removed else _resectability(dice, tumor)
    if tumor.site != "unknown_primary":
        report["tnm_stage"] = {"metastatic": "IV", "regional": "III"}.get(tumor.extent) or dice.one(("I", "I", "II"))
    if not tumor.is_removed and tumor.site != "unknown_primary":
        report["tumor_size_mm"] = dice.around(38 if tumor.is_metastatic else 18, 14, 3, 180, 0)
    if tumor.site == "pancreas":
        report["pancreas_region"] = dice.one(("head", "neck", "body", "tail"))
        if not tumor.is_metastatic:
            report["main_duct_distance_mm"] = Decimal(dice.whole(0, 12))
    stable = tumor.progression == "stable"
    report["growth_rate"] = "slow" if stable or tumor.grade == "G1" else dice.one(("slow", "rapid"))
    if stable:
        report["months_stable"] = Decimal(dice.whole(12, 48))
    if tumor.is_metastatic:
        _metastases(dice, tumor, sex)
    elif tumor.is_removed and dice.chance(0.8):
        tumor.clinic["disease_status"] = "no_evidence_of_disease"
    elif dice.chance(0.6):
        report["metastatic_sites"] = ()


def _resectability(dice: Dice, tumor: Tumor) -> str:
    shares = {"resectable": 0.5, "borderline": 0.1, "unresectable": 0.4} if tumor.is_metastatic else {"resectable": 1.0}
    return dice.weighted(shares if tumor.extent != "regional" else {"resectable": 0.8, "borderline": 0.2})


def _metastases(dice: Dice, tumor: Tumor, sex: str) -> None:
    shares = {"liver": 0.8, "distant_lymph_nodes": 0.45, "bone": 0.2, "peritoneum": 0.12, "lung": 0.06}
    if tumor.site == PARAGANGLIOMA:
        shares = {"bone": 0.8, "distant_lymph_nodes": 0.5, "lung": 0.2, "liver": 0.2}
    if sex == "female":
        shares["ovary"] = 0.03
    found = dice.some(shares) or ("liver",)
    report, count = tumor.imaging, dice.whole(1, 40)
    tumor.sites_of_metastases = found
    report |= {"metastatic_sites": found, "metastasis_count": Decimal(count)}
    report["largest_metastasis_mm"] = Decimal(dice.whole(8, 90))
    report["tumor_burden"] = "low" if count < 5 else dice.one(("moderate", "moderate", "high"))
    if "liver" in found:
        shares = {"unresectable": 0.65, "debulkable": 0.2, "resectable": 0.15}
        report["liver_metastases_resectability"] = "resectable" if count < 3 else dice.weighted(shares)
        report["liver_dominant"] = dice.chance(0.7)
        report["liver_involvement_percent"] = Decimal(dice.whole(2, 15) if count < 5 else dice.whole(10, 75))


def _receptors(dice: Dice, tumor: Tumor) -> None:
    shares = {"positive": 0.8, "heterogeneous": 0.1, "negative": 0.1}
    if tumor.is_carcinoma:
        shares = {"positive": 0.15, "heterogeneous": 0.25, "negative": 0.6}
    status = dice.weighted(shares)
    score = dice.whole(0, 1) if status == "negative" else dice.whole(2, 4)
    tumor.receptors = {"sstr_status": status, "krenning_score": Decimal(score)}
    if tumor.grade != "G1":
        tumor.receptors["fdg_pet"] = "positive" if tumor.is_carcinoma or dice.chance(0.5) else "negative"
    if tumor.site == PARAGANGLIOMA:
        tumor.receptors["mibg_avid"] = dice.chance(0.6)


def _hormones(dice: Dice, tumor: Tumor) -> None:
    local, spread, kinds = SYNDROMES.get(tumor.site, (0.0, 0.05, {"carcinoid": 1.0}))
    if not tumor.is_carcinoma and dice.chance(spread if tumor.is_metastatic else local):
        tumor.syndrome = dice.weighted(kinds)
    symptoms = SYMPTOMS_OF.get(tumor.syndrome, {}) | SITE_SYMPTOMS.get(tumor.site, {})
    if "bone" in tumor.sites_of_metastases:
        symptoms = symptoms | {"bone_pain": 0.5}
    for name, share in LOCAL_SYMPTOMS.items():
        symptoms.setdefault(name, share)
    tumor.clinic |= {
        "functional_status": "non_functional" if tumor.syndrome == "none" else "functional",
        "hormone_syndrome": tumor.syndrome,
        "symptoms": dice.some(symptoms),
    }

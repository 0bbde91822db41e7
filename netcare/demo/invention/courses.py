"""What an invented patient was given, in which order, and how each treatment ended."""

from decimal import Decimal

from netcare.demo.invention.shapes import Dice, InventedMarker, InventedTreatment
from netcare.demo.invention.tumors import PARAGANGLIOMA, Tumor

OPERATIONS = {
    "small_bowel": "open_small_bowel_resection",
    "pancreas": "distal_pancreatectomy",
    "rectum": "endoscopic_resection",
    "stomach": "endoscopic_resection",
}
ANALOGS = ("octreotide_lar", "lanreotide")
# The drug for one hormone, whatever the growth does.
FOR_HORMONES = {
    "insulinoma": "diazoxide",
    "gastrinoma": "proton_pump_inhibitor",
    "catecholamine": "alpha_blockade",
}


def later_lines(tumor: Tumor) -> tuple[str, ...]:
    """What has been given after an analog, in one usual order."""
    if tumor.is_carcinoma:
        return ("platinum_etoposide", "folfiri")
    if tumor.site == PARAGANGLIOMA:
        return ("cvd_chemotherapy", "sunitinib")
    lines = ["everolimus"]
    if tumor.receptors.get("sstr_status") == "positive":
        lines.insert(0, "lutetium_dotatate")
    if tumor.site == "pancreas":
        lines += ["capecitabine_temozolomide", "sunitinib"]
    if "liver" in tumor.sites_of_metastases:
        lines.append("bland_embolization")
    return tuple(lines)


def invent_course(dice: Dice, tumor: Tumor, diagnosed: int) -> list[InventedTreatment]:
    """The treatments since the diagnosis, so many days ago (negative), oldest first."""
    treatments: list[InventedTreatment] = []
    day = diagnosed + dice.whole(10, 60)
    if tumor.is_removed and day < -20:
        operation = OPERATIONS.get(tumor.site, "complete_resection")
        treatments.append(InventedTreatment(operation, day, day, ("completed",), "curative", _precision(dice)))
        day += dice.whole(20, 90)
    if day < -20 and (drug := FOR_HORMONES.get(tumor.syndrome)) and dice.chance(0.8):
        outcomes = ("controlled",) if dice.chance(0.8) else ("not_known",)
        treatments.append(InventedTreatment(drug, day, None, outcomes, "symptom_control"))
    if tumor.is_metastatic:
        treatments += _systemic(dice, tumor, day)
    elif tumor.syndrome == "carcinoid" and day < -20:
        treatments.append(InventedTreatment(dice.one(ANALOGS), day, None, ("controlled",), "symptom_control"))
    return treatments


def _systemic(dice: Dice, tumor: Tumor, day: int) -> list[InventedTreatment]:
    """An analog where receptors allow it, then one line after the other for as long as it grows."""
    treatments: list[InventedTreatment] = []
    grows = tumor.progression == "progressing"
    if tumor.takes_analogs and tumor.site != PARAGANGLIOMA and day < -60 and dice.chance(0.8):
        outcome = ("progressed",) if grows else ("stable",)
        goes_on = not grows or tumor.syndrome == "carcinoid" or dice.chance(0.4)
        stop = None if goes_on else dice.whole(day // 2, -20)
        intent = "disease_control" if tumor.syndrome == "none" else "symptom_control"
        treatments.append(InventedTreatment(dice.one(ANALOGS), day, stop, outcome, intent, _precision(dice)))
        day //= 2
    for option in later_lines(tumor):
        if day > -90 or not grows or not dice.chance(0.5):
            break
        stop = dice.whole(day + 30, -15)
        outcomes = dice.one(
            (("progressed",), ("stable", "progressed"), ("responded", "progressed"), ("not_tolerated",))
        )
        treatments.append(InventedTreatment(option, day, stop, outcomes, "disease_control", _precision(dice)))
        day = stop + dice.whole(10, 40)
    return treatments


def _precision(dice: Dice) -> str:
    """Old letters often give the month, or the year alone."""
    return dice.weighted({"day": 6, "month": 3, "year": 1})


def invent_markers(dice: Dice, tumor: Tumor, diagnosed: int) -> list[InventedMarker]:
    """Chromogranin A over time, and 5-HIAA where there is a carcinoid syndrome."""
    level = dice.around(500 if tumor.is_metastatic else 90, 180, 30, 4000, 0)
    markers = []
    for step in range(dice.whole(1, 4)):
        day = diagnosed - diagnosed * step // 4
        level = max(Decimal(20), level * Decimal(dice.whole(70, 150)) / 100).quantize(Decimal(1))
        markers.append(InventedMarker("chromogranin_a", level, "ng/mL", day, Decimal(100)))
        if tumor.syndrome == "carcinoid":
            acid = dice.around(60, 40, 4, 300, 0)
            markers.append(InventedMarker("five_hiaa", acid, "mg/24 h", day, Decimal(8)))
    return markers

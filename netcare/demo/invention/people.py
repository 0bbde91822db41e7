"""One invented patient as a whole: a name that nobody bears, a record with gaps, and the reports it stands in."""

from decimal import Decimal
from typing import Any

from netcare.demo.invention.courses import ANALOGS, invent_course, invent_markers
from netcare.demo.invention.shapes import Dice, InventedPatient, InventedReading
from netcare.demo.invention.tumors import Tumor, invent_second_tumor, invent_tumor

GIVEN = (
    "Abacus", "Banjo", "Cobalt", "Domino", "Ember", "Fable", "Gadget", "Harbor", "Igloo", "Jigsaw", "Kettle", "Lagoon",
    "Marble", "Nutmeg", "Opal", "Pebble", "Quill", "Ribbon", "Saffron", "Tango", "Umbra", "Velvet", "Walnut", "Xylo",
    "Yonder", "Zephyr", "Acorn", "Bracken", "Cricket", "Dapple",
)  # fmt: skip
FAMILY = (
    "Inventar", "Madeupson", "Nonesuch", "Notreal", "Phantasma", "Makebelieve", "Fictum", "Mockingham", "Placebo",
    "Ersatz", "Shamwell", "Pseudonym", "Figmentov", "Unreal", "Imaginary", "Fablemann", "Storybook", "Papercut",
    "Cardboard", "Seedling", "Randomson", "Dicethrow", "Generata", "Blankenform", "Teststrom", "Samplewright",
)  # fmt: skip
REMARKS = (
    "Lives far from the hospital and prefers short stays.",
    "Outside records are incomplete; a copy of the first pathology report was asked for.",
    "Asks what a trial would mean for the daily round.",
    "The family doctor writes that the blood pressure is well controlled.",
)
COMORBIDITIES = {
    "carcinoid_heart_disease": 0.02, "heart_failure": 0.04, "uncontrolled_hypertension": 0.05,
    "uncontrolled_diabetes": 0.04, "interstitial_lung_disease": 0.02, "cholelithiasis": 0.06, "cirrhosis": 0.02,
    "portal_vein_thrombosis_branch": 0.01, "biliary_stent_or_bilioenteric_anastomosis": 0.03,
    "qt_prolongation": 0.02, "hearing_loss": 0.03, "neuropathy": 0.03, "frailty": 0.05,
}  # fmt: skip
# How likely a report is there at all, and how likely a value in it is written down.
REPORTS = {"pathology": 0.95, "imaging": 0.92, "receptors": 0.72, "laboratory": 0.85, "clinic": 0.93}
WRITTEN_DOWN = 0.88
SAID_TO_BE_UNKNOWN = 0.02


def invent(*, seed: int, number: int) -> InventedPatient:
    """The patient with this number under this seed."""
    dice = Dice(f"netcare:{seed}:{number}")
    sex = dice.weighted({"female": 0.49, "male": 0.49, "other": 0.01, "unknown": 0.01})
    patient = InventedPatient(
        mrn=f"INV-{number:05}",
        family_name=dice.one(FAMILY),
        given_name=dice.one(GIVEN),
        sex=sex,
        age_years=int(dice.around(61, 13, 19, 92, 0)),
        days_since_birthday=dice.whole(0, 364),
        team=dice.weighted({0: 3, 1: 1}),
        is_referred=dice.chance(0.03),
        remark=dice.one(REMARKS) if dice.chance(0.15) else "",
    )
    tumor = invent_tumor(dice, sex=sex)
    diagnosed = -dice.whole(40, 3200 if tumor.progression == "stable" or tumor.grade == "G1" else 1200)
    patient.treatments = invent_course(dice, tumor, diagnosed)
    patient.history_is_confirmed = dice.chance(0.75)
    if dice.chance(0.5):
        patient.markers = invent_markers(dice, tumor, diagnosed)
    _symptom_control(dice, tumor, patient)
    _tumor_reports(dice, patient, tumor, diagnosed, number=1)
    _patient_reports(dice, patient, sex)
    if dice.chance(0.04):
        patient.tumors = 2
        _tumor_reports(dice, patient, invent_second_tumor(dice), diagnosed // 2, number=2)
    return patient


def _symptom_control(dice: Dice, tumor: Tumor, patient: InventedPatient) -> None:
    """Asked only where there is a syndrome, and an analog is given for it."""
    if tumor.syndrome != "none" and any(one.option in ANALOGS for one in patient.treatments):
        tumor.clinic["symptom_control"] = dice.weighted({"controlled": 0.7, "refractory": 0.3})


def _tumor_reports(dice: Dice, patient: InventedPatient, tumor: Tumor, diagnosed: int, *, number: int) -> None:
    if dice.chance(0.02) and "grade" in tumor.pathology:
        # A report that does not agree with itself, as there are in every archive.
        tumor.pathology["grade"] = dice.one(("G1", "G2", "G3"))
    specimen = f"biopsy {number}"
    texts = {"ki67_percent": tumor.ki67_text}
    if dice.chance(REPORTS["pathology"]):
        _report(dice, patient, tumor.pathology, diagnosed, "pathology report", number, texts, specimen)
        _central_review(dice, patient, tumor, diagnosed, number, specimen)
    if dice.chance(REPORTS["imaging"]):
        _report(dice, patient, tumor.imaging, -dice.whole(3, 170), "CT or MRI report", number)
    if tumor.receptors and dice.chance(REPORTS["receptors"]):
        _report(dice, patient, tumor.receptors, -dice.whole(10, 700), "DOTATATE PET/CT report", number)
    if dice.chance(REPORTS["clinic"]):
        _report(dice, patient, tumor.clinic, -dice.whole(0, 60), "clinic visit", number)


def _central_review(
    dice: Dice, patient: InventedPatient, tumor: Tumor, diagnosed: int, number: int, specimen: str
) -> None:
    """Now and then a second pathologist counts the same specimen, and comes to another number."""
    if "ki67_percent" in tumor.pathology and dice.chance(0.03):
        other = min(Decimal(100), tumor.pathology["ki67_percent"] + dice.whole(1, 8))
        source = "pathology report, central review"
        patient.readings.append(
            InventedReading("ki67_percent", other, diagnosed + 14, source, number, specimen=specimen)
        )


def _patient_reports(dice: Dice, patient: InventedPatient, sex: str) -> None:
    if dice.chance(REPORTS["laboratory"]):
        _report(dice, patient, _laboratory(dice), -dice.whole(1, 150), "laboratory", 0)
    if not dice.chance(REPORTS["clinic"]):
        return
    visit: dict[str, Any] = {
        "ecog": Decimal(dice.weighted({0: 45, 1: 38, 2: 13, 3: 4})),
        "surgical_risk": dice.weighted({"acceptable": 70, "high": 24, "prohibitive": 6}),
        "preferences": dice.some({"avoid_injections": 0.04, "prefers_surveillance": 0.05, "interested_in_trials": 0.1}),
        "germline_syndrome": dice.weighted({"none": 90, "men1": 5, "vhl": 1, "nf1": 1, "sdhx": 2, "tsc": 1}),
        "comorbidities": dice.some(COMORBIDITIES),
        "planned_procedure": dice.weighted({"none": 75, "surgery": 12, "liver_directed": 5, "other_invasive": 8}),
    }
    if sex == "female" and patient.age_years < 55:
        visit["pregnant_or_breastfeeding"] = dice.chance(0.02)
    _report(dice, patient, visit, -dice.whole(0, 60), "clinic visit", 0)


def _laboratory(dice: Dice) -> dict[str, Any]:
    return {
        "egfr_ml_min": dice.around(80, 20, 18, 125, 0),
        "hemoglobin_g_dl": dice.around(13, 1.6, 7.5, 17.5),
        "platelets_10e9_l": dice.around(240, 65, 45, 520, 0),
        "neutrophils_10e9_l": dice.around(4.2, 1.3, 1, 11),
        "bilirubin_x_uln": dice.around(0.7, 0.35, 0.2, 4),
        "albumin_g_dl": dice.around(4, 0.4, 2.4, 5),
    }


def _report(
    dice: Dice,
    patient: InventedPatient,
    content: dict[str, Any],
    day: int,
    source: str,
    tumor: int,
    texts: dict[str, str] | None = None,
    specimen: str = "",
) -> None:
    """The values of one report, some of them never written down."""
    for feature, value in content.items():
        if value == "" or not dice.chance(WRITTEN_DOWN):
            continue
        text = (texts or {}).get(feature, "")
        known = not dice.chance(SAID_TO_BE_UNKNOWN)
        patient.readings.append(InventedReading(feature, value, day, source, tumor, text, known, specimen))

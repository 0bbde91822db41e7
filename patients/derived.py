"""The typed row of each tumor, rebuilt from the readings in force.

Lists, filters and search read it; nobody edits it. It refuses to hold anything that ``patients.facts`` does not say.
Called by the actions in the transaction of the change.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from pathways.engine import NumberRange, Value, number_text
from patients.facts import facts_of_many
from patients.models import Patient, TumorFeatures
from patients.selectors import tumors_of

_WORDS = (
    "primary_site",
    "differentiation",
    "grade",
    "extent",
    "tnm_stage",
    "resectability",
    "disease_status",
    "functional_status",
    "hormone_syndrome",
    "sstr_status",
    "progression",
)


def rebuild(patient: Patient, *, as_of: date, now: datetime) -> None:
    """Rewrite the rows of all tumors of the patient, within the caller's transaction."""
    tumors = tumors_of(patient)
    for tumor_id, facts in facts_of_many(tumors, as_of=as_of).items():
        TumorFeatures.objects.update_or_create(
            tumor_id=tumor_id, defaults=_columns(facts.features) | {"derived_at": now}
        )


def _columns(features: dict[str, Value]) -> dict[str, Any]:
    low, high, text = _number(features.get("ki67_percent"))
    columns: dict[str, Any] = {name: features.get(name, "") for name in _WORDS}
    columns |= {"ki67_low": low, "ki67_high": high, "ki67_text": text}
    columns["krenning_score"] = _number(features.get("krenning_score"))[2]
    columns["ecog"] = _number(features.get("ecog"))[2]
    sites = features.get("metastatic_sites")
    columns["metastatic_sites"] = f" {' '.join(sites)} ".replace("  ", " ") if isinstance(sites, tuple) else ""
    return columns


def _number(value: Value | None) -> tuple[Decimal | None, Decimal | None, str]:
    """Its two ends and its words."""
    match value:
        case Decimal():
            return value, value, number_text(value)
        case NumberRange():
            return value.low, value.high, value.text
        case _:
            return None, None, ""

"""Since last time, with rules that changed: each day under its own version, and data told from rules by both together."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

import pytest
from django.utils import timezone

from netcare.access import system_actor
from pathways.actions.publishing import publish
from pathways.engine import Ruleset
from pathways.knowledge import starter, starter_files
from patients.actions import NewFinding, record_findings, register_patient
from patients.models import Tumor
from tests.cast import Cast, acting, gather, signed_in

NOW = timezone.now()
SYSTEM = system_actor("test", capabilities=frozenset())
ALWAYS_OUT = {
    "code": "TRIAL-E9",
    "option": "clinical_trial",
    "effect": "exclusion",
    "when": {"always": True},
    "title": "Closed",
    "rationale": "No trial is open.",
    "strength": "expert page",
}


@pytest.fixture
def cast(db: None) -> Cast:
    return gather()


def days_ago(number: int) -> datetime:
    return NOW - timedelta(days=number)


def version(data: dict[str, Any], ago: int) -> None:
    publish(ruleset=Ruleset.from_data(data), note="", actor=SYSTEM, by=None, at=days_ago(ago))


def without_trials() -> dict[str, Any]:
    """The starter pathway with one more rule, which closes the clinical trials."""
    data = dict(starter())
    sources = next(rule["sources"] for rule in data["rules"] if rule["option"] == "clinical_trial")
    return {**data, "rules": [*data["rules"], {**ALWAYS_OUT, "sources": sources}]}


@pytest.fixture
def tumor(cast: Cast) -> Tumor:
    patient = register_patient(
        actor=acting(cast.clara), mrn="N-1", family_name="Ash", given_name="Rowan", birth_on=days_ago(22000).date(),
        sex="female", teams=[cast.abdomen], now=days_ago(300),
    )  # fmt: skip
    return Tumor.objects.get(patient=patient)


def know(cast: Cast, tumor: Tumor, ago: int, **values: Any) -> None:
    at, features = days_ago(ago), starter_files().features
    findings = [
        NewFinding(
            name, at.date(), "pathology", value=value,
            tumor=tumor if name in features["tumor"] else None,
        )
        for name, value in values.items()
    ]  # fmt: skip
    record_findings(actor=acting(cast.clara), patient=tumor.patient, findings=findings, now=at)


def compared(cast: Cast, tumor: Tumor, before: int, after: int | None = None) -> str:
    chosen = {"before": days_ago(before).date().isoformat()}
    chosen |= {"after": days_ago(after).date().isoformat()} if after is not None else {}
    page = signed_in(cast.clara).get(f"/patients/{tumor.patient_id}/tumors/1/since/", chosen)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page.content.decode())))


def test_a_past_day_is_under_the_rules_of_that_day_so_that_rules_can_be_the_cause(cast: Cast, tumor: Tumor) -> None:
    version(starter(), 400)
    version(without_trials(), 50)
    text = compared(cast, tumor, 100)
    assert re.search(r"Other rules: .* v1 to v2\.", text)
    assert "No rules were published" not in text
    assert re.search(r"By rules The data alone would not have done it\. .*Clinical trial", text)
    assert "By data" not in text
    assert "The same rules" in compared(cast, tumor, 100, 60)
    assert "No option changed its status" in compared(cast, tumor, 40)


def test_a_day_before_the_first_version_says_so_and_is_under_the_earliest(cast: Cast, tumor: Tumor) -> None:
    version(starter(), 80)
    version(without_trials(), 50)
    text = compared(cast, tumor, 100)
    assert "No rules were published by" in text
    assert "It is shown under the earliest, " in text
    assert re.search(r"Other rules: .* v1 to v2\.", text)


def test_data_and_rules_that_changed_each_its_own_option_are_told_apart(cast: Cast, tumor: Tumor) -> None:
    version(starter(), 400)
    version(without_trials(), 50)
    know(cast, tumor, 20, differentiation="poor")
    text = compared(cast, tumor, 100)
    by_data, by_rules = text.partition("By rules")[0], text.partition("By rules")[2]
    assert "PRRT with 177Lu-DOTATATE" in by_data.partition("By data")[2]
    assert "Clinical trial" in by_rules
    assert "together" not in text.partition("By data")[2].partition("Facts that differ")[0]


def test_a_value_that_aged_under_a_limit_that_is_new_takes_both(cast: Cast, tumor: Tumor) -> None:
    """The old facts were fresh, and the old rules had no limit: neither alone makes eGFR unknown."""
    version(starter(), 400)
    limits = {"egfr_ml_min": {"days": 90, "reason": "It moves."}}
    version({**starter(), "limits": limits}, 50)
    know(cast, tumor, 200, egfr_ml_min=Decimal(20), differentiation="well", sstr_status="positive", extent="metastatic")
    know(cast, tumor, 200, primary_site="small_bowel", progression="progressing", grade="G2")
    text = compared(cast, tumor, 190)
    together = text.partition("By data and rules together")[2]
    assert together.startswith(" Neither of them would have done it alone.")
    assert "PRRT with 177Lu-DOTATATE" in together.partition("Facts that differ")[0]
    assert "too old: 20 mL/min/1.73 m², 200 days, limit 90" in text
    assert "By rules" not in text


def test_a_value_too_old_for_a_new_limit_is_put_down_to_the_rules(cast: Cast, tumor: Tumor) -> None:
    version(starter(), 400)
    version({**starter(), "limits": {"egfr_ml_min": {"days": 90, "reason": "It moves."}}}, 50)
    know(cast, tumor, 280, egfr_ml_min=Decimal(20), differentiation="well", sstr_status="positive", extent="metastatic")
    know(cast, tumor, 280, primary_site="small_bowel", progression="progressing", grade="G2")
    text = compared(cast, tumor, 100)
    assert "PRRT with 177Lu-DOTATATE" in text.partition("By rules")[2].partition("Facts that differ")[0]
    assert "together" not in text.partition("By rules")[2].partition("Facts that differ")[0]


@pytest.mark.parametrize(
    ("listed", "day", "shown", "said"),
    [
        ("now", 100, None, "From what was known on"),
        ("", 100, 100, "From what was known on"),
        ("now", 100, 100, "From today"),
        ("now", 90, 100, "From what was known on"),
    ],
)
def test_what_was_chosen_last_counts_a_day_or_an_entry_of_the_list(
    cast: Cast, tumor: Tumor, listed: str, day: int, shown: int | None, said: str
) -> None:
    version(starter(), 400)
    sent = {"before": listed, "before_on": days_ago(day).date().isoformat()}
    sent |= {"before_was": days_ago(shown).date().isoformat()} if shown else {}
    page = signed_in(cast.clara).get(f"/patients/{tumor.patient_id}/tumors/1/since/", sent).content.decode()
    assert said in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))

"""The map page: drawing and list say the same, under the readings in force, another report, and without a patient."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pathways.selectors import ruleset_in_force
from patients.models import Patient
from patients.selectors import tumors_of

CODES = ("lutetium_dotatate", "liver_transplant", "active_surveillance", "supportive_care")


def main_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.content.decode().partition("<main")[2].partition("</main>")[0])


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("mrn", ["DEMO-003", "DEMO-012"])
def test_every_rule_stands_in_the_drawing_and_in_the_list(
    mrn: str, code: str, as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    text = main_of(as_person("clinician"), page_of(mrn, f"options/{code}/map/"))
    drawing, _, listed = text.partition('id="as-text"')
    for rule in ruleset_in_force().ruleset.rules_of(code):
        if str(rule.effect) == "caution":
            continue
        assert rule.code in drawing, rule.code
        assert rule.code in listed, rule.code
    assert "this patient, today" in drawing
    assert "this patient, today" in listed


def test_the_map_under_the_other_report_says_so_and_is_one_click_away(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    client, address = as_person("clinician"), page_of("DEMO-005", "options/capecitabine_temozolomide/map/")
    text = main_of(client, address)
    under = re.search(r'href="(\?reading=[^"]+)"', text)
    assert under
    assert "Readings in force" in text
    other = main_of(client, address + under[1])
    assert "which is not in force" in other
    assert "as asked above" in other
    assert "this patient, today" not in other
    assert "Ki-67" in other


def test_another_option_keeps_the_reading_and_an_unknown_one_is_missing(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    client, address = as_person("clinician"), page_of("DEMO-005", "options/lutetium_dotatate/map/")
    under = re.search(r'href="\?(reading=[^"]+)"', main_of(client, address))
    assert under
    answer = client.get(f"{address}?option=everolimus&{under[1]}")
    assert answer.status_code == 302
    assert answer["Location"] == page_of("DEMO-005", "options/everolimus/map/") + f"?{under[1]}"
    assert client.get(f"{address}?option=nonsense").status_code == 404
    assert client.get(page_of("DEMO-005", "options/nonsense/map/")).status_code == 404
    assert client.get("/pathway/options/nonsense/map/").status_code == 404


def test_without_a_patient_no_name_and_no_value_stands_on_the_map(as_person: Callable[[str], Client]) -> None:
    text = main_of(as_person("auditor"), "/pathway/options/lutetium_dotatate/map/")
    assert "Without a patient" in text
    for patient in Patient.objects.order_by("mrn"):
        assert patient.family_name.upper() not in text
    assert "not recorded" not in text
    assert as_person("auditor").get("/pathway/options/lutetium_dotatate/map/?option=everolimus").status_code == 302


def test_the_number_of_queries_is_the_same_for_every_patient(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    client, counts = as_person("clinician"), set()
    client.get(page_of("DEMO-003", "options/lutetium_dotatate/map/"))
    for mrn in ("DEMO-003", "DEMO-006", "DEMO-012"):
        with CaptureQueriesContext(connection) as captured:
            client.get(page_of(mrn, "options/lutetium_dotatate/map/"))
        counts.add(len(captured))
    assert len(counts) == 1
    assert counts.pop() <= 20


def test_the_explanation_and_the_option_s_page_lead_to_the_map(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    client = as_person("clinician")
    patient = Patient.objects.get(mrn="DEMO-003")
    address = f"/patients/{patient.id}/tumors/{tumors_of(patient)[0].number}/options/lutetium_dotatate/"
    assert f'href="{address}map/"' in client.get(address).content.decode()
    assert (
        'href="/pathway/options/lutetium_dotatate/map/"'
        in client.get("/pathway/options/lutetium_dotatate/").content.decode()
    )


def test_under_the_draft_of_limits_a_value_that_is_too_old_says_so_in_drawing_and_list(
    as_person: Callable[[str], Client], page_of: Callable[..., str]
) -> None:
    text = main_of(as_person("clinician"), page_of("DEMO-013", "options/lutetium_dotatate/map/?limits=draft"))
    drawing, _, listed = text.partition('id="as-text"')
    assert re.search(r"too old: \d+, \d+ days, limit 90", drawing)
    assert "not recorded" not in drawing
    assert re.search(r"not used, [^<]*, \d+ days old, limit 90", listed)
    assert "cannot be told yet; it holds if below 30 mL/min" in listed

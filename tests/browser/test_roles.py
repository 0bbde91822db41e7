"""Each role finds its own work, and nothing that is not its own to see."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]
HOMES = {
    "viewer": ("/patients/", "Patients"),
    "clinician": ("/patients/", "Patients"),
    "coordinator": ("/boards/", "Tumor board"),
    "editor": ("/pathway/drafts/", "Drafts"),
    "approver": ("/pathway/drafts/", "Drafts"),
    "auditor": ("/audit/", "Audit"),
    "administrator": ("/people/", "People"),
}


@pytest.mark.parametrize("username", HOMES)
def test_each_role_is_led_to_its_work(username: str, as_person: AsPerson) -> None:
    page = as_person(username)
    page.goto("/")
    path, heading = HOMES[username]
    assert re.search(rf"//[^/]+{path}$", page.url), page.url
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)


def test_a_viewer_reads_and_cannot_enter(as_person: AsPerson, watched: Any) -> None:
    page = as_person("viewer")
    steps.open_patient(page, "DEMO-001")
    expect(page.get_by_role("link", name="Enter data")).to_have_count(0)
    patient = steps.patient_address(page)
    page.goto(f"{patient}data/")
    expect(page.get_by_role("link", name=re.compile("^Enter"))).to_have_count(0)
    path = f"{patient}data/tumors/1/enter/clinic/"
    steps.then_refused(page, path, 403, "record and correct patient data", watched)


def test_a_coordinator_sees_the_referred_patients_alone(as_person: AsPerson, watched: Any) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-001")
    foreign = steps.patient_address(page)
    page = as_person("coordinator")
    steps.filter_patients(page, q="DEMO", sort="mrn")
    referred = ("003", "005", "006", "007", "010", "012", "013", "014")
    assert steps.mrns_listed(page) == [f"DEMO-{number}" for number in referred]
    steps.then_refused(page, foreign, 404, "There is nothing here that you can see", watched)


def test_a_foreign_patient_and_a_missing_one_answer_the_same(as_person: AsPerson, watched: Any) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-001")
    page = as_person("outsider")
    path = re.sub(r"^https?://[^/]+", "", address)
    missing = re.sub(r"[0-9a-f-]{36}", str(uuid4()), path)
    foreign = steps.then_refused(page, path, 404, "There is nothing here that you can see", watched)
    assert foreign == steps.then_refused(page, missing, 404, "There is nothing here that you can see", watched)
    assert "EXAMPLE" not in foreign
    page.goto("/patients/")
    assert steps.mrns_listed(page) == ["ELSE-001"]


def test_a_patient_referred_to_the_board_is_seen_by_the_coordinator(as_person: AsPerson) -> None:
    page = as_person("clinician")
    mrn = steps.register(page, family_name="Referred")
    page.get_by_role("link", name="Refer to the board").click()
    page.get_by_label("Question to the board").fill("Surgery first?")
    page.get_by_role("button", name="Refer to the board").click()
    expect(page.locator("main")).to_contain_text("Surgery first?")
    page = as_person("coordinator")
    steps.filter_patients(page, q=mrn)
    assert steps.mrns_listed(page) == [mrn]


def test_signing_out_closes_every_page(sign_in: AsPerson) -> None:
    page = sign_in("clinician")
    steps.open_patient(page, "DEMO-001")
    address = page.url
    page.locator(".top-person summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("/sign-in/"))
    page.goto(address)
    assert "/sign-in/" in page.url
    expect(page.locator("body")).not_to_contain_text("EXAMPLE")


def test_a_wrong_password_says_so_and_keeps_the_user_name(page: Page) -> None:
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill("clinician")
    page.locator("input[name=password]").fill("not-the-password")
    page.locator("main form button").first.click()
    expect(page.locator("main .field-error, main .notice-error, main .notice").first).to_be_visible()
    expect(page.locator("input[name=username]")).to_have_value("clinician")


def test_the_auditor_reads_who_read_which_patient(as_person: AsPerson, watched: Any) -> None:
    page = as_person("viewer")
    steps.open_patient(page, "DEMO-010")
    page = as_person("auditor")
    page.goto("/audit/")
    expect(page.locator("main")).to_contain_text("Vera Onlooker")
    refusal = steps.then_refused(page, "/patients/", 403, "list and search patients", watched)
    assert "DEMO-010" not in refusal

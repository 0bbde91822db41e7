"""What cannot be right is refused with a sentence beside the field; nothing is saved, and nothing typed is lost."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]


def test_a_birth_date_in_the_future_keeps_the_whole_registration(as_person: AsPerson) -> None:
    page = as_person("clinician")
    page.goto("/patients/new/")
    tomorrow = date.today() + timedelta(days=2)
    page.locator("main").get_by_label("MRN").fill("FUTURE-1")
    page.get_by_label("Family name").fill("Notyetborn")
    steps.fill_date(page, "Birth date", tomorrow)
    page.get_by_label("Sex").select_option(label="female")
    page.get_by_label("NET team").check()
    page.get_by_role("button", name="Register").click()
    beside = page.locator(".field", has=page.get_by_label("Birth date")).locator(".field-error")
    expect(beside).to_contain_text(f"{steps.shown(tomorrow)} is in the future")
    expect(page.locator("main").get_by_label("MRN")).to_have_value("FUTURE-1")
    expect(page.get_by_label("Family name")).to_have_value("Notyetborn")
    expect(page.get_by_label("Birth date")).to_have_value(tomorrow.isoformat())
    expect(page.get_by_label("NET team")).to_be_checked()
    steps.filter_patients(page, q="FUTURE-1")
    assert steps.mrns_listed(page) == []


def test_an_mrn_of_somebody_else_is_refused_beside_the_field(as_person: AsPerson) -> None:
    page = as_person("clinician")
    page.goto("/patients/new/")
    page.locator("main").get_by_label("MRN").fill("DEMO-001")
    page.get_by_label("Family name").fill("Twice")
    steps.fill_date(page, "Birth date", date(1970, 1, 1))
    page.get_by_label("Sex").select_option(label="male")
    page.get_by_label("NET team").check()
    page.get_by_role("button", name="Register").click()
    expect(page.locator(".field-error")).to_contain_text("DEMO-001 belongs to another patient of this institution.")


def test_a_date_that_could_be_two_days_is_refused_and_stays_as_typed(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Ambiguous")
    page.goto(f"{steps.patient_address(page)}data/treatments/new/")
    page.get_by_label("Treatment", exact=False).first.select_option(label="Lanreotide")
    page.get_by_label("still given").check()
    for typed, sentence in (("03/04/2024", "could be 3 Apr 2024 or 4 Mar 2024"), ("soonish", "is not a date")):
        page.get_by_label("Started on").fill(typed)
        steps.save(page)
        beside = page.locator(".field", has=page.get_by_label("Started on")).locator(".field-error")
        expect(beside).to_contain_text(sentence)
        expect(page.get_by_label("Started on")).to_have_value(typed)
        expect(page.get_by_label("still given")).to_be_checked()


def test_values_out_of_range_without_unit_or_not_a_number_are_each_named(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Outofrange")
    steps.enter_values(page, "laboratory")
    steps.field(page, "egfr_ml_min").fill("960")
    steps.field(page, "hemoglobin_g_dl").fill("12")
    steps.field(page, "platelets_10e9_l").fill("many")
    steps.save(page)
    expect(page.locator(".notice-error")).to_contain_text("Nothing was saved yet")
    for feature, sentence, typed in (
        ("egfr_ml_min", "“960” is not accepted. Accepted is a number from 0 to 200", "960"),
        ("hemoglobin_g_dl", "“12” has no unit", "12"),
        ("platelets_10e9_l", "“many” is not a number", "many"),
    ):
        expect(steps.block(page, feature).locator(".field-error")).to_contain_text(sentence)
        expect(steps.field(page, feature)).to_have_value(typed)
    page.goto(f"{steps.patient_address(page)}data/")
    expect(page.locator("main")).not_to_contain_text("960")


def test_an_observation_of_tomorrow_and_a_bare_fraction_are_refused(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Tomorrow")
    tomorrow = date.today() + timedelta(days=2)
    steps.enter_values(page, "pathology", tomorrow)
    steps.field(page, "ki67_percent").fill("0.15")
    steps.save(page)
    expect(page.locator("main")).to_contain_text(f"{steps.shown(tomorrow)} is in the future")
    beside = steps.block(page, "ki67_percent").locator(".field-error")
    expect(beside).to_contain_text("“0.15” could be 15 % or 0.15 %. Write it with the sign %.")


def test_a_birth_date_after_a_treatment_is_refused_beside_the_field(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-014")
    page.goto(f"{steps.patient_address(page)}data/identity/")
    before = page.get_by_label("Birth date").input_value()
    steps.fill_date(page, "Birth date", date.today() - timedelta(days=300))
    page.get_by_label("Reason").fill("Mistyped.")
    page.locator("main form button.btn-primary").first.click()
    beside = page.locator(".field", has=page.get_by_label("Birth date")).locator(".field-error")
    expect(beside).to_contain_text("is after the first treatment on record")
    expect(page.get_by_label("Reason")).to_have_value("Mistyped.")
    page.goto(f"{steps.patient_address(page)}data/identity/")
    expect(page.get_by_label("Birth date")).to_have_value(before)


def test_an_empty_form_and_a_second_click_record_nothing_twice(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Secondclick")
    steps.enter_values(page, "clinic")
    steps.save(page)
    expect(page.locator("main")).to_contain_text("Nothing was entered: every field is empty.")
    steps.enter_values(page, "clinic")
    steps.field(page, "ecog").fill("1")
    steps.save(page)
    steps.then_saved_as(page, "ECOG performance status: 1")
    page.go_back()
    steps.save(page)
    page.wait_for_url(re.compile("/data/"))
    page.goto(f"{steps.patient_address(page)}data/tumors/1/features/ecog/")
    expect(page.locator("main tbody tr")).to_have_count(1)

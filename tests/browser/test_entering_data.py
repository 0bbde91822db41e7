"""From a missing fact to a changed list, and from nothing to a list of candidates."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]
Settled = Callable[[Callable[[], Any]], Any]


def test_a_missing_fact_leads_to_its_field_and_its_value_changes_page_and_list(
    as_person: AsPerson, settled: Settled
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-002")
    steps.then_option_is(page, "enucleation", "Conditional")
    page.get_by_role("navigation", name="Patient pages").get_by_role("link", name="What is missing").click()
    page.get_by_role("link", name="Distance to the main pancreatic duct", exact=True).click()
    page.wait_for_url(re.compile(r"/enter/imaging/#feature-main_duct_distance_mm$"))
    steps.fill_date(page, "Observed on", date.today())
    steps.field(page, "main_duct_distance_mm").fill("6")
    page.get_by_label("Unit of Distance to the main pancreatic duct").select_option(label="mm")
    steps.save(page)
    steps.then_saved_as(page, "Distance to the main pancreatic duct: 6 mm")
    page.goto(address)
    steps.then_option_is(page, "enucleation", "Candidate")
    steps.until(
        settled,
        page,
        "/patients/?option=enucleation&status=candidate",
        lambda: "DEMO-002" in steps.mrns_listed(page),
    )


def test_a_new_patient_gets_from_nothing_to_a_list_of_candidates(as_person: AsPerson) -> None:
    page = as_person("clinician")
    mrn = steps.register(page, family_name="Fromnothing")
    steps.open_patient(page, mrn)
    expect(page.locator(".clinical-line")).to_contain_text("not known")
    steps.enter_values(page, "pathology")
    steps.field(page, "primary_site").select_option(label="pancreas")
    steps.field(page, "differentiation").get_by_label("well").check()
    steps.field(page, "grade").get_by_label("G1").check()
    steps.save(page)
    steps.then_saved_as(page, "Primary site: pancreas", "Differentiation: well", "Grade: G1")
    steps.enter_values(page, "imaging")
    steps.field(page, "extent").get_by_label("localized").check()
    steps.field(page, "resectability").get_by_label("resectable", exact=True).check()
    steps.field(page, "pancreas_region").get_by_label("tail").check()
    steps.save(page)
    steps.then_saved_as(page, "Extent: localized")
    address = steps.open_patient(page, mrn)
    expect(page.locator("details.option .cell-status", has_text="Candidate").first).to_be_visible()
    page.goto(f"{address}options/distal_pancreatectomy/")
    expect(page.locator("main")).to_contain_text("Primary site is pancreas")


def test_numbers_are_taken_as_reports_write_them_and_echoed_as_understood(as_person: AsPerson) -> None:
    page = as_person("clinician")
    mrn = steps.register(page, family_name="Numbers")
    steps.enter_values(page, "pathology")
    steps.field(page, "ki67_percent").fill("<1 %")
    steps.field(page, "mitoses_per_2mm2").fill("7")
    page.get_by_label("Unit of Mitotic count").select_option(label="counted in an area")
    steps.block(page, "mitoses_per_2mm2").get_by_label(re.compile("area", re.IGNORECASE)).first.fill("10")
    steps.save(page)
    steps.then_saved_as(page, "Ki-67: <1 %", "7 in 10 mm² = 1.4 per 2 mm²")
    steps.enter_values(page, "pathology")
    steps.field(page, "ki67_percent").fill("2–3 %")
    steps.save(page)
    steps.then_saved_as(page, "Ki-67: 2–3 %")
    steps.enter_values(page, "laboratory")
    steps.field(page, "hemoglobin_g_dl").fill("7,5")
    page.get_by_label("Unit of Hemoglobin").select_option(label="mmol/L")
    steps.field(page, "bilirubin_x_uln").fill("24")
    page.get_by_label("Unit of Bilirubin").select_option(label="µmol/L")
    steps.block(page, "bilirubin_x_uln").get_by_label(re.compile("upper limit", re.IGNORECASE)).last.fill("20")
    steps.save(page)
    steps.then_saved_as(page, "7,5 mmol/L = 12.1 g/dL", "24 µmol/L, upper limit 20 µmol/L = 1.2 × ULN")
    steps.open_patient(page, mrn)
    expect(page.locator(".clinical-line")).to_contain_text("2–3 %")


def test_what_is_typed_is_shown_as_understood_before_it_is_saved(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Checkfirst")
    steps.enter_values(page, "laboratory")
    steps.field(page, "albumin_g_dl").fill("38 g/L")
    page.get_by_role("button", name="Check without saving").click()
    expect(page.locator(".notice-info")).to_contain_text("Not saved yet")
    expect(page.locator(".notice-info")).to_contain_text("38 g/L = 3.8 g/dL")
    expect(steps.field(page, "albumin_g_dl")).to_have_value("38 g/L")


def test_nothing_is_ticked_beforehand_and_not_known_is_apart_from_none(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Unticked")
    for topic in ("pathology", "imaging", "clinic", "laboratory"):
        steps.enter_values(page, topic)
        assert page.locator("main input:checked").count() == 0
    comorbidities = page.goto(f"{steps.patient_address(page)}data/tumors/1/enter/clinic/")
    assert comorbidities is not None
    assert comorbidities.ok
    group = steps.field(page, "comorbidities")
    expect(group.get_by_label("none of these")).to_be_visible()
    expect(group.get_by_label("not known")).to_be_visible()


def test_values_that_contradict_are_saved_and_said_beside_both_fields_and_at_the_head(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-009")
    steps.enter_values(page, "imaging")
    steps.field(page, "krenning_score").fill("0")
    steps.save(page)
    sentence = "Receptor imaging is recorded as positive or mixed, yet the Krenning score is 0 or 1."
    steps.then_saved_as(page, "Krenning score: 0")
    for feature in ("krenning_score", "sstr_status"):
        expect(page.locator(f"tr#feature-{feature}, tr[id$='{feature}']").first).to_contain_text(sentence)
    steps.enter_values(page, "imaging")
    for feature in ("krenning_score", "sstr_status"):
        expect(steps.block(page, feature)).to_contain_text(sentence)
    steps.open_patient(page, "DEMO-009")
    expect(page.locator("main").get_by_text(sentence).first).to_be_visible()


def test_a_correction_keeps_the_old_value_in_the_history(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-004")
    page.goto(f"{steps.patient_address(page)}data/tumors/1/features/ki67_percent/")
    page.get_by_role("link", name=re.compile("^Correct")).first.click()
    steps.field(page, "ki67_percent").fill("1.5")
    page.get_by_label("Reason of the correction").fill("Misread from the report.")
    page.get_by_role("button", name="Save the correction").click()
    page.wait_for_url(re.compile("/features/ki67_percent/"))
    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(2)
    expect(page.locator("main tbody")).to_contain_text("1.5 %")
    expect(page.locator("main tbody")).to_contain_text("Misread from the report.")
    expect(page.locator("tr.reading-in_force, tr[class*='force']").first).to_contain_text("1.5 %")


def test_a_second_tumor_gets_a_list_of_its_own(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-011")
    page.goto(f"{steps.patient_address(page)}data/")
    page.get_by_role("link", name="Add a tumor").click()
    page.get_by_label("Name of the tumor").fill("pancreas, found by endosonography")
    page.get_by_role("button", name="Add the tumor").click()
    page.goto(address)
    tabs = page.get_by_role("navigation", name="Tumors")
    expect(tabs).to_contain_text("2 tumors, a list each")
    tabs.get_by_role("link", name="pancreas, found by endosonography").click()
    page.wait_for_url(re.compile(r"/tumors/2/$"))
    expect(page.get_by_role("navigation", name="Options by status")).to_contain_text("All 48")
    expect(page.locator(".clinical-line")).to_contain_text("not known")
    steps.then_option_is(page, "proton_pump_inhibitor", "Possible")
    page.goto(address)
    steps.then_option_is(page, "proton_pump_inhibitor", "Candidate")


def test_a_confirmed_treatment_history_makes_unknown_treatments_a_no(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-012")
    page.goto(f"{address}missing/")
    expect(page.locator("main")).to_contain_text("Nobody has confirmed that the treatment history is complete")
    page.goto(f"{steps.patient_address(page)}data/treatments/")
    page.get_by_label("Yes: no treatment was given so far").check()
    steps.fill_date(page, "As of", date.today())
    page.get_by_role("button", name="Record").click()
    expect(page.locator("#treatments")).to_contain_text("Confirmed")
    page.goto(f"{address}missing/")
    expect(page.locator("main")).not_to_contain_text("Nobody has confirmed")


def test_a_treatment_is_recorded_with_how_it_went(as_person: AsPerson) -> None:
    page = as_person("clinician")
    mrn = steps.register(page, family_name="Treated")
    page.goto(f"{steps.patient_address(page)}data/treatments/new/")
    page.get_by_label("Treatment", exact=False).first.select_option(label="Lanreotide")
    page.get_by_label("Started on").fill("Mar 2024")
    page.get_by_label("still given").check()
    page.get_by_label("progressed on it").check()
    steps.save(page)
    expect(page.locator("#treatments")).to_contain_text("Mar 2024")
    expect(page.locator("#treatments")).to_contain_text("progressed on it")
    assert mrn in page.locator(".patient-banner").inner_text()


def test_a_note_is_written_and_taken_out_with_a_reason(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Noted")
    page.goto(f"{steps.patient_address(page)}data/")
    page.get_by_role("link", name="Add a note").click()
    page.get_by_label("Note").fill("Severe carcinoid heart disease, says the cardiologist.")
    steps.save(page)
    expect(page.locator("#notes")).to_contain_text("says the cardiologist")
    expect(page.locator("#notes")).to_contain_text("not used by the rules")
    page.locator("#notes").get_by_role("link", name=re.compile("In error")).click()
    page.get_by_label("Reason").fill("Another patient's letter.")
    page.get_by_role("button", name="Take it out").click()
    expect(page.locator("#notes")).not_to_contain_text("says the cardiologist")


def test_a_reading_of_yesterday_is_older_than_one_of_today(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Twodays")
    for day, text in ((date.today(), "60"), (date.today() - timedelta(days=1), "90")):
        steps.enter_values(page, "laboratory", day)
        steps.field(page, "egfr_ml_min").fill(text)
        steps.save(page)
        steps.then_saved_as(page, f"eGFR: {text}")
    expect(page.locator("tr[id$='egfr_ml_min']")).to_contain_text("60")

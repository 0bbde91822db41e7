"""A clinician finds a patient and reads the reasons, down to each compared value and its source."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]


def test_a_clinician_finds_a_patient_by_name_by_mrn_and_with_the_slash_key(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.filter_patients(page, q="cedar")
    assert steps.mrns_listed(page) == ["DEMO-003"]
    steps.filter_patients(page, q="demo-003")
    assert steps.mrns_listed(page) == ["DEMO-003"]
    address = steps.open_patient(page, "DEMO-003")
    expect(page.locator(".patient-banner h1")).to_have_text("PLACEHOLDER, Cedar")
    assert re.search(r"/patients/[0-9a-f-]{36}/tumors/1/$", address)


def test_the_list_is_filtered_by_site_and_by_the_status_of_an_option(as_person: AsPerson) -> None:
    page = as_person("clinician")
    page.goto("/patients/")
    page.get_by_label("Primary site").select_option(label="lung")
    page.wait_for_url(re.compile("site=lung"))
    assert steps.mrns_listed(page) == ["DEMO-009", "DEMO-008"]
    steps.filter_patients(page, option="mibg_therapy", status="candidate")
    assert steps.mrns_listed(page) == ["DEMO-013"]
    steps.filter_patients(page, q="nobody-of-this-name")
    expect(page.locator("main")).to_contain_text("No patient matches")
    page.get_by_role("link", name="Show all patients").click()
    expect(steps.patient_rows(page).first).to_be_visible()


def test_the_banner_says_in_one_line_what_a_specialist_reads_first(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-003")
    line = page.locator(".clinical-line").inner_text()
    for part in ("Small bowel NET, G2", "Ki-67 6 %", "metastatic: liver, nodes", "carcinoid", "SSTR+", "ECOG 1"):
        assert part in line
    expect(page.locator(".patient-banner")).to_contain_text("Fictional patient")


def test_an_option_opens_to_its_rule_and_leads_to_source_rule_and_option_and_back(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    row = steps.open_option(page, "lutetium_dotatate")
    comparison = row.locator("table.trace tr", has_text="Disease course over 12 months is progressing").first
    expect(comparison.locator(".value")).to_contain_text("progressing")
    expect(comparison.locator(".value")).to_contain_text("CT or MRI report")
    row.locator("a[href*='/pathway/sources/']").first.click()
    page.wait_for_url(re.compile("/pathway/sources/"))
    page.locator("main a[href*='/pathway/rules/PRRT-']").first.click()
    page.wait_for_url(re.compile(r"/pathway/rules/PRRT-"))
    page.locator("main a[href*='/pathway/options/lutetium_dotatate/']").first.click()
    page.wait_for_url(re.compile("/pathway/options/lutetium_dotatate/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("177Lu-DOTATATE")
    for _ in range(3):
        page.go_back()
    assert page.url.startswith(address)
    expect(page.locator(".patient-banner h1")).to_have_text("PLACEHOLDER, Cedar")


def test_every_rule_of_an_option_stands_on_a_page_of_its_own(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-007")
    page.goto(f"{address}options/platinum_etoposide/")
    expect(page.locator("main")).to_contain_text("Candidate")
    expect(page.locator("main")).to_contain_text("What could rule it out")
    assert page.locator("table.trace tr").count() > 5


def test_all_forty_eight_options_are_counted_and_none_is_hidden(as_person: AsPerson) -> None:
    page = as_person("viewer")
    steps.open_patient(page, "DEMO-002")
    counts = page.get_by_role("navigation", name="Options by status").get_by_role("link")
    by_status = {link.split(maxsplit=1)[1]: int(link.split()[0]) for link in counts.all_inner_texts()[1:6]}
    assert list(by_status) == ["candidate", "conditional", "possible", "excluded", "not indicated"]
    assert sum(by_status.values()) == 48
    expect(counts.first).to_have_text("All 48")
    for status, number in by_status.items():
        page.goto(f"{page.url.partition('?')[0]}?status={status.replace(' ', '_')}")
        assert page.locator("main [id^='option-']").count() == number, status


def test_free_text_stands_beside_the_assessment_and_is_said_not_to_be_used(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-012")
    expect(page.locator("main")).to_contain_text("not used by the rules")
    page.get_by_role("link", name=re.compile("note", re.IGNORECASE)).first.click()
    expect(page.locator("#notes")).to_contain_text("referral letter received")


def test_the_printed_sheet_names_patient_version_and_every_listed_option(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    listed = page.locator("details.option .option-title").all_inner_texts()
    page.get_by_role("link", name="Print").click()
    page.wait_for_url(f"{address}print/")
    page.emulate_media(media="print")
    text = page.locator("body").inner_text()
    assert len(listed) == 13
    for title in listed:
        assert title.partition("  ")[0].split(" see note")[0].split(" in use")[0].strip() in text, title
    for part in ("PLACEHOLDER, Cedar", "MRN DEMO-003", "NET pathway v1", "PRRT with 177Lu-DOTATATE", "35", "sha256"):
        assert part in text, part
    assert "Not indicated" in text
    assert page.pdf(format="A4").startswith(b"%PDF")

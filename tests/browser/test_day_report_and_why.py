"""A list as of a day, under drafted limits and under the other report; and why an option is not on it."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]
Check = Callable[[], None]


def picture(page: Page, pictures: Path, name: str) -> None:
    page.screenshot(path=pictures / f"{name}.png", full_page=True)


def test_old_values_age_out_under_the_draft_and_the_page_says_that_it_is_not_in_force(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    # Given the proposed limits, which are not in force
    page.goto("/pathway/")
    page.get_by_role("navigation", name="Pathway pages").get_by_role("link", name="Limits").click()
    expect(page.locator("main")).to_contain_text("The version in force has no limits")
    expect(page.get_by_role("heading", level=2).filter(has_text="draft, not in force")).to_be_visible()
    accessible()
    picture(page, pictures, "limits")
    # When a patient with laboratory values of last year is looked at under them
    steps.open_patient(page, "DEMO-013")
    steps.then_option_is(page, "lutetium_dotatate", "Candidate")
    page.get_by_role("link", name="under drafted limits on age").click()
    page.wait_for_url(re.compile("limits=draft"))
    # Then the status has changed, the values say how old they are, and the page is marked
    steps.then_option_is(page, "lutetium_dotatate", "Conditional")
    expect(page.locator(".opened-as")).to_contain_text("Under a draft of limits, not in force")
    expect(page.locator(".heads")).to_contain_text("335 days old, limit 90")
    accessible()
    picture(page, pictures, "draft")
    page.get_by_role("link", name="Show the limits in force").click()
    steps.then_option_is(page, "lutetium_dotatate", "Candidate")


def test_a_past_day_shows_what_was_known_then_and_no_day_to_come_is_shown(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    # Given the list of today, when another day is chosen
    past = date.today() - timedelta(days=30)
    steps.fill_date(page, "as of", past)
    page.get_by_role("button", name="Show", exact=True).click()
    page.wait_for_url(re.compile(f"as_of={past.isoformat()}"))
    # Then it is what was known then: nothing, for all was entered since
    expect(page.locator(".opened-as")).to_contain_text(f"As of {steps.shown(past)}, not today")
    expect(page.locator(".opened-as")).to_contain_text("nothing that rules read had been entered by then")
    accessible()
    picture(page, pictures, "as-of")
    page.goto(f"{address}?as_of={(date.today() + timedelta(days=400)).isoformat()}")
    expect(page.get_by_role("alert").first).to_contain_text("is in the future")
    expect(page.locator(".opened-as")).to_contain_text("Shown as of today")


def test_two_reports_on_one_specimen_are_two_lists_and_each_marks_what_differs(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    # Given two readings of one biopsy
    steps.open_patient(page, "DEMO-005")
    expect(page.locator("main")).to_contain_text("3 options of 48 would have another status")
    marked = page.locator(".chip-fork", has_text="under G3, 22 %")
    expect(marked.first).to_be_attached()
    picture(page, pictures, "two-readings")
    # When the page is opened under the other one
    page.get_by_role("link", name="See the page under G3, 22 %").click()
    page.wait_for_url(re.compile(r"reading=[0-9a-f-]{36}"))
    # Then it is its list, marked as not in force, and the printed sheet is as well
    expect(page.locator(".opened-as")).to_contain_text("which is not in force")
    expect(page.locator(".clinical-line")).to_contain_text("G3")
    expect(page.locator(".chip-fork", has_text="under the readings in force").first).to_be_attached()
    accessible()
    picture(page, pictures, "other-reading")
    page.get_by_role("link", name="Print", exact=True).click()
    expect(page.locator("main")).to_contain_text("which is not in force")
    page.emulate_media(media="print")
    picture(page, pictures, "paper")
    page.emulate_media(media="screen")


def test_every_option_that_is_not_listed_says_what_fails_and_what_is_one_fact_away_stands_out(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-003")
    # Given the options that are not listed, when they are unfolded
    page.locator("#not-indicated > summary").click()
    # Then each says the comparison, the value, its date and its source
    resection = page.locator("#option-complete_resection")
    expect(resection).to_contain_text("Extent is localized or regional: does not hold. Extent: metastatic")
    expect(resection.locator("li .quiet").first).to_contain_text(re.compile(r"\d{4}"))
    expect(resection).to_contain_text("Listed if one fact were another, all else as it is:")
    expect(resection).to_contain_text("Resectability of the liver metastases: resectable")
    expect(resection).to_contain_text("Extent: localized or regional contradicts other values on record")
    # And also where no single comparison stands in the way of the nearest reason
    palliation = page.locator("#option-endoscopic_palliation")
    expect(palliation.locator(".chip-near")).to_have_text("one fact away")
    expect(page.locator("#option-sunitinib")).to_contain_text("Not covered by the rules")
    accessible()
    picture(page, pictures, "why-not")
    # And those that are one fact away can be looked at alone
    page.locator(".counts").get_by_role("link", name="one fact away").click()
    page.wait_for_url(re.compile("status=one_fact_away"))
    expect(page.locator("#option-complete_resection")).to_be_visible()
    expect(page.locator("#option-liver_transplant")).to_have_count(0)
    accessible()
    page.set_viewport_size({"width": 390, "height": 844})
    page.emulate_media(color_scheme="dark")
    accessible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    picture(page, pictures, "why-not-narrow-dark")
    # And the page of one option says which of the answers it is
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator("#option-complete_resection a").first.click()
    expect(page.locator(".why-not").first).to_contain_text("No reason holds")
    accessible()

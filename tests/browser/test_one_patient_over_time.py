"""What belongs to one patient over time and crosses pages: days and limits kept from page to page, units of markers, people
who may be the same, and drawings that read on paper and in the dark."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]
Check = Callable[[], None]
# The contrast of a stroke with the panel behind it, after WCAG.
CONTRAST = """selector => {
  const light = colour => {
    const [r, g, b] = colour.match(/[0-9.]+/g).slice(0, 3).map(Number).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const line = document.querySelector(selector);
  const a = light(getComputedStyle(line).stroke);
  const b = light(getComputedStyle(line.closest('.panel')).backgroundColor);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


def picture(page: Page, folder: Path, name: str) -> None:
    page.screenshot(path=folder / f"over-time-{name}.png", full_page=True)


def sheets(page: Page) -> int:
    """How many sheets of paper the page takes, counted in the PDF that the browser makes."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True)))


@pytest.mark.parametrize("mrn", ["DEMO-003", "DEMO-006", "DEMO-013"])
def test_a_timeline_prints_on_one_sheet(mrn: str, as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, mrn)
    for query in ("", "?limits=draft"):
        page.goto(f"{address}timeline/{query}")
        assert sheets(page) == 1, query


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_reference_band_of_a_series_stands_out_on_a_scale_of_high_values(
    scheme: str, as_person: AsPerson, pictures: Path
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{address}timeline/")
    expect(page.locator("line.tl-band-edge").first).to_be_attached()
    assert page.evaluate(CONTRAST, "line.tl-band-edge") >= 3
    picture(page, pictures, f"band-{scheme}")


def test_a_past_day_is_kept_from_the_list_to_the_timeline_and_the_what_if_and_back_to_today(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    day = (date.today() - timedelta(days=40)).isoformat()
    # Given the list as of a past day, when the other pages of the patient are opened
    page.goto(f"{address}?as_of={day}&limits=draft")
    tabs = page.get_by_role("navigation", name="Patient pages")
    tabs.get_by_role("link", name="Timeline").click()
    # Then they are of that day and say so
    page.wait_for_url(re.compile(rf"/timeline/\?as_of={day}&limits=draft"))
    expect(page.locator(".mark-as_of")).to_contain_text("What was entered, corrected or settled later is left out.")
    expect(page.locator(".mark-limits")).to_contain_text("Under a draft of limits")
    accessible()
    page.goto(f"{address}what-if/?as_of={day}&limits=draft")
    expect(page.locator(".mark-as_of")).to_be_visible()
    steps.field(page, "grade").get_by_label("G3").check()
    expect(page.locator("#what-if-said")).to_contain_text("1 value changed")
    accessible()
    picture(page, pictures, "what-if-past-day")
    # And the link that reproduces it carries the day, without saying it
    page.wait_for_url(re.compile(r"\?of="))
    link = page.url
    assert day not in link
    page.goto(link)
    expect(page.locator(".mark-as_of")).to_be_visible()
    expect(page.locator(".mark-limits")).to_be_visible()
    expect(page.locator("#what-if-said")).to_contain_text("1 value changed")
    page.get_by_role("link", name="Show today").click()
    expect(page.locator(".mark-as_of")).to_have_count(0)
    expect(page.locator(".mark-limits")).to_be_visible()


def test_the_day_of_a_timeline_is_chosen_and_the_period_stays(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-006")
    page.goto(f"{address}timeline/?period=2y")
    day = (date.today() - timedelta(days=3)).isoformat()
    page.locator("#as-of").fill(day)
    page.get_by_role("form", name="Day to show").get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile(rf"as_of={day}.*period=2y|period=2y.*as_of={day}"))
    expect(page.locator(".mark-as_of")).to_be_visible()
    # The demo was entered today, so on that day there was nothing; the way to another day stays
    expect(page.locator("main")).to_contain_text("Nothing had been entered by then")
    page.locator("#as-of").fill(date.today().isoformat())
    page.get_by_role("form", name="Day to show").get_by_role("button", name="Show").click()
    expect(page.locator("svg.drawing").first).to_be_visible()
    expect(page.get_by_role("link", name="2 years")).to_have_attribute("aria-current", "true")


def test_two_days_are_compared_under_the_rules_of_each_and_the_cause_is_said(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-014")
    page.goto(f"{address}since/")
    page.get_by_label("or what was known on").first.fill((date.today() - timedelta(days=30)).isoformat())
    page.get_by_role("button", name="Compare").click()
    main = page.locator("main")
    expect(main).to_contain_text("No rules were published by")
    expect(main).to_contain_text("It is shown under the earliest, NET pathway v1")
    expect(page.get_by_role("heading", name="By data", exact=True)).to_be_visible()
    expect(main).to_contain_text("The rules alone would not have done it.")
    expect(page.get_by_role("heading", name="Facts that differ")).to_be_visible()
    accessible()
    picture(page, pictures, "since")


def test_a_value_too_old_for_the_map_says_so_and_an_open_gate_says_which_values_decide(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-013")
    page.goto(f"{address}options/lutetium_dotatate/map/?limits=draft")
    drawing = page.locator("svg.drawing")
    expect(drawing).to_contain_text(re.compile(r"too old: 77, \d+ days, limit 90"))
    expect(drawing).not_to_contain_text("not recorded")
    words = " ".join(drawing.locator("text.t-halo").evaluate_all("texts => texts.map(text => text.textContent)"))
    assert "if platelets below" in words
    assert "neutrophils below" in words
    accessible()
    picture(page, pictures, "map-too-old")


def test_a_measurement_comes_in_a_unit_of_its_marker_and_the_timeline_converts_it(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    data = address.split("/tumors/")[0] + "/data/markers/new/"
    page.goto(data)
    page.get_by_label("Marker", exact=False).first.select_option("five_hiaa")
    page.get_by_label("Value", exact=False).first.fill("400")
    page.locator("select[name=unit]").select_option("ng/mL")
    page.locator("select[name=unit]").select_option("pg/mL")
    page.get_by_label("Observed on").fill(date.today().isoformat())
    page.get_by_role("button", name="Save").click()
    # Then a unit that is not the marker's is refused with those that are
    expect(page.locator("main")).to_contain_text("5-HIAA is not reported in “pg/mL”. Accepted is mg/24 h, µmol/24 h")
    accessible()
    picture(page, pictures, "marker-unit-refused")
    page.locator("select[name=unit]").select_option("µmol/24 h")
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile(r"/data/"))
    expect(page.locator("#markers")).to_contain_text("400 µmol/24 h")
    # And the drawing has one line, in the latest unit; the record keeps what was reported
    page.goto(f"{address}timeline/")
    expect(page.locator(".drawing-panel")).to_contain_text("µmol/24 h")
    expect(page.locator('.mark[aria-label*="drawn as 617 µmol/24 h"]')).to_have_count(1)
    picture(page, pictures, "timeline-units")


def test_a_new_patient_with_a_known_name_and_birth_date_is_asked_about(
    as_person: AsPerson, accessible: Check, pictures: Path
) -> None:
    page = as_person("clinician")
    for mrn in ("TWICE-1", "TWICE-2"):
        page.goto("/patients/new/")
        page.locator("main").get_by_label("MRN").fill(mrn)
        page.get_by_label("Family name").fill("Sosia")
        page.get_by_label("Given name").fill("Ada")
        steps.fill_date(page, "Birth date", date(1964, 3, 14))
        page.get_by_label("Sex").select_option(label="female")
        page.get_by_label("NET team").check()
        page.get_by_role("button", name="Register").click()
    expect(page.locator("main")).to_contain_text(
        "There is already SOSIA, Ada, born on 14 Mar 1964, MRN TWICE-1. Is this the same person?"
    )
    expect(page.get_by_role("link", name="SOSIA, Ada, MRN TWICE-1")).to_be_visible()
    accessible()
    picture(page, pictures, "same-person")
    page.get_by_label("This is another person").check()
    page.get_by_role("button", name="Register").click()
    page.wait_for_url(re.compile(r"/data/"))
    expect(page.locator(".patient-banner")).to_contain_text("TWICE-2")

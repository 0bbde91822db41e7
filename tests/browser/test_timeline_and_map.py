"""A clinician reads one patient over time, narrows the period, and follows the way through the rules of an option."""

import csv
import io
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

# About what pages look like and where they lead; integration tests read them on both databases.
pytestmark = pytest.mark.only_sqlite
AsPerson = Callable[[str], Page]
# Texts of a drawing whose real boxes, as the browser measures them, share more than a hair.
OVERLAPS = """() => {
  const found = [];
  for (const drawing of document.querySelectorAll('svg.drawing')) {
    const texts = [...drawing.querySelectorAll('text')].map(text => [text.textContent, text.getBBox()]);
    texts.forEach(([one, a], at) => texts.slice(at + 1).forEach(([other, b]) => {
      const wide = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
      const high = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
      if (wide > 1 && high > 3.5) found.push(one + ' | ' + other);
    }));
  }
  return found;
}"""


def open_timeline(page: Page, mrn: str) -> str:
    """Given a patient's page, when the tab Timeline is opened."""
    steps.open_patient(page, mrn)
    page.get_by_role("navigation", name="Patient pages").get_by_role("link", name="Timeline").click()
    page.wait_for_url(re.compile(r"/timeline/$"))
    return page.url


def test_a_patient_over_time_is_read_down_narrowed_and_read_as_a_table(
    as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    page = as_person("clinician")
    open_timeline(page, "DEMO-006")
    drawing = page.locator("svg.drawing").first
    for lane in ("Treatments", "Biopsy", "Imaging", "Visits", "Course"):
        expect(drawing.get_by_text(lane, exact=True)).to_be_visible()
    expect(drawing).to_contain_text("not tolerated (pneumonitis)")
    expect(page.locator("line.tl-growth").first).to_be_attached()
    expect(page.locator("line.tl-today").first).to_be_attached()
    assert page.evaluate(OVERLAPS) == []
    accessible()
    everything = page.locator(".mark").count()
    page.get_by_role("link", name="12 months", exact=True).click()
    page.wait_for_url(re.compile("period=12m"))
    assert 0 < page.locator(".mark").count() < everything
    expect(page.locator("main")).to_contain_text("outside this period")
    page.get_by_label("From", exact=True).fill("2024")
    page.get_by_label("to", exact=True).fill("Mar 2026")
    page.get_by_role("form", name="From a day to a day").get_by_role("button", name="Show").click()
    page.wait_for_url(re.compile("from=2024"))
    expect(page.locator("svg.drawing").first).to_contain_text("2025")
    page.get_by_role("link", name="As a table").click()
    rows = page.locator("#as-table tbody tr")
    expect(rows.filter(has_text="Everolimus").first).to_be_visible()
    assert page.evaluate(OVERLAPS) == []
    accessible()


def test_the_table_comes_as_a_file_with_the_same_rows(as_person: AsPerson) -> None:
    page = as_person("clinician")
    open_timeline(page, "DEMO-003")
    page.get_by_role("link", name="As a table").click()
    shown = page.locator("#as-table tbody tr").count()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as CSV").click()
    rows = list(csv.reader(io.StringIO(download.value.path().read_text(encoding="utf-8"))))
    assert len(rows) - 1 == shown
    assert rows[1][0] == "DEMO-003"


def test_a_period_that_cannot_be_read_keeps_what_was_typed(as_person: AsPerson, accessible: Callable[[], None]) -> None:
    page = as_person("clinician")
    open_timeline(page, "DEMO-003")
    page.get_by_label("From", exact=True).fill("03/04/2025")
    page.get_by_role("form", name="From a day to a day").get_by_role("button", name="Show").click()
    expect(page.get_by_role("alert")).to_contain_text("could be 3 Apr 2025 or 4 Mar 2025")
    expect(page.get_by_label("From", exact=True)).to_have_value("03/04/2025")
    accessible()


def test_marks_are_reached_with_the_keyboard_and_lead_to_where_the_value_stands(as_person: AsPerson) -> None:
    page = as_person("clinician")
    open_timeline(page, "DEMO-003")
    mark = page.locator("a.mark.tl-event").filter(has_text="Ki-67").first
    mark.focus()
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    expect(mark).to_have_attribute("aria-label", re.compile("pathology report"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/data/tumors/1/features/|/feature"))
    expect(page.locator(".patient-banner h1")).to_have_text("PLACEHOLDER, Cedar")


def test_the_way_through_the_rules_of_an_option_is_followed_from_its_explanation(
    as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-012")
    page.goto(f"{address}options/lutetium_dotatate/")
    page.get_by_role("link", name=re.compile("Pathway map")).click()
    page.wait_for_url(re.compile(r"/options/lutetium_dotatate/map/$"))
    drawing = page.locator("svg.drawing")
    for question in ("Is there a reason?", "Does anything rule it out?", "What the page says"):
        expect(drawing.get_by_text(question)).to_be_visible()
    status = page.locator("h2 .status-word").inner_text()
    expect(drawing).to_contain_text(f"{status}: this patient, today")
    expect(drawing.locator(".way-open").first).to_be_attached()
    assert page.evaluate(OVERLAPS) == []
    accessible()
    page.get_by_role("link", name="As text").click()
    expect(page.locator("#as-text")).to_contain_text(f"{status}: this patient, today.")
    expect(page.locator("#as-text")).to_contain_text("PRRT-E4")
    accessible()
    page.get_by_role("link", name="Without a patient").click()
    page.wait_for_url(re.compile(r"/pathway/options/lutetium_dotatate/map/$"))
    expect(page.locator("main")).not_to_contain_text("INCOMPLETE")
    assert page.locator(".way-certain, .way-open").count() == 0
    accessible()


def test_another_option_is_chosen_on_the_map(as_person: AsPerson) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-014")
    page.goto(f"{address}options/lutetium_dotatate/map/")
    page.locator("#map-option").select_option(label="Liver transplantation")
    page.wait_for_url(re.compile(r"/options/liver_transplant/map/$"))
    expect(page.locator("svg.drawing")).to_contain_text("Candidate: this patient, today")
    expect(page.locator(".drawing .way-open")).to_have_count(0)


@pytest.mark.parametrize(("mrn", "tail"), [("DEMO-003", "timeline/"), ("DEMO-005", "options/lutetium_dotatate/map/")])
def test_drawings_read_in_dark_on_a_phone_and_on_paper(
    mrn: str, tail: str, as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, mrn)
    page.emulate_media(color_scheme="dark")
    page.goto(f"{address}{tail}")
    accessible()
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{address}{tail}")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    accessible()
    page.emulate_media(media="print")
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")

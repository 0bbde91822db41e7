"""What if, and what would settle it: a clinician changes values, sees what differs, sends the link, and prints it marked."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Watched

AsPerson = Callable[[str], Page]


def suppose(page: Page, mrn: str) -> str:
    """Open the what-if of a patient by its tab. Returns the address of the patient's candidates."""
    address = steps.open_patient(page, mrn)
    page.get_by_role("navigation", name="Patient pages").get_by_role("link", name="What if").click()
    page.wait_for_url(re.compile("/what-if/$"))
    return address


def said(page: Page, sentence: str) -> None:
    expect(page.locator("#what-if-said")).to_contain_text(sentence)


def test_a_clinician_changes_values_and_sees_at_once_which_options_change_and_why(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path
) -> None:
    page = as_person("clinician")
    suppose(page, "DEMO-003")
    expect(page.locator(".hypothetical-bar")).to_contain_text("Hypothetical, not the record.")
    said(page, "Nothing is changed")
    accessible()
    steps.field(page, "ki67_percent").fill("60")
    said(page, "1 value changed")
    steps.field(page, "grade").get_by_label("G3").check()
    said(page, "2 values changed: 3 of 48 options have another status")
    row = page.locator(".what-if-table tr", has_text="Platinum + etoposide")
    expect(row.locator("td").nth(0)).to_contain_text("Not indicated")
    expect(row.locator("td").nth(1)).to_contain_text("Candidate")
    expect(row).to_contain_text("PLAT-I2")
    expect(row).to_contain_text("Ki-67: 60 %")
    expect(page.locator("#feature-ki67_percent-say")).to_contain_text("Hypothetical: Ki-67: 60 % (on record: 6 %)")
    expect(page.locator("#what-if-result")).to_contain_text("45 options unchanged")
    accessible()
    page.screenshot(path=pictures / "what-if.png", full_page=True)
    page.emulate_media(color_scheme="dark")
    page.reload()
    said(page, "2 values changed: 3 of 48 options have another status")
    accessible()


def test_what_cannot_be_understood_keeps_its_place_with_the_sentence_beside_it(as_person: AsPerson) -> None:
    page = as_person("clinician")
    suppose(page, "DEMO-003")
    ki67 = steps.field(page, "ki67_percent")
    ki67.fill("0.15")
    beside = page.locator("#feature-ki67_percent-say")
    expect(beside).to_contain_text("could be 15 % or 0.15 %")
    expect(ki67).to_have_value("0.15")
    expect(ki67).to_have_attribute("aria-invalid", "true")
    expect(ki67).to_be_focused()
    ki67.fill("0.15 %")
    expect(beside).to_contain_text("Hypothetical: Ki-67: 0.15 %")
    expect(ki67).not_to_have_attribute("aria-invalid", "true")


def test_the_link_reproduces_it_for_a_colleague_and_opens_nothing_for_a_stranger(
    as_person: AsPerson, watched: Watched
) -> None:
    page = as_person("clinician")
    suppose(page, "DEMO-003")
    steps.field(page, "grade").get_by_label("G3").check()
    said(page, "1 value changed")
    page.wait_for_url(re.compile(r"\?of="))
    link = page.url
    assert "G3" not in link.partition("?of=")[0]
    as_person("viewer").goto(link)
    said(page, "1 value changed")
    expect(steps.field(page, "grade").get_by_label("G3")).to_be_checked()
    watched.expect_status(400)
    page.goto(link[:-6] + "AAAAAA")
    expect(page.get_by_role("alert")).to_contain_text("it was cut off or altered on the way")
    said(page, "Nothing is changed")
    steps.then_refused(as_person("outsider"), link, 404, "There is nothing here that you can see", watched)


def test_nothing_of_it_reaches_the_record_and_it_works_without_a_script(
    as_person: AsPerson, page: Page, accessible: Callable[[], None]
) -> None:
    as_person("clinician")
    address = suppose(page, "DEMO-003")
    cookies = page.context.cookies()
    browser = page.context.browser
    assert browser is not None
    origin = re.match(r"https?://[^/]+", address)
    assert origin is not None
    with browser.new_context(base_url=origin[0], java_script_enabled=False) as plain:
        plain.add_cookies(cookies)  # type: ignore[arg-type]
        other = plain.new_page()
        other.goto(f"{address}what-if/")
        other.locator("#feature-ki67_percent").fill("ninety")
        other.locator("#feature-grade").get_by_label("G3").check()
        other.get_by_role("button", name="Show what changes").first.click()
        expect(other.locator("#what-if-said")).to_contain_text("1 value changed")
        expect(other.locator("#feature-ki67_percent")).to_have_value("ninety")
        expect(other.locator("#feature-ki67_percent-say")).to_contain_text("is not a number")
    page.goto(address)
    expect(page.locator(".clinical-line")).to_contain_text("Ki-67 6 %")
    accessible()


def test_a_history_is_changed_by_ticking_an_option(as_person: AsPerson) -> None:
    page = as_person("clinician")
    suppose(page, "DEMO-003")
    page.get_by_text("Treatments: given, in use, grew on it, not tolerated").click()
    page.get_by_label("Not tolerated: Lanreotide, long-acting").check()
    said(page, "1 value changed")
    expect(page.locator("#what-if-result")).to_contain_text("Lanreotide")


def test_every_printed_sheet_says_that_it_is_hypothetical(as_person: AsPerson, pictures: Path) -> None:
    page = as_person("clinician")
    suppose(page, "DEMO-003")
    steps.field(page, "grade").get_by_label("G3").check()
    said(page, "1 value changed")
    page.emulate_media(media="print")
    expect(page.locator(".watermark")).to_be_visible()
    expect(page.locator(".watermark")).to_have_text("HYPOTHETICAL")
    assert page.evaluate("getComputedStyle(document.querySelector('.watermark')).position") == "fixed"
    expect(page.locator(".hypothetical-bar")).to_be_visible()
    expect(page.locator("#what-if")).to_be_hidden()
    margins = page.evaluate(
        "Array.from(document.styleSheets).flatMap(sheet => Array.from(sheet.cssRules)).filter(rule =>"
        " rule.constructor.name === 'CSSPageRule').map(rule => rule.cssText).join(' ')"
    )
    assert "HYPOTHETICAL" in margins
    page.pdf(path=pictures / "what-if.pdf", prefer_css_page_size=True)


def test_what_would_settle_it_leads_to_the_field_and_to_the_what_if(
    as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-012")
    page.get_by_role("navigation", name="Patient pages").get_by_role("link", name="What is missing").click()
    page.wait_for_url(re.compile("/missing/$"))
    row = page.locator(".settling-table tbody tr", has_text="Number of metastases").first
    expect(row).to_contain_text("Candidate, only together:")
    expect(row).to_contain_text("with largest metastasis")
    expect(row.get_by_role("link", name="Number of metastases").first).to_have_attribute(
        "href", re.compile(r"/enter/imaging/#feature-metastasis_count$")
    )
    idle = page.locator("#idle")
    expect(idle.locator("summary")).to_contain_text(re.compile(r"The other \d+ blanks change nothing"))
    idle.locator("summary").click()
    accessible()
    row.get_by_text("what if …").click()
    page.wait_for_url(re.compile("/what-if/#feature-metastasis_count$"))
    expect(steps.field(page, "metastasis_count")).to_be_visible()
    assert page.url.startswith(address)

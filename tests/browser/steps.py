"""What people do on the pages, and what they find there, in their own words. Journeys are made of these steps.

Steps wait for what they need to see, never for a length of time.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from playwright.sync_api import Locator, Page, expect

# --- Finding ------------------------------------------------------------------------------------------------------


def open_patient(page: Page, mrn: str) -> str:
    """Search in the top bar and open the one who is found. Returns the address of the patient's candidates."""
    page.goto("/patients/")
    page.keyboard.press("/")
    page.keyboard.type(mrn)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"[?&]q="))
    patient_rows(page).locator("a.name").first.click()
    page.wait_for_url(re.compile(r"/tumors/1/$"))
    return page.url


def patient_rows(page: Page) -> Locator:
    return page.locator("tr.patient-row")


def mrns_listed(page: Page) -> list[str]:
    return page.locator("tr.patient-row td:nth-child(2)").all_inner_texts()


def filter_patients(page: Page, **chosen: str) -> None:
    """Ask for the list with these filters; the address is the one that the form would make."""
    query = "&".join(f"{name}={value}" for name, value in chosen.items())
    page.goto(f"/patients/?{query}")


# --- The list of options ------------------------------------------------------------------------------------------


def option_row(page: Page, code: str) -> Locator:
    return page.locator(f"#option-{code}")


def open_option(page: Page, code: str) -> Locator:
    """Open the row of an option in the list of candidates."""
    row = option_row(page, code)
    row.locator("summary").first.click()
    expect(row).to_have_attribute("open", "")
    return row


def then_option_is(page: Page, code: str, status: str) -> None:
    expect(option_row(page, code).locator(".cell-status").first).to_contain_text(status)


# --- Entering -----------------------------------------------------------------------------------------------------


def register(page: Page, *, family_name: str, born: date = date(1966, 5, 2), sex: str = "female") -> str:
    """Register a new patient through the form. Returns the MRN."""
    mrn = f"NEW-{uuid4().hex[:8].upper()}"
    page.goto("/patients/new/")
    page.locator("main").get_by_label("MRN").fill(mrn)
    page.get_by_label("Family name").fill(family_name)
    page.get_by_label("Given name").fill("Journey")
    fill_date(page, "Birth date", born)
    page.get_by_label("Sex").select_option(label=sex)
    page.get_by_label("NET team").check()
    page.get_by_role("button", name="Register").click()
    page.wait_for_url(re.compile(r"/data/"))
    return mrn


def fill_date(page: Page, label: str, day: date) -> None:
    """Choose a day in the browser's own date input."""
    page.get_by_label(label).fill(day.isoformat())


def enter_values(page: Page, topic: str, observed: date | None = None) -> None:
    """Open the entry form of a topic of the patient whose page is open, and say when the values were observed."""
    page.goto(f"{patient_address(page)}data/tumors/1/enter/{topic}/")
    fill_date(page, "Observed on", observed or date.today())


def patient_address(page: Page) -> str:
    found = re.match(r".*/patients/[0-9a-f-]{36}/", page.url)
    assert found is not None, f"{page.url} is not a page of a patient"
    return found[0]


def shown(day: date) -> str:
    return f"{day.day} {day:%b %Y}"


def field(page: Page, feature: str) -> Locator:
    """The input of a feature on an entry form, or the group of its choices."""
    return page.locator(f"#feature-{feature}")


def block(page: Page, feature: str) -> Locator:
    """The input of a feature with its help, echo and sentences."""
    return (
        page.locator(".feature")
        .filter(has=page.locator(f"#feature-{feature}"))
        .or_(page.locator(f"fieldset#feature-{feature}"))
    )


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def then_saved_as(page: Page, *sentences: str) -> None:
    """The Data page echoes what was understood."""
    page.wait_for_url(re.compile(r"/data/.*entered="))
    echo = page.locator(".notice-success")
    expect(echo).to_contain_text("Understood as")
    for sentence in sentences:
        expect(echo).to_contain_text(sentence)


# --- Saying no ----------------------------------------------------------------------------------------------------


def then_refused(page: Page, path: str, status: int, sentence: str, watched: Any) -> str:
    """The address answers with the status and the sentence. Returns the text of the page."""
    watched.expect_status(status)
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status, f"{path}: {answer.status}"
    expect(page.locator("main")).to_contain_text(sentence)
    return page.locator("main").inner_text()


def until(settled: Callable[[Callable[[], Any]], Any], page: Page, path: str, ready: Callable[[], bool]) -> None:
    """Look at a page again until background work shows on it."""

    def look() -> bool:
        page.goto(path)
        return ready()

    settled(look)


# --- Reviewing and stopping ---------------------------------------------------------------------------------------


def review(page: Page, mrn: str, option: str, word: str, reason: str = "") -> None:
    """Sign a review with one word on one option."""
    page.goto(f"{open_patient(page, mrn)}review/")
    field = page.locator(f"#id_verdict-{option}_field")
    field.get_by_label(word, exact=True).check()
    if reason:
        if not field.locator("details").evaluate("one => one.open"):
            field.locator("summary").click()
        field.get_by_label(reason).check()
    page.get_by_label("not recorded", exact=True).check()
    page.get_by_role("button", name="Sign the review").click()
    page.wait_for_url(re.compile(r"/reviews/"))


def open_stop(page: Page, section: str = "in-force") -> None:
    page.goto("/pathway/stops/")
    page.locator(f"section[aria-labelledby={section}] .rule-list a").first.click()
    page.wait_for_url(re.compile(r"/stops/[0-9a-f-]{36}/$"))


def decide(page: Page, heading: str, button: str, reason: str) -> None:
    """On the page of a stop: give the reason in the part with this heading, and press its button."""
    part = page.locator("section", has=page.get_by_role("heading", name=heading, exact=True))
    part.get_by_label("Reason").fill(reason)
    part.get_by_role("button", name=button).click()


def look(
    page: Page,
    pictures: Path,
    name: str,
    accessible: Callable[[], None],
    schemes: Sequence[Literal["light", "dark"]] = ("light", "dark"),
) -> None:
    """The page in light, dark, on a phone and on paper: accessible, and nothing cut off."""
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        accessible()
        page.screenshot(path=pictures / f"{name}-{scheme}.png", full_page=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 780})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    page.screenshot(path=pictures / f"{name}-narrow.png", full_page=True)
    assert wide <= 0, f"{name} is {wide} px wider than a phone"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(media="print")
    page.screenshot(path=pictures / f"{name}-print.png", full_page=True)
    page.emulate_media(media="screen")

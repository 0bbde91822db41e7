"""An emergency stop from the first doubt to its end: a clinician asks, one approver stops, another looks and lifts."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]
WHY = "Serious reports from two centers; stopped until they are reviewed."
OPTION, TITLE = "clinical_trial", "Clinical trial"


@pytest.fixture
def lifted_afterwards(as_person: AsPerson) -> Iterator[None]:
    """Whatever a journey leaves stopped, other journeys find free."""
    yield
    page = as_person("approver2")
    page.goto("/pathway/stops/")
    while page.locator("section[aria-labelledby=in-force] .rule-list a").count():
        lift(page)


def lift(page: Page) -> None:
    steps.open_stop(page)
    steps.decide(page, "Lift the stop", "Lift the stop", "The reports were about another product; reviewed.")
    page.wait_for_url(re.compile(r"/pathway/stops/$"))


@pytest.mark.usefixtures("lifted_afterwards")
def test_a_stop_is_asked_for_placed_seen_everywhere_confirmed_and_lifted(
    as_person: AsPerson, accessible: Callable[[], None], settled: Callable[[Callable[[], Any]], Any], pictures: Path
) -> None:
    # Given a clinician who doubts an option, when a stop is asked for, then nothing is stopped yet
    page = as_person("clinician")
    page.goto(f"/pathway/options/{OPTION}/")
    page.get_by_role("link", name="Ask for a stop").click()
    accessible()
    page.get_by_label("Reason").fill("doubts")
    page.get_by_role("button", name="Ask for the stop").click()
    expect(page.locator(".field-error")).to_contain_text("Reason has 6 characters.")
    accessible()
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Ask for the stop").click()
    expect(page.locator("section[aria-labelledby=asked-for]")).to_contain_text(TITLE)
    address = steps.open_patient(page, "DEMO-004")
    steps.then_option_is(page, OPTION, "Candidate")

    # When an approver answers, then the page says for how many patients it is listed, and asks once
    page = as_person("approver")
    steps.open_stop(page, "asked-for")
    accessible()
    page.get_by_role("link", name="Stop the option").click()
    expect(page.locator("main")).to_contain_text(WHY)
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Show what it does").click()
    expect(page.get_by_role("alert")).to_contain_text(f"{TITLE} will be suspended at once, for every patient.")
    expect(page.get_by_role("alert")).to_contain_text(re.compile(r"it is listed now for [0-9]+ patients"))
    accessible()
    page.get_by_role("button", name="Stop it now").click()
    expect(page.get_by_role("region", name="Emergency stops", exact=True)).to_contain_text(
        f"{TITLE} is suspended since"
    )
    accessible()

    # Then it is not that approver's to confirm
    steps.open_stop(page)
    expect(page.locator("main")).to_contain_text("You placed this stop; the second look is another approver's.")
    expect(page.get_by_role("button", name="Confirm the stop")).to_have_count(0)
    accessible()

    # And for the clinician it is suspended at once: in the list, explained, on the map, on paper, in a review and a what-if
    page = as_person("clinician")
    page.goto(address)
    steps.then_option_is(page, OPTION, "Suspended")
    expect(page.locator("main .notice-error")).to_contain_text(WHY)
    expect(page.get_by_label("Patient banner")).to_contain_text("Emergency stop.")
    accessible()
    page.screenshot(path=pictures / "suspended.png")
    for rest in (f"options/{OPTION}/", f"options/{OPTION}/map/", "print/", "what-if/", f"review/?also={OPTION}"):
        page.goto(f"{address}{rest}")
        expect(page.locator("body")).to_contain_text("Suspended by an emergency stop since")
        accessible()
    words = page.locator(f"#id_verdict-{OPTION}_field")
    expect(words.get_by_label("discuss", exact=True)).to_have_count(1)
    expect(words.get_by_label("bring to board", exact=True)).to_have_count(0)
    for path in (f"/pathway/options/{OPTION}/", "/pathway/rules/TRIAL-I1/", "/pathway/versions/"):
        page.goto(path)
        expect(page.locator("main .notice-error")).to_contain_text(f"{TITLE} is suspended by an emergency stop")
        accessible()
    settled(lambda: page.goto(f"/patients/?option={OPTION}&status=suspended") and page.locator(".tally").count() > 0)
    accessible()

    # When the other approver has looked, then the stop is confirmed
    page = as_person("approver2")
    steps.open_stop(page)
    steps.decide(page, "Second look", "Confirm the stop", "I read the reports; the stop is right.")
    expect(page.locator("section[aria-labelledby=in-force]")).to_contain_text("Confirmed by a second look by")
    accessible()

    # And the one who placed it cannot lift it any more
    page = as_person("approver")
    steps.open_stop(page)
    expect(page.get_by_role("button", name="Lift the stop")).to_have_count(0)

    # When the other one lifts it, then the option is a candidate again, and the history keeps all of it
    page = as_person("approver2")
    lift(page)
    expect(page.locator("section[aria-labelledby=before]")).to_contain_text("Lifted by")
    expect(page.locator(".stop-bar")).to_have_count(0)
    page = as_person("clinician")
    page.goto(address)
    steps.then_option_is(page, OPTION, "Candidate")


@pytest.mark.usefixtures("lifted_afterwards")
def test_on_a_phone_and_in_the_dark_a_stop_is_seen_as_well(as_person: AsPerson, accessible: Callable[[], None]) -> None:
    page = as_person("approver")
    page.goto("/pathway/rules/TRIAL-I1/")
    page.get_by_role("link", name="Stop this option").click()
    page.get_by_label("Reason").fill(WHY)
    page.get_by_role("button", name="Show what it does").click()
    expect(page.get_by_role("alert")).to_contain_text(
        "It is the option of the rule TRIAL-I1; the whole option is stopped."
    )
    page.get_by_role("button", name="Stop it now").click()
    page.wait_for_url(re.compile(r"/pathway/stops/$"))
    page = as_person("clinician")
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 844})
    for path in (steps.open_patient(page, "DEMO-004"), "/pathway/stops/", f"/pathway/options/{OPTION}/"):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
        expect(page.locator(".stop-bar")).to_be_visible()
        accessible()

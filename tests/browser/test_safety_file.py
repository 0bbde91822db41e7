"""A clinician reports a concern, an approver assesses and closes it, and the safety file shows and exports it."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]


def test_a_concern_is_reported_assessed_closed_and_stands_in_the_safety_file(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path
) -> None:
    # Given a clinician on a patient's page, when they follow the link at its foot
    page = as_person("clinician")
    steps.open_patient(page, "DEMO-004")
    page.get_by_role("contentinfo").get_by_role("link", name="Report a safety concern").click()
    page.wait_for_url(re.compile(r"/safety/report/\?page=pathways:tumor$"))
    expect(page.locator("main")).to_contain_text("No patient data is asked for")
    accessible()
    page.screenshot(path=pictures / "safety-report.png", full_page=True)

    # When they forget how bad it is, then nothing is saved and nothing typed is lost
    page.get_by_label("What happened, or could have").fill("The caution about the heart was hard to see.")
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("alert")).to_contain_text("How bad it could be for a patient is missing.")
    expect(page.get_by_label("What happened, or could have")).to_have_value(
        "The caution about the heart was hard to see."
    )
    accessible()
    page.get_by_label("considerable").check()
    page.get_by_role("button", name="Report").click()
    page.wait_for_url(re.compile(r"/safety/incidents/[0-9a-f-]{36}/$"))
    address = page.url
    expect(page.locator("main")).to_contain_text("pathways:tumor")
    expect(page.get_by_role("link", name="Assess", exact=True)).to_have_count(0)
    accessible()

    # When an approver finds it in the safety file, assesses it and closes it
    page = as_person("approver")
    page.goto("/safety/")
    open_ones = page.get_by_role("region", name="Open concerns", exact=True)
    expect(open_ones).to_contain_text("The caution about the heart was hard to see.")
    page.goto(address)
    page.get_by_role("link", name="Assess", exact=True).click()
    accessible()
    page.get_by_label("considerable").check()
    page.get_by_label("Hazard of the log").select_option("H18")
    page.get_by_label("What keeps patients safe meanwhile").fill("Colleagues open the row before the meeting.")
    page.get_by_role("button", name="Assess").click()
    page.get_by_role("link", name="Close", exact=True).click()
    page.get_by_label("Reason").fill("The caution stands in the row; the column was scrolled away.")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("h1")).to_contain_text("closed")
    page.screenshot(path=pictures / "safety-incident.png", full_page=True)

    # Then the file shows it as closed, and the download says the same
    page.goto("/safety/")
    closed = page.get_by_role("region", name="Closed concerns", exact=True)
    expect(closed).to_contain_text("The caution about the heart was hard to see.")
    expect(page.locator("#hazard-H18")).to_contain_text("tests/")
    accessible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download as JSON").click()
    data = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    found = next(one for one in data["incidents"] if "heart was hard to see" in one["what_happened"])
    assert [step["word"] for step in found["steps"]] == ["reported", "assessed", "closed"]
    assert data["release"]["digest"].startswith("sha256:")

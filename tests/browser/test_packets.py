"""Paper for the board, in the browser: a report attached, the packet made while one does something else, its code checked.

On a server of its own, since what is attached would stand on the pages of every other journey.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.conftest import Watched
from tests.browser.own_server import base_url, browser_context_args, open_sessions, server  # noqa: F401
from tests.browser.steps import look
from tests.unit.boards import hostile

AsPerson = Callable[[str], Page]


def attach(page: Page, name: str, data: bytes) -> None:
    """Fill the form of attachments and send it."""
    page.get_by_label("File").set_input_files([FilePayload(name=name, mimeType="application/pdf", buffer=data)])
    page.get_by_label("Title").fill("Liver biopsy, report")
    page.get_by_label("Kind").select_option("pathology")
    page.get_by_label("Date of the document").fill("2026-10-01")
    page.get_by_role("button", name="Attach").click()


def test_a_report_is_attached_the_packet_is_made_and_its_code_is_checked(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path, watched: Watched
) -> None:
    # Given a coordinator who attaches a report, and one whose content is not what its name says
    watched.expect_status(400)
    page = as_person("coordinator")
    page.goto("/boards/")
    page.locator(".next-title a").click()
    page.wait_for_url(re.compile(r"/boards/[0-9a-f-]{36}/$"))
    meeting = page.url
    page.locator(".agenda .name").first.click()
    page.get_by_role("link", name="Attach, withdraw").click()
    attach(page, "report.pdf", hostile.png())
    expect(page.get_by_role("alert")).to_contain_text("is a PNG image by its content, but its name ends with .pdf")
    expect(page.get_by_label("Title")).to_have_value("Liver biopsy, report")
    accessible()
    attach(page, "report.pdf", hostile.pdf(2))
    expect(page.locator(".attachment")).to_contain_text("PDF, 2 pages")
    look(page, pictures, "attachments", accessible)

    # When the packet is asked for, and the page is left while it is made
    page.goto(meeting)
    page.get_by_role("button", name="Make the packet").click()
    page.wait_for_url(re.compile("/packets/$"))
    page.goto("/boards/")
    page.goto(f"{meeting}packets/")
    packet = page.locator(".packet-list li").first
    expect(packet).to_contain_text("Nothing changed since.", timeout=60_000)
    look(page, pictures, "packets", accessible)

    # Then it can be had, names the report, and its code says that it holds until something changes
    with page.expect_download() as download:
        packet.get_by_role("link").click()
    assert download.value.suggested_filename.endswith(".pdf")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", packet.inner_text())
    assert code is not None
    page.get_by_role("link", name="check a code").click()
    page.get_by_label("Check code").fill(code[0])
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("still what is on record")
    look(page, pictures, "code", accessible)
    page.goto(meeting)
    page.locator(".agenda .name").first.click()
    page.get_by_role("link", name="Text to paste").click()
    expect(page.get_by_label("Text of the case")).to_contain_text("Attached to the case: Liver biopsy, report")
    look(page, pictures, "case-text", accessible)

    # And what was attached by mistake is withdrawn, which the packet's line says
    page.get_by_role("link", name="The case", exact=True).click()
    page.get_by_role("link", name="Attach, withdraw").click()
    page.locator(".attachment summary").click()
    page.get_by_label("Why it is withdrawn").fill("of another patient")
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.locator(".attachment")).to_contain_text("of another patient")
    accessible()
    page.goto(f"{meeting}packets/")
    expect(page.locator(".packet-list li").first).to_contain_text("Changed since: the attachments. Make it again.")
    with page.expect_download() as draft:
        page.goto(f"{meeting}minutes/")
        page.get_by_role("link", name="Draft (PDF)").click()
    assert "draft" in draft.value.suggested_filename

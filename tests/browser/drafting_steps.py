"""What editors and approvers do with a draft, as steps of journeys."""

import re
from typing import Any

from playwright.sync_api import Page, expect

WHY = "The board decided so after looking at last year’s dosimetry."
SOURCE = "Board, 3 November 2026"


def open_a_draft(page: Page, title: str, begins_with: str = "") -> str:
    """A new draft, of the version in force or of the one that the words name; returns its address."""
    page.goto("/pathway/drafts/")
    page.get_by_label("What the draft is about").fill(title)
    if begins_with:
        page.get_by_label("Begins with").select_option(label=begins_with)
        page.get_by_label("Why it is rolled back").fill(WHY)
        page.get_by_label("Source of the roll back").fill("Board, 3 Nov 2026")
    page.get_by_role("button", name="Open the draft").click()
    page.wait_for_url(re.compile(r"/pathway/drafts/[0-9a-f-]{36}/$"))
    return page.url


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def say_why(page: Page, draft: str) -> None:
    """A reason and a source for every change that lacks one."""
    page.goto(f"{draft}changes/")
    while page.locator("details[open] form.reason-form").count():
        form = page.locator("details[open] form.reason-form").first
        form.locator("textarea").fill(WHY)
        form.locator("input[name=source]").fill(SOURCE)
        form.get_by_role("button").click()
        page.wait_for_load_state()


def acknowledge(page: Page, draft: str) -> None:
    """Every finding of the proofs, with a reason; one that was given before is at hand."""
    page.goto(f"{draft}checks/")
    while page.get_by_label("Why it may stand").count():
        reason = page.get_by_label("Why it may stand").first
        reason.fill(reason.input_value() or "Known and as the board wants it.")
        page.get_by_role("button", name="Acknowledge").first.click()
        page.wait_for_load_state()


def step(page: Page, draft: str, button: str, then: str) -> None:
    page.goto(f"{draft}review/")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("body")).to_contain_text(then)


def forgive_what_was_overtaken(watched: Any) -> None:
    """htmx writes to the console that a request was broken off by a newer one or by another page."""
    broken_off = ("htmx:afterRequest", "htmx:sendAbort")
    watched.problems[:] = [one for one in watched.problems if not any(word in one for word in broken_off)]

"""An editor moves a threshold, and an approver sees whom it moves before it is published. On a server of its own."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.own_server import base_url, browser_context_args, open_sessions, server  # noqa: F401

AsPerson = Callable[[str], Page]
WHY = "The board decided so after looking at last year’s dosimetry."


def _given_a_draft(page: Page) -> str:
    """A draft in which PRRT is ruled out up to Krenning score 3; returns its address."""
    page.goto("/pathway/drafts/")
    page.get_by_label("What the draft is about").fill("Uptake for PRRT")
    page.get_by_role("button", name="Open the draft").click()
    page.wait_for_url(re.compile(r"/pathway/drafts/[0-9a-f-]{36}/$"))
    return page.url


def _edit(page: Page, draft: str) -> None:
    page.goto(f"{draft}parts/rules/entries/PRRT-E5/")
    page.get_by_label(re.compile("Krenning score: value")).fill("3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("main, body").first).to_contain_text("Saved rule PRRT-E5")
    page.goto(f"{draft}cases/PRRT-E5/")
    page.locator("textarea[name=false]").fill("krenning_score: 4")
    page.get_by_role("button", name="Save the cases").click()
    expect(page.locator("body")).to_contain_text("The cases of PRRT-E5 are saved.")


def _say_why(page: Page, draft: str) -> None:
    for _ in range(2):
        page.goto(f"{draft}changes/")
        form = page.locator("details[open] form.reason-form").first
        form.locator("textarea").fill(WHY)
        form.locator("input[name=source]").fill("Board, 3 November 2026")
        form.get_by_role("button").click()
        page.wait_for_load_state()
    page.goto(f"{draft}checks/")
    while page.get_by_label("Why it may stand").count():
        page.get_by_label("Why it may stand").first.fill("Known and as the board wants it.")
        page.get_by_role("button", name="Acknowledge").first.click()
        page.wait_for_load_state()


def _step(page: Page, draft: str, button: str, then: str) -> None:
    page.goto(f"{draft}review/")
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator("body")).to_contain_text(then)


def _forgive_what_was_overtaken(watched: Any) -> None:
    """The panel beside a rule breaks off a request when a newer one, or another page, takes its place; htmx writes each
    to the console."""
    broken_off = ("htmx:afterRequest", "htmx:sendAbort")
    watched.problems[:] = [one for one in watched.problems if not any(word in one for word in broken_off)]


def test_the_approver_sees_whom_a_draft_moves_and_publishes_it_only_then(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path, watched: Any
) -> None:
    page = as_person("editor")
    draft = _given_a_draft(page)
    _edit(page, draft)
    page.goto(f"{draft}effect/")
    expect(page.locator("main")).to_contain_text("Not computed yet")
    _say_why(page, draft)
    _step(page, draft, "Submit for review", "The draft is submitted for review")

    page = as_person("approver")
    page.goto(f"{draft}effect/")
    expect(page.get_by_role("heading", name="Groups of changes")).to_be_visible(timeout=120_000)
    expect(page.locator("main")).to_contain_text("lose it")
    accessible()
    page.screenshot(path=pictures / "effect.png", full_page=True)
    page.goto(f"{draft}review/")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()
    expect(page.locator(".reasons")).to_contain_text("not acknowledged yet by the approver")

    page.locator(".reasons").get_by_role("link", name=re.compile("not acknowledged yet by the approver")).click()
    watched.expect_status(422)
    page.get_by_label("Why the ticked changes are right").fill(WHY)
    page.get_by_role("button", name="Acknowledge the ticked groups").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the groups of changes")
    expect(page.get_by_label("Why the ticked changes are right")).to_have_value(WHY)
    for box in page.locator("input[name=keys]").all():
        box.check()
    page.get_by_role("button", name="Acknowledge the ticked groups").click()
    expect(page.locator("main")).to_contain_text("Acknowledged by Dr. Apollo Secondlook")
    page.get_by_role("link", name="Look at the changes one by one").click()
    expect(page.locator(".effect-rows tbody tr").first).to_contain_text("PRRT-E5")
    accessible()

    _step(page, draft, "Approve", "The draft is approved")
    _step(page, draft, "Publish now", "Published NET pathway v2")
    page.goto(f"{draft}effect/")
    expect(page.locator("main")).to_contain_text("Acknowledged by Dr. Apollo Secondlook")
    _forgive_what_was_overtaken(watched)

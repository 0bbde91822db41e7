"""The whole life of a change: an editor drafts it, a proof stops it, it is mended; an approver sees whom it moves and
publishes it; a clinician is called back to a review; the option is stopped and free again; and it is rolled back as a new
version, after which the list is as it was. On a server of its own.
"""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import drafting_steps as drafting
from tests.browser import steps
from tests.browser.own_server import base_url, browser_context_args, open_sessions, server  # noqa: F401

AsPerson = Callable[[str], Page]
Settled = Callable[[Callable[[], Any]], Any]
OPTION, PATIENT = "lutetium_dotatate", "DEMO-006"
RULE = "PRRT-E5"


def statuses(page: Page, address: str) -> dict[str, str]:
    """Option → status as a patient's list shows it."""
    page.goto(address)
    rows: dict[str, str] = page.locator("details[id^='option-']").evaluate_all(
        "all => Object.fromEntries(all.map(one => [one.id, one.querySelector('.cell-status')?.innerText ?? '']))"
    )
    return rows


def set_threshold(page: Page, draft: str, value: str) -> None:
    page.goto(f"{draft}parts/rules/entries/{RULE}/")
    page.get_by_label(re.compile("Krenning score: value")).fill(value)
    page.keyboard.press("Tab")


def acknowledge_the_effect(page: Page, draft: str) -> None:
    """Once it is computed: every group, with one reason."""
    page.goto(f"{draft}effect/")
    expect(page.get_by_role("heading", name="Groups of changes")).to_be_visible(timeout=120_000)
    page.get_by_label("Why the ticked changes are right").fill(drafting.WHY)
    for box in page.locator("input[name=keys]").all():
        box.check()
    page.get_by_role("button", name="Acknowledge the ticked groups").click()
    expect(page.locator("main")).to_contain_text("Acknowledged by Dr. Apollo Secondlook")


def test_the_whole_life_of_a_change_by_three_people(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path, watched: Any, settled: Settled
) -> None:
    # Given a clinician who has reviewed a patient for whom PRRT is listed
    page = as_person("clinician")
    address = steps.open_patient(page, PATIENT)
    before = statuses(page, address)
    steps.review(page, PATIENT, OPTION, "discuss")

    # When an editor lets through an uptake below that of the liver, then a proof stops the draft with a patient
    page = as_person("editor")
    draft = drafting.open_a_draft(page, "Uptake for PRRT")
    set_threshold(page, draft, "0")
    expect(page.locator("#live .proof")).to_contain_text("INV-03 is broken", timeout=60_000)
    drafting.save(page)
    expect(page.locator("main")).to_contain_text(f"Saved rule {RULE}")
    page.goto(f"{draft}review/")
    expect(page.locator(".reasons")).to_contain_text("INV-03 is broken")
    expect(page.get_by_role("button", name="Submit for review")).to_be_disabled()

    # When it is mended, explained and submitted, then the editor cannot let it pass
    set_threshold(page, draft, "3")
    drafting.save(page)
    expect(page.locator("main")).to_contain_text(f"Saved rule {RULE}")
    page.goto(f"{draft}cases/{RULE}/")
    page.locator("textarea[name=false]").fill("krenning_score: 4")
    page.get_by_role("button", name="Save the cases").click()
    page.goto(f"{draft}effect/")
    expect(page.locator("main")).to_contain_text("Not computed yet")
    drafting.say_why(page, draft)
    drafting.acknowledge(page, draft)
    drafting.step(page, draft, "Submit for review", "The draft is submitted for review")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()

    # When an approver looks, then nothing passes before each group of changes is acknowledged
    page = as_person("approver")
    page.goto(f"{draft}effect/")
    expect(page.get_by_role("heading", name="Groups of changes")).to_be_visible(timeout=120_000)
    expect(page.locator("main")).to_contain_text("lose it")
    accessible()
    page.goto(f"{draft}review/")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()
    page.locator(".reasons").get_by_role("link", name=re.compile("not acknowledged yet by the approver")).click()
    watched.expect_status(422)
    page.get_by_label("Why the ticked changes are right").fill(drafting.WHY)
    page.get_by_role("button", name="Acknowledge the ticked groups").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick the groups of changes")
    expect(page.get_by_label("Why the ticked changes are right")).to_have_value(drafting.WHY)
    acknowledge_the_effect(page, draft)
    page.get_by_role("link", name="Look at the changes one by one").click()
    expect(page.locator(".effect-rows tbody tr").first).to_contain_text(RULE)
    accessible()
    drafting.step(page, draft, "Approve", "The draft is approved")
    drafting.step(page, draft, "Publish now", "Published NET pathway v2")

    # Then the clinician's patient has another list, and stands on the recall list with the rule that did it
    page = as_person("clinician")
    after = statuses(page, address)
    assert {code for code in before if before[code] != after[code]} == {f"option-{OPTION}"}
    called = page.get_by_role("row").filter(has_text=PATIENT)
    steps.until(settled, page, "/recall/", lambda: called.count() == 1)
    expect(called).to_contain_text(f"{RULE} in v2")

    # When the option is stopped, then it is suspended at once; when another approver lifts the stop, it is not any more
    page = as_person("approver")
    page.goto(f"/pathway/rules/{RULE}/")
    page.get_by_role("link", name="Stop this option").click()
    page.get_by_label("Reason").fill("Two centers doubt the new threshold; stopped until they are heard.")
    page.get_by_role("button", name="Show what it does").click()
    page.get_by_role("button", name="Stop it now").click()
    page.wait_for_url(re.compile(r"/pathway/stops/$"))
    assert statuses(as_person("clinician"), address)[f"option-{OPTION}"].startswith("Suspended")
    page = as_person("approver2")
    steps.open_stop(page)
    steps.decide(page, "Lift the stop", "Lift the stop", "It is rolled back instead, as the centers ask.")
    page.wait_for_url(re.compile(r"/pathway/stops/$"))
    assert statuses(as_person("clinician"), address) == after

    # When version 1 is brought back as a new version, by the same way
    page = as_person("editor")
    back = drafting.open_a_draft(page, "Back to version 1", "NET pathway v1: roll back, as a new version")
    drafting.acknowledge(page, back)
    drafting.step(page, back, "Submit for review", "The draft is submitted for review")
    page = as_person("approver")
    acknowledge_the_effect(page, back)
    drafting.step(page, back, "Approve", "The draft is approved")
    drafting.step(page, back, "Publish now", "Published NET pathway v3")

    # Then the list is as it was before, nobody has to look again, and the way back is told
    page = as_person("clinician")
    assert statuses(page, address) == before
    steps.until(settled, page, "/recall/", lambda: called.count() == 0)
    page.goto("/pathway/versions/1/to/3/")
    expect(page.locator("main")).to_contain_text("Nothing differs")
    drafting.forgive_what_was_overtaken(watched)

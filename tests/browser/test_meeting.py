"""A board from an empty meeting to signed minutes and closed follow-up, by three roles: coordinator, clinician, chair.

On a server of its own, since what is decided would stand on the pages of every other journey.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Server, Watched
from tests.browser.own_server import base_url, browser_context_args, open_sessions, server  # noqa: F401
from tests.browser.steps import look
from tests.programs import manage

AsPerson = Callable[[str], Page]


def call(page: Page, title: str) -> str:
    """Call a meeting in three weeks. Returns its address."""
    page.goto("/boards/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Begins at").fill("10:00")
    page.get_by_label("Day").fill((date.today() - timedelta(days=1)).isoformat())
    page.locator("#id_chair").select_option(label="Dr. Charlotte Gavel")
    page.get_by_role("button", name="Call").click()
    expect(page.locator("main .notice-error")).to_contain_text("is in the past")
    page.get_by_label("Day").fill((date.today() + timedelta(days=21)).isoformat())
    page.get_by_role("button", name="Call").click()
    page.wait_for_url(re.compile(r"/boards/[0-9a-f-]{36}/$"))
    return page.url


def refer(page: Page, mrn: str, question: str) -> None:
    """One button on the patient's Board tab."""
    steps.open_patient(page, mrn)
    page.get_by_role("link", name="Board", exact=True).click()
    page.get_by_label("Question to the board").fill(question)
    page.get_by_role("button", name="Refer to the board").click()
    expect(page.locator("main")).to_contain_text("Referred to the board")


def put_on(page: Page, name: str, title: str) -> None:
    """From the list of referrals onto a meeting."""
    page.goto("/boards/")
    row = page.locator(".waiting-case", has_text=name)
    value = row.locator("option", has_text=title).get_attribute("value")
    row.locator("select").select_option(value)
    row.get_by_role("button", name="Put on it").click()
    page.wait_for_url(re.compile(r"/boards/[0-9a-f-]{36}/$"))


def let_it_begin(server: Server, title: str) -> None:
    """The hour of the meeting comes; nobody can call one in the past."""
    code = (
        "from boards.models import Meeting; from django.utils import timezone; from datetime import timedelta; "
        f"Meeting.objects.filter(title={title!r}).update(begins_at=timezone.now() - timedelta(minutes=5))"
    )
    done = manage("shell", "-c", code, environment=server.environment, seconds=60)
    assert done.returncode == 0, done.stdout + done.stderr


def names_on(page: Page) -> list[str]:
    return page.locator(".agenda .name").all_inner_texts()


def test_from_an_empty_meeting_to_signed_minutes_and_a_closed_follow_up(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path, watched: Watched, server: Server
) -> None:
    # Given an empty meeting that a coordinator calls, and two patients whom a clinician refers
    watched.expect_status(400)
    page = as_person("coordinator")
    meeting = call(page, "Journey board")
    expect(page.locator("#agenda")).to_contain_text("The agenda is empty")
    accessible()
    page = as_person("clinician")
    refer(page, "DEMO-004", "Operate, or watch?")
    refer(page, "DEMO-008", "What is left?")
    accessible()

    # When the coordinator puts them on it, orders them, assigns what lacks and locks the agenda
    page = as_person("coordinator")
    put_on(page, "TESTCASE", "Journey board")
    put_on(page, "MOCKUP", "Journey board")
    assert names_on(page) == ["TESTCASE, Dahlia", "MOCKUP, Hazel"]
    stale = page.locator("input[name=seen]").first.input_value()
    page.locator("[data-move=up]:not(:disabled)").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".agenda .name").first).to_have_text("MOCKUP, Hazel")
    page.locator("[data-order] input[name=seen]").evaluate("(one, seen) => { one.value = seen; }", stale)
    page.locator("[data-move=down]:not(:disabled)").first.click()
    expect(page.locator(".notices")).to_contain_text("Somebody else changed the agenda meanwhile")
    assert names_on(page) == ["MOCKUP, Hazel", "TESTCASE, Dahlia"]
    look(page, pictures, "agenda", accessible)
    page.goto(f"{meeting}chase/")
    look(page, pictures, "chase", accessible)
    page.goto(meeting)
    page.locator(".agenda .name").first.click()
    gap = page.locator(".gap").first
    gap.get_by_label("Owner").fill("Dr. Slidewell")
    gap.get_by_role("button", name="Assign").click()
    expect(page.locator(".gap").first.get_by_label("Owner")).to_have_value("Dr. Slidewell")
    look(page, pictures, "case", accessible)
    page.goto(meeting)
    page.get_by_role("button", name="Lock the agenda").click()
    expect(page.locator(".notices")).to_contain_text("The agenda is locked")
    expect(page.get_by_role("button", name="The meeting is over")).to_have_count(0)
    let_it_begin(server, "Journey board")

    # And says of an earlier decision, in this meeting, what became of it
    page.get_by_role("link", name="Earlier decisions").click()
    item = page.locator(".item", has_text="plasma metanephrines")
    expect(item).to_contain_text("late")
    item.get_by_label("What became of it").select_option("done")
    item.get_by_role("button", name="Note it").click()
    page.wait_for_url(re.compile("/earlier/#item-"))
    expect(page.locator(".item:target")).to_contain_text("done Corinna Agenda")
    look(page, pictures, "earlier", accessible)

    # Then the chair, who is in no care team, reads the cases, and records by keyboard what is said
    page = as_person("chair")
    page.goto(meeting)
    page.get_by_role("link", name="Meeting screen").click()
    page.wait_for_url(re.compile("/screen/$"))
    look(page, pictures, "screen", accessible)
    page.keyboard.press("1")
    page.keyboard.press("c")
    page.keyboard.press("2")
    page.keyboard.press("n")
    page.keyboard.press("Escape")
    page.keyboard.press("b")
    page.keyboard.type("As the list says.")
    expect(page.locator("[data-kept]")).to_contain_text("draft kept")
    page.keyboard.press("Escape")
    page.keyboard.press("h")
    page.wait_for_url(re.compile("/what-if/"))
    page.get_by_role("link", name="Back to the meeting screen").click()
    page.wait_for_url(re.compile("/screen/$"))
    expect(page.locator("#note")).to_have_value("As the list says.")
    expect(page.locator(".screen-bar")).to_contain_text("MOCKUP, Hazel DEMO-008")
    page.locator("input[name='task-0-what']").fill("echocardiogram")
    page.locator("input[name='task-0-owner']").fill("Dr. Bedside")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("choose why it is declined")
    expect(page.locator("#note")).to_have_value("As the list says.")
    accessible()
    page.locator(".screen-option.has-error select").select_option("not_available")
    page.get_by_role("button", name="Record decision").click()
    page.wait_for_url(re.compile("/decision/$"))
    look(page, pictures, "decision", accessible)

    # And the second case is put off from the screen, the meeting ends, and the chair signs
    page.get_by_role("link", name="Next case").click()
    page.wait_for_url(re.compile("/screen/$"))
    page.keyboard.press("p")
    page.get_by_label("Why it is postponed").select_option("no_time")
    page.get_by_role("button", name="Postpone TESTCASE").click()
    expect(page.locator(".notices")).to_contain_text("is postponed")
    page.get_by_role("button", name="The meeting is over").click()
    page.goto(f"{meeting}minutes/")
    expect(page.locator("main")).to_contain_text("the meeting ran out of time")
    expect(page.locator("main")).to_contain_text("plasma metanephrines and blood pressure under alpha blockade")
    accessible()
    page.get_by_role("button", name="Sign as the chair").click()
    expect(page.locator(".notices")).to_contain_text("Signed")
    look(page, pictures, "minutes", accessible)

    # And the clinician closes the follow-up, which the coordinator's figures count
    page = as_person("clinician")
    page.goto(f"{meeting}minutes/")
    page.get_by_role("link", name="MOCKUP").click()
    item = page.locator(".item").first
    item.get_by_label("What became of it").select_option("not_done")
    item.get_by_role("button", name="Note it").click()
    expect(page.locator(".item").first).to_contain_text("Choose why it was not done")
    controls = page.locator(".item").first.locator(".form-select, .form-control")
    tops = controls.evaluate_all("all => all.slice(0, 3).map(one => Math.round(one.getBoundingClientRect().top))")
    assert len(set(tops)) == 1
    assert (
        page.locator(".item .form-select.is-invalid").evaluate("one => getComputedStyle(one).backgroundImage") != "none"
    )
    item = page.locator(".item").first
    item.get_by_label("Why not, or only partly").select_option("patient_declined")
    item.get_by_role("button", name="Note it").click()
    expect(page.locator(".item").first).to_contain_text("the patient did not want it")
    page.goto("/boards/follow-up/?q=bedside")
    expect(page.locator("main table")).to_contain_text("echocardiogram")
    look(page, pictures, "follow-up", accessible)
    page = as_person("coordinator")
    page.goto("/boards/figures/")
    look(page, pictures, "figures", accessible)
    expect(page.locator("main table")).to_contain_text("Journey board")
    page.goto("/boards/")
    expect(page.locator(".waiting-case", has_text="TESTCASE")).to_be_visible()
    look(page, pictures, "boards", accessible)


def test_a_case_is_moved_several_places_by_keyboard_and_keeps_the_focus(as_person: AsPerson) -> None:
    # Given the agenda of the next meeting, not locked
    page = as_person("coordinator")
    page.goto("/boards/")
    page.locator(".next-title a").click()
    before = names_on(page)
    assert len(before) > 3
    first = before[0]

    # When a case is moved three times in a row, then it stands three places further and has the focus
    page.locator(".agenda .name").first.focus()
    with page.expect_navigation():
        for _ in range(3):
            page.keyboard.press("Alt+ArrowDown")
    assert names_on(page)[3] == first
    expect(page.locator(".agenda-case:focus-within .name")).to_have_text(first)

    # And when it goes on after the page came again, one step at a time, by the key and by its button
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".agenda-case:focus-within .name")).to_have_text(first)
    assert names_on(page)[2] == first
    for place in (1, 0):
        page.locator(".agenda-case:focus-within [data-move=up]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert names_on(page)[place] == first
        expect(page.locator(".agenda-case:focus-within .name")).to_have_text(first)
    assert names_on(page) == before


def test_a_server_that_does_not_answer_takes_nothing_that_was_typed(as_person: AsPerson, watched: Watched) -> None:
    # Given a locked agenda, and a server that stops answering while the chair types
    page = as_person("coordinator")
    page.goto("/boards/")
    page.locator(".next-title a").click()
    page.get_by_role("button", name="Lock the agenda").click()
    expect(page.locator(".notices")).to_contain_text("The agenda is locked")
    meeting = page.url
    page = as_person("chair")
    page.goto(meeting)
    page.get_by_role("link", name="Meeting screen").click()
    page.wait_for_url(re.compile("/screen/$"))
    watched.expect_status(503)
    page.route("**/draft/", lambda route: route.fulfill(status=503, body="<h1>down</h1>", content_type="text/html"))
    page.locator("#note").fill("Said while it was down.")
    expect(page.locator("[data-kept]")).to_contain_text("not kept, still in this window: the server does not answer")

    # When the decision is to be recorded, or the next case is asked for, then the text does not leave the window
    screen = page.url
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-kept]")).to_contain_text("the server does not answer")
    assert page.url == screen
    expect(page.locator("#note")).to_have_value("Said while it was down.")

    # And when it answers again, then what was said is recorded
    page.unroute("**/draft/")
    expect(page.locator("[data-kept]")).to_contain_text("draft kept")
    page.get_by_role("button", name="Record decision").click()
    page.wait_for_url(re.compile("/decision/$"))
    expect(page.locator("main")).to_contain_text("Said while it was down.")


def ready_to_record(as_person: AsPerson, person: str) -> str:
    """The screen of the next meeting's first open case, whose agenda is locked if it is not. Returns its address."""
    page = as_person("coordinator")
    page.goto("/boards/")
    page.locator(".next-title a").click()
    lock = page.get_by_role("button", name="Lock the agenda")
    if lock.count():
        lock.click()
        expect(page.locator(".notices")).to_contain_text("The agenda is locked")
    meeting = page.url
    page = as_person(person)
    page.goto(meeting)
    page.get_by_role("link", name="Meeting screen").click()
    page.wait_for_url(re.compile("/screen/$"))
    return page.url


def test_who_records_second_gets_the_words_back_as_an_addendum(
    as_person: AsPerson, open_sessions: dict[str, list[Any]], browser_context_args: dict[str, Any], watched: Watched
) -> None:
    # Given two clinicians with the same case open, of whom one records
    as_person("clinician")
    screen = ready_to_record(as_person, "chair")
    page = as_person("chair")
    page.goto(screen)
    expect(page.locator("[data-over]")).to_be_hidden()
    page.locator("#note").fill("Said by the second.")
    expect(page.locator("[data-kept]")).to_contain_text("draft kept")
    watched.expect_status(409)
    assert page.context.browser is not None
    other = page.context.browser.new_context(**browser_context_args)
    other.add_cookies(open_sessions["clinician"])
    first = other.new_page()
    first.goto(screen)
    first.locator("#note").fill("Said by the first.")
    first.get_by_role("button", name="Record decision").click()
    first.wait_for_url(re.compile("/decision/$"))
    other.close()

    # When the second types on, then it is said once that nothing more is kept, and the window stops asking
    page.locator("#note").press_sequentially(" And more.")
    expect(page.get_by_text("The decision was recorded meanwhile.")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#note").press_sequentially(" Typed on.")
    page.keyboard.press("Control+Enter")

    # Then the form goes out, and what was typed stands under Addenda, to be added
    expect(page.locator("main")).to_contain_text("What you typed was not recorded")
    assert not [url for url in asked if url.endswith("/draft/")]
    expect(page.get_by_role("textbox", name="Addendum")).to_have_value("Said by the second. And more. Typed on.")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.locator(".addendum")).to_contain_text("Said by the second. And more. Typed on.")


def test_a_coordinators_draft_is_taken_over_with_one_key(as_person: AsPerson, accessible: Callable[[], None]) -> None:
    # Given a coordinator who typed on the case that a clinician has open, who is typing as well
    screen = ready_to_record(as_person, "coordinator")
    page = as_person("coordinator")
    page.goto(screen)
    page.locator("#note").fill("Typed by the coordinator.")
    page.keyboard.press("Enter")
    page.locator("#informs").press("Enter")
    expect(page.locator("[data-kept]")).to_contain_text("draft kept")
    as_person("chair")
    page.goto(screen)
    accessible()
    page.locator("#note").fill("Typed by the chair.")
    page.keyboard.press("Escape")

    # When the chair takes it over, then both texts stand in the form and nothing is offered any more
    expect(page.locator("[data-others]")).to_contain_text("has typed a draft")
    page.keyboard.press("o")
    expect(page.locator(".notices")).to_contain_text("stands in yours now")
    expect(page.locator("#note")).to_have_value("Typed by the chair.\nTyped by the coordinator.")
    expect(page.locator("[data-others] button")).to_have_count(0)


def test_a_long_title_and_the_figures_stay_within_a_phone(as_person: AsPerson, watched: Watched) -> None:
    watched.expect_status(400)
    page = as_person("coordinator")
    call(page, "Unbroken" * 12)
    page.set_viewport_size({"width": 390, "height": 800})
    for address in (page.url, "/boards/", "/boards/figures/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    assert page.evaluate("document.querySelector('.figures .drawing').getBoundingClientRect().width") >= 500

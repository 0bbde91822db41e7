"""Changing the pathway: editors who meet, a proof that stops one, a test patient kept from it, a rule that is new.

On a server of its own, since what is published would change the lists of every other journey.
"""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser import steps
from tests.browser.conftest import Server, Watched
from tests.browser.drafting_steps import acknowledge, forgive_what_was_overtaken, open_a_draft, save, say_why, step
from tests.browser.own_server import base_url, browser_context_args, open_sessions, server  # noqa: F401
from tests.programs import manage

AsPerson = Callable[[str], Page]
SECOND_EDITOR = """
from netcare.access import Role, User, system_actor
from netcare.access.actions import create_user, grant_role
from netcare.access.roles import Capability
by = system_actor("the journey", capabilities=frozenset(Capability))
home = User.objects.get(username="editor").institution
user = create_user(institution=home, username="editor2", display_name="Dr. Enno Otherhand", password="{password}", by=by)
grant_role(user=user, role=Role.EDITOR, by=by)
"""


def look(page: Page, pictures: Path, name: str, accessible: Callable[[], None]) -> None:
    """As `steps.look`, once the checks have run; what is looked at most in dark as well."""
    expect(page.locator("main")).not_to_contain_text("Checks run …", timeout=60_000)
    most = name in ("rule", "checks", "review")
    steps.look(page, pictures, f"draft-{name}", accessible, schemes=("light", "dark") if most else ("light",))


def test_two_editors_meet_and_the_second_sees_the_other_wording_and_chooses(
    as_person: AsPerson,
    watched: Watched,
    server: Server,
) -> None:
    made = manage(
        "shell",
        "-c",
        SECOND_EDITOR.format(password=server.passwords["editor"]),
        environment=server.environment,
        seconds=60,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    page = as_person("editor")
    draft = open_a_draft(page, "Two hands")
    rule = f"{draft}parts/rules/entries/PRRT-C4/"
    page.goto(rule)
    seen = page.locator("#id_seen").input_value()
    page.get_by_label("Rationale").fill("Hers: fluid load may harm a failing heart.")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved rule PRRT-C4")

    watched.expect_status(409)
    page.goto("about:blank")  # the panel beside the rule asks no more
    page.context.clear_cookies()
    page.goto("/sign-in/")
    page.locator("input[name=username]").fill("editor2")
    page.locator("input[name=password]").fill(server.passwords["editor"])
    page.locator("main button").first.click()
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    page.goto(rule)
    page.locator("#id_seen").evaluate("(one, seen) => { one.value = seen }", seen)  # opened before she saved
    page.get_by_label("Rationale").fill("His: weigh the fluid load.")
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text(
        re.compile(r"Dr\. Edda Draftwell changed rule “.*” \(PRRT-C4\) on .*, after you opened it\.")
    )
    expect(page.locator(".conflict")).to_contain_text("Hers: fluid load may harm a failing heart.")
    expect(page.get_by_label("Rationale")).to_have_value("His: weigh the fluid load.")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved rule PRRT-C4")

    page.goto(f"{draft}history/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Undo: Changed rule PRRT-C4").first.click()
    expect(page.get_by_role("status").first).to_contain_text("Undone")
    page.goto(rule)
    expect(page.get_by_label("Rationale")).to_have_value("Hers: fluid load may harm a failing heart.")
    forgive_what_was_overtaken(watched)


def test_a_proof_stops_an_edit_and_its_patient_is_kept_as_a_test_patient(
    as_person: AsPerson, watched: Watched, accessible: Callable[[], None], pictures: Path
) -> None:
    page = as_person("editor")
    draft = open_a_draft(page, "Receptor imaging")
    page.goto(f"{draft}parts/rules/entries/PRRT-E5/")
    page.get_by_label(re.compile("Krenning score: value")).fill("0")
    page.keyboard.press("Tab")
    proof = page.locator("#live .proof")
    expect(proof).to_contain_text("INV-03 is broken", timeout=60_000)
    expect(proof).to_contain_text("Krenning score: 1")
    expect(page.locator(".live-on")).to_contain_text("fails: true is expected")
    page.get_by_label("Part by part for").select_option(label="Fern Dummy")
    expect(page.locator(".live-one table.trace")).to_contain_text("Krenning score", timeout=60_000)
    look(page, pictures, "rule", accessible)
    page.locator("#live .proof").get_by_role("link", name="Keep as a test patient").first.click()
    page.get_by_label("Title").fill("Uptake below liver")
    page.get_by_role("button", name="Look at the list").click()
    expect(page.get_by_role("heading", name="The list")).to_be_visible()
    look(page, pictures, "test-patient", accessible)
    page.get_by_role("button", name="Confirm this list").click()
    expect(page.get_by_role("status").first).to_contain_text("48 statuses are asserted")
    page.get_by_role("link", name="Uptake below liver").click()
    look(page, pictures, "test-patient-kept", accessible)

    page.goto(f"{draft}parts/rules/entries/PRRT-E5/")
    page.get_by_label(re.compile("Krenning score: value")).fill("0")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved rule PRRT-E5")
    page.goto(f"{draft}review/")
    expect(page.get_by_role("button", name="Submit for review")).to_be_disabled()
    expect(page.locator(".reasons")).to_contain_text("INV-03 is broken")
    expect(page.locator(".reasons")).to_contain_text("Test patient “Uptake below liver”")
    look(page, pictures, "review", accessible)
    for name, path in (("checks", "checks/"), ("changes", "changes/"), ("patients", "patients/"), ("history", "history/"),
                       ("update", "update/"), ("rules", "parts/rules/"), ("cases", "cases/PRRT-E5/"),
                       ("try", "try/?features=krenning_score%3A+1"), ("list", ""), ("head", "parts/ruleset/entries/head/"),
                       ("invariant", "parts/invariants/entries/INV-03/"), ("option", "parts/options/entries/everolimus/"),
                       ("source", "parts/sources/new/"), ("limit", "parts/limits/new/"),
                       ("new-patient", "patients/new/")):  # fmt: skip
        page.goto(f"{draft}{path}")
        look(page, pictures, name, accessible)
    page.goto(f"{draft}parts/rules/entries/PRRT-E5/")
    page.get_by_role("button", name="Back to NET pathway v1").click()
    expect(page.get_by_role("status").first).to_contain_text("again as it is in NET pathway v1")
    forgive_what_was_overtaken(watched)


def test_an_editor_adds_a_rule_that_waits_for_another_person(as_person: AsPerson, watched: Watched) -> None:
    page = as_person("editor")
    draft = open_a_draft(page, "A caution for everolimus")
    watched.expect_status(422)
    page.goto(f"{draft}parts/rules/new/")
    save(page)
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was saved yet")
    page.get_by_label("Code").fill("EVE-C99")
    page.get_by_label("Option", exact=False).first.select_option("everolimus")
    page.get_by_label("What it does").select_option("caution")
    page.get_by_label("Title").fill("Frail")
    page.get_by_label("Rationale").fill("Frail people stop it more often.")
    page.get_by_label("Strength of the source").select_option("expert page")
    page.get_by_label("Source 1").select_option(index=1)
    page.get_by_placeholder("find a feature").first.fill("ECOG performance status")
    page.keyboard.press("Enter")
    page.get_by_label(re.compile("ECOG performance status.*how it is compared", re.IGNORECASE)).select_option(">=")
    page.get_by_label(re.compile("ECOG performance status: value")).fill("2")
    page.keyboard.press("Tab")
    expect(page.locator("#when-builder")).to_contain_text("ECOG performance status is at least 2")
    save(page)
    expect(page.get_by_role("status").first).to_contain_text("Saved rule EVE-C99")

    say_why(page, draft)
    acknowledge(page, draft)
    step(page, draft, "Submit for review", "submitted for review")
    expect(page.get_by_role("button", name="Approve", exact=True)).to_be_disabled()
    page = as_person("approver")
    page.goto("/")
    page.get_by_role("link", name="A caution for everolimus").click()
    expect(page.locator("body")).to_contain_text("waits for review")
    forgive_what_was_overtaken(watched)


def test_the_patients_stand_beside_the_rule_and_on_a_narrow_screen_the_form_has_all_of_it(
    as_person: AsPerson, watched: Watched
) -> None:
    page = as_person("editor")
    draft = open_a_draft(page, "Beside the rule")
    page.goto(f"{draft}parts/rules/entries/PRRT-E5/")
    expect(page.locator(".live-table")).to_be_visible(timeout=60_000)
    for width in (1600, 1280, 1100):
        page.set_viewport_size({"width": width, "height": 1000})
        form, patients = (page.locator(one).bounding_box() for one in (".draft-form", ".live-on"))
        assert form
        assert patients
        assert patients["x"] >= form["x"] + form["width"], width
        assert patients["y"] < 1000, width
    for width in (700, 390):
        page.set_viewport_size({"width": width, "height": 844})
        form = page.locator(".draft-form").bounding_box()
        assert form
        assert form["width"] > width - 40, width
        assert page.evaluate("document.documentElement.scrollWidth") == width
    forgive_what_was_overtaken(watched)

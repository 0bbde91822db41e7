"""Every page there is: reached by links alone, without a finding of axe, in dark, on a phone, and by keyboard."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.urls import NoReverseMatch, Resolver404, URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import Error, FilePayload, Page, expect

from tests.browser import steps
from tests.browser.conftest import Server

# About what pages look like and where they lead; integration tests read them on both databases.
pytestmark = pytest.mark.only_sqlite
AsPerson = Callable[[str], Page]
# Addresses that take a form alone.
FORMS_ALONE = {
    "access:disable",
    "access:enable",
    "access:give_role",
    "access:leave_team",
    "access:new_team",
    "access:new_password",
    "access:revoke_api_client",
    "access:sign_out",
    "access:take_role",
    "boards:add",
    "boards:add_minutes",
    "boards:assign",
    "boards:attach",
    "boards:attendance",
    "boards:draft",
    "boards:take_over",
    "boards:edit",
    "boards:extend",
    "boards:invite",
    "boards:make_packet",
    "boards:open_case",
    "boards:order",
    "boards:outcome",
    "boards:postpone",
    "boards:refer",
    "boards:schedule",
    "boards:sign",
    "boards:step",
    "boards:uninvite",
    "boards:withdraw",
    "boards:withdraw_attachment",
    "jobs:again",
    "pathways:stop_decline",
    "pathways:stop_lift",
    "pathways:stop_look",
    "pathways:theme",
    "patients:import_apply",
    "patients:import_discard",
    "pathways:draft_acknowledge",
    "pathways:draft_comment",
    "pathways:draft_effect_acknowledge",
    "pathways:draft_effect_start",
    "pathways:draft_entry_retire",
    "pathways:draft_from_file",
    "pathways:draft_live",
    "pathways:draft_reason",
    "pathways:draft_step",
    "pathways:draft_undo",
    "pathways:feedback_answer",
    "pathways:feedback_seen",
    "pathways:feedback_take_up",
    "pathways:recall_assign",
    "pathways:recall_close",
    "pathways:recall_due",
    "pathways:recall_reopen",
}
# Addresses that are no page to read: those, and what answers a program, is part of a page, or is a file to keep.
NO_PAGES = FORMS_ALONE | {
    "boards:attachment",
    "boards:calendar",
    "boards:case_sheet",
    "boards:figures_csv",
    "boards:minutes_file",
    "boards:packet",
    "pathways:api_assess",
    "pathways:attributes_csv",
    "pathways:attributes_json",
    "pathways:draft_effect_file",
    "pathways:draft_file",
    "pathways:draft_gate",
    "pathways:print_frame",
    "pathways:recall_export",
    "pathways:timeline_table",
    "pathways:version_file",
    "patients:import_left_out",
    "safety:download_json",
    "safety:download_markdown",
    "patients:import_template",
    "server:health",
}
# Pages that there are only after somebody has done something; a journey below does it.
AFTER_AN_ACT = {
    "pathways:review_signed",
    "pathways:stop",
    "patients:import_preview",
    "patients:import_report",
    "safety:assess",
    "safety:close",
    "safety:incident",
    "safety:reopen",
}
# Pages that there are only after a version was published or feedback was given; test_recalling looks at them.
AFTER_A_VERSION = {"pathways:feedback_new", "pathways:feedback_thread", "pathways:recall_entry"}
# Pages of a draft; test_drafting and test_life_of_a_change open each of them, and look.
AFTER_A_DRAFT = {
    "pathways:draft",
    "pathways:draft_cases",
    "pathways:draft_changes",
    "pathways:draft_checks",
    "pathways:draft_effect",
    "pathways:draft_effect_rows",
    "pathways:draft_entry",
    "pathways:draft_entry_new",
    "pathways:draft_history",
    "pathways:draft_part",
    "pathways:draft_patient",
    "pathways:draft_patient_new",
    "pathways:draft_patients",
    "pathways:draft_review",
    "pathways:draft_try",
    "pathways:draft_update",
}
# Pages that there are only once an agenda is locked; test_meeting looks at them.
AFTER_LOCKING = {"boards:screen", "boards:decision"}
# Pages that lead on without showing anything of their own.
LEAD_ON = {"pathways:home", "pathways:patient"}
# Whoever sees most of a page comes first: of pages with the same name one is looked at.
READERS = ("clinician", "administrator", "editor", "auditor", "coordinator", "approver")


def named_urls(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The names of all addresses, with their namespace."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_urls(pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def example_of(name: str) -> str:
    """An address of this name, with made-up identifiers in it."""
    identifiers = (
        "user_id", "team_id", "client_id", "job_id", "import_id", "stop_id", "patient_id", "entry_id", "thread_id",
        "meeting_id", "member_id", "case_id", "item_id", "referral_id", "draft_id", "edit_id",
        "paper_id", "attachment_id",
    )  # fmt: skip
    examples = {key: str(uuid4()) for key in identifiers} | {"role": "viewer", "part": "rules", "code": "PRRT-E5"}
    for count in range(4):
        for some in combinations(examples, count):
            with suppress(NoReverseMatch):
                return reverse(name, kwargs={key: examples[key] for key in some})
    return pytest.fail(f"{name} needs identifiers that are not among {', '.join(examples)}.")


def name_of(href: str) -> str:
    """The name of the address that a link leads to; nothing for one that leads elsewhere."""
    try:
        return resolve(urlsplit(href).path).view_name
    except Resolver404:
        return ""


def links_on(page: Page) -> list[str]:
    found: list[str] = page.locator("a[href^='/']").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    return found


def is_shown(page: Page, href: str) -> bool:
    """Open the address. False where it gives a file to keep instead of a page."""
    try:
        answer = page.goto(href)
    except Error as problem:
        if "Download is starting" not in str(problem):
            raise
        return False
    assert answer is not None
    assert answer.status == 200, f"{href}: {answer.status}"
    return True


def walk(page: Page, first: list[str], seen: set[str], look: Callable[[], None]) -> list[str]:
    """Open these pages, and one address of every further name that links lead to. Returns what was found on them."""
    waiting, findings, opened = list(first), [], 0
    while waiting:
        href, name = waiting[0], name_of(waiting.pop(0))
        opened += 1
        if not name or name in NO_PAGES or (name in seen and opened > len(first)):
            continue
        seen.add(name)
        if not is_shown(page, href):
            continue
        try:
            look()
        except AssertionError as found:
            findings.append(f"{name}: {found}")
        waiting += links_on(page)
    return findings


def pages_with_everything_on_them(page: Page) -> list[str]:
    """A patient with readings to settle on, one who is not referred yet, and a rule that uses definitions."""
    steps.open_patient(page, "DEMO-006")
    readings = f"{steps.patient_address(page)}data/tumors/1/features/sstr_status/"
    not_referred = steps.open_patient(page, "DEMO-008")
    addresses = (not_referred, f"{steps.patient_address(page)}data/", readings, "/pathway/rules/PRRT-I1/")
    return [urlsplit(address).path for address in addresses]


def test_every_page_is_reached_by_links_and_accessible(
    as_person: AsPerson, sign_in: AsPerson, accessible: Callable[[], None]
) -> None:
    sign_in("viewer").goto("/sign-in/")
    accessible()
    seen, findings = {"access:sign_in"}, []
    for username in READERS:
        page = as_person(username)
        page.goto("/")
        first = [urlsplit(page.url).path]
        if username == "clinician":
            first += pages_with_everything_on_them(page)
        if username == "coordinator":
            first += ["/patients/", str(page.locator(".next-title a").get_attribute("href"))]
        if username == "approver":
            first.append("/pathway/stops/")  # the same page as for the others, with another way on
        findings += walk(page, first, seen, accessible)
    assert not findings, "\n".join(findings)
    every = (
        {name for name in named_urls(get_resolver()) if ":" in name}
        - NO_PAGES
        - LEAD_ON
        - AFTER_AN_ACT
        - AFTER_A_VERSION
        - AFTER_A_DRAFT
        - AFTER_LOCKING
    )
    assert every - seen == set(), "no link leads there"


def test_pages_that_only_an_act_makes_are_accessible(
    as_person: AsPerson, accessible: Callable[[], None], settled: Callable[[Callable[[], Any]], Any]
) -> None:
    looked_at = set()

    def look(part: str) -> None:
        page.wait_for_url(re.compile(part))
        accessible()
        looked_at.add(name_of(page.url))

    page = as_person("clinician")
    page.goto(f"{steps.open_patient(page, 'DEMO-004')}review/")
    page.get_by_label("discuss", exact=True).first.check()
    page.get_by_label("not recorded").check()
    page.get_by_role("button", name="Sign the review").click()
    look("/reviews/")
    page.goto("/safety/report/")
    page.get_by_label("What happened, or could have").fill("Something was slow.")
    page.get_by_label("cannot tell").check()
    page.get_by_role("button", name="Report").click()
    look("/safety/incidents/[0-9a-f-]{36}/$")
    concern = page.url
    page = as_person("approver")
    page.goto(f"{concern}assess/")
    look("/assess/$")
    page.get_by_label("considerable").check()
    page.get_by_label("What keeps patients safe meanwhile").fill("Nothing is needed.")
    page.get_by_role("button", name="Assess").click()
    page.goto(f"{concern}close/")
    look("/close/$")
    page.get_by_label("Reason").fill("It was the network.")
    page.get_by_role("button", name="Close").click()
    page.goto(f"{concern}reopen/")
    look("/reopen/$")
    page = as_person("clinician")
    page.goto("/pathway/stops/ask/?option=everolimus")
    page.get_by_label("Reason").fill("Reports of harm from two other centers.")
    page.get_by_role("button", name="Ask for the stop").click()
    page.wait_for_url(re.compile("/pathway/stops/$"))
    page.locator("main .rule-list a").first.click()
    look("/stops/[0-9a-f-]{36}/$")
    stop = page.url
    page = as_person("approver")  # no request stays behind for other journeys
    page.goto(stop)
    form = page.locator("form[action$='/decline/']")
    form.get_by_label("Reason").fill("The reports were about another product.")
    form.get_by_role("button").click()
    page.wait_for_url(re.compile("/pathway/stops/$"))
    page = as_person("coordinator")
    page.goto("/patients/import/")
    sheet = "mrn,family_name,given_name,birth_date,sex,care_team\nIMP-1,Imported,Imre,1961-04-03,male,NET team\n"
    file = FilePayload(name="patients.csv", mimeType="text/csv", buffer=sheet.encode())
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Show what it would do").click()
    look("/patients/import/[0-9a-f-]{36}/$")
    page.locator("form[action$='/apply/'] button").click()
    look("/report/$")
    settled(lambda: page.goto("/patients/?q=IMP-1") and steps.mrns_listed(page) == ["IMP-1"])
    assert looked_at == AFTER_AN_ACT


def test_addresses_that_take_a_form_alone_refuse_to_be_read(as_person: AsPerson, server: Server) -> None:
    page = as_person("administrator")
    for name in sorted(FORMS_ALONE):
        answer = page.request.get(f"{server.url}{example_of(name)}")
        assert answer.status == 405, name


@pytest.mark.parametrize("scheme", ["dark"])
def test_the_pages_that_are_used_most_are_accessible_in_dark(
    scheme: str, as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    page = as_person("clinician")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    address = steps.open_patient(page, "DEMO-005")
    row = page.locator("details.option").first
    row.locator("summary").first.click()
    accessible()
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in re.findall(r"\d+", background)[:3]) < 3 * 90, background
    patient = steps.patient_address(page)
    for path in ("/patients/", f"{address}missing/", f"{patient}data/", f"{patient}data/tumors/1/enter/pathology/"):
        page.goto(path)
        accessible()


def test_nothing_is_cut_off_on_a_phone(as_person: AsPerson, accessible: Callable[[], None]) -> None:
    page = as_person("clinician")
    address = steps.open_patient(page, "DEMO-003")
    patient = steps.patient_address(page)
    page.set_viewport_size({"width": 360, "height": 740})
    for path in (
        "/patients/",
        address,
        f"{address}missing/",
        f"{address}options/lutetium_dotatate/",
        f"{patient}data/",
        f"{patient}data/tumors/1/enter/laboratory/",
        "/patients/new/",
        "/pathway/",
        "/pathway/options/lutetium_dotatate/",
    ):
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is {wide} px wider than the screen"
    page.goto(address)
    accessible()


def focus(page: Page, wanted: str, *, most: int = 80) -> None:
    """Press Tab until the element that matches has the focus, and see that everybody can see it."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            shown = page.evaluate(
                "() => { const s = getComputedStyle(document.activeElement);"
                " return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; }"
            )
            assert shown, f"The focus on {wanted} cannot be seen."
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{wanted} was not reached with {most} presses of Tab.")


def test_a_keyboard_alone_leads_from_the_sign_in_to_the_rule_behind_an_option(page: Page, server: Server) -> None:
    page.goto("/sign-in/")
    focus(page, "input[name=username]", most=5)
    page.keyboard.type("clinician")
    page.keyboard.press("Tab")
    page.keyboard.type(server.passwords["clinician"])
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/patients/$"))
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.keyboard.press("/")
    page.keyboard.type("alder")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("q=alder"))
    focus(page, "a.name")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/tumors/1/$"))
    focus(page, "#option-diazoxide > summary")
    page.keyboard.press("Enter")
    expect(page.locator("#option-diazoxide")).to_have_attribute("open", "")
    focus(page, "#option-diazoxide a[href*='/pathway/rules/']")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/pathway/rules/DIAZ-"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_choice_of_appearance_stays_and_is_made_without_a_script(as_person: AsPerson) -> None:
    page = as_person("approver")
    page.goto("/pathway/")
    page.locator(".top-person summary").click()
    page.get_by_role("button", name="Dark").click()
    page.wait_for_url(re.compile("/pathway/"))
    page.goto("/pathway/rules/")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in re.findall(r"\d+", background)[:3]) < 3 * 90, background

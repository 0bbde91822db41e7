"""A clinician reviews a list, is held to say why, signs, has the code checked, and sees what changed since."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser import steps

AsPerson = Callable[[str], Page]


def open_review(page: Page) -> None:
    """Given a patient's page, when the tab Review is opened."""
    page.get_by_role("navigation", name="Patient pages").get_by_role("link", name="Review", exact=True).click()
    page.wait_for_url(re.compile(r"/review/$"))


def test_a_review_is_signed_checked_and_compared_with_the_list_of_later(
    as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    # Given a new patient about whom nothing is known
    page = as_person("clinician")
    steps.register(page, family_name="Reviewed")
    address = steps.patient_address(page)
    page.goto(f"{address}tumors/1/")
    open_review(page)
    accessible()
    assert page.locator("input:checked").count() == 0

    # When an option is called not suitable without a reason, then nothing is signed and nothing typed is lost
    trial = page.locator("#id_verdict-clinical_trial_field")
    trial.get_by_label("not suitable", exact=True).check()
    page.get_by_label("What the patient wants").fill("wants to stay near home")
    page.get_by_label("not recorded", exact=True).check()
    page.get_by_role("button", name="Sign the review").click()
    expect(trial).to_contain_text("Clinical trial: choose why it is not suitable.")
    expect(trial.get_by_label("not suitable", exact=True)).to_be_checked()
    expect(page.get_by_label("What the patient wants")).to_have_value("wants to stay near home")
    accessible()

    # When the reason is given, then the review is signed with a code
    trial.get_by_label("not available here").check()
    page.get_by_role("button", name="Sign the review").click()
    page.wait_for_url(re.compile(r"/reviews/"))
    expect(page.locator("main")).to_contain_text("not available here")
    code = page.locator("dd.code").inner_text()
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", code)
    accessible()

    # When somebody types the code from paper, then the page says that it is genuine
    page.goto("/reviews/check/")
    page.get_by_label("Check code").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("status")).to_contain_text("Genuine.")
    accessible()

    # When a fact comes in afterwards, then the comparison names the options that it changed, and data as the cause
    page.goto(address)
    steps.enter_values(page, "pathology")
    page.locator("#feature-differentiation").get_by_label("poor").check()
    steps.save(page)
    page.goto(f"{address}tumors/1/since/")
    expect(page.locator("main")).to_contain_text("By data")
    expect(page.locator("main")).not_to_contain_text("By rules")
    row = page.get_by_role("row").filter(has_text="PRRT with 177Lu-DOTATATE")
    expect(row).to_contain_text("Not indicated")
    accessible()


def test_a_list_that_changed_while_it_was_reviewed_is_not_signed_unseen(as_person: AsPerson) -> None:
    page = as_person("clinician")
    steps.register(page, family_name="Overtaken")
    address = steps.patient_address(page)
    page.goto(f"{address}tumors/1/review/")
    page.locator("#id_verdict-clinical_trial_field").get_by_label("discuss").check()
    page.get_by_label("not discussed with the patient yet").check()
    page.get_by_label("Remark").fill("see the new scan")

    # When a colleague enters a fact in another tab meanwhile
    other = page.context.new_page()
    other.goto(address)
    steps.enter_values(other, "pathology")
    other.locator("#feature-differentiation").get_by_label("well").check()
    steps.save(other)
    other.close()

    # Then signing says so, keeps what was typed, and a second look signs
    page.get_by_role("button", name="Sign the review").click()
    expect(page.get_by_role("alert")).to_contain_text("The list changed since you opened this page")
    expect(page.get_by_label("Remark")).to_have_value("see the new scan")
    page.get_by_role("button", name="Sign the review").click()
    page.wait_for_url(re.compile(r"/reviews/"))
    expect(page.locator("main")).to_contain_text("see the new scan")

"""The condition builder: a nested condition built by keyboard alone, by mouse, and without JavaScript."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched

# About what pages look like and where they lead; integration tests read them on both databases.
pytestmark = pytest.mark.only_sqlite
AsPerson = Callable[[str], Page]
ADDRESS = "/pathway/conditions/"
NESTED = "Krenning score is exactly 0 or (Krenning score is at most 1 and (FDG PET is positive or grade is G3))."


def reach(page: Page, wanted: str, *, key: str = "Tab", most: int = 60) -> None:
    """Press a key until the element that matches has the focus, and see that everybody can see it."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            shown = page.evaluate("getComputedStyle(document.activeElement).outlineStyle !== 'none'")
            assert shown, f"The focus on {wanted} cannot be seen."
            return
        page.keyboard.press(key)
    pytest.fail(f"{wanted} was not reached with {most} presses of {key}.")


def focused(page: Page, wanted: str) -> None:
    expect(page.locator(wanted)).to_be_focused()


def sentence(page: Page, said: str) -> None:
    expect(page.locator(".builder-sentence")).to_have_text(said, use_inner_text=True)


def choose(page: Page, label: str) -> None:
    """Type the beginning of an entry of the select box that has the focus."""
    page.keyboard.type(label)


def find(page: Page, text: str) -> None:
    """Type into “find a feature”, which has the focus, and press Enter."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_a_nested_condition_is_built_by_keyboard_alone(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path
) -> None:
    page = as_person("editor")
    page.goto(ADDRESS)
    accessible()
    reach(page, "#when-1-find")
    find(page, "krenning")
    focused(page, "#when-2-operator")
    sentence(page, "[Krenning score is at most …].")
    choose(page, "is exactly")
    sentence(page, "[Krenning score is exactly …].")
    focused(page, "#when-2-operator")
    page.keyboard.press("Tab")
    page.keyboard.type("0")
    sentence(page, "Krenning score is exactly 0.")
    expect(page.locator("#try-results")).to_contain_text("1 true")
    reach(page, "#when-1-any", key="Shift+Tab")
    page.keyboard.press("Enter")
    focused(page, "#when-1-any")
    expect(page.locator("#when-1")).to_have_class(re.compile("part-any"))
    reach(page, "#when-1-all_group")
    page.keyboard.press("Enter")
    focused(page, "#when-3-feature")
    page.keyboard.press("Alt+Shift+KeyA")
    focused(page, "#when-4-find")
    find(page, "krenning")
    focused(page, "#when-3-operator")
    page.keyboard.press("Tab")
    page.keyboard.type("1")
    sentence(page, "Krenning score is exactly 0 or Krenning score is at most 1.")
    reach(page, "#when-4-any_group")
    page.keyboard.press("Space")
    focused(page, "#when-5-feature")
    page.keyboard.press("Alt+Shift+KeyA")
    find(page, "FDG")
    focused(page, "#when-5-operator")
    page.keyboard.press("Tab")
    choose(page, "positive")
    page.keyboard.press("Alt+Shift+KeyA")
    find(page, "grade")
    focused(page, "#when-7-operator")
    page.keyboard.press("Tab")
    choose(page, "G3")
    sentence(page, NESTED)
    expect(page.locator("#try-results")).to_contain_text("DEMO-007")
    accessible()
    page.screenshot(path=pictures / "condition-builder.png", full_page=True)


def test_parts_are_moved_removed_and_wrapped_by_keys_and_the_focus_stays_with_them(
    as_person: AsPerson, accessible: Callable[[], None]
) -> None:
    page = as_person("editor")
    page.goto(f"{ADDRESS}?rule=PRRT-I2")
    grade = page.locator("#when-2-feature")
    grade.focus()
    page.keyboard.press("Alt+Shift+ArrowDown")
    expect(page.locator("#when-did")).to_have_text("Differentiation is now 2 of 5 in “all of these”.")
    focused(page, "#when-2-feature")
    page.keyboard.press("Alt+Shift+ArrowUp")
    expect(page.locator("#when-did")).to_have_text("Differentiation is now 1 of 5 in “all of these”.")
    focused(page, "#when-2-feature")
    page.keyboard.press("Alt+Shift+KeyM")
    focused(page, "#when-2-more")
    accessible()
    reach(page, "#when-2-wrap_not")
    page.keyboard.press("Enter")
    expect(page.locator(".builder-old")).to_contain_text("PRRT-I2 in force: Differentiation is well")
    expect(page.locator(".builder-sentence ins")).to_have_text("not ")
    page.locator("#when-2-feature").focus()
    page.keyboard.press("Alt+Shift+KeyX")
    expect(page.locator("#when-did")).to_have_text("Differentiation was removed.")
    expect(page.locator(".part-not .part-say")).to_contain_text("“Not” is empty")
    page.keyboard.press("Escape")


def test_values_answer_at_once_and_what_was_typed_wrong_stays_with_its_sentence(
    as_person: AsPerson, accessible: Callable[[], None], pictures: Path
) -> None:
    page = as_person("clinician")
    page.goto(f"{ADDRESS}?rule=PRRT-I2")
    limit = page.locator("#when-6-value")
    limit.fill("2,5")
    expect(page.locator(".builder-sentence ins")).to_have_text("2.5 ")
    limit.fill("250")
    expect(page.locator("#when-6-say")).to_have_text(
        "Ki-67: “250” is not accepted; accepted is a number from 0 to 100 %."
    )
    expect(limit).to_be_focused()
    expect(page.locator("#try-results")).to_contain_text("Not yet")
    page.get_by_role("button", name="Check the condition").click()
    expect(page.locator(".builder .notice-error")).to_contain_text("Ki-67: “250” is not accepted")
    expect(page.locator("#when-6-value")).to_have_value("250")
    accessible()
    page.locator(".builder .notice-error a").click()
    focused(page, "#when-6-value")
    page.locator("#when-6-value").fill("55")
    expect(page.locator("#when-6-say")).to_be_empty()
    expect(page.locator("#when-6-value")).not_to_have_class(re.compile("is-invalid"))
    expect(page.locator("#when-6")).not_to_have_class(re.compile("has-problem"))
    sites = page.locator("#when-3-value")
    sites.click()
    page.get_by_label("lung", exact=True).check()
    expect(page.locator("#when-3-chosen")).to_contain_text("lung")
    expect(page.locator(".builder-sentence ins")).to_contain_text("lung")
    accessible()
    page.emulate_media(color_scheme="dark")
    accessible()
    page.screenshot(path=pictures / "condition-builder-dark.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"The page is {wide} px wider than the screen"
    accessible()
    page.screenshot(path=pictures / "condition-builder-narrow.png", full_page=True)


def test_the_same_is_built_without_javascript(as_person: AsPerson, watched: Watched, base_url: str) -> None:
    signed_in = as_person("editor")
    browser = signed_in.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    context.add_cookies(signed_in.context.cookies())  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(ADDRESS)
    page.locator("#when-1-find").fill("krenning")
    page.keyboard.press("Enter")
    focused(page, "#when-2-operator")
    page.locator("#when-2-operator").select_option(label="is exactly")
    page.locator("#when-2-value").fill("0")
    page.locator("#when-1-any").click()
    sentence(page, "Krenning score is exactly 0.")
    page.locator("#when-1-all_group").click()
    focused(page, "#when-3-feature")
    page.locator("#when-3-feature").select_option(label="Krenning score")
    page.locator("#when-update").click()
    page.locator("#when-3-value").fill("1")
    page.locator("#when-4-any_group").click()
    page.locator("#when-6-find").fill("FDG PET")
    page.locator("#when-6-comparison").click()
    page.locator("#when-5-value").select_option(label="positive")
    page.locator("#when-6-find").fill("grade")
    page.locator("#when-6-comparison").click()
    page.locator("#when-7-value").select_option(label="G3")
    page.get_by_role("button", name="Check the condition").click()
    sentence(page, NESTED)
    page.locator("#when-7-more").click()
    page.locator("#when-7-up").click()
    focused(page, "#when-7-up")
    expect(page.locator(".builder-sentence")).to_contain_text("(grade is G3 or FDG PET is positive)")
    context.close()

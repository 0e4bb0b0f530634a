"""Other ways through the page: by keyboard, on a telephone, in the dark, with several people in the picture."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import FileChooser, Locator, Page, TimeoutError, expect

from tests.browser.page_app import App
from tests.browser.page_clips import Clips
from tests.browser.page_walk import LATER, SOON, come, looked_at, perform, pick, plays, result, upload

pytestmark = pytest.mark.slow

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
FOCUSED = """() => {
  const focused = document.activeElement;
  return focused.getAttribute("aria-label") ?? (focused.closest("label") ?? focused).textContent.trim();
}"""
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("main *")]
  .filter((part) => part.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .filter((part) => part.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((part) => part.outerHTML.slice(0, 100))
"""


def fits(page: Page) -> None:
    """Nothing is wider than the window: neither to be scrolled to nor cut off, as gradio's boxes do."""
    assert page.evaluate(TOO_WIDE) == []


def test_a_telephone_in_the_dark_goes_the_whole_way(visit: Callable[..., Page], app: App, clips: Clips) -> None:
    page = come(visit(**PHONE, color_scheme="dark"), app)
    brightness = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    assert max(page.evaluate(brightness)) < 60, "the page is not dark"
    fits(page)
    upload(page, clips.juggler)
    looked_at(page)
    fits(page)
    pick(page, "dancer", "knn")
    perform(page)
    expect(page.get_by_role("progressbar", name="Progress")).to_be_in_viewport(timeout=SOON)
    fits(page)
    result(page)
    fits(page)
    plays(page)
    fits(page)


def test_another_person_is_chosen_by_click_and_by_keyboard(page: Page, app: App, clips: Clips) -> None:
    come(page, app)
    upload(page, clips.two_people)
    looked_at(page)
    people = page.get_by_role("button", name="from the left")
    expect(people).to_have_count(2)
    left, right = people.nth(0), people.nth(1)
    first, other = (left, right) if left.get_attribute("aria-pressed") == "true" else (right, left)
    is_followed(first, other)
    other.click()
    is_followed(other, first)
    first.focus()
    page.keyboard.press("Enter")
    is_followed(first, other)
    assert page.evaluate(FOCUSED) == first.get_attribute("aria-label"), "the keyboard's place is kept"


def is_followed(chosen: Locator, other: Locator) -> None:
    expect(chosen).to_have_attribute("aria-pressed", "true", timeout=LATER)
    expect(other).to_have_attribute("aria-pressed", "false")


def test_the_keyboard_alone_goes_the_whole_way(page: Page, app: App, clips: Clips) -> None:
    come(page, app)
    tab_to(page, "Drop a video file here to upload")
    asked_by_enter(page).set_files(clips.juggler)
    looked_at(page)
    page.evaluate("document.activeElement.blur()")
    page.get_by_role("heading", name="posetransfer").click()  # what comes next is counted from the top
    tab_to(page, "From")
    tab_to(page, "To")
    tab_to(page, "inesk-NN")  # the card, not the example called "ines dances"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="dancer")).to_be_checked()
    expect(page.get_by_role("radio", name="pose2pics A")).to_be_enabled(timeout=SOON)
    tab_to(page, "pose2pics")  # which the first target has, so it was chosen
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="k-NN Shows")).to_be_checked()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="pose2pics A")).to_be_checked()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("radio", name="k-NN Shows")).to_be_checked()
    tab_to(page, "Mirror")
    tab_to(page, "Keep the sound")
    page.keyboard.press("Space")
    expect(page.get_by_role("checkbox", name="Keep the sound")).not_to_be_checked()
    tab_to(page, "Advanced options")
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Interpolate")).to_be_visible()
    page.keyboard.press("Enter")
    tab_to(page, "Perform")
    page.keyboard.press("Enter")
    expect(result(page).get_by_role("listitem").first).to_contain_text("48 pictures were made")


def test_the_sliders_always_leave_a_piece(page: Page, app: App, clips: Clips) -> None:
    come(page, app)
    upload(page, clips.juggler)
    looked_at(page)
    start, end = page.get_by_role("slider", name="From"), page.get_by_role("slider", name=re.compile("^To"))
    chosen = "() => { const { start, end } = document.querySelector('pt-look').value; return [start, end] }"
    end.press("Home")
    assert (start.input_value(), end.input_value()) == ("0", "0.2")
    assert page.evaluate(chosen) == [0, 0.2], "a Perform at once is told"
    page.wait_for_function("() => document.querySelector('pt-look').value.facts", timeout=LATER)
    assert page.evaluate(chosen) == [0, 0.2]
    end.press("End")
    start.press("End")
    assert (start.input_value(), end.input_value()) == ("1.8", "2")
    page.wait_for_function("() => document.querySelector('pt-look').value.facts", timeout=LATER)
    expect(page.get_by_text("Looking at the video")).to_have_count(0)
    expect(start).to_be_focused()


def asked_by_enter(page: Page) -> FileChooser:
    """Press Enter until the browser asks for a file: one just started lets the first press pass now and then."""
    for _ in range(3):
        with suppress(TimeoutError):
            with page.expect_file_chooser(timeout=5000) as chooser:
                page.keyboard.press("Enter")
            return chooser.value
    raise AssertionError("Enter on the upload asks for no file")


def tab_to(page: Page, name: str, most: int = 25) -> None:
    """Press Tab until what has the focus is called so."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if passed[-1].startswith(name):
            return
    raise AssertionError(f"Tab does not come to {name}, only to {passed}")

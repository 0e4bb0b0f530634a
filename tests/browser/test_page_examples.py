"""A driving video one click away: loaded, looked at, performed, by mouse and by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.page_app import App
from tests.browser.page_walk import LATER, SOON, come, looked_at, perform, pick, plays, result

pytestmark = pytest.mark.slow


def example(page: Page) -> Locator:
    return page.get_by_role("button", name="kofi dances")


def two_seconds(page: Page) -> None:
    """Choose the first two seconds: what comes of all of it is no other thing, and takes seven times as long."""
    end = page.get_by_role("slider", name="To")
    end.press("Home")
    for _ in range(18):  # 0.1 s each, from the 0.2 s that are left
        end.press("ArrowRight")
    expect(page.get_by_text("for 50 pictures")).to_be_visible(timeout=LATER)


def test_an_example_is_performed_after_one_click(page: Page, app: App) -> None:
    come(page, app)
    expect(page.get_by_text("Or try one of these")).to_be_visible()
    thumbnail = example(page).locator("img")
    assert thumbnail.evaluate("picture => picture.complete && picture.naturalWidth > 90")
    example(page).click()
    looked_at(page)
    two_seconds(page)
    pick(page, "dancer", "knn")
    perform(page)
    expect(result(page).get_by_role("listitem").first).to_contain_text("50 pictures were made, 2.0 s")
    plays(page)


def test_the_keyboard_chooses_an_example(page: Page, app: App) -> None:
    come(page, app)
    page.get_by_role("button", name="Capture from camera").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="dances").first).to_be_focused()
    page.keyboard.press("Enter")
    looked_at(page)
    expect(page.locator("#driving video")).to_be_visible(timeout=SOON)

"""What axe-core can see of accessibility, in every state of the page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Page, ViewportSize

from tests.browser.page_app import App
from tests.browser.page_clips import Clips
from tests.browser.page_walk import LATER, come, looked_at, perform, pick, result, under_way, upload
from tests.performers import REELS

pytestmark = pytest.mark.slow

SIZES: list[ViewportSize] = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]
GRAVE = ("serious", "critical")


def violations(page: Page, state: str) -> list[str]:
    """What axe finds grave, at both sizes."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        for rule in Axe().run(page).response["violations"]:
            if rule["impact"] in GRAVE:
                found += [f"{state}, {size['width']} px: {rule['id']} at {node['target']}" for node in rule["nodes"]]
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_grave_in_any_state(visit: Callable[..., Page], app: App, clips: Clips, scheme: str) -> None:
    page = come(visit(color_scheme=scheme), app)
    found = violations(page, "at first")
    perform(page)
    page.get_by_role("alert").wait_for()
    found += violations(page, "refused")
    upload(page, clips.dance)
    looked_at(page)
    found += violations(page, "looked at")
    pick(page, "dancer", "pose2pics")
    perform(page)
    under_way(page)
    found += violations(page, "under way")
    page.get_by_role("button", name="Stop and keep what is done").click()
    result(page)
    found += violations(page, "result")
    page.set_viewport_size(SIZES[0])
    page.get_by_role("button", name="Advanced options").click()
    page.get_by_label("Threshold").wait_for()
    found += violations(page, "all options")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_grave_on_the_other_tabs(visit: Callable[..., Page], app: App, scheme: str) -> None:
    page = come(visit(color_scheme=scheme), app)
    page.get_by_role("tab", name="Live").click()
    page.get_by_role("button", name="Start", exact=True).click()
    page.get_by_role("alert").wait_for()  # there is no camera
    found = violations(page, "live")
    page.set_viewport_size(SIZES[0])
    page.get_by_role("tab", name="Targets").click()
    page.get_by_role("button", name="Publish dancer").click()
    page.get_by_text("Details").first.click()
    found += violations(page, "targets")
    page.set_viewport_size(SIZES[0])
    page.get_by_role("tab", name="Train").click()
    footage = page.locator("#footage input[type=file]")
    footage.set_input_files(REELS / "test-ines" / "reel.mp4")
    page.get_by_role("button", name="Train", exact=True).click()
    page.get_by_text("Movements seen").wait_for(timeout=LATER)
    found += violations(page, "train")
    assert not found, "\n".join(found)

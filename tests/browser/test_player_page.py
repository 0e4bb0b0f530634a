"""The player on a page: keyboard, narrow screens, views that fail, one view enlarged."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.player_site import LONG, VIEWS, Open, load

FOCUSED = "() => document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"
SIZES = """() => [...player().querySelectorAll("button, a, select, input[type=range], label")]
  .filter((e) => e.offsetParent).map((e) => e.getBoundingClientRect()).map((b) => [b.width, b.height])"""
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_the_keyboard_reaches_every_control(opened: Open) -> None:
    page = opened()
    reached = []
    for _ in range(2 * len(VIEWS) + 7):
        page.keyboard.press("Tab")
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        reached.append(page.evaluate("document.activeElement.closest('label')?.textContent.trim().split(/\\s/)[0]"))
        reached[-1] = reached[-1] or page.evaluate(FOCUSED)
    assert reached[-7:] == ["Play", "Previous frame", "Next frame", "Position", "Speed", "Loop", "Mute"]
    assert reached[0] == "Enlarge Driving <b>video</b>"
    page.get_by_role("button", name="Play", exact=True).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_focused()


def test_every_view_can_be_downloaded_under_its_name(opened: Open) -> None:
    page = opened()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download Result").click()
    assert download.value.suggested_filename == "result.mp4"


def test_a_missing_view_says_so_and_the_others_play(opened: Open, complaints: list[str]) -> None:
    page = opened({**VIEWS, "raw": "gone"})
    expect(page.get_by_role("alert")).to_have_text(
        "This view cannot be shown: its video could not be loaded. The other views go on."
    )
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("shown().every((number) => number > 10)", timeout=LONG)
    assert page.locator("pt-player video").count() == len(VIEWS) - 1
    assert all("404" in complaint for complaint in complaints)
    complaints.clear()


def test_without_the_sound_another_view_leads(opened: Open, complaints: list[str]) -> None:
    page = opened({**VIEWS, "result": "gone"})
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("shown().every((number) => number > 10)", timeout=LONG)
    assert page.get_by_role("button", name="Mute").count() == 0
    complaints.clear()


def test_nothing_to_play_is_said(page: Page, site: str, complaints: list[str]) -> None:
    load(page, site, {"driving": "gone", "result": "lost"}, "result")
    expect(page.get_by_role("status")).to_have_text(
        "None of the videos could be loaded. Reload the page to try again."
    )
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_disabled()
    complaints.clear()


def test_one_view_is_enlarged_and_escape_returns(opened: Open) -> None:
    page = opened()
    figure = page.locator("figure").nth(1)
    width = figure.evaluate("(f) => f.offsetWidth")
    page.get_by_role("button", name="Enlarge Skeleton").click()
    assert figure.evaluate("(f) => f.offsetWidth") > 2 * width
    page.keyboard.press("Escape")
    assert figure.evaluate("(f) => f.offsetWidth") == width
    expect(page.get_by_role("button", name="Enlarge Skeleton")).to_be_focused()


def test_it_fits_a_telephone(opened: Open, tmp_path: Path) -> None:
    page = opened()
    page.screenshot(path=tmp_path / "wide.png")
    page.evaluate("document.body.classList.add('dark'); document.body.style.background = '#0b0f19'")
    page.screenshot(path=tmp_path / "dark.png")
    page.evaluate("document.body.classList.remove('dark'); document.body.style.background = ''")
    for width in (320, 390, 768):
        page.set_viewport_size({"width": width, "height": 844})
        assert not page.evaluate(TOO_WIDE), width
        assert min(min(size) for size in page.evaluate(SIZES)) >= 40, width
        page.screenshot(path=tmp_path / f"{width}.png")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.screenshot(path=tmp_path / "390-end.png")


def test_unloading_leaves_nothing_and_loading_replaces(opened: Open) -> None:
    page = opened()
    page.get_by_role("button", name="Play", exact=True).click()
    page.evaluate("window.old = [...document.querySelectorAll('video')]; player().unload()")
    assert page.evaluate("player().childElementCount") == 0
    assert page.evaluate("old.every((video) => video.paused && !video.hasAttribute('src'))")
    page = opened({"driving": "short", "result": "sound"})
    assert page.locator("figure").count() == 2
    page.evaluate("player().remove()")
    page.wait_for_function("document.querySelectorAll('video').length === 0")

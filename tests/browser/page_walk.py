"""The visitor's steps through the page, by what they see and hear: roles and names."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from posetransfer.types import VideoInfo
from posetransfer.video.info import video_info
from tests.browser.page_app import App

SOON = 45_000  # ms: what a person would call at once; the machine may have much else to do
LATER = 120_000  # ms: a job


def come(page: Page, app: App) -> Page:
    """Open the page and wait until its cards are there."""
    page.goto(app.address)
    expect(page.get_by_role("radio", name="k-NN").first).to_be_visible(timeout=SOON)
    return page


def upload(page: Page, clip: Path) -> None:
    """Give a driving video."""
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Drop a video file here to upload").click()
    chooser.value.set_files(clip)


def looked_at(page: Page) -> None:
    """Wait until the look at the driving video is there: a skeleton that moves."""
    skeleton = page.get_by_label("The first second with the skeleton drawn over it")
    expect(skeleton).to_be_visible(timeout=LATER)
    expect(page.get_by_text("Looking at the video")).to_have_count(0)
    page.wait_for_function("video => video.currentTime > 0.1", arg=skeleton.element_handle(), timeout=SOON)


def pick(page: Page, target: str, method: str) -> None:
    """Choose a target and a method by their cards."""
    page.get_by_role("radio", name=re.compile(f"^{target}")).check()
    title = {"knn": "k-NN Shows", "pose2pics": "pose2pics A", "pics2pics": "pics2pics A"}[method]
    page.get_by_role("radio", name=title).check(timeout=SOON)


def perform(page: Page) -> None:
    page.get_by_role("button", name="Perform", exact=True).click()


def under_way(page: Page, share: float = 0.0) -> float:
    """Wait until the job is so far; gives how far it is."""
    bar = page.get_by_role("progressbar", name="Progress")
    expect(bar).to_be_visible(timeout=SOON)
    return float(
        page.wait_for_function(
            "share => { const bar = document.querySelector('progress[aria-label=Progress]');"
            " return bar && bar.value > share ? bar.value : null }",
            arg=share,
            timeout=LATER,
        ).json_value()
    )


def result(page: Page) -> Locator:
    """Wait for the result."""
    region = page.get_by_role("region", name="Result", exact=True)
    expect(region).to_be_visible(timeout=LATER)
    return region


def made(page: Page, app: App, clip: Path, target: str, method: str) -> Locator:
    """All steps, from opening the page to the result."""
    come(page, app)
    upload(page, clip)
    looked_at(page)
    pick(page, target, method)
    perform(page)
    return result(page)


def download(page: Page, link: Locator, folder: Path) -> VideoInfo:
    """Download by a link and read what came."""
    with page.expect_download() as coming:
        link.click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return video_info(path)


def plays(page: Page) -> None:
    """Play the result; every view must run, and none may fail."""
    page.get_by_role("group", name="All views together").get_by_role("button", name="Play").click()
    page.wait_for_function(
        "() => [...document.querySelectorAll('pt-player video')].every((v) => !v.error && v.currentTime > 0.5)",
        timeout=SOON,
    )


def token_of(page: Page) -> str:
    """Wait until the page shows a job; gives its token."""
    found = page.wait_for_function("() => document.querySelector('pt-job').token", timeout=SOON).json_value()
    assert isinstance(found, str)
    return found

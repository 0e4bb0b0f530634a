"""A real Chromium, and pages that may not complain or reach out."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from tests.browser.player_site import VIEWS, Open, load, make_videos, serving, settle

BROWSERS = ("chromium", "google-chrome", "chromium-browser")
ARGUMENTS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]  # containers have no user namespaces
INLINE = {"data", "blob", "about"}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium or Chrome, or a skip that says how to install it."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip(f"None of {', '.join(BROWSERS)} is installed. On Debian: apt-get install chromium.")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page's scripts and the console complained of. A test removes what it meant to cause."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A page of 1280x900 px. Fails the test on a script error, a console error or a request to another host."""

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INLINE and address.hostname != "127.0.0.1":
            complaints.append(f"a request to {request.url}")

    with browser.new_context(viewport={"width": 1280, "height": 900}) as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", heard)
        page.on("request", asked)
        yield page
    assert not complaints, f"the page complained: {complaints}"


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site with the player and its videos."""
    folder = tmp_path_factory.mktemp("videos")
    make_videos(folder)
    with serving(folder) as address:
        yield address


@pytest.fixture
def opened(page: Page, site: str) -> Open:
    """Loads views, {name: file}, into the player and waits until it can be used."""

    def opened(views: dict[str, str] = VIEWS, sound: str | None = "result") -> Page:
        load(page, site, views, sound)
        settle(page)
        return page

    return opened

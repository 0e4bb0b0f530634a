"""A real Chromium, and pages that may not complain or reach out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, sync_playwright

from tests.browser.page_app import App, learn, opened_app
from tests.browser.page_clips import Clips
from tests.browser.player_site import VIEWS, Open, load, make_videos, serving, settle
from tests.hub_server.process import hub_process

BROWSERS = ("chromium", "google-chrome", "chromium-browser")
ARGUMENTS = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"]  # containers have no user namespaces
INLINE = {"data", "blob", "about"}
# what gradio says of its events under way when a page is left, by a link or by closing it
LEFT_BEHIND = ("BodyStreamBuffer was aborted", "Connection errored out", "AbortError: signal is aborted")
SCREEN = {"width": 1280, "height": 900}


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the system's Chromium or Chrome is, or a skip that says how to install it."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip(f"None of {', '.join(BROWSERS)} is installed. On Debian: apt-get install chromium.")
    return found


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one driver of all browsers: a thread can have no second."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """The browser of all tests but those that need one with other arguments."""
    running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield running
    running.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page's scripts and the console complained of. A test removes what it meant to cause."""
    return []


@pytest.fixture
def visit(browser: Browser, complaints: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens an empty page of a new visitor, 1280x900 px unless the options of its browser context say otherwise.

    Fails the test on a script error, a console error or a request to another host.
    """
    with ExitStack() as contexts:

        def visit(**options: Any) -> Page:
            context = contexts.enter_context(browser.new_context(**{"viewport": SCREEN} | options))
            listen(context, complaints)
            return context.new_page()

        yield visit
    assert not complaints, f"the page complained: {complaints}"


@pytest.fixture
def page(visit: Callable[..., Page]) -> Page:
    """An empty page of a new visitor."""
    return visit()


def listen(context: BrowserContext, complaints: list[str]) -> None:
    """Note all that the pages of a visitor complain of."""

    def noted(complaint: str) -> None:
        if not any(words in complaint for words in LEFT_BEHIND):
            complaints.append(complaint)

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            noted(f"{message.text} {message.location.get('url', '')}".strip())

    def asked(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INLINE and address.hostname != "127.0.0.1":
            complaints.append(f"a request to {request.url}")

    context.on("weberror", lambda error: noted(str(error.error)))
    context.on("console", heard)
    context.on("request", asked)


@pytest.fixture(scope="session")
def clips(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Clips:
    """Pieces of the real footage, made when they are first asked for."""
    return Clips(real_data / "clips", tmp_path_factory.mktemp("clips"))


@pytest.fixture(scope="session")
def home(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with two targets, small and hardly trained: "dancer" without and "signer" with pics2pics."""
    home, clips = tmp_path_factory.mktemp("home"), real_data / "clips"
    quick = ("--size", 64, "--steps", 3)
    learn(home, clips / "blue-dancer.avi", "--start", 4, "--end", 9, *quick, "--out", "dancer")
    source = clips / "sign-orange.mkv"
    learn(home, clips / "sign-skull.mkv", "--source", source, "--end", 4, *quick, "--out", "signer")
    return home


@pytest.fixture(scope="session")
def app(home: Path, chromium: str) -> Iterator[App]:
    """The page of most tests, which tell themselves apart as visitors. It may not write a traceback."""
    with opened_app(home) as app:
        yield app
    assert "Traceback" not in app.complaints, app.complaints


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Hub on loopback, empty at first."""
    with hub_process(tmp_path_factory.mktemp("hub")) as address:
        yield address


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

"""The Live tab in a browser whose camera plays a dancer: frames come, are switched and recorded, the seat is freed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from posetransfer.video.info import video_info
from tests.browser.conftest import ARGUMENTS, SCREEN, listen
from tests.browser.fake_camera import camera_arguments, write_film
from tests.browser.no_upgrade import refusing_upgrades
from tests.browser.page_app import ROOT, App, environment
from tests.browser.page_walk import LATER, SOON
from tests.performers import KOFI, SIDE, frame

pytestmark = pytest.mark.slow

NEW_PICTURE = "before => document.querySelector('pt-live').flow.shown > before"


@pytest.fixture(scope="module")
def filmed(playwright: Playwright, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser with a camera that sees a dancer."""
    film = tmp_path_factory.mktemp("camera") / "dancer.y4m"
    write_film(film, (frame(KOFI, 150 + 2 * number) for number in range(40)), (SIDE, SIDE), 30)
    browser = playwright.chromium.launch(executable_path=chromium, args=[*ARGUMENTS, *camera_arguments(film)])
    yield browser
    browser.close()


@pytest.fixture
def stage(filmed: Browser, complaints: list[str]) -> Iterator[Callable[[str], Page]]:
    """Opens the Live tab of the page at an address, as a new visitor."""
    context = filmed.new_context(viewport=SCREEN)
    listen(context, complaints)

    def opened(address: str) -> Page:
        return live_tab(context.new_page(), address)

    yield opened
    context.close()
    assert not complaints, complaints


def live_tab(page: Page, address: str) -> Page:
    page.goto(address)
    page.get_by_role("tab", name="Live").click(timeout=SOON)
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled(timeout=SOON)
    return page


def choose(page: Page, target: str, method: str = "knn") -> None:
    page.get_by_role("combobox", name="Target").select_option(target)
    page.get_by_role("combobox", name="Method").select_option(method)


def performs(page: Page, target: str, method: str = "k-NN") -> None:
    """Wait until the target is loaded and ten more pictures of it were shown."""
    expect(page.get_by_text(f"{target}, by {method}")).to_be_visible(timeout=LATER)
    shown = page.evaluate("document.querySelector('pt-live').flow.shown")
    page.wait_for_function(NEW_PICTURE, arg=shown + 10, timeout=LATER)


def colours(page: Page, name: str) -> list[int]:
    """A few of the pixels of a canvas."""
    canvas = page.get_by_role("img", name=name)
    script = "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]"
    return [int(value) for value in canvas.evaluate(script)[::997]]


def verdict(video: Path, home: Path) -> str:
    """What the command line says about a file on the machine whose user's folder is `home`."""
    command = [sys.executable, "-m", "posetransfer", "verify", str(video)]
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=60)
    return done.stdout


def test_it_performs_is_switched_recorded_and_frees_the_seat(
    stage: Callable[[str], Page], app: App, tmp_path: Path
) -> None:
    page = stage(app.address)
    choose(page, "ines")
    page.get_by_role("button", name="Start", exact=True).click()
    performs(page, "ines")
    ines, dancer = colours(page, "The target"), colours(page, "Your camera")
    assert len(set(dancer)) > 20 and len(set(ines)) > 20
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.get_by_role("button", name="Stop recording")).to_be_visible(timeout=SOON)
    choose(page, "kofi")
    performs(page, "kofi")
    kofi = colours(page, "The target")
    assert sum(abs(one - other) for one, other in zip(ines, kofi, strict=True)) > 10 * len(ines)
    expect(page.get_by_text("pictures a second")).to_contain_text("ms from camera to picture")
    page.get_by_role("button", name="Stop", exact=True).click()  # it ends the recording too
    with page.expect_download(timeout=SOON) as coming:
        page.get_by_role("link", name="Download the recording").click()
    coming.value.save_as(tmp_path / "live.mp4")
    info = video_info(tmp_path / "live.mp4")
    assert (info.width, info.height) == (256, 256) and info.frames and info.frames > 10
    assert "made here and is unchanged. It is synthetic, made by knn" in verdict(tmp_path / "live.mp4", app.home)
    page.wait_for_function("() => document.querySelector('pt-live video[controls]').duration > 0", timeout=SOON)

    other = stage(app.address)
    choose(other, "ines")
    other.get_by_role("button", name="Start", exact=True).click()
    performs(other, "ines")
    page.get_by_role("button", name="Start", exact=True).click()
    if (os.cpu_count() or 1) < 8:
        expect(page.get_by_role("alert")).to_have_text(
            "Somebody else performs live here just now. Press Start again when they are done.", timeout=SOON
        )
    other.get_by_role("button", name="Stop", exact=True).click()
    expect(other.get_by_text("Stopped.")).to_be_visible(timeout=SOON)


def test_behind_a_proxy_without_websockets_it_performs_too(
    stage: Callable[[str], Page], app: App, complaints: list[str]
) -> None:
    with refusing_upgrades(app.address) as address:
        page = stage(address)
        choose(page, "ines")
        page.get_by_role("button", name="Start", exact=True).click()
        performs(page, "ines")
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.get_by_text("Stopped.")).to_be_visible(timeout=SOON)
        page.close()
    refusals = [words for words in complaints if "WebSocket connection to" in words]
    assert refusals
    complaints[:] = [words for words in complaints if words not in refusals]


def test_without_a_camera_a_sentence_says_so(page: Page, app: App) -> None:
    live_tab(page, app.address)
    page.get_by_role("button", name="Start", exact=True).click()
    sentences = "No camera was found. Connect one|The browser does not let this page use the camera"
    expect(page.get_by_role("alert")).to_be_visible(timeout=SOON)
    assert any(words in page.get_by_role("alert").inner_text() for words in sentences.split("|"))
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_enabled()

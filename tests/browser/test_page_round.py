"""The whole circle in a real browser, against a Hub on loopback: train, leave and come back, publish, remove, find,
pull, perform. And footage that is looked through, a refusal, a pause, and a page and worker that are killed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_app import App, opened_app, until
from tests.browser.page_walk import LATER, SOON, come, looked_at, perform, plays, result, upload
from tests.hub.conftest import Loopback
from tests.performers import piece

MINUTES = os.environ.get("POSETRANSFER_TEST_MINUTES", "0.1")  # of training; 2 for a round worth looking at
SIZE = os.environ.get("POSETRANSFER_TEST_SIZE", "64")
SHOTS = os.environ.get("POSETRANSFER_TEST_SHOTS")  # a folder for screenshots
LONG = 900_000  # ms
HOSTILE = """# Berta

She **agreed** [yes](javascript:alert(1)) ![x](https://evil.example/pixel.gif)

<script>alert(1)</script><img src=https://evil.example/p.gif onerror=alert(1)>
"""


@pytest.fixture(scope="module")
def own_app(hub: str, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A page of its own, whose Hub is the one on loopback and whose user is alice."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("HF_ENDPOINT", hub), ("HF_TOKEN", "token-alice"), ("HF_HUB_DISABLE_XET", "1")):
            patch.setenv(name, value)
        with opened_app(tmp_path_factory.mktemp("home")) as app:
            yield app
        assert "Traceback" not in app.complaints, app.complaints


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return piece(tmp_path_factory.mktemp("footage") / "ines.mp4", "train-a-ines", 210 if SIZE == "64" else 900)


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def give(page: Page, footage: Path, name: str, minutes: str = MINUTES) -> None:
    """Fill the Train tab, all but the consent."""
    tab(page, "Train")
    page.locator("#footage input[type=file]").set_input_files(footage)
    page.get_by_label("Name of the target").fill(name)
    page.locator("#minutes input").fill(minutes)
    page.locator("#minutes input").press("Enter")
    page.locator("#train-size input").click()
    page.get_by_role("option", name=SIZE).click()


def consent(page: Page) -> None:
    page.get_by_label("The person shown is me").check()
    page.get_by_label("Who is shown, and how they agreed").fill("Nobody: she is rendered.")


def train(page: Page) -> None:
    page.get_by_role("button", name="Train", exact=True).click()


def test_round(own_app: App, hub: str, footage: Path, page: Page) -> None:
    come(page, own_app)
    begin(page, footage)
    page.close()
    page = page.context.new_page()
    come(page, own_app)
    ready(page)
    publish_and_remove(page, own_app)
    find_and_pull(page, Loopback(hub))
    expect(page.locator("pt-cards input[value='alice/anna']")).to_be_attached(timeout=SOON)  # all of it has come
    page.locator("pt-shelf li[data-name='alice/anna']").get_by_role("link", name="Perform as alice/anna").click()
    expect(page.get_by_role("radio", name="alice/anna")).to_be_checked(timeout=SOON)
    upload(page, footage)
    looked_at(page)
    perform(page)
    result(page)
    plays(page)
    shot(page, "7-performed")


def begin(page: Page, footage: Path) -> None:
    """Footage looked through, refused without consent, and a training under way."""
    give(page, footage, "anna")
    expect(page.get_by_text("Movements seen")).to_be_visible(timeout=LATER)
    expect(page.get_by_text("No frame shows it.").first).to_be_visible()
    shot(page, "1-checked")
    train(page)
    expect(page.get_by_text("Tick the box, and say in a sentence")).to_be_visible(timeout=SOON)
    consent(page)
    train(page)
    expect(page.locator(".pt-curve").first).to_be_visible(timeout=LATER)


def ready(page: Page) -> None:
    """The training goes on in a new tab, and ends."""
    tab(page, "Train")
    region = page.get_by_role("region", name="Training", exact=True)
    expect(region).to_be_visible(timeout=SOON)
    if float(MINUTES) > 1:
        page.wait_for_timeout(30_000)
    shot(page, "2-goes-on")
    expect(page.get_by_text("anna is ready")).to_be_visible(timeout=LONG)
    expect(page.get_by_label("anna's own footage beside the target")).to_be_visible()
    shot(page, "3-ready")


def publish_and_remove(page: Page, own_app: App) -> None:
    tab(page, "Targets")
    anna = page.locator("pt-shelf li[data-name=anna]")
    anna.get_by_role("button", name="Publish anna").click()
    expect(anna.get_by_text("its footage itself is published")).to_be_visible()
    anna.get_by_label("Where: owner/repo").fill("alice/anna")
    anna.get_by_label("Who is shown, and that they agreed").fill("Nobody: she is rendered.")
    anna.get_by_label("Everybody may see it").check()
    shot(page, "4-publish")
    anna.get_by_role("button", name="Publish it").click()
    expect(page.get_by_text("anna is published")).to_be_visible(timeout=LATER)
    page.on("dialog", lambda dialog: dialog.accept())
    anna.get_by_role("button", name="Remove anna").click()
    expect(anna).to_have_count(0, timeout=SOON)
    assert not (own_app.home / "targets" / "anna").exists()


def find_and_pull(page: Page, hub: Loopback) -> None:
    page.get_by_role("button", name="Search the Hub").click()
    page.get_by_label("Words in the name").fill("anna")
    page.get_by_role("button", name="Search", exact=True).click()
    page.get_by_text("alice/anna").locator("..").get_by_role("button", name="Look at it").click(timeout=SOON)
    offer = page.get_by_role("region", name="alice/anna on the Hub")
    expect(offer.get_by_text("Nobody: she is rendered.")).to_be_visible(timeout=SOON)
    shot(page, "5-found")
    hub.fault("GET .*safetensors", "slow", 0.5)
    offer.get_by_role("button", name="Pull").click()
    page.locator("pt-shelf").get_by_role("button", name="Stop").click(timeout=SOON)
    expect(page.get_by_text("Stopped. What has come of alice/anna is kept")).to_be_visible(timeout=LATER)
    hub.well()
    offer.get_by_role("button", name="Pull").click()
    expect(page.get_by_text("alice/anna is here")).to_be_visible(timeout=LATER)
    expect(page.locator("pt-shelf li[data-name='alice/anna']")).to_be_visible(timeout=SOON)
    shot(page, "6-pulled")


def test_renamed_by_its_card(own_app: App, page: Page, footage: Path) -> None:
    from tests.made_targets import write_a_target

    write_a_target(own_app.home / "targets" / "berta")
    (own_app.home / "targets" / "berta" / "README.md").write_text(HOSTILE)
    come(page, own_app)
    tab(page, "Targets")
    card = page.locator("pt-shelf li[data-name=berta]")
    card.get_by_text("Details").click()
    expect(card.locator(".pt-cardtext strong")).to_have_text("agreed")  # and nothing was asked of evil.example
    tags = "text => [...text.querySelectorAll('*')].map((part) => part.attributes.length || part.localName)"
    assert card.locator(".pt-cardtext").evaluate(tags) == ["h4", "p", "strong", "p"]
    card.get_by_role("button", name="Rename berta").click()
    card.get_by_label("New name").fill("ines")
    card.get_by_role("button", name="Rename it").click()
    expect(page.get_by_text("There is a target called ines already")).to_be_visible(timeout=SOON)
    card.get_by_role("button", name="Rename berta").click()
    card.get_by_label("New name").fill("clara")
    card.get_by_role("button", name="Rename it").click()
    expect(page.locator("pt-shelf li[data-name=clara]")).to_be_visible(timeout=SOON)
    assert (own_app.home / "targets" / "clara" / "config.json").is_file()
    assert not page.locator("pt-shelf li[data-name=ines]").get_by_role("button", name="Remove").count()


def test_what_the_hub_has_not_is_said(own_app: App, page: Page) -> None:
    come(page, own_app)
    tab(page, "Targets")
    page.get_by_label("owner/repo, or the address").fill("alice/nobody")
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("The Hub has no target alice/nobody, or it is private")).to_be_visible(timeout=SOON)


def test_page_and_worker_killed_while_training(own_app: App, footage: Path, page: Page, complaints: list[str]) -> None:
    come(page, own_app)
    give(page, footage, "dora", minutes="0.25")
    consent(page)
    train(page)
    expect(page.locator(".pt-curve").first).to_be_visible(timeout=LATER)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_text("Paused. What was learned is kept.")).to_be_visible(timeout=SOON)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Training pose2pics …")).to_be_visible(timeout=LATER)
    workers = [child for child in psutil.Process(own_app.pid).children() if "train" in child.cmdline()]
    own_app.kill()
    for worker in workers:
        worker.kill()
    until(lambda: not any(worker.is_running() and worker.status() != "zombie" for worker in workers), 10)
    own_app.start()
    page.reload()
    come(page, own_app)
    tab(page, "Train")
    expect(page.get_by_text("Training dora")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("dora is ready")).to_be_visible(timeout=LONG)
    complaints[:] = [said for said in complaints if "ERR_CONNECTION" not in said and "Failed to load" not in said]

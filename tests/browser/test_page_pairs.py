"""Pairs for pics2pics, looked at and dropped by hand; a check that is stopped, and looked at again."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from posetransfer.pairs.frame_ranges import parse_frames
from tests.browser.page_app import App, until
from tests.browser.page_walk import LATER, SOON, come
from tests.browser.test_page_axe import violations
from tests.performers import INES, KOFI, piece


def test_pairs_are_dropped_by_hand(app: App, page: Page, tmp_path: Path) -> None:
    come(page, app)
    page.get_by_role("tab", name="Train").click()
    page.locator("#train-size input").click()
    page.get_by_role("option", name="64").click()
    page.locator("#footage input[type=file]").set_input_files(piece(tmp_path / "ines.mp4", INES, 50, 150))
    stop_the_check(page)
    page.get_by_role("button", name="For pics2pics only").click()
    page.locator("#source input[type=file]").set_input_files(piece(tmp_path / "kofi.mp4", KOFI, 50, 150))
    pairs = page.get_by_role("region", name="Pairs for pics2pics")
    expect(pairs.get_by_text("40 of 40 pairs are kept.")).to_be_visible(timeout=LATER)
    pairs.get_by_role("button", name="Drop all").click()
    expect(pairs.get_by_text("No pair is kept")).to_be_visible()
    pairs.get_by_role("button", name="Keep all").click()
    first = pairs.get_by_role("checkbox", name=re.compile("^Driver at .* s, and target Keep")).first
    first.focus()
    page.keyboard.press("Space")
    expect(first).not_to_be_checked()
    expect(pairs.get_by_text(re.compile("3[0-9] of 40 pairs are kept."))).to_be_visible()
    shown = page.evaluate("getComputedStyle(document.querySelector('.pt-pair')).backgroundImage")
    sheet = page.request.get(re.findall(r'"(.*)"', shown)[0])
    assert sheet.ok and sheet.body()[:2] == b"\xff\xd8"

    assert not violations(page, "pairs")

    train(page)
    token = page.evaluate("document.querySelector('pt-training').token")
    asked = json.loads((app.folder(token) / "request.json").read_text())["arguments"]["options"]
    dropped = page.evaluate("document.querySelector('pt-pairs').value.dropped")
    assert asked["dropped_source_frames"] == list(parse_frames(dropped)) != []
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cancel and delete").click()
    expect(page.get_by_text("The training was deleted")).to_be_visible(timeout=SOON)
    until(lambda: not app.folder(token).exists(), 30)


def stop_the_check(page: Page) -> None:
    check = page.locator("pt-check")
    check.get_by_role("button", name="Stop").click(timeout=SOON)
    check.get_by_role("button", name="Look again").click(timeout=SOON)
    check.get_by_role("button", name="Stop").click(timeout=SOON)
    expect(check.get_by_text("Stopped. The footage can be learned from")).to_be_visible(timeout=SOON)


def train(page: Page) -> None:
    page.get_by_label("Name of the target").fill("anna")
    page.get_by_label("pics2pics", exact=True).check()
    page.get_by_label("The person shown is me").check()
    page.get_by_label("Who is shown, and how they agreed").fill("Nobody: she is rendered.")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("region", name="Training", exact=True)).to_be_visible(timeout=SOON)

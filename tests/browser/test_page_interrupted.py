"""What is under way survives closed tabs, stops, dead workers and a dead page; what is cancelled leaves nothing."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.page_app import App, opened_app, until
from tests.browser.page_clips import Clips
from tests.browser.page_walk import (
    LATER,
    SOON,
    come,
    download,
    looked_at,
    made,
    perform,
    pick,
    plays,
    result,
    token_of,
    under_way,
    upload,
)

pytestmark = pytest.mark.slow

WHOLE = 500  # pictures of the dance


def begin(page: Page, app: App, clip: Path, method: str = "pose2pics") -> str:
    """Start a transfer; gives its token."""
    come(page, app)
    upload(page, clip)
    looked_at(page)
    pick(page, "dancer", method)
    perform(page)
    under_way(page)
    return token_of(page)


def test_a_closed_tab_is_opened_again_and_the_job_stopped(page: Page, app: App, clips: Clips, tmp_path: Path) -> None:
    token = begin(page, app, clips.dance)
    before = under_way(page, 0.3)
    page.close(run_before_unload=False)
    page = come(page.context.new_page(), app)
    assert under_way(page) >= before and token_of(page) == token
    under_way(page, 0.5)
    page.get_by_role("button", name="Stop and keep what is done").click()
    region = result(page)
    expect(region).to_contain_text("You stopped it")
    said = region.get_by_role("listitem").first.text_content() or ""
    plays(page)
    info = download(page, region.get_by_role("link", name="Download the result"), tmp_path)
    assert said.startswith(f"{info.frames} pictures") and WHOLE // 2 < (info.frames or 0) < 2 * WHOLE
    expect(page.get_by_role("region", name="Your results")).to_contain_text("stopped, part kept")


def test_a_cancelled_job_leaves_nothing(page: Page, app: App, clips: Clips) -> None:
    token = begin(page, app, clips.dance)
    under_way(page, 0.1)
    assert app.folder(token).is_dir()
    page.get_by_role("button", name="Cancel").click()
    said = page.get_by_text("Cancelled. Nothing of it was kept.")
    expect(said).to_be_visible(timeout=SOON)
    expect(said).to_be_focused()
    expect(page.get_by_role("region", name="Your results")).to_have_count(0)
    until(lambda: not app.folder(token).exists(), 60)


def test_what_perform_refuses_is_said_beside_the_job_under_way(page: Page, app: App, clips: Clips) -> None:
    begin(page, app, clips.dance)
    page.get_by_role("button", name="Clear").click()
    perform(page)
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Choose a driving video first", timeout=SOON)
    under_way(page, under_way(page))
    expect(alert).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete all of my files").click()
    expect(page.get_by_text("Deleted.")).to_be_visible(timeout=SOON)
    left = "() => import('./posetransfer/static/visitor.js').then(({ ask }) => ask('posetransfer/jobs'))"
    assert page.evaluate(left) == [], "looks are deleted too"


def test_a_result_is_deleted_once_that_is_confirmed(page: Page, app: App, clips: Clips) -> None:
    made(page, app, clips.juggler, "dancer", "knn")
    folder = app.folder(token_of(page))
    delete = page.get_by_role("region", name="Your results").get_by_role(
        "button", name="Delete dancer performs juggler.mp4, k-NN"
    )
    page.once("dialog", lambda dialog: dialog.dismiss())
    delete.click()
    expect(delete).to_be_visible()
    assert folder.is_dir()
    questions: list[str] = []

    def agree(dialog: Dialog) -> None:
        questions.append(dialog.message)
        dialog.accept()

    page.once("dialog", agree)
    delete.click()
    expect(page.get_by_role("region", name="Your results")).to_have_count(0, timeout=SOON)
    assert questions == ["Delete this result and its files?"]
    expect(page.get_by_role("region", name="Result", exact=True)).to_have_count(0)
    until(lambda: not folder.exists(), 20)


def test_a_killed_worker_is_said_and_the_next_job_runs(page: Page, app: App, clips: Clips) -> None:
    begin(page, app, clips.dance)
    under_way(page, 0.1)
    app.worker().kill()
    expect(page.get_by_role("alert")).to_contain_text("The worker process ended unexpectedly", timeout=SOON)
    page.get_by_role("button", name="Clear").click()
    upload(page, clips.juggler)
    looked_at(page)
    pick(page, "dancer", "knn")
    perform(page)
    expect(result(page).get_by_role("listitem").first).to_contain_text("48 pictures were made")


@pytest.fixture
def own_app(home: Path, chromium: str, tmp_path: Path) -> Iterator[App]:
    """A page that may be killed, with the same targets."""
    shutil.copytree(home / "targets", tmp_path / "targets", copy_function=os.link)
    with opened_app(tmp_path) as app:
        yield app


def test_a_killed_page_finds_the_job_when_it_is_back(
    page: Page, own_app: App, clips: Clips, complaints: list[str]
) -> None:
    token = begin(page, own_app, clips.dance)
    under_way(page, 0.2)
    worker: psutil.Process = own_app.worker()
    own_app.kill()
    assert worker.is_running(), "the worker goes on alone"
    expect(page.get_by_role("alert")).to_contain_text("The page's server does not answer", timeout=SOON)
    page.close()
    complaints[:] = [words for words in complaints if not re.search("ERR_CONNECTION|Failed to fetch", words)]
    own_app.start()
    page = come(page.context.new_page(), own_app)
    region = result(page)
    assert token_of(page) == token
    expect(region.get_by_role("listitem").first).to_contain_text(f"{2 * WHOLE} pictures were made", timeout=LATER)
    plays(page)
    assert "Traceback" not in own_app.complaints

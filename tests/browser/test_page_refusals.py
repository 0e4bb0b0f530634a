"""What cannot work is said in a sentence where it was tried."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_app import ROOT, App, opened_app
from tests.browser.page_clips import Clips
from tests.browser.page_walk import LATER, SOON, come, looked_at, perform, pick, upload

pytestmark = pytest.mark.slow


@pytest.fixture
def bad_files(real_data: Path, tmp_path: Path) -> dict[str, Path]:
    """Files that are no videos, with the ending of one."""
    text, empty = tmp_path / "letter.mp4", tmp_path / "empty.mp4"
    text.write_text("Dear video,\n" * 40)
    empty.touch()
    return {"text": text, "picture": real_data / "odd" / "syn-png-renamed.mp4", "nothing": empty}


@pytest.mark.parametrize("kind", ["text", "picture", "nothing"])
def test_a_file_that_is_no_video_is_refused_in_a_sentence(
    page: Page, app: App, bad_files: dict[str, Path], complaints: list[str], kind: str
) -> None:
    come(page, app)
    upload(page, bad_files[kind])
    alert = page.get_by_role("alert")
    expect(alert).to_have_count(1, timeout=LATER)
    is_sentence(alert.text_content())
    pick(page, "dancer", "knn")
    perform(page)
    expect(alert).to_have_count(2, timeout=LATER)
    is_sentence(alert.last.text_content())
    assert "Traceback" not in page.content() and "Traceback" not in app.complaints
    # the browser asks for a part of a file that has none
    complaints[:] = [words for words in complaints if "416" not in words]


def is_sentence(said: str | None) -> None:
    assert said and said[0].isalpha() and said.endswith(".") and " " in said, said


def test_without_a_driving_video_the_page_asks_for_one(page: Page, app: App) -> None:
    come(page, app)
    perform(page)
    expect(page.get_by_role("alert")).to_contain_text("Choose a driving video first", timeout=SOON)


@pytest.fixture
def new_app(chromium: str, tmp_path: Path) -> Iterator[App]:
    """The page of somebody who has made no target yet, in a copy of the project without the bundled ones."""
    copy = tmp_path / "copy"
    for part in ("posetransfer", "space"):
        shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "app.py", copy)
    home = tmp_path / "home"
    home.mkdir()
    with opened_app(home, copy) as app:
        yield app


def test_without_a_target_the_page_says_how_to_make_one(page: Page, new_app: App, clips: Clips) -> None:
    come(page, new_app)
    how = "python -m posetransfer learn you.mp4 --out you"
    expect(page.get_by_role("group", name="Target")).to_contain_text(how)
    upload(page, clips.juggler)
    looked_at(page)
    perform(page)
    expect(page.get_by_role("alert")).to_contain_text(how, timeout=SOON)

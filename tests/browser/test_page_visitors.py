"""Visitors at the same time see what is theirs and nothing else."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.page_app import App
from tests.browser.page_clips import Clips
from tests.browser.page_walk import come, download, looked_at, perform, pick, result, token_of, upload

pytestmark = pytest.mark.slow

REFUSED = (403, 404)


def test_two_visitors_at_once_get_their_own(
    visit: Callable[..., Page], app: App, clips: Clips, tmp_path: Path
) -> None:
    asked = {"juggler.mp4": (visit(), clips.juggler, 48), "sign-orange.mp4": (visit(), clips.signing, 60)}
    for page, clip, _ in asked.values():
        come(page, app)
        upload(page, clip)
    for page, _, _ in asked.values():
        looked_at(page)
        pick(page, "dancer", "knn")
    for page, _, _ in asked.values():
        perform(page)
    tokens = [token_of(page) for page, _, _ in asked.values()]
    assert len(set(tokens)) == 2
    for (name, (page, _, frames)), other in zip(asked.items(), reversed(tokens), strict=True):
        link = result(page).get_by_role("link", name="Download the result")
        assert download(page, link, tmp_path).frames == frames
        own = page.get_by_role("region", name="Your results").get_by_role("listitem")
        expect(own).to_have_count(1)
        expect(own).to_contain_text(f"dancer performs {name}")
        assert other not in page.content()
        is_refused(page, app, other)


def is_refused(page: Page, app: App, other: str) -> None:
    """Whatever a visitor may guess of another's job `other`, or of the server's files."""
    jobs, own = f"{app.address}/posetransfer/jobs", token_of(page)
    asked = page.request.get(jobs, headers={"X-Visitor": secrets.token_hex(16)})
    assert asked.json() == [], "a guessed visitor has no jobs"
    request = app.folder(other) / "request.json"
    assert request.is_file()
    for guess in (
        f"{jobs}/{secrets.token_hex(16)}",
        f"{jobs}/{secrets.token_hex(16)}/files/result.mp4",
        f"{jobs}/{own}/files/request.json",
        f"{jobs}/{own}/files/log.txt",
        f"{jobs}/{own}/files/..%2F{other}%2Frequest.json",
        f"{jobs}/..%2F..%2Ftargets",
        f"{app.address}/posetransfer/static/..%2Fpage.py",
        f"{app.address}/gradio_api/file={request}",
        f"{app.address}/gradio_api/file={app.folder(other) / 'result.mp4'}",
        f"{app.address}/gradio_api/file={app.home / 'targets' / 'dancer' / 'config.json'}",
    ):
        assert page.request.get(guess).status in REFUSED, guess
    assert page.request.get(f"{jobs}/{other}").ok, "who was told the token may; nothing above is refused by chance"

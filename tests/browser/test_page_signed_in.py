"""A hosted Space in a real browser: strangers look, its owner signs in, changes targets and publishes by that account.

The Hub on loopback is the OpenID provider too.
"""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.page_app import App, opened_app
from tests.browser.page_walk import LATER, SOON, come
from tests.made_targets import write_a_target

SPACE = {
    "SYSTEM": "spaces", "SPACE_ID": "alice/space", "SPACE_AUTHOR_NAME": "alice", "OAUTH_CLIENT_ID": "space",
    "HF_HUB_DISABLE_XET": "1", "OAUTH_CLIENT_SECRET": "not-secret", "OAUTH_SCOPES": "openid profile contribute-repos",
}  # fmt: skip
# gradio's reloader, which it runs on Spaces only, leaves event loops for the garbage collector to complain of
LOOP_NOISE = re.compile(r"Exception ignored in: <function BaseEventLoop.*?Invalid file descriptor: -1\n", re.DOTALL)


@pytest.fixture(scope="module")
def space(hub: str, chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The page as a Space of alice's, with a target that was trained there."""
    home = tmp_path_factory.mktemp("home")
    write_a_target(home / "targets" / "anna")
    with opened_app(home, hosted={**SPACE, "OPENID_PROVIDER_URL": hub, "HF_ENDPOINT": hub}) as app:
        yield app
        complaints = LOOP_NOISE.sub("", app.complaints)
        assert "Traceback" not in complaints, complaints


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A new visitor's, whose console is not listened to: on a Space gradio asks huggingface.co for a header."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def sign_in(page: Page, app: App, hub: str, name: str) -> None:
    urllib.request.urlopen(urllib.request.Request(f"{hub}/_control", json.dumps({"signs": name}).encode())).read()
    page.context.clear_cookies()
    come(page, app)
    page.get_by_role("button", name="Sign in with Hugging Face").click()
    expect(page.get_by_role("button", name=f"Sign out ({name})")).to_be_visible(timeout=LATER)


def publish(page: Page) -> None:
    anna = page.locator("pt-shelf li[data-name=anna]")
    anna.get_by_role("button", name="Publish anna").click()
    anna.get_by_label("Where: owner/repo").fill("alice/anna")
    anna.get_by_label("Who is shown, and that they agreed").fill("Nobody: it is drawn.")
    anna.get_by_role("button", name="Publish it").click()


def test_a_stranger_and_another_account_change_nothing(space: App, hub: str, page: Page) -> None:
    come(page, space)
    expect(page.get_by_role("button", name="Duplicate this Space")).to_be_visible(timeout=SOON)
    page.get_by_role("tab", name="Targets").click()
    expect(page.locator("pt-shelf li[data-name=anna]")).to_be_visible(timeout=SOON)
    assert not page.get_by_role("button", name="Publish anna").count()
    page.get_by_role("tab", name="Train").click()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("Training on this hosted page is for its owner")).to_be_visible(timeout=SOON)
    sign_in(page, space, hub, "bob")
    page.get_by_role("tab", name="Train").click()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("this Space is another account's")).to_be_visible(timeout=SOON)


def test_its_owner_publishes_by_the_account_signed_in_with(space: App, hub: str, page: Page) -> None:
    sign_in(page, space, hub, "alice")
    page.get_by_role("tab", name="Targets").click()
    publish(page)
    expect(page.get_by_text("anna is published")).to_be_visible(timeout=LATER)
    page.get_by_role("tab", name="Train").click()
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_text("Give footage first")).to_be_visible(timeout=SOON)
    kept = [path for path in space.home.rglob("*") if path.is_file() and path.stat().st_size < 10**6]
    assert kept and not [path for path in kept if b"token-alice" in path.read_bytes()], "no file holds the token"

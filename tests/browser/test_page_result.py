"""From an upload to a result that plays and can be downloaded, with each method."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ARGUMENTS, listen
from tests.browser.page_app import App
from tests.browser.page_clips import Clips
from tests.browser.page_walk import LATER, SOON, come, download, looked_at, made, perform, pick, plays, result, upload

pytestmark = pytest.mark.slow

SIDE = 64  # px of the targets
VIEWS = ["Driving video", "Interpolated", "Skeleton", "As made", "Aligned"]
CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]


@pytest.mark.parametrize(
    ("clip", "target", "method", "frames", "rate", "twice"),
    [
        ("juggler", "dancer", "knn", 48, 24, 1),
        ("juggler", "dancer", "pose2pics", 48, 24, 2),
        ("signing", "signer", "pics2pics", 60, 30, 2),
    ],
)
def test_each_method_gives_a_result_that_plays_and_can_be_kept(
    page: Page, app: App, clips: Clips, tmp_path: Path,
    clip: str, target: str, method: str, frames: int, rate: int, twice: int,
) -> None:  # fmt: skip
    region = made(page, app, getattr(clips, clip), target, method)
    assert region.get_by_role("figure").locator("figcaption .pt-title").all_text_contents() == VIEWS
    plays(page)
    made_frames, whole = f"{frames * twice} pictures were made", f"2.0 s at {rate * twice} a second"
    expect(region.get_by_role("listitem").first).to_contain_text(f"{made_frames}, {whole}")
    expect(region).to_contain_text("says that it is synthetic")
    for view in VIEWS:
        info = download(page, region.get_by_role("link", name=f"Download {view}", exact=True), tmp_path)
        assert info.frames == frames * (twice if view == "Interpolated" else 1), view
        assert info.duration == pytest.approx(2.0, abs=0.01)
        assert (info.width, info.height) == (SIDE, SIDE) or view == "Driving video"
    name = f"{clip_name(clips, clip)}-as-{target}-{method}"
    info = download(page, region.get_by_role("link", name="Download the result"), tmp_path)
    assert info.frames == frames * twice and info.fps == Fraction(rate * twice) and (tmp_path / f"{name}.mp4").exists()
    info = download(page, region.get_by_role("link", name="Download side by side"), tmp_path)
    assert info.frames == frames * twice and info.width > 2 * info.height
    assert (tmp_path / f"{name}-side-by-side.mp4").exists()


def clip_name(clips: Clips, clip: str) -> str:
    path: Path = getattr(clips, clip)
    return path.stem


def test_the_result_is_heard(page: Page, app: App, clips: Clips, tmp_path: Path) -> None:
    region = made(page, app, clips.pianist, "dancer", "knn")
    plays(page)
    all_views = "[...document.querySelectorAll('pt-player video')]"
    heard = f"() => {all_views}.filter((view) => !view.muted && view.webkitAudioDecodedByteCount > 0)"
    page.wait_for_function(f"() => ({heard})().length > 0", timeout=SOON)
    assert page.evaluate(f"({heard})().length") == 1, "one view alone is heard"
    assert download(page, region.get_by_role("link", name="Download the result"), tmp_path).has_audio


def test_a_part_is_chosen_by_the_sliders(page: Page, app: App, clips: Clips) -> None:
    come(page, app)
    upload(page, clips.juggler)
    looked_at(page)
    page.get_by_role("slider", name="To").focus()
    for _ in range(10):  # 0.1 s each
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_text("for 24 pictures")).to_be_visible(timeout=LATER)
    assert page.get_by_role("slider", name="To").evaluate("slider => slider === document.activeElement")
    pick(page, "dancer", "knn")
    perform(page)
    expect(result(page).get_by_role("listitem").first).to_contain_text("24 pictures were made, 1.0 s")


def test_a_recording_by_the_camera_drives(
    browser: Browser, chromium: str, complaints: list[str], app: App, clips: Clips
) -> None:
    arguments = [*ARGUMENTS, *CAMERA, f"--use-file-for-fake-video-capture={clips.camera()}"]
    with browser.browser_type.launch(executable_path=chromium, args=arguments) as other:
        context = other.new_context(permissions=["camera", "microphone"])
        listen(context, complaints)
        page = come(context.new_page(), app)
        page.get_by_role("button", name="Capture from camera").click()
        record(page, seconds=2)
        looked_at(page)
        pick(page, "dancer", "knn")
        perform(page)
        made_of = result(page).get_by_role("listitem").first.text_content() or ""
        plays(page)
    assert float(made_of.split(", ")[1].split(" s at")[0]) == pytest.approx(2.0, abs=1.0)
    assert not complaints


def record(page: Page, seconds: int) -> None:
    """Let the browser show its camera, record, and stop."""
    page.get_by_text("Click to Access Webcam").click()
    page.locator("#driving video").wait_for(timeout=SOON)
    page.get_by_role("button", name="start recording").click()
    page.wait_for_timeout(1000 * seconds)  # the length of the recording is what is meant
    page.get_by_role("button", name="Stop").click()

"""The transfer as programs call it: against a page that was really opened, through gradio's own client."""

from __future__ import annotations

import inspect
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import gradio_client  # type: ignore[import-untyped]
import httpx
import pytest
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]

from posetransfer.cli.transfer import transfer as command
from posetransfer.provenance.credentials import verify
from space.api import Calls
from tests.space.conftest import Page
from tests.space.open_jobs import until

OWN_TO_FILES = {"out", "report", "views"}  # what the command line is told about files


@pytest.fixture(scope="module")
def client(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Iterator[gradio_client.Client]:
    client = gradio_client.Client(
        page.address, verbose=False, analytics_enabled=False, download_files=str(tmp_path_factory.mktemp("got"))
    )
    yield client
    client.close()


@pytest.fixture(scope="module")
def boxer(real_data: Path) -> Any:
    return gradio_client.handle_file(str(real_data / "clips" / "boxer.mp4"))


def parameters(function: Any) -> dict[str, Any]:
    return {name: given.default for name, given in inspect.signature(function).parameters.items()}


def call(client: gradio_client.Client, driving: Any, **options: Any) -> tuple[Path, dict[str, Any]]:
    given = {"target": "dancer", "method": "knn", "end": 0.4} | options
    video, report = client.predict(driving, api_name="/transfer", **given)
    return Path(video), report


def size_and_frames(path: Path) -> tuple[int, int, int]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        return stream.width, stream.height, sum(1 for _ in container.decode(stream))


def raw(page: Page, driving: Any, **options: Any) -> tuple[str, Any]:
    """The last event of a call without gradio's client, and its data. Every value is sent, as a browser does."""
    values = parameters(Calls.transfer) | {"target": "dancer", "method": "knn", "end": 0.4} | options
    del values["self"]
    values["driving"] = driving
    where = f"{page.address}/gradio_api/call/transfer"
    event = httpx.post(where, json={"data": list(values.values())}).raise_for_status().json()["event_id"]
    lines = httpx.get(f"{where}/{event}", timeout=60).text.split("\n")
    events = [line.removeprefix("event: ") for line in lines if line.startswith("event: ")]
    data = [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    return events[-1], json.loads(data[-1])


def test_the_api_has_the_options_of_the_command_line() -> None:
    typed, called = parameters(command), parameters(Calls.transfer)
    del called["self"]
    assert set(typed) - set(called) == OWN_TO_FILES and not set(called) - set(typed)
    assert {name: typed[name] for name in called} == called
    assert list(called) == [name for name in typed if name not in OWN_TO_FILES]


def test_a_call_gives_a_signed_video_and_its_report(
    client: gradio_client.Client, boxer: Any, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    video, report = call(client, boxer)
    assert video.suffix == ".mp4" and size_and_frames(video) == (64, 64, 12)
    assert report["frames_in"] == report["frames_out"] == 12 and report["fps_out_exact"] == "30/1"
    assert report["method"] == "knn" and report["target"] == "dancer" and not report["stopped_early"]
    assert str(page.home) not in json.dumps(report), "no path of the server leaves it"
    monkeypatch.setenv("POSETRANSFER_HOME", str(page.home))  # where the page's key is
    verdict = verify(video)
    assert verdict.here and verdict.unchanged and verdict.method == "knn"
    assert until(lambda: not page.jobs), "the job goes with the call"


def test_options_reach_the_work(client: gradio_client.Client, boxer: Any) -> None:
    video, report = call(client, boxer, side_by_side=True, interpolate=2.0, start=0.2, no_sound=True, retarget="off")
    assert size_and_frames(video) == (114 + 64 + 64, 64, 12)
    assert report["frames_in"] == 6 and report["frames_out"] == 12 and not report["sound"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"target": "nobody"}, "There is no target called nobody here"),
        ({"target": ""}, "Pick a target first"),
        ({"target": "../dancer"}, "There is no target called ../dancer here"),
        ({"method": "pose2pics"}, "dancer was not made for pose2pics. It has: knn."),
        ({"method": "magic"}, "dancer was not made for magic"),
        ({"interpolate": 9}, "--interpolate is a whole number from 1 to 8, not 9"),
        ({"interpolate": 1.5}, "--interpolate is a whole number"),
        ({"canvas": "round"}, "--canvas is one of square, full, not 'round'"),
        ({"retarget": "maybe"}, "--retarget is on or off, not 'maybe'"),
        ({"runtime": "abacus"}, "--runtime is one of auto, torch, openvino"),
        ({"pose": "guess"}, "--pose is one of mediapipe, openpose"),
        ({"person": 0}, "--person is a whole number from 1"),
        ({"person_at": "here"}, "--person-at takes two numbers such as 320,240, not 'here'"),
        ({"start": 2.0, "end": 1.0}, "--end (1.0 s) must come after --start (2.0 s)"),
        ({"start": 900.0, "end": None}, "boxer.mp4"),
        ({"person": 1, "person_at": "3,4"}, "by number or by place, not both"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    client: gradio_client.Client, boxer: Any, page: Page, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(AppError) as refused:
        call(client, boxer, **options)
    message = str(refused.value)
    assert sentence in message and message.endswith(".") and "\n" not in message
    assert "Traceback" not in page.stderr.read_text(encoding="utf-8")
    assert until(lambda: not page.jobs)


def test_a_text_file_is_no_video(client: gradio_client.Client, page: Page, tmp_path: Path) -> None:
    text = tmp_path / "dance.mp4"
    text.write_text("a person walks in")
    with pytest.raises(AppError, match=r"dance\.mp4 is damaged or not a video\."):
        call(client, gradio_client.handle_file(str(text)))
    assert "Traceback" not in page.stderr.read_text(encoding="utf-8")


def test_only_uploads_are_performed(page: Page, real_data: Path) -> None:
    """Every one of these would be a video of the server's, or a bug, that a caller could see."""
    before = page.stderr.read_text(encoding="utf-8")
    clip = str(real_data / "clips" / "boxer.mp4")
    uploads = page.stderr.parent / "uploads"
    for driving in (
        None, "", clip, 7, True, [], [clip], {}, {"path": None}, {"path": 7}, {"path": ""}, {"path": "a\0b"},
        {"path": "/etc/passwd"}, {"path": clip}, {"path": "app.py"}, {"path": str(uploads)}, {"path": "x" * 5000},
        {"path": f"{uploads}/../stderr.txt"}, {"path": f"{page.address}/config"}, {"url": f"{page.address}/config"},
    ):  # fmt: skip
        event, data = raw(page, driving)
        assert event == "error" and data["error"].startswith("driving is no uploaded video."), driving
    assert page.stderr.read_text(encoding="utf-8") == before


@pytest.mark.parametrize("name", ["/etc/passwd", "app.py", "clip"])
def test_gradio_itself_refuses_files_of_the_server(page: Page, real_data: Path, name: str) -> None:
    path = str(real_data / "clips" / "boxer.mp4") if name == "clip" else name
    event, data = raw(page, {"path": path, "meta": {"_type": "gradio.FileData"}})
    assert event == "error" and data == {"error": None}
    assert not page.jobs


def test_who_hangs_up_leaves_nothing(client: gradio_client.Client, page: Page, boxer: Any) -> None:
    slow = {"interpolate": 8, "side_by_side": True}  # far longer than what is waited for below
    running = client.submit(boxer, target="dancer", method="knn", api_name="/transfer", **slow)
    until(lambda: page.jobs)
    time.sleep(0.5)  # so that it is under way
    running.cancel()
    until(lambda: not page.jobs)

"""What a visitor asks for: checked, named and handed in as a job."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posetransfer.checkpoints import lookup
from posetransfer.cli.show import drain
from posetransfer.errors import LimitPassed, MethodMissing, TargetNotFound, VideoError
from posetransfer.pipeline.options import TransferOptions
from posetransfer.video.limits import LOCAL, Limits
from posetransfer.video.read import read_frames
from space.jobs.folder import OWN_FILES, JobFolder, Request
from space.jobs.look import run as look
from space.jobs.transfer import run
from space.requested import Services, file_in_job
from space.settings import HOSTED_VIDEO, Settings
from tests.drawn_clips import make_clip
from tests.space.open_jobs import at_end, until
from tests.space.page_parts import services, write_target

KNN = TransferOptions("knn")
HOSTED = {"hosted": True, "video": HOSTED_VIDEO, "max_seconds": 60.0}


@pytest.fixture
def driving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file to be performed; and beside it the targets "anna" and "ben"."""
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(lookup, "BUNDLED", tmp_path / "bundled")
    write_target(tmp_path / "home" / "targets" / "anna", "knn", "pose2pics", size=512)
    write_target(tmp_path / "home" / "targets" / "ben", "pose2pics")
    path = tmp_path / "my dance.mp4"
    path.write_text("a person")
    return path


def outcome(services: Services, token: str) -> dict[str, Any]:
    result: dict[str, Any] = at_end(services.jobs, token)["result"]
    return result


def test_a_transfer_is_handed_in_whole(driving: Path, tmp_path: Path) -> None:
    options = replace(KNN, start=1.5, person_at=(3.0, 4.0), interpolate=2)
    with services(tmp_path / "jobs") as page:
        token = page.transfer(driving, "anna", options, 48, "key")
        assert page.jobs.status(token)["title"] == {"driving": "my dance.mp4", "target": "anna", "method": "knn"}
        assert [job["token"] for job in page.jobs.of_visitor("key")] == [token]
        result = outcome(page, token)
    arguments = result["arguments"]
    assert result["holds"] == "a person" and arguments["driving"] == "my-dance.mp4"
    assert Path(arguments["target"]).is_absolute() and Path(arguments["target"]).name == "anna"
    assert (arguments["size"], arguments["frames"]) == (512, 48)
    assert TransferOptions.from_json(arguments["options"]) == options
    assert Limits(**arguments["limits"]) == LOCAL


def test_a_look_is_handed_in_with_the_same_limits(driving: Path, tmp_path: Path) -> None:
    """A look that knew of no 60 s would say nothing, and the transfer would fail after it."""
    with services(tmp_path / "jobs", **HOSTED) as page:
        look = outcome(page, page.look(driving, 1.0, None, [5, 6], ""))["arguments"]
        made = outcome(page, page.transfer(driving, "anna", KNN, None, ""))["arguments"]
    assert look["limits"] == made["limits"] and Limits(**look["limits"]) == replace(HOSTED_VIDEO, max_seconds=60.0)
    assert (look["start"], look["end"], look["person_at"]) == (1.0, None, [5, 6])


@pytest.mark.parametrize(
    ("target", "method", "error", "sentence"),
    [
        ("carl", "knn", TargetNotFound, "There is no target called carl here. Pick one of the cards."),
        ("../targets/anna", "knn", TargetNotFound, "There is no target called ../targets/anna here"),
        (None, "knn", TargetNotFound, "Pick a target first."),
        ("ben", "knn", MethodMissing, "ben was not made for knn. It has: pose2pics."),
        ("anna", "pics2pics", MethodMissing, "anna was not made for pics2pics. It has: knn, pose2pics."),
    ],
)
def test_a_target_must_be_there_and_know_the_method(
    driving: Path, tmp_path: Path, target: str | None, method: str, error: type[Exception], sentence: str
) -> None:
    with services(tmp_path / "jobs") as page:
        with pytest.raises(error) as refused:
            page.transfer(driving, target, TransferOptions(method), None, "")
        assert str(refused.value).startswith(sentence) and not _jobs_in(tmp_path / "jobs")


def test_a_path_is_no_target_on_the_page(driving: Path, tmp_path: Path) -> None:
    """On the command line it is; here it would tell a visitor which folders the server has."""
    with services(tmp_path / "jobs") as page, pytest.raises(TargetNotFound):
        page.transfer(driving, str(tmp_path / "home" / "targets" / "anna"), KNN, None, "")


def test_a_video_that_is_gone_or_too_big_is_refused_at_once(driving: Path, tmp_path: Path) -> None:
    with services(tmp_path / "jobs", video=Limits(max_bytes=5)) as page:
        for ask in (page.look, _transferred(page)):
            with pytest.raises(LimitPassed, match=r"^my dance\.mp4 has 0\.0 MB"):
                ask(driving, 0.0, None, None, "")
            with pytest.raises(VideoError, match=r"not here any more\. Choose it again"):
                ask(tmp_path / "gone.mp4", 0.0, None, None, "")
        assert not _jobs_in(tmp_path / "jobs")


@pytest.mark.parametrize("length", [60.1, 75.0, 900.0])
def test_a_piece_over_the_limit_is_refused_at_once(driving: Path, tmp_path: Path, length: float) -> None:
    with services(tmp_path / "jobs", **HOSTED) as page:
        with pytest.raises(LimitPassed) as refused:
            page.transfer(driving, "anna", replace(KNN, start=3.0, end=3.0 + length), None, "")
        assert str(refused.value) == (
            f"The piece is {length:.1f} s long, and 60 s can be performed here. "
            "Choose a shorter part, or run posetransfer on your own computer."
        )
    with services(tmp_path / "jobs") as own:
        assert own.transfer(driving, "anna", replace(KNN, start=3.0, end=3.0 + length), None, "")


def test_a_piece_of_just_the_limit_is_not_refused(driving: Path, tmp_path: Path) -> None:
    """64.4 - 4.4 is more than 60 in floating point."""
    with services(tmp_path / "jobs", **HOSTED) as page:
        for start in (0.0, 4.4, 5.9):
            assert page.transfer(driving, "anna", replace(KNN, start=start, end=start + 60.0), None, "")


@pytest.mark.parametrize("rate", [Fraction(24000, 1001), Fraction(30000, 1001), Fraction(25)])
def test_nor_when_it_is_cut_at_whole_frames(tmp_path: Path, rate: Fraction) -> None:
    clip = make_clip(tmp_path / "dance.mp4", [np.zeros((32, 32, 3), np.uint8)] * 100, rate)
    limits = Limits(max_seconds=2.0)
    for start in np.arange(0, 1, 0.013):
        given = sum(1 for _ in read_frames(clip, limits, start=float(start), end=float(start) + 2.0))
        assert abs(given / rate - 2) < 1 / rate
    with pytest.raises(LimitPassed, match=r"gives 2\.1 s of video, and 2 s are allowed"):
        list(read_frames(clip, limits, start=0.5, end=2.6))


def test_without_an_end_the_file_decides(home_with_target: Path, tmp_path: Path, monkeypatch: Any) -> None:
    """Nobody knows how long a clip is before it is opened: the worker says it, before it decodes anything."""
    monkeypatch.setenv("POSETRANSFER_HOME", str(home_with_target))
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    clip = make_clip(tmp_path / "my dance.mp4", [np.zeros((64, 64, 3), np.uint8)] * 75)
    with services(tmp_path / "jobs", **HOSTED | {"max_seconds": 2.0}) as page:
        token = page.transfer(clip, "dancer", replace(KNN, start=0.5), None, "")
        folder, request = _as_handed_in(page, token, tmp_path, clip)
        with pytest.raises(LimitPassed) as refused:
            drain(run(folder, request.arguments, lambda: 0))
    assert str(refused.value) == (
        "my-dance.mp4 gives 2.5 s of video, and 2 s are allowed. Choose a shorter piece with a start and an end."
    )


def test_the_look_says_it_before_anything_is_begun(real_data: Path, tmp_path: Path) -> None:
    with services(tmp_path / "jobs", **HOSTED | {"max_seconds": 2.0}) as page:
        clip = real_data / "clips" / "boxer.mp4"
        token = page.look(clip, 0.0, None, None, "")
        folder, request = _as_handed_in(page, token, tmp_path, clip)
        advice = drain(look(folder, request.arguments, lambda: 0))["advice"]
    assert any("2 s are allowed. Choose a shorter part" in piece["text"] for piece in advice)


NASTY = [
    "dance.mp4", "my dance.mp4", "Zoë 跳 💃.mp4", "跳舞", "result.mp4", "Result-2.mp4", "RESULT.MP4", "x.partial.mp4",
    ".partial", ".hidden", "...", "-x.mp4", "_", "a" * 300 + ".mp4", "ab-" * 100 + ".mp4", "abc-" * 75 + "x.mp4",
    "._" * 100, "x" * 9 + "-result" * 40, "request.json", "log.txt", "stop", "discard", "preview.jpg", "first.jpg",
    "skeleton.mp4", "a\nb.mp4", "a;rm -rf .mp4", "con.mp4", "a\\b.mp4", "%2e%2e.mp4",
]  # fmt: skip


@pytest.mark.parametrize("name", [*NASTY, ""], ids=lambda name: ascii(name)[:24])
def test_every_name_becomes_a_harmless_one(tmp_path: Path, name: str) -> None:
    given = file_in_job(Path(name))
    folder = JobFolder(tmp_path)
    assert folder.file(given).parent == tmp_path, "it is a name a job accepts"
    low = given.lower()
    assert low not in OWN_FILES and ".partial" not in low and not low.startswith(("result", "first", "skeleton"))


@pytest.mark.parametrize("length", range(85, 100))
def test_wherever_a_long_name_is_cut(tmp_path: Path, length: int) -> None:
    for piece in ("a-", "ab._", "-result"):
        assert JobFolder(tmp_path).file(file_in_job(Path((piece * 50)[:length])))


def test_a_harmless_name_is_kept() -> None:
    for name in ("dance.mp4", "IMG_0042.MOV", "take-2.final.webm"):
        assert file_in_job(Path("uploads") / name) == name


def test_a_space_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path))
    monkeypatch.delenv("SPACE_ID", raising=False)
    own = Settings.from_environment()
    assert not own.hosted and own.max_seconds is None and own.video == LOCAL and own.stated_limits == ""
    monkeypatch.setenv("SPACE_ID", "someone/posetransfer")
    hosted = Settings.from_environment()
    assert hosted.hosted and hosted.max_seconds == 60.0 and hosted.max_file_size == 100 * 10**6
    for limit in ("60 s", "1080p", "100 MB"):
        assert limit in hosted.stated_limits


@pytest.mark.parametrize("frames", ["x", "48", 0, -1, 1.5, True, float("nan"), float("inf"), 10**400, [1], None])
def test_frames_that_no_clip_has_are_not_believed(driving: Path, tmp_path: Path, frames: Any) -> None:
    """They come from a browser, and everybody's waiting time is reckoned with them."""
    with services(tmp_path / "jobs") as page:
        token = page.transfer(driving, "anna", KNN, frames, "key")
        assert page.jobs.of_visitor("key")[0]["token"] == token
        assert outcome(page, token)["arguments"]["frames"] is None


def _as_handed_in(page: Services, token: str, tmp_path: Path, clip: Path) -> tuple[JobFolder, Request]:
    """The job's folder as its worker finds it: these tests' own kind ends at once, and the video goes with it."""
    outcome(page, token)
    folder = JobFolder(tmp_path / "jobs" / token)
    request = folder.request()
    assert request is not None
    driving = folder.file(request.arguments["driving"])
    until(lambda: not driving.exists())
    shutil.copyfile(clip, driving)
    return folder, request


def _jobs_in(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.is_dir()]


def _transferred(page: Services) -> Any:
    return lambda driving, *_: page.transfer(driving, "anna", KNN, None, "")

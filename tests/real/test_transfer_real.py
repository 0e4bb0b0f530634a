"""From a real driving video to a playable file, by the command line."""

from __future__ import annotations

import json
import signal
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posetransfer.cli.show import drain
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.report import Report
from posetransfer.pipeline.transfer import transfer as run_transfer
from posetransfer.provenance.credentials import verify

from .conftest import CommandLine

pytestmark = pytest.mark.slow


def transfer(command: CommandLine, driving: Path, target: Path, out: Path, *options: object) -> dict[str, Any]:
    report = out.with_suffix(".json")
    command.run("transfer", driving, "--target", target, "--out", out, "--report", report, *options)
    values: dict[str, Any] = json.loads(report.read_text())
    return values


def frames_of(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_knn_keeps_frames_rate_and_duration(command: CommandLine, clips: Path, dancer: Path, tmp_path: Path) -> None:
    out = tmp_path / "made.mp4"
    report = transfer(command, clips / "juggler.mp4", dancer, out, "--method", "knn", "--end", 2)
    assert report["frames_in"] == report["frames_out"] == len(frames_of(out)) == 48
    assert report["fps_in_exact"] == report["fps_out_exact"] == "24/1"
    assert report["duration_in"] == report["duration_out"] == 2.0
    assert report["method"] == "knn" and report["target"] == "dancer"
    assert sum(report["faces"].values()) == 48
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == 24 and stream.codec_context.name == "h264" and stream.pix_fmt == "yuv420p"
        assert float(stream.duration * stream.time_base) == pytest.approx(2.0)


def test_a_made_video_shows_the_target_and_moves(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.mp4"
    transfer(command, clips / "blue-dancer.avi", dancer, out, "--method", "knn", "--start", 9, "--end", 11)
    made = np.array(frames_of(out)).astype(int)
    red, green, blue = made[:, :16, 24:40].reshape(-1, 3).mean(axis=0)
    assert blue > red + 20 and blue > green, "behind the dancer is a blue wall"
    steps = np.abs(np.diff(made, axis=0)).mean(axis=(1, 2, 3))
    assert steps.max() > 1, "another of her frames is shown at some time"


def test_pose2pics_interpolates_aligns_and_shows_side_by_side(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.mp4"
    options = ("--method", "pose2pics", "--end", 1, "--interpolate", 2, "--align", "pose", "--side-by-side")
    report = transfer(command, clips / "boxer.mp4", dancer, out, *options)
    assert report["frames_in"] == 30 and report["frames_out"] == len(frames_of(out)) == 60
    assert report["fps_out_exact"] == "60/1" and report["duration_out"] == 1.0
    assert report["runtime"].startswith("openvino")
    rows = frames_of(tmp_path / "made-side-by-side.mp4")
    assert len(rows) == 60 and rows[0].shape == (64, 114 + 64 + 64, 3)


def test_views_show_every_step_at_its_own_rate(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.mp4"
    options = ("--method", "pose2pics", "--end", 1, "--interpolate", 2, "--views", "--side-by-side")
    report = transfer(command, clips / "boxer.mp4", dancer, out, *options)
    files = {name: Path(path) for name, path in report["files"].items()}
    assert set(files) == {"driving", "skeleton", "raw", "aligned", "interpolated", "side-by-side"}
    assert files["interpolated"] == out
    counts = {name: len(frames_of(path)) for name, path in files.items()}
    assert counts == {
        "driving": 30, "skeleton": 30, "raw": 30, "aligned": 30, "interpolated": 60, "side-by-side": 60
    }  # fmt: skip
    assert frames_of(files["driving"])[0].shape == (360, 640, 3)
    aligned, shown = frames_of(files["aligned"]), frames_of(out)
    assert np.abs(np.array(aligned, int) - np.array(shown[::2], int)).mean() < 3, (
        "every second frame is an aligned one"
    )
    assert not list(tmp_path.glob("*.partial*"))


def test_views_of_steps_that_are_off_are_those_of_the_step_before(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.mp4"
    keyframes = ("--method", "knn", "--end", 1, "--keyframe-every", 3, "--views")
    files = transfer(command, clips / "juggler.mp4", dancer, out, *keyframes)["files"]
    assert files["aligned"] == files["raw"] != files["interpolated"] == str(out)
    assert len(frames_of(Path(files["raw"]))) == len(frames_of(out)) == 24
    plain = transfer(command, clips / "juggler.mp4", dancer, out, "--method", "knn", "--end", 1, "--views")["files"]
    assert plain["raw"] == plain["aligned"] == str(out) and "interpolated" not in plain


def test_a_stop_keeps_what_is_done_as_a_whole_video(
    clips: Path, dancer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    options = TransferOptions(method="knn", end=3, views=True, side_by_side=True)

    def stopped(at: str, done: int, times: int = 1) -> Report:
        presses, out = 0, tmp_path / f"{at}-{done}.mp4"
        run = run_transfer(clips / "juggler.mp4", str(dancer), out, options, stops=lambda: presses)
        while True:
            try:
                progress = next(run)
            except StopIteration as end:
                report: Report = end.value
                return report
            if progress.stage == at and progress.done >= done:
                presses = times

    watching, early, impatient, late = (
        stopped("poses", 30),
        stopped("make", 10),
        stopped("make", 20, 2),
        stopped("make", 50),
    )
    assert 15 <= watching.frames_in == watching.frames_out < 20, "half of what was watched is made"
    assert early.frames_in == 72 and early.frames_out == 36, "the first press never gives less than half"
    assert 20 <= impatient.frames_out < 30, "the second press ends at once"
    assert 50 <= late.frames_out < 60, "past half, the first press ends at once"
    for report in (watching, early, impatient, late):
        assert report.stopped_early
        assert len(frames_of(Path(report.out))) == report.frames_out
        assert verify(Path(report.out)).unchanged
        assert all(len(frames_of(Path(path))) >= report.frames_out for path in report.files.values())
    whole = run_transfer(clips / "juggler.mp4", str(dancer), tmp_path / "whole.mp4", options)
    assert drain(whole).frames_out == 72, "a part that was watched is not mistaken for the whole"


def test_full_canvas_mirror_keyframes_and_the_rest_of_the_options(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.mp4"
    options = "--method knn --end 1 --canvas full --mirror --keyframe-every 3 -k 3 --combine path --metric angles"
    more = "--smooth kalman --fill median --retarget off --threshold 0.1 --align first --no-sound --person 1"
    report = transfer(command, clips / "juggler.mp4", dancer, out, *options.split(), *more.split())
    assert report["frames_out"] == 24
    assert frames_of(out)[0].shape == (496, 518, 3)


def test_sound_is_kept_and_ends_with_the_picture(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    out = tmp_path / "made.mp4"
    transfer(command, clips / "pianist.avi", dancer, out, "--method", "knn", "--start", 10, "--end", 12)
    with av.open(str(out)) as container:
        sound = container.streams.audio[0]
        heard = sum(frame.samples for frame in container.decode(sound)) / sound.rate
    assert heard == pytest.approx(2.0, abs=0.06)


def test_pics2pics_from_pictures_of_another_person(command: CommandLine, clips: Path, tmp_path: Path) -> None:
    target = tmp_path / "skull"
    arguments = ["--methods", "pics2pics", "--end", 2, "--size", 64, "--steps", 3, "--out", target]
    command.run("learn", clips / "sign-skull.mkv", "--source", clips / "sign-orange.mkv", *arguments)
    out = tmp_path / "made.mp4"
    report = transfer(command, clips / "sign-grey.mkv", target, out, "--method", "pics2pics", "--end", 1)
    assert report["frames_out"] == len(frames_of(out)) == 30
    err = command.run("transfer", clips / "sign-grey.mkv", "--target", target, "--method", "knn", "--out", out, code=2)
    assert "It has: pics2pics" in err


def test_several_people_are_named(command: CommandLine, clips: Path, dancer: Path, tmp_path: Path) -> None:
    video = clips / "two-people.mp4"
    out = tmp_path / "made.mp4"
    err = command.run(
        "transfer", video, "--target", dancer, "--method", "knn", "--out", out, "--start", 1.5, "--end", 2
    )
    assert "people are seen" in err and "--person" in err
    err = command.run(
        "transfer", video, "--target", dancer, "--method", "knn", "--out", out, "--start", 1.5, "--end", 2,
        "--person", 9, code=2,
    )  # fmt: skip
    assert "Person 9" in err


def test_nobody_in_the_video_is_a_sentence(
    command: CommandLine, real_data: Path, dancer: Path, tmp_path: Path
) -> None:
    video = real_data / "odd" / "syn-all-black-no-person.mp4"
    out = tmp_path / "made.mp4"
    err = command.run("transfer", video, "--target", dancer, "--method", "knn", "--out", out, code=2)
    assert "No person is seen" in err
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_leaves_nothing_half_written(command: CommandLine, clips: Path, dancer: Path, tmp_path: Path) -> None:
    out = tmp_path / "made.mp4"
    transfer(command, clips / "juggler.mp4", dancer, tmp_path / "first.mp4", "--method", "knn")  # poses are kept now
    arguments = ["--target", dancer, "--method", "pose2pics", "--interpolate", 8, "--out", out]
    with command.start("transfer", clips / "juggler.mp4", *arguments) as process:
        while process.poll() is None and not list(tmp_path.glob("*partial*")):
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["first.json", "first.mp4"]


def test_poses_and_drawing(command: CommandLine, clips: Path, tmp_path: Path) -> None:
    from posetransfer.poses.sequence import load_sequence

    command.run("poses", clips / "juggler.mp4", "-o", tmp_path / "poses.npz", "--end", 1)
    sequence = load_sequence(tmp_path / "poses.npz")
    assert len(sequence) == 24 and sequence.fps == Fraction(24) and sequence.coverage > 0.9
    command.run("draw", clips / "juggler.mp4", "-o", tmp_path / "drawn.mp4", "--end", 1, "--over")
    assert len(frames_of(tmp_path / "drawn.mp4")) == 24

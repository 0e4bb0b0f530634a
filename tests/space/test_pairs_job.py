"""Pairs looked through and dropped by hand: the job that shows them, and a training that leaves them out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from posetransfer.errors import TrainingError
from posetransfer.pairs.frame_ranges import parse_frames
from posetransfer.pairs.store import PairStore
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import gather
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.pair_check import COLUMNS, SIDE
from posetransfer.poses.body import measure_body
from posetransfer.poses.retarget import retarget
from space.jobs import check
from space.jobs.folder import JobFolder, Request
from tests.driven import driven
from tests.performers import INES, KOFI, piece

FRAMES = 40
CLIPS = {"clips": ["clip0-ines.mp4"], "sources": ["source0-kofi.mp4"]}


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """The two performers, whose poses are watched once for all tests here."""
    place = tmp_path_factory.mktemp("clips")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSETRANSFER_CACHE", str(place / "cache"))
        patch.setenv("POSETRANSFER_HOME", str(place / "home"))
        yield {
            CLIPS["clips"][0]: piece(place / "ines.mp4", INES, FRAMES, 150),
            CLIPS["sources"][0]: piece(place / "kofi.mp4", KOFI, FRAMES, 150),
        }


@pytest.fixture(scope="module")
def shown(clips: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a job that looked at the pairs, and what it found."""
    asked = {**CLIPS, "options": {"size": 64}}
    folder = job(tmp_path_factory.mktemp("jobs"), "pairs", asked, clips)
    return folder.path, driven(check.run_pairs(folder, asked, lambda: 0))[1]


def job(root: Path, kind: str, arguments: dict[str, Any], clips: dict[str, Path]) -> JobFolder:
    return JobFolder.create(root, Request(kind, "", 0.0, {}, arguments), clips)


def test_every_pair_is_shown_in_a_group(shown: tuple[Path, dict[str, Any]]) -> None:
    folder, found = shown
    groups = found["groups"]
    frames = [frame for group in groups for frame in parse_frames(group["frames"])]
    assert len(frames) == len(set(frames)) == sum(group["count"] for group in groups) == found["pairs"]
    assert found["pairs"] == round(0.8 * FRAMES), "the worst fifth is not asked about"
    assert [group["distance"] for group in groups] == sorted((group["distance"] for group in groups), reverse=True)
    sheet = cv2.imread(str(folder / found["files"]["pairs"]))
    assert sheet.shape == (found["rows"] * SIDE, COLUMNS * 2 * SIDE, 3)
    kofis, ineses = sheet[:20, :SIDE].mean(axis=(0, 1)), sheet[:20, SIDE : 2 * SIDE].mean(axis=(0, 1))
    assert kofis[2] < kofis[0] and ineses[2] > ineses[0], "his wall, on the left, is blue, and hers is not"


def test_dropped_pairs_are_not_learned_from(
    shown: tuple[Path, dict[str, Any]], clips: dict[str, Path], tmp_path: Path
) -> None:
    found, (target, source) = shown[1], clips.values()
    texts = [group["frames"] for group in found["groups"]]
    dropped, kept = parse_frames(",".join(texts[:3])), parse_frames(",".join(texts[3:]))
    options = LearnOptions(
        size=64, steps=1, methods=("pics2pics",), sources=(source,), dropped_source_frames=dropped, runtime="torch"
    )
    seen, report = driven(learn([target], str(tmp_path / "anna"), options))
    assert [progress.done for progress in seen if progress.stage == "poses"] == [0, 0], "watched when they were shown"
    assert report.pairs_dropped == len(dropped) == found["pairs"] - len(kept) > 0
    store = PairStore.open(tmp_path / "anna.training" / "pics2pics" / "pairs")
    assert report.training["pics2pics"]["pairs"] == len(store) == len(kept)
    clock = StageClock()
    _, ines = driven(gather([target], options.watch, 64, clock))
    _, kofi = driven(gather([source], options.source_watch, 64, clock))
    np.testing.assert_array_equal(store.poses, retarget(kofi.sequence, measure_body(ines.own)).joints[list(kept)])


@pytest.mark.parametrize(
    ("dropped", "words"), [((FRAMES,), "frames 0 to 39: frame 40"), (tuple(range(FRAMES)), "All pairs")]
)
def test_what_cannot_be_left_out_is_said_before_anything_is_learned(
    clips: dict[str, Path], tmp_path: Path, dropped: tuple[int, ...], words: str
) -> None:
    target, source = clips.values()
    options = LearnOptions(size=64, steps=1, sources=(source,), dropped_source_frames=dropped)
    with pytest.raises(TrainingError, match=words):
        driven(learn([target], str(tmp_path / "anna"), options))
    alone = LearnOptions(size=64, steps=1, dropped_source_frames=(1,))
    with pytest.raises(TrainingError, match="give a clip of A with --source"):
        driven(learn([target], str(tmp_path / "anna"), alone))
    assert not (tmp_path / "anna").exists()


@pytest.mark.parametrize("run", [check.run, check.run_pairs])
def test_a_stopped_check_leaves_nothing(clips: dict[str, Path], tmp_path: Path, run: Any) -> None:
    asked = {**CLIPS, "options": {"size": 64}}
    folder, seen = job(tmp_path, "check", asked, clips), 0

    def pressed() -> int:
        return int(seen >= 2)

    steps = run(folder, asked, pressed)
    with closing(steps):
        for _ in steps:
            seen += 1
    assert seen == 2 and {path.name for path in folder.path.iterdir()} == {*clips, "request.json"}

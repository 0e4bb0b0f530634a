"""Which duos there are without being told, and what is said of those that are missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from posetransfer.errors import TargetNotFound
from posetransfer.evaluate.duo import bundled_duos


def folders(place: Path, targets: tuple[str, ...], reels: tuple[str, ...]) -> dict[str, Path]:
    for name in targets:
        (place / "checkpoints" / name).mkdir(parents=True)
        (place / "checkpoints" / name / "config.json").touch()
    for name in reels:
        (place / "reels" / f"test-{name}").mkdir(parents=True)
        for file in ("reel.mp4", "joints.npz"):
            (place / "reels" / f"test-{name}" / file).touch()
    return {"reels": place / "reels", "targets": place / "checkpoints"}


def test_each_target_is_driven_by_every_other_performer(tmp_path: Path) -> None:
    duos, missing = bundled_duos(**folders(tmp_path, ("ines", "kofi", "stranger"), ("ines", "kofi", "lars")))
    assert [duo.name for duo in duos] == [
        "duo: ines driven by kofi",
        "duo: ines driven by lars",
        "duo: kofi driven by ines",
        "duo: kofi driven by lars",
    ]
    assert missing == ""
    first = duos[0]
    assert first.driving == tmp_path / "reels" / "test-kofi" / "reel.mp4"
    assert first.truth == tmp_path / "reels" / "test-ines" / "reel.mp4"
    assert first.joints == tmp_path / "reels" / "test-ines" / "joints.npz"
    assert first.target == str(tmp_path / "checkpoints" / "ines")


def test_what_can_be_scored_is_and_the_rest_is_named(tmp_path: Path) -> None:
    places = folders(tmp_path, ("kofi", "ines"), ("kofi", "lars"))
    (tmp_path / "reels" / "test-ines").mkdir()  # under way: it has no reel yet
    duos, missing = bundled_duos(**places)
    assert [duo.name for duo in duos] == ["duo: kofi driven by lars"]
    assert missing == "The test reels of ines are not rendered yet."


def test_no_target_or_no_pair_of_reels_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TargetNotFound, match="No target in checkpoints/ is named after a rendered performer"):
        bundled_duos(**folders(tmp_path / "a", (), ("ines", "kofi")))
    with pytest.raises(TargetNotFound, match="reels of ines and lars are not rendered yet"):
        bundled_duos(**folders(tmp_path / "b", ("kofi",), ("kofi",)))

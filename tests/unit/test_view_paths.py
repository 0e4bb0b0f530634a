"""Which files lie beside a result: a step that was not taken has the file of the step before."""

from __future__ import annotations

from pathlib import Path

import pytest

from posetransfer.pipeline.views import named, view_paths

OUT = Path("made") / "anna.v2.mp4"


def names(**steps: bool) -> dict[str, str]:
    return {view: path.name for view, path in view_paths(OUT, **steps).items()}


def test_all_steps_have_files_of_their_own() -> None:
    assert names(views=True, side_by_side=True, aligned=True, interpolated=True) == {
        "driving": "anna.v2-driving.mp4",
        "skeleton": "anna.v2-skeleton.mp4",
        "raw": "anna.v2-raw.mp4",
        "aligned": "anna.v2-aligned.mp4",
        "interpolated": "anna.v2.mp4",
        "side-by-side": "anna.v2-side-by-side.mp4",
    }


@pytest.mark.parametrize(
    ("aligned", "interpolated", "wanted"),
    [
        (True, False, ("anna.v2-raw.mp4", "anna.v2.mp4", None)),
        (False, True, ("anna.v2-raw.mp4", "anna.v2-raw.mp4", "anna.v2.mp4")),
        (False, False, ("anna.v2.mp4", "anna.v2.mp4", None)),
    ],
)
def test_the_last_step_is_the_result(aligned: bool, interpolated: bool, wanted: tuple[str | None, ...]) -> None:
    found = names(views=True, side_by_side=False, aligned=aligned, interpolated=interpolated)
    assert tuple(found.get(view) for view in ("raw", "aligned", "interpolated")) == wanted
    assert found["driving"] == "anna.v2-driving.mp4" and found["skeleton"] == "anna.v2-skeleton.mp4"


def test_nothing_is_written_that_nobody_asked_for() -> None:
    for aligned in (True, False):
        for interpolated in (True, False):
            steps = {"aligned": aligned, "interpolated": interpolated}
            assert names(views=False, side_by_side=False, **steps) == {}
            assert list(names(views=False, side_by_side=True, **steps)) == ["side-by-side"]


def test_views_lie_in_the_folder_of_the_result() -> None:
    assert named(OUT, "raw").parent == OUT.parent

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from skimage.data import astronaut

from posetransfer.errors import ShapeError, WeightsMissing
from posetransfer.evaluate import perceptual
from posetransfer.evaluate.perceptual import MIN_SIDE, PerceptualDistance, PerceptualSteps, Trunk

# Runs the wheel's own code, which wants two packages that it does not use.
THE_WHEELS_OWN = """
import sys, types
import numpy as np, torch
sys.modules["IPython"] = types.SimpleNamespace(embed=None)
sys.modules["torchsummary"] = types.SimpleNamespace(summary=None)
from stlpips_pytorch import stlpips
frames = torch.from_numpy(np.load(sys.argv[1])).permute(0, 3, 1, 2).float() / 127.5 - 1
with torch.inference_mode():
    for trunk in ("alex", "vgg"):
        network = stlpips.LPIPS(net=trunk, variant="shift_tolerant", verbose=False)
        print(*network(frames[:1].expand(len(frames), -1, -1, -1), frames).flatten().tolist())
"""


@pytest.fixture(scope="module")
def alex() -> PerceptualDistance:
    return PerceptualDistance("alex")


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    """A photograph, itself again, moved by a pixel, noisy, and another part of it: [5, 96, 80, 3]."""
    photograph = astronaut()
    base = photograph[60:156, 180:260]
    noisy = np.clip(base + np.random.default_rng(0).normal(0, 12, base.shape), 0, 255).astype(np.uint8)
    return np.stack([base, base, photograph[60:156, 181:261], noisy, photograph[300:396, 180:260]])


def test_distances_are_those_of_the_wheels_own_code(pictures: np.ndarray, tmp_path: Path) -> None:
    np.save(tmp_path / "pictures.npy", pictures)
    run = [sys.executable, "-W", "ignore", "-c", THE_WHEELS_OWN, str(tmp_path / "pictures.npy")]
    lines = subprocess.run(run, capture_output=True, text=True, check=True).stdout.splitlines()
    trunks: tuple[Trunk, ...] = ("alex", "vgg")
    for trunk, line in zip(trunks, lines, strict=True):
        expected = [float(number) for number in line.split()]
        distance = PerceptualDistance(trunk)
        np.testing.assert_allclose([distance(pictures[0], other) for other in pictures], expected, atol=1e-5)


def test_equal_is_0_and_a_pixels_shift_is_less_than_noise(alex: PerceptualDistance, pictures: np.ndarray) -> None:
    base, again, shifted, noisy, other = pictures
    assert alex(base, again) == 0
    assert 0 < alex(base, shifted) < 0.03 < alex(base, noisy) < alex(base, other)
    assert alex(base, noisy) == pytest.approx(alex(noisy, base), abs=1e-6)


def test_colour_order_is_rgb(alex: PerceptualDistance) -> None:
    grey = np.full((64, 64, 3), 128, np.uint8)
    red, blue = grey.copy(), grey.copy()
    red[20:40, 20:40, 0] = blue[20:40, 20:40, 2] = 250
    assert alex(grey, red) != pytest.approx(alex(grey, blue), rel=0.02)


def test_steps_are_what_single_pairs_give(alex: PerceptualDistance, pictures: np.ndarray) -> None:
    steps = PerceptualSteps(alex)
    found = [steps.add(picture) for picture in pictures[:4]]
    assert np.isnan(found[0])
    np.testing.assert_allclose(found[1:], [alex(pictures[t], pictures[t - 1]) for t in (1, 2, 3)], atol=1e-5)


def test_steps_need_frames_of_one_size(alex: PerceptualDistance) -> None:
    steps = PerceptualSteps(alex)
    steps.add(astronaut()[:40, :64])
    with pytest.raises(ShapeError, match="one size"):
        steps.add(astronaut()[:64, :64])


@pytest.mark.parametrize("trunk", ["alex", "vgg"])
def test_the_least_size_works_and_less_is_refused(trunk: Trunk) -> None:
    distance = PerceptualDistance(trunk)
    small = np.zeros((MIN_SIDE, 64, 3), np.uint8)
    assert distance(small, small) == 0
    with pytest.raises(ShapeError, match="21 px"):
        distance(small[1:], small[1:])


def test_other_shapes_and_types_are_refused(alex: PerceptualDistance) -> None:
    frame = np.zeros((32, 32, 3), np.uint8)
    with pytest.raises(ShapeError):
        alex(frame, np.zeros((32, 40, 3), np.uint8))
    with pytest.raises(ShapeError):
        alex(frame, frame.astype(np.float32))  # type: ignore[arg-type]


def test_a_changed_weight_file_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = tmp_path / "stlpips_pytorch" / "weights" / "vST0.0" / "alex_shift_tolerant.pth"
    changed.parent.mkdir(parents=True)
    changed.write_bytes(b"something else")
    monkeypatch.setattr(perceptual, "package_file", lambda *_: changed)
    with pytest.raises(WeightsMissing, match="Install it anew"):
        PerceptualDistance("alex")


def test_the_wheels_code_is_never_imported(alex: PerceptualDistance) -> None:
    assert not [name for name in sys.modules if name.startswith("stlpips")]

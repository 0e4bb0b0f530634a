"""How close made frames are to true ones, and how well they follow the pose that drove them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.skeleton import L_EAR, L_EYE, L_HIP, NECK, NOSE, R_EAR, R_EYE, R_HIP
from posetransfer.types import Box, Frame, Pose

HEAD = [NOSE, R_EYE, L_EYE, R_EAR, L_EAR]
FACE_SIDES = 1.8
BODY_MARGIN = 0.15  # of the joints' box, on each side
SSIM_SIDE = 11  # px: the width of SSIM's Gaussian window


def body_box(pose: Pose, size: tuple[int, int]) -> Box | None:
    """The box of the seen joints of `pose` [18, 3] with `BODY_MARGIN`, in a picture of (width, height).

    At least `SSIM_SIDE` px a side, in whole px; None if fewer than two joints are seen or the picture is smaller.
    """
    seen = pose[pose[:, 2] > 0, :2]
    if len(seen) < 2:
        return None
    low, high = seen.min(axis=0), seen.max(axis=0)
    margin = (high - low) * BODY_MARGIN
    if min(size) < SSIM_SIDE:
        return None
    spans = [span(low[axis] - margin[axis], high[axis] + margin[axis], size[axis]) for axis in (0, 1)]
    (x0, x1), (y0, y1) = spans
    return Box(x0, y0, x1, y1)


def face_box(pose: Pose, size: tuple[int, int]) -> Box | None:
    """A square around the head's seen joints (nose, eyes, ears) of `pose` [18, 3], in a picture of (width, height).

    Its side is `FACE_SIDES` times the largest distance between two of them: hair to chin. None where fewer than two
    are seen, or the picture is smaller than SSIM's window.
    """
    seen = pose[HEAD][pose[HEAD, 2] > 0, :2]
    if len(seen) < 2 or min(size) < SSIM_SIDE:
        return None
    (x, y), half = seen.mean(axis=0), FACE_SIDES * float((seen.max(axis=0) - seen.min(axis=0)).max()) / 2
    if not (0 <= x < size[0] and 0 <= y < size[1]):
        return None
    (x0, x1), (y0, y1) = span(x - half, x + half, size[0]), span(y - half, y + half, size[1])
    return Box(x0, y0, x1, y1)


def span(first: float, last: float, length: int, least: int = SSIM_SIDE) -> tuple[float, float]:
    """Whole px from `first` to `last` within 0..`length`, widened to `least` where it is narrower."""
    start, stop = math.floor(max(first, 0)), math.ceil(min(last, length))
    missing = max(least - (stop - start), 0)
    start = min(max(start - missing // 2, 0), length - least) if missing else start
    return float(start), float(max(stop, start + least))


def crop(frame: Frame, box: Box) -> Frame:
    """The part of `frame` in `box`, whose sides are whole pixels inside the frame."""
    return frame[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]


def ssim(made: Frame, true: Frame) -> float:
    """Structural similarity of two RGB pictures, 0..1.

    Gaussian window of sigma 1.5 as in Wang et al. 2004; from scikit-image, averaged over the colours.
    """
    from skimage.metrics import structural_similarity  # here: it takes a second to import, and boxes don't need it

    return float(
        structural_similarity(
            true, made, channel_axis=-1, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255
        )
    )


def psnr(made: Frame, true: Frame) -> float:
    """Peak signal-to-noise ratio of two RGB pictures in dB; equal ones give 100, not infinity, so that means stay."""
    if np.array_equal(made, true):
        return 100.0
    from skimage.metrics import peak_signal_noise_ratio

    return float(peak_signal_noise_ratio(true, made, data_range=255))


def torso_length(joints: NDArray[np.float32]) -> float:
    """Median distance in px from neck to mid-hips over a clip's joints [T, 18, 3]; nan if never seen."""
    hips = (joints[:, R_HIP, :2] + joints[:, L_HIP, :2]) / 2
    lengths = np.linalg.norm(joints[:, NECK, :2] - hips, axis=-1)
    return float(np.nanmedian(lengths)) if np.isfinite(lengths).any() else float("nan")


def correct_keypoints(
    found: NDArray[np.float32], wanted: NDArray[np.float32], torso: float, within: float = 0.2
) -> tuple[int, int, int]:
    """Counts over joints [T, 18, 3] that were wanted: (within `within` torso lengths, found at all, wanted).

    PCK (Yang and Ramanan 2013, with the torso as its unit) is the first over the last; the missing keypoint
    rate is one minus the second over the last.
    """
    asked = wanted[..., 2] > 0
    seen = asked & (found[..., 2] > 0)
    distance = np.linalg.norm(found[..., :2] - wanted[..., :2], axis=-1)
    right = seen & (np.nan_to_num(distance, nan=np.inf) <= within * torso)
    return int(right.sum()), int(seen.sum()), int(asked.sum())

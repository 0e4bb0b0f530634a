"""A person's measures as seen in one clip: what retargeting has to know of driver and target."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import CheckpointError, NoPersonFound
from posetransfer.poses.angles import limb_lengths, mid_hips, torso_lengths
from posetransfer.poses.skeleton import L_ANKLE, LIMBS, MIRRORED, NECK, NOSE, R_ANKLE
from posetransfer.types import FACE_POINTS, JOINTS, PoseSequence, check_shape

Array = NDArray[np.float32]

MEASURED: Final = 4000  # frames, spread over the clip, tell a person's measures as well as all of an hour's
EXTENDED: Final = 95  # percentile of a limb's length in the image that counts as its length: seen sideways on
ENOUGH: Final = 0.05  # a limb seen in a smaller share of the frames is taken from the others
# Foreshortening only shortens: under this share of what the other limbs lead one to expect, a limb was never
# seen sideways on (the shoulders of a boxer filmed from the side), and this share is taken.
LEAST: Final = 0.75

# Limb lengths in torso lengths, in the order of LIMBS: the means of six people of the development clips.
PROPORTIONS: Final = np.array(
    [0.33, 0.54, 0.50, 0.33, 0.54, 0.50, 1.02, 0.76, 0.74, 1.02, 0.76, 0.74, 0.42, 0.09, 0.09, 0.09, 0.09], np.float32
)

THIGH, SHIN, HEAD_UP, FACE_LIMBS = 7, 8, 12, slice(13, 17)  # places in LIMBS
ARRAYS: Final = ("limbs", "joints", "hips", "face")
NUMBERS: Final = ("torso", "height", "floor", "face_size")
MIRRORED_LIMBS: Final = [LIMBS.index((MIRRORED[parent], MIRRORED[child])) for parent, child in LIMBS]


@dataclass(frozen=True, eq=False)
class Body:
    """The measures of one person in one clip, px of its grid.

    size: (width, height) of the grid; limbs: [17] lengths, the same left and right; torso: neck to mid-hip;
    height: nose to ankle, stretched; joints: [18, 2] median places, nan where never seen; hips: [2] median
    of the mid-hip; floor: y of the lower ankle, nan where ankles are not seen; face: [68, 2] median contours
    from the nose joint, and face_size, their root mean square distance from their centre where the face is
    at its largest; nan where no face was found.
    """

    size: tuple[int, int]
    limbs: Array
    torso: float
    height: float
    joints: Array
    hips: Array
    floor: float
    face: Array
    face_size: float

    def __post_init__(self) -> None:
        check_shape("limbs", self.limbs, (len(LIMBS),))
        check_shape("joints", self.joints, (JOINTS, 2))
        check_shape("hips", self.hips, (2,))
        check_shape("face", self.face, (FACE_POINTS, 2))

    def to_json(self) -> dict[str, Any]:
        """Numbers and lists, null for what is not known."""
        return {name: _plain(getattr(self, name)) for name in self.__dataclass_fields__}

    @classmethod
    def from_json(cls, section: Mapping[str, Any]) -> Body:
        """The inverse of `to_json`. Raises CheckpointError if something is missing, extra or of another shape."""
        try:
            if set(section) != set(cls.__dataclass_fields__):
                raise ValueError(f"it has {sorted(section)}, and should have {sorted(cls.__dataclass_fields__)}")
            width, height = section["size"]
            arrays = {name: np.array(section[name], np.float32) for name in ARRAYS}
            numbers = {name: float(np.array(section[name], np.float64)) for name in NUMBERS}
            return cls(size=(int(width), int(height)), **arrays, **numbers)  # type: ignore[arg-type]
        except (KeyError, TypeError, ValueError) as error:
            raise CheckpointError(f"The person's measures in this target cannot be read: {error}.") from error


def measure_body(seq: PoseSequence) -> Body:
    """The measures of the person of a clip, in the clip's own pixels, from its surer joints. Raises NoPersonFound."""
    every = -(-max(len(seq), 1) // MEASURED)
    seq = replace(seq, joints=seq.joints[::every], faces=seq.faces[::every], world=None)
    sure = _sure_joints(seq)
    lengths = limb_lengths(sure)
    if np.isnan(sure[:, NECK, 0]).all() or np.isnan(lengths).all():
        raise NoPersonFound("The person's shoulders are never seen. Try a clip that shows the upper body.")
    limbs = _limb_lengths(lengths)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a joint that is never seen has a median of nan, as it should
        torso = float(np.nanpercentile(torso_lengths(sure), EXTENDED))
        joints = np.nanmedian(sure[..., :2], axis=0)
        hips = np.nanmedian(mid_hips(sure), axis=0)
        lower_ankle = np.fmax(sure[:, R_ANKLE, 1], sure[:, L_ANKLE, 1])
        floor = float(np.nanmedian(lower_ankle))
        face = np.nanmedian(seq.faces - sure[:, NOSE, None, :2], axis=0)
        off = seq.faces - seq.faces.mean(axis=1, keepdims=True)
        face_size = float(np.nanpercentile(np.sqrt((off**2).sum(axis=2).mean(axis=1)), EXTENDED))
    if np.isnan(torso):
        torso = float((limbs / PROPORTIONS)[: FACE_LIMBS.start].mean())
    height = float(torso + limbs[THIGH] + limbs[SHIN] + limbs[HEAD_UP])
    return Body(seq.size, limbs, torso, height, joints, hips, floor, face, face_size)


def _sure_joints(seq: PoseSequence) -> Array:
    """The joints [T, 18, 3] with those of less than half the usual confidence unseen: filled ones have any length."""
    confidence = seq.joints[..., 2]
    usual = np.median(confidence[confidence > 0]) if (confidence > 0).any() else 1.0
    return np.where((confidence >= usual / 2)[..., None], seq.joints, np.nan).astype(np.float32)


def _limb_lengths(lengths: Array) -> Array:
    """[17] from lengths [T, 17] over a clip: what is known of left and right together, and sense where it is not."""
    pooled = np.concatenate([lengths, lengths[:, MIRRORED_LIMBS]])
    known = (~np.isnan(pooled)).mean(axis=0) >= ENOUGH
    if not known.any():
        known = (~np.isnan(pooled)).any(axis=0)
    limbs = np.full(len(LIMBS), np.nan, np.float32)
    limbs[known] = np.nanpercentile(pooled[:, known], EXTENDED, axis=0)
    # Most limbs are seen at full length at some time; the upper quarter of what they say is the person's scale.
    scale = np.nanpercentile(limbs / PROPORTIONS, 75)
    expected = scale * PROPORTIONS
    return np.where(known, np.fmax(limbs, LEAST * expected), expected).astype(np.float32)


def _plain(value: object) -> object:
    """A tuple, number or array as JSON has it: lists, numbers to a thousandth of a pixel, None for nan."""
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, float):
        return None if np.isnan(value) else round(value, 3)
    return value

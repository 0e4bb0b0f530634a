"""Batches from a store of pairs. A batch is a function of (seed, step) alone, so that a resumed run is exact."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.errors import TrainingError
from posetransfer.methods.method import Sample
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.regions import person_weights
from posetransfer.pairs.store import Pair, PairStore
from posetransfer.types import Face, Frame, Pose, PosedFrame


class Batch(NamedTuple):
    """inputs, truths: [B, size, size, 3] as frames; weights: [B, size, size] for the L1 loss, or None."""

    inputs: NDArray[np.uint8]
    truths: NDArray[np.uint8]
    weights: NDArray[np.float32] | None


def input_frame(pose: Pose, face: Face | None, frame: Frame | None, config: Pix2PixConfig) -> Frame:
    """What the network is shown at one moment: [size, size, 3], in training and at run time alike."""
    if config.input == "picture":
        assert frame is not None, "checked where frames come in"
        return frame
    return draw_pose_frame(pose, face, config.size, config.style, edges_of=frame if config.edges else None)


def to_frames(made: NDArray[np.float32]) -> NDArray[np.uint8]:
    """[B, 3, H, W] of -1..1 to [B, H, W, 3] of 0..255, rounded."""
    levels = np.rint((made.transpose(0, 2, 3, 1) + 1) * 127.5)
    return np.ascontiguousarray(np.clip(levels, 0, 255).astype(np.uint8))


def pair_samples(store: PairStore, count: int) -> Iterator[Sample]:
    """Up to `count` pairs of `store`, evenly over it, as a method is given them."""
    for number in np.linspace(0, len(store) - 1, min(count, len(store))).round().astype(int):
        pair = store[int(number)]
        yield Sample(PosedFrame(pair.pose, pair.face, driver_picture(pair)), pair.target)


def driver_picture(pair: Pair) -> Frame:
    """The driver's picture; the target drives itself where none is kept."""
    return pair.target if pair.source is None else pair.source


class Batches:
    """The pairs of a store in an order drawn anew each epoch, changed at random as the config says.

    Raises TrainingError if the store does not fit the config.
    """

    def __init__(self, store: PairStore, config: Pix2PixConfig, seed: int) -> None:
        if not len(store):
            raise TrainingError("There are no pairs to train on. Give footage in which the person is seen.")
        if store.size != config.size:
            raise TrainingError(
                f"The training pictures are {store.size} px wide, the network is for {config.size} px."
            )
        if config.input == "picture" and (store.pairs[:, 0] < 0).any():
            raise TrainingError("pics2pics learns from pairs of pictures: give the source clip of person A too.")
        self.store = store
        self.config = config
        self.seed = seed
        self._order: tuple[int, NDArray[np.int64]] = (-1, np.empty(0, np.int64))

    def from_step(self, step: int) -> Iterator[Batch]:
        """The batches of steps `step`, `step` + 1, ... without end."""
        for current in count(step):
            yield self.at(current)

    def at(self, step: int) -> Batch:
        """The batch of one step, counted from 0."""
        size = self.config.batch
        samples = [self._sample(position) for position in range(step * size, (step + 1) * size)]
        inputs, truths, weights = zip(*samples, strict=True)
        weighted = self.config.person_weight or self.config.head_weight
        return Batch(np.stack(inputs), np.stack(truths), np.stack(weights)[..., 0] if weighted else None)

    def _sample(self, position: int) -> tuple[Frame, Frame, NDArray[np.float32]]:
        """Input, truth and weights [size, size, 1] of one place in the sequence, cropped alike."""
        config = self.config
        random = np.random.default_rng([self.seed, position])
        pair = self.store[self._index(position)]
        pose = _disturbed(pair.pose, config, random)
        drawn = input_frame(pose, pair.face, driver_picture(pair), config)
        weights = person_weights(
            pair.target_pose, pair.target_face, config.size, config.person_weight, config.head_weight
        )[..., None]
        if not config.jitter:
            return drawn, pair.target, weights
        left, top = (int(place) for place in random.integers(0, config.jitter + 1, 2))
        return (
            _enlarged_crop(drawn, config, left, top),
            _enlarged_crop(pair.target, config, left, top),
            _enlarged_crop(weights, config, left, top),
        )

    def _index(self, position: int) -> int:
        """Which pair stands at a place in the endless sequence of shuffled epochs."""
        epoch, place = divmod(position, len(self.store))
        if self._order[0] != epoch:
            self._order = epoch, np.random.default_rng([self.seed, epoch, 1]).permutation(len(self.store))
        return int(self._order[1][place])


def _enlarged_crop(picture: NDArray[Any], config: Pix2PixConfig, left: int, top: int) -> NDArray[Any]:
    """[size, size, C] enlarged by the jitter and cropped at a place (Isola et al., section 6.2)."""
    import torch  # here, as a transfer draws poses too, and is spared the seconds that these take to import
    from torchvision.transforms.v2 import functional as transforms

    enlarged = config.size + config.jitter
    channels_first = torch.from_numpy(np.ascontiguousarray(picture.transpose(2, 0, 1)))
    resized = transforms.resize(channels_first, [enlarged, enlarged], antialias=True)
    cropped: NDArray[Any] = transforms.crop(resized, top, left, config.size, config.size).permute(1, 2, 0).numpy()
    return np.ascontiguousarray(cropped)


def _disturbed(pose: Pose, config: Pix2PixConfig, random: np.random.Generator) -> Pose:
    """The pose as a worse estimator would have seen it: joints off by a little, some unseen."""
    if not (config.joint_noise or config.joint_drop):
        return pose
    disturbed = pose.copy()
    disturbed[:, :2] += random.normal(0.0, config.joint_noise * config.size, (len(pose), 2))
    disturbed[random.random(len(pose)) < config.joint_drop] = (np.nan, np.nan, 0.0)
    return disturbed

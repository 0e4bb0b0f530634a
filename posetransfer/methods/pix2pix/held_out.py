"""How a training is going, seen on pairs that it does not learn from: always the same ones, so that change shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.evaluate.metrics import body_box, crop, ssim
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import driver_picture, input_frame
from posetransfer.pairs.store import PairStore
from posetransfer.types import Frame

SHOWN: Final = 4
MEASURED: Final = 12
LEAST: Final = 200  # pairs, of fewer none are held out
APART: Final = 25  # pairs between those that are learned from and those held out: neighbours look alike

Make = Callable[[NDArray[np.uint8]], NDArray[np.uint8]]


class Seen(NamedTuple):
    """picture: [3 * side, SHOWN * side, 3], inputs over made pictures over true ones; ssim: mean on the bodies."""

    picture: Frame
    ssim: float


def split(store: PairStore, share: float) -> tuple[PairStore, PairStore | None]:
    """The pairs to learn from, and the last `share` of them (0..1) held out; None if there are too few for that."""
    kept = round(len(store) * (1 - share))
    if share <= 0 or len(store) < LEAST or len(store) - kept < SHOWN:
        return store, None
    apart = max(kept - APART, 1)
    return store.part(slice(0, apart)), store.part(slice(kept, None))


class HeldOut:
    """A few pairs of `store`, evenly over it, and what a network makes of them. They take some 5 MB at 256 px."""

    def __init__(self, store: PairStore, config: Pix2PixConfig) -> None:
        numbers = np.linspace(0, len(store) - 1, min(MEASURED, len(store))).round().astype(int)
        self._pairs = [store[int(number)] for number in numbers]
        self._inputs = [input_frame(pair.pose, pair.face, driver_picture(pair), config) for pair in self._pairs]

    def look(self, make: Make) -> Seen:
        """What `make` gives for the inputs [1, size, size, 3], one by one."""
        made = [make(shown[None])[0] for shown in self._inputs]
        scores = []
        for picture, pair in zip(made, self._pairs, strict=True):
            box = body_box(pair.target_pose, (picture.shape[1], picture.shape[0]))
            if box is not None:
                scores.append(ssim(crop(picture, box), crop(pair.target, box)))
        chosen = np.linspace(0, len(made) - 1, min(SHOWN, len(made))).round().astype(int)
        columns = [np.concatenate([self._inputs[i], made[i], self._pairs[i].target]) for i in chosen]
        return Seen(np.concatenate(columns, axis=1), float(np.mean(scores)) if scores else float("nan"))

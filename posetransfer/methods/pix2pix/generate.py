"""A trained generator as a method: drawn poses (pose2pics) or the driver's pictures (pics2pics) to the target's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from posetransfer.errors import CheckpointError, ShapeError
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import input_frame, to_frames, to_network
from posetransfer.methods.pix2pix.networks import Generator
from posetransfer.methods.pix2pix.state import read_generator, read_header
from posetransfer.methods.pix2pix.weights import load_weights, make_generator, save_weights
from posetransfer.runtime.runtime import make_runtime
from posetransfer.streams import closing_source
from posetransfer.types import Frame, PosedFrame, check_frame, check_shape, unseen_pose

Array = NDArray[np.float32]
SECTION = {"config", "weights", "training"}


class Pix2Pix:
    """What both methods share. Frames are made one at a time, so that none depends on those around it.

    config: the network's description; training: facts for the card (steps, seconds, pairs, seed).
    """

    NAME: ClassVar[str]
    INPUT: ClassVar[str]

    def __init__(
        self, generator: Generator, config: Pix2PixConfig, training: dict[str, Any], runtime: str = "auto"
    ) -> None:
        if config.input != self.INPUT:
            raise CheckpointError(f"These weights were not trained for {self.NAME}. Get the target again.")
        self.config = config
        self.training = training
        self._generator = generator
        # OpenVINO's conversion leaves dropout out, and the paper's generator drops out at run time too.
        as_trained = config.dropout or config.batch_statistics
        self._network = make_runtime("torch" if as_trained else runtime).compile_module(
            generator, (1, 3, config.size, config.size)
        )
        self.runtime_used: str = self._network.runtime

    @classmethod
    def from_training(cls, state: Path, runtime: str = "auto") -> Self:
        """The method that a training has made so far. state: the path that `train` returns."""
        config, facts = read_header(state)
        training = {"steps": facts.steps, "seconds": round(facts.seconds, 1), "pairs": facts.pairs, "seed": facts.seed}
        return cls(make_generator(config, read_generator(state)), config, training, runtime)

    @classmethod
    def load(cls, folder: Path, section: dict[str, Any], runtime: str = "auto") -> Self:
        """The method that `save` wrote. Raises CheckpointError if files and section do not fit exactly."""
        if not isinstance(section, dict) or set(section) != SECTION:
            raise CheckpointError(f"The description of {cls.NAME} is not complete. Get the target again.")
        config = Pix2PixConfig.from_json(section["config"])
        return cls(load_weights(config, folder / cls._weights_name()), config, section["training"], runtime)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the weights into `folder`; gives the section for config.json."""
        save_weights(self._generator, folder / self._weights_name())
        return {"config": self.config.to_json(), "weights": self._weights_name(), "training": self.training}

    @property
    def needs_frames(self) -> bool:
        """Whether it reads the driver's pictures."""
        return self.config.input == "picture" or self.config.edges

    @property
    def needs_poses(self) -> bool:
        """Whether it reads the driver's poses."""
        return self.config.input == "pose"

    def generate(self, frames: Iterable[PosedFrame]) -> Iterator[Frame]:
        """Frames [size, size, 3], one for each that comes in, in order. See `Method.generate`."""
        last = PosedFrame(unseen_pose())
        with closing_source(frames) as source:
            for number, posed in enumerate(source):
                if self.needs_frames:
                    self._check_picture(posed.frame)
                if self.needs_poses and not (posed.pose[:, 2] > 0).any():
                    posed = last._replace(frame=posed.frame)  # nobody seen: the last pose is held
                last = posed
                shown = input_frame(posed.pose, posed.face, posed.frame, self.config)
                yield to_frames(self._run(to_network(shown[None]), number))[0]

    def _run(self, inputs: Array, number: int) -> Array:
        if not self.config.dropout:
            return self._network(inputs)[0]
        # the noise of a frame follows from its number: the same clip gives the same pictures
        with torch.random.fork_rng():
            torch.manual_seed(number)
            return self._network(inputs)[0]

    def _check_picture(self, frame: Frame | None) -> None:
        if frame is None:
            raise ShapeError(f"{self.NAME} needs the driver's pictures, not only poses. Read the driving video again.")
        check_frame(frame)
        check_shape("The driver's picture", frame, (self.config.size, self.config.size, 3))

    @classmethod
    def _weights_name(cls) -> str:
        return f"{cls.NAME}-generator.safetensors"


class Pose2Pics(Pix2Pix):
    """From the driver's drawn pose to the target's picture."""

    NAME = "pose2pics"
    INPUT = "pose"


class Pics2Pics(Pix2Pix):
    """From the driver's picture to the target's picture."""

    NAME = "pics2pics"
    INPUT = "picture"

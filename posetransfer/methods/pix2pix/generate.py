"""A trained generator as a method: drawn poses (pose2pics) or the driver's pictures (pics2pics) to the target's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from collections.abc import Generator as Steps
from contextlib import closing
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Self

from posetransfer.errors import CheckpointError, ShapeError
from posetransfer.evaluate.metrics import body_box
from posetransfer.methods.method import Sample
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import input_frame
from posetransfer.methods.pix2pix.fitted import Example, Fit, fitted, remembered
from posetransfer.runtime.gpu import has_gpu
from posetransfer.runtime.runtime import PictureNetwork, make_runtime
from posetransfer.streams import closing_source, finished
from posetransfer.types import Frame, PosedFrame, Progress, check_frame, check_shape, unseen_pose

if TYPE_CHECKING:  # torch takes seconds to import, and a network that is kept in int8 does not need it
    from posetransfer.methods.pix2pix.networks import Generator

SECTION = {"config", "weights", "training"}


class Pix2Pix:
    """What both methods share. Frames are made one at a time, so that none depends on those around it.

    config: the network's description; training: facts for the card (steps, seconds, pairs, seed); runtime: a
    registered one, or auto: torch on GPUs, on CPUs the quickest that OpenVINO has (see `fitted`). The generator may be
    given as what loads it, once it is needed.
    """

    NAME: ClassVar[str]
    INPUT: ClassVar[str]

    def __init__(
        self,
        generator: Generator | Callable[[], Generator],
        config: Pix2PixConfig,
        training: dict[str, Any],
        runtime: str = "auto",
    ) -> None:
        if config.input != self.INPUT:
            raise CheckpointError(f"These weights were not trained for {self.NAME}. Get the target again.")
        self.config = config
        self.training = training
        self._given = generator
        # OpenVINO's conversion leaves dropout out, and the paper's generator drops out at run time too.
        self._runtime = "torch" if config.dropout or config.batch_statistics else runtime
        self._network: PictureNetwork | None = None
        self.fit: Fit | None = None  # what was found about this network on this machine

    def prepare(self, samples: Iterable[Sample] = ()) -> Steps[Progress, None, None]:
        """See `Method.prepare`. Samples without a pose, or without a picture that it needs, are passed over."""
        if self._network is not None:
            return
        if self._runtime == "auto" and not has_gpu():
            self._network, self.fit = yield from fitted(self._generator, self.config, self._examples(samples))
        else:
            generator = self._generator
            if self._runtime == "openvino":
                from posetransfer.methods.pix2pix.rearranged import rearranged

                generator = rearranged(generator)
            self._network = make_runtime(self._runtime).picture_network(generator, self.config.size)

    def prepare_again(self, samples: Iterable[Sample]) -> Steps[Progress, None, None]:
        """See `Method.prepare_again`."""
        if self._runtime == "auto" and self.fit is None and not has_gpu():
            self._network, self.fit = yield from fitted(self._generator, self.config, self._examples(samples))

    @cached_property
    def _generator(self) -> Generator:
        from posetransfer.methods.pix2pix.networks import Generator

        return self._given if isinstance(self._given, Generator) else self._given()

    def _examples(self, samples: Iterable[Sample]) -> Iterator[Example]:
        with closing_source(samples) as source:
            for posed, truth in source:
                box = body_box(posed.pose, (self.config.size, self.config.size))
                if box is not None and not (self.needs_frames and posed.frame is None):
                    yield Example(input_frame(posed.pose, posed.face, posed.frame, self.config), box, truth)

    def _ready(self) -> PictureNetwork:
        finished(self.prepare())
        assert self._network is not None
        return self._network

    @property
    def runtime_used(self) -> str:
        """What really runs it: "openvino int8 CPU"."""
        return self._ready().runtime

    @property
    def runtime_notes(self) -> tuple[str, ...]:
        """Why it runs slower than it could, if it does."""
        self._ready()
        return () if self.fit is None else self.fit.notes

    @classmethod
    def from_training(cls, state: Path, runtime: str = "auto") -> Self:
        """The method that a training has made so far. state: the path that `train` returns."""
        from posetransfer.methods.pix2pix.state import read_generator, read_header
        from posetransfer.methods.pix2pix.weights import make_generator

        config, facts = read_header(state)
        training = {"steps": facts.steps, "seconds": round(facts.seconds, 1), "pairs": facts.pairs, "seed": facts.seed}
        return cls(make_generator(config, read_generator(state)), config, training, runtime)

    @classmethod
    def load(cls, folder: Path, section: dict[str, Any], runtime: str = "auto") -> Self:
        """The method that `save` wrote. Raises CheckpointError if files and section do not fit exactly."""
        if not isinstance(section, dict) or set(section) != SECTION:
            raise CheckpointError(f"The description of {cls.NAME} is not complete. Get the target again.")
        config = Pix2PixConfig.from_json(section["config"])
        weights = folder / cls._weights_name()
        if runtime == "auto" and not config.dropout and not config.batch_statistics and not has_gpu():
            kept = remembered(weights, config)
            if kept is not None:
                method = cls(partial(_loaded, config, weights), config, section["training"], runtime)
                method._network, method.fit = kept
                return method
        return cls(_loaded(config, weights), config, section["training"], runtime)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the weights into `folder`; gives the section for config.json."""
        from posetransfer.methods.pix2pix.weights import save_weights

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

    @property
    def needs_faces(self) -> bool:
        """Whether it reads the driver's face contours, which are drawn with the poses."""
        return self.needs_poses

    def generate(self, frames: Iterable[PosedFrame], at_once: int = 1) -> Iterator[Frame]:
        """Frames [size, size, 3], one for each that comes in, in order. See `Method.generate`."""
        network = self._ready()
        with closing(self._shown(frames)) as shown:
            if self.config.dropout:
                yield from (_with_noise(network, picture, number) for number, picture in enumerate(shown))
            else:
                yield from network.several(shown, at_once)

    def _shown(self, frames: Iterable[PosedFrame]) -> Steps[Frame, None, None]:
        """What the network is shown for each."""
        last = PosedFrame(unseen_pose())
        with closing_source(frames) as source:
            for posed in source:
                if self.needs_frames:
                    self._check_picture(posed.frame)
                if self.needs_poses and not (posed.pose[:, 2] > 0).any():
                    posed = last._replace(frame=posed.frame)  # nobody seen: the last pose is held
                last = posed
                yield input_frame(posed.pose, posed.face, posed.frame, self.config)

    def _check_picture(self, frame: Frame | None) -> None:
        if frame is None:
            raise ShapeError(f"{self.NAME} needs the driver's pictures, not only poses. Read the driving video again.")
        check_frame(frame)
        check_shape("The driver's picture", frame, (self.config.size, self.config.size, 3))

    @classmethod
    def _weights_name(cls) -> str:
        return f"{cls.NAME}-generator.safetensors"


def _loaded(config: Pix2PixConfig, weights: Path) -> Generator:
    from posetransfer.methods.pix2pix.weights import load_weights

    return load_weights(config, weights)


def _with_noise(network: PictureNetwork, shown: Frame, number: int) -> Frame:
    """A frame by dropout that follows from its number: the same clip gives the same pictures."""
    import torch

    with torch.random.fork_rng():
        torch.manual_seed(number)
        return network(shown)


class Pose2Pics(Pix2Pix):
    """From the driver's drawn pose to the target's picture."""

    NAME = "pose2pics"
    INPUT = "pose"


class Pics2Pics(Pix2Pix):
    """From the driver's picture to the target's picture."""

    NAME = "pics2pics"
    INPUT = "picture"

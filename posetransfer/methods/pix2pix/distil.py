"""A student: a smaller generator that learns to make its teacher's pictures, and the true ones.

The teacher is either trained already, or is trained in the same run with its discriminator, as in Ren et al. 2021,
"Online Multi-Granularity Distillation for GAN Compression": the student then sees the teacher's pictures as they
become better, and needs no discriminator itself. Without one its pictures are smooth: beside a trained teacher it can
have one of its own, as in Li et al. 2020, "GAN Compression" (docs/decisions/0016-students.md has the figures).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import torch
from torch import Tensor

from posetransfer.errors import TrainingError
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import Batch
from posetransfer.methods.pix2pix.learner import Learner, Precision
from posetransfer.methods.pix2pix.losses import reconstruction
from posetransfer.methods.pix2pix.networks import Generator
from posetransfer.methods.pix2pix.trainer import Trainer

TEACHER = "teacher."


@dataclass(frozen=True)
class Teaching:
    """teacher: a trained generator, or the description of one that is trained in the same run.

    share: of the L1 loss, 0..1, that the teacher's pictures have; the true ones have the rest. judged: whether the
    student has a discriminator too. Raises TrainingError where these do not go together.
    """

    teacher: Generator | Pix2PixConfig
    share: float = 0.5
    judged: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise TrainingError("The teacher's share of the loss is a number above 0, at most 1.")
        if self.judged and isinstance(self.teacher, Pix2PixConfig):
            raise TrainingError("A student with a discriminator of its own needs a teacher that is trained already.")

    @property
    def fingerprint(self) -> str:
        """Which teaching this is: a resumed training must go on with the same."""
        found = hashlib.sha256(json.dumps([self.share, self.judged]).encode())
        if isinstance(self.teacher, Pix2PixConfig):
            found.update(json.dumps(self.teacher.to_json(), sort_keys=True).encode())
        else:
            for name, tensor in sorted(self.teacher.state_dict().items()):
                found.update(name.encode())
                found.update(tensor.detach().cpu().numpy().tobytes())
        return found.hexdigest()


def make_student(
    config: Pix2PixConfig, teaching: Teaching, seed: int, device: torch.device, precision: Precision = "auto"
) -> Learner:
    """The student that `teaching` asks for. Raises TrainingError if teacher and student differ in what they see."""
    if teaching.judged:
        return JudgedStudent(config, teaching, seed, device, precision)
    return Student(config, teaching, seed, device, precision)


class Student(Learner):
    """The student, and its teacher if that one learns too. Raises TrainingError if they differ in what they show."""

    def __init__(
        self,
        config: Pix2PixConfig,
        teaching: Teaching,
        seed: int,
        device: torch.device,
        precision: Precision = "auto",
    ) -> None:
        super().__init__(config, seed, device, precision)
        with torch.random.fork_rng(devices=[]):  # torch's own initialisation draws from the global state
            self.generator = Generator(config)
        self._adopt({"generator": self.generator})
        self._share = teaching.share
        self._trainer: Trainer | None = None
        self._frozen: Generator | None = None
        if isinstance(teaching.teacher, Pix2PixConfig):
            _check_same_task(config, teaching.teacher)
            self._trainer = Trainer(teaching.teacher, seed, device, precision)
            self.networks |= {TEACHER + name: network for name, network in self._trainer.networks.items()}
            self.optimisers |= {TEACHER + name: adam for name, adam in self._trainer.optimisers.items()}
        else:
            self._frozen = _frozen(teaching.teacher, device)

    def update(self, step: int, batch: Batch, lr: float) -> dict[str, float]:
        losses, shown = self._shown(step, batch, lr)
        inputs, truths, weights = self.ready(batch.inputs), self.ready(batch.truths), self.weights(batch)
        self._set_rate(lr)
        with self._seeded(step), self._autocast():
            made = self.generator(inputs)
        to_teacher, to_truth = reconstruction(made, shown, weights), reconstruction(made, truths, weights)
        loss = self._share * to_teacher + (1 - self._share) * to_truth
        self._apply("generator", self.config.lambda_l1 * loss)
        return losses | {"teacher": to_teacher.item(), "l1": to_truth.item()}

    def _shown(self, step: int, batch: Batch, lr: float) -> tuple[dict[str, float], Tensor]:
        """The teacher's pictures of this batch, and its own losses if it learns from it."""
        if self._trainer is not None:
            losses, shown = self._trainer.update_and_show(step, batch, lr)
            return {TEACHER + name: loss for name, loss in losses.items()}, shown
        assert self._frozen is not None
        with torch.no_grad(), self._autocast():
            return {}, self._frozen(self.ready(batch.inputs)).float()


class JudgedStudent(Trainer):
    """A student of a trained teacher, with a discriminator that knows the true pictures."""

    def __init__(
        self,
        config: Pix2PixConfig,
        teaching: Teaching,
        seed: int,
        device: torch.device,
        precision: Precision = "auto",
    ) -> None:
        super().__init__(config, seed, device, precision)
        assert isinstance(teaching.teacher, Generator), "checked by Teaching"
        self._share, self._frozen = teaching.share, _frozen(teaching.teacher, device)

    def _distance(self, inputs: Tensor, made: Tensor, truths: Tensor, weights: Tensor | None) -> Tensor:
        with torch.no_grad(), self._autocast():
            shown = self._frozen(inputs)
        to_teacher, to_truth = reconstruction(made, shown, weights), reconstruction(made, truths, weights)
        return self._share * to_teacher + (1 - self._share) * to_truth


def _frozen(teacher: Generator, device: torch.device) -> Generator:
    still: Generator = teacher.eval().requires_grad_(False)
    return still.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]


def _check_same_task(student: Pix2PixConfig, teacher: Pix2PixConfig) -> None:
    for name in ("size", "input", "style", "edges"):
        if getattr(student, name) != getattr(teacher, name):
            raise TrainingError(f"Student and teacher must be shown the same pictures, and their {name} differs.")

"""One step of Isola et al. 2017: the discriminator learns to tell, then the generator to fool it."""

from __future__ import annotations

import torch
from torch import Tensor

from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import Batch
from posetransfer.methods.pix2pix.learner import Learner, Precision
from posetransfer.methods.pix2pix.losses import adversarial, reconstruction
from posetransfer.methods.pix2pix.networks import Discriminator, Generator


class Trainer(Learner):
    """A generator and its discriminator."""

    def __init__(self, config: Pix2PixConfig, seed: int, device: torch.device, precision: Precision = "auto") -> None:
        super().__init__(config, seed, device, precision)
        with torch.random.fork_rng(devices=[]):  # torch's own initialisation draws from the global state
            self.generator, self.discriminator = Generator(config), Discriminator(config)
        self._adopt({"generator": self.generator, "discriminator": self.discriminator})

    def update(self, step: int, batch: Batch, lr: float) -> dict[str, float]:
        return self.update_and_show(step, batch, lr)[0]

    def update_and_show(self, step: int, batch: Batch, lr: float) -> tuple[dict[str, float], Tensor]:
        """`update`, and the pictures [B, 3, H, W] that the generator made in it."""
        inputs, truths, weights = self.ready(batch.inputs), self.ready(batch.truths), self.weights(batch)
        self._set_rate(lr)
        with self._seeded(step):
            with self._autocast():
                made = self.generator(inputs)
            real, fake = self._update_discriminator(inputs, truths, made)
            gan, l1 = self._update_generator(inputs, truths, made, weights)
        losses = {"gan": gan.item(), "l1": l1.item(), "real": real.item(), "fake": fake.item()}
        return losses, made.detach()

    def _update_discriminator(self, inputs: Tensor, truths: Tensor, made: Tensor) -> tuple[Tensor, Tensor]:
        self.discriminator.requires_grad_(True)
        with self._autocast():
            real = self.discriminator(torch.cat([inputs, truths], dim=1))
            fake = self.discriminator(torch.cat([inputs, made.detach()], dim=1))
        real_loss, fake_loss = adversarial(real.float(), True), adversarial(fake.float(), False)
        # halved, which slows the discriminator relative to the generator (Isola et al., section 3.3)
        self._apply("discriminator", (real_loss + fake_loss) / 2)
        return real_loss, fake_loss

    def _update_generator(
        self, inputs: Tensor, truths: Tensor, made: Tensor, weights: Tensor | None
    ) -> tuple[Tensor, Tensor]:
        self.discriminator.requires_grad_(False)  # its gradients are not needed: a third of the pass
        with self._autocast():
            judged = self.discriminator(torch.cat([inputs, made], dim=1))
        gan, l1 = adversarial(judged.float(), True), self._distance(inputs, made, truths, weights)
        self._apply("generator", gan + self.config.lambda_l1 * l1)
        return gan, l1

    def _distance(self, inputs: Tensor, made: Tensor, truths: Tensor, weights: Tensor | None) -> Tensor:
        """What the generator is to make small beside fooling the discriminator."""
        return reconstruction(made, truths, weights)

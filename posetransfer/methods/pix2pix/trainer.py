"""One step of Isola et al. 2017: the discriminator learns to tell, then the generator to fool it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import Batch, to_frames
from posetransfer.methods.pix2pix.losses import adversarial, reconstruction
from posetransfer.methods.pix2pix.networks import Discriminator, Generator, initialise

Precision = Literal["auto", "fp32", "bf16"]


class Trainer:
    """The networks and their optimisers. `update` is one training step."""

    def __init__(self, config: Pix2PixConfig, seed: int, device: torch.device, precision: Precision = "auto") -> None:
        self.config = config
        self.seed = seed
        self.device = device
        self.half = _bf16_pays(device) if precision == "auto" else precision == "bf16"
        random = torch.Generator().manual_seed(seed)
        with torch.random.fork_rng(devices=[]):  # torch's own initialisation draws from the global state
            self.generator, self.discriminator = Generator(config), Discriminator(config)
        self.networks: dict[str, nn.Module] = {"generator": self.generator, "discriminator": self.discriminator}
        for network in self.networks.values():
            initialise(network, random)
            network.to(device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.optimisers = {name: self._adam(network) for name, network in self.networks.items()}

    def update(self, step: int, batch: Batch, lr: float) -> dict[str, float]:
        """Train on one batch; gives the losses. `step` seeds the dropout, so that a resumed run is exact."""
        inputs, truths = self._ready(batch.inputs), self._ready(batch.truths)
        weights = None if batch.weights is None else torch.from_numpy(batch.weights)[:, None].to(self.device)
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = lr
        with self._seeded(step):
            with self._autocast():
                made = self.generator(inputs)
            real, fake = self._update_discriminator(inputs, truths, made)
            gan, l1 = self._update_generator(inputs, truths, made, weights)
        return {"gan": gan.item(), "l1": l1.item(), "real": real.item(), "fake": fake.item()}

    @torch.no_grad()
    def make(self, inputs: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Pictures by the generator as it is at run time: frames [B, size, size, 3] to the same."""
        with self._seeded(0):
            made = self.generator.eval()(self._ready(inputs))
        self.generator.train()
        return to_frames(made.float().cpu().numpy())

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
        gan, l1 = adversarial(judged.float(), True), reconstruction(made, truths, weights)
        self._apply("generator", gan + self.config.lambda_l1 * l1)
        return gan, l1

    def _apply(self, name: str, loss: Tensor) -> None:
        optimiser = self.optimisers[name]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()

    def _adam(self, network: nn.Module) -> torch.optim.Adam:
        fused = self.device.type in ("cpu", "cuda")
        return torch.optim.Adam(network.parameters(), self.config.lr, self.config.betas, fused=fused)

    def _ready(self, frames: NDArray[np.uint8]) -> Tensor:
        """Frames [B, H, W, 3] on the device as [B, 3, H, W] in -1..1, channels last in memory as they came."""
        return torch.from_numpy(frames).to(self.device).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)

    def _autocast(self) -> AbstractContextManager[object]:
        # A context a pass: it keeps half-precision copies of the weights, which a step makes stale.
        return torch.autocast(self.device.type, torch.bfloat16) if self.half else nullcontext()

    @contextmanager
    def _seeded(self, step: int) -> Iterator[None]:
        """Draw dropout from (seed, step) and leave the caller's random state as it was."""
        if not self.config.dropout:
            yield
            return
        with torch.random.fork_rng(devices=[self.device] if self.device.type == "cuda" else []):
            torch.manual_seed((self.seed * 1_000_003 + step) % 2**63)
            yield


def _bf16_pays(device: torch.device) -> bool:
    """Whether the processor computes in bf16 itself; where it only imitates it, fp32 is faster."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    capabilities = getattr(torch.cpu, "get_capabilities", None)
    return device.type == "cpu" and capabilities is not None and bool(capabilities().get("avx512_bf16"))

"""What every training has: networks with their optimisers, pictures made ready, precision and random numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import Batch, to_frames
from posetransfer.methods.pix2pix.networks import Generator, initialise

Precision = Literal["auto", "fp32", "bf16"]


class Learner(ABC):
    """`update` is one training step. generator: the network that a checkpoint keeps; networks: all that are saved with
    the training, each with its optimiser."""

    generator: Generator

    def __init__(self, config: Pix2PixConfig, seed: int, device: torch.device, precision: Precision = "auto") -> None:
        self.config = config
        self.seed = seed
        self.device = device
        self.half = _bf16_pays(device) if precision == "auto" else precision == "bf16"
        self.networks: dict[str, nn.Module] = {}
        self.optimisers: dict[str, torch.optim.Adam] = {}

    @abstractmethod
    def update(self, step: int, batch: Batch, lr: float) -> dict[str, float]:
        """Train on one batch; gives the losses. `step` seeds the dropout, so that a resumed run is exact."""

    @torch.no_grad()
    def make(self, inputs: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Pictures by the generator as it is at run time: frames [B, size, size, 3] to the same."""
        with self._seeded(0):
            made = self.generator.eval()(self.ready(inputs))
        self.generator.train()
        return to_frames(made.float().cpu().numpy())

    def ready(self, frames: NDArray[np.uint8]) -> Tensor:
        """Frames [B, H, W, 3] on the device as [B, 3, H, W] in -1..1, channels last in memory as they came."""
        return torch.from_numpy(frames).to(self.device).permute(0, 3, 1, 2).float().div_(127.5).sub_(1.0)

    def weights(self, batch: Batch) -> Tensor | None:
        """What each pixel weighs, [B, 1, H, W], if they differ."""
        return None if batch.weights is None else torch.from_numpy(batch.weights)[:, None].to(self.device)

    def _adopt(self, networks: dict[str, nn.Module]) -> None:
        """Initialise networks, all from one sequence of random numbers, and give each its optimiser."""
        random = torch.Generator().manual_seed(self.seed)
        for name, network in networks.items():
            initialise(network, random)
            self.networks[name] = network.to(self.device, memory_format=torch.channels_last)  # type: ignore[call-overload]
            self.optimisers[name] = self._adam(network)

    def _adam(self, network: nn.Module) -> torch.optim.Adam:
        fused = self.device.type in ("cpu", "cuda")
        return torch.optim.Adam(network.parameters(), self.config.lr, self.config.betas, fused=fused)

    def _set_rate(self, lr: float) -> None:
        for optimiser in self.optimisers.values():
            for group in optimiser.param_groups:
                group["lr"] = lr

    def _apply(self, name: str, loss: Tensor) -> None:
        optimiser = self.optimisers[name]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()

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

"""Networks by torch: on CUDA and MPS in half precision, on CPUs in fp32 (the reference the others are held to)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import torch
from torch import nn

from posetransfer.types import Frame


def best_device() -> torch.device:
    """CUDA, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


class TorchPictures:
    """A torch module on a device. Pictures travel to it and back as bytes, a quarter of their floats."""

    def __init__(self, module: nn.Module, device: torch.device) -> None:
        self.device = device
        self.dtype = torch.float32 if device.type == "cpu" else torch.float16
        self.runtime = f"torch {'fp32' if device.type == 'cpu' else 'fp16'} {device.type}"
        self._module = module.eval().to(device, self.dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def __call__(self, picture: Frame) -> Frame:
        with torch.inference_mode():
            # a picture's bytes lie channels last, so the permuted tensor is in that format without a copy
            levels = torch.from_numpy(np.ascontiguousarray(picture)[None]).to(self.device).permute(0, 3, 1, 2)
            made = self._module((levels.float() / 127.5 - 1).to(self.dtype)).float()
            levels = ((made + 1) * 127.5).round().clamp(0, 255).to(torch.uint8).permute(0, 2, 3, 1)
            return np.ascontiguousarray(levels[0].cpu().numpy())

    def several(self, pictures: Iterable[Frame], at_once: int) -> Iterator[Frame]:
        """See `PictureNetwork`. One after another: each has the whole device."""
        yield from map(self, pictures)


class TorchRuntime:
    """Runs modules on the best device there is, or the one given."""

    def __init__(self, device: str | None = None) -> None:
        self.device = torch.device(device) if device else best_device()

    def picture_network(self, module: nn.Module, size: int) -> TorchPictures:
        """Move the module to the device; `size` is not needed here."""
        return TorchPictures(module, self.device)

"""Networks by torch: on CUDA and MPS in half precision, on CPUs in fp32 (the reference the others are held to)."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from posetransfer.runtime.runtime import Array


def has_gpu() -> bool:
    """Whether torch can use a CUDA or Apple GPU here."""
    return torch.cuda.is_available() or torch.backends.mps.is_available()


def best_device() -> torch.device:
    """CUDA, else Apple's MPS, else the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


class TorchNetwork:
    """A torch module on a device, fed and read as float32 arrays."""

    def __init__(self, module: nn.Module, device: torch.device) -> None:
        self.device = device
        self.dtype = torch.float32 if device.type == "cpu" else torch.float16
        self.runtime = f"torch {'fp32' if device.type == 'cpu' else 'fp16'} {device.type}"
        self._module = module.eval().to(device, self.dtype, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def __call__(self, *inputs: Array) -> list[Array]:
        with torch.inference_mode():
            tensors = [torch.from_numpy(x).to(self.device, self.dtype) for x in inputs]
            result = self._module(*tensors)
        outputs = result if isinstance(result, (tuple, list)) else [result]
        return [np.asarray(output.float().cpu().numpy(), np.float32) for output in outputs]


class TorchRuntime:
    """Runs modules on the best device there is, or the one given."""

    def __init__(self, device: str | None = None) -> None:
        self.device = torch.device(device) if device else best_device()

    def compile_module(self, module: nn.Module, shape: tuple[int, ...]) -> TorchNetwork:
        """Move the module to the device; `shape` is not needed here."""
        return TorchNetwork(module, self.device)

"""Whether there is a GPU; asked before torch is, which takes seconds to import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

# NVIDIA's driver, NVIDIA's under Windows' Linux, AMD's
DRIVERS: Final = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")


def has_gpu() -> bool:
    """Whether torch can use a CUDA or Apple GPU here."""
    if sys.platform == "linux" and not any(Path(driver).exists() for driver in DRIVERS):
        return False
    import torch

    return torch.cuda.is_available() or torch.backends.mps.is_available()

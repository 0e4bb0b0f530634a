"""What of a published folder is pulled, and what is refused before anything is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from posetransfer.checkpoints.folder import CONFIG, DESCRIPTIONS
from posetransfer.errors import CheckpointError

MOST_BYTES: Final = 4 << 30  # of one target
# read by a program they could run what they hold; a target has no use for them
UNSAFE: Final = (
    ".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".npz", ".npy", ".h5", ".keras", ".onnx", ".tflite",
    ".py", ".pyc", ".so", ".dll", ".dylib", ".exe", ".sh", ".bat", ".js", ".whl", ".zip", ".tar", ".gz", ".7z",
)  # fmt: skip


def wanted_names(names: Iterable[str], target: str) -> list[str]:
    """Of a folder's file names those that make a target, config.json first; other harmless ones are left out.

    Raises CheckpointError if there is something that could run, or no config.json.
    """
    names = sorted(names)
    unsafe = [name for name in names if name.lower().endswith(UNSAFE)]
    if unsafe:
        raise CheckpointError(
            f"{target} holds {unsafe[0]}, a kind of file that can run code when it is opened. posetransfer takes "
            "weights as safetensors only; nothing was pulled. Ask whoever published it."
        )
    if CONFIG not in names:
        raise CheckpointError(f"{target} is not a target of posetransfer: it has no {CONFIG}. Nothing was pulled.")
    parts = [name for name in names if "/" not in name and name.endswith((".safetensors", ".mp4", ".png"))]
    described = [name for name in DESCRIPTIONS if name in names]
    return [CONFIG, *described, *(name for name in parts if name not in described)]


def check_total(total: int, target: str) -> None:
    """Raise CheckpointError if a target is larger than any can be."""
    if total > MOST_BYTES:
        raise CheckpointError(f"{target} has {total / 1e9:.1f} GB; targets have at most {MOST_BYTES / 1e9:.0f} GB.")

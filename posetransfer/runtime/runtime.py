"""Where networks run. One seam for all of them: generators, pose networks, face networks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from posetransfer.plugins import Registry
from posetransfer.types import Frame

if TYPE_CHECKING:
    from torch import nn

Array = NDArray[np.float32]

RUNTIMES = Registry(
    "runtime",
    {
        "openvino": "posetransfer.runtime.openvino:OpenVINORuntime",
        "torch": "posetransfer.runtime.torch:TorchRuntime",
    },
)


class Network(Protocol):
    """A network ready to run: arrays in, arrays out, no gradients."""

    runtime: str  # what really runs it, for reports: "openvino fp32 CPU", "torch fp16 cuda"

    def __call__(self, *inputs: Array | Frame) -> list[Array]:
        """Run once. Shapes and order are the network's own; every output is float32."""
        ...


class PictureNetwork(Protocol):
    """A network from a picture to a picture, ready to run. Levels become numbers and numbers levels where it runs."""

    runtime: str  # as of a Network; "openvino int8 CPU" too

    def __call__(self, picture: Frame) -> Frame:
        """[size, size, 3] in and out; the network itself sees and gives [1, 3, size, size] of -1..1."""
        ...

    def several(self, pictures: Iterable[Frame], at_once: int) -> Iterator[Frame]:
        """What the call makes of each, in order. Up to `at_once` may be taken before the first is given."""
        ...


class Runtime(Protocol):
    """Makes networks ready."""

    def picture_network(self, module: nn.Module, size: int) -> PictureNetwork:
        """A torch module in eval mode from [1, 3, size, size] of -1..1 to the same, as a network of pictures."""
        ...


class FileRuntime(Protocol):
    """A runtime that also reads networks from files."""

    def open_model(self, path: Path, shape: tuple[int, ...] | None = None) -> Network:
        """A network from a file, its input reshaped to `shape` if given. Raises WeightsMissing."""
        ...


def make_runtime(name: str = "auto") -> Runtime:
    """The runtime called `name`; `auto` takes torch where there is a GPU and OpenVINO on CPUs.

    (OpenVINO runs a 256x256 U-Net two to three times faster than eager torch on a CPU.) Raises UnknownName.
    """
    if name == "auto":
        from posetransfer.runtime.gpu import has_gpu

        name = "torch" if has_gpu() else "openvino"
    runtime: Runtime = RUNTIMES.resolve(name)()
    return runtime

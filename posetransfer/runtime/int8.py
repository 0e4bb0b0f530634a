"""int8 by post-training quantisation: NNCF (Apache-2.0) puts an OpenVINO model's layers into 8 bits, by examples."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from posetransfer.runtime.openvino import openvino
from posetransfer.types import Frame


def nncf_version() -> str | None:
    """The installed NNCF, told without importing it; None where there is none."""
    try:
        return version("nncf")
    except PackageNotFoundError:
        return None


def quantised(model: Any, pictures: Sequence[Frame]) -> Any:
    """A copy of a `picture_model` in int8, calibrated on pictures [size, size, 3] such as it will be shown.

    Weights are symmetric a channel, activations asymmetric where they are signed (preset MIXED), and the biases are
    corrected for what rounding moved. Raises ImportError where NNCF cannot be imported.
    """
    openvino()  # before NNCF imports it, so that neither sends statistics
    with _quiet():
        import nncf

        logging.getLogger("nncf").setLevel(logging.ERROR)  # set_log_level would turn down others' handlers on it too
        examples = nncf.Dataset([picture[None] for picture in pictures])
        return nncf.quantize(model.clone(), examples, preset=nncf.QuantizationPreset.MIXED, subset_size=len(pictures))


@contextmanager
def _quiet() -> Iterator[None]:
    """NNCF draws bars on the standard output, has torch warn of a CUDA it does not need, and makes later loggers its
    own class's."""
    import rich

    console, torchs = rich.get_console(), logging.getLogger("torch.utils.cpp_extension")
    shown, level, kind = not console.quiet, torchs.level, logging.getLoggerClass()
    console.quiet = True
    torchs.setLevel(logging.ERROR)
    try:
        yield
    finally:
        console.quiet = not shown
        torchs.setLevel(level)
        logging.setLoggerClass(kind)

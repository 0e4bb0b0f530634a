"""Networks on CPUs by OpenVINO: torch modules converted in memory, and IR, ONNX, TFLite or TensorFlow files."""

from __future__ import annotations

import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from posetransfer.errors import WeightsMissing
from posetransfer.runtime.runtime import Array

if TYPE_CHECKING:
    from torch import nn


@cache
def _core() -> Any:
    import openvino

    return openvino.Core()


class OpenVINONetwork:
    """A compiled model with one request: call it from one thread at a time."""

    def __init__(self, model: Any, threads: int | None = None) -> None:
        # The default would follow the CPU and pick bf16 where it is native; fp32 holds outputs to torch's.
        options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        if threads is not None:
            options["INFERENCE_NUM_THREADS"] = threads
        compiled = _core().compile_model(model, "CPU", options)
        self.runtime = "openvino fp32 CPU"
        self._request = compiled.create_infer_request()
        self._outputs = list(compiled.outputs)

    def __call__(self, *inputs: Array) -> list[Array]:
        results = self._request.infer(list(inputs), share_inputs=True)
        return [np.array(results[output], np.float32) for output in self._outputs]


class OpenVINORuntime:
    """The CPU runtime. `threads`: None lets OpenVINO take the machine's cores."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads

    def compile_module(self, module: nn.Module, shape: tuple[int, ...]) -> OpenVINONetwork:
        """Convert a torch module in memory and compile it for float32 inputs of `shape`."""
        import openvino
        import torch

        module = module.eval().float().cpu()
        with torch.no_grad(), warnings.catch_warnings():
            # OpenVINO traces the module with torch.jit, whose end torch announces
            warnings.filterwarnings("ignore", ".*torch.jit.trace", FutureWarning)
            model = openvino.convert_model(module, example_input=torch.zeros(shape), input=[shape])
        return OpenVINONetwork(model, self.threads)

    def open_model(self, path: Path, shape: tuple[int, ...] | None = None) -> OpenVINONetwork:
        """Read a model file (.xml, .onnx, .tflite, .pb), reshape its input if asked, and compile it."""
        if not path.is_file():
            raise WeightsMissing(f"The weights {path.name} are not at {path.parent}. Give the path of the file.")
        model = _core().read_model(path)
        if shape is not None:
            model.reshape(list(shape))
        return OpenVINONetwork(model, self.threads)

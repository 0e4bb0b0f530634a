"""Networks on CPUs by OpenVINO: torch modules converted in memory, and IR, ONNX, TFLite or TensorFlow files."""

from __future__ import annotations

import sys
import warnings
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from posetransfer.errors import WeightsMissing
from posetransfer.runtime.runtime import Array
from posetransfer.types import Frame

if TYPE_CHECKING:
    from torch import nn

Precision = Literal["fp32", "bf16", "int8"]
# The default would follow the CPU and pick bf16 where it is native; fp32 holds outputs to torch's. An int8 model says
# itself which layers are int8: the hint is for the others.
HINTS: Final = {"fp32": "f32", "bf16": "bf16", "int8": "f32"}


@cache
def openvino() -> Any:
    """The package, told to keep its usage statistics to itself: it would send them at each import.

    It takes a missing openvino_telemetry for an answer, and so does NNCF.
    """
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


@cache
def core() -> Any:
    """OpenVINO's devices and plug-ins, once for the process."""
    return openvino().Core()


def processor() -> str:
    """The CPU's name as OpenVINO tells it."""
    return str(core().get_property("CPU", "FULL_DEVICE_NAME"))


def has_bf16() -> bool:
    """Whether the CPU computes in bf16."""
    return "BF16" in core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _requests(model: Any, precision: Precision, threads: int | None, at_once: int = 1) -> list[Any]:
    """Requests of the model compiled for this CPU, which run at the same time and share the threads."""
    options: dict[str, Any] = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": HINTS[precision]}
    if at_once > 1:
        options["NUM_STREAMS"] = at_once
    if threads is not None:
        options["INFERENCE_NUM_THREADS"] = threads
    compiled = core().compile_model(model, "CPU", options)
    return [compiled.create_infer_request() for _ in range(at_once)]


def limit_threads(threads: int) -> None:
    """Threads of each network that this process compiles from now on without being told how many: where two networks
    run beside each other, more than half of the cores for each would only wait for one another."""
    core().set_property("CPU", {"INFERENCE_NUM_THREADS": threads})


class OpenVINONetwork:
    """A compiled model: use it from one thread at a time. at_once: how often it can be under way; they share the
    threads."""

    def __init__(
        self, model: Any, precision: Precision = "fp32", threads: int | None = None, at_once: int = 1
    ) -> None:
        self.runtime = f"openvino {precision} CPU"
        self._free = _requests(model, precision, threads, at_once)

    def __call__(self, *inputs: Array | Frame) -> list[Array]:
        return self.begin(*inputs)()

    def begin(self, *inputs: Array | Frame) -> Callable[[], list[Array]]:
        """Start one run, while less than `at_once` are under way. What is given waits for its outputs, and is to be
        called once."""
        request = self._free.pop()
        request.start_async(list(inputs), share_inputs=True)

        def outputs() -> list[Array]:
            request.wait()
            self._free.append(request)
            return [np.array(output.data, np.float32) for output in request.output_tensors]

        return outputs


class OpenVINOPictures:
    """A `picture_model`, compiled when it is first used: call it from one thread at a time."""

    def __init__(self, model: Any, precision: Precision = "fp32", threads: int | None = None) -> None:
        self.runtime = f"openvino {precision} CPU"
        self._compile = partial(_requests, model, precision, threads)

    def __call__(self, picture: Frame) -> Frame:
        self._request.start_async([picture[None]], share_inputs=True)
        return _made(self._request)

    def several(self, pictures: Iterable[Frame], at_once: int) -> Iterator[Frame]:
        """See `PictureNetwork`. A thread a picture takes two thirds of what two threads take for one after another."""
        if at_once == 1:
            yield from map(self, pictures)
            return
        free, busy = deque(self._compile(at_once)), deque[Any]()
        try:
            for picture in pictures:
                if not free:
                    yield _made(busy[0])
                    free.append(busy.popleft())
                busy.append(free.popleft())
                busy[-1].start_async([picture[None]])
            while busy:
                yield _made(busy.popleft())
        finally:
            for request in busy:  # none may run on behind a caller who has left
                request.wait()

    @cached_property
    def _request(self) -> Any:
        return self._compile()[0]


def _made(request: Any) -> Frame:
    """The picture that a request under way makes; a copy, as its next run writes over what it holds."""
    request.wait()
    return np.array(request.get_output_tensor(0).data[0], np.uint8)


def picture_model(module: nn.Module, size: int) -> Any:
    """A torch module from [1, 3, size, size] of -1..1 to the same, converted into a model of [1, size, size, 3] bytes.

    Levels to numbers and back are in its graph, rounded to the nearest as in `to_frames`.
    """
    import torch

    shape, example = (1, 3, size, size), torch.zeros(1, 3, size, size)
    with torch.no_grad(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*torch.jit", FutureWarning)  # torch announces its end
        # OpenVINO would trace it too, and then run it twice more to compare, which takes most of the conversion's time
        traced = torch.jit.trace(module.eval().float().cpu(), example, check_trace=False)
        model = openvino().convert_model(traced, example_input=example, input=[shape])
    return _with_pictures(model)


def _with_bytes(model: Any, mean: float, scale: float) -> Any:
    """The model with bytes for the floats that it is given."""
    from openvino.preprocess import PrePostProcessor

    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(openvino().Type.u8)
    steps.input().preprocess().convert_element_type(openvino().Type.f32).mean(mean).scale(scale)
    return steps.build()


def _with_pictures(model: Any) -> Any:
    """The model with bytes for floats and channels last on both sides."""
    from openvino import opset13 as ops  # after openvino(): picture_model called it
    from openvino.preprocess import PrePostProcessor

    def levels(made: Any) -> Any:
        scaled = ops.multiply(ops.add(made, np.float32(1)), np.float32(127.5))
        return ops.convert(ops.clamp(ops.round(scaled, "half_to_even"), 0, 255), "u8").output(0)

    layout, kind = openvino().Layout, openvino().Type
    steps = PrePostProcessor(model)
    steps.input().tensor().set_element_type(kind.u8).set_layout(layout("NHWC"))
    steps.input().model().set_layout(layout("NCHW"))
    steps.input().preprocess().convert_element_type(kind.f32).mean(127.5).scale(127.5)
    steps.output().model().set_layout(layout("NCHW"))
    steps.output().tensor().set_layout(layout("NHWC"))
    steps.output().postprocess().custom(levels)
    return steps.build()


class OpenVINORuntime:
    """The CPU runtime. `threads`: None lets OpenVINO take the machine's cores."""

    def __init__(self, threads: int | None = None) -> None:
        self.threads = threads

    def picture_network(self, module: nn.Module, size: int) -> OpenVINOPictures:
        """Convert a torch module in memory and compile it in fp32."""
        return OpenVINOPictures(picture_model(module, size), "fp32", self.threads)

    def open_model(
        self,
        path: Path,
        shape: tuple[int, ...] | None = None,
        precision: Precision = "fp32",
        without: Collection[int] = (),
        levels: tuple[float, float] | None = None,
        at_once: int = 1,
    ) -> OpenVINONetwork:
        """Read a model file (.xml, .onnx, .tflite, .pb), reshape its input if asked, and compile it.

        without: numbers of outputs that are left out, with all that only they need; the others move up. levels: the
        network is given bytes, of which it takes the first number before it divides by the second. at_once: see
        `OpenVINONetwork`; each has `threads`.
        """
        if not path.is_file():
            raise WeightsMissing(f"The weights {path.name} are not at {path.parent}. Give the path of the file.")
        model = core().read_model(path)
        if shape is not None:
            model.reshape(list(shape))
        for result in [model.get_results()[number] for number in without]:
            model.remove_result(result)
        if levels is not None:
            model = _with_bytes(model, *levels)
        threads = None if self.threads is None else at_once * self.threads
        return OpenVINONetwork(model, precision, threads, at_once)

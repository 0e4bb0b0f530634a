"""What a made frame takes by each runtime, and by each of OpenVINO's settings alone: `python -m benchmarks.runtimes`.

OpenVINO's rows are measured in turn, so that whatever else the machine does falls on all of them. Wall time is the
median; CPU time counts both cores, and says what a frame costs where the cores are shared. Written to
benchmarks/results/runtimes.json and printed as tables.
"""

from __future__ import annotations

import json
import statistics
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from torch import nn

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.evaluate.timing.machine import machine
from posetransfer.methods.pix2pix.config import Pix2PixConfig, preset
from posetransfer.methods.pix2pix.data import input_frame, to_frames
from posetransfer.methods.pix2pix.networks import Generator, initialise
from posetransfer.methods.pix2pix.rearranged import rearranged
from posetransfer.methods.pix2pix.weights import load_weights
from posetransfer.runtime.int8 import quantised
from posetransfer.runtime.openvino import HINTS, OpenVINOPictures, core, openvino, picture_model
from posetransfer.runtime.torch import TorchRuntime
from posetransfer.types import Frame, PosedFrame
from posetransfer.video.read import read_frames

RESULTS: Final = Path(__file__).parent / "results"
REEL: Final = Path(__file__).parent / "performers" / "reels" / "test-kofi" / "reel.mp4"
ROUNDS: Final = 20
CALIBRATING: Final = 32
Make = Callable[[Frame], Frame]


def main() -> None:
    tables: dict[str, Any] = {"machine": machine()}
    for name, (generator, config) in networks().items():
        shown = inputs(config)
        plain = {"torch fp32": TorchRuntime("cpu").picture_network(generator, config.size)}
        # on its own: torch's threads go on spinning for a while, at the cost of whoever comes next
        tables[name] = measured(plain, shown[0], 8) | measured(rows(generator, config.size, shown), shown[0])
        print_table(name, tables[name])
    generator, config = bundled("pose2pics")
    shown = inputs(config)
    tables["settings"] = measured(settings(generator, config.size, shown), shown[0])
    print_table("settings, ines pose2pics at 256", tables["settings"])
    (RESULTS / "runtimes.json").write_text(json.dumps(tables, indent=1) + "\n")


def networks() -> dict[str, tuple[Generator, Pix2PixConfig]]:
    """The bundled ones, and larger ones whose weights are random: their time is that of any."""
    return {
        "ines pose2pics at 256": bundled("pose2pics"),
        "ines pics2pics at 256": bundled("pics2pics"),
        "fast at 512 (random weights)": random(preset("fast", size=512)),
        "standard at 256 (random weights)": random(preset("standard", size=256)),
        "standard at 512 (random weights)": random(preset("standard", size=512)),
    }


def bundled(method: str) -> tuple[Generator, Pix2PixConfig]:
    ines = open_checkpoint(BUNDLED / "ines")
    section = ines.methods[method]
    config = Pix2PixConfig.from_json(section["config"])
    return load_weights(config, ines.folder / section["weights"]), config


def random(config: Pix2PixConfig) -> tuple[Generator, Pix2PixConfig]:
    generator = Generator(config)
    initialise(generator, torch.Generator().manual_seed(0))
    return generator.eval().requires_grad_(False), config


def inputs(config: Pix2PixConfig) -> list[Frame]:
    """Pose frames of ines's own poses, or the driver's pictures, [size, size, 3]."""
    if config.input == "picture":
        frames = islice(read_frames(REEL), 0, CALIBRATING * 4, 4)
        return [np.ascontiguousarray(frame[: config.size, : config.size]) for frame in frames]
    ines = open_checkpoint(BUNDLED / "ines")
    samples = ines.samples(ines.open_method("pose2pics"))
    scale = config.size / ines.target.window.size
    posed = [PosedFrame(sample.posed.pose * (scale, scale, 1)) for sample in islice(samples, CALIBRATING)]
    return [input_frame(pose.astype(np.float32), None, None, config) for pose, _, _ in posed]


def rows(generator: Generator, size: int, shown: list[Frame]) -> dict[str, Make]:
    model = picture_model(rearranged(generator), size)
    return {
        "openvino fp32": OpenVINOPictures(model),
        "openvino bf16": OpenVINOPictures(model, "bf16"),
        "openvino int8": OpenVINOPictures(quantised(model, shown), "int8"),
    }


def settings(generator: Generator, size: int, shown: list[Frame]) -> dict[str, Make]:
    """One setting at a time. What runs is in the rows "bytes in and out"."""
    model = picture_model(rearranged(generator), size)
    int8 = quantised(model, shown)
    return {
        "fp32, floats in and out": Floats(rearranged(generator), size),
        "fp32, bytes in and out": OpenVINOPictures(model),
        "int8, bytes in and out": OpenVINOPictures(int8, "int8"),
        "int8, last layer transposed": OpenVINOPictures(quantised(picture_model(generator, size), shown), "int8"),
        "int8, the rest in bf16": OpenVINOPictures(int8, "bf16"),
        "int8, one thread": OpenVINOPictures(int8, "int8", threads=1),
        "int8, result copied twice": Copied(int8),
        "int8, hint THROUGHPUT": Throughput(int8),
    }


class Floats:
    """The network alone in OpenVINO; numpy turns levels into numbers and back."""

    def __init__(self, generator: nn.Module, size: int) -> None:
        shape = (1, 3, size, size)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # OpenVINO traces with torch.jit, whose end torch announces
            model = openvino().convert_model(generator, example_input=torch.zeros(shape), input=[shape])
        self._request = compiled(model, "LATENCY")

    def __call__(self, picture: Frame) -> Frame:
        shown = np.ascontiguousarray(picture[None].transpose(0, 3, 1, 2), np.float32) / np.float32(127.5)
        return to_frames(self._request.infer([shown - np.float32(1)], share_inputs=True)[0])[0]


class Copied:
    """Outputs that are not shared: OpenVINO copies them, and so do we."""

    def __init__(self, model: Any) -> None:
        self._request = compiled(model, "LATENCY")

    def __call__(self, picture: Frame) -> Frame:
        return np.array(self._request.infer([picture[None]], share_inputs=True)[0][0], np.uint8)


class Throughput(Copied):
    """OpenVINO's other hint: several streams of a thread each, of which one frame at a time uses one."""

    def __init__(self, model: Any) -> None:
        self._request = compiled(model, "THROUGHPUT")


def compiled(model: Any, hint: str) -> Any:
    options = {"PERFORMANCE_HINT": hint, "INFERENCE_PRECISION_HINT": HINTS["fp32"]}
    return core().compile_model(model, "CPU", options).create_infer_request()


def measured(makers: Mapping[str, Make], picture: Frame, rounds: int = ROUNDS) -> dict[str, dict[str, float]]:
    """Milliseconds a frame by row: median and least of wall time, median of CPU time."""
    torch.set_num_threads(2)
    wall: dict[str, list[float]] = {name: [] for name in makers}
    cpu: dict[str, list[float]] = {name: [] for name in makers}
    for number in range(rounds + 2):
        for name, make in makers.items():
            for times, clock in timed(make, picture, number < 2):
                (wall if clock == "wall" else cpu)[name].extend(times)
    return {
        name: {
            "median_ms": round(statistics.median(wall[name]), 1),
            "least_ms": round(min(wall[name]), 1),
            "cpu_ms": round(statistics.median(cpu[name]), 1),
        }
        for name in makers
    }


def timed(make: Make, picture: Frame, warming: bool) -> Iterator[tuple[list[float], str]]:
    begun, used = time.perf_counter(), time.process_time()
    make(picture)
    wall, cpu = 1000 * (time.perf_counter() - begun), 1000 * (time.process_time() - used)
    yield ([] if warming else [wall]), "wall"
    yield ([] if warming else [cpu]), "cpu"


def print_table(name: str, table: Mapping[str, Mapping[str, float]]) -> None:
    print(f"\n{name}\n\n| | median ms | least ms | CPU ms |\n|---|---|---|---|")
    for row, times in table.items():
        print(f"| {row} | {times['median_ms']} | {times['least_ms']} | {times['cpu_ms']} |", flush=True)


if __name__ == "__main__":
    main()

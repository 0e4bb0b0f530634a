"""What a frame takes by each form of the network as it stands: random weights, whose time is that of any."""

from __future__ import annotations

from typing import Any, Final, get_args

from benchmarks.runtimes import inputs, measured, random
from benchmarks.students.points import FAST, POINTS
from posetransfer.methods.pix2pix.config import Outermost, Pix2PixConfig, preset
from posetransfer.runtime.int8 import quantised
from posetransfer.runtime.openvino import OpenVINOPictures, picture_model

WIDTHS: Final = (8, 12, 16, 24, 32)
DEPTHS: Final = (5, 6)


def form(config: Pix2PixConfig) -> str:
    """A network's name in the table of times."""
    return f"ngf {config.ngf}, {config.outermost}" + (f", {config.levels} levels" if config.levels else "")


def forms() -> dict[str, Pix2PixConfig]:
    """The grid, and what the points are made of."""
    grid = [preset("fast", ngf=ngf, outermost=kind, levels=0) for ngf in WIDTHS for kind in get_args(Outermost)]
    grid += [preset("fast", ngf=16, outermost="shuffle2", levels=levels) for levels in DEPTHS]
    return {form(config): config for config in (*grid, FAST, *(point.config for point in POINTS.values()))}


def times() -> dict[str, Any]:
    """Milliseconds a frame in fp32 and in int8, by form, all in turn: median, least, and processor time."""
    makers, parameters, shown = {}, {}, inputs(FAST)
    for name, config in forms().items():
        generator, _ = random(config)
        model = picture_model(generator, config.size)
        makers[f"{name} fp32"] = OpenVINOPictures(model)
        makers[f"{name} int8"] = OpenVINOPictures(quantised(model, shown[:4]), "int8")
        parameters[name] = sum(parameter.numel() for parameter in generator.parameters())
    found = measured(makers, shown[0])
    return {
        name: {"parameters": parameters[name], "fp32": found[f"{name} fp32"], "int8": found[f"{name} int8"]}
        for name in parameters
    }

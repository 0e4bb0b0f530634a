"""The quickest way to run a generator on this CPU that still shows its pictures; found by trying, once, and kept.

Candidates are fp32, bf16 where the CPU has it, and int8 (NNCF). Each must be as like the truth as fp32 is, within
`WITHIN`, on frames that int8 was not calibrated on; of those that are, the quickest runs.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from posetransfer.evaluate.metrics import crop, ssim
from posetransfer.methods.method import SAMPLES
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.runtime.cache import NetworkCache
from posetransfer.runtime.int8 import nncf_version, quantised
from posetransfer.runtime.openvino import OpenVINOPictures, Precision, has_bf16, picture_model, processor
from posetransfer.runtime.runtime import PictureNetwork
from posetransfer.streams import closing_source
from posetransfer.types import Box, Frame, Progress

if TYPE_CHECKING:
    from posetransfer.methods.pix2pix.networks import Generator as Network

WITHIN: Final = 0.005  # SSIM on the body that may be lost
LEAST: Final = 12  # examples; of fewer none is used. Two thirds calibrate, a third is compared
QUICK_MS: Final = 5.0  # a network this quick gains less than any of the other stages varies by
FASTER: Final = 0.9  # a candidate's share of fp32's time from which on it is worth a change
ROUNDS: Final = (3, 12)  # of timing, fewest and most
TIMING_MS: Final = 300.0  # for each candidate, about
STEPS: Final = 3
RECIPE: Final = 2  # counts up when what is written here changes what is made


class Example(NamedTuple):
    """A picture that the network is shown, where the body is in what it makes of it, and the true frame if known."""

    shown: Frame
    box: Box
    truth: Frame | None


@dataclass(frozen=True)
class Fit:
    """What was found. ssim: on bodies, mean over the compared frames, by precision; milliseconds: for a frame.

    truths: how many of the compared frames were true ones; for the others fp32's own stand in.
    """

    precision: Precision
    ssim: dict[Precision, float]
    milliseconds: dict[Precision, float]
    calibrated: int
    compared: int
    truths: int
    notes: tuple[str, ...]

    @classmethod
    def from_json(cls, facts: Mapping[str, Any]) -> Fit:
        """The inverse of `asdict` by way of JSON."""
        return cls(**{**facts, "notes": tuple(facts["notes"])})


def fitted(
    generator: Network, config: Pix2PixConfig, examples: Iterable[Example]
) -> Generator[Progress, None, tuple[PictureNetwork, Fit | None]]:
    """The generator made ready, and what was found about it; None where nothing was tried.

    Takes seconds the first time, and yields where it is. examples: are read only then; where they are too few, or
    the network is quick anyway, it runs in fp32 and nothing is kept.
    """
    from posetransfer.methods.pix2pix.rearranged import rearranged
    from posetransfer.methods.pix2pix.weights import half_tensors

    kept_tensors = {name: tensor.numpy() for name, tensor in half_tensors(generator.state_dict()).items()}
    cache, key = NetworkCache(), _key(kept_tensors, config)
    kept = cache.get(key, Fit.from_json)
    model = picture_model(rearranged(generator), config.size) if kept is None or kept[1] is None else kept[1]
    if kept is not None:
        return OpenVINOPictures(model, kept[0].precision), kept[0]
    plain = OpenVINOPictures(model)
    if _milliseconds({"fp32": plain}, np.zeros((config.size, config.size, 3), np.uint8))["fp32"] < QUICK_MS:
        return plain, None
    with closing_source(examples) as source:
        chosen = list(islice(source, SAMPLES))
    if len(chosen) < LEAST:
        return plain, None
    yield Progress("load", 1, STEPS, "int8 is calibrated, once on this machine")
    calibrating = [example.shown for number, example in enumerate(chosen) if number % 3 != 2]
    int8, missing = _int8(model, calibrating)
    candidates: dict[Precision, PictureNetwork] = {"fp32": plain}
    if has_bf16():
        candidates["bf16"] = OpenVINOPictures(model, "bf16")
    if int8 is not None:
        candidates["int8"] = OpenVINOPictures(int8, "int8")
    yield Progress("load", 2, STEPS, "int8 is compared with fp32, once on this machine")
    fit = _fit(candidates, chosen[2::3], len(calibrating), missing)
    cache.put(key, asdict(fit), int8 if fit.precision == "int8" else None)
    yield Progress("load", STEPS, STEPS, fit.precision)
    return candidates[fit.precision], fit


def remembered(path: Path, config: Pix2PixConfig) -> tuple[PictureNetwork, Fit] | None:
    """What `fitted` found for the weights in `path`, if it was int8, whose model is kept whole: no torch is needed."""
    try:
        key = _key(load_file(path), config)
    except (OSError, SafetensorError):
        return None  # who loads the weights says what is wrong with them
    kept = NetworkCache().get(key, Fit.from_json)
    if kept is None or kept[1] is None:
        return None
    return OpenVINOPictures(kept[1], kept[0].precision), kept[0]


def _int8(model: Any, pictures: Sequence[Frame]) -> tuple[Any, str]:
    """The model in int8, or None and why not."""
    try:
        return quantised(model, pictures), ""
    except ImportError as error:
        return None, str(error)


def _fit(
    candidates: Mapping[Precision, PictureNetwork], held_out: Sequence[Example], calibrated: int, missing: str
) -> Fit:
    likeness = _likeness(candidates, held_out)
    times = _milliseconds(candidates, held_out[0].shown)
    precision = choice(likeness, times)
    return Fit(
        precision=precision,
        ssim=likeness,
        milliseconds=times,
        calibrated=calibrated,
        compared=len(held_out),
        truths=sum(example.truth is not None for example in held_out),
        notes=_notes(precision, likeness, times, missing),
    )


def _key(weights: Mapping[str, NDArray[Any]], config: Pix2PixConfig) -> str:
    """The weights as a checkpoint keeps them, the network, the libraries, and the machine."""
    made_by = {"recipe": RECIPE, "openvino": version("openvino"), "nncf": nncf_version()}
    made_for = {"cpu": processor(), "cores": os.cpu_count()}
    key = hashlib.sha256(json.dumps([config.to_json(), made_by, made_for], sort_keys=True).encode())
    for name, tensor in sorted(weights.items()):
        key.update(name.encode())
        key.update(tensor.tobytes())
    return key.hexdigest()


def _likeness(candidates: Mapping[Precision, PictureNetwork], held_out: Sequence[Example]) -> dict[Precision, float]:
    """Mean SSIM on the bodies by candidate: with the true frames, or with fp32's where there is none."""
    scores: dict[Precision, list[float]] = {name: [] for name in candidates}
    for shown, box, truth in held_out:
        plain = candidates["fp32"](shown)
        wanted = crop(plain if truth is None else truth, box)
        for name, network in candidates.items():
            scores[name].append(ssim(crop(plain if name == "fp32" else network(shown), box), wanted))
    return {name: round(float(np.mean(values)), 5) for name, values in scores.items()}


def _milliseconds(candidates: Mapping[Precision, PictureNetwork], picture: Frame) -> dict[Precision, float]:
    """What each takes for a frame at best: they run in turn, and on a busy machine the least tells most."""
    best = {name: _once(network, picture) for name, network in candidates.items()}  # the first run warms up
    rounds = int(np.clip(TIMING_MS / max(best["fp32"], 1e-3), *ROUNDS))
    for _ in range(rounds):
        for name, network in candidates.items():
            best[name] = min(best[name], _once(network, picture))
    return {name: round(milliseconds, 3) for name, milliseconds in best.items()}


def _once(network: PictureNetwork, picture: Frame) -> float:
    begun = time.perf_counter()
    network(picture)
    return 1000 * (time.perf_counter() - begun)


def choice(likeness: Mapping[Precision, float], times: Mapping[Precision, float]) -> Precision:
    """The quickest of those that are as like the truth (SSIM) as fp32 is; fp32 if that saves hardly anything (ms)."""
    alike = [name for name in times if likeness["fp32"] - likeness[name] <= WITHIN]
    quickest = min(alike, key=lambda name: times[name])
    return quickest if times[quickest] < FASTER * times["fp32"] else "fp32"


def _notes(
    precision: Precision, likeness: Mapping[Precision, float], times: Mapping[Precision, float], missing: str
) -> tuple[str, ...]:
    """What a report should say: why a network is slower than others of its size."""
    if missing:
        return (
            f"The network runs in {precision}: int8, about three times quicker, needs NNCF, which cannot be imported "
            f"({missing}). Install it with: pip install nncf",
        )
    lost = likeness["fp32"] - likeness["int8"]
    if lost > WITHIN and times["int8"] < times[precision]:
        return (
            f"The network runs in {precision}, {times[precision]:.0f} ms a picture: int8 takes {times['int8']:.0f} ms "
            f"but would cost {lost:.3f} of SSIM on the body, and {WITHIN} is the most that may be lost.",
        )
    return ()

"""Which runtime a network gets: as like the truth as fp32, never slower, found once, and said where it is fp32."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch

from posetransfer.checkpoints.folder import Checkpoint, open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.evaluate.metrics import body_box, crop, ssim
from posetransfer.methods.method import Sample
from posetransfer.methods.pix2pix.config import Pix2PixConfig, preset
from posetransfer.methods.pix2pix.fitted import LEAST, WITHIN, choice
from posetransfer.methods.pix2pix.generate import Pose2Pics
from posetransfer.methods.pix2pix.networks import Generator
from posetransfer.methods.pix2pix.weights import load_weights
from posetransfer.runtime.gpu import has_gpu
from posetransfer.runtime.openvino import OpenVINOPictures, has_bf16, picture_model
from posetransfer.runtime.runtime import PictureNetwork
from posetransfer.runtime.torch import TorchRuntime
from posetransfer.types import Progress
from tests.driven import driven

pytestmark = pytest.mark.skipif(has_gpu(), reason="Where there is a GPU, auto is torch.")


@pytest.fixture(scope="module")
def ines() -> Checkpoint:
    return open_checkpoint(BUNDLED / "ines")


@pytest.fixture(scope="module")
def samples(ines: Checkpoint) -> list[Sample]:
    """Fewer than a run takes, so that this stays short: eight calibrate, four are compared."""
    return list(ines.samples(ines.open_method("pose2pics")))[::4][:LEAST]


@pytest.fixture(scope="module")
def generator(ines: Checkpoint) -> tuple[Generator, Pix2PixConfig]:
    section = ines.methods["pose2pics"]
    config = Pix2PixConfig.from_json(section["config"])
    return load_weights(config, ines.folder / section["weights"]), config


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSETRANSFER_CACHE", str(folder))
        yield folder / "networks"


@pytest.fixture(scope="module")
def first(cache: Path, ines: Checkpoint, samples: list[Sample]) -> tuple[Pose2Pics, list[Progress]]:
    """The bundled network prepared for the first time, and what was seen of that."""
    method = ines.open_method("pose2pics")
    assert isinstance(method, Pose2Pics)
    return method, driven(method.prepare(samples))[0]


def never() -> Iterator[Sample]:
    raise AssertionError("the samples were read")
    yield


def test_the_first_time_is_seen_and_what_was_found_is_kept_to(first: tuple[Pose2Pics, list[Progress]]) -> None:
    method, seen = first
    assert [(step.stage, step.done, step.total) for step in seen] == [("load", done, 3) for done in (1, 2, 3)]
    fit = method.fit
    assert fit is not None and (fit.calibrated, fit.compared, fit.truths) == (8, 4, 4)
    assert fit.ssim["fp32"] > 0.8  # of the true frames, as trained
    assert all(fit.ssim["fp32"] - like <= WITHIN for like in fit.ssim.values()), fit.ssim
    assert fit.milliseconds[fit.precision] <= fit.milliseconds["fp32"]
    assert method.runtime_used == f"openvino {fit.precision} CPU" and not method.runtime_notes


def test_the_second_time_is_as_the_first(
    first: tuple[Pose2Pics, list[Progress]], cache: Path, ines: Checkpoint, samples: list[Sample]
) -> None:
    again = ines.open_method("pose2pics")
    assert driven(again.prepare(never()))[0] == []
    assert again.runtime_used == first[0].runtime_used
    posed = [sample.posed for sample in samples[:3]]
    for one, other in zip(first[0].generate(posed), again.generate(posed), strict=True):
        np.testing.assert_array_equal(one, other)


def test_every_precision_shows_what_torch_shows(
    first: tuple[Pose2Pics, list[Progress]], ines: Checkpoint, generator: tuple[Generator, Pix2PixConfig]
) -> None:
    model = picture_model(generator[0], generator[1].size)
    plain = OpenVINOPictures(model)
    bounds: list[tuple[PictureNetwork, float, int]] = [(plain, 0.9999, 2)]
    if has_bf16():
        bounds.append((OpenVINOPictures(model, "bf16"), 0.998, 10))
    assert first[0].fit is not None
    if first[0].fit.precision == "int8":
        bounds.append((first[0]._ready(), 0.99, 60))
    reference = TorchRuntime("cpu").picture_network(generator[0], generator[1].size)
    bank = ines.open_method("knn").bank  # type: ignore[attr-defined]
    for pose in bank.joints[77::500]:
        shown, box = draw_pose_frame(pose, None, 256), body_box(pose, (256, 256))
        assert box is not None
        wanted = reference(shown)
        for network, likeness, levels in bounds:
            made = network(shown)
            assert ssim(crop(made, box), crop(wanted, box)) >= likeness, network.runtime
            assert np.abs(made.astype(int) - wanted).max() <= levels, network.runtime


def test_a_damaged_model_is_not_run_but_the_choice_made_anew(
    first: tuple[Pose2Pics, list[Progress]],
    cache: Path,
    ines: Checkpoint,
    samples: list[Sample],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if first[0].runtime_used != "openvino int8 CPU":
        pytest.skip("On this CPU int8 is not the quickest, so no model is kept.")
    (path,) = cache.glob("*.bin")
    whole = path.read_bytes()
    path.unlink()  # the model may still be mapped
    path.write_bytes(whole[:1000] + b"damaged" + whole[1007:])
    monkeypatch.setitem(sys.modules, "nncf", None)  # what saves the time of a second calibration
    again = ines.open_method("pose2pics")
    assert len(driven(again.prepare(samples))[0]) == 3
    assert again.runtime_used in ("openvino fp32 CPU", "openvino bf16 CPU") and not path.exists()


def hard_to_quantise(ines: Checkpoint) -> tuple[Generator, Pix2PixConfig]:
    """The bundled network with one channel a thousand times as strong, and its reader as much weaker: in fp32 the same
    pictures, but eight bits for that layer now tell that channel's levels and no other's."""
    section = ines.methods["pose2pics"]
    config = Pix2PixConfig.from_json(section["config"])
    network, channel = load_weights(config, ines.folder / section["weights"]), 5
    with torch.no_grad():
        norm, reader = network.up[-2][2], network.up[-1][1]
        norm.weight[channel] *= 1000
        norm.bias[channel] *= 1000
        reader.weight[channel] /= 1000
    return network, config


def test_a_network_that_int8_would_spoil_is_left_in_more_bits(
    cache: Path, ines: Checkpoint, samples: list[Sample], generator: tuple[Generator, Pix2PixConfig]
) -> None:
    network, config = hard_to_quantise(ines)
    method = Pose2Pics(network, config, {})
    assert len(driven(method.prepare(samples))[0]) == 3
    fit = method.fit
    assert fit is not None and fit.precision != "int8" and method.runtime_used != "openvino int8 CPU"
    assert fit.ssim["fp32"] - fit.ssim["int8"] > WITHIN
    plain = Pose2Pics(*generator, {}, "openvino")
    posed = [samples[0].posed]
    made, wanted = next(method.generate(posed)), next(plain.generate(posed))
    assert np.abs(made.astype(int) - wanted).mean() < 1
    assert "would cost" in method.runtime_notes[0] and "SSIM" in method.runtime_notes[0]
    again = Pose2Pics(network, config, {})
    assert driven(again.prepare(never()))[0] == [] and again.runtime_notes == method.runtime_notes


def test_without_nncf_it_runs_all_the_same_and_says_so(
    tmp_path: Path, ines: Checkpoint, samples: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path))
    monkeypatch.setitem(sys.modules, "nncf", None)  # as if it were not installed: importing it fails
    method = ines.open_method("pose2pics")
    driven(method.prepare(samples))
    assert method.runtime_used in ("openvino fp32 CPU", "openvino bf16 CPU")
    assert "pip install nncf" in method.runtime_notes[0]


def test_too_few_samples_choose_nothing(
    tmp_path: Path, ines: Checkpoint, samples: list[Sample], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path))
    method = ines.open_method("pose2pics")
    assert driven(method.prepare(samples[1:]))[0] == []
    assert method.runtime_used == "openvino fp32 CPU" and not list(tmp_path.iterdir())


def test_a_quick_network_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path))
    config = preset("fast", size=32, ngf=4)
    method = Pose2Pics(Generator(config).eval(), config, {})
    assert driven(method.prepare(never()))[0] == []
    assert method.runtime_used == "openvino fp32 CPU" and not list(tmp_path.iterdir())


def test_the_quickest_that_is_alike_is_chosen() -> None:
    likeness = {"fp32": 0.8, "bf16": 0.8, "int8": 0.7951}
    times = {"fp32": 12.0, "bf16": 10.0, "int8": 4.0}
    assert choice(likeness, times) == "int8"  # type: ignore[arg-type]
    assert choice({**likeness, "int8": 0.7949}, times) == "bf16"  # type: ignore[arg-type]
    assert choice({**likeness, "int8": 0.9}, {**times, "int8": 13.0}) == "bf16"  # type: ignore[arg-type]
    assert choice(likeness, {"fp32": 12.0, "bf16": 11.5, "int8": 12.5}) == "fp32"  # type: ignore[arg-type]
    assert choice({"fp32": 0.8}, {"fp32": 12.0}) == "fp32"

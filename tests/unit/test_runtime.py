"""Runtimes: the same network gives the same numbers wherever it runs, and says where."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from posetransfer.errors import UnknownName, WeightsMissing
from posetransfer.methods.pix2pix.data import to_frames
from posetransfer.runtime.gpu import has_gpu
from posetransfer.runtime.openvino import OpenVINORuntime, openvino
from posetransfer.runtime.runtime import RUNTIMES, make_runtime
from posetransfer.runtime.torch import TorchRuntime
from posetransfer.types import Frame

SIZE = 16
SHAPE = (1, 3, SIZE, SIZE)


def network() -> nn.Module:
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 8, 4, 2, 1), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.ConvTranspose2d(8, 3, 4, 2, 1)
    )
    layers.train()(torch.randn(4, *SHAPE[1:]) * 3 + 1)  # running statistics that are not the initial ones
    return layers.eval()


def picture() -> Frame:
    return np.random.default_rng(0).integers(0, 256, (SIZE, SIZE, 3), np.uint8)


def by_torch(shown: Frame) -> Frame:
    with torch.no_grad():
        made = network()(torch.from_numpy(shown.transpose(2, 0, 1)[None].astype(np.float32) / 127.5 - 1))
    return to_frames(made.numpy())[0]


@pytest.mark.parametrize("name", list(RUNTIMES))
def test_every_runtime_gives_torchs_picture(name: str) -> None:
    compiled = make_runtime(name).picture_network(network(), SIZE)
    made, wanted = compiled(picture()), by_torch(picture())
    assert made.shape == (SIZE, SIZE, 3) and made.dtype == np.uint8 and made.flags.c_contiguous
    assert 0 < wanted.min() < wanted.max() < 255 or wanted.std() > 20  # nothing that any network would give
    tolerance = 1 if "fp32" in compiled.runtime else 4
    assert np.abs(made.astype(int) - wanted).max() <= tolerance
    assert name in compiled.runtime


@pytest.mark.parametrize("name", list(RUNTIMES))
def test_a_result_is_not_overwritten_by_the_next_run(name: str) -> None:
    compiled = make_runtime(name).picture_network(network(), SIZE)
    first = compiled(picture())
    kept = first.copy()
    compiled(255 - picture())
    np.testing.assert_array_equal(first, kept)


@pytest.mark.parametrize("name", list(RUNTIMES))
def test_a_view_of_a_picture_is_read_as_it_looks(name: str) -> None:
    compiled = make_runtime(name).picture_network(network(), SIZE)
    mirrored = picture()[:, ::-1]
    np.testing.assert_array_equal(compiled(mirrored), compiled(mirrored.copy()))


def test_auto_takes_openvino_where_there_is_no_gpu() -> None:
    assert isinstance(make_runtime(), TorchRuntime if has_gpu() else OpenVINORuntime)


@pytest.mark.filterwarnings("ignore:.*torch.jit.trace:FutureWarning")  # the conversion, not our call of it
def test_a_model_file_is_read_and_reshaped(tmp_path: Path) -> None:
    model = openvino().convert_model(network(), example_input=torch.zeros(SHAPE))
    openvino().save_model(model, tmp_path / "model.xml", compress_to_fp16=False)
    (made,) = OpenVINORuntime(threads=1).open_model(tmp_path / "model.xml", (1, 3, 8, 8))(
        np.zeros((1, 3, 8, 8), np.float32)
    )
    assert made.shape == (1, 3, 8, 8)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"model\.xml"):
        OpenVINORuntime().open_model(tmp_path / "model.xml")
    with pytest.raises(UnknownName, match="openvino, torch"):
        make_runtime("tensorrt")


@pytest.mark.gpu
def test_a_gpu_runs_in_half_precision() -> None:
    if not torch.cuda.is_available():
        pytest.skip("There is no CUDA device.")
    compiled = TorchRuntime("cuda").picture_network(network(), SIZE)
    assert compiled.runtime == "torch fp16 cuda"
    assert np.abs(compiled(picture()).astype(int) - by_torch(picture())).max() <= 4


def test_openvino_sends_no_statistics(tmp_path: Path) -> None:
    """Its telemetry writes an identifier of the user into their home before it sends anything."""
    code = "from posetransfer.runtime.openvino import processor; assert processor()"
    home = {"HOME": str(tmp_path), "USERPROFILE": str(tmp_path), "LOCALAPPDATA": str(tmp_path)}
    subprocess.run([sys.executable, "-c", code], check=True, env=os.environ | home, cwd=Path(__file__).parents[2])
    assert not list(tmp_path.iterdir())

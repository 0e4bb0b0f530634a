"""Runtimes: the same network gives the same numbers wherever it runs, and says where."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from posetransfer.errors import UnknownName, WeightsMissing
from posetransfer.runtime.openvino import OpenVINORuntime
from posetransfer.runtime.runtime import RUNTIMES, make_runtime
from posetransfer.runtime.torch import TorchRuntime, has_gpu

SHAPE = (1, 3, 16, 16)


def network() -> nn.Module:
    torch.manual_seed(0)
    layers = nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.LeakyReLU(0.2), nn.ConvTranspose2d(8, 3, 4, 2, 1))
    layers.train()(torch.randn(4, *SHAPE[1:]) * 3 + 1)  # running statistics that are not the initial ones
    return layers.eval()


@pytest.mark.parametrize("name", list(RUNTIMES))
def test_every_runtime_gives_torchs_numbers(name: str) -> None:
    module = network()
    inputs = torch.randn(SHAPE)
    with torch.no_grad():
        wanted = module(inputs).numpy()
    compiled = make_runtime(name).compile_module(module, SHAPE)
    (made,) = compiled(inputs.numpy())
    assert made.dtype == np.float32
    tolerance = 1e-4 if "fp32" in compiled.runtime else 0.05
    np.testing.assert_allclose(made, wanted, atol=tolerance)
    assert name in compiled.runtime


@pytest.mark.parametrize("name", list(RUNTIMES))
def test_a_result_is_not_overwritten_by_the_next_run(name: str) -> None:
    compiled = make_runtime(name).compile_module(network(), SHAPE)
    (first,) = compiled(np.ones(SHAPE, np.float32))
    kept = first.copy()
    compiled(np.zeros(SHAPE, np.float32))
    np.testing.assert_array_equal(first, kept)


def test_auto_takes_openvino_where_there_is_no_gpu() -> None:
    assert isinstance(make_runtime(), TorchRuntime if has_gpu() else OpenVINORuntime)


@pytest.mark.filterwarnings("ignore:.*torch.jit.trace:FutureWarning")  # the conversion, not our call of it
def test_a_model_file_is_read_and_reshaped(tmp_path: Path) -> None:
    import openvino

    model = openvino.convert_model(network(), example_input=torch.zeros(SHAPE))
    openvino.save_model(model, tmp_path / "model.xml", compress_to_fp16=False)
    (made,) = OpenVINORuntime(threads=1).open_model(tmp_path / "model.xml", (1, 3, 8, 8))(
        np.zeros((1, 3, 8, 8), np.float32)
    )
    assert made.shape == (1, 3, 12, 12)


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing, match=r"model\.xml"):
        OpenVINORuntime().open_model(tmp_path / "model.xml")
    with pytest.raises(UnknownName, match="openvino, torch"):
        make_runtime("tensorrt")


@pytest.mark.gpu
def test_a_gpu_runs_in_half_precision() -> None:
    if not torch.cuda.is_available():
        pytest.skip("There is no CUDA device.")
    assert TorchRuntime("cuda").compile_module(network(), SHAPE).runtime == "torch fp16 cuda"

"""Weights are kept in half precision and loaded strictly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from posetransfer.errors import CheckpointError
from posetransfer.methods.pix2pix.config import preset
from posetransfer.methods.pix2pix.networks import Generator
from posetransfer.methods.pix2pix.weights import load_weights, make_generator, save_weights

CONFIG = preset("fast", size=32, ngf=4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    save_weights(Generator(CONFIG), tmp_path / "weights.safetensors")
    return tmp_path / "weights.safetensors"


def test_they_are_fp16_on_disk_and_fp32_in_use(path: Path) -> None:
    assert {tensor.dtype for tensor in load_file(path).values()} == {torch.float16}
    generator = load_weights(CONFIG, path)
    assert {parameter.dtype for parameter in generator.parameters()} == {torch.float32}
    assert not generator.training


def test_rounded_once_they_do_not_change_again(tmp_path: Path) -> None:
    generator = make_generator(CONFIG, Generator(CONFIG).state_dict())
    save_weights(generator, tmp_path / "weights.safetensors")
    again = load_weights(CONFIG, tmp_path / "weights.safetensors")
    pictures = torch.randn(1, 3, 32, 32)
    assert torch.equal(generator(pictures), again(pictures))


def lack(tensors: dict[str, Tensor]) -> None:
    del tensors["down.1.1.weight"]


def add(tensors: dict[str, Tensor]) -> None:
    tensors["surplus"] = torch.zeros(1).half()


def resize(tensors: dict[str, Tensor]) -> None:
    tensors["down.1.1.weight"] = tensors["down.1.1.weight"][:1].contiguous()


def retype(tensors: dict[str, Tensor]) -> None:
    tensors["down.1.1.weight"] = tensors["down.1.1.weight"].float()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lack, "lacks tensors that the network needs: down.1.1.weight"),
        (add, "has tensors that the network does not know: surplus"),
        (resize, "of another size or type: down.1.1.weight"),
        (retype, "of another size or type: down.1.1.weight"),
    ],
)
def test_a_tensor_that_does_not_fit_is_refused(
    path: Path, change: Callable[[dict[str, Tensor]], None], sentence: str
) -> None:
    tensors = load_file(path)
    change(tensors)
    save_file(tensors, path)
    with pytest.raises(CheckpointError, match=sentence):
        load_weights(CONFIG, path)


def test_a_missing_or_damaged_file_is_named(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match="damaged"):
        load_weights(CONFIG, path)
    path.unlink()
    with pytest.raises(CheckpointError, match="missing"):
        load_weights(CONFIG, path)


def test_weights_that_are_not_numbers_are_not_saved(tmp_path: Path) -> None:
    generator = Generator(CONFIG)
    with torch.no_grad():
        next(generator.parameters()).fill_(torch.nan)
    with pytest.raises(CheckpointError, match="not numbers"):
        save_weights(generator, tmp_path / "weights.safetensors")
    assert not list(tmp_path.iterdir())

"""A generator's weights in a checkpoint: fp16 safetensors, loaded strictly."""

from __future__ import annotations

import math
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from posetransfer.errors import CheckpointError, OutOfSpace
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.networks import Generator

NAMES_SHOWN = 3


def half_tensors(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """What a checkpoint keeps of a state dict: all but the counters of batches, in fp16. Raises CheckpointError."""
    kept = {name: t.detach().cpu().half().contiguous() for name, t in tensors.items() if t.is_floating_point()}
    if not all(math.isfinite(float(tensor.float().sum())) for tensor in kept.values()):
        raise CheckpointError("The training went astray: some weights are not numbers. Train again.")
    return kept


def save_weights(generator: Generator, path: Path) -> None:
    """Write the generator's weights. Raises OutOfSpace."""
    partial = path.with_suffix(".partial")
    try:
        save_file(half_tensors(generator.state_dict()), partial)
        partial.replace(path)
    except (OSError, SafetensorError) as error:
        partial.unlink(missing_ok=True)
        raise OutOfSpace(f"The weights cannot be written to {path.parent}. Make room and try again.") from error


def load_weights(config: Pix2PixConfig, path: Path) -> Generator:
    """The generator that `config` describes with the weights of `path`, in fp32.

    Raises CheckpointError if the file is missing or damaged, or a tensor is missing, extra or of another
    size or type than the network's.
    """
    generator = _empty(config)
    wanted = {name: list(t.shape) for name, t in generator.state_dict().items() if t.is_floating_point()}
    try:
        with safe_open(path, framework="pt") as file:
            slices = {name: file.get_slice(name) for name in file.keys()}  # noqa: SIM118 (not a mapping)
            found = {name: part.get_shape() for name, part in slices.items() if part.get_dtype() == "F16"}
            _check_names(path, wanted, set(slices))
            wrong = sorted(name for name, shape in wanted.items() if found.get(name) != shape)
            if wrong:
                raise CheckpointError(f"{path.name} has tensors of another size or type: {_list(wrong)}.")
            tensors = {name: file.get_tensor(name) for name in wanted}
    except FileNotFoundError as error:
        raise CheckpointError(
            f"The weights {path.name} are missing from {path.parent}. Get the target again."
        ) from error
    except (OSError, SafetensorError) as error:
        raise CheckpointError(f"The weights {path.name} are damaged. Get the target again.") from error
    return with_weights(generator, tensors)


def with_weights(generator: Generator, tensors: dict[str, Tensor]) -> Generator:
    """Put all of `tensors` into `generator`; only its counters of batches, which nothing reads, may be absent."""
    missing, extra = generator.load_state_dict(tensors, strict=False)
    wrong = [name for name in missing if not name.endswith("num_batches_tracked")] + list(extra)
    if wrong:
        raise CheckpointError(f"The weights do not fit the network: {_list(sorted(wrong))}.")
    return generator.eval().requires_grad_(False)


def make_generator(config: Pix2PixConfig, tensors: dict[str, Tensor]) -> Generator:
    """A generator with weights rounded as a checkpoint rounds them, so that saving changes nothing."""
    return with_weights(_empty(config), half_tensors(tensors))


def _empty(config: Pix2PixConfig) -> Generator:
    with torch.random.fork_rng(devices=[]):  # torch's own initialisation draws from the global state
        return Generator(config)


def _check_names(path: Path, wanted: dict[str, list[int]], found: set[str]) -> None:
    if missing := sorted(wanted.keys() - found):
        raise CheckpointError(f"{path.name} lacks tensors that the network needs: {_list(missing)}.")
    if extra := sorted(found - wanted.keys()):
        raise CheckpointError(f"{path.name} has tensors that the network does not know: {_list(extra)}.")


def _list(names: list[str]) -> str:
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")

"""A training run on disk: one safetensors file, replaced whole, so that a kill at any moment leaves a whole state."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from posetransfer.errors import OutOfSpace, TrainingError
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.learner import Learner

STATE = "state.safetensors"
FORMAT = 1
MOMENTS = ("step", "exp_avg", "exp_avg_sq")  # what Adam keeps of a parameter


@dataclass(frozen=True)
class Facts:
    """Where a run stands. seconds: optimisation time over all sessions; pairs: how many; store: their fingerprint,
    for a student with that of its teaching."""

    steps: int
    seconds: float
    seed: int
    pairs: int
    store: str


def save_state(path: Path, learner: Learner, facts: Facts) -> None:
    """Write all that a resumed run needs to `path`. Raises OutOfSpace; the earlier file then stays."""
    header = {"format": FORMAT, "facts": asdict(facts), "config": learner.config.to_json()}
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in _tensors(learner).items()}
    partial = path.with_suffix(".partial")
    try:
        save_file(tensors, partial, {"posetransfer": json.dumps(header)})
        with partial.open("r+b") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    except (OSError, SafetensorError) as error:
        partial.unlink(missing_ok=True)
        raise OutOfSpace(f"The training state cannot be written to {path.parent}. Make room and resume.") from error


def load_state(path: Path, learner: Learner) -> None:
    """Put a saved run's tensors into `learner`, bit for bit. Raises TrainingError if they do not fit."""
    for name, network in learner.networks.items():
        _allocate_moments(learner.optimisers[name], network)
    into = _tensors(learner)
    saved = _read(path, "")
    if saved.keys() != into.keys() or any(saved[name].shape != into[name].shape for name in into):
        raise TrainingError(f"The training state in {path.parent} is of another network. Start the training anew.")
    with torch.no_grad():
        for name, tensor in into.items():
            tensor.copy_(saved[name])


def read_header(path: Path) -> tuple[Pix2PixConfig, Facts]:
    """What a saved run is and where it stands. Raises TrainingError if there is none."""
    try:
        with safe_open(path, framework="pt") as file:
            header: dict[str, Any] = json.loads((file.metadata() or {})["posetransfer"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise TrainingError(f"There is no training state to go on from in {path.parent}.") from error
    if header["format"] != FORMAT:
        raise TrainingError(f"The training state in {path.parent} is of another version. Start the training anew.")
    return Pix2PixConfig.from_json(header["config"]), Facts(**header["facts"])


def read_generator(path: Path) -> dict[str, Tensor]:
    """The weights of a saved run's generator."""
    return _read(path, "generator.")


def _read(path: Path, prefix: str) -> dict[str, Tensor]:
    with safe_open(path, framework="pt") as file:
        return {name.removeprefix(prefix): file.get_tensor(name) for name in file.keys() if name.startswith(prefix)}  # noqa: SIM118


def _tensors(learner: Learner) -> dict[str, Tensor]:
    """Every tensor of the run by name, as it lies in the learner."""
    tensors: dict[str, Tensor] = {}
    for name, network in learner.networks.items():
        tensors |= {f"{name}.{key}": tensor for key, tensor in network.state_dict().items()}
        moments = learner.optimisers[name].state
        for key, parameter in network.named_parameters():
            tensors |= {f"adam.{name}.{key}.{kind}": moments[parameter][kind] for kind in MOMENTS}
    return tensors


def _allocate_moments(optimiser: torch.optim.Optimizer, network: nn.Module) -> None:
    """Room for Adam's moments, laid out in memory as Adam itself does at its first step."""
    for parameter in network.parameters():
        count = torch.zeros((), dtype=torch.float32, device=parameter.device)
        optimiser.state[parameter] = {
            "step": count,
            "exp_avg": torch.zeros_like(parameter),
            "exp_avg_sq": torch.zeros_like(parameter),
        }

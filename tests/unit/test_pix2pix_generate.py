"""Generators at run time: the runtimes agree, the paper's noise is repeatable, what is missing is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from posetransfer.errors import CheckpointError, ShapeError
from posetransfer.methods.pix2pix.config import Pix2PixConfig, preset
from posetransfer.methods.pix2pix.generate import Pics2Pics, Pose2Pics
from posetransfer.methods.pix2pix.networks import Generator, initialise
from posetransfer.methods.pix2pix.train import train
from posetransfer.methods.pix2pix.weights import make_generator
from posetransfer.types import PosedFrame, unseen_pose
from tests.performers import INES, make_pairs, panned
from tests.threads import one_thread as one_thread

SIZE = 64


def generator(config: Pix2PixConfig) -> Generator:
    network = Generator(config)
    initialise(network, torch.Generator().manual_seed(0))
    return make_generator(config, network.state_dict())


def driver(count: int, size: int = SIZE) -> list[PosedFrame]:
    moments = (panned(INES, moment, size) for moment in range(count))
    return [PosedFrame(pose, None, picture) for pose, picture in moments]


def test_openvino_and_torch_agree(tmp_path: Path) -> None:
    store = make_pairs(tmp_path / "pairs", SIZE, 8)
    config = preset("fast", size=SIZE, ngf=8, ndf=8, lr=2e-3)
    list(train(store, config, tmp_path, steps=30, precision="fp32"))
    made = {name: Pose2Pics.from_training(tmp_path / "state.safetensors", name) for name in ("openvino", "torch")}
    assert made["openvino"].runtime_used == "openvino fp32 CPU" and made["torch"].runtime_used.startswith("torch")
    for ours, reference in zip(*(method.generate(driver(5)) for method in made.values()), strict=True):
        assert np.abs(ours.astype(int) - reference.astype(int)).max() <= 2
        assert reference.std() > 5  # a picture, not a grey square


def test_the_papers_noise_is_on_and_repeats() -> None:
    config = preset("paper", size=SIZE, ngf=8)
    method = Pose2Pics(generator(config), config, {}, "openvino")
    assert method.runtime_used.startswith("torch")  # and the report says so
    same_pose = [driver(1)[0]] * 3
    before = torch.get_rng_state()
    first, again = list(method.generate(same_pose)), list(method.generate(same_pose))
    assert torch.equal(before, torch.get_rng_state())
    assert not np.array_equal(first[0], first[1])
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_last_pose_is_held_while_nobody_is_seen() -> None:
    config = preset("fast", size=SIZE, ngf=8)
    frames = list(
        Pose2Pics(generator(config), config, {}).generate([*driver(2), PosedFrame(unseen_pose()), *driver(1)])
    )
    np.testing.assert_array_equal(frames[2], frames[1])
    assert not np.array_equal(frames[3], frames[2])


@pytest.mark.parametrize("edges", [False, True])
def test_pictures_are_read_only_where_they_are_needed(edges: bool) -> None:
    config = preset("fast", size=SIZE, ngf=8, style="paper", edges=edges)
    method = Pose2Pics(generator(config), config, {})
    assert method.needs_poses and method.needs_frames is edges
    with_picture = next(method.generate(driver(1)))
    without = method.generate([driver(1)[0]._replace(frame=None)])
    if edges:
        with pytest.raises(ShapeError, match="needs the driver's pictures"):
            next(without)
    else:
        np.testing.assert_array_equal(next(without), with_picture)


def test_pics2pics_needs_pictures_of_its_size_and_no_poses() -> None:
    config = preset("fast", size=SIZE, ngf=8, input="picture")
    method = Pics2Pics(generator(config), config, {})
    assert method.needs_frames and not method.needs_poses
    with pytest.raises(ShapeError, match="needs the driver's pictures"):
        next(method.generate([PosedFrame(unseen_pose())]))
    with pytest.raises(ShapeError, match="should have shape"):
        next(method.generate(driver(1, size=32)))


def test_weights_of_the_other_method_are_refused(tmp_path: Path) -> None:
    config = preset("fast", size=SIZE, ngf=8)
    section = Pose2Pics(generator(config), config, {}).save(tmp_path)
    (tmp_path / "pose2pics-generator.safetensors").rename(tmp_path / "pics2pics-generator.safetensors")
    with pytest.raises(CheckpointError, match="not trained for pics2pics"):
        Pics2Pics.load(tmp_path, section)
    with pytest.raises(CheckpointError, match="not complete"):
        Pose2Pics.load(tmp_path, {"config": section["config"]})


def test_the_section_tells_what_the_network_is_and_how_it_was_trained(tmp_path: Path) -> None:
    store = make_pairs(tmp_path / "pairs", SIZE, 8)
    list(train(store, preset("fast", size=SIZE, ngf=4, ndf=4), tmp_path, steps=2, seed=9, precision="fp32"))
    section = Pose2Pics.from_training(tmp_path / "state.safetensors").save(tmp_path)
    assert section["weights"] == "pose2pics-generator.safetensors" and (tmp_path / section["weights"]).is_file()
    assert section["config"]["style"] == "limbs" and section["config"]["ngf"] == 4
    assert {"steps": 2, "pairs": 8, "seed": 9}.items() <= section["training"].items()

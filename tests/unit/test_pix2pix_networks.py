"""The networks are those of the paper, and the presets survive being written down."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch

from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.errors import CheckpointError, TrainingError
from posetransfer.methods.pix2pix.config import LATER, Pix2PixConfig, preset
from posetransfer.methods.pix2pix.losses import adversarial, reconstruction
from posetransfer.methods.pix2pix.networks import Discriminator, Generator, initialise
from posetransfer.methods.pix2pix.rearranged import rearranged
from tests.threads import one_thread as one_thread


def parameters(network: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def _convolution(layers: torch.nn.Module) -> torch.nn.Conv2d:
    return next(layer for layer in layers.modules() if isinstance(layer, torch.nn.Conv2d))


def test_the_papers_networks_have_their_known_sizes() -> None:
    config = preset("paper")
    with torch.device("meta"):
        generator, discriminator = Generator(config), Discriminator(config)
    assert (
        parameters(generator) == 54_413_955 + 576
    )  # pytorch-CycleGAN-and-pix2pix has no biases in the two normless layers
    assert parameters(discriminator) == 2_768_705  # the same there


@pytest.mark.parametrize("size", [64, 256, 512])
def test_a_picture_comes_back_at_its_size(size: int) -> None:
    config = replace(Pix2PixConfig(), size=size, ngf=4, ndf=4)
    pictures = torch.zeros(2, 3, size, size)
    made = Generator(config)(pictures)
    assert made.shape == pictures.shape and made.abs().max() <= 1
    logits = Discriminator(config)(torch.cat([pictures, made], dim=1))
    assert logits.shape == (2, 1, size // 8 - 2, size // 8 - 2)


def test_a_logit_sees_70_pixels() -> None:
    discriminator = Discriminator(replace(Pix2PixConfig(), ndf=4)).eval()
    picture = torch.randn(1, 6, 256, 256, requires_grad=True)
    discriminator(picture)[0, 0, 15, 15].backward()
    assert picture.grad is not None
    seen = picture.grad.abs().sum(dim=(0, 1)) > 0
    assert seen.any(dim=0).sum() == 70 and seen.any(dim=1).sum() == 70


def test_dropout_and_batch_statistics_stay_on_at_run_time_for_the_paper_only() -> None:
    pictures = torch.randn(1, 3, 64, 64)
    for name, same in [("paper", False), ("standard", True)]:
        generator = Generator(preset(name, size=64, ngf=4)).eval()
        with torch.no_grad():
            assert torch.equal(generator(pictures), generator(pictures)) is same
    noisy = [name for name, _ in Generator(preset("paper", size=64, ngf=4)).named_modules() if name.endswith("3")]
    assert [name for name in noisy if name.count(".") == 2] == ["up.0.3", "up.1.3", "up.2.3"]


def test_a_frame_does_not_depend_on_its_batch() -> None:
    generator = Generator(preset("fast", size=64, ngf=4)).eval()
    pictures = torch.randn(3, 3, 64, 64)
    with torch.no_grad():
        together, alone = generator(pictures), generator(pictures[1:2])
    torch.testing.assert_close(together[1:2], alone, atol=1e-5, rtol=0)


def test_weights_start_small_and_from_the_seed() -> None:
    networks = [Generator(preset("fast", size=64)) for _ in range(2)]
    for network in networks:
        initialise(network, torch.Generator().manual_seed(3))
    states = [network.state_dict() for network in networks]
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert float(states[0]["down.3.1.weight"].std()) == pytest.approx(0.02, rel=0.05)
    assert float(states[0]["down.3.2.weight"].mean()) == pytest.approx(1, abs=0.01)


def test_losses() -> None:
    logits = torch.zeros(1, 1, 2, 2)
    assert adversarial(logits, True) == pytest.approx(0.6931, abs=1e-4)
    assert adversarial(logits + 9, True) < 0.001 < adversarial(logits + 9, False)
    made, truth = torch.zeros(1, 3, 2, 2), torch.ones(1, 3, 2, 2)
    weight = torch.tensor([[1.0, 1.0], [1.0, 5.0]])[None, None]
    assert reconstruction(made, truth, None) == 1 and reconstruction(made, truth, weight) == 2


@pytest.mark.parametrize("name", ["fast", "standard", "paper"])
def test_a_config_survives_json(name: str) -> None:
    config = preset(name, size=512, input="picture")
    assert Pix2PixConfig.from_json(config.to_json()) == config


def test_a_config_with_unknown_missing_or_wild_entries_is_refused() -> None:
    good = preset("fast").to_json()
    lacking = {key: value for key, value in good.items() if key != "ngf"}
    for bad, word in [
        ({**good, "flavour": 1}, "flavour"),
        (lacking, "ngf"),
        ({**good, "ngf": 10**6}, "256"),
        ({**good, "size": 250}, "power of two"),
        ({**good, "ngf": "64"}, "not valid"),
        ({**good, "betas": 3}, "not valid"),
        ({**good, "outermost": "shuffle3"}, "outermost"),
        ({**good, "levels": 3}, "Halvings"),
        ({**good, "levels": 9}, "Halvings"),
    ]:
        with pytest.raises(CheckpointError, match=word):
            Pix2PixConfig.from_json(bad)


def test_a_description_from_before_the_later_entries_is_read_and_written_as_it_was() -> None:
    """The bundled targets are such. What a machine keeps of a network goes by its description."""
    for name in ("ines", "kofi"):
        section = json.loads((BUNDLED / name / "config.json").read_text())["methods"]["pose2pics"]["config"]
        config = Pix2PixConfig.from_json(section)
        assert not set(LATER) & set(section) and config.to_json() == section
        assert config.outermost == "transposed" and config.levels == 0
    changed = replace(config, outermost="shuffle4", levels=6)
    assert Pix2PixConfig.from_json(changed.to_json()) == changed and set(LATER) <= set(changed.to_json())


def test_shuffled_layers_are_as_narrow_and_deep_as_asked() -> None:
    plain = preset("fast", size=64, ngf=4, outermost="transposed", levels=0)
    widths = {
        (outermost, levels): [_convolution(down).out_channels for down in downs]
        for outermost, levels in [("transposed", 0), ("shuffle2", 0), ("shuffle4", 0), ("shuffle4", 4)]
        for downs in [Generator(replace(plain, outermost=outermost, levels=levels)).down]
    }
    assert widths["transposed", 0] == widths["shuffle2", 0] == [4, 8, 16, 32, 32, 32]
    assert widths["shuffle4", 0] == [8, 16, 32, 32, 32] and widths["shuffle4", 4] == [8, 16, 32]
    inner = Generator(replace(plain, levels=4)).down[-1]
    assert isinstance(inner[-1], torch.nn.BatchNorm2d), "a norm where there is more than one pixel"


def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(TrainingError, match="fast, standard, paper"):
        preset("quick")


@pytest.mark.parametrize("name", ["fast", "paper"])
def test_rearranged_it_makes_the_same_pictures(name: str) -> None:
    config = preset(name, size=64, ngf=6, outermost="transposed", dropout=0.0, batch_statistics=False)
    generator = Generator(config)
    initialise(generator, torch.Generator().manual_seed(3))
    pictures = torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(4)) * 2 - 1
    with torch.no_grad():
        wanted = generator.eval()(pictures)
        other = rearranged(generator)
        torch.testing.assert_close(other(pictures), wanted, atol=1e-5, rtol=0)
    assert not any(layer.out_channels == 3 for layer in other.modules() if isinstance(layer, torch.nn.ConvTranspose2d))
    assert any(layer.out_channels == 3 for layer in generator.modules() if isinstance(layer, torch.nn.ConvTranspose2d))

"""The two networks of Isola et al. 2017: a U-Net that makes the picture, a PatchGAN that judges it."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn import functional

from posetransfer.methods.pix2pix.config import Pix2PixConfig

DROPOUT_LAYERS = 3  # of the decoder, from the inside


class Noise(nn.Module):
    """Dropout that stays on at run time: the only noise the generator has (Isola et al., section 3.1)."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.share, training=True)


def _norm(channels: int, batch_statistics: bool) -> nn.BatchNorm2d:
    return nn.BatchNorm2d(channels, track_running_stats=not batch_statistics)


def _last(into: int, config: Pix2PixConfig) -> list[nn.Module]:
    """The layer that makes the picture."""
    if config.outermost == "transposed":
        return [nn.ConvTranspose2d(into, 3, 4, 2, 1)]
    # int8 convolutions are as quick for 12 channels as for 3, and this one has a quarter of the places or fewer
    return [nn.Conv2d(into, 3 * config.patch**2, 3, 1, 1), nn.PixelShuffle(config.patch)]


class Generator(nn.Module):
    """A U-Net down to one pixel and back: [B, 3, size, size] in -1..1 to the same.

    Names as in the paper: encoder C64-C128-C256-C512-...; decoder the mirror image with skip connections.
    No norm on the outermost layers and the innermost encoder layer, where one pixel would be its own mean.
    `outermost` and `levels` of the config make it cheaper: shuffle4 goes to a quarter of the size in one layer.
    """

    def __init__(self, config: Pix2PixConfig) -> None:
        super().__init__()
        first = config.patch.bit_length() - 2  # levels that the outermost layer leaps over
        widths = [config.ngf * min(2**level, 8) for level in range(first, config.depth)]
        self.down = nn.ModuleList()
        for level, width in enumerate(widths):
            if level == 0:
                self.down.append(nn.Sequential(nn.Conv2d(3, width, 2 * config.patch, config.patch, config.patch // 2)))
                continue
            normed = config.size >> (first + level + 1) > 1
            layers: list[nn.Module] = [nn.LeakyReLU(0.2)]
            layers.append(nn.Conv2d(widths[level - 1], width, 4, 2, 1, bias=not normed))
            if normed:
                layers.append(_norm(width, config.batch_statistics))
            self.down.append(nn.Sequential(*layers))
        self.up = nn.ModuleList()
        for step, level in enumerate(reversed(range(len(widths)))):
            into = widths[level] * (1 if step == 0 else 2)
            layers = [nn.ReLU(inplace=True)]
            if level == 0:
                layers += _last(into, config)
            else:
                layers.append(nn.ConvTranspose2d(into, widths[level - 1], 4, 2, 1, bias=False))
                layers.append(_norm(widths[level - 1], config.batch_statistics))
            if config.dropout and step < DROPOUT_LAYERS and level:
                layers.append(Noise(config.dropout))
            self.up.append(nn.Sequential(*layers))

    def forward(self, x: Tensor) -> Tensor:
        skips: list[Tensor] = []
        for down in self.down:
            x = down(x)
            skips.append(x)
        skips.pop()
        for up in self.up:
            x = up(x)
            if skips:
                x = torch.cat([x, skips.pop()], dim=1)
        return torch.tanh(x)


class Discriminator(nn.Module):
    """PatchGAN: input and picture [B, 6, H, W] to logits [B, 1, H/8 - 2, W/8 - 2], each judging 70x70 px."""

    def __init__(self, config: Pix2PixConfig) -> None:
        super().__init__()
        widths = [config.ndf, config.ndf * 2, config.ndf * 4, config.ndf * 8]
        layers: list[nn.Module] = [nn.Conv2d(6, widths[0], 4, 2, 1), nn.LeakyReLU(0.2, inplace=True)]
        for before, width in pairwise(widths):
            stride = 1 if width == widths[-1] else 2
            layers += [nn.Conv2d(before, width, 4, stride, 1, bias=False), nn.BatchNorm2d(width)]
            layers.append(nn.LeakyReLU(0.2, inplace=True))
        layers.append(nn.Conv2d(widths[-1], 1, 4, 1, 1))
        self.layers = nn.Sequential(*layers)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.layers(x)
        return logits


def initialise(network: nn.Module, generator: torch.Generator) -> None:
    """Weights from N(0, 0.02), those of norms from N(1, 0.02), biases 0 (Isola et al., section 6.2)."""
    with torch.no_grad():
        for module in network.modules():
            if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
                module.weight.normal_(0.0, 0.02, generator=generator)
            elif isinstance(module, nn.BatchNorm2d):
                module.weight.normal_(1.0, 0.02, generator=generator)
            else:
                continue
            if module.bias is not None:
                module.bias.zero_()

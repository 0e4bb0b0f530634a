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


class Generator(nn.Module):
    """A U-Net down to one pixel and back: [B, 3, size, size] in -1..1 to the same.

    Names as in the paper: encoder C64-C128-C256-C512-...; decoder the mirror image with skip connections.
    No norm on the outermost layers and the innermost encoder layer, where one pixel would be its own mean.
    """

    def __init__(self, config: Pix2PixConfig) -> None:
        super().__init__()
        widths = [config.ngf * min(2**level, 8) for level in range(config.depth)]
        self.down = nn.ModuleList()
        for level, width in enumerate(widths):
            outer, inner = level == 0, level == config.depth - 1
            layers: list[nn.Module] = [] if outer else [nn.LeakyReLU(0.2)]
            normed = not (outer or inner)
            layers.append(nn.Conv2d(3 if outer else widths[level - 1], width, 4, 2, 1, bias=not normed))
            if normed:
                layers.append(_norm(width, config.batch_statistics))
            self.down.append(nn.Sequential(*layers))
        self.up = nn.ModuleList()
        for step, level in enumerate(reversed(range(config.depth))):
            outer = level == 0
            into = widths[level] * (1 if step == 0 else 2)
            width = 3 if outer else widths[level - 1]
            layers = [nn.ReLU(inplace=True), nn.ConvTranspose2d(into, width, 4, 2, 1, bias=outer)]
            if not outer:
                layers.append(_norm(width, config.batch_statistics))
            if config.dropout and step < DROPOUT_LAYERS:
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

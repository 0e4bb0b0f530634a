"""The same generator, arranged so that int8 runs it quicker."""

from __future__ import annotations

from copy import deepcopy

import torch
from torch import Tensor, nn

from posetransfer.methods.pix2pix.networks import Generator

KERNEL, STRIDE = (4, 4), (2, 2)


def rearranged(generator: Generator) -> Generator:
    """A copy whose last layer is a convolution at half the size, with its values shuffled into squares of 2x2 px
    (Shi et al. 2016), in place of the transposed one: the same numbers, and in int8 a third of the time, as that is as
    slow for 3 channels as for 16."""
    copy = deepcopy(generator)
    outermost = copy.up[-1]
    assert isinstance(outermost, nn.Sequential)
    layers: list[nn.Module] = list(outermost)
    for place, layer in enumerate(layers):
        if isinstance(layer, nn.ConvTranspose2d) and layer.kernel_size == KERNEL and layer.stride == STRIDE:
            layers[place : place + 1] = [_convolution(layer), nn.PixelShuffle(2)]
            copy.up[-1] = nn.Sequential(*layers)
            break
    return copy


@torch.no_grad()
def _convolution(transposed: nn.ConvTranspose2d) -> nn.Conv2d:
    """The 3x3 convolution to four times the channels that PixelShuffle(2) puts where `transposed` does."""
    made = nn.Conv2d(transposed.in_channels, 4 * transposed.out_channels, 3, 1, 1, bias=transposed.bias is not None)
    weight, kernel = torch.zeros_like(made.weight), transposed.weight.transpose(0, 1)
    for down in (0, 1):
        for across in (0, 1):
            of_square = weight[2 * down + across :: 4]
            for row, taken_row in _taps(down):
                for column, taken_column in _taps(across):
                    of_square[:, :, row, column] = kernel[:, :, taken_row, taken_column]
    made.weight.copy_(weight)
    if made.bias is not None and transposed.bias is not None:
        made.bias.copy_(_four_times(transposed.bias))
    return made.eval().requires_grad_(False)


def _taps(half: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Places in the 3 of the convolution, each with that in the 4 of the transposed one, for the first or second pixel
    of a square: output 2y + half comes from inputs y + d by the kernel's number half + 1 - 2d."""
    return ((1, 1), (0, 3)) if half == 0 else ((1, 2), (2, 0))


def _four_times(bias: Tensor) -> Tensor:
    return bias.repeat_interleave(4)

"""How different two pictures look: ST-LPIPS, learned from people's judgements and blind to shifts of a pixel.

Ghildyal and Liu 2022, "Shift-tolerant Perceptual Similarity Metric", after Zhang et al. 2018 (LPIPS):
    d(x, y) = sum over layers l of the mean over places of  w_l . (f_l(x) - f_l(y))^2
f_l: what layer l of a network answers, each place's channels brought to length 1; w_l >= 0: learned weights.
The weights come with PyPI's stlpips-pytorch, whose code is not used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from posetransfer.errors import ShapeError, WeightsMissing
from posetransfer.places import file_hash, package_file
from posetransfer.types import Frame, check_frame, check_shape

Trunk = Literal["alex", "vgg"]
Features = tuple[Tensor, ...]  # of each layer [B, C_l, H_l, W_l], each place of length 1

WHEEL: Final = "stlpips-pytorch==0.0.2"
SHA256: Final[dict[Trunk, str]] = {
    "alex": "b356b382f96010f77d085ee8343ecd9fd322d0a56e8de2b2d0549fafcad8b9ee",
    "vgg": "44597da68f49c1837c100ff52299050f274d102eb102e5837178c79be6f0e250",
}
MIN_SIDE: Final = 21  # px: in a smaller picture the deepest layer of "alex" has no place left


class PerceptualDistance:
    """ST-LPIPS of RGB pictures: 0 for equal ones, 0.1 to 0.25 for noise of 5 %, seldom above 1; no unit.

    A 256x256 pair takes at best 60 ms (alex) or 330 ms (vgg) on two threads, 110 or 460 ms on one; on busy cores up
    to six times that. A frame's features take 11 MB (alex) or 32 MB (vgg).
    """

    def __init__(self, trunk: Trunk = "alex", device: str = "cpu") -> None:
        """trunk: AlexNet ("alex") or VGG16 ("vgg"). Raises WeightsMissing."""
        self.trunk: Trunk = trunk
        self._device = torch.device(device)
        self._network = _load(trunk).to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]

    def features(self, frames: Sequence[Frame]) -> Features:
        """What the layers answer to RGB frames [H, W, 3] of one size. Raises ShapeError."""
        for frame in frames:
            check_frame(frame)
            check_shape("Each picture of a batch", frame, frames[0].shape)
        if min(frames[0].shape[:2]) < MIN_SIDE:
            raise ShapeError(f"ST-LPIPS needs pictures of {MIN_SIDE} px a side or more, not {frames[0].shape[:2]}.")
        with torch.inference_mode():
            pictures = torch.from_numpy(np.stack(frames)).to(self._device).permute(0, 3, 1, 2)
            answers: Features = self._network(pictures.float() / 127.5 - 1)
        return answers

    def between(self, a: Features, b: Features) -> NDArray[np.float64]:
        """[B]: the distance of each picture of `a` from the one of `b` in its place.

        Raises ShapeError if the pictures' sizes differ.
        """
        if [layer.shape for layer in a] != [layer.shape for layer in b]:
            raise ShapeError("Only pictures of one size can be compared.")
        with torch.inference_mode():
            distances = self._network.weigh(a, b)
        return np.asarray(distances.double().cpu().numpy(), np.float64)

    def __call__(self, a: Frame, b: Frame) -> float:
        """The distance of two RGB frames of one size. Raises ShapeError."""
        both = self.features([a, b])
        return float(self.between(_picked(both, 0, 1), _picked(both, 1, 2))[0])


class PerceptualSteps:
    """ST-LPIPS of each frame of a clip from the one before; every frame goes through the network once.

    Frames by ones: larger batches are slower on a CPU (by eights a frame of 256x256 took 45 ms instead of 29, alex,
    two threads), as the maps no longer fit the cache.
    """

    def __init__(self, distance: PerceptualDistance) -> None:
        self._distance = distance
        self._last: Features | None = None

    def add(self, frame: Frame) -> float:
        """The distance of the clip's next frame from the last; nan for the first. Raises ShapeError."""
        before, self._last = self._last, self._distance.features([frame])
        return float("nan") if before is None else float(self._distance.between(self._last, before)[0])


def _picked(features: Features, start: int, stop: int) -> Features:
    return tuple(layer[start:stop] for layer in features)


def _load(trunk: Trunk) -> _Network:
    """The network with its weights, from the file inside the wheel. Raises WeightsMissing."""
    path = package_file("stlpips_pytorch", f"weights/vST0.0/{trunk}_shift_tolerant.pth", WHEEL)
    if file_hash(path) != SHA256[trunk]:
        raise WeightsMissing(f"{path.name} is not the file of {WHEEL}. Install it anew: pip install -I {WHEEL}")
    network = _Network(_alex() if trunk == "alex" else _vgg())
    network.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=True)
    return network.eval().requires_grad_(False)


class _Network(nn.Module):
    """Trunk and weights of the layers. Its tensors are named as they are in the file."""

    def __init__(self, slices: list[list[nn.Module]]) -> None:
        super().__init__()
        self.scaling_layer = _Scaling()
        self.net = nn.ModuleDict()
        number = 0
        for place, layers in enumerate(slices):
            named = OrderedDict((str(number + i), layer) for i, layer in enumerate(layers))
            self.net[f"slice{place + 1}"] = nn.Sequential(named)
            number += len(layers)
            channels = [layer.out_channels for layer in layers if isinstance(layer, nn.Conv2d)][-1]
            weigh = nn.Sequential(OrderedDict({"1": nn.Conv2d(channels, 1, 1, bias=False)}))
            self.add_module(f"lin{place}", nn.ModuleDict({"model": weigh}))

    def forward(self, pictures: Tensor) -> Features:
        """Unit-length answers of the layers to pictures [B, 3, H, W] of -1..1, RGB."""
        answer, answers = self.scaling_layer(pictures), []
        for part in self.net.values():
            answer = part(answer)
            answers.append(answer / (answer.square().sum(dim=1, keepdim=True).sqrt() + 1e-10))
        return tuple(answers)

    def weigh(self, a: Features, b: Features) -> Tensor:
        """[B]: the formula at the head of this file."""
        weights = (self.get_parameter(f"lin{place}.model.1.weight") for place in range(len(a)))
        layers = (
            functional.conv2d((x - y).square(), w).mean(dim=(1, 2, 3)) for x, y, w in zip(a, b, weights, strict=True)
        )
        return torch.stack(list(layers)).sum(dim=0)


class _Scaling(nn.Module):
    """-1..1 to what networks trained on ImageNet expect."""

    shift: Tensor
    scale: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("shift", torch.zeros(1, 3, 1, 1))
        self.register_buffer("scale", torch.ones(1, 3, 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        return (pictures - self.shift) / self.scale


class _Blur(nn.Module):
    """Halves a map without aliasing (Zhang 2019): reflected by 2 px, blurred 3x3, every second place."""

    filt: Tensor

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.register_buffer("filt", torch.empty(channels, 1, 3, 3))

    def forward(self, maps: Tensor) -> Tensor:
        padded = functional.pad(maps, (2, 2, 2, 2), mode="reflect")
        return functional.conv2d(padded, self.filt, stride=2, groups=maps.shape[1])


def _alex() -> list[list[nn.Module]]:
    """AlexNet with a first layer at every pixel and blurred halvings."""
    return [
        [nn.Conv2d(3, 64, 11, padding=2), _Blur(64), nn.ReLU()],
        [nn.MaxPool2d(3, 1), _Blur(64), nn.Conv2d(64, 192, 5, padding=2), nn.ReLU()],
        [nn.MaxPool2d(3, 1), _Blur(192), nn.Conv2d(192, 384, 3, padding=1), nn.ReLU()],
        [nn.Conv2d(384, 256, 3, padding=1), nn.ReLU()],
        [nn.Conv2d(256, 256, 3, padding=1), nn.ReLU()],
    ]


def _vgg() -> list[list[nn.Module]]:
    """VGG16 with blurred halvings."""
    slices: list[list[nn.Module]] = []
    channels = 3
    for wide, deep in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        layers: list[nn.Module] = [nn.MaxPool2d(2, 1), _Blur(channels)] if slices else []
        for _ in range(deep):
            layers += [nn.Conv2d(channels, wide, 3, padding=1), nn.ReLU()]
            channels = wide
        slices.append(layers)
    return slices

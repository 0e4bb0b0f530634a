"""What a pix2pix network is made of and how it is trained: saved with it, never repeated by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final, Literal, get_args

from posetransfer.conditioning.pose_frames import STYLES, Style
from posetransfer.errors import CheckpointError, TrainingError

INPUTS: Final = ("pose", "picture")
Outermost = Literal["transposed", "shuffle2", "shuffle4"]


@dataclass(frozen=True)
class Pix2PixConfig:
    """Isola et al. 2017, "Image-to-Image Translation with Conditional Adversarial Networks".

    Defaults are those of the preset `standard`; `preset()` gives the others.
    """

    preset: str = "standard"
    # what goes in
    input: Literal["pose", "picture"] = "pose"  # a drawn pose (pose2pics) or the driver's picture (pics2pics)
    style: Style = "limbs"  # how poses are drawn
    edges: bool = False  # the driver's Canny edges in the pose frame
    # the networks
    size: int = 256  # px, a power of two
    ngf: int = 64  # channels of the generator's first layer
    ndf: int = 64  # channels of the discriminator's first layer
    # the outermost layers: the paper's, whose last one is a transposed convolution; or a convolution at half or at a
    # quarter of the size whose channels are shuffled into squares of 2x2 or 4x4 px (docs/decisions/0016)
    outermost: Outermost = "transposed"
    levels: int = 0  # halvings; 0: down to one pixel
    batch_statistics: bool = False  # batch norm at run time: by the batch (the paper's) or by running statistics
    dropout: float = 0.0  # in the three inner decoder layers, in training and at run time
    # the training
    batch: int = 4
    lr: float = 2e-4
    betas: tuple[float, float] = (0.5, 0.999)
    lambda_l1: float = 100.0
    person_weight: float = 0.0  # added to the L1 weight of 1 around the person's limbs
    head_weight: float = 0.0  # added around the head
    jitter: int = 0  # px: enlarge both pictures by this much and crop at random (paper: 30 of 286)
    joint_noise: float = 0.0  # standard deviation of noise on the input's joints, as a share of size
    joint_drop: float = 0.0  # chance that a joint of the input is hidden

    def __post_init__(self) -> None:
        if self.size & (self.size - 1) or not 32 <= self.size <= 1024:
            raise TrainingError(f"The size must be a power of two from 32 to 1024 (256 or 512), not {self.size}.")
        if self.input not in INPUTS or self.style not in STYLES:
            raise TrainingError(f"The network's input {self.input!r} or style {self.style!r} is not known.")
        if self.outermost not in get_args(Outermost):
            raise TrainingError(f"The network's outermost layers {self.outermost!r} are not known.")
        if self.levels and not 4 <= self.levels < self.size.bit_length():
            raise TrainingError(f"Halvings must be from 4 to {self.size.bit_length() - 1}, or 0 for all of them.")
        if not (1 <= self.ngf <= 256 and 1 <= self.ndf <= 256 and 1 <= self.batch <= 256):
            raise TrainingError("Channels and batch must be from 1 to 256.")

    @property
    def depth(self) -> int:
        """Halvings from `size` to the innermost layer, which is one pixel unless `levels` says otherwise."""
        return self.levels or self.size.bit_length() - 1

    @property
    def patch(self) -> int:
        """Side in px of what one place of the outermost layers stands for."""
        return 4 if self.outermost == "shuffle4" else 2

    def to_json(self) -> dict[str, Any]:
        """Plain values for config.json. Entries that came later are left out where they say what was always so."""
        values = {**asdict(self), "betas": list(self.betas)}
        return {name: value for name, value in values.items() if name not in LATER or value != LATER[name]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Pix2PixConfig:
        """The inverse of `to_json`. Raises CheckpointError if an entry is missing, unknown or impossible."""
        names = {field.name for field in fields(cls)}
        given = set(values) if isinstance(values, dict) else set()
        if given | set(LATER) != names or not isinstance(values, dict):
            wrong = ", ".join(sorted(names ^ (given | set(LATER))))
            raise CheckpointError(f"The network's description does not fit this version; see: {wrong}.")
        try:
            return cls(**{**values, "betas": tuple(values["betas"])})
        except (TypeError, TrainingError) as error:
            raise CheckpointError(f"The network's description is not valid: {error}") from error


# Entries that descriptions written before them lack, with what holds for those networks.
LATER: Final = {"outermost": "transposed", "levels": 0}
_STANDARD: Final = Pix2PixConfig()
_PRESETS: Final[dict[str, Pix2PixConfig]] = {
    # for minutes on a CPU: few steps, so a higher rate, and the person before the wall; and of a width that makes
    # twice the steps of ngf 32 in the same time, and frames in two fifths of it (docs/decisions/0016)
    "fast": replace(
        _STANDARD,
        preset="fast",
        ngf=16,
        ndf=16,
        outermost="shuffle2",
        lr=6e-4,
        person_weight=4.0,
        head_weight=4.0,
    ),
    "standard": _STANDARD,
    "paper": Pix2PixConfig(preset="paper", style="paper", batch=1, batch_statistics=True, dropout=0.5, jitter=30),
}


def preset(name: str, **changes: Any) -> Pix2PixConfig:
    """The preset `fast`, `standard` or `paper`, with some fields changed. Raises TrainingError."""
    if name not in _PRESETS:
        raise TrainingError(f"There is no preset called {name!r}. Choose one of: {', '.join(_PRESETS)}.")
    return replace(_PRESETS[name], **changes)

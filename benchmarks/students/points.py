"""The networks that are compared: what they are made of, and who they learn from."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.methods.pix2pix.config import Pix2PixConfig, preset
from posetransfer.methods.pix2pix.distil import Teaching
from posetransfer.methods.pix2pix.networks import Generator
from posetransfer.methods.pix2pix.weights import load_weights

FAST: Final = preset("fast", ngf=32, outermost="transposed", levels=0)  # as the bundled targets were trained


@dataclass(frozen=True)
class Point:
    """learned: alone with a discriminator; offline, from the bundled target's trained network; or online, from FAST,
    trained in the same run. judged: offline, with a discriminator too. minutes: of processor time."""

    config: Pix2PixConfig
    learned: Literal["alone", "offline", "online"]
    seed: int = 0
    share: float = 0.5
    judged: bool = False
    minutes: float = 6.0

    def teaching(self) -> Teaching | None:
        """What `train` takes."""
        if self.learned == "alone":
            return None
        return Teaching(FAST if self.learned == "online" else bundled()[0], self.share, self.judged)


def _small(ngf: int, outermost: Literal["shuffle2", "shuffle4"] = "shuffle2", levels: int = 0) -> Pix2PixConfig:
    return preset("fast", ngf=ngf, outermost=outermost, levels=levels)


# In the order of their training: what decides comes first.
POINTS: Final[dict[str, Point]] = {
    "32 alone": Point(FAST, "alone"),
    "16 alone": Point(_small(16), "alone"),
    "16 online": Point(_small(16), "online"),
    "16 offline": Point(_small(16), "offline"),
    "16 offline, judged": Point(_small(16), "offline", judged=True),
    "16 in fours alone": Point(_small(16, "shuffle4"), "alone"),
    "8 in fours alone": Point(_small(8, "shuffle4"), "alone"),
    "16 in fours offline": Point(_small(16, "shuffle4"), "offline"),
    "8 in fours offline": Point(_small(8, "shuffle4"), "offline"),
    "24 offline": Point(_small(24), "offline"),
    "24 alone": Point(_small(24), "alone"),
    "16 offline, 5 levels": Point(_small(16, levels=5), "offline"),
    "32 alone, seed 1": Point(FAST, "alone", seed=1),
    "16 alone, seed 1": Point(_small(16), "alone", seed=1),
    "16 alone, long": Point(_small(16), "alone", minutes=17.1),  # as long as 2200 steps of the bundled network take
}


def bundled() -> tuple[Generator, Pix2PixConfig]:
    """The network of the bundled target ines, of 2200 steps: the teacher of those that learn offline."""
    ines = open_checkpoint(BUNDLED / "ines")
    section = ines.methods["pose2pics"]
    config = Pix2PixConfig.from_json(section["config"])
    return load_weights(config, ines.folder / section["weights"]), config


def keep(path: Path, values: Any) -> None:
    """Write JSON, whole or not at all."""
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(values, indent=1, default=asdict) + "\n", "utf-8")
    partial.replace(path)

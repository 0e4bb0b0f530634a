"""The pictures of the performers in the README: `python -m benchmarks.pictures`.

Writes docs/pictures/performers.png (a still of each) and a loop of each, docs/pictures/NAME.webp, from the test reels
in benchmarks/performers/reels.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from PIL import Image

from posetransfer.types import Frame
from posetransfer.video.read import read_frames

ROOT = Path(__file__).resolve().parents[1]
REELS, PICTURES = ROOT / "benchmarks" / "performers" / "reels", ROOT / "docs" / "pictures"
NAMES = ("ines", "kofi", "lars")
STILLS = {"ines": 40, "kofi": 140, "lars": 262}
LOOP, STEP, SIDE = (100, 200), 2, 256  # frames of the reel, every second of them, px


def main() -> None:
    """Write all pictures anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    stills = []
    for name in NAMES:
        reel = REELS / f"test-{name}" / "reel.mp4"
        stills.append(next(islice(read_frames(reel), STILLS[name], None)))
        loop = [shrunk(frame) for frame in islice(read_frames(reel), *LOOP, STEP)]
        # there and back again: the end of a loop of this length would otherwise jump
        loop += loop[-2:0:-1]
        loop[0].save(
            PICTURES / f"{name}.webp", save_all=True, append_images=loop[1:], duration=40 * STEP, loop=0, quality=60
        )
    Image.fromarray(np.hstack(stills)).save(PICTURES / "performers.png", optimize=True)


def shrunk(frame: Frame) -> Image.Image:
    return Image.fromarray(frame).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


if __name__ == "__main__":
    main()

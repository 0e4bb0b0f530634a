"""Targets that only look like ones: whole folders with right hashes and nothing that could generate."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from posetransfer.checkpoints.card import write_card
from posetransfer.checkpoints.folder import PREVIEW, Target, replacing, write_config
from posetransfer.conditioning.window import Window
from posetransfer.poses.body import Body


def a_target() -> Target:
    body = Body(
        size=(256, 256),
        limbs=np.ones(17, np.float32),
        torso=1.0,
        height=3.0,
        joints=np.ones((18, 2), np.float32),
        hips=np.ones(2, np.float32),
        floor=float("nan"),
        face=np.full((68, 2), np.nan, np.float32),
        face_size=float("nan"),
    )
    return Target(Window(-3, 4, 300, 256), (320, 240), body, "mediapipe", "limbs")


def write_a_target(folder: Path, megabytes: float = 0.1, seed: int = 0) -> Path:
    """A target of k-NN whose film is noise of so many megabytes, with a picture and a card."""
    noise = np.random.default_rng(seed).bytes(int(megabytes * 1e6))
    with replacing(folder) as partial:
        (partial / "frames.mp4").write_bytes(noise)
        (partial / "poses.safetensors").write_bytes(noise[:5000])
        (partial / PREVIEW).write_bytes(b"\x89PNG a picture")
        methods = {"knn": {"frames": 2}}
        write_config(partial, a_target(), methods)
        write_card(partial, folder.name, methods)
    return folder

"""Where the joints of a body are in a posture, without its mesh: for checks, sketches and tests."""

from __future__ import annotations

import numpy as np
from scipy.spatial.transform import Rotation

from benchmarks.performers.motions.posture import BONES, PARENTS, Body, Posture
from benchmarks.performers.motions.rotations import Array


def joints(body: Body, postures: list[Posture]) -> dict[str, Array]:
    """Bone -> its head [n, 3] in the world, m, z = 0 is the floor."""
    root = np.stack([posture.root for posture in postures])
    nothing = np.zeros(3)
    places: dict[str, Array] = {}
    turns: dict[str, Rotation] = {}
    for bone in BONES:
        own = Rotation.from_rotvec([posture.rotations.get(bone, nothing) for posture in postures])
        parent = PARENTS[bone]
        if parent is None:
            places[bone], turns[bone] = root - (0.0, 0.0, body.floor), own
        else:
            offset = body.heads[bone] - body.heads[parent]
            places[bone], turns[bone] = places[parent] + turns[parent].apply(offset), turns[parent] * own
    return places

"""What a motion says about one moment, and what it has to know about the body that performs it.

Conventions, found out with anny 0.6.2 (`create_fullbody_model`, its default rig of 163 bones):

- Space: metres, z up. At rest the performer faces -y, which is towards the camera; bones named `.L` have x > 0,
  the picture's right. The rest pose is an A-pose: arms 45 degrees down, elbows bent forward, feet 0.38 m apart.
- Rotations are anny's `pose_parameterization="local-ref"`: a bone turns about its own head, relative to its parent,
  and the rotation vector is written in the axes of the WORLD AT REST, not in the bone's own frame. So the turn of a
  bone as it is seen in the world is the product of those along its chain, `turn[bone] = turn[parent] @ R[bone]`,
  and a rotation vector means the same for every body. A bone that isn't named keeps its rest pose.
- The bone `root` has no parent, its head is the origin, and it carries the heading: its rotation is the hips'.

To pose a body of anny: `model(pose_parameters=deltas, phenotype_kwargs=..., pose_parameterization="local-ref")` with
`deltas` [n, 163, 4, 4], the identity but for the rotation matrices of the named bones. Then add `root - (0, 0, floor)`
to every vertex and joint. That puts the soles on z = 0: nothing else has to be moved, and a foot that stands keeps
its place to a millimetre (add the thickness of a shoe's sole to z, if it has one).

The `Body` comes from the same call with all deltas the identity: `heads` from its `bone_poses[0, :, :3, 3]`, `floor`
from its `vertices[0, :13380, 2].min()`, the body without helper geometry. (Not from `rest_vertices`: those lie
elsewhere, by the root's rest head.)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

SIDES = ("L", "R")
SPINE = ("spine05", "spine04", "spine03", "spine02", "spine01")
NECK = ("neck01", "neck02", "neck03", "head")
ARM = ("clavicle", "shoulder01", "upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")
LEG = ("upperleg01", "lowerleg01", "foot")
TOES = tuple(f"toe{toe}-1" for toe in range(1, 6))
FINGERS = tuple(f"finger{finger}-{joint}" for finger in range(1, 6) for joint in range(1, 4))
BONES = (
    "root",
    *SPINE,
    *NECK,
    *(f"{bone}.{side}" for side in SIDES for bone in (*ARM, *FINGERS, *LEG, *TOES)),
)
PARENTS: Mapping[str, str | None] = {
    "root": None,
    **dict(zip(SPINE, ("root", *SPINE), strict=False)),
    **dict(zip(NECK, (SPINE[-1], *NECK), strict=False)),
    **{
        f"{bone}.{side}": parent if parent in ("root", SPINE[-1]) else f"{parent}.{side}"
        for side in SIDES
        for bone, parent in (
            *zip(ARM, (SPINE[-1], *ARM), strict=False),
            *((finger, "wrist" if finger[-1] == "1" else f"{finger[:-1]}{int(finger[-1]) - 1}") for finger in FINGERS),
            *zip(LEG, ("root", *LEG), strict=False),
            *((toe, LEG[-1]) for toe in TOES),
        )
    },
}
"""Bone -> the nearest bone above it that moves; those between them that anny has keep their rest pose."""


@dataclass(frozen=True)
class Face:
    """What the face does: each 0..1 unless said otherwise."""

    mouth: float = 0.0
    """How far it is open."""
    smile: float = 0.0
    blink: float = 0.0
    """1 is shut, both eyes."""
    brows: float = 0.0
    """-1 is a frown, 1 is raised."""
    gaze: tuple[float, float] = (0.0, 0.0)
    """Where the eyes look, relative to the head, radians: towards the performer's left (+x at rest), and up."""


@dataclass(frozen=True)
class Posture:
    """One moment of a motion on one body."""

    rotations: Mapping[str, NDArray[np.float64]]
    """Bone -> rotation vector [3], radians, relative to its parent, in the world's axes at rest."""
    root: NDArray[np.float64]
    """[3] m, added to all that was posed: from the standing place, z = 0 is where the rest soles touch the floor."""
    face: Face = field(default_factory=Face)


@dataclass(frozen=True)
class Body:
    """The rest skeleton that a motion is fitted to: legs that reach, hands that meet."""

    heads: Mapping[str, NDArray[np.float64]]
    """Bone -> its head at rest [3] m in anny's own space (see above), for all of `BONES`."""
    floor: float
    """The lowest z of the rest mesh, m, in the same space."""
    girth: float = 0.0
    """How many degrees further from the trunk the arms hang than those of a slim body."""

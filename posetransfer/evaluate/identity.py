"""Whether a made person has the target's face: distances between embeddings of faces.

The average embedding distance (AED) of Siarohin et al. 2019, with dlib's face embedding (King 2017), and without
pairs: each made face is held against many true faces of the target, as a true frame of the same moment need not
exist. All distances are L2 and have no unit; 0 is the same picture, 0.6 the edge of one person, 1 a stranger.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from posetransfer.errors import NoPersonFound
from posetransfer.faces.identity import EMBEDDING, SAME_PERSON, Embedding

MOST_FACES: Final = 200  # of one person, evenly over the clip: more do not move the means
NOTHING: Final = float("nan")


@dataclass(frozen=True)
class IdentityScore:
    """The made faces against the target's, beside what is to be expected.

    made_to_target: mean distance of made faces from the target's true faces;
    target_to_target: mean distance of two true faces of the target, which is as good as made faces can get;
    target_to_driver: mean distance of the target's true faces from the driver's, which is where made faces would be
    that kept the driver's (nan without a driver);
    same_person: share 0..1 of the made faces whose mean distance is under 0.6; frames: how many were looked at;
    faceless: those without a face, which are in none of the means.
    """

    made_to_target: float
    target_to_target: float
    target_to_driver: float
    same_person: float
    frames: int
    faceless: int


class Identity:
    """Scores made faces one by one; a number for each frame is kept."""

    def __init__(self, target: Sequence[Embedding], driver: Sequence[Embedding] = ()) -> None:
        """target, driver: embeddings of true faces, of which `MOST_FACES` of each are used.

        Raises NoPersonFound if the target has fewer than two.
        """
        if len(target) < 2:
            raise NoPersonFound(
                "No face of the target is seen in two frames or more, so there is none to compare with."
            )
        self._target = _spread(target)
        others = _apart(self._target, self._target)[~np.eye(len(self._target), dtype=np.bool_)]
        self._within = float(others.mean())
        self._to_driver = float(_apart(self._target, _spread(driver)).mean()) if len(driver) else NOTHING
        self._distances: list[float] = []

    def add(self, face: Embedding | None) -> None:
        """The face of the next made frame, or None where none was found."""
        distance = NOTHING if face is None else float(_apart(self._target, face[None]).mean())
        self._distances.append(distance)

    @property
    def distances(self) -> NDArray[np.float64]:
        """[T]: each made face's mean distance from the target's faces; nan where there was no face. For intervals."""
        return np.array(self._distances, np.float64)

    def result(self) -> IdentityScore:
        """What was found up to now."""
        all_frames = self.distances
        seen = all_frames[np.isfinite(all_frames)]
        return IdentityScore(
            float(seen.mean()) if len(seen) else NOTHING,
            self._within,
            self._to_driver,
            float((seen < SAME_PERSON).mean()) if len(seen) else NOTHING,
            len(all_frames),
            len(all_frames) - len(seen),
        )


def _spread(faces: Sequence[Embedding]) -> NDArray[np.float64]:
    """[up to MOST_FACES, 128]: faces evenly over the clip."""
    places = np.linspace(0, len(faces) - 1, min(len(faces), MOST_FACES)).round().astype(int)
    return np.array([faces[place] for place in places], np.float64).reshape(-1, EMBEDDING)


def _apart(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """[len(a), len(b)] distances."""
    return np.asarray(cdist(a, b), np.float64)

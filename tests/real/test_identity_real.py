"""Whose face it is, on three people of one room, and on a face of forty pixels."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from posetransfer.evaluate.identity import Identity
from posetransfer.faces.identity import Embedding, FaceIdentity
from posetransfer.poses.estimator import Choice, follow_person, make_estimator
from posetransfer.types import unseen_pose
from posetransfer.video.read import read_frames


def looked_at(path: Path, frames: int, every: int) -> list[Embedding | None]:
    """The face of every n-th of the first frames, where the pose says."""
    faces, found = FaceIdentity(), []
    pictures = list(islice(read_frames(path), frames))
    for t, person in enumerate(follow_person(iter(pictures), make_estimator("mediapipe"), Choice())):
        if t % every == 0:
            found.append(faces.find(pictures[t], person.pose if person else unseen_pose()))
    return found


@pytest.fixture(scope="module")
def people(real_data: Path) -> dict[str, list[Embedding | None]]:
    return {name: looked_at(real_data / f"clips/sign-{name}.mkv", 90, 6) for name in ("orange", "skull")}


def seen(faces: list[Embedding | None]) -> list[Embedding]:
    return [face for face in faces if face is not None]


def test_a_persons_later_frames_are_theirs_and_not_the_others(people: dict[str, list[Embedding | None]]) -> None:
    for name, other in (("orange", "skull"), ("skull", "orange")):
        own = people[name]
        half = len(own) // 2
        scores = {}
        for made in (name, other):
            identity = Identity(seen(own[:half]), seen(people[other]))
            for face in people[made][half:]:
                identity.add(face)
            scores[made] = identity.result()
        assert scores[name].faceless == 0
        assert scores[name].same_person == 1
        assert scores[name].made_to_target < 0.45
        assert scores[other].made_to_target > 0.6 > scores[name].target_to_target
        assert scores[other].made_to_target == pytest.approx(scores[name].target_to_driver, abs=0.05)


def test_small_faces_are_embedded_where_they_look_to_the_camera(real_data: Path) -> None:
    faces = seen(looked_at(real_data / "clips/blue-dancer.avi", 48, 8))
    assert len(faces) >= 3
    apart = np.linalg.norm(np.array(faces)[:, None] - np.array(faces), axis=-1)
    assert apart.max() < 0.8

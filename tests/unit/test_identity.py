from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut

from posetransfer.errors import NoPersonFound
from posetransfer.evaluate.identity import Identity
from posetransfer.faces.head import box_around
from posetransfer.faces.identity import EMBEDDING, FaceIdentity
from posetransfer.types import Pose, unseen_pose

NOSE, RIGHT_EYE, LEFT_EYE = (225, 127), (203, 102), (247, 104)  # of the woman in the photograph, px


@pytest.fixture(scope="module")
def faces() -> FaceIdentity:
    return FaceIdentity()


def at(place: float) -> np.ndarray:
    """An embedding on a line: distances are differences of places."""
    embedding = np.zeros(EMBEDDING)
    embedding[0] = place
    return embedding


def head_pose(scale: float = 1.0) -> Pose:
    pose = unseen_pose()
    pose[[0, 14, 15], :2] = np.array([NOSE, RIGHT_EYE, LEFT_EYE]) * scale
    pose[[0, 14, 15], 2] = 1
    return pose


def test_a_photograph_moved_and_darkened_is_the_same_person(faces: FaceIdentity) -> None:
    photograph = astronaut()
    face = faces.find(photograph)
    assert face is not None and face.shape == (EMBEDDING,)
    darker = np.ascontiguousarray((photograph * 0.6).astype(np.uint8)[10:, 7:])
    other = faces.find(darker)
    assert other is not None and 0 < np.linalg.norm(face - other) < 0.25


def test_the_pose_says_where_a_small_face_is(faces: FaceIdentity) -> None:
    small = np.ascontiguousarray(astronaut()[::3, ::3])  # a face of 35 px
    assert faces.find(small) is None
    found, whole = faces.find(small, head_pose(1 / 3)), faces.find(astronaut())
    assert found is not None and whole is not None
    assert np.linalg.norm(found - whole) < 0.5


def test_no_face_no_head_and_a_head_outside_are_none(faces: FaceIdentity) -> None:
    wall = np.full((240, 240, 3), 90, np.uint8)
    assert faces.find(wall) is None
    assert faces.find(astronaut(), unseen_pose()) is None
    outside = head_pose()
    outside[:, 0] -= 400
    assert faces.find(astronaut(), outside) is None


def test_a_boxs_embedding_is_found_whatever_the_detector(faces: FaceIdentity) -> None:
    box = box_around(np.array((223, 127), np.float32), 100)
    found = faces.find(astronaut())
    assert found is not None and np.linalg.norm(faces.embed(astronaut(), box) - found) < 0.25


def test_made_faces_are_held_against_all_true_ones() -> None:
    identity = Identity([at(0), at(0.2)], [at(1.0)])
    for face in (at(0.1), None, at(0.9)):
        identity.add(face)
    score = identity.result()
    assert score.made_to_target == pytest.approx((0.1 + 0.8) / 2)
    assert score.target_to_target == pytest.approx(0.2)
    assert score.target_to_driver == pytest.approx(0.9)
    assert (score.same_person, score.frames, score.faceless) == (0.5, 3, 1)
    np.testing.assert_allclose(identity.distances, [0.1, np.nan, 0.8])


def test_without_made_faces_or_driver_the_figures_are_nan() -> None:
    identity = Identity([at(0), at(0.2)])
    identity.add(None)
    score = identity.result()
    assert np.isnan([score.made_to_target, score.target_to_driver, score.same_person]).all()
    assert (score.frames, score.faceless) == (1, 1)


def test_a_long_clips_faces_are_thinned_out_evenly() -> None:
    identity = Identity([at(place) for place in np.linspace(0, 1, 5001)])
    identity.add(at(0))
    assert identity.result().made_to_target == pytest.approx(0.5, abs=0.005)
    assert identity.result().target_to_target == pytest.approx(1 / 3, abs=0.005)


def test_a_target_without_faces_is_told() -> None:
    with pytest.raises(NoPersonFound, match="two frames"):
        Identity([at(0)])

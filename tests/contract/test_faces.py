"""Every face detector and every contour source, on the photograph that scikit-image carries."""

from __future__ import annotations

import numpy as np
import pytest
from skimage.data import astronaut

from posetransfer.errors import UnknownName
from posetransfer.faces.contours import CONTOURS, LEFT_EYE, LINES, NOSE_TIP, RIGHT_EYE
from posetransfer.faces.detector import FACE_DETECTORS
from posetransfer.faces.head import box_around
from posetransfer.types import FACE_POINTS

# Of the woman in the photograph, px: seen by eye.
NOSE, RIGHT, LEFT = (225, 127), (203, 102), (247, 104)  # her right eye is on the picture's left
FACE_BOX = box_around(np.array((223, 127), np.float32), 88)


@pytest.fixture(scope="module")
def photograph():
    return np.ascontiguousarray(astronaut()[:256, 96:352])


@pytest.fixture(scope="module", params=list(FACE_DETECTORS))
def detector(request):
    return FACE_DETECTORS.resolve(request.param)()


@pytest.fixture(scope="module", params=list(CONTOURS))
def contours(request):
    return CONTOURS.resolve(request.param)()


def test_names_are_those_of_the_registries():
    for registry in (FACE_DETECTORS, CONTOURS):
        assert [registry.resolve(name).NAME for name in registry] == list(registry)
        with pytest.raises(UnknownName):
            registry["nobody"]


def test_a_detector_finds_the_one_face_and_leaves_the_frame_alone(detector, photograph):
    before = photograph.copy()
    found = detector.detect(photograph)
    assert len(found) == 1
    assert found[0].box.centre == pytest.approx((NOSE[0] - 96, NOSE[1] - 10), abs=15)
    assert 70 < found[0].box.width < 130
    np.testing.assert_array_equal(photograph, before)


def test_a_detector_finds_nothing_where_nothing_is(detector):
    assert detector.detect(np.full((120, 160, 3), 90, np.uint8)) == []


def test_contours_lie_on_the_eyes_and_the_nose(contours):
    face = contours.find(astronaut(), FACE_BOX)
    assert face.shape == (FACE_POINTS, 2)
    assert face.dtype == np.float32
    for place, seen in (
        (face[RIGHT_EYE].mean(axis=0), RIGHT),
        (face[LEFT_EYE].mean(axis=0), LEFT),
        (face[NOSE_TIP], NOSE),
    ):
        np.testing.assert_allclose(place, seen, atol=6)
    assert face[8, 1] > face[57, 1] > face[NOSE_TIP, 1] > face[27, 1]  # chin, lower lip, nose tip, nose root


def test_the_sources_mean_the_same_places():
    faces = [CONTOURS.resolve(name)().find(astronaut(), FACE_BOX) for name in CONTOURS]
    between_eyes = np.hypot(LEFT[0] - RIGHT[0], LEFT[1] - RIGHT[1])
    for face in faces[1:]:
        away = np.linalg.norm(face - faces[0], axis=1) / between_eyes
        assert away[17:].mean() < 0.08
        assert away.max() < 0.35


def test_contours_turn_with_the_picture(contours):
    upright = contours.find(astronaut(), FACE_BOX)
    turned = np.ascontiguousarray(np.rot90(astronaut(), -1))  # clockwise: (x, y) comes to (511 - y, x)
    face = contours.find(turned, box_around(np.array((511 - 127, 223), np.float32), 88), roll=np.pi / 2)
    if contours.NAME == "dlib68":
        assert face is not None  # the trees know no roll and always answer
    else:
        np.testing.assert_allclose(face, np.stack([511 - upright[:, 1], upright[:, 0]], axis=1), atol=4)


def test_a_face_at_the_edge_of_the_frame_is_no_error(contours):
    cut = np.ascontiguousarray(astronaut()[:, 223:])
    face = contours.find(cut, box_around(np.array((0, 127), np.float32), 88))
    assert face is None or np.isfinite(face).all()


def test_the_mesh_knows_when_there_is_no_face():
    mesh = CONTOURS.resolve("facemesh")()
    assert mesh.find(np.full((512, 512, 3), 90, np.uint8), FACE_BOX) is None


def test_the_lines_cover_every_place_once():
    assert [i for first, end, _ in LINES for i in range(first, end)] == list(range(FACE_POINTS))

"""Every face detector and every contour source, on rendered performers whose eyes and noses are known."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from posetransfer.conditioning.window import Window
from posetransfer.errors import UnknownName
from posetransfer.faces.contours import CONTOURS, LEFT_EYE, LINES, NOSE_TIP, RIGHT_EYE
from posetransfer.faces.detector import FACE_DETECTORS
from posetransfer.faces.head import box_around
from posetransfer.poses.skeleton import L_EYE, NOSE, R_EYE
from posetransfer.types import FACE_POINTS, Box, Frame, Pose
from tests.performers import INES, KOFI, frame, pose

SIDE = 256  # px of the picture of a head that was 64 px in the reel
WIDTH = 100  # px of the face in it


class Portrait(NamedTuple):
    """picture: [SIDE, SIDE, 3]; truth: the joints in its px; box: of the face."""

    picture: Frame
    truth: Pose
    box: Box


@pytest.fixture(scope="module", params=[INES, KOFI])
def portrait(request: pytest.FixtureRequest) -> Portrait:
    """The head of a performer who looks into the camera."""
    joints = pose(request.param)
    x, y = joints[NOSE, :2].round().astype(int)
    window = Window(int(x) - 32, int(y) - 32, 64, SIDE)
    truth = window.to_window(joints)
    return Portrait(
        window.crop(frame(request.param)), truth, box_around(truth[[NOSE, R_EYE, L_EYE], :2].mean(0), WIDTH)
    )


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


def test_a_detector_finds_the_one_face_and_leaves_the_frame_alone(detector, portrait):
    before = portrait.picture.copy()
    found = detector.detect(portrait.picture)
    assert len(found) == 1
    assert found[0].box.centre == pytest.approx(portrait.box.centre, abs=20)
    assert 70 < found[0].box.width < 130
    np.testing.assert_array_equal(portrait.picture, before)


def test_a_detector_finds_nothing_where_nothing_is(detector):
    assert detector.detect(np.full((120, 160, 3), 90, np.uint8)) == []


def test_contours_lie_on_the_eyes_and_the_nose(contours, portrait):
    face = contours.find(portrait.picture, portrait.box)
    assert face.shape == (FACE_POINTS, 2)
    assert face.dtype == np.float32
    places = np.stack([face[NOSE_TIP], face[RIGHT_EYE].mean(axis=0), face[LEFT_EYE].mean(axis=0)])
    np.testing.assert_allclose(places, portrait.truth[[NOSE, R_EYE, L_EYE], :2], atol=6)
    assert face[8, 1] > face[57, 1] > face[NOSE_TIP, 1] > face[27, 1]  # chin, lower lip, nose tip, nose root


def test_the_sources_mean_the_same_places(portrait):
    faces = [CONTOURS.resolve(name)().find(portrait.picture, portrait.box) for name in CONTOURS]
    between_eyes = np.linalg.norm(portrait.truth[L_EYE, :2] - portrait.truth[R_EYE, :2])
    for face in faces[1:]:
        away = np.linalg.norm(face - faces[0], axis=1) / between_eyes
        assert away[17:].mean() < 0.12  # 1.2 px of the reel
        assert away.max() < 0.45


def test_contours_turn_with_the_picture(contours, portrait):
    upright = contours.find(portrait.picture, portrait.box)
    turned = np.ascontiguousarray(np.rot90(portrait.picture, -1))  # clockwise: (x, y) comes to (SIDE - 1 - y, x)
    x, y = portrait.box.centre
    face = contours.find(turned, box_around(np.array((SIDE - 1 - y, x), np.float32), WIDTH), roll=np.pi / 2)
    if contours.NAME == "dlib68":
        assert face is not None  # the trees know no roll and always answer
    else:
        np.testing.assert_allclose(face, np.stack([SIDE - 1 - upright[:, 1], upright[:, 0]], axis=1), atol=4)


def test_a_face_at_the_edge_of_the_frame_is_no_error(contours, portrait):
    cut = np.ascontiguousarray(portrait.picture[:, SIDE // 2 :])
    x, y = portrait.box.centre
    face = contours.find(cut, box_around(np.array((x - SIDE // 2, y), np.float32), WIDTH))
    assert face is None or np.isfinite(face).all()


def test_the_mesh_knows_when_there_is_no_face():
    mesh = CONTOURS.resolve("facemesh")()
    assert mesh.find(np.full((SIDE, SIDE, 3), 90, np.uint8), Box(78, 78, 178, 178)) is None


def test_the_lines_cover_every_place_once():
    assert [i for first, end, _ in LINES for i in range(first, end)] == list(range(FACE_POINTS))

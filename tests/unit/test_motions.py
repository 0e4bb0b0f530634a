"""The performers' motions: feet that stand stay, joints bend the right way, and no two reels are alike."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from benchmarks.performers.motions.average import average_body
from benchmarks.performers.motions.gestures import STAND, wave
from benchmarks.performers.motions.limbs import leg_length
from benchmarks.performers.motions.posture import BONES, PARENTS, SIDES, Body, Posture
from benchmarks.performers.motions.reels import MANNERS, figure, reel
from benchmarks.performers.motions.skeleton import joints
from benchmarks.performers.motions.timeline import RATE, Key, eased, on_the_clock

Array = NDArray[np.float64]
FPS = 25
SECONDS = {"train-a": 62.0, "train-b": 62.0, "test": 20.0}


def body_of(build: str) -> Body:
    """The average body, or one with long legs and short arms, or the other way round and stout."""
    average = average_body()
    if build == "average":
        return average
    legs, arms = (1.14, 0.93) if build == "tall" else (0.86, 1.05)
    heads = {}
    for bone, head in average.heads.items():
        if bone.split(".")[0].startswith(("upperleg", "lowerleg", "foot", "toe")):
            heads[bone] = head * (1.0, 1.0, legs)
        elif bone.split(".")[0].startswith(("lowerarm", "wrist", "finger")):
            shoulder = average.heads[f"upperarm01.{bone[-1]}"]
            heads[bone] = shoulder + arms * (head - shoulder)
        else:
            heads[bone] = head
    return Body(heads, average.floor * legs, girth=0.0 if build == "tall" else 5.0)


@cache
def performed(name: str, build: str) -> list[Posture]:
    return reel(name, SECONDS[name], FPS, seed=0, body=body_of(build))


@cache
def places(name: str, build: str) -> dict[str, Array]:
    return joints(body_of(build), performed(name, build))


def everyone(function: object) -> object:
    for mark in (
        pytest.mark.parametrize("name", list(SECONDS)),
        pytest.mark.parametrize("build", ["average", "tall", "short"]),
    ):
        function = mark(function)
    return function


def apart(points: Array, start: Array, end: Array) -> Array:
    """Distance [n] of points [n, 3] from the pieces of line from start to end [n, 3]."""
    line = end - start
    share = np.clip(np.sum((points - start) * line, axis=1) / np.sum(line * line, axis=1), 0, 1)
    return np.asarray(np.linalg.norm(points - start - share[:, None] * line, axis=1))


def test_bones_follow_their_parents() -> None:
    for bone in BONES:
        parent = PARENTS[bone]
        assert parent is None or BONES.index(parent) < BONES.index(bone)
    assert set(performed("test", "average")[0].rotations) == set(BONES)


@everyone
def test_reels_have_their_length_and_are_finite(name: str, build: str) -> None:
    postures = performed(name, build)
    assert len(postures) == SECONDS[name] * FPS
    assert all(np.isfinite(vector).all() for posture in postures for vector in posture.rotations.values())


@everyone
def test_a_foot_that_stands_keeps_its_place(name: str, build: str) -> None:
    feet = figure(name, SECONDS[name]).feet
    at = np.arange(len(performed(name, build))) * RATE // FPS
    for side, letter in enumerate(SIDES):
        course = np.column_stack([feet.place[at, side], feet.lift[at, side], feet.heel[at, side], feet.yaw[at, side]])
        stands = np.abs(np.diff(course, axis=0)).max(axis=1) < 1e-9
        assert stands.mean() > 0.3
        ankle = np.linalg.norm(np.diff(places(name, build)[f"foot.{letter}"], axis=0), axis=1)
        assert ankle[stands].max() < 0.0005


@everyone
def test_one_foot_is_always_on_the_floor_and_none_below(name: str, build: str) -> None:
    body, posed = body_of(build), places(name, build)
    above = np.stack([posed[f"toe3-1.{s}"][:, 2] - body.heads[f"toe3-1.{s}"][2] + body.floor for s in SIDES])
    assert above.min() > -0.006
    assert above.min(axis=0).max() < 0.006


@everyone
def test_knees_bend_forwards_and_never_lock(name: str, build: str) -> None:
    body, posed = body_of(build), places(name, build)
    for letter in SIDES:
        hip, knee, ankle, toe = (posed[f"{bone}.{letter}"] for bone in ("upperleg01", "lowerleg01", "foot", "toe3-1"))
        assert np.linalg.norm(ankle - hip, axis=1).max() < 0.998 * leg_length(body)
        ahead = (toe - ankle) * (1, 1, 0)
        assert np.sum((knee - (hip + ankle) / 2) * ahead, axis=1).min() > 0


@everyone
def test_elbows_bend_forwards(name: str, build: str) -> None:
    posed = places(name, build)
    for letter in SIDES:
        shoulder, elbow, wrist = (posed[f"{bone}.{letter}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
        upper, lower = elbow - shoulder, wrist - elbow
        cosine = np.sum(upper * lower, axis=1) / np.linalg.norm(upper, axis=1) / np.linalg.norm(lower, axis=1)
        assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < 150


@everyone
def test_hands_stay_out_of_the_trunk_the_head_and_each_other(name: str, build: str) -> None:
    posed = places(name, build)
    crown = posed["head"] + 0.09 * (posed["head"] - posed["neck01"]) / 0.1
    for letter in SIDES:
        wrist = posed[f"wrist.{letter}"]
        assert apart(wrist, posed["spine05"], posed["spine01"]).min() > 0.14
        assert apart(wrist, posed["head"], crown).min() > 0.11
    assert np.linalg.norm(posed["wrist.L"] - posed["wrist.R"], axis=1).min() > 0.055


@everyone
def test_nobody_moves_faster_than_people_do(name: str, build: str) -> None:
    posed = places(name, build)
    for bone, speed, pull in (
        ("wrist.L", 4.3, 45.0),
        ("wrist.R", 4.3, 45.0),
        ("head", 2.0, 15.0),
        ("root", 1.6, 14.0),
    ):
        velocity = np.gradient(posed[bone], 1 / FPS, axis=0)
        assert np.linalg.norm(velocity, axis=1).max() < speed
        assert np.linalg.norm(np.gradient(velocity, 1 / FPS, axis=0), axis=1).max() < pull


def test_the_same_seed_makes_the_same_motion_and_another_does_not() -> None:
    again, other = reel("test", 3.0, FPS, seed=0), reel("test", 3.0, FPS, seed=1)
    first = reel("test", 3.0, FPS, seed=0)
    assert all(
        np.array_equal(a.rotations[b], c.rotations[b]) for a, c in zip(first, again, strict=True) for b in BONES
    )
    assert any(not np.allclose(a.root, c.root) for a, c in zip(first, other, strict=True))


def test_everybody_performs_the_test_reel_alike() -> None:
    """The same faces at the same moments, and arms that point the same way."""
    average, tall = performed("test", "average"), performed("test", "tall")
    assert [posture.face for posture in average] == [posture.face for posture in tall]
    ways = []
    for build in ("average", "tall"):
        posed = places("test", build)
        way = posed["lowerarm01.L"] - posed["upperarm01.L"]
        ways.append(way / np.linalg.norm(way, axis=1, keepdims=True))
    assert np.degrees(np.arccos(np.clip(np.sum(ways[0] * ways[1], axis=1), -1, 1))).max() < 20


def shapes(name: str) -> Array:
    """Joints [n, 8, 3] from the hips, m: what a picture of the pose shows, wherever it stands."""
    posed = places(name, "average")
    bones = [f"{bone}.{side}" for bone in ("wrist", "lowerarm01", "foot", "lowerleg01") for side in SIDES]
    return np.stack([posed[bone] - posed["spine05"] for bone in bones], axis=1)


def test_the_test_reel_has_poses_that_training_lacks() -> None:
    known = np.concatenate([shapes("train-a"), shapes("train-b")])
    nearest = np.array([np.linalg.norm(known - pose, axis=2).max(axis=1).min() for pose in shapes("test")])
    assert (nearest > 0.2).mean() > 0.3


def test_training_reels_differ_and_both_turn_away() -> None:
    one, two = figure("train-a", 62.0), figure("train-b", 62.0)
    assert np.abs(one.channels["left"] - two.channels["left"]).mean() > 0.05
    for motion in (one, two):
        assert np.abs(motion.channels["ground"][:, 0]).max() > np.radians(150)


@pytest.mark.parametrize("name", list(MANNERS))
def test_faces_are_alive(name: str) -> None:
    faces = [posture.face for posture in performed(name, "average")]
    blinks, mouths = (np.array([getattr(face, part) for face in faces]) for part in ("blink", "mouth"))
    assert blinks.max() > 0.9 and 0.02 < (blinks > 0.3).mean() < 0.25
    assert mouths.min() >= 0 and mouths.max() <= 1
    if name != "test":
        assert mouths.max() > 0.3 and (mouths < 0.02).mean() > 0.5


def test_keys_are_reached_and_held() -> None:
    raised = replace(wave()[1].pose)
    keyed = on_the_clock([Key(STAND, 0.0, 0.5), Key(raised, 1.0, 1.5), Key(STAND, 1.0, 1.0)])
    bend = eased(keyed, 5.0)["bend"][:, 1]
    assert bend[: RATE // 2] == pytest.approx(np.radians(STAND.right.bend), abs=1e-6)
    assert bend[290] == pytest.approx(np.radians(raised.right.bend), abs=1e-3)
    assert np.abs(np.diff(bend, 2)).max() * RATE**2 < 40


def test_a_mirrored_mirror_is_the_same() -> None:
    pose = wave()[1].pose
    assert pose.mirror().mirror() is not pose
    assert pose.mirror().mirror().head == pose.head and pose.mirror().left is pose.right

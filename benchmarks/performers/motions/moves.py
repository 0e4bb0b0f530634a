"""Phrases of the legs and the whole body: squats, side steps, lunges, turns. Seconds at tempo 1."""

from __future__ import annotations

from benchmarks.performers.motions.gestures import EASY, ON_HIP, STAND, Phrase
from benchmarks.performers.motions.poses import Foot, Pose, arm, hand_at
from benchmarks.performers.motions.timeline import Key

WIDE = Foot(0.20, 0.0, 16)
SWING_BACK, SWING_AHEAD = arm(26, 172, 18, turn=15), arm(34, 0, 30, turn=10)


def squat() -> Phrase:
    """Two squats with the arms forwards, the second deeper."""
    ready = STAND.but(feet=WIDE, chest=(2, 0, 0))
    down = ready.but(
        arms=arm(116, 8, 12, turn=25), drop=0.30, sit=0.13, chest=(20, 0, 0), hips=(20, 0, 0), head=(-22, 0, 0)
    )
    deep = down.but(
        drop=0.43, sit=0.17, chest=(24, 0, 0), hips=(24, 0, 0), head=(-28, 0, 0), arms=arm(126, 10, 14, turn=25)
    )
    up = ready.but(arms=arm(22, 40, 20), chest=(-2, 0, 0))
    return [
        Key(ready, 0.8),
        Key(down, 1.0, 0.15),
        Key(up, 0.85),
        Key(deep, 1.0, 0.25),
        Key(up, 0.95),
        Key(STAND, 0.7),
    ]


def side_steps() -> Phrase:
    """Two steps to the left, back to the middle, the arms swinging along."""
    push = STAND.but(left=arm(42, 80, 30), right=arm(20, -20, 34), chest=(3, -4, 6), hips=(2, 0, 0), drop=0.03)
    over = push.mirror()
    return [
        Key(push.but(place=(0.13, 0), feet=Foot(0.24), weight=0.7), 0.7),
        Key(STAND.but(place=(0.27, 0), weight=0.2, drop=0.01), 0.62, 0.1),
        Key(over.but(place=(0.14, 0), feet=Foot(0.24), weight=-0.7), 0.7),
        Key(STAND.but(place=(0.0, 0), weight=-0.2), 0.62),
        Key(over.but(place=(-0.13, 0), feet=Foot(0.24), weight=-0.7, chest=(4, 5, -8)), 0.65),
        Key(EASY.mirror().but(place=(-0.18, 0)), 0.7, 0.15),
        Key(STAND, 0.85),
    ]


def lunge() -> Phrase:
    """A lunge to the side with the arms out, then one towards the camera."""
    ready = STAND.but(feet=Foot(0.30, 0.0, 14), arms=arm(35, 80, 20))
    side = ready.but(
        weight=0.95, drop=0.13, sit=0.06, left=arm(84, 60, 14, turn=20), right=arm(74, 88, 10, turn=10),
        hips=(10, 0, 0), chest=(8, -4, 4), head=(-12, 0, 8), left_foot=Foot(0.36, 0, 24),
    )  # fmt: skip
    other = side.mirror().but(drop=0.10)
    ahead = STAND.but(
        left_foot=Foot(0.11, 0.30, 4), right_foot=Foot(0.11, -0.24, 8, heel=34), drop=0.12, weight=0.25,
        left=arm(40, 160, 24), right=arm(62, 8, 40), chest=(6, 0, 8), hips=(4, 0, -4), head=(-8, 0, -3),
    )  # fmt: skip
    return [
        Key(ready, 0.9),
        Key(side, 0.85, 0.2),
        Key(other, 1.1, 0.2),
        Key(STAND, 0.85),
        Key(ahead, 0.9, 0.3),
        Key(STAND, 0.95, 0.15),
    ]


def _facing(heading: float, base: Pose = STAND, lean: float = 1.0) -> Pose:
    return base.but(heading=heading, feet=Foot(0.12, 0.0, 8), chest=(2, 0, 9 * lean), head=(0, 0, 20 * lean))


def turn_sides() -> Phrase:
    """Turns to the left, back, and to the right, hand on the hip."""
    left = _facing(78).but(head=(0, 0, 0), chest=(2, 0, 0), weight=0.3)
    look = left.but(head=(0, -3, -62), chest=(2, 0, -12), smile=0.5)
    right = _facing(-82, EASY, -1).but(head=(0, 0, 0), chest=(2, 0, 0), right=ON_HIP)
    return [
        Key(_facing(34).but(left=arm(24, 100, 22), right=arm(26, 10, 24)), 0.7),
        Key(left, 0.75, 0.25),
        Key(look, 0.65, 0.2),
        Key(_facing(30, lean=-1), 0.7),
        Key(_facing(-36, lean=-1).but(right=arm(24, 100, 22), left=arm(26, 10, 24)), 0.8),
        Key(right, 0.75, 0.3),
        Key(_facing(-34), 0.75),
        Key(STAND, 0.7, 0.2),
    ]


def turn_away() -> Phrase:
    """Turns its back to the camera over the left, waits, and comes back the same way."""
    away = EASY.but(heading=176, head=(0, 2, 0))
    peek = away.but(head=(2, 4, 50), chest=(2, 0, 14), gaze=(10, 0), weight=-0.2)
    return [
        Key(_facing(56).but(left=arm(26, 110, 24), right=arm(30, 5, 30)), 0.75),
        Key(_facing(118).but(left=arm(22, 110, 20), right=arm(24, 5, 24)), 0.7),
        Key(away, 0.8, 0.2),
        Key(away.but(arms=arm(86, 84, 12), weight=0.0), 0.9, 0.15),
        Key(peek, 0.85, 0.25),
        Key(_facing(120, lean=-1), 0.75),
        Key(_facing(58, lean=-1), 0.7),
        Key(STAND, 0.75, 0.3),
    ]


def walk_on_spot() -> Phrase:
    """A few lazy steps on the spot, arms swinging."""
    left = STAND.but(
        left_foot=Foot(0.10, 0.06, 4, heel=30, up=0.17), right_foot=Foot(0.10, 0, 4), weight=-0.85,
        left=SWING_BACK, right=SWING_AHEAD, hips=(0, 0, -6), chest=(3, 0, 9), drop=0.012,
    )  # fmt: skip
    beats = [Key(left if i % 2 else left.mirror(), 0.52 + 0.02 * (i % 3)) for i in range(6)]
    return [*beats, Key(STAND, 0.75, 0.25)]


def sidebend() -> Phrase:
    """Stretches to both sides with a hand on the hip and one overhead, the other way round each time."""
    hip = hand_at(0.285, 0.05, -0.30, elbow=84, turn=62, flex=14, tilt=12, grip=0.3)
    left = STAND.but(
        feet=WIDE, left=hip, right=arm(158, 82, 22, twist=50, grip=0.1), hips=(0, -5, 0), chest=(0, 24, 4),
        head=(0, 12, 4), weight=-0.25,
    )  # fmt: skip
    middle = STAND.but(feet=WIDE, arms=arm(70, 80, 24, twist=10))
    return [Key(left, 1.2, 0.4), Key(middle, 0.8), Key(left.mirror(), 0.9, 0.35), Key(STAND, 1.1, 0.1)]

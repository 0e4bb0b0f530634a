"""Dance phrases with hips and shoulders. A beat lasts `BEAT` seconds at tempo 1."""

from __future__ import annotations

from benchmarks.performers.motions.gestures import STAND, Phrase
from benchmarks.performers.motions.poses import Foot, Pose, arm, hand_at
from benchmarks.performers.motions.timeline import Key

BEAT = 0.53
LOOSE = STAND.but(feet=Foot(0.17, 0.0, 14), smile=0.7, drop=0.02)


def groove() -> Phrase:
    """Weight from side to side, hips ahead of the shoulders, elbows bent."""
    left = LOOSE.but(
        weight=0.85, drop=0.04, hips=(0, 7, -9), chest=(5, -10, 14), head=(3, 7, -6),
        left=hand_at(0.25, 0.28, -0.24, elbow=18, grip=0.6), right=hand_at(0.20, 0.20, -0.13, elbow=24, grip=0.6),
    )  # fmt: skip
    up = LOOSE.but(arms=hand_at(0.25, 0.25, -0.16, elbow=26, grip=0.6), drop=0.004, chest=(1, 0, 0))
    keys = [Key(left, 0.8)]
    for beat in range(6):
        keys.append(Key(up, 0.45 * BEAT))
        side = left.mirror() if beat % 2 == 0 else left
        deeper = side.but(drop=0.05) if beat % 4 == 1 else side
        keys.append(Key(deeper, 0.55 * BEAT))
    return [*keys, Key(STAND, 0.9, 0.1)]


def step_touch() -> Phrase:
    """Steps to the side and closes, with arms that open and cross."""
    open_ = LOOSE.but(arms=arm(62, 72, 40, twist=20, grip=0.3), chest=(1, 6, -8), hips=(0, -3, 6))
    cross = LOOSE.but(
        left=hand_at(-0.02, 0.30, -0.20, elbow=55, grip=0.4), right=hand_at(0.03, 0.25, -0.26, elbow=50, grip=0.4),
        chest=(8, 0, 0), drop=0.04,
    )  # fmt: skip
    keys: Phrase = []
    for side in (1, -1, 1, -1):
        place = (0.16 * side, 0.0)
        wide: Pose = open_ if side > 0 else open_.mirror()
        keys.append(Key(wide.but(place=(0.5 * place[0], 0), feet=Foot(0.22), weight=0.6 * side), 1.15 * BEAT))
        keys.append(Key(cross.but(place=place, feet=Foot(0.12), weight=0.5 * side), 1.1 * BEAT))
    return [*keys, Key(STAND, 0.9, 0.2)]


def roll() -> Phrase:
    """Hips in a circle, arms waving up one after the other."""
    keys = [Key(LOOSE.but(arms=arm(40, 60, 50)), 0.7)]
    circle = [(0, 6, 4), (7, 0, 6), (0, -6, -4), (-6, 0, -6)]
    for beat in range(8):
        hips = circle[beat % 4]
        high, low = arm(122 + 6 * (beat % 3), 62, 46, twist=40, flex=-10), arm(64, 62, 70, twist=10, flex=18)
        rising = beat % 4 < 2
        keys.append(
            Key(
                LOOSE.but(
                    hips=hips, chest=(-0.7 * hips[0], -1.1 * hips[1], -1.4 * hips[2]),
                    head=(0, 0.6 * hips[1], hips[2]),
                    weight=0.1 * hips[1], drop=0.02 + 0.02 * (beat % 2),
                    left=high if rising else low, right=low if rising else high,
                ),
                0.95 * BEAT,
            )
        )  # fmt: skip
    return [*keys, Key(STAND, 1.0, 0.1)]


def punches() -> Phrase:
    """Arms punch up across the body on the beat, knees giving."""
    keys = [Key(LOOSE.but(arms=hand_at(0.16, 0.2, -0.22, elbow=45, grip=0.9)), 0.7)]
    for beat in range(5):
        hit = LOOSE.but(
            left=arm(124, 18, 26, twist=10, grip=0.9), right=hand_at(0.18, 0.10, -0.30, elbow=50, grip=0.9),
            hips=(0, 4, -8), chest=(-2, -6, -12), head=(-6, -3, 4), weight=0.6, drop=0.015,
        )  # fmt: skip
        gather = LOOSE.but(arms=hand_at(0.15, 0.22, -0.24, elbow=45, grip=0.9), drop=0.07, chest=(9, 0, 0))
        keys += [Key(hit if beat % 2 == 0 else hit.mirror(), 0.85 * BEAT), Key(gather, 0.8 * BEAT)]
    return [*keys, Key(STAND, 0.9, 0.15)]

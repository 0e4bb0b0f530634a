"""The phrases of the test reel: poses that no training reel has."""

from __future__ import annotations

from benchmarks.performers.motions.dances import BEAT, LOOSE
from benchmarks.performers.motions.gestures import ON_HIP, STAND, Phrase
from benchmarks.performers.motions.poses import Foot, arm, hand_at
from benchmarks.performers.motions.timeline import Key


def archer() -> Phrase:
    """Draws a bow to the left in a deep side stance, and lets go."""
    stance = STAND.but(
        left_foot=Foot(0.34, 0.04, 60), right_foot=Foot(0.30, 0.0, 20), weight=0.45, drop=0.09,
        left=arm(88, 74, 4, turn=0, grip=0.8), right=hand_at(-0.22, 0.34, 0.02, elbow=88, grip=0.8),
        hips=(0, 0, 14), chest=(0, -3, 16), head=(-2, 0, 34), gaze=(8, 0),
    )  # fmt: skip
    drawn = stance.but(right=hand_at(0.13, 0.13, 0.04, elbow=88, grip=0.8), chest=(-3, -6, 4), weight=0.1)
    released = drawn.but(right=arm(86, 96, 36, turn=30, grip=0.1), chest=(-5, -4, -2), brows=0.6)
    return [Key(stance, 1.1, 0.1), Key(drawn, 0.9, 0.4), Key(released, 0.38, 0.3)]


def balance() -> Phrase:
    """On the left leg, the right knee high, one arm up and one to the side."""
    ready = STAND.but(left_foot=Foot(0.07, 0, 8), weight=0.85, arms=arm(66, 80, 30))
    raised = ready.but(
        right_foot=Foot(0.10, 0.16, 8, heel=34, up=0.42), weight=1.0,
        left=arm(164, 86, 20, twist=60, grip=0.1), right=arm(86, 70, 50, twist=50, grip=0.15),
        hips=(-4, 0, 0), chest=(2, -4, 0), head=(-4, 0, -6),
    )  # fmt: skip
    return [Key(ready, 0.75), Key(raised, 1.0, 0.4), Key(ready.but(arms=arm(30, 70, 24)), 0.8), Key(STAND, 0.6)]


def thinker() -> Phrase:
    """Arms folded, then a hand to the chin."""
    folded = STAND.but(
        left=hand_at(-0.05, 0.185, -0.25, elbow=34, turn=55, grip=0.4),
        right=hand_at(-0.07, 0.265, -0.19, elbow=38, turn=50, grip=0.4),
        weight=-0.7, head=(3, 7, 10), chest=(1, 0, 4), left_foot=Foot(0.16, 0.05, 20), brows=-0.4, talk=0.9,
    )  # fmt: skip
    chin = folded.but(
        talk=0.0, right=hand_at(0.05, 0.23, 0.0, elbow=14, turn=-40, grip=0.6), head=(10, -6, -6), gaze=(-8, 8)
    )
    return [Key(folded, 1.0, 0.4), Key(chin, 0.75, 0.35)]


def bow() -> Phrase:
    """A deep bow with one arm swept wide."""
    deep = STAND.but(
        hips=(38, 0, 0), chest=(34, 0, -8), head=(8, 0, 0), sit=0.16, drop=0.04,
        left=arm(80, 118, 14, grip=0.15), right=hand_at(-0.04, 0.30, -0.28, elbow=40, grip=0.3),
        left_foot=Foot(0.10, -0.16, 12),
    )  # fmt: skip
    wide = STAND.but(left=arm(84, 70, 20, grip=0.1), right=arm(60, 40, 70, twist=-20), head=(0, 0, 10), smile=0.8)
    return [Key(wide, 0.8, 0.1), Key(deep, 1.1, 0.4), Key(STAND, 1.1, 0.1)]


def disco() -> Phrase:
    """Points to the sky and across to the floor, the other hand on the hip."""
    sky = LOOSE.but(
        right=arm(142, 72, 4, twist=30, grip=0.5), left=ON_HIP, hips=(0, -7, 4), chest=(-4, -6, -10),
        head=(-12, -4, -22), weight=-0.8, smile=0.9,
    )  # fmt: skip
    floor = LOOSE.but(
        right=arm(46, -32, 6, turn=30, grip=0.5), left=ON_HIP, hips=(2, 7, -6), chest=(10, 6, 16), head=(8, 4, 14),
        weight=0.8, drop=0.05,
    )  # fmt: skip
    beats = [Key(sky if i % 2 == 0 else floor, 1.55 * BEAT, 0.1) for i in range(3)]
    return [*beats, Key(STAND, 0.9, 0.1)]


def hands_at_head() -> Phrase:
    """Hands at the back of the head, elbows wide, turning at the waist, a quarter turned away."""
    hands = arm(112, 84, 126, twist=82, turn=10, grip=0.3)
    held = STAND.but(arms=hands, heading=38, chest=(-4, 0, 0), head=(-4, 0, -20), feet=Foot(0.15, 0.0, 10))
    twisted = held.but(chest=(2, -10, -30), head=(0, 0, -22), weight=-0.5)
    return [Key(held, 1.2, 0.25), Key(twisted, 0.8, 0.3), Key(STAND, 1.2, 0.2)]

"""Phrases of the arms and the head: idling, waving, raising, reaching, clapping, talking. Seconds at tempo 1."""

from __future__ import annotations

from benchmarks.performers.motions.poses import HANG, Foot, Pose, arm, hand_at
from benchmarks.performers.motions.timeline import Key

STAND = Pose(left=arm(10, 78, 16, twist=-8, turn=20), right=arm(8, 65, 12, twist=-6, turn=14), weight=0.15)
EASY = STAND.but(weight=0.75, head=(1, -3, 4), right_foot=Foot(0.15, 0.05, 16), hips=(0, 0, -4), chest=(2, 0, 3))
ON_HIP = hand_at(0.215, 0.05, -0.345, elbow=82, turn=62, flex=34, tilt=12, grip=0.3)

Phrase = list[Key]


def idle() -> Phrase:
    other = EASY.mirror().but(head=(-1, 2, -14), gaze=(-12, 2))
    return [
        Key(EASY, 1.1, 1.0),
        Key(other, 1.4, 0.9),
        Key(STAND.but(head=(4, 0, 10), gaze=(6, -6), left=arm(12, 50, 24, turn=15)), 1.2, 0.5),
    ]


def heads() -> Phrase:
    """Looks to both sides, nods, and tilts the head."""
    left = STAND.but(head=(-2, 2, 44), chest=(1, 0, 7), gaze=(10, 0))
    right = STAND.but(head=(3, -4, -48), chest=(1, 0, -8), gaze=(-10, 0), weight=-0.3)
    down, up = STAND.but(head=(20, 0, 0), gaze=(0, -6)), STAND.but(head=(-10, 0, 0), brows=0.5, gaze=(0, 6))
    tilted = STAND.but(head=(4, 17, -5), smile=0.7, hips=(0, 0, 2))
    nods = [Key(down.but(head=(16 - 4 * i, 0, 2)), 0.26) if i % 2 == 0 else Key(STAND, 0.24) for i in range(4)]
    return [Key(left, 0.75, 0.25), Key(right, 0.9, 0.25), Key(up, 0.6, 0.1), *nods, Key(tilted, 0.55, 0.25)]


def wave() -> Phrase:
    """The right hand waves, the weight on the left leg."""
    body = STAND.but(weight=0.6, chest=(0, 6, -3), head=(0, -5, -4), smile=0.85, brows=0.3, left=arm(14, 70, 22))
    out = body.but(right=arm(78, 78, 92, twist=62, tilt=-14, grip=0.08))
    back = body.but(right=arm(83, 76, 100, twist=88, tilt=16, grip=0.1), chest=(0, 4, -3))
    shakes = [Key(out if i % 2 else back, 0.27 + 0.02 * (i % 3)) for i in range(6)]
    return [Key(body.but(right=arm(60, 60, 120, twist=40)), 0.55), Key(out, 0.35), *shakes, Key(STAND, 0.9, 0.3)]


def wave_high() -> Phrase:
    """Both arms wave far away, overhead."""
    body = STAND.but(smile=0.6, brows=0.5, head=(-7, 0, 0), chest=(-4, 0, 0))
    high = body.but(arms=arm(150, 80, 18, twist=50, grip=0.05))
    cross = body.but(arms=arm(166, 25, 22, twist=30, grip=0.05), chest=(-2, 0, 0))
    beats = [Key(cross if i % 2 else high, 0.42 + 0.03 * (i % 2)) for i in range(4)]
    return [Key(STAND.but(arms=arm(85, 80, 30, twist=20)), 0.55), *beats, Key(high, 0.4, 0.15), Key(STAND, 1.0, 0.2)]


def raise_side() -> Phrase:
    """Both arms to the sides, palms down, up, and slowly down again."""
    out = STAND.but(left=arm(88, 88, 6, turn=10, grip=0.1), right=arm(92, 84, 10, turn=10, grip=0.1), chest=(-3, 0, 0))
    up = STAND.but(left=arm(168, 75, 12, twist=45, grip=0.1), right=arm(163, 72, 16, twist=45, grip=0.1))
    lifted = up.but(chest=(-7, 0, 0), head=(-12, 0, 0), drop=0.001)
    low = STAND.but(arms=arm(45, 82, 14, turn=20))
    return [Key(out, 1.0, 0.3), Key(lifted, 0.85, 0.3), Key(out, 0.85), Key(low, 0.55), Key(STAND, 0.65, 0.1)]


def raise_front() -> Phrase:
    """One arm to the front and up, then the other, then both."""
    left = STAND.but(left=arm(88, 5, 8, turn=30, grip=0.15), chest=(0, 0, -6), weight=-0.3)
    left_up = STAND.but(left=arm(165, 10, 12, twist=25, grip=0.1), chest=(-4, -4, -2), head=(-8, 3, 6), weight=-0.3)
    right, right_up = left.mirror(), left_up.mirror().but(head=(-10, -2, -4))
    both = STAND.but(left=arm(92, 8, 10, turn=30), right=arm(88, 12, 6, turn=30), chest=(3, 0, 0))
    return [
        Key(left, 0.8),
        Key(left_up, 0.65, 0.2),
        Key(right.but(left=arm(80, 30, 20)), 0.9),
        Key(right_up, 0.65, 0.2),
        Key(both, 0.9, 0.2),
        Key(STAND, 0.85, 0.1),
    ]


def reach() -> Phrase:
    """Up to a shelf on the left, then down to the right."""
    tiptoe = Foot(0.15, -0.02, 10, heel=24)
    shelf = STAND.but(
        left=arm(148, 48, 14, twist=25, grip=0.12), right=arm(24, 95, 30), chest=(-4, 12, 12), hips=(0, 4, 5),
        head=(-18, 4, 14), weight=0.85, right_foot=tiptoe, gaze=(6, 12),
    )  # fmt: skip
    grab = shelf.but(left=arm(142, 44, 24, twist=25, grip=0.75))
    bring = STAND.but(left=hand_at(0.06, 0.34, -0.16, turn=10, grip=0.7), head=(14, 0, 2), gaze=(0, -10))
    low = STAND.but(
        left=arm(48, -14, 18, turn=20, grip=0.6), right=arm(30, 60, 26), chest=(24, -10, -18), hips=(14, -3, -8),
        head=(10, -6, -12), weight=-0.7, sit=0.05, drop=0.07,
    )  # fmt: skip
    return [
        Key(shelf, 1.05, 0.2),
        Key(grab, 0.3, 0.15),
        Key(bring, 0.85, 0.2),
        Key(low, 0.95, 0.3),
        Key(STAND, 0.95, 0.1),
    ]


def clap() -> Phrase:
    """Claps in front of the chest, the last ones higher."""
    apart = STAND.but(
        left=hand_at(0.21, 0.30, -0.18, elbow=38, grip=0.05), right=hand_at(0.19, 0.32, -0.16, elbow=34, grip=0.05),
        smile=0.8, chest=(3, 0, 0),
    )  # fmt: skip
    together = apart.but(arms=hand_at(0.05, 0.33, -0.15, elbow=38, grip=0.02), meet=1.0, chest=(4, 0, 0), drop=0.012)
    high_apart = apart.but(arms=hand_at(0.25, 0.34, -0.05, elbow=48, grip=0.05), head=(-6, 0, 0))
    high = apart.but(arms=hand_at(0.06, 0.37, -0.01, elbow=48, grip=0.02), meet=1.0, head=(-8, 0, 0))
    low_beats = [Key(together if i % 2 else apart, 0.24 + 0.03 * (i % 2 == 0)) for i in range(6)]
    high_beats = [Key(high if i % 2 else high_apart, 0.27 + 0.03 * (i % 2 == 0)) for i in range(4)]
    return [Key(apart, 0.6), *low_beats[1:], *high_beats, Key(STAND, 0.9, 0.3)]


def talk() -> Phrase:
    """Explains something with both hands."""
    body = EASY.but(talk=1.0, smile=0.25)
    low = hand_at(0.20, 0.30, -0.31, elbow=6, turn=-25, grip=0.25)
    open_ = body.but(
        left=hand_at(0.36, 0.29, -0.22, elbow=10, turn=-65, flex=-10, grip=0.12), right=low, head=(2, 3, 6), brows=0.6
    )
    point = body.but(
        right=hand_at(0.19, 0.41, -0.10, elbow=10, turn=20, grip=0.5), left=low, head=(7, -3, -6), chest=(4, 0, 5)
    )
    shrug = body.but(
        left=hand_at(0.34, 0.24, -0.26, elbow=18, turn=-75, flex=-15, grip=0.1, shrug=12),
        right=hand_at(0.32, 0.26, -0.22, elbow=18, turn=-75, flex=-15, grip=0.1, shrug=14),
        head=(-2, 11, -4), brows=0.9, chest=(-2, 0, 0),
    )  # fmt: skip
    count = body.but(left=hand_at(0.08, 0.30, -0.20, elbow=32, turn=-10, grip=0.4), right=hand_at(0.05, 0.33, -0.24))
    return [
        Key(body.but(arms=low), 0.7, 0.2),
        Key(open_, 0.5, 0.25),
        Key(body.but(arms=low, head=(9, 0, 0)), 0.4, 0.1),
        Key(point, 0.42, 0.2),
        Key(point.but(right=hand_at(0.19, 0.36, -0.17, elbow=8, turn=20, grip=0.5), head=(12, -3, -4)), 0.22, 0.12),
        Key(shrug.but(weight=-0.5), 0.6, 0.3),
        Key(count.but(head=(10, 0, 3)), 0.55, 0.1),
        Key(count.but(left=hand_at(0.12, 0.33, -0.16, elbow=32), head=(4, 0, 5)), 0.3, 0.15),
        Key(EASY.but(left=HANG, smile=0.5), 0.8, 0.1),
    ]


def point() -> Phrase:
    """Points to the right, looks there and back, then invites with the left hand."""
    there = STAND.but(
        right=arm(84, 66, 8, turn=20, grip=0.55), chest=(0, -4, -16), hips=(0, 0, -8), head=(-3, 0, -40), weight=-0.6,
        gaze=(-14, 0), talk=0.8,
    )  # fmt: skip
    back = there.but(head=(2, -3, 6), gaze=(0, 0), talk=1.0, brows=0.5)
    come = STAND.but(left=hand_at(0.20, 0.34, -0.12, turn=-70, grip=0.15), chest=(5, 0, -4), head=(5, 4, 0), talk=0.9)
    curl = come.but(left=hand_at(0.14, 0.20, -0.06, turn=-60, flex=25, grip=0.45))
    return [Key(there, 0.75, 0.4), Key(back, 0.7, 0.4), Key(come, 0.8, 0.1), Key(curl, 0.4), Key(STAND, 0.9, 0.2)]

"""A motion fitted to a body: postures whose standing feet keep their place, whose hands meet, and whose knees bend."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, minimum_filter1d
from scipy.spatial.transform import Rotation

from benchmarks.performers.motions import hands, limbs
from benchmarks.performers.motions.limbs import Arms, Turns
from benchmarks.performers.motions.liveliness import Figure
from benchmarks.performers.motions.posture import BONES, NECK, PARENTS, SIDES, SPINE, TOES, Body, Face, Posture
from benchmarks.performers.motions.rotations import HANGING, Array, about, matrices, vectors
from benchmarks.performers.motions.timeline import RATE

SPINE_SHARES, NECK_SHARES = (0.10, 0.18, 0.24, 0.26, 0.22), (0.2, 0.2, 0.2, 0.4)
REACH = 0.996
"""Of the leg's length: as far as the hips are from a standing ankle at most."""
UP = np.array([0.0, 0.0, 1.0])


def fitted(figure: Figure, body: Body, fps: float) -> list[Posture]:
    """The postures of a motion on a body, `fps` a second, from its first moment on."""
    count = int(len(figure.blink) / RATE * fps + 1e-6)
    at = np.minimum(np.round(np.arange(count) * RATE / fps).astype(int), len(figure.blink) - 1)
    now = {name: values[at] for name, values in figure.channels.items()}
    heading = about(np.tile(UP, (count, 1)), now["ground"][:, 0])
    turns: Turns = {"root": heading @ matrices(now["hips"])}
    relative: Turns = {}
    _chain(turns, relative, "root", SPINE, limbs.shares(now["chest"], SPINE_SHARES))
    _chain(turns, relative, SPINE[-1], NECK, limbs.shares(now["head"], NECK_SHARES))
    for side in (0, 1):
        relative.update(limbs.gripped(body, now["wrist"][:, 4 * side + 2], side))
    arms = _arms(now, body)
    turns.update(_upper(body, turns, arms))
    for _ in range(2):
        arms = hands.placed(body, turns, arms)
        turns.update(_upper(body, turns, arms))
    root = _legs(figure, body, now, turns, relative, at)
    for bone, turn in turns.items():
        if bone not in relative:
            parent = PARENTS[bone]
            relative[bone] = turn if parent is None else np.swapaxes(turns[parent], 1, 2) @ turn
    rotations = {bone: vectors(relative[bone]) for bone in BONES if bone in relative}
    faces = _faces(figure, now, at)
    return [
        Posture({bone: rotation[index] for bone, rotation in rotations.items()}, root[index], faces[index])
        for index in range(count)
    ]


def _chain(turns: Turns, relative: Turns, parent: str, bones: tuple[str, ...], parts: list[Array]) -> None:
    for bone, part in zip(bones, parts, strict=True):
        relative[bone], turns[bone] = part, turns[parent] @ part
        parent = bone


def _arms(now: dict[str, Array], body: Body) -> Arms:
    """Both arms; those that hang near a stout trunk are held further out."""
    swings = []
    for side, name in enumerate(("left", "right")):
        sign = (1.0, -1.0)[side]
        swing = Rotation.from_quat(now[name])
        hanging = np.clip((-swing.apply(HANGING[0])[:, 2] - 0.3) / 0.5, 0, 1)
        out = Rotation.from_rotvec(np.outer(-sign * np.radians(body.girth) * hanging, (0.0, 1.0, 0.0)))
        swings.append((out * swing).as_quat())
    wrist = now["wrist"].reshape(len(now["wrist"]), 2, 4)
    return Arms(np.stack(swings), now["bend"], now["turn"], wrist, np.clip(now["meet"][:, 0], 0, 1))


def _upper(body: Body, turns: Turns, arms: Arms) -> Turns:
    chest = turns[SPINE[-1]]
    return {**limbs.held(body, chest, arms, 0), **limbs.held(body, chest, arms, 1)}


def _legs(figure: Figure, body: Body, now: dict[str, Array], turns: Turns, relative: Turns, at: Array) -> Array:
    """Puts the turns of both legs into `turns` and the toes into `relative`; the root's way [n, 3], m."""
    feet, length = figure.feet, limbs.leg_length(body)
    hips = np.stack([body.heads[f"upperleg01.{name}"] for name in SIDES])
    middle = hips.mean(axis=0)
    centre = np.array([middle[0], middle[1], body.floor])
    ankles, soles = zip(*(_sole(figure, body, centre, length, at, side) for side in (0, 1)), strict=True)
    ground = np.sum(feet.load[at][:, :, None] * feet.place[at], axis=1)
    spread = feet.place[at].mean(axis=1)
    back = np.einsum("nij,nj->ni", _heading(now), np.outer(now["ground"][:, 1], (0.0, 1.0, 0.0)))[:, :2]
    over = spread + 0.72 * (ground - spread) + figure.wander[at] + back
    sockets = [turns["root"] @ (hip - middle) for hip in hips]
    place = np.concatenate([centre[:2] + length * over, np.zeros((len(at), 1))], axis=1)
    place[:, 2] = _height(place, sockets, ankles, length) - length * now["ground"][:, 2]
    for side, name in enumerate(SIDES):
        ahead = soles[side] @ (0.0, -1.0, 0.0) * 0.75 + turns["root"] @ (0.0, -1.0, 0.0) * 0.25
        foot = soles[side] @ _tipped(figure, at, side)
        turns.update(limbs.stood(body, place + sockets[side], ankles[side], foot, ahead, side))
        for toe in TOES:
            relative[f"{toe}.{name}"] = np.swapaxes(_tipped(figure, at, side, most=0.8), 1, 2)
    return np.asarray(place - turns["root"] @ middle)


def _heading(now: dict[str, Array]) -> Array:
    return about(np.tile(UP, (len(now["ground"]), 1)), now["ground"][:, 0])


def _tipped(figure: Figure, at: Array, side: int, most: float = 2.0) -> Array:
    """The turn [n, 3, 3] of a foot whose heel is lifted, before its yaw."""
    lifted = np.minimum(figure.feet.heel[at, side], most)
    return about(np.tile([1.0, 0.0, 0.0], (len(at), 1)), lifted)


def _sole(figure: Figure, body: Body, centre: Array, length: float, at: Array, side: int) -> tuple[Array, Array]:
    """Where an ankle is [n, 3], and the yaw of its foot as matrices [n, 3, 3]."""
    feet, name = figure.feet, SIDES[side]
    ankle = body.heads[f"foot.{name}"]
    ball = np.mean([body.heads[f"{toe}.{name}"] for toe in TOES[:3]], axis=0) - ankle
    ball[2] = body.floor - ankle[2]
    yaw = about(np.tile(UP, (len(at), 1)), feet.yaw[at, side])
    flat = np.zeros((len(at), 3))
    flat[:, :2] = centre[:2] + length * feet.place[at, side]
    flat[:, 2] = ankle[2] + length * feet.lift[at, side]
    raised = yaw @ (ball - _tipped(figure, at, side) @ ball)[..., None]
    return flat + raised[..., 0], yaw


def _height(place: Array, sockets: list[Array], ankles: tuple[Array, ...], length: float) -> Array:
    """The highest that the middle of the hips may be, so that both ankles are reached, smoothed: z [n]."""
    tops = []
    for socket, ankle in zip(sockets, ankles, strict=True):
        across = np.linalg.norm((place + socket - ankle)[:, :2], axis=1)
        room = np.sqrt(np.maximum((REACH * length) ** 2 - across**2, (0.4 * length) ** 2))
        tops.append(ankle[:, 2] + room - socket[:, 2])
    softness = 0.012
    lowest = -softness * np.logaddexp(-tops[0] / softness, -tops[1] / softness)
    return np.asarray(gaussian_filter1d(minimum_filter1d(lowest, 5), 1.2, mode="nearest"))


def _faces(figure: Figure, now: dict[str, Array], at: Array) -> list[Face]:
    smile, brows, _ = now["face"].T
    return [
        Face(
            float(np.clip(figure.mouth[at[i]], 0, 1)),
            float(np.clip(smile[i], 0, 1)),
            float(figure.blink[at[i]]),
            float(np.clip(brows[i], -1, 1)),
            (float(now["gaze"][i, 0]), float(now["gaze"][i, 1])),
        )
        for i in range(len(at))
    ]

"""Pose estimators against the true joints of rendered people, and dlib's faces by the angle of the head.

    python -m benchmarks.estimators [REELS]

REELS: the folder of reels, by default benchmarks/performers/reels; of each REEL-PERFORMER that is rendered whole all
frames are watched as `transfer` watches a video. OpenPose needs its weights (POSETRANSFER_OPENPOSE). Prints markdown
and writes benchmarks/results/estimators.json.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import PoseTransferError
from posetransfer.evaluate.keypoints import keypoint_errors
from posetransfer.evaluate.truth import Truth, load_truth
from posetransfer.faces.tracker import FaceTracker
from posetransfer.pipeline.options import WORKING_SIDE
from posetransfer.poses.estimator import Choice, follow_person, make_estimator
from posetransfer.poses.skeleton import JOINT_NAMES, L_EAR, L_EYE, NOSE, R_EAR, R_EYE
from posetransfer.types import Frame, Pose, unseen_pose
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

Floats = NDArray[np.float64]

HERE = Path(__file__).parent
ESTIMATORS = ("mediapipe", "openpose")
WATCHED_BY = "mediapipe"  # whose poses say where a face is looked for: the product's default
YAWS = (0, 15, 30, 45, 60, 90, 180)  # degrees, the limits of the rows
PITCHES = (-180, -20, -10, 10, 20, 180)
FRONTAL = 30  # degrees of yaw under which the pitch is looked at
LONG_AGO = 60.0  # seconds: each frame is looked at as the first one of a clip, no face is followed
HOW = ("hog", "cnn", "none")


@dataclass
class Reel:
    """What was found on one reel. errors: [T, 18] px by estimator, nan where a joint was not found; torso: px;
    asked: [T, 18], the joints inside the picture; angles: [T, 2] degrees of yaw and pitch; faces: [T] of HOW.
    """

    name: str
    torso: float
    asked: NDArray[np.bool_]
    angles: Floats
    errors: dict[str, Floats] = field(default_factory=dict)
    faces: list[str] = field(default_factory=list)

    @property
    def performer(self) -> str:
        return self.name.rsplit("-", 1)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("reels", type=Path, nargs="?", default=HERE / "performers" / "reels")
    folders = whole_reels(parser.parse_args().reels)
    if not folders:
        sys.exit("No reel is rendered whole there: benchmarks/performers/README.md says how they are made.")
    reels = []
    for folder in folders:
        print(f"watching {folder.name}", file=sys.stderr, flush=True)
        try:
            reels.append(watch(folder))
        except PoseTransferError as error:
            sys.exit(f"Error: {error}")
    results: dict[str, Any] = {
        "reels": [reel.name for reel in reels],
        "joints": joint_results(reels),
        "faces": face_results(reels),
    }
    (HERE / "results" / "estimators.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print("\n\n".join([*joint_tables(results["joints"]), *face_tables(results["faces"])]))


def whole_reels(folder: Path) -> list[Path]:
    """The folders of reels whose film and joints are there, by name."""
    return sorted(film.parent for film in folder.glob("*/reel.mp4") if (film.parent / "joints.npz").is_file())


def watch(folder: Path) -> Reel:
    """Follow the performer with each estimator, and look for the face in every frame."""
    film, truth = folder / "reel.mp4", load_truth(folder / "joints.npz")
    info = video_info(film)
    wanted = truth.poses((info.width, info.height), info.fps).joints
    reel = Reel(folder.name, float("nan"), wanted[..., 2] > 0, head_angles(truth))
    for name in ESTIMATORS:
        found = followed(film, name)
        errors = keypoint_errors(found, wanted)
        reel.errors[name], reel.torso = errors.distances, errors.torso
        if name == WATCHED_BY:
            reel.faces = faces_found(pictures(film), found)
    return reel


def pictures(film: Path) -> Iterator[Frame]:
    with closing(read_frames(film, max_side=WORKING_SIDE)) as frames:
        yield from frames


def followed(film: Path, estimator: str) -> NDArray[np.float32]:
    """[T, 18, 3] px: the poses of the person followed, without filter or filling."""
    by = make_estimator(estimator, threads=max((os.cpu_count() or 1) // 2, 1))
    persons = follow_person(pictures(film), by, Choice(), fps=float(video_info(film).fps), ahead=True)
    with closing(persons):
        return np.stack([unseen_pose() if person is None else person.pose for person in persons])


def faces_found(frames: Iterable[Frame], poses: Iterable[Pose]) -> list[str]:
    """Which detector found the face of each frame, if one did: the CNN is tried where HoG fails and the head is
    frontal, as the tracker does, but in every frame.
    """
    tracker, how = FaceTracker(), []
    for frame, pose in zip(frames, poses, strict=True):
        before = dict(tracker.counts)
        tracker.step(frame, pose, LONG_AGO)
        how.append(next(name for name, count in tracker.counts.items() if count > before[name]))
    return how


def head_angles(truth: Truth) -> Floats:
    """[T, 2] degrees that the face is turned from the camera: yaw 0..180 to either side; pitch, up is positive, from
    the reel's median, as how high a nose stands over the ears differs from person to person.
    """
    ears, eyes = truth.metres[:, [R_EAR, L_EAR]].mean(axis=1), truth.metres[:, [R_EYE, L_EYE]].mean(axis=1)
    across = truth.metres[:, L_EAR] - truth.metres[:, R_EAR]
    across = across / np.linalg.norm(across, axis=-1, keepdims=True)
    ahead = (eyes + truth.metres[:, NOSE]) / 2 - ears
    ahead = ahead - (ahead * across).sum(axis=-1, keepdims=True) * across  # a head has two like halves
    towards = truth.camera - ears
    turned = np.arctan2(ahead[:, 0], ahead[:, 1]) - np.arctan2(towards[:, 0], towards[:, 1])
    yaw = np.abs((np.degrees(turned) + 180) % 360 - 180)
    lifted = np.degrees(_elevation(ahead) - _elevation(towards))
    return np.stack([yaw, lifted - np.median(lifted)], axis=-1)


def _elevation(vectors: Floats) -> Floats:
    return np.asarray(np.arctan2(vectors[:, 2], np.hypot(vectors[:, 0], vectors[:, 1])), np.float64)


def grouped(reels: Sequence[Reel]) -> dict[str, list[Reel]]:
    """All reels, then those of each performer."""
    names = sorted({reel.performer for reel in reels})
    return {"all": list(reels)} | {name: [reel for reel in reels if reel.performer == name] for name in names}


def joint_results(reels: Sequence[Reel]) -> dict[str, Any]:
    """By estimator, then over all and by performer: the figures of all joints and of each."""
    groups = grouped(reels).items()
    return {estimator: {name: _figures(group, estimator) for name, group in groups} for estimator in ESTIMATORS}


def _figures(reels: Sequence[Reel], estimator: str) -> dict[str, dict[str, float | None]]:
    away = np.concatenate([reel.errors[estimator] for reel in reels])
    torsos = np.concatenate([np.full(len(reel.asked), reel.torso) for reel in reels])
    asked = np.concatenate([reel.asked for reel in reels])
    columns: dict[str, slice | int] = {"all joints": slice(None)} | {name: i for i, name in enumerate(JOINT_NAMES)}
    return {name: _summary(away[:, i], (away / torsos[:, None])[:, i], asked[:, i]) for name, i in columns.items()}


def _summary(px: Floats, torso: Floats, asked: NDArray[np.bool_]) -> dict[str, float | None]:
    seen = np.isfinite(px)
    share = float(1 - seen.sum() / asked.sum()) if asked.any() else float("nan")
    values = {"missing": share}
    for unit, errors in (("px", px[seen]), ("torso", torso[seen])):
        values[f"{unit}_mean"] = float(errors.mean()) if len(errors) else float("nan")
        values[f"{unit}_median"] = float(np.median(errors)) if len(errors) else float("nan")
    return {name: None if value != value else round(value, 4) for name, value in values.items()}


def face_results(reels: Sequence[Reel]) -> dict[str, Any]:
    """Over all and by performer: how many frames lie between two angles, and in how many who found the face."""
    return {name: _by_angle(group) for name, group in grouped(reels).items()}


def _by_angle(reels: Sequence[Reel]) -> dict[str, list[dict[str, Any]]]:
    angles = np.concatenate([reel.angles for reel in reels])
    how = np.concatenate([np.array(reel.faces) for reel in reels])
    frontal = angles[:, 0] < FRONTAL
    return {
        "yaw": _buckets(angles[:, 0], how, YAWS),
        f"pitch, yaw under {FRONTAL}": _buckets(angles[frontal, 1], how[frontal], PITCHES),
    }


def _buckets(angles: Floats, how: NDArray[np.str_], limits: Sequence[int]) -> list[dict[str, Any]]:
    rows = []
    for low, high in pairwise(limits):
        inside = how[(angles >= low) & ((angles < high) | (high == limits[-1]))]
        counts = {name: int((inside == name).sum()) for name in HOW}
        rows.append({"from": low, "to": high, "frames": len(inside), **counts})
    return rows


def joint_tables(results: dict[str, Any]) -> list[str]:
    """A markdown table an estimator: a line a joint, over all performers, and a line a performer."""
    head = "| | px mean | px median | torso mean | torso median | missing |\n|---|---|---|---|---|---|"
    columns = ("px_mean", "px_median", "torso_mean", "torso_median", "missing")
    tables = []
    for estimator, groups in results.items():
        rows = dict(groups["all"]) | {name: group["all joints"] for name, group in groups.items() if name != "all"}
        lines = [f"| {name} | {' | '.join(_cell(row[c]) for c in columns)} |" for name, row in rows.items()]
        tables.append("\n".join([f"{estimator}:\n", head, *lines]))
    return tables


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def face_tables(results: dict[str, Any]) -> list[str]:
    """A markdown table an axis, over all performers: shares of the frames between two angles."""
    tables = []
    for axis, rows in results["all"].items():
        lines = [f"{axis}, degrees:\n", "| | frames | HoG | CNN where HoG fails | none |", "|---|---|---|---|---|"]
        for row in (row for row in rows if row["frames"]):
            shares = " | ".join(f"{row[name] / row['frames']:.3f}" for name in HOW)
            lines.append(f"| {row['from']} to {row['to']} | {row['frames']} | {shares} |")
        tables.append("\n".join(lines))
    return tables


if __name__ == "__main__":
    main()

"""The paper's form (design: the baseline of every table) on a few frames of a clip: a frame of it takes a second.

The compressed OpenPose on whole frames, dlib's HoG on the whole frame and the CNN where it finds nothing, unseen
joints by their median, no filter, no retargeting; then k-NN by plain pixels, or the paper's generator with its
dropout, which only torch runs, and the face held where it first was; then a file without sound, badge and credentials.
Loading is not counted.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat, tee
from pathlib import Path
from typing import Final

import numpy as np

from posetransfer.align.aligner import align
from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.faces.tracker import PaperFaces
from posetransfer.methods.method import Performer
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.footage import tidy
from posetransfer.pipeline.live import at_rest
from posetransfer.pipeline.made import Rendering, middle, posed_frames
from posetransfer.pipeline.options import WORKING_SIDE, TransferOptions
from posetransfer.pipeline.pairing import driver_window
from posetransfer.pipeline.report import peak_rss_mb
from posetransfer.pipeline.transfer import configured, drive
from posetransfer.poses.estimator import choose, make_estimator
from posetransfer.streams import closing_source
from posetransfer.types import Frame, PosedFrame, PoseSequence, unseen_face, unseen_pose
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

STATED: Final = {"poses and faces": 1000.0, "interpolation": 5000.0, "live": 1000.0}  # ms a frame, says the paper


@dataclass(frozen=True)
class Piece:
    """Some frames of a video in a row. start, end: seconds."""

    path: Path
    start: float
    end: float


@dataclass(frozen=True)
class PaperWatched:
    """A piece's poses and faces by the paper's form. total: seconds, without loading; seconds: of these by stage;
    faces: frames by how the face was found; peak_rss_mb: of the process."""

    sequence: PoseSequence
    total: float
    seconds: dict[str, float]
    faces: dict[str, int]
    peak_rss_mb: float


@dataclass(frozen=True)
class PaperMade:
    """A piece performed by the paper's form, from poses to a file; fields as in `PaperWatched`."""

    frames: int
    total: float
    seconds: dict[str, float]
    peak_rss_mb: float


def paper_options(method: str, piece: Piece) -> TransferOptions:
    """The paper's choices, as far as `transfer` has them."""
    return TransferOptions(
        method, start=piece.start, end=piece.end, smooth="off", fill="median", retarget=False, metric="pixels",
        align=None if method == "knn" else "first", sound=False, pose="openpose", runtime="torch",
    )  # fmt: skip


def paper_watched(piece: Piece, weights: Path | None, cnn: bool) -> PaperWatched:
    """The first pass. weights: the compressed OpenPose, None: as --pose openpose; cnn: whether the CNN looks where HoG
    finds no face. Raises WeightsMissing."""
    by = make_estimator("openpose", **({} if weights is None else {"weights": weights}))
    faces, clock = PaperFaces(cnn=cnn), StageClock()
    joints, contours, size = [], [], (0, 0)
    with closing(_frames(piece)) as frames:
        by.people(next(frames))  # compiles the network
    begun = time.perf_counter()
    with closing(clock.timed("decode", _frames(piece))) as frames:
        for frame in frames:
            size = (frame.shape[1], frame.shape[0])
            with clock.stage("poses"):
                people = by.people(frame)
                pose = choose(people, None, size).pose if people else unseen_pose()
            with clock.stage("faces"):
                face = faces.step(frame, pose, 0.0)
            joints.append(pose)
            contours.append(unseen_face() if face is None else face)
    total = _without_seeking(piece, time.perf_counter() - begun, clock.seconds)
    sequence = PoseSequence(np.array(joints), np.array(contours), size, video_info(piece.path).fps)
    return PaperWatched(sequence, total, clock.seconds, faces.counts, peak_rss_mb())


def _without_seeking(piece: Piece, total: float, seconds: dict[str, float]) -> float:
    """The total as if the piece lay in the middle of a longer run: decoding is counted by the frames behind its first,
    before which the file is opened and its place looked for: a fifth of the time of so few frames."""
    with closing(_frames(piece)) as frames:
        next(frames)
        begun = time.perf_counter()
        count = sum(1 for _ in frames)
        decoding = (time.perf_counter() - begun) * (count + 1) / max(count, 1)
    found = seconds["decode"]
    seconds["decode"] = min(found, decoding)
    return total - found + seconds["decode"]


def _frames(piece: Piece) -> Generator[Frame, None, None]:
    return read_frames(piece.path, max_side=WORKING_SIDE, start=piece.start, end=piece.end)


def paper_made(piece: Piece, watched: PoseSequence, target: str, method: str, out: Path) -> PaperMade:
    """The second pass, in the window and at the size of `target`; its bank for k-NN, and random weights for a network,
    whose time is that of any. Raises NoPersonFound if nobody is seen in the piece."""
    checkpoint, options, clock = find_target(target), paper_options(method, piece), StageClock()
    size = checkpoint.target.window.size
    performer = configured(checkpoint.open_method(method), options) if method == "knn" else paper_network(method, size)
    for _ in performer.generate([_first(checkpoint, size)]):
        continue  # the first picture takes longer than those that follow
    # no CNN here: random weights paint no face, so it would look for one in every frame, and a trained network's not
    faces, begun = PaperFaces(cnn=False), time.perf_counter()
    with clock.stage("fit"):
        window = driver_window(watched, size)
        driven = drive(tidy(watched, "median", "off"), window, checkpoint.target, options)
    rendering = Rendering(
        piece.path, driven, window, watched.size, checkpoint, performer, options, Limits(), has_sound=False
    )
    made = clock.timed("generate", performer.generate(posed_frames(rendering, clock)))
    if options.alignment != "off":
        made = clock.timed("align", _held(made, driven, faces))
    with clock.stage("write"):
        frames = _write(made, out, watched.fps, size)
    total = time.perf_counter() - begun
    if performer.needs_frames:
        total = _without_seeking(piece, total, clock.seconds)
    return PaperMade(frames, total, clock.seconds, peak_rss_mb())


def _held(made: Iterable[Frame], driven: PoseSequence, faces: PaperFaces) -> Iterator[Frame]:
    """Made frames with the face where it first was, looked for in all of each frame."""
    with closing_source(made) as source:
        frames, looked_at = tee(source)  # never more than a frame apart
        found = (faces.step(frame, pose, 0.0) for frame, pose in zip(looked_at, driven.joints, strict=False))
        yield from align(frames, map(middle, found), repeat(None), "first")


def _write(made: Iterable[Frame], out: Path, fps: Fraction, size: int) -> int:
    """Write the frames into a file; gives how many."""
    frames = 0
    with VideoWriter(out, fps, (size, size)) as writer, closing_source(made) as source:
        for frame in source:
            writer.write(frame)
            frames += 1
    return frames


def paper_network(method: str, size: int) -> Performer:
    """The paper's generator at `size` px with random weights, as a method."""
    import torch

    from posetransfer.methods.pix2pix.config import preset
    from posetransfer.methods.pix2pix.generate import Pics2Pics, Pose2Pics
    from posetransfer.methods.pix2pix.networks import Generator as Network
    from posetransfer.methods.pix2pix.networks import initialise

    config = preset("paper", size=size, input="picture" if method == "pics2pics" else "pose")
    generator = Network(config)
    initialise(generator, torch.Generator().manual_seed(0))
    kind = Pics2Pics if method == "pics2pics" else Pose2Pics
    return kind(generator.eval().requires_grad_(False), config, {}, "torch")


def _first(checkpoint: Checkpoint, size: int) -> PosedFrame:
    return PosedFrame(*at_rest(checkpoint.target), np.zeros((size, size, 3), np.uint8))

"""duo: the target performs what somebody else does, beside true frames of the target doing the same.

Only rendered people have such frames: each performs the same reel, and where their joints are is known.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from posetransfer.checkpoints.folder import CONFIG, Checkpoint
from posetransfer.checkpoints.lookup import BUNDLED, find_target
from posetransfer.errors import PoseTransferError, TargetNotFound
from posetransfer.evaluate.case import Case, Clip
from posetransfer.evaluate.truth import load_truth
from posetransfer.types import PoseSequence
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

REELS: Final = Path(__file__).resolve().parents[2] / "benchmarks" / "performers" / "reels"
PERFORMERS: Final = ("ines", "kofi", "lars")


@dataclass(frozen=True)
class Duo:
    """driving: somebody's performance; truth: the target's own of the same motion, frame by frame, from the camera of
    the footage that the target was learned from; joints: the joints.npz of truth, None: the judge finds them there.
    """

    name: str
    target: str
    driving: Path
    truth: Path
    joints: Path | None = None

    def case(self) -> Case:
        """The case to be scored. Raises PoseTransferError where the three do not belong together."""
        if self.driving.resolve() == self.truth.resolve():
            raise PoseTransferError(
                f"{self.driving.name} cannot drive and be the truth too: --suite duo needs another driver."
            )
        checkpoint, frames = find_target(self.target), _frames(self.truth)
        if (driven := _frames(self.driving)) != frames:
            raise PoseTransferError(
                f"{self.driving.name} has {driven} frames and {self.truth.name} {frames}: both must show the same "
                "motion, frame by frame."
            )
        picture = _picture(Clip(self.truth), checkpoint)
        joints = None if self.joints is None else self._joints(self.joints, picture, frames)
        return Case(self.name, Clip(self.driving), Clip(self.truth), checkpoint, joints)

    def _joints(self, path: Path, picture: tuple[int, int], frames: int) -> PoseSequence:
        known = load_truth(path)
        if len(known) != frames:
            raise PoseTransferError(f"{path.name} has joints of {len(known)} frames, {self.truth.name} has {frames}.")
        return known.poses(picture, video_info(self.truth).fps)


def bundled_duos(reels: Path = REELS, targets: Path = BUNDLED) -> tuple[list[Duo], str]:
    """Each bundled target that is named after a performer, driven by the other performers' test reels.

    With them a sentence on what is missing, "" where nothing is. Raises TargetNotFound if there is nothing to score.
    """
    learned = [name for name in PERFORMERS if (targets / name / CONFIG).is_file()]
    if not learned:
        raise TargetNotFound(
            f"No target in {targets.name}/ is named after a rendered performer ({', '.join(PERFORMERS)}). Learn one "
            "from its training reels, or give DRIVING, --target and --truth."
        )
    played = [name for name in PERFORMERS if _is_whole(reels / f"test-{name}")]
    duos = [_bundled(reels, targets, name, by) for name in learned for by in played if name in played and by != name]
    absent = [name for name in PERFORMERS if name not in played]
    missing = f"The test reels of {' and '.join(absent)} are not rendered yet." if absent else ""
    if not duos:
        raise TargetNotFound(f"{missing} The duo suite needs the target's own and another performer's.")
    return duos, missing


def _bundled(reels: Path, targets: Path, name: str, by: str) -> Duo:
    own = reels / f"test-{name}"
    driving = reels / f"test-{by}" / "reel.mp4"
    return Duo(f"duo: {name} driven by {by}", str(targets / name), driving, own / "reel.mp4", own / "joints.npz")


def _is_whole(reel: Path) -> bool:
    return (reel / "reel.mp4").is_file() and (reel / "joints.npz").is_file()


def _frames(video: Path) -> int:
    """How many frames a video gives; read to the end where it cannot be told before."""
    known = video_info(video).frames
    return sum(1 for _ in read_frames(video)) if known is None else known


def _picture(truth: Clip, checkpoint: Checkpoint) -> tuple[int, int]:
    """(width, height) of the true pictures. Raises PoseTransferError unless they are as the target's footage."""
    with closing(truth.pictures()) as pictures:
        height, width = next(pictures).shape[:2]
    if (width, height) != checkpoint.target.picture:
        raise PoseTransferError(
            f"{truth.path.name} has pictures of another size than the footage of {checkpoint.name}: --truth shows the "
            "target from the same camera as the footage it was learned from."
        )
    return width, height

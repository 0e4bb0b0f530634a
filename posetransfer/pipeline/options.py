"""What a run may choose. Frozen, complete, and named as on the command line."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from math import isfinite
from pathlib import Path
from types import NoneType
from typing import Any, Literal, Self, get_args, get_type_hints

from posetransfer.errors import PoseTransferError

# Both passes over a video work on pictures of at most this many px a side: a 4K frame tells a pose network
# of 256 px nothing more, and costs five times as much to decode into RGB.
WORKING_SIDE = 1280

DRIVEN_BY_POSES = ("knn", "pose2pics")
# A second; for methods that read the driver's pictures: there poses only say where to crop them and where the face is.
FEW_LOOKS = 8.0

BOUNDS = {  # whole bounds: whole numbers
    "interpolate": (1, 8),
    "keyframe_every": (1, 30),
    "k": (1, 50),
    "threshold": (0.0, 1e6),
    "start": (0.0, 1e6),
    "end": (0.0, 1e6),
    "person": (1, 1000),
}


@dataclass(frozen=True)
class Watch:
    """Which part of a video is looked at, whom in it, and with what. start, end: seconds; person_at: px.

    looks: at so many frames a second, about, the others' poses and faces lying between theirs; None: at every frame.
    """

    start: float = 0.0
    end: float | None = None
    person: int | None = None
    person_at: tuple[float, float] | None = None
    pose: str = "mediapipe"
    contours: str = "dlib68"
    looks: float | None = None

    def __post_init__(self) -> None:
        if not all(isfinite(time) for time in (self.start, self.end or 0)):
            raise PoseTransferError("--start and --end are numbers of seconds.")
        if self.end is not None and self.end <= self.start:
            raise PoseTransferError(f"--end ({self.end} s) must come after --start ({self.start} s).")


@dataclass(frozen=True)
class TransferOptions:
    """How a driving video is performed. None leaves the choice to the method."""

    method: str
    start: float = 0.0
    end: float | None = None
    person: int | None = None
    person_at: tuple[float, float] | None = None
    mirror: bool = False
    canvas: Literal["square", "full"] = "square"
    align: Literal["pose", "first", "off"] | None = None
    interpolate: int = 1
    keyframe_every: int = 1
    smooth: Literal["one-euro", "kalman", "off"] = "one-euro"
    fill: Literal["median", "time"] = "time"
    retarget: bool = True
    threshold: float | None = None
    k: int = 1
    combine: Literal["path", "mean"] = "path"
    metric: Literal["joints", "angles", "pixels"] = "joints"
    sound: bool = True
    side_by_side: bool = False
    views: bool = False
    pose: Literal["mediapipe", "openpose"] = "mediapipe"
    contours: Literal["dlib68", "facemesh"] = "dlib68"
    runtime: Literal["auto", "torch", "openvino"] = "auto"

    def __post_init__(self) -> None:
        for name, hint in get_type_hints(type(self)).items():
            value = getattr(self, name)
            if value is not None or NoneType not in get_args(hint):
                _check_choice(name, hint, value)
                _check_number(name, value)
        if self.person_at is not None and not all(isfinite(place) for place in self.person_at):
            raise PoseTransferError("--person-at takes two numbers such as 320,240.")

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """What `to_json` gave. Raises PoseTransferError for names or values that are none of an option's."""
        unknown = set(values) - {field.name for field in fields(cls)}
        if unknown:
            raise PoseTransferError(f"There is no option called {', '.join(sorted(unknown))}.")
        return cls(**{**values, **_read(values)})

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @property
    def watch(self) -> Watch:
        """The part of it that the first pass needs. Raises PoseTransferError if the times make no span."""
        looks = None if self.method in DRIVEN_BY_POSES else FEW_LOOKS
        return Watch(self.start, self.end, self.person, self.person_at, self.pose, self.contours, looks)

    @property
    def alignment(self) -> str:
        """k-NN shows real frames, whose faces need no moving; made ones are aligned by the pose."""
        return self.align or ("off" if self.method == "knn" else "pose")


@dataclass(frozen=True)
class LearnOptions:
    """How a target is learned. minutes or steps are for each network; both None: ten minutes.

    hold_out: share 0..0.5 of the training pairs, at the end of the footage, that nothing is learned from, so that
    progress can be measured on them. dropped_source_frames: frames of the sources, counted from 0 through all of them,
    whose pairs are not learned from.
    """

    sources: tuple[Path, ...] = ()
    methods: tuple[str, ...] | None = None
    start: float = 0.0
    end: float | None = None
    size: int = 256
    preset: str = "fast"
    style: Literal["limbs", "paper"] | None = None
    edges: bool = False
    pairs: Literal["own", "knn"] = "own"
    minutes: float | None = None
    steps: int | None = None
    resume: bool = False
    seed: int = 0
    hold_out: float = 0.0
    dropped_source_frames: tuple[int, ...] = ()
    pose: str = "mediapipe"
    contours: str = "dlib68"
    runtime: str = "auto"

    @property
    def watch(self) -> Watch:
        """The part of the target's clips that is looked at."""
        return Watch(self.start, self.end, pose=self.pose, contours=self.contours)

    @property
    def source_watch(self) -> Watch:
        """The part of the sources that is looked at: all of it."""
        return Watch(pose=self.pose, contours=self.contours)

    @property
    def drawing_style(self) -> str:
        """How pose frames are drawn: as asked, else as the preset does."""
        return self.style or ("paper" if self.preset == "paper" else "limbs")


def parse_point(text: str | None) -> tuple[float, float] | None:
    """ "X,Y" as two numbers. Raises PoseTransferError."""
    if not text:
        return None
    try:
        x, y = (float(number) for number in text.split(","))
    except (ValueError, AttributeError) as error:  # a call of the page's API may bring anything
        raise PoseTransferError(f"--person-at takes two numbers such as 320,240, not {text!r}.") from error
    return x, y


def _read(values: dict[str, Any]) -> dict[str, Any]:
    """What JSON writes otherwise: a place as a list, and with some writers a whole number as 2.0."""
    whole = {name for name, (least, _) in BOUNDS.items() if isinstance(least, int)}
    read: dict[str, Any] = {
        name: int(value)
        for name, value in values.items()
        if name in whole and isinstance(value, float) and value.is_integer()
    }
    if (at := values.get("person_at")) is not None:
        try:
            x, y = at if isinstance(at, list | tuple) else ()
            read["person_at"] = (float(x), float(y))
        except (TypeError, ValueError) as error:
            raise PoseTransferError(f"--person-at takes two numbers such as 320,240, not {at!r}.") from error
    return read


def _check_choice(name: str, hint: Any, value: Any) -> None:
    """Raise PoseTransferError if `value` is not one of the words of `hint`, or neither true nor false."""
    words = [word for part in (hint, *get_args(hint)) for word in get_args(part) if isinstance(word, str)]
    if words and value not in words:
        raise PoseTransferError(f"{_flag(name)} is one of {', '.join(words)}, not {value!r}.")
    if hint is bool and not isinstance(value, bool):
        raise PoseTransferError(f"{_flag(name)} is true or false, not {value!r}.")


def _check_number(name: str, value: Any) -> None:
    """Raise PoseTransferError if `value` is not within the bounds of `name`, or not whole where they are."""
    if name not in BOUNDS:
        return
    least, most = BOUNDS[name]
    whole = isinstance(least, int)
    number = isinstance(value, int if whole else int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most:
        kind = "a whole number" if whole else "a number"
        raise PoseTransferError(f"{_flag(name)} is {kind} from {least:g} to {most:g}, not {value!r}.")


def _flag(name: str) -> str:
    """An option as the command line calls it."""
    return "-k" if name == "k" else "--" + name.replace("_", "-")

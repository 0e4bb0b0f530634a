"""What to tell somebody about a driving video before time is spent on it: plain rules over what a quick look saw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.people import person_box
from posetransfer.poses.skeleton import L_ANKLE, L_HIP, L_KNEE, NOSE, R_ANKLE, R_HIP, R_KNEE

MOST: Final = 0.5  # share of the samples from which on something holds for the clip
GOOD_PART: Final = 0.25  # and from which on cut-off arms are worth a word
SMALL_SHARE: Final = 0.25  # of the picture's height
SMALL: Final = 150  # px
# Eleven ordinary clips have a light of 109 or more, also in black clothes before dark walls, and a sharpness of 0.09
# or more, of 0.02 or less after a blur of 4 px in 1280.
DARK: Final = 50.0
BLURRED: Final = 0.025
BURNT: Final = 0.5  # of the body is plain white
STICKS_OUT: Final = 0.05  # of the box's height; the box is a tenth of a body wider than the joints
SHORT: Final = 1.0  # seconds
SLOW: Final = 12  # frames a second
NAMED_CUTS: Final = 3


@dataclass(frozen=True)
class Advice:
    """One thing worth knowing. kind: which rule it comes from; text: what is seen and what to do."""

    kind: str
    text: str


@dataclass(frozen=True)
class Footage:
    """What a look saw of the part of a video that is wanted, in N samples of the person who is followed.

    size: (width, height) px; fps: frames a second; duration: seconds of the part; looked_at: of them, those that were
    looked at; whole: whether these are all that may be; people: how many the first picture with anybody shows;
    followed: which of them, from the left, from 1; begins: whether anybody is seen in the beginning; times: [N] s in
    the file; joints: [N, 18, 3] as `Pose` in px; light, burnt, sharpness: [N] as `samples.Looks`, nan where the person
    is not seen; face: whether its contours were ever found; cuts: seconds in the file; longest: seconds that are
    allowed, if the part is longer.
    """

    size: tuple[int, int]
    fps: float
    duration: float
    looked_at: float
    whole: bool
    people: int
    followed: int | None
    begins: bool
    times: NDArray[np.float32]
    joints: NDArray[np.float32]
    light: NDArray[np.float32]
    burnt: NDArray[np.float32]
    sharpness: NDArray[np.float32]
    face: bool
    cuts: tuple[float, ...] = ()
    longest: float | None = None

    @cached_property
    def seen(self) -> NDArray[np.bool_]:
        """[N]: in which samples the person is seen."""
        return np.asarray((self.joints[..., 2] > 0).any(axis=1))

    @cached_property
    def boxes(self) -> NDArray[np.float32]:
        """[n, 4]: x0, y0, x1, y1 px in the samples where the person is seen."""
        boxes = [box for pose in self.joints if (box := person_box(pose)) is not None]
        return np.array(boxes, np.float32).reshape(-1, 4)

    def share(self, *joints: int) -> float:
        """In which share of the samples with the person at least one of `joints` is seen."""
        return float((self.joints[self.seen][:, list(joints), 2] > 0).any(axis=1).mean())


Rule = Callable[[Footage], str | None]


def advise(footage: Footage) -> list[Advice]:
    """What should be said of the footage, the gravest first; nothing if all is good."""
    rules = PERSON_RULES + CLIP_RULES if footage.seen.any() else CLIP_RULES
    texts = [("nobody", _nobody(footage))] + [(kind, rule(footage)) for kind, rule in rules]
    return [Advice(kind, text) for kind, text in texts if text is not None]


def _nobody(footage: Footage) -> str | None:
    if not footage.seen.any():
        if footage.begins:
            return "A person is seen for a moment only. Choose a part where the whole body is visible throughout."
        return "No person is seen in this part. Choose another part, or a clip where the whole body is visible."
    if not footage.begins:
        when = float(footage.times[footage.seen][0])
        return f"Nobody is seen at the beginning. Somebody comes in at about {when:.1f} s: let the part start there."
    missing = float(1 - footage.seen.mean())
    if missing > MOST:
        return f"In {missing:.0%} of this part the person is not seen. Choose a part where they stay in the picture."
    return None


def _several(footage: Footage) -> str | None:
    if footage.people < 2:
        return None
    followed = "one" if footage.followed is None else f"number {footage.followed} from the left"
    return f"{footage.people} people are seen, and {followed} is followed. Click another to follow them instead."


def _legs(footage: Footage) -> str | None:
    if footage.share(L_HIP, R_HIP) >= MOST:
        return None
    return (
        "The hips and legs are not seen in most of this part, so there is nothing to move the target's legs by. "
        "Use a clip that shows the whole body."
    )


def _feet(footage: Footage) -> str | None:
    above = (footage.joints[:, [L_HIP, R_HIP, L_KNEE, R_KNEE], 2] > 0).any(axis=1)
    feet = (footage.joints[above][:, [L_ANKLE, R_ANKLE], 2] > 0).any(axis=1)
    if _legs(footage) is not None or not len(feet) or feet.mean() >= MOST:
        return None
    return (
        "The feet are not seen in most of this part, so steps cannot be copied. "
        "Use a clip that shows the whole body, from head to feet."
    )


def _small(footage: Footage) -> str | None:
    if _legs(footage) is not None:
        return None  # half a body's height says nothing
    picture = footage.size[1]
    tall = float(np.median(np.clip(footage.boxes[:, 3], 0, picture) - np.clip(footage.boxes[:, 1], 0, picture)))
    if tall < SMALL:
        return (
            f"The person is only about {tall:.0f} px tall, too few for exact poses. "
            "Use a clip in which they are closer, or one with more pixels."
        )
    if tall < SMALL_SHARE * picture:
        return (
            f"The person fills only {tall / picture:.0%} of the picture's height. Small movements may be lost: "
            "use a clip in which they are closer, or crop it."
        )
    return None


def _dark(footage: Footage) -> str | None:
    if not np.nanmedian(footage.light) < DARK:
        return None
    return "It is very dark around the person, so joints may be missed. Use a brighter clip, or brighten this one."


def _bright(footage: Footage) -> str | None:
    if not np.nanmedian(footage.burnt) > BURNT:
        return None
    return "Most of the person is burnt out to plain white, so joints may be missed. Use a clip with less light."


def _blur(footage: Footage) -> str | None:
    blurred = np.nanmedian(footage.sharpness) < BLURRED
    text = "The person is blurred in most of this part, so hands and feet may tremble. Use a sharper clip."
    return text if blurred else None


def _edge(footage: Footage) -> str | None:
    x0, y0, x1, y1 = footage.boxes.T
    out = np.maximum(-x0, x1 - footage.size[0]) > STICKS_OUT * (y1 - y0)
    if not out.mean() > GOOD_PART:
        return None
    return (
        f"In {out.mean():.0%} of this part the person reaches over the side of the picture, and arms may be cut off. "
        "Use a clip that leaves room around them."
    )


def _turned(footage: Footage) -> str | None:
    if footage.face:
        return None
    turned = "The person is turned away and no face is seen."
    unclear = "No face can be made out: it may be too small, blurred, covered or turned away."
    needed = "The movement is still copied, but alignment and face contours need a face."
    return f"{turned if footage.share(NOSE) < MOST else unclear} {needed}"


def _long(footage: Footage) -> str | None:
    if footage.longest is None:
        return None
    return (
        f"This part is {footage.duration:.1f} s long, and {footage.longest:g} s are allowed. "
        "Choose a shorter part with a start and an end."
    )


def _short(footage: Footage) -> str | None:
    text = f"This part is only {footage.duration:.2g} s long. Choose at least a second."
    return text if footage.duration < SHORT else None


def _slow(footage: Footage) -> str | None:
    if footage.fps >= SLOW:
        return None
    return (
        f"The video has only {footage.fps:.3g} frames a second, so fast movements jump. "
        "Use a smoother clip, or let pictures be interpolated."
    )


def _cuts(footage: Footage) -> str | None:
    if not footage.cuts:
        return None
    named = [f"{second:.1f}" for second in footage.cuts[:NAMED_CUTS]]
    more = len(footage.cuts) - len(named)
    times = _listed([*named, f"{more} more times"]) if more else f"{_listed(named)} s"
    return f"The shot changes at {times}, and the person may be lost there. Choose a part without cuts."


def _partly(footage: Footage) -> str | None:
    if footage.whole:
        return None
    return f"Only the first {footage.looked_at:.0f} s were looked at. What comes after them may be different."


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


PERSON_RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("several", _several),
    ("legs", _legs),
    ("feet", _feet),
    ("small", _small),
    ("dark", _dark),
    ("bright", _bright),
    ("blur", _blur),
    ("edge", _edge),
    ("turned", _turned),
)
CLIP_RULES: Final[tuple[tuple[str, Rule], ...]] = (
    ("cuts", _cuts),
    ("long", _long),
    ("short", _short),
    ("slow", _slow),
    ("partly", _partly),
)

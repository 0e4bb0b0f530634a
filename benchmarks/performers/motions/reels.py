"""The reels: two for training, in different order, tempo and manner, and one for tests that everybody performs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.performers.motions import dances, gestures, moves, unseen
from benchmarks.performers.motions.average import average_body
from benchmarks.performers.motions.fitting import fitted
from benchmarks.performers.motions.footwork import walked
from benchmarks.performers.motions.gestures import Phrase
from benchmarks.performers.motions.liveliness import Figure, alive
from benchmarks.performers.motions.posture import Body, Posture
from benchmarks.performers.motions.timeline import Key, eased, on_the_clock

Phrases = tuple[Callable[[], Phrase], ...]
TRAINING: Phrases = (
    gestures.wave, gestures.heads, gestures.raise_side, gestures.reach, gestures.clap, gestures.talk,
    moves.squat, moves.side_steps, moves.lunge, moves.turn_sides, moves.turn_away,
)  # fmt: skip
"""In every training reel, about 57 s at tempo 1."""
MORE_A: Phrases = (
    dances.groove, gestures.raise_front, moves.sidebend, dances.roll, gestures.idle, moves.walk_on_spot,
    gestures.point,
)  # fmt: skip
MORE_B: Phrases = (
    dances.step_touch, gestures.raise_front, gestures.point, dances.punches, gestures.wave_high, gestures.idle,
)  # fmt: skip
TEST: Phrases = (
    unseen.thinker, unseen.archer, unseen.balance, unseen.disco, unseen.hands_at_head, unseen.bow,
)  # fmt: skip


@dataclass(frozen=True)
class Manner:
    """How somebody moves."""

    phrases: Phrases
    more: Phrases = ()
    """Performed once the others are over; the first of them comes among the others."""
    shuffled: bool = True
    tempo: float = 1.0
    """Above 1 is faster."""
    amount: float = 1.0
    """How large the gestures are."""
    uneven: float = 0.06
    """Standard deviation of each move's time, as a share of it; half of it for each gesture's size."""
    sway: float = 1.0
    mirrored: float = 0.0
    """The chance that a phrase is performed the other way round."""


MANNERS = {
    "train-a": Manner(TRAINING, MORE_A, tempo=1.1, amount=1.04, sway=0.9),
    "train-b": Manner(TRAINING, MORE_B, tempo=1.06, amount=0.94, uneven=0.09, sway=1.25, mirrored=0.6),
    "test": Manner(TEST, shuffled=False, uneven=0.04),
}


def reel(name: str, seconds: float, fps: float = 25, seed: int = 0, body: Body | None = None) -> list[Posture]:
    """The postures of a reel on a body, `seconds * fps` of them; the same for every body but for its proportions."""
    return fitted(figure(name, seconds, seed), body or average_body(), fps)


def figure(name: str, seconds: float, seed: int = 0) -> Figure:
    """A reel before it is fitted to a body."""
    manner = MANNERS[name]
    rng = np.random.default_rng([seed, sorted(MANNERS).index(name)])
    keyed = on_the_clock(script(manner, seconds, rng))
    return alive(eased(keyed, seconds), walked(keyed, seconds), rng, manner.sway)


def script(manner: Manner, seconds: float, rng: np.random.Generator) -> list[Key]:
    """Keys for at least so many seconds: all phrases once before any comes again."""
    keys = [Key(gestures.STAND, 0.0, 0.5)]
    length = 0.5
    while length < seconds + 1.0:
        for written in _order(manner, rng):
            phrase = _performed(written(), manner, rng)
            keys += phrase
            length += sum(key.move + key.hold for key in phrase)
    return keys


def _order(manner: Manner, rng: np.random.Generator) -> Phrases:
    phrases = [*manner.phrases, *manner.more[:1]]
    order = [phrases[int(index)] for index in rng.permutation(len(phrases))] if manner.shuffled else phrases
    return (*order, *manner.more[1:])


def _performed(phrase: Phrase, manner: Manner, rng: np.random.Generator) -> Phrase:
    """A phrase in somebody's manner: no two performances are alike."""
    other_way = rng.random() < manner.mirrored
    result = []
    for key in phrase:
        late = float(np.exp(rng.normal(0, manner.uneven))) / manner.tempo
        size = manner.amount * float(1 + rng.normal(0, manner.uneven / 2))
        pose = (key.pose.mirror() if other_way else key.pose).scaled(size)
        result.append(replace(key, pose=pose, move=key.move * late, hold=key.hold * late))
    return result

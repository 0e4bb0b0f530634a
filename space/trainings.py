"""What a visitor asks for on the Train tab, checked and turned into jobs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from posetransfer.checkpoints.manage import check_name
from posetransfer.errors import PoseTransferError, TrainingError, VideoError
from posetransfer.methods.method import METHODS
from posetransfer.pairs.frame_ranges import parse_frames
from posetransfer.video.limits import check_bytes
from space import messages
from space.people import may_change
from space.requested import Services, file_in_job

Profile = Mapping[str, Any] | None  # OpenID claims of the account that a visitor signed in with

HELD_OUT: Final = 0.05  # share of the pairs that progress is measured on
MINUTES: Final = (0.1, 600.0)
CONSENT_WORDS: Final = 3


@dataclass(frozen=True)
class Wish:
    """clips, sources: uploads; name: of the target; minutes: of each network; methods: by name; agreed: the box is
    ticked; consent: who is shown and that they agreed, in the visitor's words; dropped: frames of the sources whose
    pairs are not learned from, as `parse_frames` reads them."""

    clips: Sequence[Path]
    sources: Sequence[Path]
    name: str
    minutes: float
    size: int
    methods: Sequence[str]
    agreed: bool
    consent: str
    dropped: str = ""


@dataclass(frozen=True)
class Trainings:
    """Checks and trainings, handed in as jobs."""

    services: Services

    def check(self, clips: Sequence[Path], size: int, visitor: str) -> str:
        """Hand in a check of footage; gives the job's token. Raises sentences."""
        names = self._named(clips, "clip")
        arguments = {"clips": list(names), "options": {"size": size}}
        title = {"driving": clips[0].name, "target": "", "method": "check"}
        return self.services.jobs.submit("check", arguments, title, visitor, names)

    def pairs(
        self, clips: Sequence[Path], sources: Sequence[Path], size: int, visitor: str, profile: Profile = None
    ) -> str:
        """Hand in a look at the pairs that pics2pics would learn from; gives the job's token. Raises sentences."""
        self._check_owner(profile)
        ours, theirs = self._named(clips, "clip"), self._named(sources, "source")
        arguments = {"clips": list(ours), "sources": list(theirs), "options": {"size": size}}
        title = {"driving": sources[0].name, "target": "", "method": "pairs"}
        return self.services.jobs.submit("pairs", arguments, title, visitor, {**ours, **theirs})

    def train(self, wish: Wish, visitor: str, profile: Profile = None) -> str:
        """Hand in a training; gives the job's token. profile: of who signed in. Raises sentences."""
        self._check_owner(profile)
        clips, sources = self._named(wish.clips, "clip"), self._named(wish.sources, "source", needed=False)
        _check_words(wish)
        if not MINUTES[0] <= wish.minutes <= MINUTES[1]:
            raise TrainingError(f"Train between {MINUTES[0]} and {MINUTES[1]:.0f} minutes.")
        options = {"size": wish.size, "minutes": wish.minutes, "methods": _methods(wish), "hold_out": HELD_OUT}
        if sources:
            options["dropped_source_frames"] = parse_frames(wish.dropped)
        arguments: dict[str, Any] = {
            "clips": list(clips),
            "sources": list(sources),
            "name": wish.name,
            "consent": " ".join(wish.consent.split()),
            "options": options,
        }
        title = {"driving": wish.clips[0].name, "target": wish.name, "method": "training"}
        return self.services.jobs.submit("train", arguments, title, visitor, {**clips, **sources})

    def _check_owner(self, profile: Profile) -> None:
        settings = self.services.settings
        if settings.hosted and not may_change(settings, profile):
            raise TrainingError(messages.NOT_HERE if profile is None else messages.NOT_THIS_PERSON)

    def _named(self, clips: Sequence[Path], kind: str, *, needed: bool = True) -> dict[str, Path]:
        """Names in the job's folder for the uploads."""
        if needed and not clips:
            raise TrainingError(messages.NO_FOOTAGE)
        named = {}
        for number, clip in enumerate(clips):
            if not clip.is_file():  # uploads are deleted after a day
                raise VideoError("The footage is not here any more. Choose it again.")
            check_bytes(clip, self.services.settings.video)
            named[f"{kind}{number}-{file_in_job(clip)}"] = clip
        return named


def _check_words(wish: Wish) -> None:
    check_name(wish.name)
    if not wish.agreed or len(wish.consent.split()) < CONSENT_WORDS:
        raise PoseTransferError(messages.CONSENT_NEEDED)


def _methods(wish: Wish) -> list[str]:
    chosen = [name for name in METHODS if name in wish.methods]
    if not chosen:
        raise TrainingError(messages.NO_METHOD)
    if "pics2pics" in chosen and not wish.sources:
        raise TrainingError("pics2pics learns from pictures of the one driver: give a clip of them too.")
    return chosen

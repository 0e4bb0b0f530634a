"""What the page does when the visitor does something. Every handler gives values for the page and raises nothing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.lookup import target_summaries
from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.options import TransferOptions
from space import messages
from space.requested import Services, plausible
from space.targets import find_summary, target_card

AUTOMATIC = "automatic"


@dataclass(frozen=True)
class Handlers:
    """The page's handlers; all they know of a visitor comes in as arguments."""

    services: Services

    def targets(self, chosen: dict[str, Any] | None) -> dict[str, Any]:
        """The cards of all targets there are now, with the visitor's choice kept if it still exists."""
        cards = [target_card(summary) for summary in target_summaries()]
        values = [card["value"] for card in cards]
        before = (chosen or {}).get("chosen")
        pick = before if before in values else next(iter(values), None)
        return {
            "name": "target",
            "legend": "Target: who performs",
            "options": cards,
            "chosen": pick,
            "empty": messages.NO_TARGETS,
        }

    def methods(self, targets: dict[str, Any], chosen: dict[str, Any] | None) -> dict[str, Any]:
        """The cards of the methods; those that the chosen target was not trained for are off."""
        summary = find_summary(targets.get("chosen"))
        has = summary.methods if summary else tuple(messages.METHOD_TITLES)
        options = [
            {
                "value": name,
                "title": title,
                "text": messages.METHOD_TEXTS[name],
                "off": None if name in has else messages.NOT_LEARNED,
            }
            for name, title in messages.METHOD_TITLES.items()
        ]
        before = (chosen or {}).get("chosen")
        preferred = [name for name in ("pose2pics", "knn", "pics2pics") if name in has]
        pick = before if before in has else next(iter(preferred), None)
        return {"name": "method", "legend": "Method: how it is made", "options": options, "chosen": pick}

    def look(self, driving: str | None, visitor: str) -> dict[str, Any]:
        """A first look at a newly chosen driving video."""
        return self.look_again(driving, {}, visitor)

    def look_again(self, driving: str | None, look: dict[str, Any] | None, visitor: str) -> dict[str, Any]:
        """A look at the part and the person that the visitor chose."""
        look = look or {}
        start, end = float(look.get("start") or 0.0), look.get("end")
        value = {"token": None, "start": start, "end": end, "person_at": look.get("person_at"), "facts": None}
        if driving is None:
            return value
        try:
            value["token"] = self.services.look(Path(driving), start, end, value["person_at"], visitor)
        except PoseTransferError as error:
            value["problem"] = str(error)
        return value

    def begin(
        self,
        driving: str | None,
        look: dict[str, Any] | None,
        targets: dict[str, Any],
        methods: dict[str, Any],
        visitor: str,
        *choices: Any,
    ) -> dict[str, Any]:
        """Hand in the transfer; gives the job for the page to follow, or the sentence that says why not."""
        target, method, look = targets.get("chosen"), methods.get("chosen"), look or {}
        try:
            if driving is None:
                raise PoseTransferError(messages.NO_DRIVING)
            if target is None:
                raise PoseTransferError(messages.NO_TARGET if targets.get("options") else messages.NO_TARGETS)
            if method is None:
                raise PoseTransferError(messages.NO_METHOD)
            options = _options(method, look, Choices(*choices))
            frames = _frames(look)
            return {"token": self.services.transfer(Path(driving), target, options, frames, visitor)}
        except PoseTransferError as error:
            return {"token": None, "problem": str(error)}

    def estimate(
        self,
        look: dict[str, Any] | None,
        targets: dict[str, Any],
        methods: dict[str, Any],
        interpolate: str,
        keyframe_every: str,
        runtime: str = "auto",
    ) -> str:
        """How long it will take, in words; empty while it can't be told."""
        summary, method, frames = find_summary(targets.get("chosen")), methods.get("chosen"), _frames(look or {})
        if summary is None or method is None or frames is None:
            return ""
        factor = interpolation(method, interpolate, keyframe_every)[0]
        stages = self.services.jobs.expected(method, summary.size, frames, factor)
        borrowed = self.services.borrowed_seconds(method, runtime, frames, summary.size)
        return messages.estimate(stages, frames, self.services.jobs.ahead("transfer"), borrowed)


@dataclass(frozen=True)
class Choices:
    """The options of the page, in the order of its components, by their command-line names."""

    mirror: bool
    sound: bool
    canvas: str
    interpolate: str
    keyframe_every: str
    align: str
    smooth: str
    fill: str
    retarget: str
    metric: str
    k: int
    combine: str
    threshold: str | None
    contours: str
    pose: str
    runtime: str


def _options(method: str, look: dict[str, Any], choices: Choices) -> TransferOptions:
    factor, every = interpolation(method, choices.interpolate, choices.keyframe_every)
    return TransferOptions.from_json(
        {
            "method": method,
            "start": float(look.get("start") or 0.0),
            "end": look.get("end"),
            "person_at": look.get("person_at"),
            "mirror": choices.mirror,
            "sound": choices.sound,
            "canvas": choices.canvas,
            "align": None if choices.align == AUTOMATIC else choices.align,
            "interpolate": factor,
            "keyframe_every": every,
            "smooth": choices.smooth,
            "fill": choices.fill,
            "retarget": choices.retarget == "on",
            "metric": choices.metric,
            "k": int(choices.k or 1),
            "combine": choices.combine,
            "threshold": _number(choices.threshold),
            "contours": choices.contours,
            "pose": choices.pose,
            "runtime": choices.runtime,
            "side_by_side": True,
            "views": True,
        }
    )


def interpolation(method: str, interpolate: str, keyframe_every: str) -> tuple[int, int]:
    """--interpolate and --keyframe-every for what the page says.

    Both automatic: key frames every 3 for k-NN, which jumps; twice the rate for the networks, whose frames are all
    worth showing. One chosen: the other is off.
    """
    if interpolate == keyframe_every == AUTOMATIC:
        return (1, 3) if method == "knn" else (2, 1)
    return _whole(interpolate), _whole(keyframe_every)


def _whole(word: str) -> int:
    return 1 if word == AUTOMATIC else int(word)


def _number(text: str | None) -> float | None:
    """A number that may be left out. Raises PoseTransferError."""
    try:
        return float(text) if text and text.strip() else None
    except ValueError as error:
        raise PoseTransferError(f"--threshold is a number, not {text!r}. Leave it empty for the usual one.") from error


def _frames(look: dict[str, Any]) -> int | None:
    facts = look.get("facts")
    return plausible(facts.get("frames")) if isinstance(facts, dict) else None

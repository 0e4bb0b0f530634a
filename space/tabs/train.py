"""The Train tab: footage, a check of it, consent, and the training as a job."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from posetransfer.errors import PoseTransferError
from space import messages
from space.elements import element
from space.tabs.transfer import PRIVATE
from space.trainings import Trainings, Wish

MINUTES = ["2", "5", "10", "20", "40"]
SIZES = [("64: to try things out", 64), ("128", 128), ("256", 256), ("512: four times as long", 512)]
VIDEOS = [".mp4", ".mov", ".mkv", ".webm", ".avi", ".m4v"]


@dataclass(frozen=True)
class TrainHandlers:
    """The tab's handlers. They raise nothing: what goes wrong becomes a sentence on the page."""

    trainings: Trainings

    def check(self, clips: list[str] | None, recorded: str | None, size: int, visitor: str) -> dict[str, Any]:
        """Look through newly chosen footage."""
        chosen = _paths(clips, recorded)
        if not chosen:
            return {"token": None}
        try:
            return {"token": self.trainings.check(chosen, size, visitor)}
        except PoseTransferError as error:
            return {"token": None, "problem": str(error)}

    def pairs(
        self, clips: list[str] | None, recorded: str | None, source: str | None, size: int, visitor: str,
        profile: gr.OAuthProfile | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Pair footage and source, once both are there."""
        chosen = _paths(clips, recorded)
        if not chosen or not source:
            return {"token": None}
        try:
            token = self.trainings.pairs(chosen, [Path(source)], size, visitor, profile)
            return {"token": token, "source": source}
        except PoseTransferError as error:
            return {"token": None, "problem": str(error)}

    def estimate(self, check: dict[str, Any] | None, minutes: str, methods: list[str]) -> str:
        """How long it will take and what to expect, in words; empty before the footage was looked through."""
        facts = (check or {}).get("facts")
        try:
            chosen = float(minutes)
        except (TypeError, ValueError):
            return "Minutes are a number."
        if not isinstance(facts, dict):
            return ""
        networks = sum(name != "knn" for name in methods)
        return messages.training_estimate(
            float(facts["seconds"]), int(facts["usable"]), float(facts["seconds_a_step"]), chosen, networks
        )

    def train(
        self, clips: list[str] | None, recorded: str | None, source: str | None, name: str, minutes: str, size: int,
        methods: list[str], pairs: dict[str, Any] | None, agreed: bool, consent: str, visitor: str,
        profile: gr.OAuthProfile | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Hand in the training; gives the job for the page to follow, or the sentence that says why not."""
        try:
            wish = Wish(
                _paths(clips, recorded), [Path(source)] if source else [], (name or "").strip(), float(minutes),
                int(size), methods or [], bool(agreed), consent or "", _dropped(pairs, source),
            )  # fmt: skip
            return {"token": self.trainings.train(wish, visitor, profile)}
        except PoseTransferError as error:
            return {"token": None, "problem": str(error)}
        except (TypeError, ValueError):
            return {"token": None, "problem": "Minutes are a number, such as 10."}


def _paths(clips: list[str] | None, recorded: str | None) -> list[Path]:
    return [Path(clip) for clip in (*(clips or ()), *((recorded,) if recorded else ()))]


def _dropped(pairs: dict[str, Any] | None, source: str | None) -> str:
    """What was dropped of this source's pairs: another may have been chosen since they were shown."""
    pairs = pairs or {}
    return str(pairs.get("dropped", "")) if source and pairs.get("source") == source else ""


def train_tab(handlers: TrainHandlers, visitor: gr.HTML) -> gr.HTML:
    """Build the tab and wire it up; gives the part that says so when a target is ready."""
    gr.Markdown(messages.TRAIN_INTRODUCTION)
    if handlers.trainings.services.settings.hosted:
        gr.Markdown(messages.TRAIN_HOSTED, elem_classes="pt-note")
    with gr.Row(equal_height=False, elem_classes="pt-train"):
        with gr.Column():
            clips, recorded = _footage()
            agreed, consent = _consent()
        with gr.Column(elem_classes="pt-train-check"):
            check = element("pt-check", {"token": None}, events=("change", "again"))
        with gr.Column():
            name, minutes, size, methods, source = _wishes()
    pairs = element("pt-pairs", {"token": None}, events=("again",))
    with gr.Row(equal_height=False):
        with gr.Column():
            estimate = gr.HTML("", elem_classes="pt-estimate", elem_id="train-estimate")
        with gr.Column():
            start = gr.Button(messages.TRAIN, variant="primary", elem_id="train")
    training = element("pt-training", {"token": None}, events=("change",))

    for asked in (clips.change, recorded.change, check.again):
        asked(handlers.check, [clips, recorded, size, visitor], check, **PRIVATE)
    for asked in (clips.change, recorded.change, source.change, pairs.again):
        asked(handlers.pairs, [clips, recorded, source, size, visitor], pairs, **PRIVATE)
    for matters in (check, minutes, methods):
        matters.change(handlers.estimate, [check, minutes, methods], estimate, **PRIVATE)
    start.click(
        handlers.train,
        [clips, recorded, source, name, minutes, size, methods, pairs, agreed, consent, visitor],
        training,
        **PRIVATE,
    )
    return training


def _footage() -> tuple[gr.File, gr.Video]:
    """Clips, and what the webcam recorded; not mirrored and with its sound, which spares a run of ffmpeg."""
    clips = gr.File(
        label=messages.FOOTAGE_LABEL, file_count="multiple", file_types=VIDEOS, elem_id="footage", height=160
    )
    with gr.Accordion(messages.RECORD_LABEL, open=False):
        recorded = gr.Video(
            label=messages.RECORD_LABEL, sources=["webcam"], include_audio=True, buttons=[],
            webcam_options=gr.WebcamOptions(mirror=False), elem_id="recorded",
        )  # fmt: skip
    return clips, recorded


def _wishes() -> list[gr.components.Component]:
    """Name, minutes, size, methods and the source clip."""
    name = gr.Textbox(label="Name of the target", max_length=60, elem_id="target-name")
    with gr.Row():
        minutes = gr.Dropdown(
            MINUTES, value="10", allow_custom_value=True, label="Minutes for each network", elem_id="minutes"
        )
        size = gr.Dropdown(SIZES, value=256, label="Size in pixels", elem_id="train-size")
    methods = gr.CheckboxGroup(
        [(title, key) for key, title in messages.METHOD_TITLES.items()], value=["knn", "pose2pics"],
        label="Methods", elem_id="train-methods",
    )  # fmt: skip
    with gr.Accordion(messages.SOURCE_LABEL, open=False):
        source = gr.File(label=messages.SOURCE_LABEL, file_types=VIDEOS, elem_id="source", height=120)
    return [name, minutes, size, methods, source]


def _consent() -> tuple[gr.Checkbox, gr.Textbox]:
    agreed = gr.Checkbox(False, label=messages.CONSENT_LABEL, elem_id="agreed")
    return agreed, gr.Textbox(label=messages.CONSENT_WORDS_LABEL, max_length=500, elem_id="consent")

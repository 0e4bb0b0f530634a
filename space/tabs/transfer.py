"""The Transfer tab: driving video, target, method, options; then the job, its result and what was made before."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from space import messages
from space.elements import element
from space.examples import examples
from space.handlers import AUTOMATIC, Handlers
from space.settings import Settings

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "concurrency_limit": None}


def transfer_tab(handlers: Handlers, settings: Settings, blocks: gr.Blocks, visitor: gr.HTML) -> Callable[[Any], None]:
    """Build the tab and wire it up; gives what makes an event show the targets there are by then."""
    with gr.Row(equal_height=False):
        with gr.Column():
            driving = _driving()
            if settings.stated_limits:
                gr.Markdown(settings.stated_limits, elem_classes="pt-note")
            look = element("pt-look", {"token": None}, events=("change", "retake"))
            _examples(settings, driving)
        with gr.Column():
            targets = element("pt-cards", handlers.targets(None), events=("change",))
            methods = element("pt-cards", handlers.methods(handlers.targets(None), None), events=("change",))
            choices = _choices()
            estimate = gr.HTML("", elem_classes="pt-estimate", elem_id="estimate")
            perform = gr.Button(messages.PERFORM, variant="primary", elem_id="perform")
    job = element("pt-job", {"token": None})
    element("pt-past", {"kept": settings.kept})

    rates = [*choices[3:5], choices[-1]]  # how many pictures are made decides how long it takes, and what runs it
    guessed = {"inputs": [look, targets, methods, *rates], "outputs": estimate, **PRIVATE}
    driving.change(handlers.look, [driving, visitor], look, **PRIVATE).then(handlers.estimate, **guessed)
    look.retake(handlers.look_again, [driving, look, visitor], look, **PRIVATE)
    look.change(handlers.estimate, **guessed)
    targets.change(handlers.methods, [targets, methods], methods, **PRIVATE).then(handlers.estimate, **guessed)
    methods.change(handlers.estimate, **guessed)
    for rate in rates:
        rate.change(handlers.estimate, **guessed)
    perform.click(handlers.begin, [driving, look, targets, methods, visitor, *choices], job, **PRIVATE)

    def renew(event: Any) -> None:
        event(handlers.targets, targets, targets, **PRIVATE).then(
            handlers.methods, [targets, methods], methods, **PRIVATE
        )

    renew(blocks.load)
    return renew


def _driving() -> gr.Video:
    """The driving video. The picture is not mirrored and the sound kept, which also spares a run of ffmpeg."""
    return gr.Video(
        label=messages.DRIVING_LABEL,
        sources=["upload", "webcam"],
        include_audio=True,
        webcam_options=gr.WebcamOptions(mirror=False),
        buttons=[],
        elem_id="driving",
    )


def _examples(settings: Settings, driving: gr.Video) -> None:
    """Driving videos one click away, if there are any."""
    found = examples(settings.examples)
    if not found:
        return
    gr.Markdown(messages.EXAMPLES_LABEL, elem_classes="pt-examples-label")
    with gr.Row(elem_classes="pt-examples"):
        for example in found:
            icon = {"path": example.picture, "url": example.picture}
            button = gr.Button(example.label, icon=icon, elem_classes="pt-example")
            button.click(partial(str, example.path), None, driving, **PRIVATE)


def _choices() -> list[gr.components.Component]:
    """The options, in the order of `handlers.Choices`."""
    with gr.Row():
        mirror = gr.Checkbox(False, label="Mirror: left for right")
        sound = gr.Checkbox(True, label="Keep the sound")
    canvas = gr.Radio(["square", "full"], value="square", label="Canvas", info="The square, or the whole picture.")
    with gr.Accordion(messages.ADVANCED, open=False):
        smoothing = _smoothing()
        neighbours = _neighbours()
        running = _running()
    return [mirror, sound, canvas, *smoothing, *neighbours, *running]


def _smoothing() -> list[gr.components.Component]:
    interpolate = gr.Dropdown(
        [AUTOMATIC, *map(str, range(1, 9))], value=AUTOMATIC, label="Interpolate",
        info="Multiply the frame rate. Automatic: twice for the networks, not for k-NN.",
    )  # fmt: skip
    keyframe_every = gr.Dropdown(
        [AUTOMATIC, *map(str, range(1, 31))], value=AUTOMATIC, label="Keyframe every",
        info="Show every Nth picture, fill the others by flow. Automatic: 3 for k-NN, 1 for the networks.",
    )  # fmt: skip
    align = gr.Dropdown(
        [AUTOMATIC, "pose", "first", "off"], value=AUTOMATIC, label="Align",
        info="Hold the face where the pose has it, or where it first was. Automatic: off for k-NN, else pose.",
    )  # fmt: skip
    smooth = gr.Dropdown(
        ["one-euro", "kalman", "off"], value="one-euro", label="Smooth", info="The filter against trembling joints."
    )
    fill = gr.Dropdown(
        ["time", "median"], value="time", label="Fill", info="Unseen joints: from before and after, or the median."
    )
    retarget = gr.Radio(["on", "off"], value="on", label="Retarget", info="Fit the pose to the target's body.")
    return [interpolate, keyframe_every, align, smooth, fill, retarget]


def _neighbours() -> list[gr.components.Component]:
    metric = gr.Dropdown(["joints", "angles", "pixels"], value="joints", label="Metric", info="k-NN: what near means.")
    k = gr.Slider(1, 50, value=1, step=1, label="k", info="k-NN: how many nearest frames.")
    combine = gr.Radio(
        ["path", "mean"], value="path", label="Combine", info="k-NN: how k frames become one: smoothest path, or mean."
    )
    threshold = gr.Textbox(
        label="Threshold", placeholder="usual", info="k-NN: by how much a new frame must win, in the metric's unit."
    )
    return [metric, k, combine, threshold]


def _running() -> list[gr.components.Component]:
    contours = gr.Dropdown(
        ["dlib68", "facemesh"], value="dlib68", label="Contours",
        info="What draws faces. dlib68 was trained on pictures that exclude commercial use; facemesh is free of that.",
    )  # fmt: skip
    pose = gr.Dropdown(
        ["mediapipe", "openpose"],
        value="mediapipe",
        label="Pose",
        info="The estimator; openpose is got from the Hub when it is first used.",
    )
    runtime = gr.Dropdown(["auto", "torch", "openvino"], value="auto", label="Runtime", info="What runs the networks.")
    return [contours, pose, runtime]

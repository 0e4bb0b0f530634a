"""The words of the page, in one place."""

from __future__ import annotations

TITLE = "posetransfer"
INTRODUCTION = (
    "Somebody moves in a video; somebody else performs it. "
    "Give a **driving video**, pick a **target**, press **Perform**."
)
SYNTHETIC = (
    "Made videos carry a badge and a signed note that they are synthetic. Perform only as yourself or as people who "
    "agreed, and don't pass a result off as real."
)

SIGN_IN = "Sign in with Hugging Face"
SIGN_OUT = "Sign out ({})"
DUPLICATE = "Duplicate this Space"

METHOD_TITLES = {"knn": "k-NN", "pose2pics": "pose2pics", "pics2pics": "pics2pics"}
METHOD_TEXTS = {
    "knn": "Shows the target's own frames, chosen by pose. Every picture is real and sharp; it can only do what the "
    "target once did, and it jumps.",
    "pose2pics": "A network paints the target in the driver's pose. Smooth, and does poses the target never took; "
    "hands and faces are soft.",
    "pics2pics": "A network turns the driver's picture straight into the target's. For the one driver, room and "
    "clothes it was trained with.",
}
NOT_LEARNED = "This target was not trained for it."

NO_TARGETS = (
    "There is no target yet. Make one from half a minute of your own footage: "
    "in the project's folder, .venv/bin/python -m posetransfer learn you.mp4 --out you. Then reload this page."
)
NO_DRIVING = "Choose a driving video first: upload one, or record yourself with the webcam."
NO_TARGET = "Pick a target first."
NO_METHOD = "Pick a method first."

DRIVING_LABEL = "Driving video: upload one, or record yourself"
EXAMPLES_LABEL = "Or try one of these"
PERFORM = "Perform"
ADVANCED = "Advanced options"

TRAIN_INTRODUCTION = (
    "Make a target of yourself, or of somebody who agreed: a minute of footage, one person, the whole body in the "
    "picture, a camera that stands still. Move as you will want to perform later: raise your arms, bend, turn, step."
)
FOOTAGE_LABEL = "Footage: one clip or several, of one camera"
RECORD_LABEL = "Or record yourself"
SOURCE_LABEL = "For pics2pics only: a clip of the one person who will drive"
CONSENT_LABEL = "The person shown is me, or agreed to be made a target."
CONSENT_WORDS_LABEL = "Who is shown, and how they agreed (it is kept on the target's card)"
CONSENT_NEEDED = (
    "A target is somebody's likeness. Tick the box, and say in a sentence who is shown and that they agreed."
)
NO_FOOTAGE = "Give footage first: upload a clip, or record yourself."
NOT_HERE = (
    "Training on this hosted page is for its owner, signed in. Duplicate the Space to have one of your own, or run "
    "posetransfer on your own computer."
)
NOT_THIS_PERSON = (
    "You are signed in, but this Space is another account's. Duplicate it and train in your own, or run posetransfer "
    "on your own computer."
)
TRAIN_HOSTED = (
    "On a hosted page only its owner can train, signed in. What is trained lies on the Space's disk, which is emptied "
    "whenever the Space restarts: publish it on the Targets tab to keep it."
)
TRAIN = "Train"

LIVE_INTRODUCTION = (
    "Stand before your camera, and the target does what you do. Begin with your whole body in view and stand still "
    "for two seconds: that is when you are measured. Pictures go to this page's server and are used at once; only "
    "what you record is kept, for an hour."
)

TARGETS_INTRODUCTION = "Everybody who can perform here: those that came with the page, yours, and those from the Hub."
HUB_LABEL = "Get a target from the Hub"
HUB_NAME = "owner/repo, or the address of its page"
LOOK_AT_IT = "Look at it"
SEARCH_LABEL = "Search the Hub"
SEARCH_WARNING = (
    "What is found was published by strangers and shows people whom nobody here has asked. Pull only what says whose "
    "likeness it is and that they agreed."
)
SEARCH = "Search"
NOT_YOURS = (
    "This page belongs to somebody else: its targets cannot be changed or published from here. "
    "If it is yours, sign in first."
)


def training_estimate(seconds: float, usable: int, step: float | None, minutes: float, networks: int) -> str:
    """How long a training will take and what it gives. step: seconds of one step, None while it is not known."""
    watched = seconds * 1.2 + 20
    words = f"About {_time(watched + 60 * minutes * networks)} in all: {_time(60 * minutes)} for each network"
    if step is None or not usable:
        return f"{words}."
    steps = 60 * minutes / step
    quality = next(told for most, told in _QUALITY if steps < most)
    return f"{words}, some {round(steps, -1 if steps < 1000 else -2):.0f} steps here. {quality}"


_QUALITY = (
    (200, "That gives a blur in the right place."),
    (700, "That gives a body in the right pose, with a smear for a face."),
    (2000, "That gives clothes and limbs; faces and hands stay soft."),
    (float("inf"), "That is enough for a steady likeness."),
)


def estimate(stages: dict[str, float], frames: int, waiting: int, borrowed: int | None = None) -> str:
    """How long a transfer will take. stages: expected seconds of poses, load and make; waiting: jobs before it;
    borrowed: seconds of a lent GPU that it asks for."""
    words = (
        f"About {_time(sum(stages.values()))} for {frames} pictures: {_time(stages['poses'])} to watch the driver, "
        f"{_time(stages['load'])} to load the target, {_time(stages['make'])} to make them."
    )
    if waiting:
        words += " One job is before yours." if waiting == 1 else f" {waiting} jobs are before yours."
    if borrowed is not None:
        words += f" Up to {borrowed} s of your daily GPU quota are asked for; where it is used up, the CPU does it."
    return words


def _time(seconds: float) -> str:
    return f"{max(round(seconds), 1)} s" if seconds < 90 else f"{round(seconds / 60)} min"

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


def estimate(stages: dict[str, float], frames: int, waiting: int) -> str:
    """How long a transfer will take. stages: expected seconds of poses, load and make; waiting: jobs before it."""
    words = (
        f"About {_time(sum(stages.values()))} for {frames} pictures: {_time(stages['poses'])} to watch the driver, "
        f"{_time(stages['load'])} to load the target, {_time(stages['make'])} to make them."
    )
    if waiting:
        words += " One job is before yours." if waiting == 1 else f" {waiting} jobs are before yours."
    return words


def _time(seconds: float) -> str:
    return f"{max(round(seconds), 1)} s" if seconds < 90 else f"{round(seconds / 60)} min"

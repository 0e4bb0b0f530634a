"""The plot of what transfers cost: a panel of times and one of memory for each series."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

AXES: Final = {
    "length": ("seconds of video", "seconds of a transfer"),
    "made": ("thousand pixels of the made picture", "ms a frame"),
    "read": ("thousand pixels of the driving picture", "ms a frame"),
}
COLOURS: Final = {"knn": "#1b6ca8", "pose2pics": "#c8553d", "pics2pics": "#4f772d"}


def draw(table: dict[str, Any], path: Path) -> None:
    """Draw the points of `table` and its lines into a PNG."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = [name for name in AXES if any(point["series"] == name for point in table["points"].values())]
    figure = Figure(figsize=(5 * len(names), 6.5), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(2, len(names), squeeze=False)
    for column, name in enumerate(names):
        points = [point for point in table["points"].values() if point["series"] == name]
        for method, colour in COLOURS.items():
            mine = [point for point in points if point["method"] == method]
            if mine:
                _series(panels[:, column], mine, colour, table.get("lines", {}).get(f"{name} {method}"))
        over, cost = AXES[name]
        panels[0, column].set_ylabel(cost)
        panels[1, column].set_ylabel("peak memory, MiB")
        panels[1, column].set_xlabel(over)
        for panel in panels[:, column]:
            panel.set_xlim(left=0)
            panel.set_ylim(0, 1.08 * max(panel.dataLim.y1, 1e-9))
            panel.grid(alpha=0.3)
        panels[0, column].legend(fontsize="small")
    cpu = table["machine"]
    figure.suptitle(f"{cpu['cpu']}, {cpu['cores']} cores", fontsize="small")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=110)


def _series(panels: Any, points: list[dict[str, Any]], colour: str, fit: dict[str, float] | None) -> None:
    """One method's points in both panels, and the line through its times."""
    over, cost = np.array([place(point) for point in points]).T
    label = points[0]["method"]
    if fit is not None:
        label += f", R² = {fit['r2']:.4f}"
        ends = np.array([0.0, over.max()])
        panels[0].plot(ends, fit["slope"] * ends + fit["intercept"], color=colour, linewidth=1)
    panels[0].plot(over, cost, "o", color=colour, label=label)
    panels[1].plot(over, [point["peak_rss_mb"] for point in points], "o-", color=colour, linewidth=1)


def place(point: dict[str, Any]) -> tuple[float, float]:
    """Where a point lies in its series' panel: seconds of the clip and of the transfer, or thousands of pixels of a
    picture and milliseconds a frame."""
    total = point["seconds"]["total"]
    if point["series"] == "length":
        return point["x"], total
    return point["x"] ** 2 / 1000, 1000 * total / point["frames"]

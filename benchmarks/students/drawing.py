"""The curve as a picture and as a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from benchmarks.students.points import FAST, POINTS
from benchmarks.students.scoring import TEACHER
from benchmarks.students.timing import form

COLOURS: Final = {"teacher": "black", "alone": "tab:blue", "offline": "tab:green", "online": "tab:red"}
APART: Final = 0.25  # ms
PANELS: Final = {
    "body_ssim": "SSIM on the body (more is better)",
    "body_stlpips": "ST-LPIPS on the body (less is better)",
    "akd": "joints off by, torso lengths (less is better)",
}


def draw(path: Path, results: dict[str, Any]) -> None:
    """Quality against milliseconds, with intervals. Points of the same form stand a little apart, to be told apart."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    figure, panels = plt.subplots(1, len(PANELS), figsize=(15, 5), constrained_layout=True)
    for panel, (column, label) in zip(panels, PANELS.items(), strict=True):
        taken: list[float] = []
        for name, point in results["points"].items():
            interval, exact = point["scores"][column], milliseconds(results, name)
            at = exact + APART * taken.count(exact)
            taken.append(exact)
            spread = [[interval["mean"] - interval["low"]], [interval["high"] - interval["mean"]]]
            colour = COLOURS[learned(name)]
            panel.errorbar(at, interval["mean"], spread, fmt="o", color=colour, capsize=3, alpha=0.8)
            panel.annotate(name, (at, interval["mean"]), (5, 4), textcoords="offset points", fontsize=7, color=colour)
        panel.set_xlabel("ms of processor time a frame at 256 px, int8")
        panel.set_title(label, fontsize=10)
        panel.set_xlim(0, 1.4 * max(taken))
        panel.grid(alpha=0.3)
    figure.savefig(path, dpi=100)
    plt.close(figure)


def learned(name: str) -> str:
    """How the network of this name was trained."""
    return "teacher" if name == TEACHER else POINTS[name].learned


def milliseconds(results: dict[str, Any], name: str, precision: str = "int8") -> float:
    """Processor time of a frame. A transposed last layer runs as one that shuffles."""
    config = FAST if name == TEACHER else POINTS[name].config
    if config.outermost == "transposed":
        config = replace(config, outermost="shuffle2")
    return float(results["times"][form(config)][precision]["cpu_ms"])


def table(results: dict[str, Any]) -> str:
    """The points as Markdown."""
    lines = ["| | steps | int8 ms | body SSIM ↑ | ST-LPIPS ↓ | joints off ↓ | SSIM less 32 alone | int8's loss |"]
    lines.append("|---" * 8 + "|")
    for name, point in results["points"].items():
        scores = point["scores"]
        cells = [str(point["steps"]), f"{milliseconds(results, name):.1f}"]
        cells += [_spread(scores[column]) for column in PANELS]
        cells += [_spread(scores["less 32 alone"]["body_ssim"], "+"), f"{scores['int8 less fp32']['mean']:+.4f}"]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def table_of_times(results: dict[str, Any]) -> str:
    """The forms as Markdown."""
    lines = ["| | parameters | fp32: CPU ms (least) | int8: CPU ms (least) |", "|---|---|---|---|"]
    for name, each in results["times"].items():
        cells = [f"{each[kind]['cpu_ms']} ({each[kind]['least_ms']})" for kind in ("fp32", "int8")]
        lines.append(f"| {name} | {each['parameters'] / 1e6:.1f} M | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _spread(interval: dict[str, float], sign: str = "") -> str:
    return f"{interval['mean']:{sign}.3f} [{interval['low']:{sign}.3f}, {interval['high']:{sign}.3f}]"

"""Rounds summed up: medians, percentiles, and each figure as a multiple of the paper's form in the same run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any, Final

import numpy as np

from posetransfer.evaluate.timing.measured import Measured, Results
from posetransfer.evaluate.timing.paper import STATED, PaperMade, PaperWatched

AS_IT_STANDS: Final = "as it stands"
NO_CNN: Final = "without the CNN face detector"
UNWATCHED: Final = "without poses and faces"  # pics2pics needs neither to make its pictures
PERCENTILES: Final = (50, 95, 99)
BEFORE_MADE: Final = ("poses", "faces", "fit", "generate")  # stages between a camera's picture and the made one


@dataclass(frozen=True)
class PaperCost:
    """One variant of the paper's form, by round: milliseconds a frame in all, by stage, and until a frame is made;
    faces: frames of all rounds by how the driver's face was found."""

    total: list[float]
    stages: list[dict[str, float]]
    live: list[float]
    faces: dict[str, int]


def table(results: Results) -> dict[str, Any]:
    """The sections `cases`, `interpolation` and `stated_in_the_paper_ms` of a benchmark's report, as plain values."""
    return {
        "cases": [case_figures(case, results.watched) for case in results.cases],
        "interpolation": {str(size): _interpolation(taken) for size, taken in results.interpolation.items()},
        "stated_in_the_paper_ms": dict(STATED),
    }


def case_figures(case: Measured, watched: Mapping[bool, list[PaperWatched]]) -> dict[str, Any]:
    """One method of one target. Everything in ms is for a frame but `latency_ms`, which is from picture to picture."""
    last, frames = case.transfers[-1], case.transfers[-1].frames_out
    totals = [report.seconds["total"] for report in case.transfers]
    stages = _medians({name: _ms(s, frames) for name, s in report.seconds.items()} for report in case.transfers)
    ours = stages.pop("total")
    latency = _latency(case)
    peak = max(report.peak_rss_mb for report in case.transfers)
    return {
        "target": case.target,
        "method": case.method,
        "size": case.size,
        "runtime": last.runtime,
        "frames": frames,
        "sound": last.sound,
        "frames_a_second": round(frames / median(totals), 2),
        "ms_a_frame": round(ours, 2),
        "stages_ms": _rounded(stages),
        "seconds": {
            "total": round(median(totals), 2),
            "with_start_up": round(median(case.waits), 2),
            "network_made_ready_once": round(case.prepared, 2),
        },
        "latency_ms": latency,
        "peak_rss_mb": round(peak, 1),
        "paper_form": {
            name: _beside(cost, ours, stages, latency) for name, cost in _paper_costs(case, watched)
        } | _peak(case, watched, peak),
        "rounds": [
            {"total": round(total, 3), "with_start_up": round(wait, 3), "peak_rss_mb": round(report.peak_rss_mb, 1)}
            for total, wait, report in zip(totals, case.waits, case.transfers, strict=True)
        ],
        "warnings": last.warnings,
    }  # fmt: skip


def _paper_costs(case: Measured, watched: Mapping[bool, list[PaperWatched]]) -> Iterator[tuple[str, PaperCost]]:
    if not case.paper:
        return
    yield AS_IT_STANDS, _cost(case, watched[True])
    yield NO_CNN, _cost(case, watched[False])
    if case.method == "pics2pics":
        yield UNWATCHED, _cost(case, [None] * len(case.paper))


def _cost(case: Measured, watched: Iterable[PaperWatched | None]) -> PaperCost:
    totals, stages, live, faces = [], [], [], dict[str, int]()
    for seen, made in zip(watched, case.paper, strict=True):
        seconds, total = made.seconds, made.total
        if seen is not None:
            seconds, total = _added(made.seconds, seen.seconds), made.total + seen.total
            faces = {how: faces.get(how, 0) + count for how, count in seen.faces.items()}
        totals.append(_ms(total, made.frames))
        stages.append({name: _ms(value, made.frames) for name, value in seconds.items()})
        needed = ("generate",) if case.method == "pics2pics" else BEFORE_MADE
        live.append(sum(stages[-1].get(name, 0.0) for name in needed))
    return PaperCost(totals, stages, live, faces)


def _beside(cost: PaperCost, ours: float, stages: Mapping[str, float], latency: Mapping[str, float]) -> dict[str, Any]:
    """A variant of the paper's form, and how many times ours each of its figures is."""
    total, by_stage = median(cost.total), _medians(cost.stages)
    beside: dict[str, Any] = {
        "ms_a_frame": round(total, 2),
        "frames_a_second": round(1000 / total, 3),
        "ratio": round(total / ours, 2),
        "stages_ms": _rounded(by_stage),
        "stage_ratios": {
            name: round(value / stages[name], 2) for name, value in by_stage.items() if stages.get(name, 0.0) > 0
        },
        "faces": cost.faces,
        "rounds_ms": [round(value, 2) for value in cost.total],
    }
    if latency:
        live = median(cost.live)
        beside |= {"latency_ms": round(live, 2), "latency_ratio": round(live / latency["p50"], 2)}
    return beside


def _peak(case: Measured, watched: Mapping[bool, list[PaperWatched]], ours: float) -> dict[str, Any]:
    """The paper's form's peak of memory in MiB: the larger of its two passes."""
    if not case.paper:
        return {}
    passes: list[PaperWatched | PaperMade] = [*watched[True], *case.paper]
    peak = max(one.peak_rss_mb for one in passes)
    return {"peak_rss_mb": round(peak, 1), "peak_ratio": round(peak / ours, 2)}


def _interpolation(taken: Mapping[str, list[float]]) -> dict[str, float]:
    ours, paper = median(taken["dis"]), median(taken["farneback"])
    return {"ours_ms": round(ours, 2), "paper_form_ms": round(paper, 2), "ratio": round(paper / ours, 2)}


def _latency(case: Measured) -> dict[str, Any]:
    """Percentiles over the pictures of all rounds, and what ran; nothing if the live path was not measured."""
    taken = [ms for times in case.live for ms in times.milliseconds]
    if not taken:
        return {}
    found = {f"p{of}": round(float(np.percentile(taken, of)), 2) for of in PERCENTILES}
    return {**found, "pictures": len(taken), "runtime": case.live[-1].runtime}


def _ms(seconds: float, frames: int) -> float:
    return 1000 * seconds / max(frames, 1)


def _added(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one.get(name, 0.0) + other.get(name, 0.0) for name in {**other, **one}}


def _medians(rounds: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """The median of each name over the rounds; where a round lacks it, it took no time."""
    kept = list(rounds)
    return {name: median(one.get(name, 0.0) for one in kept) for name in dict.fromkeys(n for one in kept for n in one)}


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}

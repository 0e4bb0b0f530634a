"""A report in plain words, for somebody who never read the paper."""

from __future__ import annotations

from posetransfer.pipeline.report import Report


def report_words(report: Report) -> list[str]:
    """What was done, how long it took, and what to know of the result, a sentence each."""
    making = sum(report.seconds.get(stage, 0.0) for stage in ("generate", "align", "interpolate", "label", "write"))
    total = report.seconds.get("total", 0.0)
    made = "1 picture was" if report.frames_out == 1 else f"{report.frames_out} pictures were"
    words = [f"{made} made, {report.duration_out:.1f} s at {_rate(report)} a second, in {_rounded(total)} s."]
    if report.stopped_early:
        words.append("You stopped it: this is the first part.")
    if making and report.frames_out:
        on = "" if report.method == "knn" else f"; the network ran on {report.runtime}"
        words.append(f"Making one took {_rounded(1000 * making / report.frames_out)} ms{on}.")
    words.append(f"{_share(report.pose_coverage)} of the driver's joints were seen.")
    looked, found = sum(report.faces.values()), sum(count for how, count in report.faces.items() if how != "none")
    if looked:
        words.append(f"A face was found in {_share(found / looked)} of the driver's pictures.")
    words.append("The result says that it is synthetic: by its badge, and by a signed note in the file.")
    return words + report.warnings


def _rate(report: Report) -> str:
    return "?" if report.fps_out is None else f"{round(float(report.fps_out), 2):g}"


def _rounded(number: float) -> str:
    """Whole numbers from 10 on, two digits below: a quick run did not take 0 s."""
    return f"{number:.0f}" if number >= 10 else f"{number:.2g}"


def _share(part: float) -> str:
    """A percentage; only none of it is 0 % and only all of it 100 %."""
    return f"{min(max(round(100 * part), 1), 99) if 0 < part < 1 else 100 * part:.0f}%"

"""A report in plain words, for somebody who never read the paper."""

from __future__ import annotations

from posetransfer.pipeline.report import Report


def report_words(report: Report) -> list[str]:
    """What was done, how long it took, and what to know of the result, a sentence each."""
    making = sum(report.seconds.get(stage, 0.0) for stage in ("generate", "align", "interpolate", "label", "write"))
    total = report.seconds.get("total", 0.0)
    words = [
        f"{report.frames_out} pictures were made, {report.duration_out:.1f} s at {_rate(report)} a second, "
        f"in {total:.0f} s."
    ]
    if report.stopped_early:
        words.append("You stopped it: this is the part that was done by then.")
    if making and report.frames_out:
        on = "" if report.method == "knn" else f"; the network ran on {report.runtime}"
        words.append(f"Making one took {1000 * making / report.frames_out:.0f} ms{on}.")
    words.append(f"{report.pose_coverage:.0%} of the driver's joints were seen.")
    found = sum(count for how, count in report.faces.items() if how != "none")
    if report.faces:
        words.append(f"A face was found in {found / max(sum(report.faces.values()), 1):.0%} of the driver's pictures.")
    words.append("The result says that it is synthetic: by its badge, and by a signed note in the file.")
    return words + report.warnings


def _rate(report: Report) -> str:
    return "?" if report.fps_out is None else f"{float(report.fps_out):g}"

"""What int8 loses: `python -m benchmarks.int8`.

The bundled networks perform four seconds of another performer's test reel, in fp32 and in int8 as `transfer` makes it,
scored against true frames of the target doing the same, as in the duo suite. Written to benchmarks/results/int8.json
and printed as a table: differences are taken frame by frame, so their intervals are narrow.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from posetransfer.errors import PoseTransferError
from posetransfer.evaluate.bootstrap import Interval, bootstrap_mean
from posetransfer.evaluate.case import Case, Clip, RowPlan, evaluate_case
from posetransfer.evaluate.duo import bundled_duos
from posetransfer.evaluate.perceptual import PerceptualDistance
from posetransfer.evaluate.scorecard import Row
from posetransfer.evaluate.timing.machine import machine
from posetransfer.methods.pix2pix.generate import Pix2Pix
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.transfer import transfer
from posetransfer.streams import finished

RESULTS: Final = Path(__file__).parent / "results"
START, END, RATE = 4.0, 8.0, 25
CASES: Final = (
    ("duo: ines driven by kofi", "pose2pics"),
    ("duo: kofi driven by ines", "pose2pics"),
    ("duo: ines driven by kofi", "pics2pics"),
)
COLUMNS: Final = {"body_ssim": 4, "body_psnr": 2, "body_stlpips": 4, "akd": 4, "tlp": 5}


def main() -> None:
    duos = {duo.name: duo for duo in bundled_duos()[0]}
    results: dict[str, Any] = {"machine": machine(), "cases": []}
    print("| | " + " | ".join(COLUMNS) + " |\n" + "|---" * (len(COLUMNS) + 1) + "|")
    for name, method in CASES:
        case = part(duos[name].case())
        fit = prepared(case, method)
        plans = [
            RowPlan(runtime, case.checkpoint, TransferOptions(method, runtime=runtime))
            for runtime in ("openvino", "auto")
        ]
        rows = finished(evaluate_case(case, plans, judge="openpose", trunk=PerceptualDistance("alex")))
        lost = differences(rows["openvino"], rows["auto"])
        results["cases"].append({"case": name, "method": method, "fit": fit, **figures(rows, lost)})
        print_rows(f"{case.checkpoint.name} {method}", rows, lost)
    (RESULTS / "int8.json").write_text(json.dumps(results, indent=1) + "\n")


def part(case: Case) -> Case:
    """The seconds from START to END of a case."""
    assert case.joints is not None
    joints = case.joints.slice(round(START * RATE), round(END * RATE))
    clips = (Clip(clip.path, START, END) for clip in (case.driving, case.truth))
    return replace(case, driving=next(clips), truth=next(clips), joints=joints)


def prepared(case: Case, method: str) -> dict[str, Any]:
    """Perform the driver once, as anybody would, which chooses what runs the network; gives what was found."""
    options = TransferOptions(method, end=END, sound=False)
    with tempfile.TemporaryDirectory() as folder:
        report = finished(transfer(case.driving.path, str(case.checkpoint.folder), Path(folder) / "out.mp4", options))
    if report.runtime != "openvino int8 CPU":
        raise PoseTransferError(f"{case.checkpoint.name} runs on {report.runtime} here, so int8 cannot be measured.")
    network = case.checkpoint.load_method(method)
    assert isinstance(network, Pix2Pix) and network.fit is not None
    return asdict(network.fit)


def differences(plain: Row, int8: Row) -> dict[str, Interval]:
    """int8's figures less fp32's, a frame at a time."""
    return {name: bootstrap_mean(np.subtract(int8.series[name], plain.series[name])) for name in COLUMNS}


def figures(rows: Mapping[str, Row], lost: Mapping[str, Interval]) -> dict[str, Any]:
    means = {
        name: {column: rows[row].figures[column].mean for column in COLUMNS}
        for name, row in (("fp32", "openvino"), ("int8", "auto"))
    }
    return {"frames": rows["auto"].frames, **means, "int8 less fp32": {name: asdict(i) for name, i in lost.items()}}


def print_rows(name: str, rows: Mapping[str, Row], lost: Mapping[str, Interval]) -> None:
    for label, row in (("fp32", rows["openvino"]), ("int8", rows["auto"])):
        cells = [f"{row.figures[column].mean:.{digits}f}" for column, digits in COLUMNS.items()]
        print(f"| {name}, {label} | " + " | ".join(cells) + " |")
    cells = [
        f"{lost[column].mean:+.{digits}f} [{lost[column].low:+.{digits}f}, {lost[column].high:+.{digits}f}]"
        for column, digits in COLUMNS.items()
    ]
    print("| difference | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()

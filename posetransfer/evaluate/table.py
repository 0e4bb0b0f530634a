"""The table of one case, as JSON and as markdown."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from posetransfer.evaluate.bootstrap import BLOCK, Interval, bootstrap_mean
from posetransfer.evaluate.dropped import Rebuilt
from posetransfer.evaluate.scorecard import COLUMNS, Row
from posetransfer.pipeline.report import peak_rss_mb, write_text

DIGITS: Final = {"body_psnr": 1, "face_psnr": 1, "frame_psnr": 1, "warp": 6, "flicker": 2, "lag": 2, "psnr": 1}
REBUILT: Final = ("psnr", "ssim")


@dataclass(frozen=True)
class Table:
    """The rows of one case by name, and how they came about.

    judge: who found joints on the made frames; seconds: that scoring took; rebuilt: dropped true frames made again,
    by interpolator.
    """

    case: str
    judge: str
    rows: Mapping[str, Row]
    seconds: float
    rebuilt: Mapping[str, Rebuilt] = field(default_factory=dict)

    def interpolation(self) -> dict[str, dict[str, Interval]]:
        """PSNR and SSIM of each interpolator's frames; between two of them lie two of the clip's."""
        return {
            name: {column: bootstrap_mean(getattr(found, column), block=BLOCK // 2) for column in REBUILT}
            for name, found in self.rebuilt.items()
        }

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is unknown is None."""
        rows = {
            name: {"frames": row.frames, **_known({c: row.figures[c] for c in COLUMNS if c in row.figures})}
            for name, row in self.rows.items()
        }
        return {
            "case": self.case,
            "judge": self.judge,
            "machine": platform.processor() or platform.machine(),
            "rows": rows,
            "interpolation": {name: _known(figures) for name, figures in self.interpolation().items()},
            "seconds": round(self.seconds, 1),
            "peak_rss_mb": round(peak_rss_mb()),
        }

    def write(self, path: Path) -> None:
        """Write the JSON to `path`, whole or not at all. Raises OutOfSpace."""
        write_text(path, json.dumps(self.to_json(), indent=1) + "\n")


def write_tables(suite: str, tables: Sequence[Table], path: Path) -> None:
    """Write all cases of a suite as one JSON file, whole or not at all. Raises OutOfSpace."""
    write_text(path, json.dumps({"suite": suite, "cases": [table.to_json() for table in tables]}, indent=1) + "\n")


def markdown(table: Table) -> str:
    """The table for a README: a line a row, the mean and, where there is one, its interval."""
    columns = [name for name in COLUMNS if any(name in row.figures for row in table.rows.values())]
    head = ["row", *(f"{name} {'↑' if COLUMNS[name] else '↓'}" for name in columns)]
    return _lines(head, {name: [_cell(row.figures, c) for c in columns] for name, row in table.rows.items()})


def interpolation_markdown(table: Table) -> str:
    """The smaller table: every second true frame dropped and made again, by interpolator."""
    rows = {name: [_cell(figures, c) for c in REBUILT] for name, figures in table.interpolation().items()}
    return _lines(["every second frame made by", *(f"{column} ↑" for column in REBUILT)], rows)


def _lines(head: Sequence[str], rows: Mapping[str, Sequence[str]]) -> str:
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())])


def _known(figures: Mapping[str, Interval]) -> dict[str, dict[str, float | None]]:
    return {
        column: {name: None if value != value else round(value, 6) for name, value in asdict(figure).items()}
        for column, figure in figures.items()
    }


def _cell(figures: Mapping[str, Interval], column: str) -> str:
    figure, digits = figures.get(column), DIGITS.get(column, 3)
    if figure is None or figure.mean != figure.mean:
        return "-"
    if figure.low != figure.low:
        return f"{figure.mean:.{digits}f}"
    return f"{figure.mean:.{digits}f} [{figure.low:.{digits}f}, {figure.high:.{digits}f}]"

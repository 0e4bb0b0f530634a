"""A bundled performer does what another one does, by every method: something to see without footage of one's own."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from posetransfer.checkpoints import lookup
from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.errors import OutOfSpace, PoseTransferError, TargetNotFound
from posetransfer.methods.method import METHODS
from posetransfer.pipeline.contact_sheet import write_contact_sheet
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.report import Report
from posetransfer.pipeline.transfer import transfer
from posetransfer.types import Progress

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


@dataclass
class Demo:
    """What a demo wrote: the made videos by method with those that show them beside their driver, and the sheet."""

    sheet: Path
    videos: dict[str, Path] = field(default_factory=dict)
    beside: dict[str, Path] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def demo_target(name: str | None) -> Checkpoint:
    """The target called `name`, else the first of the bundled ones that have the most methods.

    Raises TargetNotFound or CheckpointError.
    """
    if name is not None:
        return lookup.find_target(name)
    bundled = [summary for summary in lookup.target_summaries() if summary.folder.parent == lookup.BUNDLED]
    if not bundled:
        raise TargetNotFound(
            "No target comes with this copy of posetransfer. Make one with learn and give its name with --target."
        )
    best = max(bundled, key=lambda summary: len(summary.methods))
    return lookup.find_target(str(best.folder))


def demo_driving(target: str) -> Path:
    """The first bundled example of another performer than `target`; its file's name begins with the performer's.

    Raises PoseTransferError if no example is bundled.
    """
    examples = sorted(EXAMPLES.glob("*.mp4"))
    if not examples:
        raise PoseTransferError("No driving video comes with this copy of posetransfer. Give one with --driving.")
    return next((path for path in examples if path.stem.split("-")[0] != target), examples[0])


def demo(driving: Path, target: Checkpoint, out: Path) -> Generator[Progress, None, Demo]:
    """Write into the folder `out`: `target` performing `driving` by each of its methods, and a contact sheet of them.

    Closing the generator ends the work and keeps the videos that are whole. Raises what `transfer` raises.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutOfSpace(f"The folder {out} cannot be made: {error.strerror}. Choose another --out.") from error
    stem = f"{driving.stem}-as-{target.name}"
    done = Demo(out / f"{stem}.png")
    for method in (name for name in METHODS if name in target.methods):
        path = out / f"{stem}-{method}.mp4"
        options = TransferOptions(method, side_by_side=True)
        report = yield from _named(transfer(driving, str(target.folder), path, options), method, bool(done.videos))
        done.videos[method], done.beside[method] = path, Path(report.files["side-by-side"])
        done.warnings += [warning for warning in report.warnings if warning not in done.warnings]
    yield Progress("sheet", 0, 1, done.sheet.name)
    rows = {f"{target.name} by {method}": path for method, path in done.videos.items()}
    write_contact_sheet(done.sheet, {f"driving: {driving.stem}": driving, **rows})
    yield Progress("sheet", 1, 1, done.sheet.name)
    return done


def _named(run: Generator[Progress, None, Report], method: str, watched: bool) -> Generator[Progress, None, Report]:
    """A transfer whose making is called by its method. Poses that were watched before come from the cache, which is
    nothing to show."""
    with closing(run):
        while True:
            try:
                progress = next(run)
            except StopIteration as end:
                report: Report = end.value
                return report
            if progress.stage == "make":
                yield replace(progress, stage=f"make {method}")
            elif progress.done or progress.stage != "poses" or not watched:
                yield progress

"""A target on disk: one folder, the same locally and on the Hub.

config.json          format number first, then the person, the drawing, method by method, SHA-256 of each file
*.safetensors        weights and poses; never pickle
frames.mp4           for k-NN: the person's own footage
preview.png README.md
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.pulled import read_record
from posetransfer.conditioning.window import Window
from posetransfer.errors import CheckpointError, MethodMissing, OutOfSpace, TargetNotFound
from posetransfer.methods.method import METHODS, SAMPLES, Method, Performer, Sample
from posetransfer.places import file_hash
from posetransfer.poses.body import Body
from posetransfer.streams import finished

FORMAT = 1
CONFIG = "config.json"
PREVIEW = "preview.png"
DESCRIPTIONS = ("README.md", PREVIEW)  # may be edited by hand: not hashed


@dataclass(frozen=True)
class Target:
    """Who is performed: where the person stands in their own footage, and the body's statistics.

    window: the static square of the footage; picture: (width, height) of the footage in px; body: statistics
    in window pixels; pose: the estimator they were measured with; style, edges: how pose frames are drawn.
    """

    window: Window
    picture: tuple[int, int]
    body: Body
    pose: str
    style: str
    edges: bool = False

    def to_json(self) -> dict[str, Any]:
        """The section `target` of config.json."""
        window = {name: getattr(self.window, name) for name in ("left", "top", "side", "size")}
        return {
            "window": window,
            "picture": list(self.picture),
            "pose": self.pose,
            "style": self.style,
            "edges": self.edges,
            "body": self.body.to_json(),
        }

    @classmethod
    def from_json(cls, section: dict[str, Any]) -> Target:
        """Raises KeyError, TypeError or ValueError where the section is not what `to_json` writes."""
        width, height = (int(n) for n in section["picture"])
        return cls(
            window=Window(**{name: int(n) for name, n in section["window"].items()}),
            picture=(width, height),
            body=Body.from_json(section["body"]),
            pose=str(section["pose"]),
            style=str(section["style"]),
            edges=bool(section["edges"]),
        )

    def shares_pictures_with(self, other: Target) -> bool:
        """Whether methods made for both can stand in one checkpoint: same window, picture and drawing."""
        mine = self.window, self.picture, self.pose, self.style, self.edges
        return mine == (other.window, other.picture, other.pose, other.style, other.edges)


@dataclass(frozen=True)
class Checkpoint:
    """An opened and verified target folder."""

    folder: Path
    target: Target
    methods: dict[str, dict[str, Any]]

    @property
    def name(self) -> str:
        """What people call the target by: its folder's name, or owner/repo if it was pulled from a hub."""
        record = read_record(self.folder)
        return self.folder.name if record is None else record.name

    def load_method(self, name: str, runtime: str = "auto") -> Method:
        """The method called `name`, ready to generate: opened, and prepared with the target's own samples.

        Raises UnknownName, MethodMissing or CheckpointError.
        """
        method = self.open_method(name, runtime)
        finished(method.prepare(self.samples(method)))
        return method

    def samples(self, method: Performer) -> Iterator[Sample]:
        """The target's own poses and frames from k-NN's bank, for a method that is driven by poses; else none."""
        if "knn" in self.methods and method.needs_poses:
            from posetransfer.methods.knn.method import NearestNeighbour

            bank = self.open_method("knn")
            assert isinstance(bank, NearestNeighbour)
            yield from bank.samples(SAMPLES)

    def open_method(self, name: str, runtime: str = "auto") -> Method:
        """The method called `name`, read but not prepared. Raises UnknownName, MethodMissing or CheckpointError."""
        self.require_method(name)
        implementation: type[Method] = METHODS.resolve(name)
        try:
            return implementation.load(self.folder, self.methods[name], runtime)
        except (KeyError, TypeError) as error:
            raise CheckpointError(
                f"{CONFIG} of {self.name} lacks what {name} needs ({error}). Get it again."
            ) from error

    def require_method(self, name: str) -> None:
        """Raise MethodMissing, naming those there are, if the target was not made for it; UnknownName if none is."""
        METHODS[name]
        if name not in self.methods:
            made_for = ", ".join(self.methods) or "none"
            raise MethodMissing(
                f"The target {self.name} was not made for {name}. It has: {made_for}. "
                f"Choose one of these, or run learn again with --methods {name}."
            )


def open_checkpoint(folder: Path) -> Checkpoint:
    """Read, check and open a target folder: format, every file's presence and hash, no file unknown.

    Raises TargetNotFound or CheckpointError.
    """
    if not (folder / CONFIG).is_file():
        raise TargetNotFound(f"There is no target at {folder}: it has no {CONFIG}. Make one with learn.")
    config = _read_config(folder)
    _verify_files(folder, config["files"])
    try:
        target = Target.from_json(config["target"])
        methods = {str(name): dict(section) for name, section in config["methods"].items()}
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CheckpointError(f"{CONFIG} of {folder.name} is damaged ({error}). Get the target again.") from error
    return Checkpoint(folder, target, methods)


def _read_config(folder: Path) -> dict[str, Any]:
    try:
        config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
        number = config["format"]
        files = config["files"]
        if not isinstance(files, dict) or not isinstance(number, int):
            raise ValueError("format or files is not what it should be")
    except (ValueError, KeyError, TypeError) as error:
        raise CheckpointError(f"{CONFIG} of {folder.name} is damaged ({error}). Get the target again.") from error
    if number != FORMAT:
        raise CheckpointError(
            f"The target {folder.name} has format {number}, and this version reads format {FORMAT}. "
            "Update posetransfer."
        )
    return dict(config)


def _verify_files(folder: Path, files: dict[str, str]) -> None:
    for name, wanted in files.items():
        if Path(name).name != name:
            raise CheckpointError(f"{CONFIG} of {folder.name} names a file outside its folder: {name}. Don't use it.")
        if not (folder / name).is_file():
            raise CheckpointError(f"The target {folder.name} is incomplete: {name} is missing. Get it again.")
        if file_hash(folder / name) != wanted:
            raise CheckpointError(f"{name} of the target {folder.name} is damaged: its hash differs. Get it again.")
    present = {p.name for p in folder.iterdir() if not p.name.startswith(".")}
    unknown = sorted(present - set(files) - set(DESCRIPTIONS) - {CONFIG})
    if unknown:
        raise CheckpointError(
            f"The target {folder.name} holds files its {CONFIG} does not name: {', '.join(unknown)}. Move them out."
        )


def refuse_to_replace(folder: Path) -> None:
    """Raise CheckpointError if at `folder` stands something that is neither a target nor an empty folder."""
    occupied = folder.is_file() or (folder.is_dir() and any(folder.iterdir()))
    if occupied and not (folder / CONFIG).is_file():
        raise CheckpointError(
            f"{folder} is there already and is not a target: it would be lost. Choose another --out, a new folder."
        )


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill; it takes the place of `folder` when the block ends well, and vanishes when not.

    At every moment a whole folder stands at `folder` or beside it as `<name>.old`. Raises CheckpointError if
    what stands there is no target.
    """
    refuse_to_replace(folder)
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    try:
        partial.mkdir(parents=True)
        yield partial
    except BaseException as error:
        shutil.rmtree(partial, ignore_errors=True)
        if isinstance(error, OSError) and not isinstance(error, OutOfSpace):
            raise OutOfSpace(f"The target could not be written to {folder.parent}: {error.strerror}.") from error
        raise
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def write_config(folder: Path, target: Target, methods: dict[str, dict[str, Any]]) -> None:
    """Write config.json over the files that lie in `folder`, with their hashes. Written last."""
    names = [p.name for p in sorted(folder.iterdir()) if not p.name.startswith(".")]
    files = {name: file_hash(folder / name) for name in names if name not in (*DESCRIPTIONS, CONFIG)}
    config = {"format": FORMAT, "target": target.to_json(), "methods": methods, "files": files}
    (folder / CONFIG).write_text(json.dumps(config, indent=1, allow_nan=False) + "\n", encoding="utf-8")

"""Where an estimator's weights are: in a file here, or at a source on the Hub that they are got from at first use.

Nothing here asks the Hub; `posetransfer.hub.weights` does.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from posetransfer.errors import WeightsMissing
from posetransfer.hub.reference import Reference, as_reference
from posetransfer.places import home

NETWORKS: Final = (".xml", ".onnx", ".tflite", ".pb")  # what OpenVINO reads; an .xml has its .bin beside it
_ADDRESS = re.compile(r"hf://([^/#@]+/[^/#@]+(?:@[^/#]+)?)/([^#]+)(?:#(sha256|sha384)=([0-9a-f,]+))?")


@dataclass(frozen=True)
class PublishedFile:
    """A file of a repository. size: bytes; checksum: "sha256=..." or "sha384=..."; None: as the Hub says."""

    name: str
    size: int | None = None
    checksum: str | None = None


@dataclass(frozen=True)
class WeightsSource:
    """Weights on the Hub. files: the network first, then what lies beside it; folder: where they lie here.

    by_hand: what to do without the Hub, as the end of a sentence that begins with "Or".
    """

    reference: Reference
    files: tuple[PublishedFile, ...]
    folder: Path
    by_hand: str

    def place(self, file: PublishedFile) -> Path:
        """Where `file` lies here."""
        return self.folder / PurePosixPath(file.name).name

    @property
    def path(self) -> Path:
        """The network's file. It is put there last: where it is, the others are."""
        return self.place(self.files[0])

    @property
    def megabytes(self) -> float | None:
        """What is to be got, if that is known before the Hub is asked."""
        sizes = [file.size for file in self.files if file.size is not None]
        return sum(sizes) / 1e6 if len(sizes) == len(self.files) else None


# Intel's Open Model Zoo 2023.0, FP16, Apache-2.0: sizes and checksums are its own (model.yml), so that it does not
# matter who keeps the copy (docs/decisions/0010)
_OPENPOSE = (
    PublishedFile(
        "human-pose-estimation-0001.xml", 218_215,
        "sha384=cffe8df7d053b9cbf858a21faa32e30cb8a645416e9ee4ce3fbcc3106094505477d66a06b7e46d6ddb9c2de4b0cee319",
    ),
    PublishedFile(
        "human-pose-estimation-0001.bin", 8_197_354,
        "sha384=dabb7be42c5be008de354c6670aa8291c2d18e59f18a1c138df9b5200929a03c1e323930a1d21ecff69d3f06007de67c",
    ),
)  # fmt: skip
SOURCES: Final = {"openpose": (Reference("Advantech-EIOT", "Intel_human-pose-estimation-0001_FP16"), _OPENPOSE)}


def weights_place(estimator: str) -> Path | WeightsSource | None:
    """The file or the source that POSETRANSFER_<ESTIMATOR> names, else the project's source; None where the weights
    come with the estimator's wheel.

    Raises WeightsMissing for a variable that begins like a source and is none.
    """
    if estimator not in SOURCES:
        return None
    variable = variable_of(estimator)
    named = os.environ.get(variable)
    if named and named.startswith("hf://"):
        return _source(named, variable)
    if named:
        return Path(named)
    reference, files = SOURCES[estimator]
    folder, first = home() / "weights", Path(files[0].name)
    beside = "".join(f" and its {Path(file.name).suffix} file" for file in files[1:])
    by_hand = (
        f"put {first.name}{beside} (from Intel's Open Model Zoo) into {folder}, or name another network's file in "
        f"{variable}."
    )
    return WeightsSource(reference, files, folder, by_hand)


def missing_source(estimator: str) -> WeightsSource | None:
    """The source that the estimator's weights must be got from before it can be used; None if they are here."""
    place = weights_place(estimator)
    return place if isinstance(place, WeightsSource) and not place.path.is_file() else None


def find_weights(estimator: str) -> Path:
    """The file of the estimator's weights on this machine. Raises WeightsMissing if they were not got yet."""
    place = weights_place(estimator)
    if isinstance(place, Path):
        return place
    assert place is not None, f"{estimator} brings its weights"
    if not place.path.is_file():
        raise WeightsMissing(
            f"The {estimator} estimator has no weights here yet. Get them from the Hub with: python -m posetransfer "
            f"hub weights {estimator}. Or {place.by_hand}"
        )
    return place.path


def variable_of(estimator: str) -> str:
    """The environment variable that names an estimator's weights."""
    return f"POSETRANSFER_{estimator.upper()}"


def _source(address: str, variable: str) -> WeightsSource:
    """The source at hf://owner/repo[@revision]/path/file[#sha256=HASH[,HASH of the .bin]]."""
    match = _ADDRESS.fullmatch(address)
    reference = as_reference(match[1]) if match else None
    name = PurePosixPath(match[2]) if match else PurePosixPath()
    names = [str(name), str(name.with_suffix(".bin"))] if name.suffix == ".xml" else [str(name)]
    hashes = match[4].split(",") if match and match[4] else []
    digits = {"sha256": 64, "sha384": 96}.get(match[3] if match else "", 0)
    whole = len(hashes) == len(names) and all(len(text) == digits for text in hashes)
    if reference is None or ".." in name.parts or name.suffix not in NETWORKS or (hashes and not whole):
        raise WeightsMissing(
            f"{variable} does not name weights on the Hub: {address}. Write hf://owner/repo@revision/path/file.xml "
            "(or .onnx, .tflite, .pb), and at its end, if you know it, #sha256= and the hash; of an .xml file, a "
            "comma and the hash of its .bin too."
        )
    checksums = [f"{match[3]}={text}" for text in hashes] if match else []
    files = tuple(PublishedFile(file, None, checksums[n] if checksums else None) for n, file in enumerate(names))
    place = home() / "weights" / reference.owner / f"{reference.repo}@{reference.revision or 'main'}" / name.parent
    return WeightsSource(reference, files, place, f"name a file on this machine in {variable}.")

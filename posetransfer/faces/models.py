"""dlib and its models, as files inside installed packages."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import Any

from posetransfer.errors import WeightsMissing
from posetransfer.places import package_file


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

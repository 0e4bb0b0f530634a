"""dlib and its models, as files inside installed packages."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from threading import Lock
from typing import Any

from posetransfer.errors import WeightsMissing
from posetransfer.places import package_file


def dlib_model(name: str) -> str:
    """The path of one of dlib's model files, as dlib wants it. Raises WeightsMissing."""
    return str(package_file("face_recognition_models", f"models/{name}", "face-recognition-models"))


@cache
def frontal_detector() -> tuple[Any, Lock]:
    """dlib's HoG detector, read once for the process: it takes half a second. It serves one thread at a time."""
    return load_dlib().get_frontal_face_detector(), Lock()


@cache
def landmark_predictor() -> Any:
    """dlib's 68-point predictor, read once for the process; threads may share it."""
    return load_dlib().shape_predictor(dlib_model("shape_predictor_68_face_landmarks.dat"))


@cache
def load_dlib() -> Any:
    """The module dlib. Raises WeightsMissing if it is not installed."""
    try:
        return import_module("dlib")
    except ImportError as error:
        raise WeightsMissing("dlib is not on this machine. Install it with: pip install dlib-bin") from error

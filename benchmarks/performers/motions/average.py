"""The average body of anny (all phenotypes 0.5), for authoring poses and for tests: numbers in average.json, m."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks.performers.motions.posture import BONES, Body


@cache
def average_body() -> Body:
    """The average performer's rest skeleton."""
    stored = json.loads(Path(__file__).with_name("average.json").read_text())
    return Body({bone: np.array(stored["heads"][bone]) for bone in BONES}, stored["floor"])

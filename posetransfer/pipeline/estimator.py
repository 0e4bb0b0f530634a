"""A pose estimator made ready for a run: its weights are got first, if they are not here."""

from __future__ import annotations

from collections.abc import Generator

from posetransfer.poses.estimator import PoseEstimator, make_estimator
from posetransfer.poses.weights import missing_source
from posetransfer.types import Progress


def ready_estimator(name: str, threads: int | None = None) -> Generator[Progress, None, PoseEstimator]:
    """The estimator called `name`; the Hub is asked only for weights that are not on this machine yet.

    threads: of its networks; None: as many as there are cores.

    Raises UnknownName, and WeightsMissing if there are none and none can be got.
    """
    source = missing_source(name)
    if source is not None:
        from posetransfer.hub.weights import get_weights

        yield from get_weights(source)
    return make_estimator(name, threads=threads)

"""Work in a process of its own: its result, its mistakes, and its end."""

from __future__ import annotations

import multiprocessing
import operator
import os
import time
from pathlib import Path

import pytest

from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import PoseTransferError, TargetNotFound
from posetransfer.evaluate.timing.apart import apart
from posetransfer.streams import finished


def test_it_gives_the_result_and_how_long_it_took(tmp_path: Path) -> None:
    begun = time.perf_counter()
    result, seconds = finished(apart(tmp_path, "a sum", operator.add, 20, 22))
    assert result == 42 and 0 < seconds <= time.perf_counter() - begun


def test_it_is_another_process_with_caches_of_its_own(tmp_path: Path) -> None:
    assert finished(apart(tmp_path, "a number", os.getpid))[0] != os.getpid()
    assert finished(apart(tmp_path, "a place", os.getenv, "POSETRANSFER_CACHE"))[0] == str(tmp_path)


def test_what_a_user_can_mend_arrives_as_it_is(tmp_path: Path) -> None:
    with pytest.raises(TargetNotFound, match="no target called nobody"):
        finished(apart(tmp_path, "a target", find_target, "nobody"))


def test_a_process_that_is_ended_from_outside_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(PoseTransferError, match="exit code 9"):
        finished(apart(tmp_path, "an end", os._exit, 9))


def test_closing_ends_it(tmp_path: Path) -> None:
    run = apart(tmp_path, "a rest", time.sleep, 60)
    assert next(run).message == "a rest"
    assert multiprocessing.active_children()
    run.close()
    assert not multiprocessing.active_children()

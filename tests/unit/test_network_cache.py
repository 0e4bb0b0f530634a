"""Kept networks: what was put comes back, what is damaged is deleted, and there are not more and more of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from torch import nn

from posetransfer.runtime import cache
from posetransfer.runtime.cache import NetworkCache
from posetransfer.runtime.openvino import OpenVINOPictures, picture_model

SIZE = 8


@pytest.fixture(scope="module")
def model() -> Any:
    return picture_model(nn.Conv2d(3, 3, 3, padding=1), SIZE)


def speed(facts: dict[str, Any]) -> float:
    return float(facts["speed"])


def test_facts_and_model_come_back(tmp_path: Path, model: Any) -> None:
    kept, shown = NetworkCache(tmp_path / "new"), np.arange(SIZE * SIZE * 3, dtype=np.uint8).reshape(SIZE, SIZE, 3)
    assert kept.get("a", speed) is None
    kept.put("a", {"speed": 2}, model)
    kept.put("b", {"speed": 3})
    found = kept.get("a", speed)
    assert found is not None and found[0] == 2
    np.testing.assert_array_equal(OpenVINOPictures(found[1])(shown), OpenVINOPictures(model)(shown))
    assert kept.get("b", speed) == (3, None)
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a.bin", "a.json", "a.xml", "b.json"]


@pytest.mark.parametrize("kind", ["json", "xml", "bin"])
@pytest.mark.parametrize("how", ["cut", "lost"])
def test_a_damaged_entry_is_deleted(tmp_path: Path, model: Any, kind: str, how: str) -> None:
    kept = NetworkCache(tmp_path)
    kept.put("a", {"speed": 2}, model)
    path = tmp_path / f"a.{kind}"
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    else:
        path.unlink()
    assert kept.get("a", speed) is None
    if (kind, how) != ("json", "lost"):
        assert not list(tmp_path.iterdir())
    kept.put("a", {"speed": 4}, model)
    again = kept.get("a", speed)
    assert again is not None and again[0] == 4


def test_facts_of_another_kind_are_damage(tmp_path: Path) -> None:
    kept = NetworkCache(tmp_path)
    kept.put("a", {"velocity": 2})
    assert kept.get("a", speed) is None and not list(tmp_path.iterdir())


def test_the_entry_unused_for_longest_goes_first(tmp_path: Path, model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MOST_ENTRIES", 2)
    kept = NetworkCache(tmp_path)
    for age, key in ((300, "a"), (200, "b")):
        kept.put(key, {"speed": 1}, model)
        os.utime(tmp_path / f"{key}.json", (1e9 - age, 1e9 - age))
    assert kept.get("a", speed) is not None  # used: b is now the oldest
    kept.put("c", {"speed": 1})
    assert {path.stem for path in tmp_path.iterdir()} == {"a", "c"}


def test_a_folder_that_cannot_be_written_costs_only_the_entry(
    tmp_path: Path, model: Any, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    NetworkCache(tmp_path / "file").put("a", {"speed": 1}, model)
    assert "not kept" in caplog.text

"""HF_HUB_OFFLINE: what was pulled works, and what was not is said. It is read at import: a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from posetransfer.checkpoints.card import write_card
from posetransfer.checkpoints.folder import open_checkpoint, replacing, write_config
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.cli.show import drain
from posetransfer.hub.hub import Publication
from posetransfer.hub.reference import Reference

from .conftest import CONSENT, ROOT, Loopback

# runs each command that it is given as JSON, and prints what came out of it
SEVERAL = """
import json, sys
from typer.testing import CliRunner
from posetransfer.cli import app
for words in json.loads(sys.argv[1]):
    result = CliRunner().invoke(app, words)
    wrong = result.exception
    print(f"{type(wrong).__name__}: {wrong}" if wrong else f"fine {result.stdout}", end="\\n---\\n")
"""


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled Kofi's k-NN alone: a small target that really performs."""
    kofi = open_checkpoint(BUNDLED / "kofi")
    folder, sections = tmp_path_factory.mktemp("made") / "kofi", {"knn": kofi.methods["knn"]}
    with replacing(folder) as partial:
        for name in ("frames.mp4", "poses.safetensors", "background.png", "preview.png"):
            shutil.copyfile(kofi.folder / name, partial / name)
        write_config(partial, kofi.target, sections)
        write_card(partial, "kofi", sections)
    return folder


def test_what_was_pulled_performs_and_the_rest_is_said(
    loopback: Loopback, bank: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSETRANSFER_OPENPOSE", raising=False)
    drain(loopback.hub().push(bank, Reference("alice", "kofi"), Publication(CONSENT, private=False)))
    drain(loopback.hub().pull(Reference("alice", "kofi")))
    loopback.wish(forget=True)
    driving, out = ROOT / "examples" / "ines-dances.mp4", tmp_path / "out.mp4"
    ends = ("--method", "knn", "--end", "0.2", "--out", str(out))
    asked = [
        ["transfer", str(driving), "--target", "alice/kofi", *ends],
        ["transfer", str(driving), "--target", "alice/other", *ends],
        ["transfer", str(driving), "--target", "alice/kofi", *ends, "--pose", "openpose"],
        ["hub", "pull", "alice/other"],
        ["hub", "show", "alice/other"],
        ["hub", "list"],
        ["hub", "weights", "openpose"],
        ["hub", "list", "--featured"],
        ["hub", "weights"],
    ]
    command = [sys.executable, "-c", SEVERAL, json.dumps(asked)]
    places = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_ENDPOINT": loopback.address}
    done = subprocess.run(command, cwd=ROOT, env=places, capture_output=True, text=True, timeout=60, check=True)
    answers = done.stdout.split("\n---\n")
    assert answers[0].startswith(f"fine {out}: 5 frames") and out.is_file()
    for number in (1, 3, 4, 5):
        assert answers[number].startswith("HubUnreachable: The Hub is switched off on this machine (HF_HUB_OFFLINE).")
    for number in (2, 6):
        assert answers[number].startswith(
            "WeightsMissing: human-pose-estimation-0001.xml could not be got. The Hub is"
        )
        assert "Or put human-pose-estimation-0001.xml and its .bin file" in answers[number]
    assert answers[7].startswith("fine") and answers[8].startswith("fine openpose  not here yet")
    assert loopback.log() == []

"""Weights of estimators from the Hub, over real HTTP: got once, checked, and never half there."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openvino
import pytest
from huggingface_hub import constants
from openvino import opset13 as ops
from typer.testing import CliRunner

from posetransfer.cli import app
from posetransfer.cli.show import drain
from posetransfer.errors import UnknownName, WeightsMissing
from posetransfer.hub import download
from posetransfer.hub.weights import get_weights
from posetransfer.pipeline.estimator import ready_estimator
from posetransfer.poses.weights import SOURCES, WeightsSource, missing_source, weights_place
from tests.driven import driven

from .conftest import Loopback

AWAY = "http://127.0.0.1:9"
ADDRESS = "hf://alice/openpose/ir/tiny.xml"
Said = Callable[..., str]


def write_a_network(folder: Path) -> Path:
    """An OpenPose network of the right shapes, whose weights (1.8 MB) are nought: it sees nobody."""
    picture = ops.parameter([1, 3, 256, 256], np.float32, name="data")
    small = ops.avg_pool(picture, [8, 8], [0, 0], [0, 0], [8, 8], True)
    maps = [ops.convolution(small, np.zeros((n, 3, 51, 51), np.float32), [1, 1], [25, 25], [25, 25], [1, 1])
            for n in (38, 19)]  # fmt: skip
    folder.mkdir()
    openvino.save_model(openvino.Model(maps, [picture]), folder / "tiny.xml", compress_to_fp16=False)
    return folder / "tiny.xml"


@pytest.fixture(scope="module")
def made(loopback: Loopback, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The network that alice published."""
    network = write_a_network(tmp_path_factory.mktemp("made") / "ir")
    api = loopback.hub()._api
    api.create_repo("alice/openpose")
    api.upload_folder(folder_path=network.parent, path_in_repo="ir", repo_id="alice/openpose")
    return network


@pytest.fixture(autouse=True)
def near(made: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    """The Hub on loopback is the Hub, alice's network is what openpose uses, and broken lines aren't waited for."""
    template = loopback.address + "/{repo_id}/resolve/{revision}/{filename}"
    monkeypatch.setattr(constants, "ENDPOINT", loopback.address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)  # made of the other at import
    monkeypatch.setattr(download, "PAUSE", 0.02)
    monkeypatch.setenv("POSETRANSFER_OPENPOSE", ADDRESS)
    loopback.wish(faults=[], forget=True)


def source() -> WeightsSource:
    place = weights_place("openpose")
    assert isinstance(place, WeightsSource)
    return place


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def asked(loopback: Loopback, name: str) -> list[str | None]:
    return [line["range"] for line in loopback.log() if line["request"].endswith(name)]


def test_the_first_use_gets_them_and_the_second_asks_nothing(
    made: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hashes = f"{sha256(made)},{sha256(made.with_suffix('.bin'))}"
    monkeypatch.setenv("POSETRANSFER_OPENPOSE", f"{ADDRESS}#sha256={hashes}")
    seen, estimator = driven(ready_estimator("openpose"))
    assert {progress.stage for progress in seen} == {"weights"} and "of 1." in seen[-1].message
    assert estimator.people(np.zeros((64, 64, 3), np.uint8)) == []
    folder = tmp_path / "home" / "weights" / "alice" / "openpose@main" / "ir"
    assert estimator.weights == folder / "tiny.xml"
    assert sorted(path.name for path in folder.iterdir()) == ["tiny.bin", "tiny.xml"], "nothing is left of the pull"
    for path in folder.iterdir():
        assert path.read_bytes() == made.with_suffix(path.suffix).read_bytes()
    loopback.wish(forget=True)
    assert driven(ready_estimator("openpose"))[0] == [] and loopback.log() == []
    assert drain(get_weights(source())) == folder / "tiny.xml" and loopback.log() == []
    assert len(list(folder.iterdir())) == 2


def test_a_download_that_was_cut_goes_on_where_it_stopped(made: Path, loopback: Loopback) -> None:
    size = made.with_suffix(".bin").stat().st_size
    loopback.wish(
        faults=[
            {"match": "GET .*tiny.bin", "do": "cut", "value": 0.5, "times": 1},
            {"match": "GET .*tiny.bin", "do": "cut", "value": 0.0},
        ]
    )
    with pytest.raises(WeightsMissing, match=r"what has come is kept.* Or name a file on this machine"):
        drain(get_weights(source()))
    assert not source().path.exists() and not source().path.with_suffix(".bin").exists()
    loopback.wish(faults=[], forget=True)
    assert drain(get_weights(source())).read_bytes() == made.read_bytes()
    assert asked(loopback, "tiny.bin") == [f"bytes={size // 2}-"] and asked(loopback, "tiny.xml") == []


def test_another_file_than_the_known_one_is_refused_and_not_kept(made: Path) -> None:
    network, weights = source().files
    for changed in (
        replace(weights, checksum=f"sha256={'0' * 64}"),
        replace(weights, checksum=f"sha384={'0' * 96}"),
        replace(weights, size=1),
    ):
        known = replace(source(), files=(network, changed))
        with pytest.raises(WeightsMissing, match=r"ir/tiny\.bin of alice/openpose on the Hub is not the file that is"):
            drain(get_weights(known))
        assert not known.path.exists() and not known.place(weights).exists()
    digest = hashlib.sha384(made.with_suffix(".bin").read_bytes()).hexdigest()
    right = replace(weights, checksum=f"sha384={digest}", size=made.with_suffix(".bin").stat().st_size)
    assert drain(get_weights(replace(source(), files=(network, right)))).is_file()


def test_a_damaged_file_is_not_kept(loopback: Loopback) -> None:
    loopback.fault("GET .*tiny.bin", "spoil", times=1)
    with pytest.raises(WeightsMissing, match=r"tiny\.bin came damaged over the line"):
        drain(get_weights(source()))
    assert not source().path.exists()
    assert drain(get_weights(source())).is_file()


def test_without_the_hub_it_is_said_what_else_can_be_done(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", AWAY)
    monkeypatch.delenv("POSETRANSFER_OPENPOSE")
    words = r"could not be got\. The Hub does not answer .* Or put human-pose-estimation-0001\.xml and its \.bin file"
    with pytest.raises(WeightsMissing, match=words):
        drain(ready_estimator("openpose"))
    (tmp_path / "home" / "weights" / "human-pose-estimation-0001.xml").write_bytes(b"put there by hand")
    assert missing_source("openpose") is None, "the Hub isn't asked for what is there"


def test_absent_gated_and_renamed_repositories(
    loopback: Loopback, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = loopback.hub()._api
    for repo in ("guarded", "before"):
        api.create_repo(f"alice/{repo}")
        api.upload_folder(folder_path=made.parent, repo_id=f"alice/{repo}")
    loopback.wish(gate=["alice/guarded"], rename={"alice/before": "alice/after"})
    for address, words in [
        ("alice/nobody/tiny.xml", r"The Hub has no repository alice/nobody, or it is private"),
        ("alice/openpose/other.onnx", r"alice/openpose has no file other\.onnx on the Hub"),
        ("alice/openpose@old/ir/tiny.xml", r"has no revision old\. Leave @old out"),
        ("alice/guarded/tiny.xml", r"alice/guarded is gated: ask for access on http"),
    ]:
        monkeypatch.setenv("POSETRANSFER_OPENPOSE", f"hf://{address}")
        with pytest.raises(WeightsMissing, match=words):
            drain(get_weights(source()))
        assert not source().path.exists()
    monkeypatch.setenv("POSETRANSFER_OPENPOSE", "hf://alice/before/tiny.xml")
    assert drain(get_weights(source())).read_bytes() == made.read_bytes()


@pytest.mark.parametrize(
    "address",
    [
        "hf://alice/openpose",
        "hf://alice/openpose/tiny.pkl",
        "hf://alice/openpose/../tiny.xml",
        "hf://alice/openpose/tiny.xml#sha256=12",
        f"hf://alice/openpose/tiny.xml#sha256={'0' * 64}",  # and of the .bin
        f"hf://alice/openpose/tiny.onnx#md5={'0' * 64}",
        "hf://al--ice/openpose/tiny.xml",
    ],
)
def test_what_names_no_weights_is_told_how(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_OPENPOSE", address)
    with pytest.raises(WeightsMissing, match=r"POSETRANSFER_OPENPOSE does not name weights on the Hub.* Write hf://"):
        weights_place("openpose")


def test_the_project_s_own_source_is_pinned_by_size_and_checksum() -> None:
    for _, files in SOURCES.values():
        for file in files:
            algorithm, _, digits = (file.checksum or "").partition("=")
            assert file.size and len(bytes.fromhex(digits)) == hashlib.new(algorithm).digest_size


def test_on_the_command_line(said: Said, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def printed(*words: str) -> str:
        return CliRunner().invoke(app, ["hub", "weights", *words], catch_exceptions=False).stdout

    assert printed() == "openpose  not here yet; at its first use it comes from alice/openpose\n"
    told = said("hub", "weights", "openpose")
    path = told.splitlines()[0]
    assert Path(path).read_bytes() == made.read_bytes() and "weights: 0" in told
    assert printed() == f"openpose  {path}\n" and printed("openpose") == f"{path}\n"
    with pytest.raises(UnknownName, match=r"mediapipe gets no weights from the Hub\. Of these it can: openpose"):
        printed("mediapipe")
    monkeypatch.setenv("POSETRANSFER_OPENPOSE", str(made))
    assert printed("openpose") == f"{made}\n"
    monkeypatch.delenv("POSETRANSFER_OPENPOSE")
    assert "comes from Advantech-EIOT/Intel_human-pose-estimation-0001_FP16, 8.4 MB" in printed()

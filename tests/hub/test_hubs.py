"""What every hub does: the same for the Hub on loopback and for a shared folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.pulled import read_record
from posetransfer.cli.show import drain
from posetransfer.errors import CheckpointError, HubError, PoseTransferError, TargetNotFound
from posetransfer.hub.hub import HUBS, Hub, Publication, to_pull
from posetransfer.hub.local import LocalHub
from posetransfer.hub.reference import Reference, as_reference, parse_reference
from tests.made_targets import write_a_target

from .conftest import CONSENT, Loopback

AGREED = Publication(CONSENT, "cc0-1.0", private=False)
MAKERS: dict[str, Callable[[Loopback, Path], Hub]] = {
    "local": lambda loopback, place: LocalHub(place / "shared"),
    "huggingface": lambda loopback, place: loopback.hub(),
}


@pytest.fixture(params=sorted(HUBS))
def hub(request: pytest.FixtureRequest, loopback: Loopback, tmp_path: Path) -> Hub:
    loopback.well()
    (tmp_path / "shared").mkdir()
    return MAKERS[request.param](loopback, tmp_path)


def test_a_target_goes_round(hub: Hub, tmp_path: Path) -> None:
    folder, reference = write_a_target(tmp_path / "made"), Reference("alice", "round")
    address = drain(hub.push(folder, reference, AGREED))
    assert address.endswith("alice/round")
    assert ("alice/round", "cc0-1.0") in [(item.reference.name, item.licence) for item in hub.search("round")]
    offer = hub.look(reference)
    assert (offer.methods, offer.size, offer.licence) == (("knn",), 256, "cc0-1.0")
    assert CONSENT in offer.card and offer.preview == (folder / "preview.png").read_bytes() and offer.total > 100_000
    pulled = drain(hub.pull(offer.reference))
    assert open_checkpoint(pulled).methods == open_checkpoint(folder).methods
    record = read_record(pulled)
    assert record is not None and record.revision == offer.reference.revision


def test_what_is_not_there_is_said(hub: Hub) -> None:
    with pytest.raises(TargetNotFound, match=r"no target alice/nobody"):
        hub.look(Reference("alice", "nobody"))
    with pytest.raises(TargetNotFound, match=r"no target alice/nobody"):
        drain(hub.pull(Reference("alice", "nobody")))
    assert hub.search("no such words") == []


def test_an_unknown_revision_is_said(hub: Hub, tmp_path: Path) -> None:
    drain(hub.push(write_a_target(tmp_path / "made"), Reference("alice", "revised"), AGREED))
    with pytest.raises(TargetNotFound, match=r"@0123 out"):
        drain(hub.pull(Reference("alice", "revised", "0123")))


def test_a_damaged_target_is_not_published(hub: Hub, tmp_path: Path) -> None:
    folder = write_a_target(tmp_path / "made")
    (folder / "frames.mp4").write_bytes(b"else")
    with pytest.raises(CheckpointError, match=r"damaged: its hash differs"):
        drain(hub.push(folder, Reference("alice", "bad"), AGREED))
    assert hub.search("alice/bad") == []


def test_a_shared_folder_that_is_away_is_said(tmp_path: Path) -> None:
    with pytest.raises(HubError, match=r"Is its disk connected"):
        LocalHub(tmp_path / "stick").search()


def test_pickle_in_a_shared_folder_is_refused(tmp_path: Path) -> None:
    hub, reference = LocalHub(tmp_path), Reference("alice", "pickled")
    drain(hub.push(write_a_target(tmp_path / "made"), reference, AGREED))
    (tmp_path / "alice" / "pickled" / "weights.pt").write_bytes(b"x")
    with pytest.raises(CheckpointError, match=r"weights\.pt, a kind of file that can run code"):
        drain(hub.pull(reference))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("alice/anna", Reference("alice", "anna")),
        ("  alice/anna@v1 ", Reference("alice", "anna", "v1")),
        ("https://huggingface.co/alice/anna", Reference("alice", "anna")),
        ("https://huggingface.co/alice/anna/tree/main", Reference("alice", "anna", "main")),
        ("https://huggingface.co/models/alice/anna/", Reference("alice", "anna")),
        ("hf://alice/anna", Reference("alice", "anna")),
    ],
)
def test_what_people_type_or_paste(typed: str, meant: Reference) -> None:
    assert parse_reference(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "a/b/c",
        "../anna",
        "alice/..",
        "alice/an..na",
        "https://huggingface.co/spaces/a/b",
        "ftp://x/a/b",
        "",
        "/",
    ],
)
def test_what_is_no_reference(typed: str) -> None:
    assert as_reference(typed) is None
    with pytest.raises(PoseTransferError, match=r"Type owner/repo"):
        parse_reference(typed)


def test_only_what_is_not_here_must_be_pulled(tmp_path: Path) -> None:
    assert to_pull("alice/anna") == Reference("alice", "anna")
    assert to_pull("anna") is None
    assert to_pull(str(write_a_target(tmp_path / "made"))) is None

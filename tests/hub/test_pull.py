"""Pulling by the real client over real HTTP: what comes, what is refused, and what a cut line costs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posetransfer.checkpoints.folder import open_checkpoint
from posetransfer.checkpoints.lookup import find_target, target_names, target_summaries
from posetransfer.checkpoints.pulled import find_pulled, pulled_folder, read_record
from posetransfer.cli.show import drain
from posetransfer.errors import (
    CheckpointError,
    HubError,
    HubRefused,
    HubUnreachable,
    PoseTransferError,
    TargetNotFound,
)
from posetransfer.hub import download
from posetransfer.hub.reference import Reference
from tests.driven import driven

from .conftest import CONSENT, Loopback

Publish = Callable[..., Path]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Broken lines are taken up again without the second's wait."""
    monkeypatch.setattr(download, "PAUSE", 0.02)


def files(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in folder.iterdir() if p.name not in ("README.md", ".pulled.json")}


def film_bytes(loopback: Loopback) -> list[str | None]:
    """The ranges that were asked of the film."""
    return [line["range"] for line in loopback.log() if line["request"].endswith("frames.mp4")]


def test_a_look_shows_what_a_pull_would_bring(loopback: Loopback, publish: Publish) -> None:
    made = publish("looked-at")
    offer = loopback.hub(None).look(Reference("alice", "looked-at"))
    assert (offer.methods, offer.size, offer.licence, offer.private) == (("knn",), 256, "cc-by-4.0", False)
    assert offer.reference.pinned and offer.preview == (made / "preview.png").read_bytes()
    assert CONSENT in offer.card and "library_name" not in offer.card
    assert not film_bytes(loopback), "the film is not got for a look"
    folder = drain(loopback.hub(None).pull(offer.reference))
    assert offer.total == sum(p.stat().st_size for p in folder.iterdir() if p.name != ".pulled.json")


def test_a_pulled_target_is_the_published_one_and_is_found_by_its_name(loopback: Loopback, publish: Publish) -> None:
    made = publish("pulled")
    seen, folder = driven(loopback.hub(None).pull(Reference("alice", "pulled")))
    assert files(folder) == files(made)
    assert seen[0].stage == "connect" and seen[-1].stage == "pull"
    assert find_target("alice/pulled").folder == folder and find_target("alice/pulled").name == "alice/pulled"
    record = read_record(folder)
    assert record is not None and find_target(f"alice/pulled@{record.revision}").folder == folder
    assert find_pulled("alice/pulled@0123") is None
    assert "alice/pulled" in target_names() and "alice/pulled" in [s.name for s in target_summaries()]
    assert not list(folder.parent.glob(".*")), "nothing is left of the pull"


def test_a_second_pull_gets_nothing_again(loopback: Loopback, publish: Publish) -> None:
    publish("twice")
    for _ in range(2):
        drain(loopback.hub(None).pull(Reference("alice", "twice")))
    assert len(film_bytes(loopback)) == 1


def test_a_newer_revision_takes_the_place_of_the_older(loopback: Loopback, publish: Publish) -> None:
    publish("renewed", seed=1)
    reference = Reference("alice", "renewed")
    first = loopback.hub(None).look(reference).reference
    drain(loopback.hub(None).pull(reference))
    newer = publish("renewed", seed=2)
    folder = drain(loopback.hub(None).pull(reference))
    assert files(folder) == files(newer)
    drain(loopback.hub(None).pull(first))
    assert read_record(folder).revision == first.revision  # type: ignore[union-attr]


def test_a_pull_that_was_cut_goes_on_where_it_stopped(loopback: Loopback, publish: Publish) -> None:
    """Cut at half of the film, for good: the next pull, of a new process or not, gets the other half only."""
    made = publish("cut", megabytes=2)
    loopback.wish(
        faults=[
            {"match": "GET .*frames.mp4", "do": "cut", "value": 0.5, "times": 1},
            {"match": "GET .*frames.mp4", "do": "cut", "value": 0.0},
        ]
    )
    with pytest.raises(HubUnreachable, match=r"what has come is kept"):
        drain(loopback.hub(None).pull(Reference("alice", "cut")))
    assert find_pulled("alice/cut") is None
    loopback.wish(faults=[], forget=True)
    folder = drain(loopback.hub(None).pull(Reference("alice", "cut")))
    assert files(folder) == files(made)
    assert film_bytes(loopback) == [f"bytes={2_000_000 // 2}-"]


def test_a_pull_that_is_stopped_keeps_what_came(loopback: Loopback, publish: Publish) -> None:
    publish("stopped", megabytes=2)
    run = loopback.hub(None).pull(Reference("alice", "stopped"))
    while "frames.mp4: 1." not in next(run).message:
        pass
    run.close()
    loopback.wish(forget=True)
    drain(loopback.hub(None).pull(Reference("alice", "stopped")))
    (asked,) = film_bytes(loopback)
    assert asked is not None and int(asked.removeprefix("bytes=").rstrip("-")) >= 1_000_000


def test_a_line_that_breaks_once_is_taken_up_again(loopback: Loopback, publish: Publish) -> None:
    made = publish("broken", megabytes=1)
    loopback.fault("GET .*frames.mp4", "cut", 0.3, times=1)
    assert files(drain(loopback.hub(None).pull(Reference("alice", "broken")))) == files(made)
    assert film_bytes(loopback) == ["bytes=0-", "bytes=300000-"]


def test_a_damaged_file_is_thrown_away_and_the_next_try_succeeds(loopback: Loopback, publish: Publish) -> None:
    made = publish("damaged")
    loopback.fault("GET .*frames.mp4", "spoil", times=1)
    with pytest.raises(HubError, match=r"frames\.mp4 came damaged over the line"):
        drain(loopback.hub(None).pull(Reference("alice", "damaged")))
    assert find_pulled("alice/damaged") is None
    assert files(drain(loopback.hub(None).pull(Reference("alice", "damaged")))) == files(made)


def test_slow_bytes_arrive(loopback: Loopback, publish: Publish) -> None:
    made = publish("slow", megabytes=0.3)
    loopback.fault("GET .*frames.mp4", "slow", 0.05)
    assert files(drain(loopback.hub(None).pull(Reference("alice", "slow")))) == files(made)
    loopback.well()


STATUS = [
    (500, {}, HubError, r"trouble of its own \(500\)"),
    (503, {}, HubError, r"trouble of its own \(503\)"),
    (429, {"Retry-After": "7"}, HubError, r"too many requests from here\. Try again in 7 seconds"),
    (403, {}, HubRefused, r"no right to do this"),
    (401, {"X-Error-Message": "Invalid credentials in Authorization header"}, HubRefused, r"not accept your token"),
]


@pytest.mark.parametrize(("status", "headers", "kind", "words"), STATUS, ids=[str(row[0]) for row in STATUS])
def test_each_refusal_is_a_sentence_and_the_next_try_succeeds(
    loopback: Loopback, publish: Publish, status: int, headers: dict[str, str], kind: type[Exception], words: str
) -> None:
    publish("refused")
    reference = Reference("alice", "refused")
    loopback.fault("GET /api/models/alice/refused", "status", status, headers=headers)
    with pytest.raises(kind, match=words):
        drain(loopback.hub().pull(reference))
    loopback.well()
    assert open_checkpoint(drain(loopback.hub().pull(reference))).methods.keys() == {"knn"}


def test_trouble_in_the_middle_of_a_file_passes(loopback: Loopback, publish: Publish) -> None:
    made = publish("hiccup")
    loopback.fault("GET .*frames.mp4", "status", 503, times=1)
    assert files(drain(loopback.hub(None).pull(Reference("alice", "hiccup")))) == files(made)


def test_absent_private_gated_renamed_and_unknown_revisions(loopback: Loopback, publish: Publish) -> None:
    publish("hidden", private=True)
    for name in ("nobody", "hidden"):
        with pytest.raises(TargetNotFound, match=rf"no target alice/{name}, or it is private\. .* hf auth login"):
            drain(loopback.hub(None).pull(Reference("alice", name)))
    assert drain(loopback.hub().pull(Reference("alice", "hidden"))).is_dir()
    publish("guarded")
    loopback.wish(gate=["alice/guarded"])
    with pytest.raises(HubRefused, match=r"alice/guarded is gated: ask for access on http"):
        drain(loopback.hub("token-bob").pull(Reference("alice", "guarded")))
    with pytest.raises(TargetNotFound, match=r"no revision old\. Leave @old out"):
        drain(loopback.hub().pull(Reference("alice", "guarded", "old")))
    publish("before")
    loopback.wish(rename={"alice/before": "alice/after"})
    assert drain(loopback.hub(None).pull(Reference("alice", "before"))) == pulled_folder("alice/after")


def test_without_a_hub_what_was_pulled_still_works(loopback: Loopback, publish: Publish) -> None:
    publish("offline")
    folder = drain(loopback.hub(None).pull(Reference("alice", "offline")))
    away = Loopback("http://127.0.0.1:9")
    with pytest.raises(HubUnreachable, match=r"does not answer .* already pulled work without it"):
        drain(away.hub(None).pull(Reference("alice", "another")))
    assert find_target("alice/offline").folder == folder


def test_pickle_code_strangers_and_other_formats_are_refused_before_anything_comes(
    loopback: Loopback, publish: Publish
) -> None:
    api = loopback.hub()._api
    for repo, name, content, words in [
        ("pickled", "weights.bin", b"x", r"holds weights\.bin, a kind of file that can run code"),
        ("coded", "model.py", b"x", r"holds model\.py, a kind of file that can run code"),
        ("newer", "config.json", b'{"format": 9, "methods": {}, "files": {}, "target": {"window": {"size": 1}}}', "9"),
        ("foreign", "config.json", b'{"architectures": []}', r"is not that of a target"),
    ]:
        publish(repo)
        api.upload_file(path_or_fileobj=content, path_in_repo=name, repo_id=f"alice/{repo}")
        with pytest.raises(CheckpointError, match=words):
            drain(loopback.hub(None).pull(Reference("alice", repo)))
        assert not pulled_folder(f"alice/{repo}").exists()
    api.create_repo("alice/empty")
    with pytest.raises(CheckpointError, match=r"not a target of posetransfer: it has no config\.json"):
        loopback.hub(None).look(Reference("alice", "empty"))
    publish("halved")
    api.delete_file("frames.mp4", "alice/halved")
    with pytest.raises(CheckpointError, match=r"frames\.mp4 was never published"):
        drain(loopback.hub(None).pull(Reference("alice", "halved")))


def test_a_full_disk_is_said_before_it_is_full(
    loopback: Loopback, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("large")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))  # type: ignore[attr-defined]
    with pytest.raises(PoseTransferError, match=r"needs .* MB while it is pulled"):
        drain(loopback.hub(None).pull(Reference("alice", "large")))

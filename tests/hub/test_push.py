"""Pushing by the real client over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posetransfer.cli.show import drain
from posetransfer.errors import HubError, HubRefused, HubUnreachable, PoseTransferError
from posetransfer.hub.hub import Publication
from posetransfer.hub.reference import Reference
from tests.made_targets import write_a_target

from .conftest import CONSENT, Loopback

AGREED = Publication(CONSENT, "cc-by-4.0")


def uploads(loopback: Loopback) -> list[int]:
    return [line["sent"] for line in loopback.log() if line["request"].startswith("PUT /_upload")]


def test_a_target_is_private_unless_its_publisher_says_otherwise(loopback: Loopback, tmp_path: Path) -> None:
    folder = write_a_target(tmp_path / "shy")
    reference = Reference("alice", "shy")
    address = drain(loopback.hub().push(folder, reference, AGREED))
    assert address == f"{loopback.address}/alice/shy"
    assert loopback.hub().look(reference).private
    assert "alice/shy" not in [found.reference.name for found in loopback.hub(None).search()]


def test_the_card_carries_licence_consent_and_training_facts(loopback: Loopback, tmp_path: Path) -> None:
    folder = write_a_target(tmp_path / "carded")
    drain(loopback.hub().push(folder, Reference("alice", "carded"), AGREED))
    offer = loopback.hub().look(Reference("alice", "carded"))
    assert offer.licence == "cc-by-4.0"
    assert f"**Consent.** {CONSENT}" in offer.card and "Nothing is recorded here" not in offer.card
    assert "**knn**: the person's own frames" in offer.card and "2 frames" in offer.card
    assert "Nothing is recorded here" in (folder / "README.md").read_text(), "the folder's own card is left alone"


def test_a_push_that_was_cut_sends_only_what_is_missing(loopback: Loopback, tmp_path: Path) -> None:
    folder, reference = write_a_target(tmp_path / "cut", megabytes=1), Reference("alice", "cut-push")
    loopback.fault("POST /api/models/alice/cut-push/commit", "status", 500)
    with pytest.raises(HubError, match=r"trouble of its own"):
        drain(loopback.hub().push(folder, reference, AGREED))
    assert 1_000_000 in uploads(loopback)
    loopback.wish(faults=[], forget=True)
    drain(loopback.hub().push(folder, reference, AGREED))
    assert uploads(loopback) == []
    assert loopback.hub().look(reference).methods == ("knn",)


def test_a_stopped_push_publishes_nothing(loopback: Loopback, tmp_path: Path) -> None:
    run = loopback.hub().push(write_a_target(tmp_path / "stopped"), Reference("alice", "stopped-push"), AGREED)
    while next(run).message != "preview.png":
        pass
    run.close()
    with pytest.raises(PoseTransferError, match=r"not a target of posetransfer"):
        loopback.hub().look(Reference("alice", "stopped-push"))


def test_a_second_push_replaces_the_first_in_one_commit(loopback: Loopback, tmp_path: Path) -> None:
    reference = Reference("alice", "second")
    drain(loopback.hub().push(write_a_target(tmp_path / "one", seed=1), reference, AGREED))
    two = write_a_target(tmp_path / "two", seed=2)
    drain(loopback.hub().push(two, reference, AGREED))
    folder = drain(loopback.hub().pull(reference))
    assert (folder / "frames.mp4").read_bytes() == (two / "frames.mp4").read_bytes()


def test_what_is_not_a_target_there_is_not_overwritten(loopback: Loopback, tmp_path: Path) -> None:
    api = loopback.hub()._api
    api.create_repo("alice/thesis")
    api.upload_file(path_or_fileobj=b"words", path_in_repo="thesis.txt", repo_id="alice/thesis")
    with pytest.raises(HubError, match=r"is there already and is not a target"):
        drain(loopback.hub().push(write_a_target(tmp_path / "a"), Reference("alice", "thesis"), AGREED))


REFUSED: list[tuple[str | None, str, str]] = [
    ("token-reader", "alice", r"no right to do this"),
    ("token-bob", "alice", r"no right to do this"),
    ("token-nobody", "alice", r"does not accept your token"),
]


@pytest.mark.parametrize(("token", "owner", "words"), REFUSED)
def test_who_may_not_write_is_told_what_would_do(
    loopback: Loopback, tmp_path: Path, token: str, owner: str, words: str
) -> None:
    folder = write_a_target(tmp_path / "a")
    with pytest.raises(HubRefused, match=words):
        drain(loopback.hub(token).push(folder, Reference(owner, "not-mine"), AGREED))
    assert (folder / "frames.mp4").is_file()


FAULTS: list[tuple[str, str, float, dict[str, str], type[Exception], str]] = [
    ("POST /api/repos/create", "status", 429, {"Retry-After": "0"}, HubError, "too many requests"),
    ("POST /api/repos/create", "status", 402, {}, HubRefused, "wants this account to be paid for"),
    ("POST /api/models/.*/preupload", "status", 403, {}, HubRefused, "no right to do this"),
    ("PUT /_upload", "status", 403, {}, HubRefused, "no right to do this"),
    ("POST .*/commit/main", "status", 412, {}, HubError, "changed by somebody else meanwhile"),
]


@pytest.mark.parametrize(("match", "do", "value", "headers", "kind", "words"), FAULTS)
def test_each_fault_is_a_sentence_and_the_next_try_succeeds(
    loopback: Loopback, tmp_path: Path, match: str, do: str, value: float, headers: dict[str, str],
    kind: type[Exception], words: str,
) -> None:  # fmt: skip
    reference = Reference("alice", f"faulty-{abs(hash(match + str(value))) % 10**6}")
    folder = write_a_target(tmp_path / "a", seed=len(match))  # no bytes that the Hub has already
    loopback.fault(match, do, value, headers=headers)
    with pytest.raises(kind, match=words):
        drain(loopback.hub().push(folder, reference, AGREED))
    loopback.well()
    drain(loopback.hub().push(folder, reference, AGREED))
    assert loopback.hub().look(reference).methods == ("knn",)


def test_without_a_hub_a_push_says_so(tmp_path: Path) -> None:
    folder = write_a_target(tmp_path / "a")
    with pytest.raises(HubUnreachable, match=r"does not answer"):
        drain(Loopback("http://127.0.0.1:9").hub().push(folder, Reference("alice", "a"), AGREED))


def test_nobody_is_published_without_a_word_on_consent() -> None:
    with pytest.raises(PoseTransferError, match=r"who is shown and that they agreed"):
        Publication("yes")


def test_search_finds_public_targets_by_tag_and_words(loopback: Loopback, publish: Callable[..., Path]) -> None:
    publish("findable-dancer")
    loopback.hub()._api.create_repo("alice/findable-else")
    found = loopback.hub(None).search("findable")
    assert [(item.reference.name, item.licence) for item in found] == [("alice/findable-dancer", "cc-by-4.0")]

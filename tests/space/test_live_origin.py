"""Which pages may open a live connection."""

from __future__ import annotations

import pytest

from space.live.origin import own_origin


@pytest.mark.parametrize(
    "origin", ["http://127.0.0.1:7860", "http://localhost:7860", "http://[::1]:7860", "https://localhost"]
)
def test_this_machines_own_pages_may(origin: str) -> None:
    assert own_origin(origin, "127.0.0.1:7860", shared=False)
    assert own_origin(origin, "127.0.0.1:7860", shared=True)


@pytest.mark.parametrize(
    "origin",
    ["https://elsewhere.example", "http://localhost.elsewhere.example", "http://127.0.0.1.elsewhere.example",
     "null", "", None, "file://", "chrome-extension://localhost", "http://", "http://[", "localhost:7860"],
)  # fmt: skip
def test_others_may_not(origin: str | None) -> None:
    assert not own_origin(origin, "127.0.0.1:7860", shared=False)
    assert not own_origin(origin, "192.168.1.5:7860", shared=True)


def test_the_address_others_come_by_counts_where_others_may_come() -> None:
    assert own_origin("http://192.168.1.5:7860", "192.168.1.5:7860", shared=True)
    assert not own_origin("http://192.168.1.5:80", "192.168.1.5:7860", shared=True)
    rebound = "http://elsewhere.example:7860", "elsewhere.example:7860"
    assert not own_origin(*rebound, shared=False), "somebody's name server led a name of theirs to this machine"


def test_on_a_space_its_host_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPACE_HOST", "me-posetransfer.hf.space")
    assert own_origin("https://me-posetransfer.hf.space", "10.0.0.7:7860", shared=True)
    assert not own_origin("https://you-posetransfer.hf.space", "10.0.0.7:7860", shared=True)

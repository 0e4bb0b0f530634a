from __future__ import annotations

from fractions import Fraction
from functools import partial
from pathlib import Path

import av
import numpy as np
import pytest

from posetransfer.errors import PoseTransferError
from posetransfer.provenance.credentials import sign, verify
from posetransfer.video.write import VideoWriter


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A video written as the pipeline writes it, signed with a key in a home of its own."""
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    out = tmp_path / "made.mp4"
    seal = partial(sign, title="test", method="pose2pics", source="network")
    with VideoWriter(out, Fraction(25), (64, 48), seal=seal) as writer:
        for level in range(0, 250, 25):
            writer.write(np.full((48, 64, 3), level, np.uint8))
    return out


def test_a_made_file_is_known_as_made_here_and_plays(made: Path) -> None:
    verdict = verify(made)
    assert (verdict.signed, verdict.here, verdict.unchanged, verdict.method) == (True, True, True, "pose2pics")
    assert "synthetic" in verdict.sentence
    with av.open(str(made)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 10
    assert sorted(p.name for p in made.parent.iterdir()) == ["home", "made.mp4"]


def test_one_changed_bit_is_noticed(made: Path) -> None:
    content = bytearray(made.read_bytes())
    content[-40] ^= 1
    made.write_bytes(content)
    verdict = verify(made)
    assert verdict.signed and not verdict.unchanged
    assert "changed" in verdict.sentence


def test_another_machines_signature_is_not_ours(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(made.parent / "elsewhere"))
    verdict = verify(made)
    assert verdict.unchanged and not verdict.here
    assert "elsewhere" in verdict.sentence


def test_a_file_without_credentials_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    plain = tmp_path / "plain.mp4"
    with VideoWriter(plain, Fraction(25), (16, 16)) as writer:
        writer.write(np.zeros((16, 16, 3), np.uint8))
    assert not verify(plain).signed
    with pytest.raises(PoseTransferError, match="no file"):
        verify(tmp_path / "missing.mp4")
    plain.write_text("words")
    with pytest.raises(PoseTransferError, match="can be read"):
        verify(plain)


def test_the_key_is_private_and_kept(made: Path) -> None:
    folder = made.parent / "home" / "credentials"
    assert (folder / "private.pem").stat().st_mode & 0o077 == 0
    before = (folder / "anchor.pem").read_bytes()
    verify(made)
    assert (folder / "anchor.pem").read_bytes() == before


def test_a_failed_seal_leaves_nothing(tmp_path: Path) -> None:
    def refuse(unsigned: Path, sealed: Path) -> None:
        sealed.write_bytes(b"half")
        raise PoseTransferError("no")

    with pytest.raises(PoseTransferError), VideoWriter(tmp_path / "x.mp4", Fraction(25), (16, 16), seal=refuse) as w:
        w.write(np.zeros((16, 16, 3), np.uint8))
    assert list(tmp_path.iterdir()) == []

"""Who may see, hand in and fetch what."""

from __future__ import annotations

from pathlib import Path

import pytest

from space.jobs.errors import JobNotFound, QueueFull, UnsafeName
from space.jobs.folder import JobFolder
from tests.space.open_jobs import at_end, at_work, hand_in, opened, until


def test_a_visitor_sees_only_their_own_newest_first(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        tokens = [hand_in(jobs, "count", visitor) for visitor in ("anna", "ben", "anna", "")]
        assert [job["token"] for job in jobs.of_visitor("anna")] == [tokens[2], tokens[0]]
        assert [job["token"] for job in jobs.of_visitor("ben")] == [tokens[1]]
        assert jobs.of_visitor("carl") == [] and jobs.of_visitor("") == []
        assert len(set(tokens)) == 4 and all(len(token) == 32 for token in tokens)
        assert "anna" not in (tmp_path / tokens[0] / "request.json").read_text()


def test_the_queue_has_an_end(tmp_path: Path) -> None:
    with opened(tmp_path, max_waiting=2, max_per_visitor=2) as jobs:
        at_work(jobs, hand_in(jobs, "drip", "anna"))
        hand_in(jobs, "count", "anna")
        with pytest.raises(QueueFull, match="2 of your jobs"):
            hand_in(jobs, "count", "anna")
        hand_in(jobs, "count", "ben")
        with pytest.raises(QueueFull, match="2 jobs are waiting already"):
            hand_in(jobs, "count", "carl")
        assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 3


def test_a_newer_look_takes_the_place_of_older_ones(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        old, others = hand_in(jobs, "look", "anna", to=1000, pause=0.02), hand_in(jobs, "look", "ben")
        at_work(jobs, old)
        new = hand_in(jobs, "look", "anna")
        with pytest.raises(JobNotFound):
            jobs.status(old)
        assert at_end(jobs, new)["state"] == "done" and at_end(jobs, others)["state"] == "done"
        assert not (tmp_path / old).exists()


def test_files_come_in_by_link_and_stay_when_the_upload_goes(tmp_path: Path) -> None:
    upload = tmp_path / "upload.mp4"
    upload.write_bytes(b"pictures")
    with opened(tmp_path / "jobs") as jobs:
        token = jobs.submit("count", {}, {}, files={"driving.mp4": upload})
        place = tmp_path / "jobs" / token / "driving.mp4"
        assert place.samefile(upload)
        upload.unlink()
        assert place.read_bytes() == b"pictures"
        with pytest.raises(JobNotFound):
            jobs.file(token, "driving.mp4")  # not named by the result


@pytest.mark.parametrize(
    "name", ["../x", "/etc/passwd", "a/b", "..", ".", "", ".hidden", "a\\b", "request.json", "a\n"]
)
def test_files_cannot_be_put_outside_or_over_the_jobs_own(tmp_path: Path, name: str) -> None:
    upload = tmp_path / "upload.mp4"
    upload.write_bytes(b"pictures")
    with opened(tmp_path / "jobs") as jobs:
        with pytest.raises(UnsafeName):
            jobs.submit("count", {}, {}, files={name: upload})
        assert not [path for path in (tmp_path / "jobs").iterdir() if path.is_dir()]


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "request.json", "log.txt", "nothing.mp4", "", ".."])
def test_only_what_the_result_names_is_given(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_text("secret")
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "count")
        at_end(jobs, token)
        with pytest.raises(JobNotFound, match="no such file"):
            jobs.file(token, name)


def test_a_link_in_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "count")
        at_end(jobs, token)
        made = jobs.file(token, "counted.txt")
        made.unlink()
        made.symlink_to(tmp_path / "secret")
        with pytest.raises(JobNotFound):
            jobs.file(token, "counted.txt")


@pytest.mark.parametrize("token", ["", "..", "0" * 32, "../" + "0" * 29, "page.lock"])
def test_who_has_no_token_reaches_nothing(tmp_path: Path, token: str) -> None:
    with opened(tmp_path) as jobs:
        for ask in (jobs.status, jobs.stop, jobs.discard, lambda t: jobs.file(t, "preview.jpg")):
            with pytest.raises(JobNotFound):
                ask(token)


def test_damaged_files_are_survived(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        kept, damaged = hand_in(jobs, "count"), hand_in(jobs, "count")
        at_end(jobs, damaged)
    (tmp_path / damaged / "request.json").write_text("{")
    (tmp_path / "speeds.json").write_text("[1]")
    with opened(tmp_path) as jobs:
        assert jobs.status(kept)["state"] == "done"
        until(lambda: not JobFolder(tmp_path / damaged).path.exists())

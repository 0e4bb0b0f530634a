"""The page's own routes: what they give, to whom, and what they keep to themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from space.jobs.folder import PREVIEW
from space.jobs.jobs import Jobs
from space.routes import STATIC, routes
from tests.space.open_jobs import at_end, at_work, hand_in, in_state, opened, until

NEVER_WITHOUT = ("cache-control", "referrer-policy", "x-content-type-options")
NOBODYS = "0" * 32
COUNTED = b"".join(b"%d\n" % number for number in range(1, 31))


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    with opened(tmp_path / "jobs") as jobs:
        yield jobs


@pytest.fixture
def browser(jobs: Jobs) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=routes(jobs))) as client:
        yield client


@pytest.fixture
def counted(jobs: Jobs, tmp_path: Path) -> str:
    """A job of anna's that is done, with a driving video in its folder."""
    driving = tmp_path / "upload.mp4"
    driving.write_bytes(b"a person")
    title = {"driving": "dance.mp4"}
    token = jobs.submit("count", {"to": 30, "pause": 0}, title, "anna", {"driving.mp4": driving})
    at_end(jobs, token)
    return token


def at(token: str, rest: str = "") -> str:
    return f"/posetransfer/jobs/{token}{rest}"


def private(headers: Mapping[str, str]) -> bool:
    wanted = {"cache-control": "private, no-store", "referrer-policy": "no-referrer"}
    return wanted | {"x-content-type-options": "nosniff"} == {name: headers.get(name) for name in NEVER_WITHOUT}


def test_a_status_is_what_the_jobs_say(browser: TestClient, jobs: Jobs, counted: str) -> None:
    answer = browser.get(at(counted))
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/json"
    assert answer.json() == jobs.status(counted)
    assert answer.json()["state"] == "done" and answer.json()["result"]["counted"] == 30
    assert private(answer.headers)


@pytest.mark.parametrize("token", [NOBODYS, "x", "A" * 32, NOBODYS + "0", "%00", "*", "page.lock", "é"])
def test_an_unknown_token_is_a_sentence(browser: TestClient, counted: str, token: str) -> None:
    asked = (
        browser.get(at(token)), browser.post(at(token, "/stop")), browser.post(at(token, "/discard")),
        browser.get(at(token, "/files/counted.txt")),
    )  # fmt: skip
    for answer in asked:
        assert answer.status_code == 404
        assert answer.json() == {"error": "There is no such job. It may have been deleted."}
        assert private(answer.headers)


def test_visitors_see_their_own_jobs_alone(browser: TestClient, jobs: Jobs, counted: str) -> None:
    second = hand_in(jobs, "count", "anna")
    hand_in(jobs, "count", "")
    mine = browser.get("/posetransfer/jobs", headers={"X-Visitor": "anna"})
    assert [job["token"] for job in mine.json()] == [second, counted] and private(mine.headers)
    for headers in ({"X-Visitor": "ben"}, {"X-Visitor": ""}, {"X-Visitor": "*"}, {}):
        answer = browser.get("/posetransfer/jobs", headers=headers)
        assert answer.status_code == 200 and answer.json() == []
    assert browser.post("/posetransfer/jobs", headers={"X-Visitor": "anna"}).status_code == 405


def test_files_are_given_as_the_result_names_them(browser: TestClient, counted: str) -> None:
    answer = browser.get(at(counted, "/files/counted.txt"))
    assert answer.status_code == 200 and answer.content == COUNTED
    assert answer.headers["content-type"].startswith("text/plain")
    assert "content-disposition" not in answer.headers and private(answer.headers)
    preview = browser.get(at(counted, f"/files/{PREVIEW}?v=1"))
    assert preview.headers["content-type"] == "image/jpeg" and preview.content[:2] == b"\xff\xd8"
    assert private(preview.headers)


@pytest.mark.parametrize(
    "name",
    ["request.json", "result.json", "progress.json", "log.txt", "driving.mp4", "nothing.mp4", "counted.txt.", ".",
     "..%2fspeeds.json", "..%2f..%2fupload.mp4", "%2e%2e%2fmake.log", "%2fetc%2fpasswd", "..%5cmake.log",
     "counted.txt%00", "counted.txt%0a", "COUNTED.TXT"],
)  # fmt: skip
def test_nothing_else_is_given(browser: TestClient, jobs: Jobs, counted: str, name: str) -> None:
    answer = browser.get(at(counted, f"/files/{name}"))
    assert answer.status_code == 404
    no_file = b'{"error":"There is no such file. The job may have been deleted."}'
    assert answer.content in (no_file, b"Not Found"), "the second where the address means no file of a job"


def test_a_part_of_a_file_can_be_asked_for(browser: TestClient, counted: str) -> None:
    """Safari plays no video without it."""
    where = at(counted, "/files/counted.txt")
    size = len(COUNTED)
    for asked, piece, span in (
        ("bytes=0-1", COUNTED[:2], f"0-1/{size}"),
        ("bytes=10-29", COUNTED[10:30], f"10-29/{size}"),
        ("bytes=-5", COUNTED[-5:], f"{size - 5}-{size - 1}/{size}"),
        ("bytes=70-", COUNTED[70:], f"70-{size - 1}/{size}"),
    ):
        answer = browser.get(where, headers={"Range": asked})
        assert answer.status_code == 206 and answer.content == piece
        assert answer.headers["content-range"] == f"bytes {span}" and private(answer.headers)
    beyond = browser.get(where, headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416


@pytest.mark.parametrize(
    "name",
    ["anna as ben.mp4", 'a"b; filename=c.exe', "a\r\nSet-Cookie: x=1", "Zoë 跳舞 💃.mp4", "../x", "a'b%41,c"],
)
def test_downloads_are_named_and_the_name_is_harmless(browser: TestClient, counted: str, name: str) -> None:
    answer = browser.get(at(counted, "/files/counted.txt"), params={"download": name})
    assert answer.status_code == 200 and answer.content == COUNTED
    start, written = answer.headers["content-disposition"].split("''")
    assert start == "attachment; filename*=utf-8"
    assert unquote(written) == name and not set(written) & set("\"'\\;,\r\n/ ") and written.isascii()
    assert "set-cookie" not in answer.headers and private(answer.headers)


def test_a_job_is_stopped_and_keeps_what_is_done(browser: TestClient, jobs: Jobs) -> None:
    token = hand_in(jobs, "count", to=1000, pause=0.02)
    at_work(jobs, token)
    for verb in ("/stop", "/discard"):
        assert browser.get(at(token, verb)).status_code == 405  # a link or a picture must not do it
    assert not jobs.status(token)["stopping"]
    answer = browser.post(at(token, "/stop"))
    assert answer.status_code == 200 and private(answer.headers)
    status = in_state(jobs, token, "done")
    assert status["result"]["stopped_early"]
    assert browser.get(at(token, "/files/counted.txt")).content.startswith(b"1\n")


def test_a_discarded_job_is_gone_with_its_files(browser: TestClient, jobs: Jobs, counted: str, tmp_path: Path) -> None:
    assert browser.post(at(counted, "/discard")).status_code == 200
    for where in (at(counted), at(counted, "/files/counted.txt")):
        assert browser.get(where).status_code == 404
    assert browser.get("/posetransfer/jobs", headers={"X-Visitor": "anna"}).json() == []
    until(lambda: not (tmp_path / "jobs" / counted).exists())


def test_scripts_and_styles_are_given_and_no_source(browser: TestClient) -> None:
    script = browser.get("/posetransfer/static/page.js")
    assert script.status_code == 200 and script.content == (STATIC / "page.js").read_bytes()
    assert "javascript" in script.headers["content-type"]
    for name in ("..%2froutes.py", "%2e%2e/routes.py", "..%2f..%2fapp.py", "", "nothing.js"):
        assert browser.get(f"/posetransfer/static/{name}").status_code == 404


def test_a_preview_that_is_being_replaced_is_always_whole(browser: TestClient, jobs: Jobs, counted: str) -> None:
    preview = jobs.file(counted, "counted.txt").with_name(PREVIEW)
    preview.write_bytes(b"the first")
    pictures, done = [bytes([number]) * (5_000 + 2_000 * number) for number in range(1, 4)], threading.Event()

    def replace() -> None:
        while not done.is_set():
            for picture in pictures:
                passing = preview.with_suffix(".next")
                passing.write_bytes(picture)
                passing.replace(preview)

    writer = threading.Thread(target=replace)
    writer.start()
    try:
        got = [browser.get(at(counted, f"/files/{PREVIEW}")).content for _ in range(200)]
    finally:
        done.set()
        writer.join()
    assert set(got) <= {b"the first", *pictures}

"""One page to a folder of jobs: two would run each other's."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from posetransfer.pipeline.report import write_text
from space.jobs.errors import AlreadyOpen


class RootLock:
    """Held while a page serves `root`; the system lets go of it when the page's process ends."""

    def __init__(self, root: Path) -> None:
        self._root, self._address = root, root / "address.txt"
        self._lock = FileLock(root / "page.lock", thread_local=False)

    def acquire(self) -> None:
        """Raises AlreadyOpen, with the other page's address if it announced one."""
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            raise AlreadyOpen(self._taken()) from None
        self._address.unlink(missing_ok=True)

    def announce(self, address: str) -> None:
        """Say where the page that holds the lock is. Raises OutOfSpace."""
        write_text(self._address, address)

    def release(self) -> None:
        """Let another page have the folder."""
        if self._lock.is_locked:
            self._address.unlink(missing_ok=True)
            self._lock.release()

    def _taken(self) -> str:
        try:
            where = f" at {self._address.read_text(encoding='utf-8').strip()}"
        except OSError:
            where = ""
        return (
            f"posetransfer is already open{where}: use that page, or close it first. "
            f"Both would run the jobs in {self._root}."
        )

"""Ways to misbehave, asked for by a test: which requests, how many of them, and what goes wrong."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """match: a pattern for "METHOD path"; times: how many requests are hit; do: what happens to them.

    do is "status" (answer `value`, with `headers`), "cut" (send the share `value` of the body and drop the line),
    "slow" (wait `value` seconds before each piece), "spoil" (turn a byte over) or "hang" (wait `value` seconds first).
    """

    match: str
    do: str
    value: float = 0.0
    times: int = 1_000_000
    headers: dict[str, str] | None = None


class Faults:
    """The faults that are still to come, in the order they were asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def set(self, wanted: list[dict[str, Any]]) -> None:
        with self._lock:
            self._faults = [Fault(**fault) for fault in wanted]

    def take(self, request: str) -> Fault | None:
        """The first fault that matches a request; its count goes down."""
        with self._lock:
            for fault in self._faults:
                if fault.times > 0 and re.search(fault.match, request):
                    fault.times -= 1
                    return fault
        return None

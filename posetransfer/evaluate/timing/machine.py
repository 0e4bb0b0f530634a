"""The machine that a timing was made on: a figure without it says nothing."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import psutil


def machine() -> dict[str, Any]:
    """The processor's name, cores and memory, for tables of timings."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"cpu": name, "cores": psutil.cpu_count(), "memory_gib": round(psutil.virtual_memory().total / 2**30)}


def load() -> float:
    """How many processes wanted a core in the last minute: on a quiet machine far under 1 before a measurement."""
    return round(float(psutil.getloadavg()[0]), 2)

"""How much one job may take. The page ends a worker at a limit; the system's own limits stand behind that."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil

logger = logging.getLogger(__name__)

# Address space is reserved far ahead of use (thread stacks, allocator arenas, mapped weights), so the backstop
# leaves room: the resident size, which the page watches, reaches its limit first.
RESERVED_FOR_USED = 2


@dataclass(frozen=True)
class JobLimits:
    """memory_mb: MiB that the worker may hold in memory; seconds: wall clock of one job. None: no limit."""

    memory_mb: float | None = None
    seconds: float | None = None


def restrict(limits: JobLimits) -> None:
    """Set the system's limits on this process; to be called when its imports are done. Nothing on Windows."""
    if sys.platform == "win32":
        return
    import resource  # Windows has none

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # CUDA reserves terabytes of address space when it starts and fails under any limit
    if limits.memory_mb is None or Path("/dev/nvidiactl").exists():
        return
    room = int(psutil.Process().memory_info().vms + RESERVED_FOR_USED * limits.memory_mb * 2**20)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (room, resource.getrlimit(resource.RLIMIT_AS)[1]))
    except (ValueError, OSError) as error:  # macOS refuses some values, and so does a lower hard limit
        logger.warning("The address space is not limited: %s.", error)

"""What runs a network live, chosen from what it is shown.

A network that reads the driver's pictures has no samples before there is a driver, and begins in fp32.
"""

from __future__ import annotations

import logging
import threading
from typing import Final

from posetransfer.errors import PoseTransferError
from posetransfer.methods.method import SAMPLES, Method, Sample
from posetransfer.streams import finished
from posetransfer.types import PosedFrame

EVERY: Final = 4  # frames from one sample to the next: all of them in some eight seconds

logger = logging.getLogger(__name__)


class LateChoice:
    """Takes samples from the first frames; when there are enough, a thread of its own chooses, once."""

    def __init__(self, method: Method) -> None:
        self._method = method
        self._samples: list[Sample] = []
        self._shown = 0
        self._thread: threading.Thread | None = None
        self._told = False

    def made_by(self, posed: PosedFrame) -> bool:
        """Take a frame. Whether the choice has been made since the last: from then on generate anew."""
        if self._thread is None:
            if self._shown % EVERY == 0:
                self._samples.append(Sample(posed))
            self._shown += 1
            if len(self._samples) == SAMPLES:
                self._thread = threading.Thread(target=self._choose, name="choice", daemon=True)
                self._thread.start()
            return False
        if self._told or self._thread.is_alive():
            return False
        self._told = True
        return True

    def wait(self) -> None:
        """Until the choice is made, if it is being made."""
        if self._thread is not None:
            self._thread.join()

    def _choose(self) -> None:
        try:
            finished(self._method.prepare_again(self._samples))
        except (PoseTransferError, RuntimeError, MemoryError, OSError) as error:
            logger.warning("What runs the network could not be chosen; it goes on as it is: %s", error)
        self._samples = []

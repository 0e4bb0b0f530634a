"""The kinds of jobs there are: what runs each, and in which lane.

A kind is a generator function `run(folder, arguments, stopped)`. It yields Progress and returns the JSON of its
result, or None if it was stopped before anything could be kept. `stopped()` gives the number of stop presses so
far. Closing the generator must leave no partial file.
"""

from __future__ import annotations

from posetransfer.plugins import Registry

KINDS = Registry("kind of job", {"transfer": "space.jobs.transfer:run", "look": "space.jobs.look:run"})

# one worker process a lane: a look must not wait behind somebody's transfer
LANES = {"transfer": "make", "look": "look"}

# What a lane's worker imports before it is ready. The library imports these when they are first used; here they
# would cost the first visitor seconds, and torch maps 3 GB of address space, which must come before the limit.
IMPORTS = {"make": ("openvino", "dlib", "torch"), "look": ("openvino", "dlib")}

"""The kinds of jobs there are: what runs each, and in which lane.

A kind is a generator function `run(folder, arguments, stopped)`. It yields Progress and returns the JSON of its
result, or None if it was stopped before anything could be kept. `stopped()` gives the number of stop presses so
far. Closing the generator must leave no partial file.
"""

from __future__ import annotations

from posetransfer.plugins import Registry

KINDS = Registry(
    "kind of job",
    {
        "transfer": "space.jobs.transfer:run",
        "look": "space.jobs.look:run",
        "check": "space.jobs.check:run",
        "pairs": "space.jobs.check:run_pairs",
        "train": "space.jobs.train:run",
        "pull": "space.jobs.hub:pull",
        "push": "space.jobs.hub:push",
    },
)

# one worker process a lane: a look must not wait behind somebody's transfer, nor a transfer behind a training
LANES = {
    "transfer": "make",
    "look": "look",
    "check": "make",
    "pairs": "make",
    "train": "train",
    "pull": "hub",
    "push": "hub",
}

# What a lane's worker imports before it is ready. The library imports these when they are first used; here they
# would cost the first visitor seconds, and torch maps 3 GB of address space, which must come before the limit.
IMPORTS = {
    "make": ("openvino", "dlib", "torch"),
    "look": ("openvino", "dlib"),
    "train": ("openvino", "dlib", "torch"),
    "hub": ("huggingface_hub",),
}

# lanes whose worker stands ready from the start; the others' begins with the first job
WARM = {"make", "look"}

# kinds whose work is kept when it is interrupted: they can be paused, and are offered to be gone on with
PAUSABLE = {"train"}

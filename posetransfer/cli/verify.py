"""python -m posetransfer verify: was a video made here, and is it unchanged?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def verify(video: Annotated[Path, typer.Argument(help="A video file.")]) -> None:
    """Say whether VIDEO was made on this machine and is unchanged. Exit code 0: both; 1: not both."""
    from posetransfer.provenance.credentials import verify as check

    verdict = check(video)
    print(verdict.sentence)
    if not (verdict.here and verdict.unchanged):
        raise typer.Exit(1)

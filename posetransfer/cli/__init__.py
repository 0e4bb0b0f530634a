"""The command line: python -m posetransfer COMMAND. One file a command; nothing heavy is imported before it runs."""

from __future__ import annotations

import logging
import sys

import typer

from posetransfer.cli import benchmark, demo, evaluate, hub, learn, poses, transfer, verify
from posetransfer.errors import PoseTransferError

app = typer.Typer(
    help="Make person B perform what person A does on video.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("learn")(learn.learn)
app.command("transfer")(transfer.transfer)
app.command("evaluate")(evaluate.evaluate)
app.command("benchmark")(benchmark.benchmark)
app.command("verify")(verify.verify)
app.command("poses")(poses.poses)
app.command("draw")(poses.draw)
app.command("demo")(demo.demo)
app.add_typer(hub.app, name="hub")


def main() -> None:
    """Run a command. Exit code 0: done; 2: one sentence on stderr says what to mend; 130: stopped by Ctrl-C."""
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    try:
        app(args=spread_sources(sys.argv[1:]), prog_name="python -m posetransfer")
    except PoseTransferError as error:
        print(f"Error: {error}", file=sys.stderr)
        sys.exit(2)


def spread_sources(arguments: list[str]) -> list[str]:
    """Let --source take several clips: `--source a.mp4 b.mp4` becomes `--source a.mp4 --source b.mp4`."""
    spread: list[str] = []
    taking = False
    for argument in arguments:
        if argument.startswith("-"):
            taking = argument == "--source"
            spread.append(argument)
        elif taking and spread[-1] != "--source":
            spread += ["--source", argument]
        else:
            spread.append(argument)
    return spread

"""python -m posetransfer hub: targets that others made, your own for others, and weights of estimators."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from posetransfer.hub.hub import Hub

Folder = Annotated[Path | None, typer.Option(help="A shared folder instead of the Hugging Face Hub.")]
Name = Annotated[str, typer.Argument(help="owner/repo, owner/repo@revision, or the address of its page.")]

app = typer.Typer(help="Find, look at, pull and push targets; get weights of pose estimators.", no_args_is_help=True)


@app.command("list")
def list_targets(
    words: Annotated[str, typer.Argument(help="What the name has in it.")] = "",
    featured: Annotated[bool, typer.Option("--featured", help="Only those that the project picked.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
    folder: Folder = None,
) -> None:
    """List targets whose name has WORDS in it. They are strangers' likenesses: nobody here has looked at them."""
    from posetransfer.hub.featured import featured_targets

    if featured:
        for target in featured_targets():
            print(f"{target.reference}  {target.title}  {target.licence}")
        return
    for listing in _hub(folder).search(words, limit):
        private = "  private" if listing.private else ""
        print(f"{listing.reference.name}  {listing.licence or 'no licence given'}{private}")


@app.command()
def show(target: Name, folder: Folder = None) -> None:
    """What is known of a target before it is pulled."""
    from posetransfer.hub.reference import parse_reference

    offer = _hub(folder).look(parse_reference(target))
    print(f"{offer.reference}\n{', '.join(offer.methods)}; {offer.size} px; {offer.total / 1e6:.1f} MB")
    print(f"licence: {offer.licence or 'none given'}\n\n{offer.card}")


@app.command()
def pull(target: Name, folder: Folder = None) -> None:
    """Get a target and verify it. A pull that was cut goes on where it stopped."""
    from posetransfer.checkpoints.folder import open_checkpoint
    from posetransfer.cli.show import drain
    from posetransfer.hub.reference import parse_reference

    checkpoint = open_checkpoint(drain(_hub(folder).pull(parse_reference(target))))
    print(f"{checkpoint.folder}\nUse it with: --target {checkpoint.name}")


@app.command()
def push(
    target: Annotated[str, typer.Argument(help="A target's name or folder.")],
    to: Annotated[str, typer.Argument(help="owner/repo: where it goes.")],
    consent: Annotated[str, typer.Option(help="A sentence: who is shown, and that they agreed. It is published.")],
    licence: Annotated[str, typer.Option(help="The Hub's short name of a licence, such as cc-by-4.0.")] = "other",
    public: Annotated[bool, typer.Option("--public", help="Everybody may see it; else only you.")] = False,
    folder: Folder = None,
) -> None:
    """Publish a target, private unless you say otherwise. What was sent before is not sent again."""
    import sys

    from posetransfer.checkpoints.lookup import find_target
    from posetransfer.cli.show import drain
    from posetransfer.hub.hub import Publication
    from posetransfer.hub.reference import parse_reference

    publication = Publication(consent, licence, private=not public)
    checkpoint = find_target(target)
    if "knn" in checkpoint.methods:
        print(f"Note: {checkpoint.name} has k-NN, so its footage itself is published.", file=sys.stderr)
    print(drain(_hub(folder).push(checkpoint.folder, parse_reference(to), publication)))


@app.command()
def weights(
    estimator: Annotated[str | None, typer.Argument(help="Of which estimator; none: what is here.")] = None,
) -> None:
    """Get an estimator's weights now instead of at its first use, or say which are here."""
    from posetransfer.cli.show import drain
    from posetransfer.errors import UnknownName
    from posetransfer.hub.weights import get_weights
    from posetransfer.poses.weights import SOURCES, find_weights, missing_source

    if estimator is None:
        for name in SOURCES:
            print(f"{name}  {_whereabouts(name)}")
        return
    if estimator not in SOURCES:
        raise UnknownName(f"{estimator} gets no weights from the Hub. Of these it can: {', '.join(SOURCES)}.")
    source = missing_source(estimator)
    print(find_weights(estimator) if source is None else drain(get_weights(source)))


def _whereabouts(estimator: str) -> str:
    from posetransfer.poses.weights import find_weights, missing_source

    source = missing_source(estimator)
    if source is None:
        return str(find_weights(estimator))
    size = "" if source.megabytes is None else f", {source.megabytes:.1f} MB"
    return f"not here yet; at its first use it comes from {source.reference}{size}"


def _hub(folder: Path | None) -> Hub:
    from posetransfer.hub.hub import HUBS

    hub: Hub = HUBS.resolve("huggingface")() if folder is None else HUBS.resolve("local")(folder)
    return hub

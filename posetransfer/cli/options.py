"""Options that several commands share, once for all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

Start = Annotated[float, typer.Option(min=0, help="Seconds of the video to skip.")]
End = Annotated[float | None, typer.Option(min=0, help="Second of the video to stop at.")]
Number = Annotated[int | None, typer.Option("--person", min=1, help="Whom to follow, counted from the left.")]
Place = Annotated[str | None, typer.Option("--person-at", metavar="X,Y", help="Follow the person at this pixel.")]
Estimator = Annotated[Literal["mediapipe", "openpose"], typer.Option(help="The pose estimator.")]
Contours = Annotated[
    Literal["dlib68", "facemesh"], typer.Option(help="What draws faces; dlib68 is not for commercial use.")
]
Where = Annotated[
    Literal["auto", "torch", "openvino"],
    typer.Option(help="What runs the networks; auto: the quickest here that shows the same."),
]
Metric = Annotated[Literal["joints", "angles", "pixels"], typer.Option(help="knn: what near means.")]
Alignment = Annotated[
    Literal["pose", "first", "off"] | None, typer.Option(help="Default: off for knn, pose for the others.")
]
TargetName = Annotated[str, typer.Option("--target", help="A target's name or folder.")]
ReportPath = Annotated[Path | None, typer.Option("--report", help="Write what was done as JSON.")]

"""Content credentials (C2PA) in the made file: what it is and that it is unchanged, signed with a key of this machine.

The manifest says that a trained algorithm made the pictures; it holds no part of the driving video and no name.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from posetransfer import __version__
from posetransfer.errors import OutOfSpace, PoseTransferError
from posetransfer.provenance.key import Certificates, certificates

# IPTC's digital source types: a network's pictures, and real pictures put together in a new order
SOURCES: Final = {
    "network": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia",
    "frames": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture",
}


@dataclass(frozen=True)
class Verdict:
    """What a file's credentials say. here: made on this machine; unchanged: not a bit differs since it was signed."""

    signed: bool
    here: bool
    unchanged: bool
    method: str = ""

    @property
    def sentence(self) -> str:
        """The verdict in words."""
        if not self.signed:
            return "This file carries no content credentials: it was not made here, or they were taken out."
        if not self.unchanged:
            return "This file was changed after it was signed."
        made = f" It is synthetic, made by {self.method}." if self.method else ""
        if not self.here:
            return f"This file is unchanged since it was signed, but it was signed elsewhere.{made}"
        return f"This file was made here and is unchanged.{made}"


def sign(unsigned: Path, signed: Path, *, title: str, method: str, source: Literal["network", "frames"]) -> None:
    """Write `signed`, a copy of the MP4 `unsigned` with credentials. Nothing is asked of any network.

    Raises OutOfSpace if it cannot be written.
    """
    import c2pa

    keys = certificates()
    info = c2pa.C2paSignerInfo(alg=b"es256", sign_cert=keys.chain, private_key=keys.private, ta_url=None)
    try:
        with (
            c2pa.Signer.from_info(info) as signer,
            c2pa.Builder(json.dumps(_manifest(title, method, source))) as builder,
            unsigned.open("rb") as read,
            signed.open("w+b") as written,
        ):
            builder.sign(signer, "video/mp4", read, written)
    except c2pa.C2paError as error:
        raise OutOfSpace(f"{signed.name} could not be signed ({error}). Is there room on the disk?") from error


def verify(video: Path) -> Verdict:
    """Read a file's credentials and check them against its content. Raises PoseTransferError if there is no file."""
    import c2pa

    if not video.is_file():
        raise PoseTransferError(f"There is no file at {video}. Give the path of a video.")
    try:
        with video.open("rb") as stream, _reader(c2pa, stream, certificates()) as reader:
            content = json.loads(reader.json())
    except c2pa.C2paError.ManifestNotFound:
        return Verdict(signed=False, here=False, unchanged=False)
    except (c2pa.C2paError, OSError) as error:
        raise PoseTransferError(f"{video.name} is not a video whose credentials can be read ({error}).") from error
    state = content.get("validation_state", "Invalid")
    manifest = content.get("manifests", {}).get(content.get("active_manifest"), {})
    return Verdict(True, state == "Trusted", state in ("Valid", "Trusted"), _method(manifest))


def _manifest(title: str, method: str, source: str) -> dict[str, Any]:
    created = {
        "action": "c2pa.created",
        "digitalSourceType": SOURCES[source],
        "softwareAgent": {"name": "posetransfer", "version": __version__},
        "parameters": {"method": method},
    }
    return {
        "title": title,
        "format": "video/mp4",
        "claim_generator_info": [{"name": "posetransfer", "version": __version__}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [created]}}],
    }


def _method(manifest: dict[str, Any]) -> str:
    for assertion in manifest.get("assertions", []):
        for action in assertion.get("data", {}).get("actions", []):
            if "method" in action.get("parameters", {}):
                return str(action["parameters"]["method"])
    return ""


def _reader(c2pa: Any, stream: Any, keys: Certificates) -> Any:
    """A reader that trusts the signatures of this machine and no others."""
    anchor = keys.anchor.decode()
    trust = {"verify": {"verify_trust": True}, "trust": {"user_anchors": anchor, "trust_anchors": anchor}}
    return c2pa.Reader("video/mp4", stream, context=c2pa.Context(c2pa.Settings.from_dict(trust)))

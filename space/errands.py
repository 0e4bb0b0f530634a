"""What a visitor does on the Targets tab: look at a target on the Hub, pull, publish, rename, remove."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

from posetransfer.checkpoints.card import card_licence, plain_text
from posetransfer.checkpoints.lookup import Summary, target_summaries
from posetransfer.checkpoints.manage import origin_of, remove_target, rename_target
from posetransfer.errors import HubError, PoseTransferError
from posetransfer.hub.featured import featured_targets
from posetransfer.hub.hub import Publication
from posetransfer.hub.reference import parse_reference
from space import messages
from space.requested import Services
from space.targets import target_card

FOUND: Final = 20  # of a search
CAN: Final = {"bundled": (), "own": ("rename", "publish", "remove"), "pulled": ("remove",)}


@dataclass(frozen=True)
class Errands:
    """The tab's handlers. They raise nothing: what goes wrong becomes a sentence on the page."""

    services: Services

    def shelf(self, said: str = "", problem: str = "", token: str | None = None) -> dict[str, Any]:
        """All targets with what can be done with them, and what was just done."""
        targets = [self._described(summary) for summary in target_summaries()]
        return {"targets": targets, "said": said, "problem": problem, "token": token}

    def act(self, shelf: dict[str, Any] | None, visitor: str) -> dict[str, Any]:
        """Do what the visitor pressed: shelf's `act` is {do, name, ...}."""
        act = dict((shelf or {}).get("act") or {})
        name = str(act.get("name", ""))
        try:
            if self.services.settings.shared:
                raise PoseTransferError(messages.NOT_YOURS)
            match act.get("do"):
                case "rename":
                    rename_target(name, str(act.get("to", "")).strip())
                    return self.shelf(f"{name} is called {act['to']} now.")
                case "remove":
                    remove_target(name)
                    return self.shelf(f"{name} is removed.")
                case "publish":
                    return self.shelf(token=self._publish(act, visitor))
        except PoseTransferError as error:
            return self.shelf(problem=str(error))
        return self.shelf()

    def look(self, text: str) -> dict[str, Any]:
        """What the Hub has under a name that was typed or pasted, before anything of it is pulled."""
        from posetransfer.hub.huggingface import HuggingFaceHub

        try:
            offer = HuggingFaceHub().look(parse_reference(text))
        except PoseTransferError as error:
            return {"problem": str(error)}
        picture = None if offer.preview is None else base64.b64encode(offer.preview).decode("ascii")
        return {
            "offer": {
                "reference": str(offer.reference),
                "name": offer.reference.name,
                "methods": ", ".join(messages.METHOD_TITLES.get(name, name) for name in offer.methods),
                "size": offer.size,
                "megabytes": round(offer.total / 1e6, 1),
                "licence": offer.licence or "none given",
                "card": plain_text(offer.card),
                "picture": picture and f"data:image/png;base64,{picture}",
            }
        }

    def search(self, words: str) -> dict[str, Any]:
        """Names on the Hub that have `words` in them."""
        from posetransfer.hub.huggingface import HuggingFaceHub

        try:
            found = HuggingFaceHub().search(words.strip(), FOUND)
        except HubError as error:
            return {"problem": str(error)}
        if not found:
            return {"problem": f"No target on the Hub has {words.strip()!r} in its name."}
        return {"found": [{"name": item.reference.name, "licence": item.licence or "none given"} for item in found]}

    def featured(self) -> dict[str, Any]:
        """Targets that the project picked, to be looked at; asks no hub."""
        try:
            picked = featured_targets()
        except HubError as error:
            return {"problem": str(error)}
        names = [{"name": str(item.reference), "title": item.title, "licence": item.licence} for item in picked]
        return {"found": names} if names else {}

    def pull(self, offer: dict[str, Any] | None, visitor: str) -> dict[str, Any]:
        """Hand in the pull of what was looked at."""
        looked = dict((offer or {}).get("offer") or {})
        try:
            if self.services.settings.shared:
                raise PoseTransferError(messages.NOT_YOURS)
            reference = parse_reference(str(looked.get("reference", "")))
            title = {"driving": "", "target": reference.name, "method": "pull"}
            return self.shelf(token=self.services.jobs.submit("pull", {"target": str(reference)}, title, visitor))
        except PoseTransferError as error:
            return self.shelf(problem=str(error))

    def _publish(self, act: dict[str, Any], visitor: str) -> str:
        name, licence = str(act["name"]), str(act.get("licence") or "other")
        publication = Publication(str(act.get("consent", "")), licence, private=not act.get("public"))
        origin_of(name)
        arguments = {
            "target": name,
            "to": parse_reference(str(act.get("to", ""))).name,
            "consent": publication.consent,
            "licence": publication.licence,
            "private": publication.private,
        }
        title = {"driving": "", "target": name, "method": "push"}
        return self.services.jobs.submit("push", arguments, title, visitor)

    def _described(self, summary: Summary) -> dict[str, Any]:
        card, readme = target_card(summary), summary.folder / "README.md"
        text = plain_text(readme.read_text(encoding="utf-8")) if readme.is_file() else ""
        shared, origin = self.services.settings.shared, origin_of(summary.name)
        return {
            "name": summary.name,
            "text": card["text"],
            "picture": card["picture"],
            "origin": origin,
            "licence": card_licence(summary.folder) or "none given",
            "card": text,
            "footage": "knn" in summary.methods,
            "can": [] if shared else list(CAN[origin]),
        }

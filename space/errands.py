"""What a visitor does on the Targets tab: look at a target on the Hub, pull, publish, rename, remove."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any, Final

import gradio as gr

from posetransfer.checkpoints.card import card_licence
from posetransfer.checkpoints.lookup import Summary, target_summaries
from posetransfer.checkpoints.manage import origin_of, remove_target, rename_target
from posetransfer.errors import HubError, PoseTransferError
from posetransfer.hub.featured import featured_targets
from posetransfer.hub.hub import Publication
from posetransfer.hub.reference import parse_reference
from space import messages
from space.card_parts import card_parts
from space.people import may_change
from space.requested import Services
from space.targets import target_card

FOUND: Final = 20  # of a search
CAN: Final = {"bundled": (), "own": ("rename", "publish", "remove"), "pulled": ("remove",)}


@dataclass(frozen=True)
class Errands:
    """The tab's handlers. They raise nothing: what goes wrong becomes a sentence on the page."""

    services: Services

    def shelf(self, profile: gr.OAuthProfile | None = None) -> dict[str, Any]:
        """All targets with what this visitor can do with them."""
        return self._shelf(profile)

    def act(
        self, shelf: dict[str, Any] | None, visitor: str,
        profile: gr.OAuthProfile | None = None, signed: gr.OAuthToken | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Do what the visitor pressed: shelf's `act` is {do, name, ...}."""
        act = dict((shelf or {}).get("act") or {})
        name = str(act.get("name", ""))
        try:
            self._check_owner(profile)
            match act.get("do"):
                case "rename":
                    rename_target(name, str(act.get("to", "")).strip())
                    return self._shelf(profile, said=f"{name} is called {act['to']} now.")
                case "remove":
                    remove_target(name)
                    return self._shelf(profile, said=f"{name} is removed.")
                case "publish":
                    return self._shelf(profile, token=self._publish(act, visitor, signed))
        except PoseTransferError as error:
            return self._shelf(profile, problem=str(error))
        return self._shelf(profile)

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
                "card": card_parts(offer.card),
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

    def pull(
        self, offer: dict[str, Any] | None, visitor: str,
        profile: gr.OAuthProfile | None = None, signed: gr.OAuthToken | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Hand in the pull of what was looked at."""
        looked = dict((offer or {}).get("offer") or {})
        try:
            self._check_owner(profile)
            reference = parse_reference(str(looked.get("reference", "")))
            title = {"driving": "", "target": reference.name, "method": "pull"}
            arguments = {"target": str(reference), "visit": self._visit(signed)}
            return self._shelf(profile, token=self.services.jobs.submit("pull", arguments, title, visitor))
        except PoseTransferError as error:
            return self._shelf(profile, problem=str(error))

    def _shelf(
        self, profile: gr.OAuthProfile | None, *, said: str = "", problem: str = "", token: str | None = None
    ) -> dict[str, Any]:
        changeable = may_change(self.services.settings, profile)
        targets = [self._described(summary, changeable) for summary in target_summaries()]
        return {"targets": targets, "said": said, "problem": problem, "token": token}

    def _check_owner(self, profile: gr.OAuthProfile | None) -> None:
        if not may_change(self.services.settings, profile):
            raise PoseTransferError(messages.NOT_YOURS)

    def _visit(self, signed: gr.OAuthToken | None) -> str | None:
        """On a Space the Hub is asked in the visitor's name; elsewhere in that of whoever logged in at the shell."""
        if not self.services.settings.hosted:
            return None
        return self.services.visits.remember(None if signed is None else signed.token)

    def _publish(self, act: dict[str, Any], visitor: str, signed: gr.OAuthToken | None) -> str:
        name, licence = str(act["name"]), str(act.get("licence") or "other")
        publication = Publication(str(act.get("consent", "")), licence, private=not act.get("public"))
        origin_of(name)
        arguments = {
            "target": name,
            "to": parse_reference(str(act.get("to", ""))).name,
            "consent": publication.consent,
            "licence": publication.licence,
            "private": publication.private,
            "visit": self._visit(signed),
        }
        title = {"driving": "", "target": name, "method": "push"}
        return self.services.jobs.submit("push", arguments, title, visitor)

    def _described(self, summary: Summary, changeable: bool) -> dict[str, Any]:
        card, readme = target_card(summary), summary.folder / "README.md"
        text = readme.read_text(encoding="utf-8", errors="replace") if readme.is_file() else ""
        origin = origin_of(summary.name)
        return {
            "name": summary.name,
            "text": card["text"],
            "picture": card["picture"],
            "origin": origin,
            "licence": card_licence(summary.folder) or "none given",
            "card": card_parts(text),
            "footage": "knn" in summary.methods,
            "can": list(CAN[origin]) if changeable else [],
        }

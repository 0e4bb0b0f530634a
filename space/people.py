"""Whose page this is: who may train on it and change its targets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from space.settings import Settings


def may_change(settings: Settings, profile: Mapping[str, Any] | None) -> bool:
    """Whether the targets here belong to this visitor.

    On a machine of one's own, to whoever sits at it. On a hosted Space, to the account that has it, and to those named
    in POSETRANSFER_OWNERS (user names with commas): a target is somebody's likeness, and shows on the cards of all who
    come. profile: the OpenID claims of the account that the visitor signed in with; None: of nobody.
    """
    if not settings.hosted:
        return not settings.shared
    if profile is None:
        return False
    owners = {name.strip() for name in os.environ.get("POSETRANSFER_OWNERS", "").split(",")}
    owners.add(os.environ.get("SPACE_AUTHOR_NAME", ""))
    creator = os.environ.get("SPACE_CREATOR_USER_ID")
    return profile.get("preferred_username") in owners - {""} or (bool(creator) and profile.get("sub") == creator)


def can_sign_in() -> bool:
    """Whether the Space was given what signing in takes (hf_oauth in its card)."""
    return bool(os.environ.get("SPACE_ID") and os.environ.get("OAUTH_CLIENT_ID"))

"""What huggingface_hub raises, as sentences for the person who can act."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from httpx2 import HTTPError
from huggingface_hub.errors import (
    GatedRepoError,
    HfHubHTTPError,
    HFValidationError,
    LocalEntryNotFoundError,
    LocalTokenNotFoundError,
    OfflineModeIsEnabled,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

from posetransfer.errors import HubError, HubRefused, HubUnreachable, OutOfSpace, PoseTransferError, TargetNotFound
from posetransfer.hub.reference import Reference

_LOGIN = "Log in with: hf auth login"


@contextmanager
def in_words(reference: Reference | None, endpoint: str, noun: str = "target") -> Iterator[None]:
    """Turn what goes wrong inside the block into HubError, TargetNotFound or OutOfSpace.

    endpoint: the Hub's address, for sentences that send people to one of its pages; noun: what `reference` is.
    """
    try:
        yield
    except PoseTransferError:
        raise
    except (HTTPError, HFValidationError, OSError) as error:  # HfHubHTTPError and the offline errors are among them
        raise _told(error, reference, endpoint, noun) from error
    except RuntimeError as error:  # huggingface_hub wraps what stopped an upload into one
        if not isinstance(error.__cause__, HTTPError | OSError):
            raise
        raise _told(error.__cause__, reference, endpoint, noun) from error


def _told(error: Exception, reference: Reference | None, endpoint: str, noun: str) -> PoseTransferError:
    name = str(reference) if reference else "The Hub"
    page = f"{endpoint}/{reference.name}" if reference else endpoint
    if isinstance(error, OfflineModeIsEnabled):
        return HubUnreachable(
            "The Hub is switched off on this machine (HF_HUB_OFFLINE). Targets already pulled work; to get others, "
            "unset it."
        )
    if isinstance(error, GatedRepoError):  # is a RepositoryNotFoundError too
        return HubRefused(f"{name} is gated: ask for access on {page}, then log in with: hf auth login")
    if isinstance(error, RevisionNotFoundError):
        revision = reference.revision if reference else None
        return TargetNotFound(f"{page} has no revision {revision}. Leave @{revision} out to get the newest.")
    if isinstance(error, LocalTokenNotFoundError):
        return HubRefused(f"You are not logged in to the Hub. {_LOGIN}")
    if isinstance(error, HfHubHTTPError) and error.response is not None:
        return _by_status(error, name, page, endpoint, noun)
    if isinstance(error, HFValidationError):
        return TargetNotFound(f"{name} is no name that the Hub knows. Type owner/repo.")
    if isinstance(error, HTTPError | LocalEntryNotFoundError | ConnectionError | TimeoutError):
        return HubUnreachable(
            f"The Hub does not answer ({_reason(error)}). Check the connection and try again: what has come is kept, "
            "and targets already pulled work without it."
        )
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutOfSpace("The disk is full. Free some space and try again: what has come is kept.")
    return HubError(f"{name} could not be reached or stored: {_reason(error)}.")


def _by_status(error: HfHubHTTPError, name: str, page: str, endpoint: str, noun: str) -> PoseTransferError:
    status = error.response.status_code
    if status == 401 and any(words in str(error).lower() for words in ("invalid credentials", "invalid user token")):
        return HubRefused(f"The Hub does not accept your token: it is expired or revoked. {_LOGIN}")
    if isinstance(error, RepositoryNotFoundError):
        return TargetNotFound(
            f"The Hub has no {noun} {name}, or it is private. Check the spelling; if it is yours, log in with: "
            "hf auth login"
        )
    if isinstance(error, RemoteEntryNotFoundError):
        return HubError(f"A file of {name} is not there any more. Try again to get its newest state.")
    if status == 429:
        wait = error.response.headers.get("Retry-After", "")
        after = f"in {wait} seconds" if wait.isdigit() else "in a few minutes"
        return HubError(f"The Hub has had too many requests from here. Try again {after}; what has come is kept.")
    if status in (401, 403):
        return HubRefused(
            f"Your token has no right to do this with {page}. Make one that may write to it on "
            f"{endpoint}/settings/tokens, then: hf auth login"
        )
    if status == 402:
        return HubRefused(f"The Hub wants this account to be paid for it. See {endpoint}/pricing")
    if status == 412:
        return HubError(f"{name} was changed by somebody else meanwhile. Look at {page}, then publish again.")
    if status >= 500:
        return HubError(f"The Hub has trouble of its own ({status}). Try again in a few minutes; nothing is lost.")
    return HubError(f"The Hub refused what was asked of {name} ({status}: {error.server_message or 'no reason'}).")


def _reason(error: Exception) -> str:
    return str(error).strip().splitlines()[0][:120] if str(error).strip() else type(error).__name__

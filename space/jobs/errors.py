"""What can go wrong with jobs, in sentences for the visitor or for who starts the page."""

from __future__ import annotations

from posetransfer.errors import PoseTransferError


class JobNotFound(PoseTransferError, LookupError):
    """No job of this token, or no such file of it. Both look the same from outside."""


class QueueFull(PoseTransferError):
    """Too many jobs wait, of everybody's or of this visitor's."""


class AlreadyOpen(PoseTransferError):
    """Another page serves this folder of jobs."""


class UnsafeName(PoseTransferError, ValueError):
    """A file name that would leave the job's folder or meet one of its own files."""


class NotPausable(PoseTransferError):
    """The job cannot be paused, or not gone on with."""

"""What can go wrong, in sentences for the person who can act.

`PoseTransferError` and its subclasses carry one sentence or two: what happened and what to try next.
The command line prints it and exits with code 2; the page shows it. Anything else is a bug. Where a
standard exception means the same, ours is one too.
"""

from __future__ import annotations


class PoseTransferError(Exception):
    """Something the user can mend. str() is the sentence to show."""


class Stopped(PoseTransferError):
    """The user stopped the run before there was anything to keep."""


class ShapeError(PoseTransferError, ValueError):
    """An array has another shape or type than the contract says."""


class UnknownName(PoseTransferError, KeyError):
    """No plug-in of this name; the sentence lists those there are."""

    def __str__(self) -> str:  # KeyError would put quotes around the sentence
        return str(self.args[0])


class VideoError(PoseTransferError):
    """A video cannot be read or written."""


class NotAVideo(VideoError, ValueError):
    """The file is not a video that can be opened: another kind of file, damaged, empty or refused."""


class NoPictures(VideoError, ValueError):
    """The file opens, but it has no picture stream, or the stream has no frames."""


class LimitPassed(VideoError, ValueError):
    """The video is over a limit on pixels, frames, seconds, bytes or decode time."""


class OutOfSpace(PoseTransferError, OSError):
    """The disk is full, or the folder cannot be written to."""


class NoPersonFound(PoseTransferError, ValueError):
    """No person, or not the one who was asked for, is seen in the video."""


class CheckpointError(PoseTransferError, ValueError):
    """A target's folder is missing, damaged, of a newer format, or not what it says it is."""


class TargetNotFound(CheckpointError, FileNotFoundError):
    """No target of this name or at this path."""


class MethodMissing(CheckpointError):
    """The target was not made for this method; the sentence lists those it has."""


class WeightsMissing(PoseTransferError, FileNotFoundError):
    """Weights that an estimator needs are not on this machine; the sentence says how to get them."""


class TrainingError(PoseTransferError, ValueError):
    """The footage or the options do not allow this training."""


class HubError(PoseTransferError):
    """The Hub could not do what was asked, or could not be asked. What was pulled or sent before is kept."""


class HubUnreachable(HubError, ConnectionError):
    """No connection, or the Hub is switched off on this machine."""


class HubRefused(HubError, PermissionError):
    """The Hub wants another token, more rights, or its terms accepted."""

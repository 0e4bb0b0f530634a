"""posetransfer: make person B perform what person A does on video."""

__version__ = "0.1.0"

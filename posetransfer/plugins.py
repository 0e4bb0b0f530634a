"""Names to implementations: a plug-in is one file and one line in a registry.

A registry maps a name to "module:Class". The module is imported when the name is used, so that an
optional dependency costs nothing until it is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from posetransfer.errors import UnknownName


class Registry(Mapping[str, str]):
    """The implementations of one seam, e.g. Registry("pose estimator", {"mediapipe": "module:Class"})."""

    def __init__(self, noun: str, entries: dict[str, str]) -> None:
        self.noun = noun
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> str:
        if name not in self._entries:
            raise UnknownName(f"There is no {self.noun} called {name!r}. Choose one of: {', '.join(self._entries)}.")
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def resolve(self, name: str) -> Any:
        """The class registered under `name`. Raises UnknownName."""
        module, _, attribute = self[name].partition(":")
        return getattr(import_module(module), attribute)

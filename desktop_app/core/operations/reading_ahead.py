"""The next files of a merge, read before their turn and verified by a helper while those before them are written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.operations import known_files
from desktop_app.core.operations.known_files import Small
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import aside
from desktop_app.core.package.aside import Aside, Asked
from desktop_app.core.package.opened import OpenedPackage
from desktop_app.core.trust import envelope

AHEAD = 3
"""Files that are held in memory before their turn."""


class Ahead:
    """Of each file in turn `small`, then `opened` where it has to be verified.  Use as a context manager."""

    def __init__(self, workspace: Workspace, files: Sequence[Path], roots: Sequence[bytes]) -> None:
        self._workspace = workspace
        self._files = files
        self._roots = roots
        self._aside: Aside | None = None
        self._read: dict[int, Small | None] = {}
        self._asked: dict[int, Asked] = {}

    def small(self, number: int) -> Small | None:
        """A file's bytes where it is small (see `known_files.read`)."""
        self._hand_over(number)
        if number in self._read:
            return self._read.pop(number)
        return known_files.read(self._files[number], self._roots)

    def opened(self, number: int) -> OpenedPackage | None:
        """The package, verified by the helper; None where that is still to be done."""
        if self._aside is None and aside.worth_it(len(self._files) - number):
            self._aside = Aside(self._roots)
            self._aside.start()
        asked = self._asked.pop(number, None)
        return None if asked is None or self._aside is None else self._aside.opened(asked)

    def _hand_over(self, number: int) -> None:
        """Read what comes next, and let the helper begin with what is not known already."""
        self._asked.pop(number - 1, None)
        if self._aside is None or not self._aside.ready:
            return
        for later in range(number + 1, min(number + 1 + AHEAD, len(self._files))):
            if later in self._read:
                continue
            path = self._files[later]
            small = self._read[later] = known_files.read(path, self._roots)
            if small is None or envelope.is_envelope(small.content[:64]):
                continue
            if known_files.recall(self._workspace, small.key) is None:
                self._asked[later] = self._aside.ask(path.name, small.content)

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *exception: object) -> None:
        if self._aside is not None:
            self._aside.__exit__(*exception)

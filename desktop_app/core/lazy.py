"""Modules that are imported when something of them is first asked for.

A desk has some two hundred verbs; the first window needs a handful.  Where a module only calls others' functions,
importing them late is what lets a window come up on an old laptop before the clerk looks away.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Any


class _Later(ModuleType):
    """Stands for a module and asks it for everything; nothing is kept, so that a patched module is seen patched."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


def later(names: dict[str, Any], package: str, modules: str) -> None:
    """Put stand-ins for modules of a package, named by one word each (`calendar:days` to call it otherwise), among a
    module's own `names`.

    Used beside a real import for the type checker (and for what freezes the program, which reads it too):

        if TYPE_CHECKING:
            from desktop_app.core.operations import archive, papers
        else:
            later(globals(), "desktop_app.core.operations", "archive papers")
    """
    for word in modules.split():
        name, _colon, alias = word.partition(":")
        names[alias or name] = _Later(f"{package}.{name}")

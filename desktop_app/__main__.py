"""`taizhang` without arguments opens the app; with arguments it is the command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.core.operations.entrance import Entrance
    from desktop_app.core.report.paper import Paper


def main(arguments: list[str] | None = None) -> int:
    """The entry point of both; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["screenshots"]:
        from desktop_app.ui.showcase import main as draw

        return draw(words[1:])
    if words[:1] == ["--verify-aside"]:  # aside.WORD; importing it here would slow every start.
        from desktop_app.core.package.aside import serve

        return serve()
    from desktop_app.cli.line import globals_of

    safe = words[:1] == ["--safe"]
    options = globals_of(words[1:] if safe else words)
    files = [Path(word) for word in options.words[1:]] if options.words[:1] == ("open",) else []
    if files:
        options = options._replace(words=())
    if options.words or options.json:
        from desktop_app.cli.main import run

        return run(words, paper=_paper)
    from desktop_app.ui.application import run as open_app

    return open_app(_entrance, workspace=options.workspace, safe=safe, files=files)


def _entrance() -> Entrance:
    from desktop_app.core.operations.entrance import Entrance

    return Entrance()


def _paper() -> Paper:
    from desktop_app.ui.paper import QtPaper

    return QtPaper()


if __name__ == "__main__":
    sys.exit(main())

"""`taizhang` without arguments opens the app; with arguments it is the command line."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """The entry point of both; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    if words[:1] == ["screenshots"]:
        from desktop_app.ui.showcase import main as draw

        return draw(words[1:])
    from desktop_app.cli.line import globals_of

    options = globals_of(words)
    if options.words or options.json:
        from desktop_app.cli.main import run

        return run(words)
    from desktop_app.core.operations.entrance import Entrance
    from desktop_app.ui.application import run as open_app

    return open_app(Entrance(), workspace=options.workspace)


if __name__ == "__main__":
    sys.exit(main())

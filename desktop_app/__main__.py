"""`taizhang` without arguments opens the app; with arguments it is the command line."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """The entry point of both; returns the exit status."""
    words = sys.argv[1:] if arguments is None else arguments
    from desktop_app.cli import globals_of, run

    options = globals_of(words)
    if not options.words and not options.json:
        from desktop_app.ui.application import run as open_app

        return open_app(options.workspace)
    return run(words)


if __name__ == "__main__":
    sys.exit(main())

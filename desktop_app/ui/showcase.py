"""`python -m desktop_app screenshots CITY --out FOLDER`: pictures of the main screens of a sample city, drawn without
a screen.  Three desks are drawn: the first township, its county, the city."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path


def main(words: Sequence[str]) -> int:
    """Draw, and print each picture's path."""
    parser = argparse.ArgumentParser(prog="taizhang screenshots")
    parser.add_argument("city", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", default="1366x768")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--period", default="")
    options = parser.parse_args(list(words))
    width, _x, height = options.size.partition("x")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    from desktop_app.core.model.period import Period
    from desktop_app.core.operations.demo import PASSPHRASE
    from desktop_app.core.operations.entrance import Entrance
    from desktop_app.ui import theme
    from desktop_app.ui.application import make_application
    from desktop_app.ui.pictures import grab, save_pictures, settle
    from desktop_app.ui.preferences import Preferences
    from desktop_app.ui.session import Session

    application = make_application()
    theme.apply(application)
    entrance = Entrance(options.city)
    folders = {path.parent.name for path in options.city.glob("*/taizhang.db")}
    counties = sorted(name for name in folders if len(name) == 6)
    townships = sorted(name for name in folders if len(name) == 9 and name[6] != "0")
    chosen = [*townships[:1], *counties[:1], "city"]
    for name in chosen:
        if name not in folders:
            continue
        desk = entrance.open(options.city / name)
        try:
            desk.unlock(PASSPHRASE)
            periods = desk.periods()
            # Townships show the month they are working on, the others the last one that was sent to them.
            latest = periods[0] if name in townships or len(periods) < 2 else periods[0].shifted(-1)
            if name in counties:
                latest = periods[0]
            period = Period.parse(options.period) if options.period else latest
            for path in save_pictures(
                Session(desk, period), options.out, (int(width), int(height)), options.scale
            ):
                print(path)
        finally:
            desk.close()
    from desktop_app.ui.identity.first_start import FirstStartWindow

    first = FirstStartWindow(Entrance(Path("文档") / "民生实事台账"), Preferences())
    first.resize(int(width), int(height))
    first.show()
    settle()
    path = options.out / "first-start.png"
    grab(first, options.scale).save(str(path))
    print(path)
    first.close()
    return 0

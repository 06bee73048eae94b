"""Whether the program grows when it works for long:  python -m tests.faults.endure [--merges 1000] [--operations 10000]

Merges so many packages, each into a desk that had not seen it, in one process, and does so many things in one window:
pages, periods, figures typed and taken back, searches, dialogs, sizes.  After each tenth it notes memory, open files,
threads and widgets; what is told is how they stood after the second tenth and at the end (the first fills the caches).
Exit status 1 where memory grew by more than a fifth, or anything else grew at all.
"""

from __future__ import annotations

import argparse
import gc
import os
import random
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "bench"))

PARTS = 10
GROWTH = 1.2
SLACK_MB = 24
"""A heap's own breathing, which is no leak, however small the process."""


class Sample(NamedTuple):
    memory: float
    """MB, resident."""
    files: int
    threads: int
    widgets: int


def sample() -> Sample:
    gc.collect()
    status = Path("/proc/self/status").read_text(encoding="ascii")
    resident = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    widgets = 0
    if "PySide6.QtWidgets" in sys.modules:
        from PySide6.QtWidgets import QApplication

        widgets = len(QApplication.allWidgets()) if QApplication.instance() else 0
    return Sample(
        int(resident.split()[1]) / 1024, len(os.listdir("/proc/self/fd")), threading.active_count(), widgets
    )


def merges(count: int, folder: Path) -> Iterator[Sample]:
    """`count` packages merged, a tenth of them at a time, each time into a desk as it was in the beginning."""
    from material import Material

    from desktop_app.core.operations import merging
    from desktop_app.core.operations.workspace import Workspace

    material = Material(folder / "material", max(1, count // PARTS), 60)
    for _part in range(PARTS):
        desk = material.fresh_desk()
        with Workspace.open(desk) as workspace:
            for path in material.files:
                results, _changes = merging.merge(workspace, [path])
                assert results[0].state == "merged", results[0].reason
        shutil.rmtree(desk)
        yield sample()


def operations(count: int, folder: Path) -> Iterator[Sample]:
    """`count` things done in one window of a sample township."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QEvent
    from PySide6.QtWidgets import QApplication

    from desktop_app.core.operations.demo import make_city
    from desktop_app.core.operations.desk import Desk
    from desktop_app.core.operations.workspace import Workspace
    from desktop_app.ui import jobs, theme
    from desktop_app.ui.main_window import MainWindow
    from desktop_app.ui.session import Session

    app = QApplication.instance() or QApplication([])
    theme.apply(app)  # type: ignore[arg-type]
    make_city(folder / "city", counties=1, towns=1, months=2, key_kind="p256")
    desk = Desk(Workspace.open(folder / "city" / "990101101"))
    window = MainWindow(Session(desk))
    window.resize(1366, 768)
    window.show()
    chance = random.Random(1)
    acts = _acts(window, chance)
    for _part in range(PARTS):
        for _number in range(count // PARTS):
            chance.choice(acts)()
            app.processEvents()
            # What was told to go later goes when a real event loop comes round.
            app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        jobs.wait(10_000)
        app.processEvents()
        yield sample()
    window.close()
    jobs.wait(10_000)
    desk.close()


def _acts(window: object, chance: random.Random) -> list[Callable[[], None]]:
    from desktop_app.ui.frame.about_dialog import AboutDialog
    from desktop_app.ui.frame.help_dialog import HelpDialog
    from desktop_app.ui.main_window import MainWindow

    assert isinstance(window, MainWindow)
    shown, session = window, window.session
    places = [place.key for place in shown.places]
    periods = session.desk.periods()[:3]

    def page() -> None:
        shown.show_page(chance.choice(places))

    def type_figure() -> None:
        shown.show_page("entry")
        model = shown.pages["entry"].model
        rows = [view for view in model.shown() if view.basis == "typed" and view.measure == "count"]
        model.type_in(chance.choice(rows), str(chance.randrange(1, 500)))

    def undo() -> None:
        if session.desk.undoable().undo:
            session.attempt(lambda desk: desk.undo())

    def search() -> None:
        shown.show_page("tasks")
        shown.pages["tasks"].search.setText(chance.choice(["", "就业", "12", "jy", "住建"]))

    def period() -> None:
        session.show_period(chance.choice(periods))

    def size() -> None:
        shown.resize(*chance.choice([(1366, 768), (911, 512), (1920, 1080)]))

    def dialog() -> None:
        made = AboutDialog(shown) if chance.random() < 0.5 else HelpDialog(shown.current, shown)
        made.show()
        made.close()
        made.deleteLater()

    return [page, page, page, type_figure, undo, search, period, size, dialog]


def told(what: str, samples: list[Sample]) -> bool:
    early, late = samples[1], samples[-1]
    print(f"{what}:")
    for name, before, after in zip(Sample._fields, early, late, strict=True):
        print(f"  {name:8} {before:8.1f} -> {after:8.1f}")
    grown = late.memory > early.memory * GROWTH + SLACK_MB
    return (
        not grown
        and late.files <= early.files + 2
        and late.threads <= early.threads + 2
        and (late.widgets <= early.widgets * GROWTH)
    )


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--merges", type=int, default=1000)
    words.add_argument("--operations", type=int, default=10_000)
    asked = words.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as name:
        if asked.merges:
            good &= told(f"{asked.merges} merges", list(merges(asked.merges, Path(name))))
        if asked.operations:
            good &= told(
                f"{asked.operations} operations in a window", list(operations(asked.operations, Path(name)))
            )
    print("steady" if good else "GREW")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

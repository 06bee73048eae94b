"""The manual's and the README's pictures, drawn anew from a sample city with a fixed seed, without a screen:

    python -m desktop_app.ui.manual_pictures            all of them (some minutes)
    python -m desktop_app.ui.manual_pictures --only NAME …   those whose names begin so
    python -m desktop_app.ui.manual_pictures --city DIR  on a sample city made before (it is copied, not changed)

What is drawn, and what is done before, stands in `manual_shots`.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Self

import shiboken6
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from desktop_app.core import paths
from desktop_app.core.model.period import Period
from desktop_app.core.operations.demo import PASSPHRASE
from desktop_app.core.operations.desk import Desk
from desktop_app.core.operations.entrance import Entrance
from desktop_app.core.store import journal
from desktop_app.ui import errors, theme
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.pictures import grab, settle
from desktop_app.ui.session import Session
from desktop_app.ui.township import submit_page

SIZE = (1366, 768)
COLOURS = 128
LARGEST = 120_000
"""Bytes a picture may have; a fuller one is drawn with fewer colours."""
OURS = (
    theme.WHITE, theme.INK, theme.INK2, theme.INK3, theme.ACCENT, theme.BAR, theme.PAGE, theme.HEAD, theme.NAV,
    theme.SELECTION, theme.LINE, theme.LINE2, theme.RED, theme.RED_TINT, theme.AMBER, theme.AMBER_TINT, theme.GREEN,
    theme.GREEN_TINT, theme.BLUE, theme.BLUE_TINT, *(light.fill for light in theme.LIGHTS.values()),
)  # fmt: skip
"""Colours that mean something are kept exactly; only the rest is counted out."""
NEAR = 8
MANUAL = paths.ROOT / "docs" / "manual" / "pictures"
README = paths.ROOT / "docs" / "pictures"
MARK = 13
"""Radius of a number that stands in a picture."""


class Studio:
    """A copy of the sample city, and what is needed to draw it: windows, numbers, small files."""

    def __init__(self, city: Path, only: Sequence[str] = ()) -> None:
        self.city = city
        self.only = tuple(only)
        self.saved: list[Path] = []

    def wants(self, *names: str) -> bool:
        """Whether one of these pictures is asked for; what is done for a picture alone may be left out otherwise."""
        return not self.only or any(name.startswith(self.only) for name in names)

    def at(self, day: str) -> None:
        """From here on it is this day, for what is shown and for what is written."""
        os.environ["TAIZHANG_TODAY"] = day
        moment = datetime.fromisoformat(f"{day}T14:32:00+08:00")
        journal.now = lambda: moment.isoformat(timespec="seconds")

        class Fixed(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                return cls.fromtimestamp(moment.timestamp(), moment.tzinfo)

        submit_page.datetime = Fixed  # type: ignore[misc]

    @contextmanager
    def desk(self, unit: str) -> Iterator[Desk]:
        desk = Entrance(self.city).open(self.city / unit)
        try:
            desk.unlock(PASSPHRASE)
            yield desk
        finally:
            desk.close()

    @contextmanager
    def window(self, unit: str, period: str, size: tuple[int, int] = SIZE) -> Iterator[MainWindow]:
        """A unit's window as large as a laptop's; gone, jobs and all, before its desk is closed."""
        with self.desk(unit) as desk:
            window = MainWindow(Session(desk, Period.parse(period)))
            window.keep_desk_open()
            window.resize(*size)
            window.show()
            settle()
            try:
                yield window
            finally:
                settle(50)
                window.close()
                # Now, not later: its timers must not ask a desk that is closed.
                shiboken6.delete(window)

    def page(
        self,
        window: MainWindow,
        key: str,
        name: str,
        *marks: QWidget | QRect,
        crop: QWidget | None = None,
        what: object = None,
        readme: str = "",
    ) -> None:
        """Show a page and save its picture; the marks get numbers in this order."""
        if self.wants(name):
            window.show_page(key, what)
            settle()
            self.shoot(window, name, *marks, crop=crop, readme=readme)

    def shoot(
        self,
        widget: QWidget,
        name: str,
        *marks: QWidget | QRect,
        crop: QWidget | QRect | None = None,
        readme: str = "",
    ) -> None:
        if not self.wants(name):
            return
        settle(60)
        image = grab(widget)
        if readme:
            self._keep(image, README / f"{readme}.png")
        _number(image, [_place(mark, widget) for mark in marks])
        if crop is not None:
            image = image.copy(_place(crop, widget).adjusted(-8, -8, 8, 8).intersected(image.rect()))
        self._keep(image, MANUAL / f"{name}.png")

    def dialog(self, dialog: QDialog, name: str, *marks: QWidget) -> None:
        """A dialog that nobody answers."""
        if self.wants(name):
            dialog.show()
            settle(120)
            self.shoot(dialog, name, *marks)
        dialog.close()
        dialog.deleteLater()
        settle(20)

    def keep(self, image: QImage, name: str) -> None:
        """A picture that is no widget."""
        self._keep(image, MANUAL / f"{name}.png")

    def _keep(self, image: QImage, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(small_png(image))
        self.saved.append(path)


def _place(mark: QWidget | QRect, within: QWidget) -> QRect:
    if isinstance(mark, QRect):
        return mark
    return QRect(mark.mapTo(within, QPoint(0, 0)), mark.size())


def _number(image: QImage, places: Sequence[QRect]) -> None:
    """Frames and numbers as the chapters speak of them."""
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    red = QColor(theme.RED)
    for number, place in enumerate(places, start=1):
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(red, 2))
        painter.drawRoundedRect(QRectF(place.adjusted(-2, -2, 2, 2)), 4, 4)
        middle = QPoint(
            min(max(place.left() - 8, MARK + 2), image.width() - MARK - 2),
            min(max(place.top() - 8, MARK + 2), image.height() - MARK - 2),
        )
        painter.setBrush(red)
        painter.setPen(QPen(QColor(theme.WHITE), 2))
        painter.drawEllipse(middle, MARK, MARK)
        painter.setFont(theme.font("strong"))
        circle = QRect(middle.x() - MARK, middle.y() - MARK, 2 * MARK, 2 * MARK)
        painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()


def small_png(image: QImage) -> bytes:
    """Few colours, since every version of every picture stays in the repository's history."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    with Image.open(io.BytesIO(buffer.data().data())) as drawn:
        full = drawn.convert("RGB")
    data = b""
    for colours in (COLOURS, 64, 32):
        out = io.BytesIO()
        counted = full.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        palette = Image.new("P", (1, 1))
        palette.putpalette(_with_ours(counted.getpalette() or []))
        few = full.quantize(palette=palette, dither=Image.Dither.NONE)
        few.save(out, "PNG", optimize=True)
        data = out.getvalue()
        if len(data) <= LARGEST:
            break
    return data


def _rgb(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()


def _with_ours(counted: list[int]) -> list[int]:
    """Our own colours first; what was counted out so near to one of them would only take its place."""
    ours = [_rgb(name) for name in OURS]
    others = zip(*(iter(counted),) * 3, strict=True)
    kept = [
        other
        for other in others
        if all(max(abs(a - b) for a, b in zip(other, own, strict=True)) > NEAR for own in ours)
    ]
    return [part for colour in (ours + kept)[:256] for part in colour]


def _sample(folder: Path) -> None:
    from desktop_app.core.operations.demo import make_city

    make_city(folder, counties=3, towns=4, months=3, seed=1, key_kind="p256")


def _unexpected(dialog: errors.ErrorDialog) -> int:
    """Nobody is there to answer: the run ends with what went wrong instead of waiting for ever."""
    print(dialog._help, flush=True)
    os._exit(1)


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="manual_pictures")
    parser.add_argument(
        "--city", type=Path, help="a sample city of three counties and three months made before"
    )
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    options = parser.parse_args(words)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="taizhang-pictures-") as name:
        scratch = Path(name)
        # What a person left on this computer must not show; and what is remembered here must not stay.
        os.environ["XDG_CONFIG_HOME"] = str(scratch / "settings")
        city = scratch / "样例城市"
        if options.city is not None:
            shutil.copytree(options.city, city)
        else:
            _sample(city)
        # Paths in the pictures are short and say nothing about this computer.
        os.chdir(scratch)
        from desktop_app.ui.application import make_application
        from desktop_app.ui.manual_shots import draw_all

        application = make_application(["taizhang"])
        theme.apply(application)
        errors.ErrorDialog.exec = _unexpected  # type: ignore[assignment,method-assign]
        studio = Studio(city, options.only)
        draw_all(studio)
        QApplication.processEvents()
        os.chdir(paths.ROOT)
    total = sum(path.stat().st_size for path in studio.saved)
    for path in studio.saved:
        print(path.relative_to(paths.ROOT), path.stat().st_size // 1024, "KB")
    print(f"{len(studio.saved)} pictures, {total // 1024} KB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

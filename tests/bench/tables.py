"""Tables and pictures on the screen, against what Qt gives for nothing:  100,000 rows, and a photo of 12 megapixels."""

from __future__ import annotations

import io
import os
import random
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from measures import Bench, Measure, timed

ROWS = 100_000


class Row(NamedTuple):
    name: str
    place: str
    done: int


def _records(count: int) -> list[Row]:
    chance = random.Random(1)
    return [
        Row(f"第{number:06d}户", f"{chance.randrange(900)}村", chance.randrange(10**6))
        for number in range(count)
    ]


def _application() -> Any:
    from PySide6.QtWidgets import QApplication

    from desktop_app.ui import theme

    app = QApplication.instance() or QApplication([])
    theme.apply(app)  # type: ignore[arg-type]
    return app


def _ours(records: list[Row]) -> Any:
    from desktop_app.ui.widgets.records import Column, RecordModel
    from desktop_app.ui.widgets.table import RecordTable

    model = RecordModel(
        [
            Column("name", "户", 160, lambda row: row.name, sort=lambda row: row.name),
            Column("place", "村", 160, lambda row: row.place, sort=lambda row: row.place, stretch=True),
            Column("done", "数", 120, lambda row: str(row.done), right=True, sort=lambda row: row.done),
        ]
    )
    table = RecordTable(model)
    table.resize(900, 600)
    table.refill(records)
    return table


def _plain(records: list[Row]) -> Any:
    """The same through QSortFilterProxyModel over a table model."""
    from PySide6.QtCore import QAbstractTableModel, QSortFilterProxyModel, Qt
    from PySide6.QtWidgets import QTableView

    class Model(QAbstractTableModel):
        def rowCount(self, parent: Any = None) -> int:
            return len(records)

        def columnCount(self, parent: Any = None) -> int:
            return 3

        def data(self, index: Any, role: int = 0) -> Any:
            return records[index.row()][index.column()] if role == Qt.ItemDataRole.DisplayRole else None

    view = QTableView()
    proxy = QSortFilterProxyModel(view)
    proxy.setSourceModel(Model(view))
    view.setModel(proxy)
    view.resize(900, 600)
    return view


def rows(bench: Bench) -> Iterator[Measure]:
    app = _application()
    many, few = _records(ROWS), _records(40)
    ours, plain = _ours(many), _plain(many)
    for widget in (ours, plain):
        widget.show()
        app.processEvents()

    def sort_ours() -> float:
        model = ours.record_model
        model.sort_by(-1)
        return timed(lambda: (model.sort_by(model.column("done")), app.processEvents()))

    def sort_plain() -> float:
        plain.model().sort(-1)
        return timed(lambda: (plain.model().sort(2), app.processEvents()))

    what = f"sort {ROWS:,} rows and repaint"
    yield bench.compare(what, "QSortFilterProxyModel", sort_ours, sort_plain, "≤ 1/50", lambda r: r <= 1 / 50)

    def shown(records: list[Row]) -> Callable[[], float]:
        def show() -> float:
            begun = time.perf_counter()
            table = _ours(records)
            table.show()
            app.processEvents()
            seconds = time.perf_counter() - begun
            table.close()
            table.deleteLater()
            return seconds

        return show

    yield bench.compare(
        f"show a table of {ROWS:,} rows",
        "one of 40 rows",
        shown(many),
        shown(few),
        "≤ 1.3",
        lambda r: r <= 1.3,
    )
    for widget in (ours, plain):
        widget.close()


def scaling(bench: Bench) -> Measure:
    """A photo of 12 megapixels made into a thumbnail as the screens do it, against Pillow's full resize."""
    from PIL import Image
    from PySide6.QtCore import QSize

    from desktop_app.ui.widgets.thumbnails import read_image

    _application()
    noise = Image.effect_noise((4032, 3024), 60).convert("RGB")
    out = io.BytesIO()
    noise.save(out, "JPEG", quality=85)
    photo = out.getvalue()

    def ours() -> float:
        return timed(lambda: read_image(photo, QSize(292, 204)))

    def pillow() -> float:
        def scale() -> None:
            with Image.open(io.BytesIO(photo)) as image:
                image.resize((292, 204))

        return timed(scale)

    return bench.compare(
        "thumbnail of 12 megapixels", "Pillow resize", ours, pillow, "≤ 0.42", lambda r: r <= 0.42
    )

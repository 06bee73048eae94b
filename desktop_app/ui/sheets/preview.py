"""What files would change and what is wrong in them, cell by cell; nothing is entered before it was seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QApplication, QDialog, QInputDialog, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.sheet import CellProblem, PlannedRow, Reading
from desktop_app.core.progress import Progress
from desktop_app.ui import jobs, theme
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ChipCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

Read = Callable[[Desk, bool, Mapping[str, str], Progress], tuple[Reading, Changes]]
"""desk, dry, reasons by indicator, progress → what was read and written."""


def _state(record: PlannedRow) -> str:
    return {"new": _("新增"), "changed": _("更改"), "same": _("不变")}[record.state]


def rows_table() -> tuple[RecordModel, RecordTable]:
    """The figures and sites as they would stand."""
    moods = {"new": "ok", "changed": "info", "same": "plain"}
    model = RecordModel(
        [
            Column("state", _("变化"), 66, _state, cell=ChipCell(lambda r: moods[r.state])),
            Column("name", _("内容"), 190, lambda r: r.name, stretch=True, tip=lambda r: r.name),
            Column("before", _("原来"), 110, lambda r: r.before or "–", right=True, colour=theme.INK2, drop=3),
            Column("after", _("现在"), 130, lambda r: r.after, right=True),
            Column(
                "detail", _("明细"), 190, lambda r: r.detail, colour=theme.INK2, drop=2, tip=lambda r: r.detail
            ),
            Column(
                "spot", _("在哪一格"), 190, lambda r: r.spot.words, colour=theme.INK2, drop=1,
                tip=lambda r: r.spot.words,
            ),
        ]
    )  # fmt: skip
    table = RecordTable(model)
    table.setAccessibleName(_("会填进的内容"))
    return model, table


def problems_table() -> tuple[RecordModel, RecordTable]:
    """What was not taken, by file, sheet and cell, with how to mend it.  Used wherever a workbook is read."""
    model = RecordModel(
        [
            Column(
                "spot", _("在哪一格"), 210, lambda r: r.spot.words, tip=lambda r: r.spot.words,
            ),
            Column(
                "text", _("问题"), 230, lambda r: r.text, stretch=True, colour=theme.RED,
                tip=lambda r: f"{r.text}\n{r.next_step}",
            ),
            Column(
                "next", _("怎么改"), 260, lambda r: r.next_step, colour=theme.INK2, drop=1,
                tip=lambda r: r.next_step,
            ),
        ]
    )  # fmt: skip
    table = RecordTable(model)
    table.setAccessibleName(_("问题"))
    return model, table


class PreviewDialog(QDialog):
    """Reads in the background, shows rows and problems, and enters what stands when it is told to."""

    def __init__(self, session: Session, title: str, read: Read, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self._read = read
        self.reasons: dict[str, str] = {}
        self.reading: Reading | None = None
        self.entered: Reading | None = None
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(edge) for edge in (20, 14, 20, 14)))
        column.setSpacing(theme.px(8))
        column.addWidget(Label(title, "panel"))
        self.summary = WrappedLabel("", "body")
        column.addWidget(self.summary)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(self._show)
        self.copy = button(_("复制问题清单"), "small", "copy", self._copy)
        self.copy.setToolTip(_("贴到微信里，请对方照着改"))
        self.explain = button(_("写原因"), "small", "writing", self._explain)
        column.addLayout(row(self.filter, None, self.explain, self.copy))
        self.rows, self.rows_view = rows_table()
        self.problems, self.problems_view = problems_table()
        self.card = Card((1, 1, 1, 1), 0)
        self.card.body.addWidget(self.rows_view)
        self.card.body.addWidget(self.problems_view)
        column.addWidget(self.card, 1)
        self.detail = WrappedLabel("", "note")
        self.rows_view.picked.connect(self._tell)
        self.problems_view.picked.connect(self._tell)
        column.addWidget(self.detail)
        self.notes = WrappedLabel("", "note", "ink2")
        column.addWidget(self.notes)
        self.strip = ProgressStrip()
        column.addWidget(self.strip)
        self.cancel = button(_("关闭"), clicked=self.reject)
        self.go = button(_("填进去"), "primary", clicked=self._enter)
        self.go.setEnabled(False)
        column.addLayout(row(None, self.cancel, self.go))
        screen = QApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else None
        width, height = theme.px(980), theme.px(560)
        if room is not None:
            width, height = min(width, room.width() - 40), min(height, room.height() - 60)
        self.resize(width, height)
        self._start(dry=True)

    # -- reading and entering ------------------------------------------------------------------------------------

    def _start(self, *, dry: bool) -> None:
        self.go.setEnabled(False)
        reasons = dict(self.reasons)
        job = jobs.start(
            lambda desk, progress: self._read(desk, dry, reasons, progress),
            desk=self.session.desk,
            finished=self._looked_at if dry else self._done,
            strip=self.strip,
            words=_("正在读表…") if dry else _("正在填…"),
        )
        # Why, the job itself tells; there is nothing to look at here.
        job.failed.connect(lambda _error: self.reject())
        job.cancelled.connect(self.reject)

    def _looked_at(self, result: tuple[Reading, Changes]) -> None:
        reading, _changes = result
        self.reading = reading
        self.rows.fill(reading.rows)
        self.problems.fill(reading.problems)
        fresh, wrong = reading.fresh, len(reading.problems)
        same = len(reading.rows) - fresh
        segments = [
            ("fresh", _("会填进的 {count}").format(count=fresh)),
            ("problems", _("问题 {count}").format(count=wrong)),
        ]
        self.filter.set_segments(
            [*segments, *([("same", _("不变 {count}").format(count=same))] if same else [])]
        )
        key = "problems" if wrong and not fresh else "fresh"
        self.filter.choose(key)
        self._show(key)
        self.summary.setText(self._words(reading))
        self.notes.setText("\n".join(reading.notes[:6]))
        self.notes.setVisible(bool(reading.notes))
        self.copy.setEnabled(bool(wrong))
        self.explain.setVisible(any(problem.soft for problem in reading.problems))
        self.go.setEnabled(bool(fresh))
        (self.go if fresh else self.cancel).setFocus()
        self.go.setText(_("填进去 {count} 项").format(count=fresh) if fresh else _("填进去"))

    def _words(self, reading: Reading) -> str:
        known = [note for note in reading.files if note.state == "known"]
        refused = [note for note in reading.files if note.state == "refused"]
        words = [_("读了 {count} 份。").format(count=len(reading.files))]
        if known:
            words.append(_("{count} 份以前收过，不会重复。").format(count=len(known)))
        if refused:
            words.append(_("{count} 份读不了，别的不受影响。").format(count=len(refused)))
        if reading.problems and reading.fresh:
            words.append(_("有问题的格不填，其他照填；对方改好后再收一次即可。"))
        elif not reading.fresh and not reading.problems:
            words.append(_("没有新内容。"))
        return "".join(words)

    def _enter(self) -> None:
        self._start(dry=False)

    def _done(self, result: tuple[Reading, Changes]) -> None:
        reading, changes = result
        self.entered = reading
        words = _("填进了 {count} 项").format(count=reading.entered)
        if reading.problems:
            words += _("，还有 {count} 处要改").format(count=len(reading.problems))
        self.session.write(changes, words)
        self.accept()

    # -- showing -------------------------------------------------------------------------------------------------

    def _show(self, key: str) -> None:
        self.rows_view.setVisible(key != "problems")
        self.problems_view.setVisible(key == "problems")
        self.rows.show_only(lambda row: (row.state == "same") == (key == "same"))
        view = self.problems_view if key == "problems" else self.rows_view
        if view.record_model.rowCount():
            view.selectRow(0)
        self._tell(view.record_model.record(0))

    def _tell(self, record: CellProblem | PlannedRow | None) -> None:
        """The chosen line in full, since its columns may be too narrow."""
        words = ""
        if isinstance(record, CellProblem):
            words = f"{record.spot.words}：{record.text}{record.next_step}"
        elif isinstance(record, PlannedRow):
            words = "　".join(part for part in (record.spot.words, record.name, record.detail) if part)
        self.detail.setText(words)

    def _copy(self) -> None:
        if self.reading is not None:
            QApplication.clipboard().setText(problem_text(self.reading.problems))
            self.session.told.emit(_("问题清单已复制"))

    def _explain(self) -> None:
        """One sentence for each figure that only lacks a reason."""
        if self.reading is None:
            return
        asked = {problem.indicator: problem for problem in self.reading.problems if problem.soft}
        for ident, problem in asked.items():
            text, given = QInputDialog.getText(self, _("写一句原因"), problem.text)
            if not given:
                break
            if text.strip():
                self.reasons[ident] = text.strip()
        if self.reasons:
            self._start(dry=True)


def problem_text(problems: tuple[CellProblem, ...]) -> str:
    """As lines to send to whoever filled the workbook in."""
    return "\n".join(f"{item.spot.words}：{item.text}{item.next_step}" for item in problems)

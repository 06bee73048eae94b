"""公开: the result sheet of a task with chosen photos, and the record of what was published where."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from desktop_app.core.i18n import N_, _
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.model.view import EvidenceView
from desktop_app.core.report import docx_style
from desktop_app.core.report.result_sheet import ResultSheet, result_document
from desktop_app.ui import text, theme
from desktop_app.ui.city.paper_part import PaperPart
from desktop_app.ui.paper import QtPaper
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, ScrollPanel, button, row, rule
from desktop_app.ui.widgets.evidence_grid import EvidenceGrid
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.thumbnails import Thumbnails

PANEL = 300


class PublishPanel(PaperPart):
    act_word = N_("生成成果页…")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._filled = False
        self.task = QComboBox()
        self.task.setFont(theme.font("body"))
        self.task.setAccessibleName(_("任务"))
        self.task.setMinimumWidth(theme.px(240))
        self.task.activated.connect(lambda _index: self._show_task())
        self.picked = Label("", "note", "ink2")
        self.body.addLayout(row(Label(_("任务"), "note", "ink2"), self.task, 8, self.picked, None))
        self.grid = EvidenceGrid(Thumbnails(session.desk, self))
        self.grid.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        self.grid.selectionModel().selectionChanged.connect(lambda *_change: self._count())
        left = Card((6, 6, 6, 6), 4)
        left.body.addWidget(
            WrappedLabel(
                _("点照片选用，再点一次去掉。标了“含个人信息”的不会出现；生成时去掉拍摄地点等信息。"),
                "note",
                "ink2",
            )
        )
        left.body.addWidget(self.grid, 1)
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        line.addWidget(left, 1)
        line.addWidget(self._make_panel())
        self.body.addLayout(line, 1)

    def _make_panel(self) -> QWidget:
        card = Card((1, 1, 1, 1), 0)
        card.setFixedWidth(theme.px(PANEL))
        panel = ScrollPanel()
        panel.body.addWidget(Label(_("另加一段话"), "panel"))
        self.words = QPlainTextEdit()
        self.words.setAccessibleName(_("另加一段话"))
        self.words.setPlaceholderText(_("可不写。不要写姓名、电话、身份证号。"))
        self.words.setFixedHeight(theme.px(76))
        panel.body.addWidget(self.words)
        panel.body.addWidget(rule())
        panel.body.addWidget(Label(_("公开以后记一笔"), "panel"))
        self.where = QLineEdit()
        self.where.setPlaceholderText(_("公布在哪里，如 市政府网站"))
        self.where.setAccessibleName(_("公布在哪里"))
        self.day = QLineEdit(self.session.desk.today().isoformat())
        self.day.setAccessibleName(_("公布日期"))
        panel.body.addWidget(self.where)
        panel.body.addLayout(row(self.day, button(_("记一笔"), "small", "check", self._publish), spacing=8))
        panel.body.addWidget(rule())
        panel.body.addWidget(Label(_("这项任务已公开的"), "panel"))
        self.log = WrappedLabel("", "note", "ink2")
        panel.body.addWidget(self.log)
        panel.body.addStretch(1)
        card.body.addWidget(panel)
        return card

    def title(self) -> str:
        return _("哪些成果可以公开")

    def note(self) -> str:
        return _("数据截至{day}").format(day=text.day(self.session.period.end))

    def ready(self) -> bool:
        return self.task.count() > 0

    def focus_widget(self) -> QWidget:
        return self.task

    @property
    def no(self) -> int:
        return int(self.task.currentData() or 0)

    def fill(self, cutoff: str) -> None:
        self.cutoff = cutoff
        if not self._filled:
            for task in self.session.desk.tasks(self.session.period):
                self.task.addItem(f"{task.no} {task.title}", task.no)
            self._filled = True
        self._show_task()
        self.changed.emit()

    def _show_task(self) -> None:
        no = self.no
        self.work(lambda desk, _progress: (desk.publishable(no), desk.published()), self._take)

    def _take(self, found: tuple[list[EvidenceView], list[RecordView]]) -> None:
        photos, published = found
        self.grid.fill(list(photos))
        # Nothing is chosen but by a person.
        self.grid.clearSelection()
        self._count()
        mine = [row for row in published if row.task == self.no]
        self.log.setText(
            "\n".join(
                f"{row.values.get('date', '')}  {row.values.get('where', '')}  {row.values.get('title', '')}"
                for row in mine
            )
            or _("还没有。公布后在上面记一笔，写明地方和日期。")
        )

    def _count(self) -> None:
        total = len(self.grid.grid_model.items)
        self.picked.setText(
            _("可选照片 {total} 张，已选 {count} 张").format(total=total, count=len(self.grid.selected()))
            if total
            else _("这项任务没有可以公开的照片，成果页只有文字和表。")
        )

    def act(self) -> None:
        path = self.choose_file(
            _("任务{no}完成情况.docx").format(no=self.no),
            _("Word 文档 (*.docx);;PDF (*.pdf);;长图 (*.png)"),
        )
        if path is not None:
            self.write(path if path.suffix.lower() in (".pdf", ".png") else path.with_suffix(".docx"))

    def write(self, path: Path) -> None:
        no, period, cutoff = self.no, self.session.period, self.cutoff
        photos = [view.sha256 for view in self.grid.selected()]
        words = self.words.toPlainText()

        def made(desk, _progress) -> Path:
            sheet: ResultSheet = desk.result_sheet(no, period, photos, words, cutoff)
            document = result_document(sheet)
            if path.suffix.lower() == ".docx":
                return docx_style.write(document, path)
            QtPaper().prose(document, path)
            return path

        self.work(
            made,
            lambda done: self.session.told.emit(_("成果页已存到 {path}").format(path=done)),
            _("正在生成成果页…"),
        )

    def _publish(self) -> None:
        no, where, day = self.no, self.where.text().strip(), self.day.text().strip()
        title = _("{task}完成情况").format(task=self.task.currentText())
        changes = self.session.attempt(
            lambda desk: desk.publish(no, title=title, where=where, day=day), _("公开记录已保存")
        )
        if changes is not None:
            self.where.clear()
            self._show_task()

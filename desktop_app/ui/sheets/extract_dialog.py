"""A business system's extract as evidence for many cases at once: which indicator, which column names the case."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.sheet import Match
from desktop_app.ui import theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button, fitting, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

SHOWN = 200
"""Names listed of each sort."""


class ExtractDialog(QDialog):
    """KnownError where the file cannot be read."""

    def __init__(
        self, session: Session, path: Path, indicator: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session = session
        self.path = path
        self.extract = session.desk.read_extract(path)
        self.match: Match | None = None
        self.setWindowTitle(_("业务系统导出表作佐证"))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(theme.px(edge) for edge in (20, 14, 20, 14)))
        column.setSpacing(theme.px(8))
        column.addWidget(Label(_("业务系统导出表作佐证"), "panel"))
        column.addWidget(
            WrappedLabel(
                _("“{file}”，{rows} 行。一份表可以证明一项指标的许多户、许多件，不用一户一张照片。").format(
                    file=path.name, rows=len(self.extract.rows)
                ),
                "body",
            )
        )
        if self.extract.personal:
            column.addWidget(
                WrappedLabel(
                    _("含个人信息的列不会留存：{columns}。").format(columns="、".join(self.extract.personal)),
                    "note",
                    "ink2",
                )
            )
        self.indicator = QComboBox()
        self.column = QComboBox()
        self.caption = QLineEdit(_("业务系统导出表"))
        for field, words in (
            (self.indicator, _("证明哪项指标")),
            (self.column, _("哪一列是名称或编号（用来与台账核对）")),
            (self.caption, _("说明")),
        ):
            field.setFont(theme.font("body"))
            field.setAccessibleName(words)
            column.addWidget(Label(words, "note", "ink2"))
            column.addWidget(field)
        for offer in session.desk.template_offers(session.period):
            if offer.site:
                self.indicator.addItem(f"{offer.id}  {offer.name}", offer.id)
        self.indicator.setCurrentIndex(max(0, self.indicator.findData(indicator)))
        self.column.addItem(_("不核对，整份作为这项指标的佐证"), -1)
        for number, name in enumerate(self.extract.columns):
            self.column.addItem(name, number)
        self.found_words = WrappedLabel("", "note-bold")
        column.addWidget(self.found_words)
        self.lists = QPlainTextEdit()
        self.lists.setReadOnly(True)
        self.lists.setFont(theme.font("note"))
        self.lists.setAccessibleName(_("核对结果"))
        column.addWidget(self.lists, 1)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        column.addWidget(self.words)
        self.go = button("", "primary", clicked=self._attach)
        column.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))
        self.indicator.currentIndexChanged.connect(lambda _number: self._compare())
        self.column.currentIndexChanged.connect(lambda _number: self._compare())
        self.resize(fitting(parent, 620, 520))
        self._compare()

    def _compare(self) -> None:
        number, ident = self.column.currentData(), self.indicator.currentData()
        self.match = None
        if number is None or number < 0 or not ident:
            self.found_words.setText("")
            self.lists.hide()
            self.go.setText(_("作为这项指标的佐证"))
            self.go.setEnabled(bool(ident))
            return
        self.match = self.session.desk.match_extract(self.extract, number, ident)
        found = self.match
        self.found_words.setText(
            _("对上 {both} 条；表里有、台账没有 {left} 条；台账有、表里没有 {right} 条。").format(
                both=len(set(found.matched.values())),
                left=len(found.extract_only),
                right=len(found.ledger_only),
            )
        )
        self.lists.setPlainText(_lists(found))
        self.lists.show()
        count = len(set(found.matched.values()))
        self.go.setText(_("作为对上的 {count} 条的佐证").format(count=count))
        self.go.setEnabled(bool(count))

    def _attach(self) -> None:
        about = (
            list(dict.fromkeys(self.match.matched.values()))
            if self.match is not None
            else [self.indicator.currentData()]
        )
        try:
            changes = self.session.desk.attach_extract(self.path, about, caption=self.caption.text().strip())
        except KnownError as error:
            self.words.setText(error.what + error.next_step)
            self.words.show()
            return
        said = _("已作为佐证") if changes.entries else _("这份表以前加过了")
        self.session.write(changes, said)
        self.accept()


def _lists(match: Match) -> str:
    parts = []
    for head, names in (
        (_("表里有、台账没有："), match.extract_only),
        (_("台账有、表里没有："), tuple(name for _subject, name in match.ledger_only)),
        (_("与台账里几条都对得上，分不清："), match.doubtful),
    ):
        if names:
            more = _("…共 {count} 条").format(count=len(names)) if len(names) > SHOWN else ""
            parts.append("\n".join([head, *names[:SHOWN], *([more] if more else [])]))
    return "\n\n".join(parts)

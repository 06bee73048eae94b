"""How one indicator is to come along: evenly, slowly at both ends, or by steps that are typed."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.operations.scheduling import CourseView
from desktop_app.ui import text, theme
from desktop_app.ui.city.dialog_size import open_at
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label


class CourseDialog(QDialog):
    def __init__(self, session: Session, line: CourseView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self.line = session, line
        self.setWindowTitle(_("定进度"))
        open_at(self, 460, 380)
        layout = QVBoxLayout(self)
        layout.addWidget(Label(f"{line.area_name} · {line.task} {line.name}", "panel"))
        last = _("最后期限 {day}。方案里带日期的节点总在里面。").format(day=text.day(line.last))
        layout.addWidget(Label(last, "note"))
        self.curve = QComboBox()
        self.curve.setFont(theme.font("body"))
        for key, words in (
            ("line", _("匀速")),
            ("s", _("先慢、中快、后慢")),
            ("steps", _("按台阶：到哪天累计多少")),
        ):
            self.curve.addItem(words, key)
        self.curve.setCurrentIndex(max(0, self.curve.findData(line.curve)))
        layout.addWidget(self.curve)
        layout.addWidget(Label(_("日期和累计百分数，每行一步（匀速也可以填，作为中间的点）"), "note"))
        self.steps = QPlainTextEdit()
        self.steps.setFont(theme.font("body"))
        self.steps.setPlaceholderText("2024-06-30 40\n2024-09-30 80")
        if line.stated:
            known = [(day, share) for day, share in line.corners if 0 < share < 1]
            self.steps.setPlainText(
                "\n".join(f"{day.isoformat()} {text.percent(share, '')}" for day, share in known)
            )
        layout.addWidget(self.steps, 1)
        self.take = button(_("定下来"), "primary", clicked=self._save)
        layout.addLayout(row(None, button(_("取消"), clicked=self.reject), self.take))

    def typed(self) -> dict[str, str]:
        """Percents by date, as typed; what is not two words stands under itself, to be refused by name."""
        found: dict[str, str] = {}
        for words in self.steps.toPlainText().splitlines():
            if words.strip():
                day, _gap, percent = words.strip().replace("\t", " ").partition(" ")
                found[day] = percent.strip()
        return found

    def _save(self) -> None:
        line = self.line
        done = self.session.attempt(
            lambda desk: desk.set_course(line.indicator, line.area, self.curve.currentData(), self.typed()),
            _("已定进度"),
        )
        if done is not None:
            self.accept()

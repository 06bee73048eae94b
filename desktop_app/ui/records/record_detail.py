"""Below the table: what the chosen row says in full, what it is warned of, what was answered, and what can be done."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model.record_view import AnswerView, RecordView
from desktop_app.core.model.register import Register
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.controls import Card, ScrollPanel, button
from desktop_app.ui.widgets.labels import Label, WrappedLabel


def answer_lines(answers: tuple[AnswerView, ...]) -> list[str]:
    lines = []
    for answer in answers:
        lines.append(
            _("{unit} {day}（{word}）：{text}").format(
                unit=answer.unit_name, day=text.day(answer.date), word=answer.word, text=answer.text
            )
        )
    return lines


class RecordDetail(Card):
    """Emits the key of what was pressed: change, answer, close, prove, void."""

    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__((14, 8, 10, 8), 6)
        self.setFixedHeight(theme.px(132))
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        self.title = Label("", "strong")
        line.addWidget(self.title, 1)
        self.buttons = {
            "prove": button(_("添加佐证"), "small", "photo-plus"),
            "answer": button(_("反馈"), "small", "message"),
            "change": button(_("修改"), "small", "pencil"),
            "void": button(_("作废"), "small", "trash"),
            "close": button(_("办结"), "small_primary", "check"),
        }
        for key, made in self.buttons.items():
            made.clicked.connect(lambda _checked=False, key=key: self.pressed.emit(key))
            line.addWidget(made)
        self.body.addLayout(line)
        panel = ScrollPanel((0, 0, 8, 0), 3)
        self.facts = WrappedLabel("", "note", "ink2")
        self.warned = WrappedLabel("", "note", "amber")
        self.said = WrappedLabel("", "note")
        lines = QVBoxLayout()
        lines.setSpacing(theme.px(3))
        for label in (self.warned, self.said, self.facts):
            lines.addWidget(label)
        panel.body.addLayout(lines)
        panel.body.addStretch(1)
        self.body.addWidget(panel, 1)

    def show_record(self, register: Register, record: RecordView | None, *, keeps: bool, own: str) -> None:
        """`keeps`: this desk's unit writes here; `own` is its code."""
        self.setVisible(record is not None)
        if record is None:
            return
        self.title.setText(record.name)
        keeps = keeps and record.mine
        may_close = keeps and bool(register.closing) and not record.closed
        addressed = record.to == own or (record.unit != own and bool(register.addressed))
        self.buttons["close"].setVisible(may_close and not register.freezes)
        self.buttons["change"].setVisible(keeps and not (register.freezes and record.closed))
        self.buttons["void"].setVisible(keeps and not (register.freezes and record.closed))
        self.buttons["answer"].setVisible(addressed)
        self.buttons["prove"].setVisible(register.proof and (keeps or addressed))
        ordered = [column for column in register.columns if column.key != register.called_by]
        facts = [f"{c.title}：{record.shown[c.key]}" for c in ordered if c.key in record.shown]
        facts += [f"{title}：{value}" for title, value in record.spans.items()]
        if record.about_name:
            facts.insert(0, _("所属：{name}").format(name=record.about_name))
        if record.sealed:
            facts.append(_("个人信息已加密保存"))
        if record.raised:
            facts.append(
                _("登记：{area} {day}，已 {days} 天").format(
                    area=record.area_name, day=text.day(record.raised), days=record.age_days
                )
            )
        self.facts.setText("　".join(facts))
        self.warned.setText("；".join(word.rstrip("。") for word in record.warnings))
        self.warned.setVisible(bool(record.warnings))
        self.said.setText("\n".join(answer_lines(record.answers)))
        self.said.setVisible(bool(record.answers))

"""The form of a register's row: one field a column, drawn from the declaration; it scrolls where it is long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import KnownError, ReasonNeeded
from desktop_app.core.i18n import _
from desktop_app.core.model.register import Column, Register
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.controls import ScrollPanel, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

Options = Sequence[tuple[str, str]]
"""(word, what is stored)."""


class Field(NamedTuple):
    """One line of the form; `kind` is text, long, date, choice or secret."""

    key: str
    label: str
    value: str = ""
    kind: str = "text"
    options: Options = ()
    needed: bool = False
    hint: str = ""


def fields_of(
    register: Register, values: Mapping[str, str], units: Options, indicators: Options, month: str
) -> list[Field]:
    """The register's own columns; `month` is shown as the example of a date."""
    found = []
    for column in register.columns:
        kind, options, hint = _kind(column, units, indicators, month)
        found.append(
            Field(
                column.key,
                column.title,
                values.get(column.key, ""),
                kind,
                options,
                column.required and not column.personal,
                column.hint or hint,
            )
        )
    return found


def _kind(column: Column, units: Options, indicators: Options, month: str) -> tuple[str, Options, str]:
    if column.personal:
        return "secret", (), _("加密保存，不随上报包送出；已填的留空不改")
    if column.type == "bool":
        return "choice", [("", ""), (_("是"), "是"), (_("否"), "否")], ""
    if column.type == "choice":
        return "choice", [("", ""), *((choice, choice) for choice in column.choices)], ""
    if column.type == "unit":
        return "choice", [("", ""), *units], ""
    if column.type == "indicator":
        return "choice", [("", ""), *indicators], ""
    if column.type == "date":
        return "date", (), _("例如 {month}.18").format(month=month)
    if column.type == "month":
        return "text", (), _("例如 2024-06")
    if column.type == "money":
        return "text", (), _("元")
    return ("long" if column.width >= 240 else "text"), (), ""


class RecordForm(QDialog):
    """`save` gets what was typed and raises a KnownError that is shown in the form, which stays open; where it wants a
    reason, a field for it appears."""

    def __init__(
        self,
        title: str,
        fields: Sequence[Field],
        year: int,
        save: Callable[[dict[str, str]], None],
        parent: QWidget | None = None,
        note: str = "",
        word: str = "",
    ) -> None:
        super().__init__(parent)
        self._save, self._year, self._fields = save, year, list(fields)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(560))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(22), theme.px(16), theme.px(22), theme.px(14))
        outer.setSpacing(theme.px(8))
        outer.addWidget(Label(title, "panel"))
        if note:
            outer.addWidget(WrappedLabel(note, "note", "ink2"))
        panel = ScrollPanel((0, 4, 10, 4), 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(7))
        grid.setColumnStretch(1, 1)
        panel.body.addLayout(grid)
        panel.body.addStretch(1)
        self.inputs: dict[str, QWidget] = {}
        for number, field in enumerate(self._fields):
            grid.addWidget(Label(field.label + (" *" if field.needed else ""), "body", "ink2"), number, 0)
            self.inputs[field.key] = self._made(field)
            grid.addWidget(self.inputs[field.key], number, 1)
        self._reason_label = Label(_("原因"), "body", "ink2")
        self.inputs["reason"] = self._made(Field("reason", _("原因")))
        grid.addWidget(self._reason_label, len(self._fields), 0)
        grid.addWidget(self.inputs["reason"], len(self._fields), 1)
        self._show_reason(False)
        tall = sum(84 if field.kind == "long" else 36 for field in self._fields) + 48
        # A small laptop at 150 % has 512 lines, of which the system's own bar takes some.
        room = self.room()
        panel.setMinimumHeight(min(theme.px(tall), theme.px(360), room - theme.px(170)))
        self.setMaximumHeight(room)
        outer.addWidget(panel, 1)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        outer.addWidget(self.words)
        keep = button(word or _("保存"), "primary", clicked=self.try_save)
        keep.setDefault(True)
        self.keep = keep
        outer.addLayout(row(None, button(_("取消"), clicked=self.reject), keep))
        if self._fields:
            self.inputs[self._fields[0].key].setFocus()

    def room(self) -> int:
        """How high a form may be on this screen."""
        screen = self.screen()
        return (screen.availableGeometry().height() if screen is not None else 600) - theme.px(40)

    def _made(self, field: Field) -> QWidget:
        made: QWidget
        if field.kind == "choice":
            box = QComboBox()
            for word, data in field.options:
                box.addItem(word, data)
            box.setCurrentIndex(max(0, box.findData(field.value)))
            box.setMinimumContentsLength(12)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            made = box
        elif field.kind == "long":
            area = QPlainTextEdit(field.value)
            area.setTabChangesFocus(True)
            area.setFixedHeight(theme.px(70))
            made = area
        else:
            edit = QLineEdit(field.value)
            edit.setPlaceholderText(field.hint)
            made = edit
        made.setFont(theme.font("body"))
        made.setAccessibleName(field.label)
        return made

    def _show_reason(self, shown: bool) -> None:
        self._reason_label.setVisible(shown)
        self.inputs["reason"].setVisible(shown)

    def value(self, key: str) -> str:
        made = self.inputs[key]
        if isinstance(made, QComboBox):
            return str(made.currentData() or "")
        if isinstance(made, QPlainTextEdit):
            return made.toPlainText().strip()
        assert isinstance(made, QLineEdit)
        return made.text().strip()

    def set_value(self, key: str, value: str) -> None:
        made = self.inputs[key]
        if isinstance(made, QComboBox):
            made.setCurrentIndex(max(0, made.findData(value)))
        elif isinstance(made, QPlainTextEdit):
            made.setPlainText(value)
        elif isinstance(made, QLineEdit):
            made.setText(value)

    def values(self) -> dict[str, str]:
        """As typed, days written out in full; secrets only where something was typed."""
        found = {}
        for field in self._fields:
            value = self.value(field.key)
            if field.kind == "secret" and not value:
                continue
            found[field.key] = text.typed_day(value, self._year) if field.kind == "date" else value
        if reason := self.value("reason"):
            found["reason"] = reason
        return found

    def try_save(self) -> None:
        for field in self._fields:
            if field.needed and not self.value(field.key):
                self._say(_("请填{what}").format(what=field.label))
                self.inputs[field.key].setFocus(Qt.FocusReason.OtherFocusReason)
                return
        try:
            self._save(self.values())
        except ReasonNeeded as asked:
            self._show_reason(True)
            self._say(str(asked))
            self.inputs["reason"].setFocus()
        except KnownError as refused:
            self._say(str(refused))
        else:
            self.accept()

    def _say(self, words: str) -> None:
        self.words.setText(words)
        self.words.show()

"""A small form for one record: labelled fields, checked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label


class RecordDialog(QDialog):
    """`fields`: name → (label, value, options or None, needed).  An option is (word, data)."""

    def __init__(
        self,
        title: str,
        fields: dict[str, tuple[str, str, list[tuple[str, str]] | None, bool]],
        parent: QWidget | None = None,
        long_field: str = "",
        save: Callable[[dict[str, str]], object | None] | None = None,
        hints: Mapping[str, str] | None = None,
    ) -> None:
        """`save` is tried before the form closes: on None it stays open with everything that was typed.  `hints`
        are shown in the empty fields."""
        super().__init__(parent)
        self._save = save
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(480))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(24), theme.px(18), theme.px(24), theme.px(16))
        layout.setSpacing(theme.px(12))
        layout.addWidget(Label(title, "panel"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(14))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnStretch(1, 1)
        self._widgets: dict[str, QWidget] = {}
        self._labels: dict[str, str] = {}
        self._needed = [name for name, field in fields.items() if field[3]]
        for number, (name, (label, value, options, _needed)) in enumerate(fields.items()):
            grid.addWidget(Label(label, "body", "ink2"), number, 0)
            made: QWidget
            if options is not None:
                made = QComboBox()
                for word, data in options:
                    made.addItem(word, data)
                made.setCurrentIndex(max(0, made.findData(value)))
            elif name == long_field:
                made = QPlainTextEdit(value)
                made.setTabChangesFocus(True)
                made.setFixedHeight(theme.px(84))
            else:
                made = QLineEdit(value)
            if isinstance(made, QLineEdit):
                made.setPlaceholderText((hints or {}).get(name, ""))
            made.setFont(theme.font("body"))
            made.setAccessibleName(label)
            grid.addWidget(made, number, 1)
            self._widgets[name] = made
            self._labels[name] = label
        layout.addLayout(grid)
        self.words = Label("", "note", "red")
        self.words.hide()
        layout.addWidget(self.words)
        keep = button(_("保存"), "primary", clicked=self._accept)
        keep.setDefault(True)
        layout.addLayout(row(None, button(_("取消"), clicked=self.reject), keep))

    def values(self) -> dict[str, str]:
        found = {}
        for name, made in self._widgets.items():
            if isinstance(made, QComboBox):
                found[name] = str(made.currentData())
            elif isinstance(made, QPlainTextEdit):
                found[name] = made.toPlainText().strip()
            else:
                assert isinstance(made, QLineEdit)
                found[name] = made.text().strip()
        return found

    def set_value(self, name: str, value: str) -> None:
        made = self._widgets[name]
        if isinstance(made, QComboBox):
            made.setCurrentIndex(made.findData(value))
        elif isinstance(made, QPlainTextEdit):
            made.setPlainText(value)
        elif isinstance(made, QLineEdit):
            made.setText(value)

    def _accept(self) -> None:
        values = self.values()
        for name in self._needed:
            if not values[name]:
                self.words.setText(_("请填{what}").format(what=self._labels[name]))
                self.words.show()
                self._widgets[name].setFocus()
                return
        if self._save is None or self._save(values) is not None:
            self.accept()

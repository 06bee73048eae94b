"""分解: an indicator's target divided among the units below, the sum watched while one types."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from PySide6.QtCore import QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import errors, text, theme
from desktop_app.ui.answers import Share
from desktop_app.ui.session import Session
from desktop_app.ui.township.entry_table import EntryDelegate
from desktop_app.ui.township.recorder import clean
from desktop_app.ui.widgets.controls import Banner, Card, button, row
from desktop_app.ui.widgets.delegates import NumberCell
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

_EDIT = int(Qt.ItemDataRole.EditRole)


def number(words: str) -> Fraction | None:
    try:
        return Fraction(clean(words))
    except (ValueError, ZeroDivisionError):
        return None


class ShareModel(RecordModel):
    """What was typed stands in `typed` until it is saved."""

    def __init__(self) -> None:
        self.typed: dict[str, str] = {}
        super().__init__(
            [
                Column("area", _("单位"), 150, lambda s: s.area_name, stretch=True, whole=True),
                Column(
                    "value", _("份额"), 120, self.value, right=True, whole=True,
                    cell=NumberCell(lambda s: (theme.INK, "strong")), fill=self._fill,
                ),
                Column("document", _("依据文号"), 190, lambda s: s.document, colour=theme.INK2, drop=1),
            ]
        )  # fmt: skip

    def value(self, share: Share) -> str:
        if share.area in self.typed:
            return self.typed[share.area]
        known = number(share.value)
        return text.number(known, 2) if known is not None else ""

    def _fill(self, share: Share) -> str | None:
        if share.area not in self.typed:
            return None
        return theme.RED_TINT if number(self.typed[share.area]) is None else theme.AMBER_TINT

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled
        if index.column() == 1:
            flags |= Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = 0) -> Any:
        if role == _EDIT:
            return self.value(self.rows[index.row()])
        return super().data(index, role)

    def setData(self, index: QModelIndex, value: Any, role: int = _EDIT) -> bool:
        share = self.record(index.row())
        if share is None or str(value).strip() == self.value(share):
            return False
        self.typed[share.area] = str(value).strip()
        self.dataChanged.emit(index, index)
        return True

    def total(self) -> Fraction:
        values = [number(self.value(share)) for share in self.records]
        return sum((value for value in values if value is not None), Fraction(0))


class ShareTable(RecordTable):
    """Typing goes down the column as in the entry grid."""

    def __init__(self, model: ShareModel) -> None:
        super().__init__(model, row_height=32, whole_rows=False, upright_lines=True)
        self.entry_model = self
        self.value_column = 1
        self.setItemDelegate(_ShareDelegate(self))
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
        )

    def step(self, step: int) -> None:
        number_ = self.currentIndex().row() + step
        if 0 <= number_ < len(self.record_model.rows):
            self.go_to(number_, 1)


class _ShareDelegate(EntryDelegate):
    def createEditor(self, parent: QWidget, option, index: QModelIndex) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("cell")
        editor.setFont(theme.font("strong"))
        editor.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return editor

    def eventFilter(self, watched, event) -> bool:
        from PySide6.QtCore import QEvent
        from PySide6.QtWidgets import QAbstractItemDelegate

        table = self.parent()
        if event.type() == QEvent.Type.KeyPress and isinstance(table, ShareTable):
            steps = {
                Qt.Key.Key_Return: 1,
                Qt.Key.Key_Enter: 1,
                Qt.Key.Key_Down: 1,
                Qt.Key.Key_Up: -1,
                Qt.Key.Key_Tab: 1,
            }
            step = steps.get(event.key())
            if step and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.commitData.emit(watched)
                self.closeEditor.emit(watched, QAbstractItemDelegate.EndEditHint.NoHint)
                table.step(step)
                return True
        return super().eventFilter(watched, event)


class SharePage(Page):
    kinds = frozenset({"allocation", "plan", "unit"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("目标怎么分"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self.equal = self.add_action(button(_("平均分"), clicked=lambda: self._divide("equal")))
        self.proportional = self.add_action(
            button(_("按基数分"), clicked=lambda: self._divide("proportional"))
        )
        self.save = self.add_action(button(_("保存分解"), "primary", clicked=self.save_now), primary=True)
        self.indicators = RecordModel(
            [
                Column("no", _("序号"), 46, lambda v: str(v.task), right=True, colour=theme.INK2),
                Column("name", _("指标"), 160, lambda v: v.name, stretch=True, tip=lambda v: v.name),
                Column("target", _("目标"), 84, text.share, right=True),
                Column("unit", _("单位"), 64, lambda v: v.unit, colour=theme.INK2),
            ]
        )
        self.list = RecordTable(self.indicators)
        self.list.keep_place_by(lambda view: view.id)
        self.list.picked.connect(lambda _view: self._later.start())
        left = Card((1, 1, 1, 1), 0)
        left.body.addWidget(self.list)
        right = Card((16, 12, 16, 12), 8)
        self.heading = Label("", "panel")
        right.body.addWidget(self.heading)
        self.banner = Banner()
        right.body.addWidget(self.banner)
        self.model = ShareModel()
        self.model.dataChanged.connect(lambda *_: self._check())
        self.table = ShareTable(self.model)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        right.body.addWidget(sheet, 1)
        self.document = QLineEdit()
        self.document.setFont(theme.font("body"))
        self.document.setAccessibleName(_("依据文号"))
        self.document.setPlaceholderText(_("例如 云民生办〔2024〕3 号"))
        right.body.addLayout(row(Label(_("依据文号"), "body"), self.document))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(left, 4)
        middle.addWidget(right, 5)
        self.body.addLayout(middle, 1)
        self._later.timeout.connect(self._show)
        self.setFocusProxy(self.list)

    def refresh(self) -> None:
        tasks = self.session.desk.tasks(self.session.period)
        views = [
            view
            for task in tasks
            for view in task.indicators
            if view.measure == "count" and view.share is not None
        ]
        self.set_title(_("目标怎么分"), _("{count} 个可以往下分的指标").format(count=len(views)))
        self.list.refill(views)
        if self.list.current_record() is None:
            self.list.go_to_first()
        self._show()

    def current(self) -> IndicatorView | None:
        return self.list.current_record()

    def show_subject(self, what: Any) -> None:
        self.list.go_to(self.indicators.find(lambda view: view.id == what or view.task == what))

    def _show(self) -> None:
        self._later.stop()
        view = self.current()
        if view is None:
            return
        self.model.typed = {}
        self.heading.setText(f"{view.task}  {view.name}（{view.unit}）")
        shares = self.session.desk.shares(view.id)
        self.table.refill(shares)
        self.document.setText(next((share.document for share in shares if share.document), ""))
        self._check()

    def _check(self) -> None:
        view = self.current()
        if view is None:
            return
        target, total = view.share or Fraction(0), self.model.total()
        rest = target - total
        words = _("目标 {target}，已分 {total} {unit}").format(
            target=text.number(target, view.decimals), total=text.number(total, 2), unit=view.unit
        )
        if rest > 0:
            self.banner.set(
                "warn", words, _("还差 {rest}").format(rest=text.number(rest, 2)), "alert-triangle"
            )
        elif rest < 0:
            self.banner.set(
                "info", words, _("比目标多分 {rest}").format(rest=text.number(-rest, 2)), "info-circle"
            )
        else:
            self.banner.set("ok", words, "", "circle-check")
        bad = any(number(words) is None for words in self.model.typed.values())
        self.save.setEnabled(bool(self.model.typed) and not bad)

    def _divide(self, method: str) -> None:
        view = self.current()
        if view is not None:
            self.session.attempt(lambda desk: desk.divide(view.id, method), _("已分好，请看一下合计"))  # type: ignore[arg-type]

    def save_now(self) -> None:
        view = self.current()
        if view is None:
            return
        changes = Changes()
        try:
            for area, words in list(self.model.typed.items()):
                changes = changes + self.session.desk.allocate(
                    view.id, area, clean(words), self.document.text().strip()
                )
        except KnownError as error:
            errors.show(error)
        if changes.entries:
            self.session.write(changes, _("已保存 {count} 家的份额").format(count=changes.entries))

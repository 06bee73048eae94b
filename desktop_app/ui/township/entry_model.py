"""The grid of 填报: one row an indicator, one cell to type in, and one for the reason where a rule wants it."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QModelIndex, QRect, Qt
from PySide6.QtGui import QPainter

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView, TaskView
from desktop_app.ui import icons, text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township import recorder
from desktop_app.ui.township.returned import months_of
from desktop_app.ui.township.task_model import numbered
from desktop_app.ui.widgets import painters
from desktop_app.ui.widgets.delegates import INSET, CellPainter, IconTextCell, ProgressCell, inset
from desktop_app.ui.widgets.records import Column, Grouping, GroupRow, RecordModel

_EDIT = int(Qt.ItemDataRole.EditRole)
NAME_LEAST, NAME_MOST = 150, 200


class Pending(NamedTuple):
    """What was typed and not taken: refused (`error`) or waiting for a reason (`warning`)."""

    typed: str
    error: str = ""
    warning: str = ""


class ValueCell(CellPainter):
    """The figure: bold when typed, grey with its word when carried or unchanged, with the ledger's sign when
    it comes from there."""

    def __init__(self, model: EntryModel) -> None:
        self._model = model

    def paint(self, painter: QPainter, rect: QRect, record: Any, column: Any, current: bool) -> None:
        inner = inset(rect)
        if record.basis == "site":
            side = theme.px(16)
            icons.draw(
                painter, inner.left(), inner.top() + (inner.height() - side) // 2, "table", theme.INK2, 16
            )
        words, colour, role = self._model.value_look(record)
        painters.draw_text(painter, inner, words, role, colour, painters.RIGHT)

    def width(self, record: Any, column: Any) -> int:
        words, _colour, role = self._model.value_look(record)
        return theme.metrics(role).horizontalAdvance(words) + theme.px(2 * INSET)


class EntryModel(RecordModel):
    def __init__(self, session: Session) -> None:
        self.session = session
        self._titles: dict[str, str] = {}
        self._category: dict[int, str] = {}
        self.pending: dict[str, Pending] = {}
        self.came_back: dict[str, Period] = {}
        grouping = Grouping(
            key=lambda view: self._category.get(view.task, ""),
            title=lambda category: self._titles.get(category, category),
            note=self._group_note,
        )
        super().__init__(self._columns(), grouping)
        self.value_column = self.column("value")
        self.hint_column = self.column("hint")

    def _columns(self) -> list[Column]:
        return [
            Column("no", _("序号"), 46, lambda v: str(v.task), right=True, colour=theme.INK2),
            Column("name", _("指标"), NAME_LEAST, lambda v: v.name, whole=True, tip=lambda v: v.definition),
            Column("unit", _("单位"), 52, lambda v: v.unit, colour=theme.INK2),
            Column("share", _("全年份额"), 74, text.share, right=True, drop=2),
            Column(
                "previous", _("上期累计"), 72, lambda v: text.value(v, previous=True), right=True, note=_("上期")
            ),
            Column(
                "value", _("本期累计"), 118, lambda v: self.value_look(v)[0], right=True, note=_("年初至本期末"),
                cell=ValueCell(self), fill=self._fill, corner=self._corner, whole=True,
            ),
            Column(
                "increase", _("本月新增"), 72, self._increase, right=True, note=_("自动算"), drop=3,
            ),
            Column(
                "progress", _("完成 应达"), 122,
                lambda v: text.NOTHING if self.unfilled(v) else text.done(v), tick=True, drop=1,
                cell=ProgressCell(lambda v: (v.done, v.expected, "none" if self.unfilled(v) else v.light)),
            ),
            Column(
                "hint", _("提示与说明"), 190, self._hint, stretch=True, cell=IconTextCell(self._hint_look),
                pressable=True, tip=self._hint,
            ),
        ]  # fmt: skip

    # What a row says
    def _increase(self, view: IndicatorView) -> str:
        # What was typed and not taken has no increase yet; the former one beside it would seem to be its own.
        return "" if view.id in self.pending else text.increase(view)

    def unfilled(self, view: IndicatorView) -> bool:
        """Nothing was said for this period yet."""
        return view.basis != "site" and (view.figure.value is None or bool(view.figure.carried))

    def returned_elsewhere(self, view: IndicatorView) -> Period | None:
        """The earlier month in which a returned figure was said, and is to be put right."""
        month = self.came_back.get(view.id) if view.returned else None
        return month if month is not None and month != self.session.period else None

    def has_error(self, view: IndicatorView) -> bool:
        pending = self.pending.get(view.id)
        return bool(pending.error) if pending else bool(view.error)

    def has_warning(self, view: IndicatorView) -> bool:
        pending = self.pending.get(view.id)
        return bool(pending.warning) if pending else bool(view.warning)

    def value_look(self, view: IndicatorView) -> tuple[str, str, str]:
        pending = self.pending.get(view.id)
        if pending is not None:
            return pending.typed, theme.RED if pending.error else theme.INK, "strong"
        typed = text.typed(view)
        if view.error:
            return typed, theme.RED, "strong"
        if view.basis == "site":
            return typed or "0", theme.INK, "body"
        if self.unfilled(view):
            return (_("沿用 {value}").format(value=typed) if typed else ""), theme.INK2, "body"
        if view.same:
            return _("无变化 {value}").format(value=typed), theme.INK, "body"
        return typed, theme.INK, "strong"

    def _fill(self, view: IndicatorView) -> str | None:
        if self.has_error(view):
            return theme.RED_TINT
        if self.has_warning(view):
            return theme.AMBER_TINT
        return theme.LOCKED if view.basis == "site" else None

    def _corner(self, view: IndicatorView) -> str | None:
        return theme.RED if self.has_error(view) else theme.AMBER if self.has_warning(view) else None

    def _hint(self, view: IndicatorView) -> str:
        pending = self.pending.get(view.id)
        if pending is not None and pending.error:
            return pending.error
        if pending is not None:
            return _("没存，请在这里写原因：{what}").format(what=pending.warning)
        if view.heads > 1:
            return _("有两种说法，暂计；去定下来 ▸")
        if self.returned_elsewhere(view) is not None:
            return _("{month}的数被退回，去那个月改 ▸ {remark}").format(
                month=text.month(self.came_back[view.id].key), remark=view.remark
            )
        if view.returned:
            words = _("退回：{remark}").format(remark=view.remark)
            own = own_words(view)
            return f"{words} ‖ {own}" if own else words
        if view.error:
            return view.error
        if view.warning:
            return f"{view.warning}：{view.reason}" if view.reason else view.warning
        if view.basis == "site" and view.evidence_missing:
            return _("来自台账；{count} 处缺佐证没计入 ▸").format(count=view.evidence_missing)
        if view.basis == "site":
            return _("来自台账，去台账改 ▸")
        if self.unfilled(view):
            if not view.figure.carried:
                return _("未填；写成 分子/分母") if view.measure == "rate" else _("未填")
            return _("未填；不填则沿用{month}，会注明").format(month=text.month(view.figure.carried))
        if view.remark:
            return _("上级意见：{remark}").format(remark=view.remark)
        if view.reason or view.note:
            return view.reason or view.note
        if view.same:
            return _("本期无变化，已报")
        return _("分子 / 分母") if view.measure == "rate" else ""

    def _hint_look(self, view: IndicatorView) -> tuple[str, str, str]:
        if view.heads > 1 and view.id not in self.pending:
            return "git-compare", theme.AMBER, "note"
        if view.returned and view.id not in self.pending:
            return "arrow-back-up", theme.RED, "note"
        if self.has_error(view):
            return "alert-circle", theme.RED, "note"
        if self.has_warning(view):
            return "alert-triangle", theme.AMBER, "note"
        if view.same and view.id not in self.pending:
            return "check", theme.GREEN, "note"
        return "", theme.ACCENT if view.basis == "site" else theme.INK2, "note"

    def said(self, view: IndicatorView) -> tuple[str, str]:
        """What the panel repeats in full, the column being narrow: words and tone; "" where nothing is wrong."""
        pending = self.pending.get(view.id)
        if pending is not None and pending.error:
            return _("“{typed}”没有存。{why}").format(typed=pending.typed, why=pending.error), "red"
        if pending is not None:
            words = _("“{typed}”还没有存。{why}在“提示与说明”一格写一句原因，按回车就存。")
            return words.format(typed=pending.typed, why=pending.warning), "amber"
        if view.returned:
            return _("上级退回：{remark}").format(remark=view.remark), "red"
        if view.remark:
            return _("上级意见：{remark}").format(remark=view.remark), "ink2"
        return (view.error, "red") if view.error else (view.warning, "amber")

    def _group_note(self, views: list[IndicatorView]) -> str:
        filled = sum(not self.unfilled(view) for view in views)
        return _("已填 {filled} / {total}").format(filled=filled, total=len(views))

    # Filling
    def views_of(self, tasks: list[TaskView]) -> list[IndicatorView]:
        categories = list(dict.fromkeys(task.category for task in tasks))
        self._titles = numbered(categories)
        self._category = {task.no: task.category for task in tasks}
        views = [view for task in tasks for view in task.indicators if view.mine and view.due]
        period = self.session.period
        self.came_back = months_of(self.session, views)
        month = text.month(period.key)
        self.columns[self.value_column].note = _("年初至{month}底").format(month=month)
        self.columns[self.column("previous")].note = text.month(period.shifted(-1).key)
        self.pending = {key: p for key, p in self.pending.items() if any(v.id == key for v in views)}
        metrics = theme.metrics("body")
        longest = max((metrics.horizontalAdvance(view.name) for view in views), default=0)
        needed = int(longest / theme.ratio()) + 2 * INSET + 2
        self.columns[1].width = max(NAME_LEAST, min(needed, NAME_MOST))
        return views

    # Editing
    def row_of(self, indicator: str) -> int:
        return self.find(lambda view: view.id == indicator)

    def typable(self, row: int) -> bool:
        view = self.record(row)
        return view is not None and view.basis != "site" and view.mine

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        if isinstance(self.rows[index.row()], GroupRow):
            return Qt.ItemFlag.ItemIsEnabled
        flags = Qt.ItemFlag.ItemIsEnabled
        if index.column() in (self.value_column, self.hint_column):
            flags |= Qt.ItemFlag.ItemIsSelectable
            if self.typable(index.row()):
                flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def data(self, index: QModelIndex, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role == _EDIT:
            view = self.record(index.row())
            if view is None:
                return None
            pending = self.pending.get(view.id)
            if index.column() == self.hint_column:
                return view.reason
            if pending is not None:
                return pending.typed
            return "" if self.unfilled(view) else text.typed(view)
        return super().data(index, role)

    def setData(self, index: QModelIndex, value: Any, role: int = _EDIT) -> bool:
        view = self.record(index.row())
        if view is None or role != _EDIT:
            return False
        if index.column() == self.hint_column:
            return self.give_reason(view, str(value))
        return self.type_in(view, str(value))

    def type_in(self, view: IndicatorView, typed: str) -> bool:
        """Record what was typed; what is refused stays in the cell with its reason beside it."""
        if not typed.strip():
            self.pending.pop(view.id, None)
            self._redraw(view.id)
            return False
        if view.id not in self.pending and not self.unfilled(view) and _equal(typed, text.typed(view)):
            return True
        return self._take(view, typed, recorder.record(self.session, view, typed, reason=""))

    def give_reason(self, view: IndicatorView, reason: str) -> bool:
        pending = self.pending.get(view.id)
        typed = pending.typed if pending else text.typed(view)
        if not reason.strip() or (pending is None and reason.strip() == view.reason) or not typed:
            return False
        return self._take(view, typed, recorder.record(self.session, view, typed, reason=reason.strip()))

    def same_again(self, view: IndicatorView) -> bool:
        filled, before = text.typed(view), text.value(view, previous=True)
        standing = view.id not in self.pending and not self.unfilled(view)
        if view.previous.value is not None and standing and not _equal(filled, before):
            # One key must not silently replace what somebody has typed.
            words = _("{name}：已经填了 {value}。真的没有变化，先按 Delete 清掉这一格").format(
                name=view.name, value=filled
            )
            self.session.told.emit(words)
            return False
        outcome = recorder.same_again(self.session, view)
        if view.previous.value is None:
            # Nothing was typed: the cell stays empty, and no error stands in the way of sending.
            self.session.told.emit(f"{view.name}：{outcome.error}")
            return False
        return self._take(view, text.value(view, previous=True), outcome)

    def take_back(self, view: IndicatorView) -> bool:
        """What was typed and not taken goes; a figure said for this period is taken back, and the cell is empty."""
        if view.id in self.pending:
            self.pending.pop(view.id)
            self._redraw(view.id)
            return True
        return not self.unfilled(view) and recorder.take_back(self.session, view)

    def _take(self, view: IndicatorView, typed: str, outcome: recorder.Outcome) -> bool:
        if outcome.done:
            self.pending.pop(view.id, None)
        else:
            self.pending[view.id] = Pending(typed.strip(), outcome.error, outcome.warning)
        self._redraw(view.id)
        return outcome.done

    def _redraw(self, indicator: str) -> None:
        row = self.row_of(indicator)
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))


def own_words(view: IndicatorView) -> str:
    """What this office itself wrote beside the figure; a remark from above does not cover it."""
    said = view.reason or view.note
    return _("本单位写的：{words}").format(words=said) if said else ""


def _equal(typed: str, shown: str) -> bool:
    return recorder.clean(typed) == recorder.clean(shown)

"""Closing a month, giving one unit more time, writing a correction."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import text, theme
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.township.recorder import clean
from desktop_app.ui.verbs.county import PeriodState
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel


class Form(PlainDialog):
    """Labelled fields under a sentence; the button stays until what was typed is good."""

    def __init__(self, title: str, words: str, go: str, parent: QWidget | None, danger: bool = False) -> None:
        super().__init__(title, parent)
        self.column.addWidget(Label(title, "panel"))
        self.column.addWidget(WrappedLabel(words, "body", "ink2"))
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.px(12))
        self.grid.setVerticalSpacing(theme.px(8))
        self.grid.setColumnStretch(1, 1)
        self.column.addLayout(self.grid)
        self.words = WrappedLabel("", "note", "red")
        self.column.addWidget(self.words)
        self.go = button(go, "danger" if danger else "primary", clicked=self.take)
        # Enter is the button's, except where something cannot simply be taken back.
        self.go.setDefault(not danger)
        self.foot.addLayout(row(None, button(_("取消"), clicked=self.reject), self.go))

    def add(self, label: str, widget: QWidget) -> None:
        number = self.grid.rowCount()
        widget.setFont(theme.font("body"))
        widget.setAccessibleName(label)
        self.grid.addWidget(Label(label, "body", "ink2"), number, 0)
        self.grid.addWidget(widget, number, 1)

    def line(self, label: str, value: str = "", hint: str = "") -> QLineEdit:
        made = QLineEdit(value)
        made.setPlaceholderText(hint)
        self.add(label, made)
        return made

    def choice(self, label: str, options: list[tuple[str, object]]) -> QComboBox:
        made = QComboBox()
        for word, data in options:
            made.addItem(word, data)
        self.add(label, made)
        return made

    def fault(self) -> str:
        return ""

    def take(self) -> None:
        fault = self.fault()
        self.words.setText(fault)
        if not fault:
            self.accept()


NAMED = 6
"""Units named one by one before 等."""


def names_of(units: Sequence[str]) -> str:
    """枫桥镇、石门镇, of many the first few and how many there are."""
    words = "、".join(units[:NAMED])
    return words if len(units) <= NAMED else _("{names}等 {count} 家").format(names=words, count=len(units))


def open_matters(desk: Desk, period: Period) -> list[str]:
    """What a month is closed in spite of: who has not reported, what nobody has judged, what differs."""
    found = []
    rows = desk.missing(period)
    silent = [row.unit_name for row in rows if row.state == "missing"]
    if silent:
        found.append(
            _("还有 {count} 家没有报：{names}。它们的数沿用上一期。").format(
                count=len(silent), names=names_of(silent)
            )
        )
    partial = [row.unit_name for row in rows if row.state == "incomplete"]
    if partial:
        found.append(
            _("{count} 家的文件没收全：{names}。").format(count=len(partial), names=names_of(partial))
        )
    waiting = [unit for unit in desk.review_units(period) if unit.waiting]
    if waiting:
        found.append(
            _("还有 {count} 项没有审：{names}。没审的按上报数计。").format(
                count=sum(unit.waiting for unit in waiting),
                names=names_of([unit.unit_name for unit in waiting]),
            )
        )
    # What differs in a later month is no matter of this one.
    forks = [fork for fork in desk.forks() if not fork.answered and fork.period in ("", period.key)]
    if forks:
        named = "、".join(f"{fork.unit_name} {fork.title}" for fork in forks[:3])
        found.append(
            _("还有 {count} 处不一致没有定：{names}。现在暂计其中一个。").format(
                count=len(forks), names=named if len(forks) <= 3 else f"{named}…"
            )
        )
    return found


class CloseDialog(Form):
    def __init__(
        self,
        month: PeriodState,
        reopen: bool,
        parent: QWidget | None = None,
        *,
        matters: Sequence[str] = (),
    ) -> None:
        name = text.month(month.period)
        if reopen:
            title, go = _("重新开放{month}").format(month=name), _("重新开放")
            words = _("开放以后，下级可以再改这个月的数。请写明原因，会留在记录里。")
        else:
            title, go = _("{month}封账").format(month=name), _("封账")
            words = _("封账以后，这个月的数不再改动；报错了的记更正，列入更正表。")
        super().__init__(title, words, go, parent, danger=not reopen)
        self.matters = [WrappedLabel(line, "body", "amber") for line in matters]
        if not matters and not reopen and month.units:
            self.matters = [WrappedLabel(_("都报了，都审了，没有不一致。"), "body", "green")]
        for number, label in enumerate(self.matters):
            self.column.insertWidget(2 + number, label)
        self._reopen = reopen
        self.note = self.line(_("原因") if reopen else _("说明（可不写）"))

    def fault(self) -> str:
        return _("请写一句原因") if self._reopen and not self.note.text().strip() else ""


def ask_close(session: Session, month: PeriodState, reopen: bool, parent: QWidget) -> str | None:
    """The note, or None when the person gave up.  What is still open is named before the month is closed."""
    collects = month.units and not reopen
    matters = open_matters(session.desk, Period.parse(month.period)) if collects else []
    dialog = CloseDialog(month, reopen, parent, matters=matters)
    return dialog.note.text().strip() if dialog.exec() else None


class ExtensionDialog(Form):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            _("给一家宽限"),
            _("宽限期内不算迟报，封账也等它。原因会记下来，随回执告诉它。"),
            _("宽限"),
            parent,
        )
        desk = session.desk
        self._session = session
        units = [(line.unit_name, line.unit) for line in desk.missing(session.period)]
        self.unit = self.choice(_("单位"), list(units))
        # The month shown is the one meant, whether or not anybody has sent it yet.
        months = sorted({*desk.periods(), session.period}, key=lambda period: period.order, reverse=True)
        self.period = self.choice(_("月份"), [(period.label, period.key) for period in months])
        self.period.setCurrentIndex(self.period.findData(session.period.key))
        self.until = self.line(_("宽限到"), hint=_("例如 7月10日"))
        self.reason = self.line(_("原因"), hint=_("例如 防汛停电，经领导同意"))

    def fault(self) -> str:
        if not self.until.text().strip():
            return _("请写宽限到哪一天")
        return _("请写一句原因") if not self.reason.text().strip() else ""

    def take(self) -> None:
        fault = self.fault()
        self.words.setText(fault)
        if fault:
            return
        day = text.typed_day(self.until.text(), self._session.period.year)
        unit, period = self.unit.currentData(), Period.parse(self.period.currentData())
        done = self._session.attempt(
            lambda desk: desk.extend(unit, period, day, self.reason.text().strip()),
            _("已给{unit}宽限").format(unit=self.unit.currentText()),
        )
        if done is not None:
            self.accept()


def ask_extension(session: Session, parent: QWidget) -> None:
    ExtensionDialog(session, parent).exec()


class CorrectionDialog(Form):
    """Which closed month, which figure, what it should have been; what this month's figure becomes is shown."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(
            _("写一条更正"),
            _("封账月份的数不动；更正记在{month}，并列入更正表。").format(month=session.period.label),
            _("记入更正表"),
            parent,
        )
        self._session = session
        desk = session.desk
        closed = [
            month.period
            for month in desk.months()
            if month.closed is not None and Period.parse(month.period).order < session.period.order
        ]
        self.month = self.choice(_("更正哪个月"), [(text.month(key), key) for key in reversed(closed)])
        self.views = self._own_views()
        self.indicator = self.choice(
            _("哪一项"), [(f"{view.task} {view.name}（{view.unit}）", view) for view in self.views]
        )
        self.indicator.setMinimumWidth(theme.px(320))
        self.before = Label("", "body")
        self.add(_("原报"), self.before)
        self.right = self.line(_("应为"), hint=_("那个月应报的数；比率写 分子/分母"))
        self.now = self.line(_("本期数"), hint=_("不填则按差额自动推算"))
        self.reason = self.line(_("原因"), hint=_("错在哪里，依据什么改"))
        self.month.currentIndexChanged.connect(lambda _n: self._show_before())
        self.indicator.currentIndexChanged.connect(lambda _n: self._show_before())
        self._show_before()
        # Fields that nothing can be typed into must not leave a person guessing.
        if not self.views:
            self.words.setText(_("本单位没有自己填报的数。更正由填报的单位写，报上来以后列在更正表里。"))
        elif not closed:
            self.words.setText(
                _("{month}以前没有封账的月份；没有封账的，在“填报”里直接改。").format(
                    month=session.period.label
                )
            )

    def _own_views(self) -> list[IndicatorView]:
        tasks = self._session.desk.tasks(self._session.period)
        return [view for task in tasks for view in task.indicators if view.mine and view.basis != "site"]

    def _show_before(self) -> None:
        view, key = self.indicator.currentData(), self.month.currentData()
        self.go.setEnabled(view is not None and key is not None)
        if view is None or key is None:
            self.before.setText(text.NOTHING)
            return
        desk = self._session.desk
        period = Period.parse(key)
        found = desk.task(view.task, view.area, period)
        old = next((item for item in found.indicators if item.id == view.id), None) if found else None
        self.before.setText((text.typed(old) or text.NOTHING) if old is not None else text.NOTHING)

    def fault(self) -> str:
        if not self.right.text().strip():
            return _("请填应为多少")
        return _("请写一句原因") if not self.reason.text().strip() else ""

    def take(self) -> None:
        fault = self.fault()
        self.words.setText(fault)
        if fault:
            return
        view, key = self.indicator.currentData(), self.month.currentData()
        done = self._session.attempt(
            lambda desk: desk.correct(
                view.id,
                Period.parse(key),
                clean(self.right.text()),
                period=self._session.period,
                reason=self.reason.text().strip(),
                now=clean(self.now.text()),
                area=view.area,
            ),
            _("更正已记下：{name}").format(name=text.task_name(view)),
        )
        if done is not None:
            self.accept()


def ask_correction(session: Session, parent: QWidget) -> bool:
    return bool(CorrectionDialog(session, parent).exec())

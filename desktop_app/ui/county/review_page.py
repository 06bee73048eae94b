"""审核: unit by unit, figure by figure; the keys of one hand are enough."""

from __future__ import annotations

from typing import Any, Literal

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import ReviewUnitView
from desktop_app.ui import text, theme
from desktop_app.ui.county.inbox_acts import ask_and_reply
from desktop_app.ui.county.review_columns import item_columns, verdict_words, waits
from desktop_app.ui.county.review_panel import ReviewPanel
from desktop_app.ui.county.review_whole import WholeCard
from desktop_app.ui.session import Session, Verdict
from desktop_app.ui.widgets.controls import Card, EmptyState, FactRows, button, row
from desktop_app.ui.widgets.delegates import NumberCell, TextCell
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable
from desktop_app.ui.widgets.thumbnails import Thumbnails

NARROW = 1000


class ReviewTable(RecordTable):
    """Letters are verdicts here; no editor can have the focus while the table has it."""

    key_pressed = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        letter = event.text().upper()
        if letter in ("A", "R", "K", "J", "L", "Z") and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            self.key_pressed.emit(letter)
            return
        super().keyPressEvent(event)


class ReviewPage(Page):
    kinds = frozenset({"progress", "review", "evidence", "site", "submission", "duty", "retraction", "plan"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("审核"))
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(40)
        self._order: dict[str, int] = {}
        self._order_of: Period | None = None
        self._shown = ""
        self.previous = self.add_action(button(_("上一家"), "", "chevron-left", lambda: self._step_unit(-1)))
        self.following = self.add_action(button(_("下一家"), "", "chevron-right", lambda: self._step_unit(1)))
        # An office has nobody below it to reply to: its verdicts go up with its own report.
        overview = session.desk.overview(session.period)
        self.sends_up = overview.kind not in ("government", "street", "park")
        word = _("去上报审核结论") if self.sends_up else _("发出退回与回执")
        self.send = self.add_action(button(word, "primary", "send", self._reply), primary=True)
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)
        self.thumbnails = Thumbnails(session.desk, self)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        self.left = self._make_units()
        middle.addWidget(self.left)
        self.items = RecordModel(item_columns())
        self.table = ReviewTable(self.items)
        self.table.keep_place_by(lambda item: item.subject)
        self.table.setAccessibleName(_("待审核的指标"))
        self.table.picked.connect(lambda _item: self._later.start())
        self.table.key_pressed.connect(self.press)
        self.sheet = Card((1, 1, 1, 1), 0)
        # Where there is no room for the list of units, what stands below it comes here.
        self.accept_here = button("", "small", "check", self._accept_passing)
        self.bar = QWidget()
        self.bar.setLayout(row(self.accept_here, None, margins=(8, 6, 8, 6)))
        self.bar.hide()
        self.sheet.body.addWidget(self.bar)
        self.sheet.body.addWidget(self.table)
        middle.addWidget(self.sheet, 10)
        self.panel = ReviewPanel(session, self.thumbnails)
        self.panel.judged.connect(self.judge)
        self.panel.taken_back.connect(self.take_back)
        self.table.activated_record.connect(lambda _item: self.panel.comment.setFocus())
        self.panel.evidence_wanted.connect(self._enlarge)
        middle.addWidget(self.panel)
        self.whole = WholeCard(session)
        self.whole.judged.connect(self.judge_whole)
        self.whole.hide()
        middle.addWidget(self.whole, 12)
        # An office judges what its own desk was sent; where files come in there is the way to them.
        way = None if self.sends_up else button(_("去收件"), clicked=lambda: self.wanted.emit("inbox", None))
        self.empty = EmptyState("", _("收到一家的上报包，或替一家代录完，就列在这里。"), way)
        self.empty.hide()
        middle.addWidget(self.empty, 1)
        self.body.addLayout(middle, 1)
        self._later.timeout.connect(self._show_item)
        self.setFocusProxy(self.table)

    def _make_units(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(theme.px(190))
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(10))
        self.units = RecordModel(
            [
                Column(
                    "name",
                    _("单位"),
                    78,
                    lambda u: u.unit_name,
                    stretch=True,
                    cell=TextCell(self._unit_tone),
                    tip=lambda u: u.unit_name,
                ),
                Column("waiting", _("待审"), 50, lambda u: str(u.waiting), right=True),
                Column(
                    "failed",
                    _("不过"),
                    50,
                    lambda u: str(u.failed),
                    right=True,
                    cell=NumberCell(lambda u: (theme.RED, "strong") if u.failed else (theme.INK3, "body")),
                ),
            ]
        )
        self._late_column = Column(
            "late",
            _("封账后"),
            56,
            lambda u: str(u.late) if u.late else text.NOTHING,
            right=True,
            cell=NumberCell(lambda u: (theme.AMBER, "strong") if u.late else (theme.INK3, "body")),
            tip=lambda u: _("封账以后改动、还没有审的：{count} 项").format(count=u.late) if u.late else "",
        )
        self._failed_column = self.units.columns[-1]
        self.unit_table = RecordTable(self.units)
        self.unit_table.keep_place_by(lambda unit: unit.unit)
        self.unit_table.picked.connect(self._pick_unit)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.unit_table)
        column.addWidget(sheet, 5)
        # So narrow that the whole 校验码 can be read.
        about = Card((10, 10, 10, 12), 8)
        about.body.addWidget(Label(_("本单位情况"), "strong"))
        self.facts = FactRows()
        about.body.addWidget(self.facts)
        about.body.addStretch(1)
        self.accept_all = button("", "", "check", self._accept_passing)
        about.body.addWidget(self.accept_all)
        column.addWidget(about, 4)
        return left

    def _unit_tone(self, unit: ReviewUnitView) -> tuple[str, str]:
        current = self.unit_table.current_record()
        return theme.INK, "strong" if current is not None and current.unit == unit.unit else "body"

    # Filling
    def refresh(self) -> None:
        units = self.session.desk.review_units(self.session.period)
        if self._order_of != self.session.period:
            self._order_of, self._order = self.session.period, {}
        # The list stays as it stands while one works through it; who comes in later stands below.
        for unit in units:
            self._order.setdefault(unit.unit, len(self._order))
        units = sorted(units, key=lambda unit: self._order[unit.unit])
        self._show_late(any(unit.late for unit in units))
        self.unit_table.refill(units)
        if self.unit_table.current_record() is None:
            self.unit_table.go_to_first()
        self._fill_items()

    def _show_late(self, shown: bool) -> None:
        """While somebody has changed a closed month, that stands in the place of what did not pass: there is no room
        for both, and what was changed is among what did not pass."""
        self.units.columns[-1] = self._late_column if shown else self._failed_column

    def unit(self) -> ReviewUnitView | None:
        return self.unit_table.current_record()

    def _pick_unit(self, unit: ReviewUnitView | None) -> None:
        # A refill says the same unit again: the list must not jump under the hand that works through it.
        if unit is not None and unit.unit == self._shown:
            return
        self._fill_items()
        self._to_first_waiting()
        self._show_item()

    def _to_first_waiting(self) -> None:
        """What is judged already needs nobody; where nothing waits the list begins at its head."""
        number = self.items.find(waits)
        self.table.go_to(number if number >= 0 else self.items.find(lambda _item: True))

    def _fill_items(self) -> None:
        unit, period = self.unit(), self.session.period
        self._shown = unit.unit if unit is not None else ""
        month = text.month(period.key)
        items = self.session.desk.review_items(unit.unit, period) if unit is not None else []
        self.items.columns[self.items.column("previous")].head = text.month(period.shifted(-1).key)
        self.items.columns[self.items.column("value")].head = _("{month}报").format(month=month)
        self.table.refill(items)
        if self.table.current_record() is None:
            self._to_first_waiting()
        waiting = [item for item in items if waits(item)]
        failed = sum(bool(item.check) for item in waiting)
        passing = sum(not item.check for item in waiting)
        if unit is None:
            self.set_title(_("审核{month}数据").format(month=month), _("没有要审核的单位"))
        else:
            self.set_title(
                _("审核{unit} {month}数据").format(unit=unit.unit_name, month=month),
                self._counted(len(waiting), failed, unit.late),
            )
            self.facts.set_facts(
                [
                    (
                        _("报送"),
                        text.moment(unit.submitted, self.session.desk.today()).split(" ")[0] or _("未报"),
                    ),
                    (_("校验码"), unit.digest),
                    (_("负责人"), unit.people[2]),
                    *(
                        [(_("检查通过"), f"{sum(not item.check for item in items)} / {len(items)}")]
                        if items
                        else []
                    ),
                ]
            )
        nobody = not self.units.rows
        self.empty.set(_("{month}还没有要审核的").format(month=month), self.empty.how.text())
        self.empty.setVisible(nobody)
        self._show_left()
        summed = unit is not None and unit.summed
        single = not summed and not nobody
        for part, shown in ((self.sheet, single), (self.panel, single), (self.whole, summed)):
            part.setVisible(shown)
        if unit is not None and summed:
            self.whole.show_unit(unit)
            said = {"accept": _("已接受"), "return": _("已退回，等它重报")}.get(unit.whole, _("还没有审核"))
            self.count.setText(said)
        self.accept_all.setVisible(not summed)
        for made in (self.accept_all, self.accept_here):
            made.setText("\u2009" + _("接受通过的 {count} 项").format(count=passing))
            made.setEnabled(passing > 0)
        number = self.unit_table.currentIndex().row()
        self.previous.setEnabled(number > 0)
        self.following.setEnabled(number + 1 < len(self.units.rows))
        self._show_item()

    def _counted(self, waiting: int, failed: int, late: int) -> str:
        shut = self.session.desk.closed(self.session.period)
        parts = [text.closed(shut.at, shut.locked)] if shut is not None else []
        if late:
            parts.append(_("封账后改动 {count} 项").format(count=late))
        parts.append(_("{waiting} 项待定 · {failed} 项检查没过").format(waiting=waiting, failed=failed))
        return " · ".join(parts)

    def _show_item(self) -> None:
        self._later.stop()
        self.panel.show_item(self.table.current_record())

    def show_subject(self, what: Any) -> None:
        """A unit's code."""
        self.unit_table.go_to(self.units.find(lambda unit: unit.unit == what or unit.unit_name == what))
        self.table.setFocus()

    def _step_unit(self, step: int) -> None:
        number = self.unit_table.currentIndex().row() + step
        if 0 <= number < len(self.units.rows):
            self.unit_table.go_to(number)
            self.table.setFocus()

    # Judging
    def press(self, letter: str) -> None:
        if letter in ("J", "L"):
            self._step(-1 if letter == "J" else 1)
            return
        self._show_item()
        if letter == "Z":
            self.take_back()
            return
        self.panel.judge({"A": "accept", "R": "return", "K": "set"}[letter])

    def _step(self, step: int) -> None:
        number = self.table.currentIndex().row() + step
        if 0 <= number < len(self.items.rows):
            self.table.go_to(number)

    def _next_waiting(self) -> None:
        start = self.table.currentIndex().row()
        order = [*range(start + 1, len(self.items.rows)), *range(start)]
        for number in order:
            item = self.items.record(number)
            if item is not None and waits(item):
                self.table.go_to(number)
                return

    def judge(self, verdict: Verdict, value: str, of: str, comment: str) -> None:
        item = self.panel.item
        if item is None:
            return
        words = {"accept": _("已接受 {name}"), "return": _("已退回 {name}"), "set": _("已核定 {name}")}[
            verdict
        ]
        done = self.session.attempt(
            lambda desk: desk.review(
                item.subject,
                verdict,
                value=value or None,
                of=of or None,
                comment=comment,
            ),
            words.format(name=text.task_name(item.indicator)),
        )
        if done is not None:
            self._next_waiting()
            self._show_item()
            self.table.setFocus()

    def take_back(self) -> None:
        """The verdict on the figure in front goes, as long as no file has carried it out."""
        item = self.panel.item
        if item is None or item.verdict == "waiting":
            return
        name = text.task_name(item.indicator)
        if self.session.attempt(lambda desk: desk.take_back(item.subject)) is None:
            return
        now = next((one for one in self.items.records if one.subject == item.subject), item)
        self.session.told.emit(
            _("{name} 的意见已撤回，回到“{now}”").format(name=name, now=verdict_words(now))
        )
        self._show_item()
        self.table.setFocus()

    def judge_whole(self, verdict: Literal["accept", "return"], comment: str) -> None:
        unit, period = self.unit(), self.session.period
        if unit is None:
            return
        words = _("已接受 {name}") if verdict == "accept" else _("已退回 {name}")
        self.session.attempt(
            lambda desk: desk.review_unit(unit.unit, period, verdict, comment),
            words.format(name=unit.unit_name),
        )

    def _accept_passing(self) -> None:
        unit = self.unit()
        if unit is None:
            return
        done = self.session.attempt(lambda desk: desk.accept_passing(unit.unit, self.session.period))
        if done is not None and done.entries:
            self.session.told.emit(
                _("{unit}：已接受 {count} 项").format(unit=unit.unit_name, count=done.entries)
            )
            self._next_waiting()
            self._show_item()
            self.table.setFocus()

    def _enlarge(self, view: object) -> None:
        if view is not None:
            from desktop_app.ui.widgets.viewer import ViewerDialog

            ViewerDialog([view], self.thumbnails, self.window()).exec()  # type: ignore[list-item]

    def _reply(self) -> None:
        if self.sends_up:
            self.wanted.emit("submit", None)
            return
        ask_and_reply(self.session, self, self.strip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < NARROW * theme.ratio()
        self.panel.setFixedWidth(theme.px(330 if narrow else 508))
        self.panel.set_narrow(narrow)
        # 上一家 and 下一家 lead from unit to unit where there is no room for their list.
        self._show_left()
        self.bar.setVisible(narrow)

    def _show_left(self) -> None:
        self.left.setVisible(bool(self.units.rows) and self.width() >= NARROW * theme.ratio())

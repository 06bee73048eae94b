"""缺报: who has not sent, who was late, whose files are incomplete; the reminder stands beside it."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model.view import MissingView
from desktop_app.ui import text, theme
from desktop_app.ui.county.chase_panel import ChasePanel
from desktop_app.ui.county.remembered import remember_order
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ChipCell, NumberCell
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

ORDER = ("missing", "late", "incomplete", "received")
MOODS = {"missing": "bad", "late": "warn", "incomplete": "warn", "received": "ok"}


def overdue(line: MissingView) -> bool:
    """Nothing has come and the day is over; before it nobody has failed to do anything."""
    return line.state == "missing" and line.days_late > 0


def state_words(line: MissingView) -> str:
    if line.entered:
        return _("代录，已确认") if line.entered == "confirmed" else _("已代录")
    if line.state == "missing" and not overdue(line):
        return _("还没报")
    return {
        "missing": _("没有报"),
        "late": _("迟报"),
        "incomplete": _("文件不全"),
        "received": _("已收"),
    }[line.state]


def mood(line: MissingView) -> str:
    if line.entered:
        return "info" if line.entered == "proxy" else "ok"
    return "plain" if line.state == "missing" and not overdue(line) else MOODS[line.state]


class MissingPage(Page):
    kinds = frozenset(
        {"submission", "receipt", "progress", "unit", "retraction", "setting", "evidence", "duty"}
    )

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("谁还没报"))
        self.add_action(button(_("复制名单"), "", "copy", self._copy))
        self.panel = ChasePanel(session)
        self.remind = self.add_action(
            button(_("复制催报文字"), "primary", clicked=self.panel.copy_text), primary=True
        )
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.body.addLayout(row(self.filter, None))
        kinds = {
            "township": _("乡镇"),
            "department": _("部门"),
            "county": _("县区"),
            "street": _("街道"),
            "park": _("园区"),
        }
        self.model = RecordModel(
            [
                Column("unit", _("单位"), 150, lambda m: m.unit_name, whole=True, sort=lambda m: m.unit_name),
                Column(
                    "kind",
                    _("类别"),
                    70,
                    lambda m: kinds.get(m.kind, m.kind),
                    colour=theme.INK2,
                    drop=1,
                    sort=lambda m: m.kind,
                ),
                Column(
                    "state",
                    _("情况"),
                    100,
                    state_words,
                    cell=ChipCell(mood),
                    whole=True,
                    sort=lambda m: (ORDER.index(m.state), bool(m.entered)),
                ),
                Column(
                    "late",
                    _("迟（天）"),
                    80,
                    lambda m: str(m.days_late) if m.days_late > 0 else text.NOTHING,
                    right=True,
                    cell=NumberCell(
                        lambda m: (theme.RED, "strong") if m.days_late > 0 else (theme.INK3, "body")
                    ),
                    sort=lambda m: -m.days_late,
                ),
                Column(
                    "last",
                    _("上次报的"),
                    96,
                    lambda m: text.month(m.last) if m.last else _("没报过"),
                    colour=theme.INK2,
                    sort=lambda m: m.last,
                ),
                Column("phone", _("电话"), 120, lambda m: m.phone, colour=theme.INK2, drop=2),
                Column("detail", _("说明"), 160, lambda m: m.detail, stretch=True, tip=lambda m: m.detail),
            ]
        )
        self.table = RecordTable(self.model)
        remember_order(self.table, "missing", Preferences())
        self.table.keep_place_by(lambda line: line.unit)
        self.table.activated_record.connect(lambda line: self.wanted.emit("inbox", line.unit))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.panel.setFixedWidth(theme.px(262))
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        middle.addWidget(sheet, 1)
        middle.addWidget(self.panel)
        self.body.addLayout(middle, 1)
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        rows = self.session.desk.missing(self.session.period)
        counts = {state: sum(line.state == state for line in rows) for state in ORDER}
        received = len(rows) - counts["missing"]
        self.set_title(
            _("{month}谁还没报").format(month=text.month(self.session.period.key)),
            _("已收 {received} / {total} · 报送日 {due}").format(
                received=received, total=len(rows), due=text.day(rows[0].due) if rows else ""
            ),
        )
        self.filter.set_segments(
            [
                ("all", _("全部 {count}").format(count=len(rows))),
                (
                    "missing",
                    (_("没有报 {count}") if any(map(overdue, rows)) else _("还没报 {count}")).format(
                        count=counts["missing"]
                    ),
                ),
                ("late", _("迟报 {count}").format(count=counts["late"])),
                ("incomplete", _("文件不全 {count}").format(count=counts["incomplete"])),
                ("entered", _("代录 {count}").format(count=sum(bool(line.entered) for line in rows))),
            ]
        )
        self.table.refill(
            sorted(rows, key=lambda line: (ORDER.index(line.state), bool(line.entered), -line.days_late))
        )
        if self.table.current_record() is None:
            self.table.go_to_first()
        self.panel.show_missing(rows)
        self.remind.setEnabled(counts["missing"] > 0)

    def _apply(self) -> None:
        kind = self.filter.current
        tests = {"all": None, "entered": lambda line: bool(line.entered)}
        self.model.show_only(tests.get(kind, lambda line: line.state == kind))
        self.table.go_to_first()

    def show_subject(self, what: Any) -> None:
        self.filter.choose("all")
        self.table.go_to(self.model.find(lambda line: line.unit == what))

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("名单已复制，可以粘贴到 Excel"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.setVisible(self.width() >= 900 * theme.ratio())

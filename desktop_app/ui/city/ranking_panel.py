"""排名 on screen: one table a ranking, its rule below; only what the notice asks for or the unit has switched on."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import N_, _
from desktop_app.core.model.period import Period
from desktop_app.core.report.ranking import RankLine, RankTable, place_words
from desktop_app.ui import theme
from desktop_app.ui.city.paper_part import PaperPart
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, row
from desktop_app.ui.widgets.labels import WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

MOST_COLUMNS = 9


def _cell(number: int, line: RankLine) -> str:
    return line.cells[number]


class RankingPanel(PaperPart):
    act_word = N_("存成 Excel…")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.tables: list[RankTable] = []
        self.asked = False
        self.which = SegmentedFilter()
        self.which.chosen.connect(lambda _key: self._show())
        self.span = SegmentedFilter([("month", _("本月")), ("quarter", _("本季度"))])
        self.rule = SegmentedFilter([("done", _("按完成率")), ("increase", _("按本期新增"))])
        self.silent = SegmentedFilter([("last", _("未报的排最后")), ("out", _("未报的不排"))])
        for choice in (self.span, self.rule, self.silent):
            choice.chosen.connect(lambda _key: self.fill(self.cutoff))
        self.body.addLayout(row(self.which, None, self.span, 8, self.rule, 8, self.silent))
        self.stack = QStackedWidget()
        self.body.addWidget(self.stack, 1)
        self.sheet = Card((1, 1, 1, 1), 0)
        self.table: RecordTable | None = None
        self.empty = EmptyState(
            _("这里没有要排的名"),
            _("通知没有要求给下级排名。确实需要的，在“设置”里打开排名后再来。"),
        )
        self.stack.addWidget(self.sheet)
        self.stack.addWidget(self.empty)
        self.rules = WrappedLabel("", "note", "ink2")
        self.body.addWidget(self.rules)

    def title(self) -> str:
        return _("谁走在前面")

    def note(self) -> str:
        if not self.asked:
            return _("正在计算…")
        return _("{period} · {count} 张").format(period=self.period.label, count=len(self.tables))

    @property
    def period(self) -> Period:
        """The month looked at, or the quarter it lies in."""
        month = self.session.period
        if self.span.current != "quarter":
            return month
        first = (month.last - 1) // 3 * 3 + 1
        return Period(month.year, first, first + 2)

    def ready(self) -> bool:
        return bool(self.tables)

    def focus_widget(self) -> QWidget:
        return self.table or self

    def fill(self, cutoff: str) -> None:
        self.cutoff, period = cutoff, self.period
        increase, silent = self.rule.current == "increase", self.silent.current
        self.work(
            lambda desk, _progress: desk.rankings(period, increase=increase, silent=silent, cutoff=cutoff),
            self._take,
            self.reading(cutoff),
        )

    def _take(self, tables: list[RankTable]) -> None:
        self.tables, self.asked = tables, True
        self.stack.setCurrentWidget(self.sheet if tables else self.empty)
        for choice in (self.which, self.span, self.rule, self.silent):
            choice.setVisible(bool(tables))
        if tables:
            self.which.set_segments(
                [
                    (str(table.task), _("任务{no}").format(no=table.task) if table.task else _("总排名"))
                    for table in tables
                ]
            )
        self._show()

    def _show(self) -> None:
        shown = next((t for t in self.tables if str(t.task) == self.which.current), None)
        self.rules.setText("" if shown is None else "".join((*shown.rules, self._asked_by(shown))))
        if shown is None:
            return
        columns = [
            Column("place", _("名次"), 88, place_words, right=True, role="strong"),
            Column("name", _("单位"), 130, lambda line: line.name, whole=True),
            Column("score", shown.score, 100, lambda line: show_percent(line.score, 2), right=True),
        ]
        names = shown.of or ("",) * len(shown.heads)
        columns += [
            Column(
                f"cell{number}",
                of or head,
                116 if of else 84,
                partial(_cell, number),
                note=head if of else "",
                right=True,
                drop=MOST_COLUMNS - number,
            )
            for number, (of, head) in enumerate(zip(names, shown.heads, strict=True))
        ]
        columns.append(Column("note", _("备注"), 120, self._note, stretch=True, colour=theme.INK2))
        if self.table is not None:
            self.sheet.body.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.table = RecordTable(RecordModel(columns))
        self.sheet.body.addWidget(self.table)
        self.table.refill(shown.lines)
        self.table.go_to_first()

    @staticmethod
    def _asked_by(table: RankTable) -> str:
        return _("依据方案原文：{quote}").format(quote=table.quote) if table.quote else ""

    @staticmethod
    def _note(line: RankLine) -> str:
        return line.note

    def act(self) -> None:
        period, cutoff = self.period, self.cutoff
        path = self.choose_file(_("{period}排名.xlsx").format(period=period.label), _("Excel 表格 (*.xlsx)"))
        if path is not None:
            path = path.with_suffix(".xlsx")
            self.save(
                lambda: self.session.desk.write_rankings(self.tables, path, period, cutoff),
                _("排名已存到 {path}").format(path=path),
            )

"""What stands behind a cell of the board, step by step: task, county, unit, site, photo; the way back stands above."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial

from PySide6.QtWidgets import QDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView, SiteView
from desktop_app.core.operations.below import Below
from desktop_app.ui import text, theme
from desktop_app.ui.city.dialog_size import open_at
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import EmptyState, button, clear, row
from desktop_app.ui.widgets.delegates import LightCell
from desktop_app.ui.widgets.evidence_grid import EvidenceGrid
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable
from desktop_app.ui.widgets.thumbnails import Thumbnails
from desktop_app.ui.widgets.viewer import ViewerDialog

Step = tuple[str, Callable[[], None]]


def _when(line: Below) -> str:
    """Of which month a figure is, and how many of those who make it have never said anything."""
    if line.missing >= line.leaves:
        return _("没有报")
    said = text.month(line.carried) if line.carried else _("本期")
    return (
        _("{said}，缺 {missing}/{of} 家").format(said=said, missing=line.missing, of=line.leaves)
        if line.missing
        else said
    )


def _figures(name: str) -> list[Column]:
    return [
        Column("name", name, 210, lambda b: b.name if name == _("指标") else b.area_name, stretch=True),
        Column(
            "who", _("填报单位"), 130, lambda b: b.reporter or _("下级各自填报"), colour=theme.INK2, drop=1
        ),
        Column(
            "share",
            _("份额"),
            84,
            lambda b: text.number(b.share, 2 if b.share and b.share.denominator > 1 else 0),
            right=True,
        ),
        Column("said", _("完成数"), 130, lambda b: b.said, right=True, role="strong"),
        Column("unit", _("单位"), 60, lambda b: b.unit, colour=theme.INK2),
        Column(
            "done",
            _("完成"),
            58,
            lambda b: text.percent(b.done if b.done is not None else b.rate),
            right=True,
        ),
        Column("due", _("应达"), 58, lambda b: text.percent(b.expected), right=True, colour=theme.INK2),
        Column(
            "light", _("灯"), 80, lambda b: text.light(b.light), cell=LightCell(lambda b: b.light), whole=True
        ),
        Column(
            "last",
            _("数是几月的"),
            118,
            _when,
            colour=theme.INK2,
            drop=2,
        ),
    ]


class BoardDrill(QDialog):
    def __init__(
        self,
        session: Session,
        task: int,
        task_name: str,
        area: str,
        area_name: str,
        parent: QWidget | None = None,
        why: str = "",
        then: Mapping[str, str] | None = None,
    ) -> None:
        """`why` is said above the indicators: what their figures do not tell of the light; `then` is the past day or
        cut-off that is looked at."""
        super().__init__(parent)
        self.session = session
        self._why, self._then = why, dict(then or {})
        self.setWindowTitle(_("这一格后面"))
        open_at(self, 940, 560)
        layout = QVBoxLayout(self)
        self.crumbs = QHBoxLayout()
        self.crumbs.setSpacing(theme.px(2))
        layout.addLayout(self.crumbs)
        self.note = Label("", "note", theme.INK2)
        layout.addWidget(self.note)
        self._of_indicator: Below | None = None
        """Whose sites are shown: one site may count for several indicators, with another quantity for each."""
        self.stack = QStackedWidget()
        self.indicators = RecordTable(RecordModel(_figures(_("指标"))))
        self.units = RecordTable(RecordModel(_figures(_("单位名称"))))
        self.sites = RecordTable(
            RecordModel(
                [
                    Column("name", _("点位"), 240, lambda s: s.name, stretch=True),
                    Column("place", _("地点"), 140, lambda s: s.place, colour=theme.INK2, drop=1),
                    Column(
                        "done",
                        _("完成日期"),
                        100,
                        lambda s: text.day(s.completed) if s.completed else _("未完成"),
                    ),
                    Column(
                        "counts",
                        _("计数"),
                        190,
                        lambda s: _("计入") if s.counts else s.why_not,
                        colour=theme.INK2,
                    ),
                    Column("amount", _("数量"), 84, self._amount, right=True, role="strong"),
                    Column("photos", _("佐证"), 60, lambda s: str(s.evidence), right=True),
                ]
            )
        )
        self.thumbnails = Thumbnails(session.desk, self)
        self.photos = EvidenceGrid(self.thumbnails)
        self.empty = EmptyState(_("这里还没有内容"))
        for widget in (self.indicators, self.units, self.sites, self.photos, self.empty):
            self.stack.addWidget(widget)
        layout.addWidget(self.stack, 1)
        layout.addLayout(row(None, button(_("关闭"), "primary", clicked=self.reject)))
        self.indicators.activated_record.connect(self._unit_level)
        self.units.activated_record.connect(self._site_level)
        self.sites.activated_record.connect(self._photo_level)
        self.photos.activated.connect(lambda _index: self._show_photo())
        self.path: list[Step] = []
        self._task, self._area = task, area
        self._start(f"{task} {task_name}", area_name)

    # Levels
    def _start(self, task_name: str, area_name: str) -> None:
        period = self.session.period
        lines = list(self.session.desk.behind_cell(self._task, self._area, period, **self._then))

        def show() -> None:
            hint = _("双击一个指标，看各单位")
            hint = f"{self._why}　{hint}" if self._why else hint
            self._fill(self.indicators, lines, hint, _("这项任务在这里没有指标。"))

        self._go([(task_name, self.reject), (area_name, show)])

    def _unit_level(self, line: Below) -> None:
        period = self.session.period
        units = list(self.session.desk.behind_indicator(line.indicator, line.area, period, **self._then))

        def show() -> None:
            self._fill(
                self.units, units, _("落后的在前；双击一个单位，看点位或佐证"), _("没有单位填报这个指标。")
            )

        self._go([*self.path[:2], (line.name, show)])

    def _site_level(self, line: Below) -> None:
        sites = [site for site in self.session.desk.sites(line.indicator) if site.area == line.area]

        def show() -> None:
            self._of_indicator = line
            if sites or line.site_based:
                self._fill(
                    self.sites,
                    sites,
                    self._sum(sites)
                    + (
                        _("点位和照片是现在的；双击一个点位，看照片")
                        if self._then
                        else _("双击一个点位，看照片")
                    ),
                    _("{unit}还没有登记点位。").format(unit=line.area_name),
                )
            else:
                about = [e for e in self.session.desk.evidence(line.indicator) if self._of(e, line.area)]
                self._fill_photos(about)

        self._go([*self.path[:3], (line.area_name, show)])

    def _amount(self, site: SiteView) -> str:
        line = self._of_indicator
        if line is None:
            return ""
        return f"{text.number(site.quantities.get(line.indicator, Fraction(0)), 6)} {line.unit}"

    def _sum(self, sites: list[SiteView]) -> str:
        """What the list adds up to, so that it can be held against the figure a level above."""
        line, end = self._of_indicator, self.session.period.end.isoformat()
        year = end[:4]
        if line is None:
            return ""
        counted = [site for site in sites if site.counts and year <= site.since <= end]
        amount = sum((site.quantities.get(line.indicator, Fraction(0)) for site in counted), Fraction(0))
        return _("共 {sites} 处，{day}止计入 {count} 处、{amount} {unit}。").format(
            sites=len(sites),
            day=text.day(self.session.period.end),
            count=len(counted),
            amount=text.number(amount, 6),
            unit=line.unit,
        )

    def _photo_level(self, site: SiteView) -> None:
        photos = list(self.session.desk.evidence(site.subject))
        self._go([*self.path[:4], (site.name, lambda: self._fill_photos(photos))])

    @staticmethod
    def _of(view: EvidenceView, area: str) -> bool:
        return view.unit == area or any(area in about.split("/") for about in view.about)

    def _show_photo(self) -> None:
        view = self.photos.current()
        if isinstance(view, EvidenceView):
            ViewerDialog([view], self.thumbnails, self).exec()

    # Showing
    def _fill(self, table: RecordTable, records: list, hint: str, nothing: str) -> None:
        if not records:
            self._nothing(nothing)
            return
        self.note.setText(hint)
        table.refill(records)
        self.stack.setCurrentWidget(table)
        table.go_to_first()
        table.setFocus()

    def _fill_photos(self, photos: list[EvidenceView]) -> None:
        if not photos:
            self._nothing(_("这里还没有佐证材料。"))
            return
        self.note.setText(_("{count} 份佐证；双击放大").format(count=len(photos)))
        self.photos.fill(list(photos))
        self.stack.setCurrentWidget(self.photos)

    def _nothing(self, words: str) -> None:
        self.note.setText("")
        self.empty.set(words)
        self.stack.setCurrentWidget(self.empty)

    def _go(self, path: list[Step]) -> None:
        self.path = path
        clear(self.crumbs)
        for number, (words, _show) in enumerate(path):
            if number:
                self.crumbs.addWidget(Label("›", "body", theme.INK3))
            if number == len(path) - 1:
                self.crumbs.addWidget(Label(words, "strong"))
            else:
                self.crumbs.addWidget(button(words, "link", clicked=partial(self._back, number)))
        self.crumbs.addStretch(1)
        path[-1][1]()

    def _back(self, number: int) -> None:
        if number == 0:
            self.reject()
        else:
            self._go(self.path[: number + 1])

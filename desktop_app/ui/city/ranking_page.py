"""排名: the areas by how many of their tasks are not behind; ties share a place."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from desktop_app.core.i18n import _
from desktop_app.core.model.view import BoardView
from desktop_app.ui import text, theme
from desktop_app.ui.city.board_picture import not_behind, ranks
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, button
from desktop_app.ui.widgets.delegates import NumberCell, ProgressCell
from desktop_app.ui.widgets.labels import WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class Standing(NamedTuple):
    place: int
    area: str
    name: str
    good: int
    of: int
    counts: dict[str, int]
    mean: Fraction | None


def standings(view: BoardView) -> list[Standing]:
    places, found = ranks(view), []
    for area, name in view.areas:
        cells = [cell for (_no, code), cell in view.cells.items() if code == area and cell.applies]
        shares = [min(cell.percent, Fraction(1)) for cell in cells if cell.percent is not None]
        good, of = not_behind(view, area, list(view.tasks))
        counts = {
            light: sum(cell.light == light for cell in cells)
            for light in ("done", "green", "yellow", "red", "none")
        }
        mean = sum(shares, Fraction(0)) / len(shares) if shares else None
        found.append(Standing(places[area], area, name, good, of, counts, mean))
    return sorted(found, key=lambda standing: (standing.place, -(standing.mean or 0)))


class RankingPage(Page):
    def __init__(self, session: Session) -> None:
        super().__init__(session, _("谁走在前面"))
        self.add_action(button(_("复制到 Excel"), "primary", "copy", self._copy), primary=True)

        def count(key: str, word: str, colour: str) -> Column:
            return Column(
                key,
                word,
                76,
                lambda s: str(s.counts[key]),
                right=True,
                sort=lambda s: -s.counts[key],
                cell=NumberCell(lambda s: (colour, "strong") if s.counts[key] else (theme.INK3, "body")),
            )

        self.model = RecordModel(
            [
                Column(
                    "place",
                    _("名次"),
                    64,
                    lambda s: _("第{place}").format(place=s.place),
                    right=True,
                    role="strong",
                ),
                Column("name", _("单位"), 150, lambda s: s.name, stretch=True, whole=True),
                Column(
                    "good",
                    _("不落后项数"),
                    110,
                    lambda s: f"{s.good} / {s.of}",
                    right=True,
                    sort=lambda s: -s.good,
                ),
                Column(
                    "mean",
                    _("平均完成"),
                    200,
                    lambda s: text.percent(s.mean),
                    sort=lambda s: s.mean,
                    cell=ProgressCell(lambda s: (s.mean, None, "done" if s.mean == 1 else "green")),
                ),
                count("done", _("完成"), theme.BLUE),
                count("green", _("正常"), theme.GREEN),
                count("yellow", _("滞后"), theme.AMBER),
                count("red", _("逾期"), theme.RED),
                count("none", _("未报"), theme.INK2),
            ]
        )
        self.table = RecordTable(self.model)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.body.addWidget(sheet, 1)
        self.body.addWidget(
            WrappedLabel(
                _(
                    "名次按不落后（正常和完成）的项数占应做项数的比例，相同的并列。只排县区，不排乡镇，除非县里打开。"
                ),
                "note",
                "ink2",
            )
        )
        self.setFocusProxy(self.table)

    def refresh(self) -> None:
        view = self.session.desk.board(self.session.period)
        self.set_title(
            _("谁走在前面"),
            _("截至{day} · {count} 家").format(day=text.day(self.session.period.end), count=len(view.areas)),
        )
        self.table.refill(standings(view))
        self.table.go_to_first()

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("排名已复制，可以粘贴到 Excel"))

"""The ranking as a workbook: a sheet for each, its rule, ties and missing reports stated below, a chart beside."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import msgspec

from desktop_app.core.i18n import _, on_paper
from desktop_app.core.report.sheets_style import Book, Sheet, save


class RankLine(msgspec.Struct, frozen=True, kw_only=True):
    """One area.  `place` None: listed, not ranked.  `cells` answer the table's heads."""

    area: str
    name: str
    place: int | None
    tied: bool
    score: Fraction | None
    cells: tuple[str, ...]
    note: str = ""


class RankTable(msgspec.Struct, frozen=True, kw_only=True):
    """A ranking; `task` 0 is over all tasks.  `of` says what each head is of (an indicator's name), "" where the head
    says it all; `quote` are the notice's words that ask for it."""

    title: str
    label: str
    heads: tuple[str, ...]
    score: str
    lines: tuple[RankLine, ...]
    rules: tuple[str, ...]
    quote: str = ""
    task: int = 0
    of: tuple[str, ...] = ()

    @property
    def full_heads(self) -> tuple[str, ...]:
        """Each head with what it is of, for where a head has but one line."""
        return tuple(
            f"{of}{head}" for of, head in zip(self.of or ("",) * len(self.heads), self.heads, strict=True)
        )


def place_words(line: RankLine) -> str:
    if line.place is None:
        return "–"
    return _("{place}（并列）").format(place=line.place) if line.tied else str(line.place)


@on_paper
def build(tables: Sequence[RankTable], *, plan: str, unit: str, made: str) -> bytes:
    """The bytes of the workbook; the same rankings give the same bytes."""
    book = Book(_("排名"), made, unit)
    for table in tables:
        heads = (_("名次"), _("单位"), table.score, *table.full_heads, _("备注"))
        widths = (10, 18, 12, *([13] * len(table.heads)), 30)
        name = _("总排名") if not table.task else _("任务{no}").format(no=table.task)
        sheet = book.sheet(name, table.title, f"{plan}　{table.label}　{unit}", heads, widths)
        for line in table.lines:
            sheet.put(
                (place_words(line), line.name, line.score, *line.cells, line.note),
                ("centre", "text", "fine", *(["centre"] * len(line.cells)), "text"),
            )
        _chart(book, sheet, name, table)
        for number, rule in enumerate(table.rules, start=1):
            sheet.note(f"{number}. {rule}")
        if table.quote:
            sheet.note(_("依据：{quote}").format(quote=table.quote))
    return book.finish()


def _chart(book: Book, sheet: Sheet, name: str, table: RankTable) -> None:
    ranked = sum(line.score is not None for line in table.lines)
    if ranked < 2:
        return
    chart = book.book.add_chart({"type": "bar"})
    first, last = 3, 2 + ranked
    chart.add_series(
        {
            "name": table.score,
            "categories": [name, first, 1, last, 1],
            "values": [name, first, 2, last, 2],
            "fill": {"color": "#17508F"},
            "data_labels": {
                "value": True,
                "num_format": "0.00%",
                "position": "inside_end",
                "font": {"color": "#FFFFFF"},
            },
            "gap": 60,
        }
    )
    chart.set_title({"name": table.title, "name_font": {"size": 12, "bold": False}})
    chart.set_legend({"none": True})
    chart.set_x_axis(
        {
            "min": 0,
            "max": 1 if max(line.score or 0 for line in table.lines) > Fraction(1, 2) else None,
            "num_format": "0%",
            "major_gridlines": {"visible": True, "line": {"color": "#DFE4EA"}},
        }
    )
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 620, "height": 90 + 26 * ranked})
    rows = len(table.rules) + bool(table.quote)
    sheet.sheet.insert_chart(sheet.row + rows + 1, 1, chart, {"object_position": 1})


def write(tables: Sequence[RankTable], path: Path, *, plan: str, unit: str, made: str) -> Path:
    return save(path, lambda: build(tables, plan=plan, unit=unit, made=made))

"""The bulletin's annexes as a workbook: tasks, areas, what lags; a chart of the areas, which words would tell worse."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.model.view import LIGHTS
from desktop_app.core.report.bulletin import Bulletin, annex_names
from desktop_app.core.report.sheets_style import Book, save

COLOURS = {"done": "blue", "green": "green", "yellow": "amber", "red": "red", "none": "centre"}
BARS = {"done": "#1F5FA8", "green": "#4E9A6B", "yellow": "#D9932B", "red": "#CF5147", "none": "#B4BDC8"}


@on_paper
def build(bulletin: Bulletin) -> bytes:
    """The bytes of the workbook."""
    names = annex_names(bulletin)
    book = Book(names[0], bulletin.made, bulletin.unit)
    under = _("{plan}　截至{label}末").format(plan=bulletin.plan, label=bulletin.label)
    _tasks(book, bulletin, names[0], under)
    _areas(book, bulletin, names[1], under)
    _lags(book, bulletin, names[2], under)
    return book.finish()


def write(bulletin: Bulletin, path: Path) -> Path:
    return save(path, lambda: build(bulletin))


def _tasks(book: Book, bulletin: Bulletin, name: str, under: str) -> None:
    sheet = book.sheet(
        _("附件1 完成情况"),
        name,
        under,
        (_("序号"), _("任务"), _("牵头单位"), _("进展"), _("完成进度"), _("应达进度"), _("状态")),
        (6, 34, 26, 44, 10, 10, 8),
        corner=_("附件{number}").format(number=1),
    )
    category = ""
    for task in bulletin.tasks:
        if task.category != category:
            category = task.category
            sheet.band(category)
        sheet.put(
            (
                task.no,
                task.title,
                task.lead,
                task.words,
                task.percent,
                task.expected,
                _(LIGHTS[task.light]),
            ),
            ("centre", "text", "text", "text", "percent", "percent", COLOURS[task.light]),
        )


def _areas(book: Book, bulletin: Bulletin, name: str, under: str) -> None:
    placed = any(line.place for line in bulletin.areas)
    heads = [_("单位"), _("应做项数"), _("不落后项数"), *(_(word) for word in LIGHTS.values())]
    heads += [_("平均完成"), _("报送"), *([_("名次")] if placed else [])]
    widths = [20, 10, 12, 8, 8, 8, 8, 8, 11, 10, *([10] if placed else [])]
    title = _("附件2 {areas}").format(areas=bulletin.areas_word)
    sheet = book.sheet(title, name, under, heads, widths, corner=_("附件{number}").format(number=2))
    for line in bulletin.areas:
        values: list[object] = [line.name, line.of, line.good]
        values += [line.counts[light] for light in LIGHTS]
        values += [line.mean, _("已报") if line.received else _("未报")]
        formats = ["text", *(["centre"] * 7), "percent", "centre"]
        if placed:
            values.append("" if line.place is None else str(line.place))
            formats.append("centre")
        sheet.put(values, formats)
    count = len(bulletin.areas)
    if count > 1:
        chart = book.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
        for column, (light, word) in enumerate(LIGHTS.items(), start=3):
            chart.add_series(
                {
                    "name": _(word),
                    "categories": [title, 3, 0, 2 + count, 0],
                    "values": [title, 3, column, 2 + count, column],
                    "fill": {"color": BARS[light]},
                    "gap": 50,
                }
            )
        chart.set_title({"name": _("各单位任务状态"), "name_font": {"size": 12, "bold": False}})
        chart.set_legend({"position": "bottom"})
        chart.set_y_axis({"reverse": True})
        chart.set_x_axis({"num_format": "0%", "major_gridlines": {"visible": False}})
        chart.set_size({"width": 720, "height": 130 + 26 * count})
        sheet.sheet.insert_chart(sheet.row + 3, 0, chart, {"object_position": 1})
    sheet.note(bulletin.rule)


def _lags(book: Book, bulletin: Bulletin, name: str, under: str) -> None:
    sheet = book.sheet(
        _("附件3 滞后事项"),
        name,
        under,
        (
            _("序号"),
            _("单位"),
            _("任务"),
            _("牵头单位"),
            _("进展"),
            _("完成"),
            _("应达"),
            _("状态"),
            _("占任务总量"),
            _("备注"),
        ),
        (6, 14, 28, 22, 36, 9, 9, 8, 11, 24),
        corner=_("附件{number}").format(number=3),
    )
    for number, line in enumerate((line for line in bulletin.lags if line.chosen), start=1):
        sheet.put(
            (
                number,
                line.name,
                f"{line.no} {line.title}",
                line.lead,
                line.told,
                line.percent,
                line.expected,
                _(LIGHTS[line.light]),
                show_percent(line.part, 1),
                line.remark,
            ),
            (
                "centre",
                "text",
                "text",
                "text",
                "text",
                "percent",
                "percent",
                COLOURS[line.light],
                "centre",
                "text",
            ),
        )
    sheet.note(bulletin.lag_rule)

"""倒排 as a picture: one row an indicator, its course over the year, its steps, where it stands; on screen and A3."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPen, QPolygonF

from desktop_app.core.i18n import _, on_paper
from desktop_app.core.operations.scheduling import CourseView, ScheduleView
from desktop_app.ui import text, theme
from desktop_app.ui.paper.pages import pdf_file
from desktop_app.ui.widgets import painters

A3 = (420, 297)
COURSE = "#C6D9EE"
"""Darker than a chosen row, on which it must be seen too."""
ROWS = 34
"""Rows on a printed page."""


def slack_words(row: CourseView) -> str:
    """Days to spare at the pace so far."""
    if row.done is not None and row.done >= 1:
        return _("已完成")
    days = row.slack.days
    if days is None:
        return _("未起步，剩 {days} 天").format(days=row.slack.left)
    if days < 0:
        return _("照此晚 {days} 天").format(days=-days)
    return _("富余 {days} 天").format(days=days)


def step_words(row: CourseView) -> str:
    """What is late, or comes next."""
    overdue = row.overdue
    if overdue:
        return _("{day}逾期：{what}").format(what=overdue[0].what, day=text.day(overdue[0].due))
    late = [step for step in row.steps if step.state == "late"]
    coming = [step for step in row.steps if step.state == "coming"]
    if coming and not (late and coming[0].reach == 1):
        return _("{day}前：{what}").format(what=coming[0].what, day=text.day(coming[0].due))
    if late:
        return _("迟完成 {days} 天：{what}").format(days=late[-1].days_late, what=late[-1].what)
    return _("都按期完成")


def draw_months(painter: QPainter, rect: QRect, view: ScheduleView, size: float) -> None:
    """The months of the year across a rectangle."""
    painter.setFont(theme.sized_font("body", size))
    painter.setPen(QColor(theme.INK2))
    for month in range(1, 13):
        left = _x(rect, date(view.ends.year, month, 1), view)
        right = _x(rect, date(view.ends.year + month // 12, month % 12 + 1, 1), view)
        box = QRectF(left, rect.top(), right - left, rect.height())
        painter.drawText(box, int(painters.CENTRE), str(month))


def _x(rect: QRect | QRectF, day: date, view: ScheduleView) -> float:
    first = date(view.ends.year, 1, 1)
    return rect.left() + rect.width() * (day - first).days / ((date(view.ends.year + 1, 1, 1) - first).days)


def draw_course(painter: QPainter, rect: QRect, row: CourseView, view: ScheduleView) -> None:
    """The course as a rising area, what is done as a bar, steps as marks, the day looked at as a line."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    height = rect.height()
    for month in range(2, 13):
        line = round(_x(rect, date(view.ends.year, month, 1), view))
        painter.fillRect(QRect(line, rect.top(), 1, height), QColor(theme.LINE))
    low, high = rect.bottom() - height * 0.16, rect.top() + height * 0.16
    ended = row.corners[-1][0] if row.corners else view.ends
    shape = QPolygonF([QPointF(_x(rect, row.corners[0][0], view), low)])
    before = 0.0
    for day, share in row.corners:
        x = _x(rect, day + timedelta(days=1), view)
        if row.curve == "steps":
            shape.append(QPointF(x, low - (low - high) * before))
        before = float(share)
        shape.append(QPointF(x, low - (low - high) * before))
    shape.append(QPointF(_x(rect, ended + timedelta(days=1), view), low))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(COURSE))
    painter.drawPolygon(shape)
    done = min(1.0, float(row.done)) if row.done is not None else 0.0
    start = _x(rect, view.starts, view)
    # As far along the way from the plan's day to the last deadline as is done.
    reach = start + (_x(rect, row.last + timedelta(days=1), view) - start) * done
    thick = max(3.0, height * 0.2)
    painter.fillRect(
        QRectF(start, low - thick, max(0.0, reach - start), thick), QColor(theme.LIGHTS[row.light].fill)
    )
    today = round(_x(rect, view.at + timedelta(days=1), view))
    painter.fillRect(QRect(today - 1, rect.top(), 2, height), QColor(theme.INK2))
    mark = max(7.0, height * 0.3)
    for step in row.steps:
        x = _x(rect, step.due + timedelta(days=1), view)
        y = high + mark * 0.5
        light = {"done": "done", "late": "done", "overdue": "red", "coming": "none"}[step.state]
        painter.fillRect(
            QRectF(x - mark * 0.75, y - mark * 0.62, mark * 1.5, mark * 1.24), QColor(theme.WHITE)
        )
        painters.draw_light(painter, x - mark / 2, y - mark / 2, light, mark)
        if step.state == "late" and step.done is not None:
            # From its date to the day on which it was made up.
            painter.setPen(QPen(QColor(theme.AMBER), max(1.4, height * 0.06), Qt.PenStyle.DotLine))
            painter.drawLine(
                QPointF(x + mark * 0.6, y), QPointF(_x(rect, step.done + timedelta(days=1), view), y)
            )
    painter.restore()


@on_paper
def draw_area(view: ScheduleView, area: str, path: Path) -> None:
    """One area's indicators, or everybody's ("")."""
    rows = [row for row in view.rows if not area or row.area == area]
    draw(view, rows, path, title_of(dict(view.areas).get(area, _("全部地区"))))


def title_of(area_name: str) -> str:
    return _("{area}倒排工期").format(area=area_name)


def draw(view: ScheduleView, rows: Sequence[CourseView], path: Path, title: str) -> None:
    """As pdf pages (A3, landscape).  OSError where it cannot be written."""
    with pdf_file(path) as writer:
        writer.setPageSize(QPageSize(QSizeF(*A3), QPageSize.Unit.Millimeter))
        writer.setPageMargins(QMarginsF(12, 10, 12, 10), QPageLayout.Unit.Millimeter)
        writer.setResolution(144)
        writer.setTitle(title)
        painter = QPainter()
        if not painter.begin(writer):
            raise OSError(_("写不了“{path}”").format(path=path))
        try:
            pages = [rows[start : start + ROWS] for start in range(0, len(rows), ROWS)] or [[]]
            for number, part in enumerate(pages):
                if number:
                    writer.newPage()
                _page(
                    painter,
                    QRect(0, 0, writer.width(), writer.height()),
                    view,
                    part,
                    f"{title}　{number + 1}/{len(pages)}",
                )
        finally:
            painter.end()


def _page(painter: QPainter, rect: QRect, view: ScheduleView, rows: Sequence[CourseView], title: str) -> None:
    unit = rect.height() / (ROWS + 4)
    size = unit * 0.46

    def words(box: QRectF, said: str, pixels: float, colour: str = theme.INK, bold: bool = False) -> None:
        font = theme.sized_font("strong" if bold else "body", pixels)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        metrics = QFontMetricsF(font)
        painter.drawText(
            box, int(painters.LEFT), metrics.elidedText(said, Qt.TextElideMode.ElideRight, box.width())
        )

    words(QRectF(rect.left(), 0, rect.width() * 0.7, unit * 1.5), title, unit * 0.72, theme.INK, True)
    at = _("截至 {day}").format(day=text.day(view.at))
    words(QRectF(rect.width() * 0.8, 0, rect.width() * 0.2, unit * 1.5), at, size, theme.INK2)
    parts = (0.2, 0.08, 0.11, 0.05, 0.3, 0.09, 0.17)
    lefts = [rect.left() + rect.width() * sum(parts[:n]) for n in range(len(parts))]
    top = unit * 1.6
    painter.fillRect(QRectF(rect.left(), top, rect.width(), unit), QColor(theme.HEAD))
    heads = (_("任务指标"), _("地区"), _("责任单位"), _("完成"), "", _("余量"), _("节点"))
    for left, part, head in zip(lefts, parts, heads, strict=True):
        words(QRectF(left + 4, top, rect.width() * part - 8, unit), head, size, theme.INK2)
    course = QRect(round(lefts[4]), round(top), round(rect.width() * parts[4]) - 8, round(unit))
    draw_months(painter, course, view, size)
    for number, row in enumerate(rows):
        y = top + unit * (number + 1)
        colours = theme.LIGHTS[row.light]
        cells = (
            f"{row.task} {row.name}",
            row.area_name,
            row.reporter,
            text.percent(row.done),
            "",
            slack_words(row),
            step_words(row),
        )
        for place, (left, part, said) in enumerate(zip(lefts, parts, cells, strict=True)):
            colour = colours.text if place == 3 else theme.INK if place in (0, 5) else theme.INK2
            words(QRectF(left + 4, y, rect.width() * part - 8, unit), said, size, colour, place == 3)
        draw_course(painter, QRect(course.left(), round(y), course.width(), round(unit) - 1), row, view)
        painter.fillRect(QRectF(rect.left(), y + unit - 1, rect.width(), 1), QColor(theme.LINE))
    foot = QRectF(rect.left(), rect.height() - unit * 1.2, rect.width(), unit)
    words(foot, _("亮灯规则：{rule}").format(rule=view.rule), size * 0.9, theme.INK2)

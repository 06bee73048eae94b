"""The columns of 审核: a figure beside the last one, what the checks say of it, and the verdict."""

from __future__ import annotations

from typing import ClassVar

from desktop_app.core.i18n import _
from desktop_app.core.model.view import ReviewItemView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.delegates import CellPainter, IconTextCell
from desktop_app.ui.widgets.painters import draw_light, draw_text
from desktop_app.ui.widgets.records import Column


def waits(item: ReviewItemView) -> bool:
    """What was carried forward is no new word of the unit: it waits for nobody."""
    return item.verdict == "waiting" and not item.indicator.figure.carried


def verdict_words(item: ReviewItemView) -> str:
    if item.verdict == "waiting" and not waits(item):
        return _("沿用")
    return {"waiting": _("待定"), "accept": _("接受"), "return": _("退回"), "set": _("核定")}[item.verdict]


class VerdictCell(CellPainter):
    """A verdict has its own shape as a light has; it is no light, so it borrows only the drawing."""

    LOOK: ClassVar[dict[str, tuple[str, str]]] = {
        "waiting": ("none", theme.INK2),
        "accept": ("green", theme.GREEN),
        "return": ("red", theme.RED),
        "set": ("done", theme.BLUE),
    }

    def paint(self, painter, rect, record, column, current) -> None:
        shape, colour = self.LOOK[record.verdict]
        size = theme.px(10)
        x = rect.left() + theme.px(8)
        draw_light(painter, x, rect.top() + (rect.height() - size) / 2 + 0.5, shape, size, colour)
        draw_text(
            painter,
            rect.adjusted(theme.px(25), 0, 0, 0),
            verdict_words(record),
            "note",
            colour if record.verdict != "waiting" else theme.INK2,
        )

    def width(self, record, column) -> int:
        return theme.px(33) + theme.metrics("note").horizontalAdvance(verdict_words(record))


def item_columns() -> list[Column]:
    def look(item: ReviewItemView) -> tuple[str, str, str]:
        if not item.check:
            return "check", theme.GREEN, "note"
        if item.indicator.evidence_missing or item.check == _("数有错"):
            return "alert-circle", theme.RED, "note"
        return "alert-triangle", theme.AMBER, "note"

    return [
        Column(
            "no",
            _("序号"),
            46,
            lambda i: str(i.indicator.task),
            right=True,
            colour=theme.INK2,
            sort=lambda i: i.indicator.task,
        ),
        Column(
            "name",
            _("指标"),
            124,
            lambda i: i.indicator.name,
            stretch=True,
            tip=lambda i: i.indicator.name,
        ),
        Column(
            "previous",
            _("上期"),
            54,
            lambda i: text.value(i.indicator, previous=True),
            right=True,
            colour=theme.INK2,
            drop=2,
        ),
        Column(
            "value",
            _("本期报"),
            60,
            lambda i: text.value(i.indicator),
            right=True,
            role="strong",
            whole=True,
        ),
        Column("increase", _("新增"), 56, lambda i: text.increase(i.indicator), right=True, drop=1),
        Column(
            "check",
            _("自动检查"),
            108,
            lambda i: i.check or _("检查通过"),
            tip=lambda i: i.detail or i.check,
            whole=True,
            cell=IconTextCell(look),
            sort=lambda i: not i.check,
            drop=3,
        ),
        Column(
            "verdict",
            _("结论"),
            66,
            verdict_words,
            cell=VerdictCell(),
            whole=True,
            sort=lambda i: i.verdict,
        ),
    ]

"""For leaders: one A4 page, and a picture as wide as a phone.  One drawing, two measures."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from desktop_app.core.figures.numbers import show_percent
from desktop_app.core.i18n import _, on_paper
from desktop_app.core.report.board import ORDER, Change, LeaderPage, light_word
from desktop_app.ui import theme
from desktop_app.ui.paper import pages
from desktop_app.ui.widgets import painters

A4 = (210, 297)
PHONE = 1080
LONGEST = 6000
"""A phone's picture is never higher than this many pixels."""


@on_paper
def draw(page: LeaderPage, path: Path) -> None:
    """As an A4 page (.pdf) or a phone's picture (.png).  OSError where it cannot be written."""
    if path.suffix.lower() == ".pdf":
        pages.pdf(
            path,
            A4,
            lambda painter, rect: _paint(painter, rect, page),
            margin=15,
        )
        return
    image = QImage(PHONE, LONGEST, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    sheet = _Sheet(painter, QRect(44, 40, PHONE - 88, LONGEST - 80), 17.0, phone=True)
    end = sheet.paint(page)
    painter.end()
    pages.save(image.copy(0, 0, PHONE, min(LONGEST, round(end) + 48)), path)


def _paint(painter: QPainter, rect: QRect, page: LeaderPage) -> None:
    _Sheet(painter, rect, 0.0133 * rect.width()).paint(page)


class _Sheet:
    """Blocks from the top down; `unit` is half the height of body text, from which every measure comes."""

    def __init__(self, painter: QPainter, rect: QRect, unit: float, phone: bool = False) -> None:
        self.painter = painter
        self.rect = QRectF(rect)
        self.unit = unit
        self.phone = phone
        self.y = self.rect.top()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def paint(self, page: LeaderPage) -> float:
        """Returns where it ends."""
        self._line(page.title, 3.2, bold=True)
        self._line(page.facts, 1.7, theme.INK2, after=1.6)
        self._counts(page)
        self._areas(page)
        self._laggards(page)
        foot = self._wrapped_height(self._rule(page), 1.4) + self.unit
        self._changes(_("比上月变差"), page.worse, foot)
        self._changes(_("比上月好转"), page.better, foot)
        if not self.phone:
            self.y = max(self.y, self.rect.bottom() - foot)
        self._rest(self._rule(page), 1.4)
        return self.y

    @staticmethod
    def _rule(page: LeaderPage) -> str:
        return _("亮灯规则：{rule}数随各单位上报，滞后、逾期旁的百分数是该项任务最慢一个指标的。").format(
            rule=page.rule
        )

    # Blocks
    def _counts(self, page: LeaderPage) -> None:
        """Five boxes: how many tasks have each light."""
        gap = self.unit
        width = (self.rect.width() - gap * 4) / 5
        height = self.unit * 6.6
        for number, light in enumerate(ORDER):
            colours = theme.LIGHTS[light]
            box = QRectF(self.rect.left() + number * (width + gap), self.y, width, height)
            self.painter.fillRect(box, QColor(colours.tint))
            above = QRectF(box.left(), box.top() + self.unit * 0.5, width, self.unit * 3.6)
            self._text(above, str(page.lights.get(light, 0)), 3.4, colours.text, True, painters.CENTRE)
            words = light_word(light)
            size = self.unit * 1.5
            wide = self._metrics(1.8).horizontalAdvance(words)
            left = box.center().x() - (wide + size * 1.3) / 2
            below = box.top() + self.unit * 4.2
            painters.draw_light(self.painter, left, below + self.unit * 0.35, light, size)
            self._text(
                QRectF(left + size * 1.3, below, wide + 4, self.unit * 2.1), words, 1.8, colours.text, True
            )
        self.y += height + self.unit * 1.8

    def _areas(self, page: LeaderPage) -> None:
        """A bar for each area: its tasks by light."""
        if not page.areas:
            return
        self._heading(_("各地"), _("条上为各灯项数；右为不落后项数"))
        name_width = min(
            self.rect.width() * 0.24,
            max(self._metrics(1.8).horizontalAdvance(a.name) for a in page.areas) + self.unit,
        )
        row = self.unit * (3.0 if self.phone or len(page.areas) <= 12 else 2.4)
        for area in page.areas:
            self._text(QRectF(self.rect.left(), self.y, name_width, row), area.name, 1.8)
            right = self.unit * 6
            bar = QRectF(
                self.rect.left() + name_width, self.y + row * 0.16,
                self.rect.width() - name_width - right, row * 0.68,
            )  # fmt: skip
            x = bar.left()
            for light in ORDER:
                number = area.lights.get(light, 0)
                if not number:
                    continue
                width = bar.width() * number / max(1, area.of)
                part = QRectF(x, bar.top(), width - 1.5, bar.height())
                colours = theme.LIGHTS[light]
                self.painter.fillRect(part, QColor(colours.tint))
                self.painter.fillRect(
                    QRectF(x, bar.bottom() - bar.height() * 0.2, width - 1.5, bar.height() * 0.2),
                    QColor(colours.fill),
                )
                if width > self.unit * 1.8:
                    self._text(
                        part.adjusted(0, 0, 0, -bar.height() * 0.16),
                        str(number),
                        1.5,
                        colours.text,
                        True,
                        painters.CENTRE,
                    )
                x += width
            self._text(
                QRectF(self.rect.right() - right, self.y, right, row),
                f"{area.good}/{area.of}",
                1.8,
                theme.INK,
                True,
                painters.RIGHT,
            )
            self.y += row
        self.y += self.unit * 1.4

    def _laggards(self, page: LeaderPage) -> None:
        self._heading(_("全域落后的任务"), _("{count} 项").format(count=len(page.laggards)))
        if not page.laggards:
            self._line(_("没有。"), 1.8, after=1.2)
            return
        room = self.rect.bottom() - self.y
        most = len(page.laggards) if self.phone else max(3, int(room * 0.5 / (self.unit * 2.5)))
        row = self.unit * 2.5
        left, width = self.rect.left(), self.rect.width()
        for item in page.laggards[:most]:
            colours = theme.LIGHTS[item.light]
            painters.draw_light(self.painter, left, self.y + self.unit * 0.55, item.light, self.unit * 1.35)
            first = width * (0.46 if self.phone else 0.3)
            self._text(
                QRectF(left + self.unit * 2.1, self.y, first, row),
                f"{item.no} {item.name}",
                1.8,
                theme.INK,
                True,
            )
            figure = f"{show_percent(item.percent)}"
            at = left + self.unit * 2.1 + first
            self._text(QRectF(at, self.y, width * 0.1, row), figure, 1.8, colours.text, True, painters.RIGHT)
            self._text(
                QRectF(at + width * 0.11, self.y, width * 0.15, row),
                _("应达 {percent}").format(percent=show_percent(item.expected)), 1.5, theme.INK2,
            )  # fmt: skip
            where = "、".join(item.areas) or item.lead
            rest = QRectF(at + width * 0.25, self.y, self.rect.right() - at - width * 0.25, row)
            if self.phone:
                self.y += row * 0.86
                rest = QRectF(left + self.unit * 2.1, self.y, width - self.unit * 2.1, row)
            words = " · ".join(part for part in (item.lead, where if item.areas else "") if part)
            self._text(rest, words, 1.5, theme.INK2)
            self.y += row
            if item.step:
                # The figure beside a red light may be where it should be; then this is why.
                under = QRectF(left + self.unit * 2.1, self.y - row * 0.14, width - self.unit * 2.1, row)
                self._text(under, item.step, 1.5, colours.text)
                self.y += row * 0.86
        if len(page.laggards) > most:
            self._line(
                _("另有 {count} 项，见挂图。").format(count=len(page.laggards) - most), 1.6, theme.INK2
            )
        self.y += self.unit

    def _changes(self, title: str, changed: Sequence[Change], foot: float) -> None:
        row = self.unit * 2.3
        room = (LONGEST if self.phone else self.rect.bottom() - foot) - self.y - self.unit * 4
        most = 30 if self.phone else int(room / row) - 1
        if not self.phone and most < 2:
            return
        self._heading(title, _("{count} 处").format(count=len(changed)))
        columns = 1 if self.phone else 2
        shown = changed[: most * columns]
        for number, change in enumerate(shown):
            column = number % columns
            width = self.rect.width() / columns
            left = self.rect.left() + column * width
            painters.draw_light(self.painter, left, self.y + self.unit * 0.5, change.after, self.unit * 1.2)
            self._text(QRectF(left + self.unit * 2, self.y, width - self.unit * 2.5, row), change.words, 1.6)
            if column == columns - 1 or number == len(shown) - 1:
                self.y += row
        if len(changed) > len(shown):
            self._line(
                _("另有 {count} 处，见挂图。").format(count=len(changed) - len(shown)), 1.6, theme.INK2
            )
        elif not changed:
            self._line(_("没有。"), 1.8)
        self.y += self.unit

    # Text
    def _font(self, size: float, bold: bool = False) -> QFont:
        return theme.sized_font("strong" if bold else "body", max(5, round(size * self.unit)))

    def _metrics(self, size: float, bold: bool = False) -> QFontMetricsF:
        return QFontMetricsF(self._font(size, bold))

    def _text(
        self,
        box: QRectF,
        words: str,
        size: float,
        colour: str = theme.INK,
        bold: bool = False,
        align: Qt.AlignmentFlag = painters.LEFT,
    ) -> None:
        """One line; elided where it must be."""
        metrics = self._metrics(size, bold)
        if metrics.horizontalAdvance(words) > box.width():
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width() - 1)
        self.painter.setFont(self._font(size, bold))
        self.painter.setPen(QColor(colour))
        self.painter.drawText(box, int(align) | int(Qt.TextFlag.TextSingleLine), words)

    def _line(
        self, words: str, size: float, colour: str = theme.INK, bold: bool = False, after: float = 0.4
    ) -> None:
        height = self._metrics(size, bold).height() * 1.1
        self._text(QRectF(self.rect.left(), self.y, self.rect.width(), height), words, size, colour, bold)
        self.y += height + after * self.unit

    def _heading(self, words: str, note: str) -> None:
        height = self.unit * 3
        self.painter.fillRect(
            QRectF(self.rect.left(), self.y + self.unit * 0.6, self.unit * 0.5, self.unit * 1.9),
            QColor(theme.ACCENT),
        )
        self._text(
            QRectF(self.rect.left() + self.unit * 1.2, self.y, self.rect.width(), height),
            words,
            2.0,
            theme.INK,
            True,
        )
        wide = self._metrics(2.0, True).horizontalAdvance(words)
        self._text(
            QRectF(
                self.rect.left() + self.unit * 2.2 + wide,
                self.y,
                self.rect.width() - wide - self.unit * 2.2,
                height,
            ),
            note,
            1.5,
            theme.INK2,
        )
        self.y += height + self.unit * 0.3

    def _wrapped_height(self, words: str, size: float) -> float:
        flags = int(Qt.TextFlag.TextWordWrap)
        return self._metrics(size).boundingRect(QRectF(0, 0, self.rect.width(), 10000), flags, words).height()

    def _rest(self, words: str, size: float) -> None:
        height = self._wrapped_height(words, size)
        self.painter.setFont(self._font(size))
        self.painter.setPen(QColor(theme.INK2))
        self.painter.drawText(
            QRectF(self.rect.left(), self.y, self.rect.width(), height + 4),
            int(Qt.TextFlag.TextWordWrap),
            words,
        )
        self.y += height

"""The wall chart, drawn: fifty tasks by areas in two panels.  Screen, full screen, PDF and paper use this one
routine; every size derives from the rectangle it is given."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from desktop_app.core.i18n import _
from desktop_app.core.model.view import BoardCell, BoardView, TaskView
from desktop_app.ui import text, theme
from desktop_app.ui.paper.board_layout import (
    FEW,
    LIGHT_ORDER,
    TEXT_OF_CELL,
    TEXT_OF_ROW,
    Panel,
    halves,
    missed_only,
    no_goal,
    not_behind,
    ranks,
    says_more,
    short_area,
)
from desktop_app.ui.township.task_model import NUMERALS
from desktop_app.ui.widgets import painters


class BoardPicture:
    def __init__(self, view: BoardView, ranked: bool = True, *, changes: bool = False) -> None:
        self.view = view
        self.changes = changes
        self.ranks = ranks(view) if ranked else {}
        self.panels: list[Panel] = []
        self.categories = list(
            dict.fromkeys([*view.category_shorts, *(task.category for task in view.tasks)])
        )
        self.summed = len(view.areas) > 1 or says_more(view)
        """Where the column of the only area says what the sum would, only what is expected stands beside it."""
        self._fonts: dict[tuple[int, bool], tuple[QFont, QFontMetricsF]] = {}

    # Sizes
    def lay_out(self, rect: QRect, stacked: bool = False) -> None:
        """Two panels side by side, or one above the other where it is narrow."""
        tasks = list(self.view.tasks)
        first, second = halves(tasks) if len(tasks) > FEW else (tasks, [])
        parts = [part for part in (first, second) if part]
        gap = max(8, round(rect.width() * 0.009))
        self.panels = []
        if stacked or len(parts) == 1:
            height = (rect.height() - gap * (len(parts) - 1)) // len(parts)
            rects = [
                QRect(rect.left(), rect.top() + n * (height + gap), rect.width(), height)
                for n in range(len(parts))
            ]
        else:
            width = (rect.width() - gap) // 2
            rects = [
                QRect(rect.left() + n * (width + gap), rect.top(), width, rect.height()) for n in range(2)
            ]
        rows = max(len(part) for part in parts) if parts else 1
        if rows <= FEW:
            # A few tasks stay at a readable size and do not fill the sheet.
            low = round(rect.height() * (rows + 3.3) / (FEW + 5.3))
            rects = [QRect(area.left(), area.top(), area.width(), min(area.height(), low)) for area in rects]
        for number, (part, area) in enumerate(zip(parts, rects, strict=True)):
            self.panels.append(
                self._panel(part, area, rows if not stacked else len(part), number == len(parts) - 1)
            )

    def _panel(self, tasks: list[TaskView], rect: QRect, rows: int, last: bool) -> Panel:
        unit = rect.height() / (rows + 3.3)
        head, foot = round(unit * 1.95), round(unit * 1.35)
        row = (rect.height() - head - foot) / rows
        count = max(1, len(self.view.areas))
        # The name takes what eight characters of its size need; the cells share the rest.
        text_size = row * TEXT_OF_ROW
        for _try in range(3):
            band, number = round(text_size * 1.65), round(text_size * 1.9)
            name, total = round(text_size * 7.95), round(text_size * (5.5 if self.summed else 2.8))
            cell = (rect.width() - band - number - name - total) / count
            text_size = min(row * TEXT_OF_ROW, cell * TEXT_OF_CELL)
        return Panel(tasks, rect, band, number, name, cell, total, head, row, foot, last, text_size)

    def _font(self, pixels: float, bold: bool = False) -> tuple[QFont, QFontMetricsF]:
        key = (max(5, round(pixels)), bold)
        found = self._fonts.get(key)
        if found is None:
            made = theme.sized_font("strong" if bold else "body", key[0])
            found = self._fonts[key] = (made, QFontMetricsF(made))
        return found

    def _text(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        words: str,
        pixels: float,
        colour: str = theme.INK,
        bold: bool = False,
        align=painters.LEFT,
    ) -> None:
        font, metrics = self._font(pixels, bold)
        box = QRectF(rect)
        width = metrics.horizontalAdvance(words)
        if width > box.width() > 0:
            font, metrics = self._font(max(6, pixels * max(0.78, box.width() / width)), bold)
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width() + 1)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        painter.drawText(box, int(align) | int(Qt.TextFlag.TextSingleLine), words)

    # Drawing
    def paint(self, painter: QPainter, current: tuple[int, str] | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for panel in self.panels:
            painter.fillRect(panel.rect, QColor(theme.WHITE))
            self._head(painter, panel)
            self._bands(painter, panel)
            for number, task in enumerate(panel.tasks):
                self._row(painter, panel, number, task, current)
            self._foot(painter, panel)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.LINE2), 1))
            painter.drawRect(QRectF(panel.rect).adjusted(0.5, 0.5, -0.5, -0.5))
            if current is not None and current in panel.cells:
                painter.setPen(QPen(QColor(theme.ACCENT), 2))
                painter.drawRect(QRectF(panel.cells[current]).adjusted(0, 0, -1, -1))

    def _cell_box(self, panel: Panel, column: int, top: int, height: int) -> QRect:
        left = round(panel.left() + column * panel.cell)
        right = round(panel.left() + (column + 1) * panel.cell)
        return QRect(left, top, right - left, height)

    def _total_box(self, panel: Panel, top: int, height: int) -> QRect:
        left = round(panel.left() + len(self.view.areas) * panel.cell)
        return QRect(left, top, panel.rect.right() + 1 - left, height)

    def _head(self, painter: QPainter, panel: Panel) -> None:
        rect, size = panel.rect, panel.text
        painter.fillRect(QRect(rect.left(), rect.top(), rect.width(), panel.head), QColor(theme.HEAD))
        name = QRect(rect.left() + panel.band + panel.number, rect.top(), panel.name, panel.head)
        self._text(
            painter, name.adjusted(-round(size), 0, 0, 0), _("任务（完成 %）"), size * 0.95, theme.INK2
        )
        upper, lower = round(panel.head * 0.58), round(panel.head * 0.42)
        for number, (area, area_name) in enumerate(self.view.areas):
            box = self._cell_box(panel, number, rect.top(), panel.head)
            words = area_name
            if self._font(size, True)[1].horizontalAdvance(words) > box.width() - size * 0.5:
                words = short_area(area_name)
            top = QRect(box.left(), box.top(), box.width(), upper if self.ranks else panel.head)
            self._text(painter, top, words, size, theme.INK, True, painters.CENTRE)
            if self.ranks:
                place = self.ranks[area]
                third = max(1, len(self.view.areas) // 3)
                colour = (
                    theme.BLUE
                    if place <= third
                    else theme.RED
                    if place > len(self.view.areas) - third
                    else theme.INK2
                )
                below = QRect(box.left(), box.top() + upper - round(size * 0.1), box.width(), lower)
                self._text(
                    painter,
                    below,
                    _("第{place}").format(place=place),
                    size * 0.88,
                    colour,
                    False,
                    painters.CENTRE,
                )
        box = self._total_box(panel, rect.top(), panel.head)
        below = box
        if self.summed:
            top = QRect(box.left(), box.top(), box.width(), upper)
            self._text(painter, top, _("合计"), size * 1.05, theme.INK, True, painters.CENTRE)
            below = QRect(box.left(), box.top() + upper - round(size * 0.1), box.width(), lower)
        self._text(painter, below, _("应达"), size * 0.88, theme.INK2, False, painters.CENTRE)
        painter.fillRect(
            QRect(rect.left(), rect.top() + panel.head - 1, rect.width(), 1), QColor(theme.LINE2)
        )

    def _bands(self, painter: QPainter, panel: Panel) -> None:
        """Categories with upright characters one below the other: turned by 90° Chinese reads badly."""
        start = 0
        while start < len(panel.tasks):
            end = start
            while end < len(panel.tasks) and panel.tasks[end].category == panel.tasks[start].category:
                end += 1
            top, bottom = panel.top_of(start), panel.top_of(end)
            box = QRect(panel.rect.left(), top, panel.band, bottom - top)
            category = panel.tasks[start].category
            order = self.categories.index(category)
            painter.fillRect(box, QColor(theme.SELECTION if order % 2 else "#E8EFF7"))
            painter.fillRect(QRect(panel.rect.left(), bottom - 1, panel.rect.width(), 1), QColor("#B9C6D6"))
            numeral = NUMERALS[order] if order < len(NUMERALS) else str(order + 1)
            characters = [numeral, *self.view.category_shorts.get(category, category).replace("*", "")]
            size = min(panel.text * 0.98, (box.height() - 4) / len(characters) / 1.12)
            if size < panel.text * 0.7:
                # Two rows hold a numeral and two characters at a size that can still be read.
                characters = characters[:3]
                size = min(panel.text * 0.85, (box.height() - 4) / len(characters) / 1.12)
            pitch = size * 1.12
            y = box.top() + (box.height() - pitch * len(characters)) / 2
            for character in characters:
                place = QRectF(box.left(), y, box.width(), pitch)
                self._text(painter, place, character, size, theme.ACCENT_DARK, True, painters.CENTRE)
                y += pitch
            start = end

    def _row(
        self, painter: QPainter, panel: Panel, number: int, task: TaskView, current: tuple[int, str] | None
    ) -> None:
        top, bottom = panel.top_of(number), panel.top_of(number + 1)
        height, size = bottom - top, panel.text
        rect = panel.rect
        marked = current is not None and current[0] == task.no
        category_ends = number + 1 < len(panel.tasks) and panel.tasks[number + 1].category != task.category
        if not category_ends:
            left = rect.left() + panel.band
            painter.fillRect(QRect(left, bottom - 1, rect.right() - left + 1, 1), QColor(theme.LINE))
        no = QRect(rect.left() + panel.band, top, panel.number, height - 1)
        self._text(
            painter,
            no.adjusted(0, 0, -round(size * 0.35), 0),
            str(task.no),
            size * 0.92,
            theme.INK2,
            False,
            painters.RIGHT,
        )
        name = QRect(no.right() + 1, top, panel.name, height - 1)
        colour = theme.ACCENT if marked else theme.INK
        self._text(painter, name.adjusted(1, 0, -2, 0), task.short or task.title, size, colour, marked)
        for column, (area, _name) in enumerate(self.view.areas):
            box = self._cell_box(panel, column, top, height - 1)
            panel.cells[task.no, area] = QRect(box.left(), box.top(), box.width(), box.height() + 1)
            painter.fillRect(QRect(box.left(), box.top(), 1, box.height()), QColor(theme.LINE))
            cell = self.view.cells.get((task.no, area))
            if cell is not None:
                self._cell(painter, box, cell, size)
        self._total(painter, self._total_box(panel, top, height - 1), task, size)

    def _cell(self, painter: QPainter, box: QRect, cell: BoardCell, size: float, bold: bool = False) -> None:
        if not cell.applies:
            self._text(painter, box, text.NOTHING, size, theme.INK3, False, painters.CENTRE)
            return
        if self.changes:
            self._change(painter, box, cell, size)
            return
        colours = theme.LIGHTS[cell.light]
        wrong = cell.light in ("yellow", "red")
        if wrong:
            painter.fillRect(box.adjusted(1, 0, 0, 0), QColor(colours.tint))
        # In a cell wider than its content shape, number and arrow stay together in the middle.
        spare = round((box.width() - size * 3.6) / 2)
        counted, beside = None, self._beside(cell)
        if beside and spare > size * 0.95:
            # Where there is no room the card tells it.
            counted = QRectF(box.right() - spare, box.top(), min(spare, size * 1.7), box.height())
        if spare > size * 0.3:
            box = box.adjusted(spare, 0, -spare, 0)
        shape = size * 0.68
        painters.draw_light(
            painter, box.left() + size * 0.3, box.top() + (box.height() - shape) / 2 + 0.5, cell.light, shape
        )
        # Where nothing changed the number may use the arrow's place: three digits need it.
        arrow = size * 0.62 if cell.change or cell.percent is None or cell.percent < 1 else size * 0.2
        number = QRectF(box.left() + size * 1.05, box.top(), box.width() - size * 1.05 - arrow, box.height())
        if cell.shown is None:
            words, colour = _("待") if no_goal(cell) else _("未"), theme.INK2
        else:
            words = text.percent(cell.shown, "")
            colour = colours.text if wrong or cell.light == "done" else theme.INK
        self._text(painter, number, words, size, colour, wrong or bold, painters.RIGHT)
        if counted:
            self._text(painter, counted, beside, size * 0.66, theme.INK2, False, painters.CENTRE)
        if not counted and (missed_only(cell) or cell.incomplete):
            # In a narrow cell one character takes the arrow's place: why it is red, and that something is missing from
            # it, matters more than where it goes.
            mark = QRectF(number.right() + size * 0.02, box.top(), size * 0.64, box.height())
            word = _("节") if missed_only(cell) else _("缺{count}").format(count="")
            self._text(painter, mark, word, size * 0.58, theme.INK2, False, painters.CENTRE)
        elif cell.change:
            self._arrow(
                painter,
                QPointF(box.right() - arrow * 0.42, box.center().y() + 0.5),
                size * 0.36,
                cell.change > 0,
            )

    @staticmethod
    def _beside(cell: BoardCell) -> str:
        """What the figure does not tell, in the smallest words: a dated step was missed although it keeps pace, or how
        many of the figures behind it have never been reported, or how many of the task's indicators are behind."""
        if missed_only(cell):
            return _("节点")
        if cell.incomplete:
            return _("缺{count}").format(count=cell.missing)
        return f"{cell.behind}/{cell.of}" if cell.behind and cell.of > 1 else ""

    def _change(self, painter: QPainter, box: QRect, cell: BoardCell, size: float) -> None:
        """The light of a month ago and the light now, where they differ; else nothing but a faint shape."""
        shape = size * 0.68
        y = box.top() + (box.height() - shape) / 2 + 0.5
        middle = box.center().x()
        if cell.before is None or cell.before == cell.light:
            painters.draw_light(painter, middle - shape / 2, y, cell.light, shape, theme.LINE2)
            return
        painter.fillRect(box.adjusted(1, 0, 0, 0), QColor(theme.LIGHTS[cell.light].tint))
        painters.draw_light(
            painter, middle - shape * 1.7, y, cell.before, shape, theme.LIGHTS[cell.before].fill
        )
        pen = QPen(QColor(theme.INK2), max(1.0, size * 0.09))
        painter.setPen(pen)
        line = QRectF(middle - shape * 0.45, box.center().y() + 0.5, shape * 0.9, 0)
        tip = QPointF(line.right(), line.top())
        painter.drawLine(QPointF(line.left(), line.top()), tip)
        painter.drawLine(tip, QPointF(tip.x() - shape * 0.3, tip.y() - shape * 0.25))
        painter.drawLine(tip, QPointF(tip.x() - shape * 0.3, tip.y() + shape * 0.25))
        painters.draw_light(painter, middle + shape * 0.7, y, cell.light, shape)

    def _arrow(self, painter: QPainter, centre: QPointF, reach: float, up: bool) -> None:
        pen = QPen(QColor(theme.GREEN if up else theme.RED), max(1.1, reach * 0.3))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        way = -1 if up else 1
        tip = QPointF(centre.x(), centre.y() + way * reach)
        painter.drawLine(QPointF(centre.x(), centre.y() - way * reach), tip)
        painter.drawLine(tip, QPointF(tip.x() - reach * 0.55, tip.y() - way * reach * 0.6))
        painter.drawLine(tip, QPointF(tip.x() + reach * 0.55, tip.y() - way * reach * 0.6))

    def _total(self, painter: QPainter, box: QRect, task: TaskView, size: float) -> None:
        painter.fillRect(box, QColor(theme.PAGE))
        painter.fillRect(QRect(box.left(), box.top(), 1, box.height()), QColor(theme.LINE2))
        cell = self.view.totals.get(task.no)
        if cell is None:
            return
        rest = QRect(box.left(), box.top(), box.width() - 4, box.height())
        if self.summed:
            half = QRect(box.left(), box.top(), round(box.width() * 0.63), box.height())
            shape = size * 0.68
            painters.draw_light(
                painter,
                half.left() + size * 0.3,
                half.top() + (half.height() - shape) / 2 + 0.5,
                cell.light,
                shape,
            )
            colour = theme.LIGHTS[cell.light].text if cell.light in ("yellow", "red", "done") else theme.INK
            if cell.incomplete:
                mark = QRectF(half.left() + size, half.top(), size * 0.64, half.height())
                words = _("缺{count}").format(count="")
                self._text(painter, mark, words, size * 0.58, theme.INK2, False, painters.CENTRE)
            words = text.percent(cell.shown, "")
            self._text(painter, half, words, size, colour, True, painters.RIGHT)
            rest = QRect(half.right() + 1, box.top(), box.right() - half.right() - 3, box.height())
        expected = (
            cell.due if cell.of and cell.light in ("red", "yellow") else self.view.expected.get(task.no)
        )
        if missed_only(cell):
            self._text(painter, rest, _("节点"), size * 0.72, theme.INK2, False, painters.RIGHT)
            return
        words = text.percent(expected, "")
        self._text(painter, rest, words, size * 0.86, theme.INK2, False, painters.RIGHT)

    def _foot(self, painter: QPainter, panel: Panel) -> None:
        top = panel.top_of(len(panel.tasks))
        size, rect = panel.text, panel.rect
        height = rect.bottom() + 1 - top
        painter.fillRect(QRect(rect.left(), top, rect.width(), height), QColor(theme.HEAD))
        painter.fillRect(QRect(rect.left(), top, rect.width(), 1), QColor("#B9C6D6"))
        everything = panel.last or len(self.panels) == 1
        tasks = list(self.view.tasks) if everything else panel.tasks
        if everything:
            words = _("不落后项数 · 全部")
        else:
            first, last = (self.categories.index(t.category) for t in (panel.tasks[0], panel.tasks[-1]))
            words = _("不落后项数 · {first}至{last}").format(first=NUMERALS[first], last=NUMERALS[last])
        left = QRect(
            rect.left() + round(size * 0.6), top, round(panel.left() - rect.left() - size * 0.6), height
        )
        self._text(painter, left, words, size, theme.INK, True)
        good_all = of_all = 0
        for column, (area, _name) in enumerate(self.view.areas):
            good, of = not_behind(self.view, area, tasks)
            good_all, of_all = good_all + good, of_all + of
            box = self._cell_box(panel, column, top, height)
            strong, weak = f"{good}", f"/{of}"
            width = self._font(size, True)[1].horizontalAdvance(strong)
            rest = self._font(size * 0.8)[1].horizontalAdvance(weak)
            x = box.left() + (box.width() - width - rest) / 2
            self._text(painter, QRectF(x, top, width + 1, height), strong, size, theme.INK, True)
            self._text(
                painter, QRectF(x + width, top + size * 0.08, rest + 2, height), weak, size * 0.8, theme.INK2
            )
        share = Fraction(good_all, of_all) if of_all else None
        box = self._total_box(panel, top, height)
        self._text(painter, box, text.percent(share), size, theme.INK, True, painters.CENTRE)

    def title(self, painter: QPainter, rect: QRect) -> None:
        """Title and legend above the panels, for full screen and paper."""
        size = rect.height() * 0.44
        words = self.view.title
        width = self._font(size, True)[1].horizontalAdvance(words)
        self._text(painter, rect, words, size, theme.INK, True)
        facts = _("截至{label}底 · 报送 {received}/{of}").format(
            label=self.view.label, received=self.view.received, of=self.view.of
        )
        facts = " · ".join(part for part in (facts, self.view.filter, self.view.note) if part)
        wide = self._font(size * 0.6)[1].horizontalAdvance(facts) + 4
        after = QRectF(rect.left() + width + size, rect.top(), wide, rect.height())
        self._text(painter, after, facts, size * 0.6, theme.INK2)
        left = round(after.right() + size)
        self.legend(painter, QRect(left, rect.top(), rect.right() - left, rect.height()), size * 0.6)

    def small(self, painter: QPainter, rect: QRect, words: str, size: float) -> None:
        """A line in the second ink."""
        self._text(painter, rect, words, size, theme.INK2)

    def legend(self, painter: QPainter, rect: QRect, size: float) -> None:
        """From the right: what the marks mean; on a narrow line the lights alone."""
        gap, shape = size * 1.05, size * 0.72
        lights = [(name, text.light(name)) for name in LIGHT_ORDER]
        room = rect.width() - sum(
            self._font(size, True)[1].horizontalAdvance(words) + shape + size * 0.35 + gap
            for _name, words in lights
        )
        x = float(rect.right())
        for words in (_("– 不涉及"), self._said()):
            width = self._font(size)[1].horizontalAdvance(words)
            room -= width + gap
            if room < 0:
                break
            self._text(
                painter, QRectF(x - width, rect.top(), width + 2, rect.height()), words, size, theme.INK2
            )
            x -= width + gap
        for name, words in reversed(lights):
            bold = name in ("yellow", "red")
            width = self._font(size, bold)[1].horizontalAdvance(words)
            place = QRectF(x - width, rect.top(), width + 2, rect.height())
            self._text(painter, place, words, size, theme.LIGHTS[name].text, bold)
            x -= width + shape + size * 0.35
            painters.draw_light(painter, x, rect.center().y() - shape / 2 + 1, name, shape)
            x -= gap

    def _said(self) -> str:
        if self.changes:
            return _("左为上月，右为本月")
        cells = (*self.view.cells.values(), *self.view.totals.values())
        words = [_("↑↓ 比上月"), _("滞后、逾期的数是最慢一项的")]
        if any(missed_only(cell) for cell in cells):
            words.append(_("节点：有节点过期没完成"))
        if any(cell.incomplete for cell in cells):
            words.append(_("缺：有单位还没报过"))
        if any(no_goal(cell) for cell in cells):
            words.append(_("待：有数、目标没定"))
        return " · ".join(words)

    def cell_at(self, point: QPointF) -> tuple[int, str] | None:
        for panel in self.panels:
            if not panel.rect.contains(point.toPoint()):
                continue
            for key, box in panel.cells.items():
                if box.contains(point.toPoint()):
                    return key
        return None

    def cell_rect(self, key: tuple[int, str]) -> QRect | None:
        return next((panel.cells[key] for panel in self.panels if key in panel.cells), None)

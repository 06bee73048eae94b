"""The wall chart on screen: hover or walk with the arrows, a card tells what stands behind a cell."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QFrame, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import BoardCell, BoardView, TaskView
from desktop_app.ui import text, theme
from desktop_app.ui.paper.board import BoardPicture
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import FactRows, row
from desktop_app.ui.widgets.labels import Label, LightLabel

STACKED_BELOW = 1080
LEAST_ROW = 24


class BoardCard(QFrame):
    """Share and done, expected, the next step, the last report, evidence."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("board_card")
        self.setStyleSheet(
            f"#board_card {{ background: {theme.WHITE}; border: 1px solid {theme.ACCENT}; border-radius: 4px; }}"
        )
        self.setFixedWidth(theme.px(296))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(12), theme.px(10), theme.px(12), theme.px(8))
        layout.setSpacing(theme.px(5))
        self.title = Label("", "strong")
        self.light = LightLabel()
        layout.addLayout(row(self.title, None, self.light))
        self.facts = FactRows(spacing=4)
        layout.addWidget(self.facts)
        self.hint = Label(_("回车或双击：看下面各单位"), "note", "accent")
        layout.addWidget(self.hint)
        self.hide()

    def show_cell(
        self, area_name: str, task: TaskView, light: str, word: str, facts: list[tuple[str, str]]
    ) -> None:
        self.title.setText(f"{area_name} · {task.no} {task.short or task.title}")
        self.light.set_light(light, word)
        self.facts.set_facts(facts)
        self.adjustSize()


def card_facts(task: TaskView, label: str) -> list[tuple[str, str]]:
    """Of the indicator that is furthest behind, since that is the one to ask about; parts of another (其中) do not
    make the cell's light and are only named below it."""
    order = ("red", "yellow", "none", "green", "done")
    whole = [view for view in task.indicators if view.parent is None] or list(task.indicators)
    main = min(whole, key=lambda view: order.index(view.light), default=None)
    if main is None:
        return []
    unit = main.unit
    facts = []
    if len(task.indicators) > 1:
        facts.append((_("指标"), main.name))
    facts.append(
        (
            _("份额 / 完成"),
            f"{text.share(main)} {unit} / {text.value(main)} {unit} {text.percent(main.done)}"
            if main.figure.value is not None
            else _("{share} {unit} / 没有报过").format(share=text.share(main), unit=unit),
        )
    )
    expected = text.expected_value(main)
    if expected is not None and main.figure.value is not None:
        rest = expected - main.figure.value
        words = f"{text.number(expected, main.decimals)} {unit} {text.percent(main.expected)}"
        if rest > 0:
            words += _("，差 {rest} {unit}").format(rest=text.number(rest, main.decimals), unit=unit)
        facts.append((_("应达"), words))
    elif main.expected is not None:
        facts.append((_("应达"), text.percent(main.expected)))
    behind = [view for view in task.indicators if view.parent == main.id and view.light in ("red", "yellow")]
    if behind:
        facts.append((behind[0].name, f"{text.percent(behind[0].done)} {text.light(behind[0].light)}"))
    late = [step for step in task.milestones if step.light in ("red", "yellow")]
    if late:
        facts.append(
            (_("节点"), _("{what} {day} 没完成").format(what=late[0].what, day=text.day(late[0].due)))
        )
    if main.figure.value is None:
        facts.append((_("最近上报"), _("没有报过 {name}").format(name=main.reporter_name).rstrip()))
    else:
        said = text.month(main.figure.carried) if main.figure.carried else label
        facts.append((_("最近上报"), f"{said} {main.reporter_name}"))
    count = sum(view.evidence for view in task.indicators)
    lacking = sum(view.evidence_missing for view in task.indicators)
    words = _("{count} 份").format(count=count)
    if lacking:
        words += _("，缺 {count} 份").format(count=lacking)
    facts.append((_("佐证"), words))
    return facts


def past_facts(cell: BoardCell) -> list[tuple[str, str]]:
    """Of a board of the past: what stands in the cell, in words."""
    facts = [(_("完成"), text.percent(cell.shown)), (_("应达"), text.percent(cell.due))]
    if cell.behind and cell.of > 1:
        facts.append((_("滞后、逾期的指标"), f"{cell.behind} / {cell.of}"))
    if cell.step and cell.step_due is not None:
        facts.append(
            (_("节点"), _("{what} {day} 没完成").format(what=cell.step, day=text.day(cell.step_due)))
        )
    return facts


class BoardWidget(QWidget):
    cell_opened = Signal(int, str)

    def __init__(self, session: Session, with_title: bool = False) -> None:
        super().__init__()
        self._session = session
        self._with_title = with_title
        self.picture: BoardPicture | None = None
        self.current: tuple[int, str] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.card = BoardCard(self)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(120)
        self._later.timeout.connect(self._show_card)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(320), theme.px(200))

    def stacked(self) -> bool:
        """A page scrolls where it is narrow; the full screen shows everything at once, side by side."""
        if self._with_title:
            return self.width() < self.height()
        return self.width() < STACKED_BELOW

    def needed_height(self, available: int) -> int:
        """On a narrow screen the panels stand one above the other and scroll."""
        if not self.stacked() or self.picture is None:
            return available
        rows = len(self.picture.view.tasks)
        return max(available, theme.px(LEAST_ROW) * (rows + 8))

    def show_board(self, view: BoardView, ranked: bool, *, changes: bool = False) -> None:
        self.picture = BoardPicture(view, ranked, changes=changes)
        if self.current is not None and self.current not in view.cells:
            self.go_to(None)
        self.setAccessibleName(view.title)
        self._lay_out()

    def _lay_out(self) -> None:
        if self.picture is None:
            return
        rect = self.rect()
        if self._with_title:
            margin = round(self.width() * 0.008)
            title = round(self.height() * 0.053)
            rect = rect.adjusted(margin, title, -margin, -margin)
        self.picture.lay_out(rect, self.stacked())
        self.update()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self.card.hide()
        self._lay_out()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        if self._with_title:
            painter.fillRect(self.rect(), QColor(theme.WHITE))
        if self.picture is not None:
            self.picture.paint(painter, self.current)
            if self._with_title:
                margin = round(self.width() * 0.008)
                title = round(self.height() * 0.053)
                self.picture.title(painter, QRect(margin, 0, self.width() - 2 * margin, title))
        painter.end()

    # Moving
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point_at(event.position())

    def point_at(self, point: QPointF) -> None:
        self.go_to(self.picture.cell_at(point) if self.picture is not None else None)

    def leaveEvent(self, event) -> None:
        self.go_to(None)

    def go_to(self, key: tuple[int, str] | None) -> None:
        if key == self.current:
            return
        self.current = key
        self.card.hide()
        self.update()
        if key is not None:
            self._later.start()
        else:
            self._later.stop()

    def _show_card(self) -> None:
        if self.current is None or self.picture is None:
            return
        number, area = self.current
        view = self.picture.view
        cell = view.cells.get(self.current)
        task = self._session.desk.task(number, area, self._session.period)
        box = self.picture.cell_rect(self.current)
        if task is None or box is None or cell is None or not cell.applies:
            return
        name = dict(view.areas)[area]
        word = text.light(cell.light)
        # What the desk knows of the task is of now; of another time only the board itself tells.
        facts = past_facts(cell) if view.note else card_facts(task, text.month(view.period))
        if cell.incomplete:
            facts.append((_("缺数"), _("应报的数还有 {count} 个从没报过").format(count=cell.missing)))
        self.card.show_cell(name, task, cell.light, word, facts)
        self.card.move(self._card_place(box))
        self.card.show()
        self.card.raise_()

    def _card_place(self, box: QRect) -> QPoint:
        """Below and right of the cell where there is room, otherwise on the other side; never over the cell."""
        size, gap = self.card.size(), theme.px(6)
        x = box.right() + gap
        if x + size.width() > self.width():
            x = box.left() - gap - size.width()
        y = box.bottom() + gap
        if y + size.height() > self.height():
            y = box.top() - gap - size.height()
        return QPoint(max(0, x), max(0, y))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: (-1, 0),
            Qt.Key.Key_Down: (1, 0),
            Qt.Key.Key_Left: (0, -1),
            Qt.Key.Key_Right: (0, 1),
        }
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.picture is not None:
            self._walk(*step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current is not None:
            self.cell_opened.emit(*self.current)
        elif event.key() == Qt.Key.Key_Escape and self.current is not None:
            self.go_to(None)
        else:
            super().keyPressEvent(event)

    def _walk(self, rows: int, columns: int) -> None:
        assert self.picture is not None
        view = self.picture.view
        numbers = [task.no for task in view.tasks]
        areas = [area for area, _name in view.areas]
        if self.current is None:
            self.go_to((numbers[0], areas[0]))
            return
        row = max(0, min(len(numbers) - 1, numbers.index(self.current[0]) + rows))
        column = max(0, min(len(areas) - 1, areas.index(self.current[1]) + columns))
        self.go_to((numbers[row], areas[column]))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.current is not None:
            self.cell_opened.emit(*self.current)

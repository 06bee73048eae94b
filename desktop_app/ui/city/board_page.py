"""挂图: how far all tasks are in every county, on one sheet; F11 fills the screen of the meeting room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QInputDialog,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from desktop_app.core.i18n import _
from desktop_app.core.model.view import BoardView
from desktop_app.core.report import board as words_of
from desktop_app.ui import errors, jobs, places, text, theme
from desktop_app.ui.city.board_drill import BoardDrill
from desktop_app.ui.city.board_widget import BoardWidget
from desktop_app.ui.paper import board_sheet as paper
from desktop_app.ui.paper.board import BoardPicture
from desktop_app.ui.paper.board_layout import rank_rule
from desktop_app.ui.paper.board_sheet import draw_sheet
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, ScrollPanel, button, clear, row
from desktop_app.ui.widgets.labels import Label, LightLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip


class Legend(QWidget):
    """What the marks mean, below the board's title."""

    def __init__(self, page: BoardPage) -> None:
        super().__init__()
        self._page = page
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(theme.px(28))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(500), theme.px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(40), theme.px(28))

    def paintEvent(self, event) -> None:
        picture = self._page.board.picture
        if picture is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture.legend(painter, self.rect(), theme.px(13))
        painter.end()


class FullScreenBoard(QWidget):
    """The chart alone, for the meeting room; Esc or F11 leaves."""

    def __init__(self, session: Session, picture: BoardPicture) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(picture.view.title)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.board = BoardWidget(session, with_title=True)
        self.board.show_board(picture.view, bool(picture.ranks), changes=picture.changes)
        layout.addWidget(self.board)
        QShortcut(QKeySequence("F11"), self).activated.connect(self.close)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()


class ChangeList(ScrollPanel):
    """What changed since the month before, in words."""

    def show_changes(self, view: BoardView) -> None:
        clear(self.body)
        found = words_of.changes(view)
        for title, worse in ((_("变差"), True), (_("好转"), False)):
            part = [change for change in found if change.worse is worse]
            self.body.addWidget(Label(_("{title} {count} 处").format(title=title, count=len(part)), "panel"))
            if not part:
                self.body.addWidget(Label(_("没有。"), "note"))
            for change in part:
                light = LightLabel()
                light.set_light(change.after, "")
                words = Label(change.words, "note")
                words.setWordWrap(True)
                line = row(light, words)
                line.setStretch(1, 1)
                self.body.addLayout(line)
        self.body.addStretch(1)


class BoardPage(Page):
    wide = True

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("50 项走到哪了"))
        self.full_screen: FullScreenBoard | None = None
        self.drill: BoardDrill | None = None
        self.past: BoardView | None = None
        """The board of another time, while that is looked at; `then` is which."""
        self.then: dict[str, str] = {}
        self.count.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.board = BoardWidget(session)
        self.board.cell_opened.connect(self._open)
        self.legend = Legend(self)
        self.head.setStretch(self.head.indexOf(self.count), 0)
        self.lead, self.category = self._choice(_("牵头单位")), self._choice(_("分类"))
        self.head.addStretch(1)
        self.head.addWidget(self.lead)
        self.head.addWidget(self.category)
        self.changes = self._toggle(_("看变化"))
        self.time = self.add_action(button(_("看过去"), "", clicked=self._time_menu))
        self.add_action(button(_("全屏  F11"), "", clicked=self.show_full_screen))
        self.add_action(button(_("打印导出"), "", "printer", self._print_menu))
        self.body.addWidget(self.legend)
        # One line high: the chart needs every other.
        self.banner = Card((12, 2, 10, 2), 0)
        self.banner_words = Label("", "strong", "blue")
        back = button(_("回到现在"), "link", clicked=self.come_back)
        self.banner.body.addLayout(row(self.banner_words, back, None))
        self.banner.hide()
        self.body.addWidget(self.banner)
        self.strip = ProgressStrip()
        self.strip.hide()
        self.body.addWidget(self.strip)
        self.frame = QScrollArea()
        self.frame.setFrameShape(QFrame.Shape.NoFrame)
        self.frame.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frame.setWidgetResizable(True)
        self.frame.setWidget(self.board)
        self.list = ChangeList()
        self.list_card = Card((0, 0, 0, 0), 0)
        self.list_card.body.addWidget(self.list)
        self.list_card.setFixedWidth(theme.px(290))
        self.list_card.hide()
        middle = row(self.frame, self.list_card)
        middle.setStretch(0, 1)
        self.body.addLayout(middle, 1)
        QShortcut(QKeySequence("F11"), self).activated.connect(self.show_full_screen)
        self.setFocusProxy(self.board)

    def _choice(self, name: str) -> QComboBox:
        made = QComboBox()
        made.setFont(theme.font("body"))
        made.setAccessibleName(name)
        made.addItem(_("全部{name}").format(name=name), "")
        made.setMaximumWidth(theme.px(176))
        made.currentIndexChanged.connect(lambda _index: self._show())
        return made

    def _toggle(self, words: str) -> QPushButton:
        made = button(words, "", clicked=self._show)
        made.setCheckable(True)
        return self.add_action(made)

    # What is shown
    def refresh(self) -> None:
        self.now = self.session.desk.board(self.session.period)
        for choice, known in (
            (self.lead, words_of.leads(self.now)),
            (self.category, words_of.categories(self.now)),
        ):
            kept = choice.currentData()
            choice.blockSignals(True)
            while choice.count() > 1:
                choice.removeItem(1)
            for name in known:
                choice.addItem(name, name)
            choice.setCurrentIndex(max(0, choice.findData(kept)))
            choice.blockSignals(False)
        self._show()

    def _on_period_changed(self, period) -> None:
        self.past = None
        super()._on_period_changed(period)

    def _show(self) -> None:
        view = self.past or self.now
        lead, category = self.lead.currentData() or "", self.category.currentData() or ""
        if lead or category:
            view = words_of.narrowed(view, lead=lead, category=category)
        changed = self.changes.isChecked()
        self.board.show_board(view, ranked=view.ranked, changes=changed)
        self.set_title(
            _("{count} 项走到哪了").format(count=len(view.tasks)),
            _("截至{day} · 已报 {received}/{of}").format(
                day=text.day(self.session.period.end), received=view.received, of=view.of
            ),
        )
        self.banner.setVisible(self.past is not None)
        if self.past is not None:
            self.banner_words.setText(_("现在看的是过去：{when}").format(when=self.past.note))
        self.list_card.setVisible(changed and self.width() > theme.px(1000))
        if changed:
            self.list.show_changes(view)
        self.legend.update()
        self.legend.setToolTip("\n".join([view.rule, *([rank_rule()] if view.ranked else [])]))
        self._fit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        available = self.frame.viewport().height()
        self.board.setMinimumHeight(self.board.needed_height(available) if self.board.stacked() else 0)

    def _open(self, number: int, area: str) -> None:
        view = self.board.picture.view if self.board.picture is not None else None
        if view is None:
            return
        name = next((task.short or task.title for task in view.tasks if task.no == number), "")
        why = words_of.step_words(view.cells[number, area])
        then = self.then if self.past is not None else {}
        self.drill = BoardDrill(self.session, number, name, area, dict(view.areas)[area], self, why, then)
        self.drill.open()

    def show_full_screen(self) -> None:
        if self.board.picture is not None:
            self.full_screen = FullScreenBoard(self.session, self.board.picture)
            self.full_screen.destroyed.connect(self._left_full_screen)
            self.full_screen.showFullScreen()

    def _left_full_screen(self) -> None:
        self.full_screen = None

    # Other times
    def _time_menu(self) -> None:
        menu = QMenu(self)
        if self.past is not None:
            menu.addAction(_("回到现在"), self.come_back)
            menu.addSeparator()
        menu.addAction(_("按某一天收到的数据…"), self._ask_day)
        for known in self.session.desk.cutoffs():
            menu.addAction(
                _("截止点：{name}（{day}）").format(name=known.name, day=known.day),
                lambda name=known.key: self.look_back(cutoff=name),
            )
        menu.addSeparator()
        menu.addAction(_("把现在定为截止点…"), self._make_cutoff)
        self._below(menu)

    def _ask_day(self) -> None:
        day, sure = QInputDialog.getText(
            self, _("看过去"), _("哪一天（例如 2024-06-30）"), text=self.session.period.end.isoformat()
        )
        if sure and day.strip():
            self.look_back(day=day.strip())

    def look_back(self, *, day: str | None = None, cutoff: str | None = None) -> None:
        """Show the board as of another time; the first time takes a while."""
        period = self.session.period
        then = {key: words for key, words in (("day", day), ("cutoff", cutoff)) if words}

        def shown(view: BoardView) -> None:
            if isValid(self) and period == self.session.period:
                self.past, self.then = view, then
                self._show()

        jobs.start(
            lambda desk, progress: desk.board_then(period, day=day, cutoff=cutoff, progress=progress),
            desk=self.session.desk,
            finished=shown,
            strip=self.strip,
            words=_("正在还原那时的台账，第一次要久一些…"),
        )

    def come_back(self) -> None:
        self.past = None
        self._show()

    def _make_cutoff(self) -> None:
        name, sure = QInputDialog.getText(
            self, _("定截止点"), _("名称"), text=_("{label}通报").format(label=self.session.period.label)
        )
        if sure:
            self.session.attempt(lambda desk: desk.make_cutoff(name, self.session.period), _("已定截止点"))

    # Paper
    def _below(self, menu: QMenu) -> None:
        sender = self.sender()
        at = (
            sender.mapToGlobal(sender.rect().bottomLeft())
            if isinstance(sender, QWidget)
            else self.mapToGlobal(self.pos())
        )
        menu.exec(at)

    def _print_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(_("打印…"), self._print)
        menu.addAction(_("挂图存为 PDF（A3）…"), lambda: self._save("pdf", self._draw("A3")))
        menu.addAction(_("挂图存为 PDF（A0）…"), lambda: self._save("pdf", self._draw("A0")))
        menu.addAction(_("挂图存为图片…"), lambda: self._save("png", self._draw("A3")))
        menu.addSeparator()
        menu.addAction(_("领导一页通（A4）…"), lambda: self._save("pdf", self._leader, _("一页通")))
        menu.addAction(_("手机长图…"), lambda: self._save("png", self._leader, _("一页通")))
        self._below(menu)

    def _draw(self, size: str) -> Callable[[BoardView, Path], None]:
        return lambda view, path: paper.draw(view, path, size, changes=self.changes.isChecked())

    @staticmethod
    def _leader(view: BoardView, path: Path) -> None:
        from desktop_app.ui.paper import leader

        leader.draw(words_of.leader_page(view), path)

    def _print(self) -> None:
        from PySide6.QtGui import QPageLayout, QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        if self.board.picture is None:
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A3))
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec():
            painter = QPainter(printer)
            draw_sheet(painter, QRect(0, 0, printer.width(), printer.height()), self.board.picture)
            painter.end()

    def _save(self, kind: str, draw: Callable[[BoardView, Path], None], what: str = "") -> None:
        if self.board.picture is None:
            return
        view = self.board.picture.view
        name = f"{view.title}{what}-{view.period}.{kind}"
        chosen = places.choose_target(self, "papers", _("存到哪里"), name)
        if chosen is None:
            return
        try:
            draw(view, chosen)
        except OSError as problem:
            from desktop_app.core.store.database import disk_error

            errors.show(disk_error(problem, chosen))
            return
        self.session.told.emit(_("已存为 {path}").format(path=chosen))

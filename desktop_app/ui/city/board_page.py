"""挂图: how far all tasks are in every county, on one sheet; F11 fills the screen of the meeting room."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import QFileDialog, QFrame, QMenu, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import text, theme
from desktop_app.ui.city.board_picture import BoardPicture
from desktop_app.ui.city.board_widget import BoardWidget
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button
from desktop_app.ui.widgets.page import Page


class Legend(QWidget):
    """What the marks mean, in the title line."""

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
        self.board.show_board(picture.view, bool(picture.ranks))
        layout.addWidget(self.board)
        QShortcut(QKeySequence("F11"), self).activated.connect(self.close)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()


class BoardPage(Page):
    wide = True

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("50 项走到哪了"))
        self.full_screen: FullScreenBoard | None = None
        self.count.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.board = BoardWidget(session)
        self.board.cell_opened.connect(self._open)
        self.legend = Legend(self)
        self.head.setStretch(self.head.indexOf(self.count), 0)
        self.head.addWidget(self.legend, 1)
        self.add_action(button(_("全屏  F11"), "", clicked=self.show_full_screen))
        self.add_action(button(_("打印 A3"), "", "printer", self._print_menu))
        self.frame = QScrollArea()
        self.frame.setFrameShape(QFrame.Shape.NoFrame)
        self.frame.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frame.setWidgetResizable(True)
        self.frame.setWidget(self.board)
        self.body.addWidget(self.frame, 1)
        QShortcut(QKeySequence("F11"), self).activated.connect(self.show_full_screen)
        self.setFocusProxy(self.board)

    def refresh(self) -> None:
        view = self.session.desk.board(self.session.period)
        self.board.show_board(view, ranked=view.ranked)
        end = self.session.period.end
        self.set_title(
            _("{count} 项走到哪了").format(count=len(view.tasks)),
            _("截至{day}").format(day=text.day(end)),
        )
        self.legend.update()
        self._fit()

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        available = self.frame.viewport().height()
        self.board.setMinimumHeight(self.board.needed_height(available) if self.board.stacked() else 0)

    def _open(self, number: int, area: str) -> None:
        self.wanted.emit("shares", number)

    def show_full_screen(self) -> None:
        if self.board.picture is not None:
            self.full_screen = FullScreenBoard(self.session, self.board.picture)
            self.full_screen.destroyed.connect(self._left_full_screen)
            self.full_screen.showFullScreen()

    def _left_full_screen(self) -> None:
        self.full_screen = None

    # Paper
    def _print_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(_("打印…"), self._print)
        menu.addAction(_("存为 PDF（A3）…"), lambda: self._save("pdf"))
        menu.addAction(_("存为图片…"), lambda: self._save("png"))
        sender = self.sender()
        at = (
            sender.mapToGlobal(sender.rect().bottomLeft())
            if isinstance(sender, QWidget)
            else self.mapToGlobal(self.pos())
        )
        menu.exec(at)

    def _print(self) -> None:
        from PySide6.QtGui import QPageLayout, QPageSize
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A3))
        printer.setPageOrientation(QPageLayout.Orientation.Landscape)
        if QPrintDialog(printer, self).exec():
            painter = QPainter(printer)
            draw_sheet(painter, QRect(0, 0, printer.width(), printer.height()), self.board.picture)
            painter.end()

    def _save(self, kind: str) -> None:
        assert self.board.picture is not None
        name = f"{self.board.picture.view.title}.{kind}"
        chosen, _filter = QFileDialog.getSaveFileName(self, _("存到哪里"), name)
        if chosen:
            save_sheet(Path(chosen), self.board.picture.view, bool(self.board.picture.ranks))
            self.session.told.emit(_("已存为 {path}").format(path=chosen))


def draw_sheet(painter: QPainter, rect: QRect, picture: BoardPicture | None) -> None:
    """The whole sheet with title and legend."""
    if picture is None:
        return
    sheet = BoardPicture(picture.view, bool(picture.ranks))
    title = round(rect.height() * 0.053)
    margin = round(rect.width() * 0.008)
    sheet.title(painter, QRect(rect.left() + margin, rect.top(), rect.width() - 2 * margin, title))
    sheet.lay_out(rect.adjusted(margin, title, -margin, -margin))
    sheet.paint(painter)


def save_sheet(path: Path, view, ranked: bool = True) -> Path:
    """As PDF (A3, landscape) or picture, by the name's ending."""
    from PySide6.QtCore import QMarginsF
    from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPdfWriter

    picture = BoardPicture(view, ranked)
    if path.suffix.lower() == ".pdf":
        writer = QPdfWriter(str(path))
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A3))
        writer.setPageOrientation(QPageLayout.Orientation.Landscape)
        writer.setPageMargins(QMarginsF(8, 8, 8, 8), QPageLayout.Unit.Millimeter)
        writer.setResolution(144)
        painter = QPainter(writer)
        draw_sheet(painter, QRect(0, 0, writer.width(), writer.height()), picture)
        painter.end()
        return path
    image = QImage(3840, 2160, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw_sheet(painter, image.rect(), picture)
    painter.end()
    image.save(str(path))
    return path

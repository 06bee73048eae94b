"""A `Document` drawn with Qt: pdf pages in the layout of GB/T 9704, or one long picture for a screen or a phone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QMarginsF, QPointF, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPaintDevice,
    QPainter,
    QPdfWriter,
    QPen,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
    QTextLength,
    QTextTable,
    QTextTableCellFormat,
    QTextTableFormat,
)

from desktop_app.core.i18n import on_paper
from desktop_app.core.report.document import (
    Block,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Picture,
    Table,
    signature_indents,
    title_lines,
)
from desktop_app.core.report.docx_style import BODY, BOTTOM, LEFT, LINE, RIGHT, TITLE, TOP
from desktop_app.ui.paper.pages import pdf_file, save

SONG = ["方正小标宋简体", "宋体", "SimSun", "Noto Serif CJK SC"]
FANG = ["仿宋_GB2312", "仿宋", "FangSong", "Noto Serif CJK SC"]
HEI = ["黑体", "SimHei", "Noto Sans CJK SC"]
KAI = ["楷体_GB2312", "楷体", "KaiTi", "Noto Serif CJK SC"]
PDF_DPI, PICTURE_DPI = 600, 144
INK = "#1B2430"
CAPTION, SPACER = 1, 2
"""States of the blocks above a table."""
WIDTH, HEIGHT = 210 - LEFT - RIGHT, 297 - TOP - BOTTOM
CLOSER = 98.4
"""Per cent of a character's width: 28 of them fill a line, as in the Word file."""


@on_paper
def draw(document: Document, path: Path) -> None:
    """A pdf, or a png as long as it needs to be.  OSError where the file cannot be written."""
    if path.suffix.lower() == ".png":
        _picture(document, path)
    else:
        _pages(document, path)


def _pages(document: Document, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with pdf_file(path) as writer:
        _paint(document, writer)


def _paint(document: Document, writer: QPdfWriter) -> None:
    writer.setResolution(PDF_DPI)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
    writer.setTitle(document.title)
    writer.setCreator("")
    sheet = _Sheet(document, writer, PDF_DPI)
    sheet.text.setPageSize(QSizeF(sheet.px(WIDTH), sheet.px(HEIGHT)))
    sheet.keep_together(sheet.px(HEIGHT))
    painter = QPainter(writer)
    count = sheet.text.pageCount()
    for number in range(count):
        if number:
            writer.newPage()
        top = number * sheet.px(HEIGHT)
        painter.save()
        painter.translate(sheet.px(LEFT), sheet.px(TOP) - top)
        sheet.text.drawContents(painter, QRectF(0, top, sheet.px(WIDTH), sheet.px(HEIGHT - 0.5)))
        sheet.close_tables(painter, top + sheet.px(HEIGHT - 0.5))
        painter.restore()
        _page_number(painter, sheet, number + 1)
    painter.end()


def _page_number(painter: QPainter, sheet: _Sheet, number: int) -> None:
    """— 1 —, 7 mm below the type area, one character in from the outer edge."""
    font = sheet.font(SONG[1:], 14)
    painter.setFont(font)
    inset = sheet.px(LEFT) + 14 / 72 * sheet.dpi
    box = QRectF(
        inset,
        sheet.px(TOP + HEIGHT + 7),
        sheet.px(210) - inset - sheet.px(RIGHT) - 14 / 72 * sheet.dpi,
        sheet.px(8),
    )
    side = Qt.AlignmentFlag.AlignRight if number % 2 else Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, side | Qt.AlignmentFlag.AlignTop, f"— {number} —")


def _picture(document: Document, path: Path) -> None:
    device = QImage(8, 8, QImage.Format.Format_RGB32)
    device.setDotsPerMeterX(round(PICTURE_DPI / 0.0254))
    device.setDotsPerMeterY(round(PICTURE_DPI / 0.0254))
    sheet = _Sheet(document, device, PICTURE_DPI)
    side, top = sheet.px(16), sheet.px(14)
    sheet.text.setTextWidth(sheet.px(WIDTH))
    size = QSizeF(sheet.px(WIDTH) + 2 * side, sheet.text.size().height() + 2 * top).toSize()
    image = QImage(size, QImage.Format.Format_RGB32)
    image.setDotsPerMeterX(device.dotsPerMeterX())
    image.setDotsPerMeterY(device.dotsPerMeterY())
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(side, top)
    sheet.text.drawContents(painter)
    painter.end()
    path.parent.mkdir(parents=True, exist_ok=True)
    save(image, path)


class _Sheet:
    """The document as Qt's own, laid out for a device of `dpi`."""

    def __init__(self, document: Document, device: QPaintDevice, dpi: int) -> None:
        self.dpi = dpi
        self._unit = QGuiApplication.primaryScreen().logicalDotsPerInch()
        self.text = QTextDocument()
        self.text.setDocumentMargin(0)
        self.text.documentLayout().setPaintDevice(device)
        self.text.setDefaultFont(self.font(FANG, BODY))
        self.cursor = QTextCursor(self.text)
        self._fresh = True
        self._pictures = 0
        self._kept: list[QTextBlock | QTextTable] = []
        """Headings that stay with what follows, and tables, in their order."""
        # One edit, so that Qt lays everything out once and not after every cell.
        self.cursor.beginEditBlock()
        self._fill(document)
        self.cursor.endEditBlock()

    def px(self, millimetres: float) -> float:
        """On the device itself."""
        return millimetres / 25.4 * self.dpi

    def length(self, millimetres: float) -> float:
        """In the document's own measure, which Qt scales to the device."""
        return self.pt(millimetres / 25.4 * 72)

    def pt(self, points: float) -> float:
        return points / 72 * self._unit

    def font(self, families: Sequence[str], size: float) -> QFont:
        font = QFont(list(families))
        font.setPointSizeF(size)
        return font

    # -- pages -------------------------------------------------------------------------------------------------------

    def keep_together(self, height: float) -> None:
        """No heading alone at a page's foot, no row of a table torn in two: Qt breaks wherever a page ends.  From the
        top down, since what is moved moves only what follows."""
        for kept in self._kept:
            if isinstance(kept, QTextTable):
                for row in range(1, kept.rows()):
                    self._keep_row(kept, row, height)
            else:
                self._keep_heading(kept, height)

    def close_tables(self, painter: QPainter, foot: float) -> None:
        """A line below what a page shows of a table that goes on on the next."""
        for kept in self._kept:
            if isinstance(kept, QTextTable):
                box = self.text.documentLayout().frameBoundingRect(kept)
                if box.top() < foot < box.bottom():
                    painter.setPen(QPen(QColor(INK), max(1.0, self.px(0.18))))
                    painter.drawLine(QPointF(box.left(), foot), QPointF(box.right() - self.px(0.9), foot))

    def _keep_heading(self, block: QTextBlock, height: float) -> None:
        """With the first line of what follows it."""
        following = block.next()
        while following.isValid() and following.userState() == SPACER:
            following = following.next()
        if following.isValid() and self._first_line(block) // height != self._first_line(following) // height:
            self._break_before(block)

    def _first_line(self, block: QTextBlock) -> float:
        """The height of the middle of a block's first line, from the document's top."""
        top = self.text.documentLayout().blockBoundingRect(block).top()
        line = block.layout().lineAt(0)
        return top + line.y() + line.height() / 2 if line.isValid() else top + 1

    def _break_before(self, block: QTextBlock) -> None:
        shape = block.blockFormat()
        shape.setPageBreakPolicy(QTextBlockFormat.PageBreakFlag.PageBreak_AlwaysBefore)
        QTextCursor(block).setBlockFormat(shape)
        self._lay_out_again()

    def _lay_out_again(self) -> None:
        self.text.markContentsDirty(0, self.text.characterCount())

    def _keep_row(self, table: QTextTable, row: int, height: float) -> None:
        layout = self.text.documentLayout()
        cells = [table.cellAt(row, column) for column in range(table.columns())]
        top = min(layout.blockBoundingRect(cell.firstCursorPosition().block()).top() for cell in cells)
        low = max(layout.blockBoundingRect(cell.lastCursorPosition().block()).bottom() for cell in cells)
        if top // height == (low - 1) // height or low - top > height / 2:
            return
        if row == 1:
            # Its head goes along, and the caption above the head.
            before = table.firstCursorPosition().block().previous()
            while before.previous().isValid() and before.previous().userState() == CAPTION:
                before = before.previous()
            self._break_before(before)
            return
        # The row above fills what is left of the page.
        missing = ((top // height + 1) * height - top) * self._unit / self.dpi
        for column in range(table.columns()):
            cell = table.cellAt(row - 1, column)
            shape = cell.format().toTableCellFormat()
            shape.setBottomPadding(shape.bottomPadding() + missing)
            cell.setFormat(shape)
        self._lay_out_again()

    # -- parts -------------------------------------------------------------------------------------------------------

    def _fill(self, document: Document) -> None:
        for line in title_lines(document.title):
            self.line(line, SONG, TITLE, Qt.AlignmentFlag.AlignHCenter, spacing=34)
        if document.mark:
            self.line(f"（{document.mark}）", KAI, align=Qt.AlignmentFlag.AlignHCenter)
        self.line("")
        if document.addressee:
            self.line(document.addressee)
        for block in document.blocks:
            self._block(block)
        for number, name in enumerate(document.annexes, start=1):
            first = f"附件：{number}.{name}" if len(document.annexes) > 1 else f"附件：{name}"
            if number == 1:
                self.line("")
            self.line(first if number == 1 else f"{number}.{name}", indent=2 if number == 1 else 5)
        if document.signed:
            unit, day = signature_indents(document.signed, document.dated)
            self.line("")
            for words, inset in ((document.signed, unit), (document.dated, day)):
                self.line(words, align=Qt.AlignmentFlag.AlignRight, right=inset)
        for block in document.after:
            self._block(block)
        for number, note in enumerate(document.notes):
            self.line(note if number else f"注：{note}", FANG, 12, spacing=20)

    def _block(self, block: Block) -> None:
        if isinstance(block, Heading):
            if block.level == 3:
                self.line(block.text, SONG, TITLE, Qt.AlignmentFlag.AlignHCenter, spacing=34)
            else:
                self.line(block.text, HEI if block.level == 1 else KAI, indent=2)
            self._kept.append(self.cursor.block())
        elif isinstance(block, Paragraph):
            align = Qt.AlignmentFlag.AlignHCenter if block.centred else Qt.AlignmentFlag.AlignJustify
            self.line(block.lead, KAI, align=align, indent=2 if block.indent else 0)
            self.cursor.insertText(block.text, self._letters(FANG, BODY))
        elif isinstance(block, Table):
            self._table(block)
        elif isinstance(block, Picture):
            self._image(block)
        elif isinstance(block, PageBreak):
            self.line("")
            shape = self.cursor.blockFormat()
            shape.setPageBreakPolicy(QTextBlockFormat.PageBreakFlag.PageBreak_AlwaysBefore)
            self.cursor.setBlockFormat(shape)

    def line(
        self,
        words: str,
        families: Sequence[str] = FANG,
        size: float = BODY,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignJustify,
        *,
        spacing: float = LINE,
        indent: float = 0,
        right: float = 0,
    ) -> None:
        """A new paragraph; `indent` and `right` in characters, `spacing` in pt (0: as tall as the content)."""
        shape = QTextBlockFormat()
        shape.setAlignment(align)
        # Indents are the two lengths that Qt does not scale.
        shape.setTextIndent(self.px(indent * BODY / 72 * 25.4))
        shape.setRightMargin(self.px(right * BODY / 72 * 25.4))
        if spacing:
            shape.setLineHeight(self.pt(spacing), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        letters = self._letters(families, size)
        if self._fresh:
            self.cursor.setBlockFormat(shape)
            self._fresh = False
        else:
            self.cursor.insertBlock(shape, letters)
        self.cursor.insertText(words, letters)

    def _letters(self, families: Sequence[str], size: float) -> QTextCharFormat:
        letters = QTextCharFormat()
        letters.setFont(self.font(families, size))
        letters.setFontLetterSpacingType(QFont.SpacingType.PercentageSpacing)
        letters.setFontLetterSpacing(CLOSER)
        return letters

    def _table(self, table: Table) -> None:
        if table.caption:
            self.line(table.caption, HEI, table.points + 2, Qt.AlignmentFlag.AlignHCenter)
            self.cursor.block().setUserState(CAPTION)
            self._kept.append(self.cursor.block())
        rows = ([table.heads] if table.heads else []) + list(table.rows)
        shape = QTextTableFormat()
        shape.setBorderCollapse(True)
        shape.setBorder(max(1.0, self.pt(0.5)))
        shape.setBorderBrush(QBrush(QColor(INK)))
        shape.setCellPadding(self.pt(3))
        shape.setWidth(QTextLength(QTextLength.Type.FixedLength, self.length(sum(table.widths) - 2)))
        shape.setColumnWidthConstraints(
            [
                # The borders stand outside the columns.
                QTextLength(QTextLength.Type.FixedLength, self.length(width * (1 - 2 / WIDTH)))
                for width in table.widths
            ]
        )
        shape.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        if table.heads:
            shape.setHeaderRowCount(1)
        self.line("", spacing=4)
        self.cursor.block().setUserState(SPACER)
        grid = self.cursor.insertTable(len(rows), len(table.widths), shape)
        self._kept.append(grid)
        for row, words in enumerate(rows):
            for column, text in enumerate(words):
                word = (bool(table.heads) and row == 0) or (not table.heads and column % 2 == 0)
                cell = grid.cellAt(row, column).firstCursorPosition()
                block = QTextBlockFormat()
                block.setAlignment(
                    Qt.AlignmentFlag.AlignHCenter
                    if word
                    else Qt.AlignmentFlag.AlignRight
                    if column in table.right
                    else Qt.AlignmentFlag.AlignLeft
                )
                if row in table.tall:
                    room = QTextTableCellFormat()
                    room.setBottomPadding(self.pt(60))
                    grid.cellAt(row, column).setFormat(room)
                cell.setBlockFormat(block)
                letters = self._letters(HEI if word else FANG, table.points)
                cell.insertText(text, letters)
        self.cursor.movePosition(QTextCursor.MoveOperation.End)
        # Qt puts an empty paragraph behind a table; what follows would begin there.
        gap = self.cursor.blockFormat()
        gap.setLineHeight(self.pt(8), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
        self.cursor.setBlockFormat(gap)
        if table.note:
            self.line(table.note, FANG, table.points - 1, spacing=table.points + 5)

    def _image(self, picture: Picture) -> None:
        image = QImage.fromData(QByteArray(picture.data))
        if image.isNull():
            return
        self._pictures += 1
        name = f"picture:{self._pictures}"
        self.text.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
        shape = QTextImageFormat()
        shape.setName(name)
        width = self.length(picture.width)
        shape.setWidth(width)
        shape.setHeight(width * image.height() / image.width())
        self.line("", align=Qt.AlignmentFlag.AlignHCenter, spacing=0)
        self.cursor.insertImage(shape)
        if picture.caption:
            self.line(picture.caption, FANG, 12, Qt.AlignmentFlag.AlignHCenter, spacing=20)

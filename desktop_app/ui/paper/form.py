"""The form to print and stamp, on A4: a table by task, the 校验码 and its QR code on every page."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPen

from desktop_app.core.i18n import on_paper
from desktop_app.core.report.form import Form, FormRow, FormTask
from desktop_app.ui.paper.pages import pdf_file

DPI = 300
MM = DPI / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT, TOP = 18 * MM, 15 * MM, 14 * MM
FOOT = 33 * MM
"""Height of the band at the foot of each page: code, QR, page number."""
BOTTOM = HEIGHT - FOOT - 3 * MM
SPAN = WIDTH - LEFT - RIGHT
SIGNING = 62 * MM
"""Height of the block with names and stamp."""

COLUMNS = (
    ("编号", 13.0, Qt.AlignmentFlag.AlignHCenter),
    ("指标", 50.0, Qt.AlignmentFlag.AlignLeft),
    ("单位", 15.0, Qt.AlignmentFlag.AlignHCenter),
    ("全年份额", 20.0, Qt.AlignmentFlag.AlignRight),
    ("上期", 24.0, Qt.AlignmentFlag.AlignRight),
    ("本期", 24.0, Qt.AlignmentFlag.AlignRight),
    ("比上期", 15.0, Qt.AlignmentFlag.AlignRight),
    ("说明", 16.0, Qt.AlignmentFlag.AlignHCenter),
)
"""Name, width in mm (177 together), alignment."""

_SONG = ["SimSun", "Songti SC", "Noto Serif CJK SC", "Noto Serif SC", "Noto Sans CJK SC"]
_HEI = ["SimHei", "Microsoft YaHei", "Heiti SC", "Noto Sans CJK SC", "Noto Sans SC"]
_LATIN = ["Consolas", "Courier New", "DejaVu Sans Mono", "Noto Sans Mono", *_HEI]
"""For the code: digits and letters that are told apart, also where the page is copied as text."""
_INK = QColor("#000000")
_LINE = QColor("#555555")
_SHADE = QColor("#EEF1F5")
_WRAP = int(Qt.TextFlag.TextWrapAnywhere)


@on_paper
def draw(form: Form, out: Path) -> None:
    """OSError where the file cannot be written."""
    with pdf_file(out) as writer:
        writer.setResolution(DPI)
        writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
        writer.setTitle(f"{form.unit_name} {form.period.chinese_label} {form.code}")
        writer.setCreator("taizhang")
        pages = _Pages(form)
        painter = QPainter()
        if not painter.begin(writer):
            raise OSError(f"{out}: cannot be written")
        try:
            for number in range(len(pages.pages)):
                if number:
                    writer.newPage()
                pages.paint(painter, number)
        finally:
            painter.end()


def _font(families: list[str], points: float, *, bold: bool = False) -> QFont:
    font = QFont()
    font.setFamilies(families)
    font.setPixelSize(round(points * DPI / 72))
    font.setBold(bold)
    return font


class _Pages:
    """First what stands where is settled, so that every page can say how many there are; then each is painted."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.city = _font(_SONG, 14)
        self.title = _font(_HEI, 18, bold=True)
        self.body = _font(_SONG, 9.5)
        self.small = _font(_SONG, 8)
        self.head = _font(_HEI, 9.5, bold=True)
        self.label = _font(_SONG, 11)
        self.code = _font(_LATIN, 15, bold=True)
        self.pages: list[list[tuple[float, FormTask | FormRow | str]]] = []
        self._lay_out()

    # -- what stands where ---------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Rows by page, each with its height.  A task's line never stands alone at a page's foot."""
        page: list[tuple[float, FormTask | FormRow | str]] = []
        room = BOTTOM - self._title_height() - self._head_height()
        left = room
        full = BOTTOM - TOP - 8 * MM - self._head_height()
        for task in self.form.tasks:
            blocks: list[tuple[float, FormTask | FormRow | str]] = [(self._task_height(task), task)]
            blocks += [(self._row_height(row), row) for row in task.rows]
            for number, block in enumerate(blocks):
                with_next = block[0] + (blocks[1][0] if number == 0 and len(blocks) > 1 else 0)
                if with_next > left and page:
                    self.pages.append(page)
                    page, left = [], full
                page.append(block)
                left -= block[0]
        if left < SIGNING + 4 * MM and page:
            self.pages.append(page)
            page, left = [], full
        page.append((SIGNING, "sign"))
        self.pages.append(page)

    def _height(self, text: str, width: float, font: QFont) -> float:
        box = QFontMetricsF(font).boundingRect(QRectF(0, 0, width, 10_000), _WRAP, text)
        return float(box.height())

    def _title_height(self) -> float:
        """From the paper's top edge to where the table begins on the first page."""
        return TOP + 8 * MM + self._height(self.form.plan, SPAN, self.title) + 20 * MM

    def _head_height(self) -> float:
        return 8 * MM

    def _task_height(self, task: FormTask) -> float:
        width = SPAN - 4 * MM
        return (
            self._height(_task_title(task), width, self.head)
            + (self._height(task.target, width, self.small) if task.target else 0)
            + 3 * MM
        )

    def _row_height(self, row: FormRow) -> float:
        texts = _cells(row)
        heights = [
            self._height(text, width * MM - 2 * MM, self.body)
            for text, (_name, width, _side) in zip(texts, COLUMNS, strict=True)
        ]
        return max(7 * MM, max(heights) + 2 * MM)

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter, number: int) -> None:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        y = self._first_head(painter) if number == 0 else self._later_head(painter)
        page = self.pages[number]
        if any(not isinstance(block, str) for _height, block in page):
            y = self._table_head(painter, y)
        for height, block in page:
            if isinstance(block, FormTask):
                self._task(painter, y, height, block)
            elif isinstance(block, FormRow):
                self._row(painter, y, height, block)
            else:
                self._sign(painter, y + 4 * MM)
            y += height
        self._foot(painter, number)

    def _text(
        self,
        painter: QPainter,
        box: QRectF,
        text: str,
        font: QFont,
        side: Qt.AlignmentFlag,
        flags: int = _WRAP,
    ) -> None:
        painter.setFont(font)
        painter.setPen(_INK)
        painter.drawText(box, int(side) | int(Qt.AlignmentFlag.AlignVCenter) | flags, text)

    def _first_head(self, painter: QPainter) -> float:
        form, middle = self.form, Qt.AlignmentFlag.AlignHCenter
        y = TOP
        city = form.city + ("（样例数据，仅供演示）" if form.sample else "")
        self._text(painter, QRectF(LEFT, y, SPAN, 7 * MM), city, self.city, middle)
        y += 8 * MM
        height = self._height(form.plan, SPAN, self.title)
        self._text(painter, QRectF(LEFT, y, SPAN, height), form.plan, self.title, middle)
        y += height + 2 * MM
        self._text(
            painter,
            QRectF(LEFT, y, SPAN, 7 * MM),
            f"{form.period.chinese_label}进展情况报表",
            _font(_HEI, 14),
            middle,
        )
        y += 9 * MM
        line = QRectF(LEFT, y, SPAN, 6 * MM)
        self._text(painter, line, f"填报单位：{form.unit_name}", self.label, Qt.AlignmentFlag.AlignLeft)
        self._text(painter, line, f"指标 {form.figures} 项", self.label, Qt.AlignmentFlag.AlignRight)
        return self._title_height()

    def _later_head(self, painter: QPainter) -> float:
        line = QRectF(LEFT, TOP, SPAN, 6 * MM)
        self._text(
            painter,
            line,
            f"{self.form.unit_name}　{self.form.period.chinese_label}（续）",
            self.body,
            Qt.AlignmentFlag.AlignLeft,
        )
        return TOP + 8 * MM

    def _table_head(self, painter: QPainter, y: float) -> float:
        x, height = LEFT, self._head_height()
        for name, width, _side in COLUMNS:
            box = QRectF(x, y, width * MM, height)
            painter.fillRect(box, _SHADE)
            self._frame(painter, box)
            self._text(painter, box, name, self.head, Qt.AlignmentFlag.AlignHCenter)
            x += width * MM
        return y + height

    def _frame(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(_LINE, 0.2 * MM))
        painter.drawRect(box)

    def _task(self, painter: QPainter, y: float, height: float, task: FormTask) -> None:
        box = QRectF(LEFT, y, SPAN, height)
        self._frame(painter, box)
        inner = box.adjusted(2 * MM, 1.5 * MM, -2 * MM, -1.5 * MM)
        title = self._height(_task_title(task), inner.width(), self.head)
        left = Qt.AlignmentFlag.AlignLeft
        self._text(
            painter,
            QRectF(inner.left(), inner.top(), inner.width(), title),
            _task_title(task),
            self.head,
            left,
        )
        if task.target:
            rest = QRectF(inner.left(), inner.top() + title, inner.width(), inner.height() - title)
            self._text(painter, rest, task.target, self.small, left)

    def _row(self, painter: QPainter, y: float, height: float, row: FormRow) -> None:
        x = LEFT
        for text, (_name, width, side) in zip(_cells(row), COLUMNS, strict=True):
            box = QRectF(x, y, width * MM, height)
            self._frame(painter, box)
            self._text(painter, box.adjusted(MM, 0, -MM, 0), text, self.body, side)
            x += width * MM

    def _sign(self, painter: QPainter, y: float) -> None:
        """Names as typed beside blanks to sign, and a field for the stamp."""
        form, left = self.form, Qt.AlignmentFlag.AlignLeft
        half = SPAN * 0.58
        for number, (label, name) in enumerate(
            (("填报人", form.filled), ("审核人", form.checked), ("负责人", form.responsible))
        ):
            row = QRectF(LEFT, y + number * 15 * MM, half, 15 * MM)
            self._frame(painter, row)
            self._text(painter, row.adjusted(3 * MM, 0, 0, 0), f"{label}　{name}", self.label, left)
            self._text(painter, row.adjusted(half * 0.52, 0, 0, 0), "签字：", self.label, left)
        stamp = QRectF(LEFT + half, y, SPAN - half, 45 * MM)
        self._frame(painter, stamp)
        middle = Qt.AlignmentFlag.AlignHCenter
        self._text(painter, stamp.adjusted(0, 0, 0, -14 * MM), "（单位公章）", self.label, middle)
        self._text(painter, stamp.adjusted(0, 30 * MM, 0, 0), "　　年　　月　　日", self.label, middle)
        note = "校验码只涵盖本次上报的数字和台账；数字一改，校验码就变，原盖章作废。"
        if not form.exported:
            note = "尚未按这些数字导出上报包，请导出后核对校验码再盖章。" + note
        self._text(painter, QRectF(LEFT, y + 46 * MM, SPAN, 10 * MM), note, self.small, left)

    def _foot(self, painter: QPainter, number: int) -> None:
        form = self.form
        top = HEIGHT - FOOT
        painter.setPen(QPen(_LINE, 0.2 * MM))
        painter.drawLine(QPointF(LEFT, top), QPointF(LEFT + SPAN, top))
        side = 20 * MM
        self._qr(painter, QRectF(LEFT, top + 2 * MM, side, side))
        left = LEFT + side + 4 * MM
        middle = QRectF(left, top + 2 * MM, SPAN - side - 40 * MM, 9 * MM)
        start = Qt.AlignmentFlag.AlignLeft
        label = 20 * MM
        self._text(painter, middle, "校验码", self.label, start)
        self._text(painter, middle.adjusted(label, 0, 0, 0), form.code, self.code, start)
        self._text(
            painter,
            QRectF(left, top + 12 * MM, SPAN - side - 40 * MM, 8 * MM),
            f"{form.unit_name}（{form.unit}）　{form.period.chinese_label}",
            self.body,
            start,
        )
        self._text(
            painter,
            QRectF(LEFT, top + 2 * MM, SPAN, 9 * MM),
            f"第 {number + 1} 页　共 {len(self.pages)} 页",
            self.body,
            Qt.AlignmentFlag.AlignRight,
        )

    def _qr(self, painter: QPainter, box: QRectF) -> None:
        """Square by square, in black on white, so that it stays sharp at any size."""
        import segno

        matrix = tuple(segno.make(self.form.mark, error="m", micro=False).matrix)
        step = box.width() / len(matrix)
        for row, line in enumerate(matrix):
            for column, dark in enumerate(line):
                if dark:
                    painter.fillRect(
                        QRectF(box.left() + column * step, box.top() + row * step, step * 1.02, step * 1.02),
                        _INK,
                    )


def _task_title(task: FormTask) -> str:
    return f"{task.no}　{task.title}"


def _cells(row: FormRow) -> tuple[str, ...]:
    return (row.id, row.name, row.unit, row.share, row.previous, row.value, row.change, row.remark)

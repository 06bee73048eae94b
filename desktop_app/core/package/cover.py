"""The cover sheet (封面): who reports what to whom, the 校验码, and room to sign and stamp."""

from __future__ import annotations

from typing import Any

from desktop_app.core.package.sheets import COVER, MARK, Cover, footer
from desktop_app.core.package.style import Styles, lines_of

SEAL_NOTE = "本文件带有数字签名，用于防篡改和来源核对，不替代公章和电子签章；以打印后签字盖章的表为准。"
READ_NOTE = (
    "请勿用 WPS 或 Excel 编辑后另存，否则签名失效，上级不能汇入；只看不改没有影响。"
    "要改数据请在软件里改后重新导出。"
)
_WIDTHS = (13, 19, 11, 19, 13, 15)
_WIDTH = sum(_WIDTHS)
_FIRST, _LAST = 0, len(_WIDTHS) - 1


def draw_cover(book: Any, styles: Styles, cover: Cover) -> None:
    sheet = book.add_worksheet(COVER)
    sheet.set_portrait()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.7, right=0.7, top=0.8, bottom=0.7)
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_footer(footer(cover))
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    _Cover(sheet, styles, cover).draw()


class _Cover:
    """Draws downward; `row` is the next free row."""

    def __init__(self, sheet: Any, styles: Styles, cover: Cover) -> None:
        self.sheet = sheet
        self.styles = styles
        self.cover = cover
        self.row = 0

    def draw(self) -> None:
        cover, styles = self.cover, self.styles
        if cover.sample:
            self._line("样例数据，仅供演示", styles.cover_sample, 20)
        self._line(cover.city, styles.cover_city, 34)
        self._line(cover.title, styles.cover_title, 48 if lines_of(cover.title, _WIDTH * 0.42) == 1 else 84)
        self._line(cover.purpose, styles.cover_kind, 36)
        self._line("", styles.cover_note, 22)
        volume = f"第 {cover.volume} 卷，共 {cover.volumes} 卷" if cover.volumes > 1 else ""
        self._pair(
            cover.from_label, f"{cover.unit_name}（{cover.level}）" if cover.level else cover.unit_name
        )
        if cover.to_name:
            self._pair(cover.to_label, cover.to_name)
        if cover.period:
            self._pair("报告期", cover.period)
        if cover.sequence:
            self._pair("序号", f"第 {cover.sequence} 份" + (f",{volume}" if volume else ""))
        if cover.digest:
            self._pair("校验码", cover.digest, code=True)
        if cover.created:
            self._pair("导出时间", cover.created)
        self._counts()
        if cover.to_sign:
            self._signatures()
        self._notes()

    def _line(self, text: str, style: Any, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.sheet.merge_range(self.row, _FIRST, self.row, _LAST, "", style)
        self.sheet.write_string(self.row, _FIRST, text, style)
        self.row += 1

    def _pair(self, label: str, value: str, *, code: bool = False) -> None:
        styles = self.styles
        self.sheet.set_row(self.row, 38 if code else 28)
        self.sheet.write_string(self.row, 0, label, styles.cover_label)
        style = styles.cover_code if code else styles.cover_value
        self.sheet.merge_range(self.row, 1, self.row, _LAST, "", style)
        self.sheet.write_string(self.row, 1, value, style)
        self.row += 1

    def _counts(self) -> None:
        if not self.cover.counts:
            return
        self._line("内容", self.styles.cover_section, 26)
        counts = self.cover.counts
        for at in range(0, len(counts), 3):
            self.sheet.set_row(self.row, 26)
            for offset in range(3):
                label, value = counts[at + offset] if at + offset < len(counts) else ("", "")
                self.sheet.write_string(self.row, offset * 2, label, self.styles.cover_label)
                self.sheet.write_string(self.row, offset * 2 + 1, value, self.styles.cover_value)
            self.row += 1

    def _signatures(self) -> None:
        """Names as typed beside blanks to sign, and a field for the stamp."""
        cover, sheet, styles = self.cover, self.sheet, self.styles
        self._line("签字盖章", styles.cover_section, 26)
        first = self.row
        for label, name in (
            ("填报人", cover.filled),
            ("审核人", cover.checked),
            ("负责人", cover.responsible),
        ):
            sheet.set_row(self.row, 46)
            sheet.write_string(self.row, 0, label, styles.cover_label)
            sheet.write_string(self.row, 1, name, styles.cover_value)
            sheet.write_string(self.row, 2, "签字", styles.cover_label)
            sheet.write_string(self.row, 3, "", styles.cover_value)
            self.row += 1
        sheet.merge_range(first, 4, self.row - 1, 5, "", styles.cover_stamp)
        sheet.write_string(first, 4, "（单位公章）\n\n\n\n年    月    日", styles.cover_stamp)

    def _notes(self) -> None:
        self._line("说明", self.styles.cover_section, 26)
        for note in (*self.cover.notes, SEAL_NOTE, READ_NOTE, MARK + "。"):
            self._line(note, self.styles.cover_note, 4 + 13 * lines_of(note, _WIDTH))

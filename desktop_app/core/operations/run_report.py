"""The report of a merge run (xlsx): one row a file, and the sum that must come out."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from desktop_app.core.disks import save
from desktop_app.core.operations.outcomes import Merged

HEADS = (
    "文件", "单位", "期间", "第几次", "校验码", "结果", "收到", "新增", "已有", "不一致", "拒收",
    "新附件", "已有附件", "缺附件", "说明", "怎么办",
)  # fmt: skip
WORDS = {"merged": "已汇入", "known": "以前汇入过", "quarantined": "已隔离"}
WIDTHS = (36, 18, 10, 8, 18, 12, 8, 8, 8, 8, 8, 8, 10, 8, 50, 50)


def rows(results: Sequence[Merged]) -> list[tuple[str | int, ...]]:
    """What the report says, a tuple a file, the sum last."""
    found: list[tuple[str | int, ...]] = [
        (
            item.file.name,
            item.unit_name,
            item.period,
            item.sequence or "",
            item.digest,
            WORDS[item.state],
            item.counts.entries,
            item.counts.new,
            item.counts.known,
            item.counts.conflicting,
            item.counts.refused,
            item.files_new,
            item.files_known,
            item.files_missing,
            item.reason,
            item.next_step,
        )
        for item in results
    ]
    sums = tuple(sum(int(row[column]) for row in found) for column in range(6, 13))
    good = sum(item.state != "quarantined" for item in results)
    return [*found, (f"合计 {len(results)} 份", "", "", "", "", f"汇入 {good} 份", *sums, "", "", "")]


def write(results: Sequence[Merged], path: Path) -> Path:
    """Write the report; StorageError where the disk refuses."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "汇入记录"
    sheet.append(HEADS)
    for row in rows(results):
        sheet.append(["'" + cell if isinstance(cell, str) and cell[:1] in "=+-@" else cell for cell in row])
    for number, width in enumerate(WIDTHS, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="ECEFF3")
        cell.alignment = Alignment(horizontal="center")
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    content = io.BytesIO()
    book.save(content)
    save(path, content.getvalue())
    return path

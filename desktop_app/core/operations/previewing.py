"""What a submission will show its reader, before anything is signed: the very sheets the package will hold, read back
from the drawn workbook, so that preview and package cannot differ."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import msgspec

from desktop_app.core.model.period import Period
from desktop_app.core.operations import gathering, writing
from desktop_app.core.operations.export_sheets import submission_sheets
from desktop_app.core.operations.gathering import EvidenceChoice
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package import columns, sheets, workbook
from desktop_app.core.package.digest import check_code
from desktop_app.core.package.manifest import People
from desktop_app.core.progress import Progress, silent

HEAD_ROWS = 3
"""Title, unit and period, heads: how every sheet but the cover begins."""


class PreviewSheet(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet as text.  The cover has no heads: its rows are label and value."""

    name: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    """Columns of figures."""
    widths: tuple[float, ...] = ()
    """In characters, as the sheet has them."""


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """`withheld` are the personal files and records that stay here."""

    code: str
    sheets: tuple[PreviewSheet, ...]
    evidence: int
    withheld: int


def preview(
    workspace: Workspace,
    period: Period,
    *,
    people: People | None = None,
    evidence: EvidenceChoice = "new",
    personal: bool = False,
    progress: Progress = silent,
) -> Preview:
    """The sheets of the period's submission as it stands; nothing is written or signed."""
    progress(0, 3)
    heads = gathering.submitted_heads(workspace, period)
    code = check_code(workspace.unit_code, period.key, [head.id for head in heads])
    gathered = gathering.gather_files(workspace, evidence, personal=personal)
    unit = workspace.unit
    upper = workspace.organisation.above(unit.code)
    manifest = writing.new_manifest(
        workspace,
        "submission",
        to=upper[0] if upper else "",
        period=period.key,
        sequence=writing.next_sequence(workspace, "submission", period.key),
        digest=code,
        people=people or People(filled=workspace.operator),
        absent=gathered.absent,
        locked=True,
    )
    progress(1, 3)
    situation = Situation(workspace, period)
    content = submission_sheets(workspace, situation, manifest, gathered.files, gathered.withheld)
    drawn = workbook.draw(content)
    progress(2, 3)
    shown = read_sheets(drawn)
    progress(3, 3)
    return Preview(code=code, sheets=shown, evidence=len(gathered.files), withheld=gathered.withheld)


def read_sheets(drawn: bytes) -> tuple[PreviewSheet, ...]:
    """The drawn workbook's sheets as a person reads them; the column of record numbers is left out, as in print."""
    import openpyxl
    from openpyxl.utils import get_column_letter

    book = openpyxl.load_workbook(io.BytesIO(drawn))
    found = []
    for sheet in book.worksheets:
        rows = list(sheet.iter_rows(values_only=True))
        if sheet.title == sheets.COVER:
            found.append(PreviewSheet(name=sheet.title, heads=(), rows=tuple(_pairs(rows))))
            continue
        names = [str(value or "") for value in rows[HEAD_ROWS - 1]]
        width = names.index(columns.ID_HEAD) if columns.ID_HEAD in names else len(names)
        body = [row[:width] for row in rows[HEAD_ROWS:]]
        right = tuple(
            number for number in range(width) if any(isinstance(row[number], int | float) for row in body)
        )
        found.append(
            PreviewSheet(
                name=sheet.title,
                heads=tuple(names[:width]),
                rows=tuple(tuple(words(value) for value in row) for row in body),
                right=right,
                widths=tuple(
                    float(sheet.column_dimensions[get_column_letter(number + 1)].width or 10)
                    for number in range(width)
                ),
            )
        )
    return tuple(found)


def _pairs(rows: Iterable[tuple[Any, ...]]) -> Iterable[tuple[str, ...]]:
    """The cover line by line: what stands side by side stays side by side."""
    for row in rows:
        said = tuple(words(value) for value in row if value not in (None, ""))
        if said:
            yield said


def words(value: Any) -> str:
    """A cell as it is shown: thousands apart, no more places than there are."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    return f"{value:,}" if isinstance(value, int) else str(value)

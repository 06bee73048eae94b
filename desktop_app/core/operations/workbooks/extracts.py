"""An extract of a business system as evidence for many cases at once, compared with the ledger by one column.

What is kept is a copy without the columns that hold personal data, as values; the original's hash stands beside it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import EvidenceBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.sheet import Extract, Match
from desktop_app.core.operations import changing, evidence, site_list
from desktop_app.core.operations.media import EXTENSIONS
from desktop_app.core.operations.workbooks import cells, entering, opening
from desktop_app.core.operations.workbooks.site_heads import HEAD_ROWS, head_word, is_personal
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules import privacy
from desktop_app.core.store.store import Said

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def read_extract(path: Path) -> Extract:
    """InputError where the file is no table."""
    content = opening.read_bytes(path)
    sheet = opening.open_book(path, content).worksheets[0]
    table = [
        [_text(cell) for cell in row]
        for row in sheet.iter_rows(
            max_row=min(sheet.max_row, opening.ROWS + HEAD_ROWS),
            max_col=max(1, min(sheet.max_column, opening.COLUMNS)),
        )
    ]
    # The column names are the row that fills most columns among the first; titles fill one.
    head = max(
        range(min(len(table), HEAD_ROWS)),
        key=lambda at: (sum(bool(text) for text in table[at]), -at),
        default=None,
    )
    rows = [row for row in table[head + 1 :] if any(row)] if head is not None else []
    if head is None or not rows:
        raise InputError(
            _("“{file}”里没有内容。").format(file=path.name), next_step=_("请核对是不是选错了文件。")
        )
    names = table[head]
    personal = [
        at
        for at, name in enumerate(names)
        if is_personal(head_word(name)) or any(privacy.find(row[at]) for row in rows if row[at])
    ]
    kept = [at for at, name in enumerate(names) if at not in personal and (name or any(r[at] for r in rows))]
    return Extract(
        file=path.name,
        columns=tuple(head_word(names[at]) if names[at] else f"{at + 1}" for at in kept),
        rows=tuple(tuple(row[at] for at in kept) for row in rows),
        personal=tuple(head_word(names[at]) for at in personal),
        sha256=entering.hash_of(content),
    )


def _text(cell: Any) -> str:
    try:
        return cells.text_of(cell)
    except InputError:
        return str(cell.value)


def match(workspace: Workspace, extract: Extract, column: int, indicator: str) -> Match:
    """Find the cases of an indicator by a column of the extract that holds their name, place and name, or number."""
    if not 0 <= column < len(extract.columns):
        raise InputError(_("没有这一列。"), next_step=_("请从列表里选一列。"))
    by_text: dict[str, list[str]] = {}
    sites = site_list.sites(workspace, indicator)
    for site in sites:
        key = site.subject.split("/")[-1]
        for text in {site.name, f"{site.place}{site.name}", key}:
            by_text.setdefault(_folded(text), []).append(site.subject)
    matched: dict[str, str] = {}
    alone: list[str] = []
    doubtful: list[str] = []
    for row in extract.rows:
        text = row[column]
        if not text:
            continue
        found = by_text.get(_folded(text), [])
        if len(found) == 1:
            matched[text] = found[0]
        else:
            (doubtful if found else alone).append(text)
    hit = set(matched.values())
    return Match(
        matched=matched,
        extract_only=tuple(dict.fromkeys(alone)),
        ledger_only=tuple((site.subject, site.name) for site in sites if site.subject not in hit),
        doubtful=tuple(dict.fromkeys(doubtful)),
    )


def _folded(text: str) -> str:
    return "".join(cells.plain(text).split()).lower()


def attach(
    workspace: Workspace, path: Path, about: Sequence[str], *, caption: str = "", operator: str = ""
) -> Changes:
    """Keep the extract, without its personal columns, as evidence for all of `about`: sites, or an indicator ("12.1")
    for every case of it.  The same file for the same cases again changes nothing."""
    changing.refuse_personal({"caption": caption})
    extract = read_extract(path)
    targets = tuple(dict.fromkeys(evidence.resolve_about(workspace, item) for item in about))
    if not targets:
        raise InputError(_("附件要挂到一项指标或台账上。"), next_step=_("请先选中一项，再添加附件。"))
    store = workspace.store
    present = {
        target
        for target in targets
        for head in store.ledger.evidence_about(target)
        if extract.sha256 in (head.body.original, head.body.sha256)
    }
    missing = tuple(target for target in targets if target not in present)
    if not missing:
        return Changes()
    content = _clean_copy(extract)
    sha256, size = store.files.write(io.BytesIO(content), len(content), name=path.name)
    body = EvidenceBody(
        sha256=sha256,
        size=size,
        media=XLSX,
        name=privacy.mask(path.stem) + EXTENSIONS[XLSX],
        about=missing,
        caption=caption or _("业务系统导出表"),
        original=extract.sha256,
        extract=True,
    )
    with store.transaction():
        evidence.note_file(workspace, sha256, size, sealed=False)
        return workspace.say(
            [
                Said(
                    kind="evidence",
                    subject=subjects.fresh("evidence", workspace.unit_code),
                    body=body,
                    operator=operator or workspace.operator,
                )
            ]
        )[0]


def _clean_copy(extract: Extract) -> bytes:
    """The same bytes for the same table: no times are in it."""
    from datetime import datetime

    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"created": datetime(2000, 1, 1)})
    sheet = book.add_worksheet()
    for column, name in enumerate(extract.columns):
        sheet.write_string(0, column, name)
    for number, row in enumerate(extract.rows, start=1):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    book.close()
    return out.getvalue()

"""Tables of tasks: which column is what, rows whose cells are shifted, categories that span rows."""

from __future__ import annotations

import re

from desktop_app.core.plan.notice.files import Table
from desktop_app.core.plan.notice.found import Found
from desktop_app.core.plan.notice.leads import read_names
from desktop_app.core.plan.notice.text import fold, mark_of, numeral, squeezed

_HEADS = (
    ("no", r"序号|编号|项次|^号$"),
    ("support", r"配合|协办|参与"),
    ("lead", r"牵头|责任单位|责任部门|主办|承办单位|实施单位|主管部门|责任主体"),
    ("due", r"时限|完成时间|时间节点|进度安排|完成日期|时间安排"),
    ("measures", r"措施|举措|做法|实施步骤"),
    ("category", r"类别|领域|分类|类型|大类|门类"),
    ("title", r"项目名称|实事名称|任务名称|事项名称|名称|实事项目|^项目$|^事项$"),
    ("target", r"目标|任务|内容|实事|标准|项目|事项"),
)
_COUNT = re.compile(r"\s*\(\s*(?:共\s*)?(\d+|[一二三四五六七八九十]+)\s*[项件]\s*\)\s*$")
_MEASURE = re.compile(
    r"(?:^|(?<=[。;\n]))\s*(?:\(\d{1,2}\)|\d{1,2}[、)]|\d{1,2}\.(?!\d(?!\d?月|0\d\d年))|[①-⑳])"
)


def category_name(text: str) -> tuple[str, int | None]:
    """A category's name without its number and spaces, and how many tasks it says it has."""
    folded = squeezed(fold(text))
    mark = mark_of(folded)
    if mark is not None and mark.kind in "AB":
        folded = folded[mark.end :]
    match = _COUNT.search(folded)
    count = numeral(match.group(1)) if match else None
    return (folded[: match.start()] if match else folded).strip(":。、"), count


def split_measures(text: str) -> list[str]:
    """The measures of one cell: by their numbers where they have some, else by line."""
    folded = fold(text)
    starts = [match.start() for match in _MEASURE.finditer(folded)]
    if len(starts) >= 2 or (starts and not folded[: starts[0]].strip()):
        cuts = [0, *starts] if folded[: starts[0]].strip() else starts
        parts = [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    else:
        parts = text.splitlines()
    found = []
    for part in parts:
        clean = part.strip()
        mark = mark_of(fold(clean))
        if mark is not None and mark.kind in "CDE":
            clean = clean[mark.end :].strip()
        if clean:
            found.append(clean.rstrip(";；"))
    return found


def columns_of(row: tuple[str, ...]) -> dict[str, int] | None:
    """Fields by column, where the row is a header."""
    fields: dict[str, int] = {}
    for index, cell in enumerate(row):
        word = squeezed(fold(cell))
        if not word or len(word) > 14:
            continue
        for field, pattern in _HEADS:
            if re.search(pattern, word) and field not in fields:
                fields[field] = index
                break
    if "target" not in fields and "title" in fields:
        fields["target"] = fields.pop("title")
    useful = "target" in fields and ("lead" in fields or "no" in fields)
    return fields if useful else None


def tasks_in(table: Table) -> list[Found]:
    """The tasks of a table, none where it is some other table."""
    columns: dict[str, int] | None = None
    tasks: list[Found] = []
    category, declared = "", None
    for row in table.rows:
        cells = list(row)
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        header = columns_of(tuple(cells))
        if header is not None and not any(re.fullmatch(r"\d{1,3}", cell.strip()) for cell in cells):
            columns = header
            continue
        if columns is None:
            continue
        more = _further_measures(cells, columns, table.grid)
        if more and tasks:
            tasks[-1].measures += [item for item in more if item not in tasks[-1].measures]
            continue
        if len({cell for cell in cells if cell}) == 1 and not re.fullmatch(r"\d+", cells[0]):
            if tasks and len(fold(cells[0])) > 30:
                continue
            category, declared = category_name(cells[0])
            continue
        read = _row(cells, columns, table.grid)
        if read is None:
            continue
        if read.get("category"):
            named, counted = category_name(read["category"])
            if named and named != category:
                category, declared = named, counted
        task = _task(read, category, declared)
        same = tasks[-1] if tasks else None
        if same is not None and same.mark and same.mark == task.mark and same.target == task.target:
            # One task whose measures fill several rows.
            same.measures += [item for item in task.measures if item not in same.measures]
            continue
        tasks.append(task)
    return tasks or _upright(table)


def _further_measures(cells: list[str], columns: dict[str, int], grid: bool) -> list[str]:
    """The measures of a row that says nothing else: the cells of its task were left empty below the first row."""
    place = columns.get("measures", -1)
    if not grid or not 0 < place < len(cells) or any(cell for cell in cells[:place]):
        return []
    return split_measures(cells[place])


def _upright(table: Table) -> list[Found]:
    """A table that lies on its side: a label and what it says, row after row, one task or several."""
    told: list[dict[str, str]] = []
    for row in table.rows:
        cells = [cell for place, cell in enumerate(row) if place == 0 or cell != row[place - 1]]
        place = 0
        while place < len(cells) - 1:
            word = squeezed(fold(cells[place])).rstrip(":")
            field = next((name for name, pattern in _HEADS if re.search(pattern, word)), None)
            if field is None or len(word) > 8:
                place += 1
                continue
            if not told or (field in ("title", "target", "no") and field in told[-1]):
                told.append({})
            told[-1].setdefault(field, cells[place + 1].strip())
            place += 2
    tasks = []
    for fields in told:
        if "target" not in fields:
            fields["target"] = fields.pop("title", "")
        if fields["target"] and fields.get("lead"):
            category, declared = category_name(fields.get("category", ""))
            tasks.append(_task(fields, category, declared))
    return tasks


def _row(cells: list[str], columns: dict[str, int], grid: bool) -> dict[str, str] | None:
    """The fields of a row.  Where it is numbered, everything counts from the number's cell, because a category that
    spans rows may stand only in the first of them."""
    number = next(
        (index for index, cell in enumerate(cells) if re.fullmatch(r"\d{1,3}", fold(cell).strip(" .、"))),
        None,
    )
    shift = 0
    if "no" in columns and number is not None and not grid:
        shift = number - columns["no"]
    fields = {}
    for field, index in columns.items():
        place = index + shift
        if field == "category" and number is not None and not grid:
            fields[field] = cells[number - 1] if number > 0 else ""
        elif 0 <= place < len(cells):
            fields[field] = cells[place].strip()
    if not fields.get("target"):
        return None
    if "no" in columns and not re.search(r"\d", fold(fields.get("no", ""))) and number is None:
        fields["no"] = ""
    return fields


def _task(fields: dict[str, str], category: str, declared: int | None) -> Found:
    target = fields["target"]
    if "\n" in target:
        target = "".join(part.strip() for part in target.splitlines())
    mark = mark_of(fold(target))
    number = re.search(r"\d+", fold(fields.get("no", "")))
    written = number.group() if number else ""
    if mark is not None and mark.kind in "BCD":
        written = written or str(mark.number)
        target = target[mark.end :]
    names = read_names(fields.get("lead", ""))
    support = names.support or read_names(fields.get("support", "")).lead
    due = fields.get("due", "")
    return Found(
        mark=written,
        category=category,
        declared=declared,
        title=squeezed(fields.get("title", "")),
        target=target.strip(),
        lead=names.lead,
        support=support,
        measures=split_measures(fields.get("measures", "")),
        due=due,
        from_table=True,
    )

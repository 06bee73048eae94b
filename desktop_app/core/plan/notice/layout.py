"""Which line is what: the title, categories, tasks, their leads and measures.

No fixed form is expected.  The kind of numbering under which most leads stand is the tasks'; wider ones above them
are categories or sections, narrower ones below are measures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

import msgspec

from desktop_app.core.plan.notice import leads
from desktop_app.core.plan.notice.files import Block, Line
from desktop_app.core.plan.notice.found import Found
from desktop_app.core.plan.notice.labels import CLOSING, DUE, LABEL, SECTION, TARGET, unmarked
from desktop_app.core.plan.notice.table import category_name, tasks_in
from desktop_app.core.plan.notice.text import fold, mark_of, numeral, squeezed

_LEVEL = {kind: place for place, kind in enumerate("ABCDE")}
_YEAR = re.compile(r"(20\d{2})\s*年")
_TITLE = re.compile(r"民生|实事|为民|项目|任务")
_TITLE_KIND = re.compile(r"方案|计划|清单|任务|目标|安排|意见|要点|通知$|[分一项]\w{0,4}表|实事(?:项目)?$")
_DAY = re.compile(
    r"^(20\d{2}|二[〇零○]..)\s*年\s*([\d一二三四五六七八九十]{1,3})\s*月\s*([\d一二三四五六七八九十]{1,3})\s*日$"
)


class Layout(msgspec.Struct, kw_only=True):
    """What was found.  `total` is how many tasks the notice itself speaks of."""

    title: str = ""
    year: int = 0
    issued: str = ""
    total: int | None = None
    tasks: list[Found] = []
    categories: list[tuple[str, int | None]] = []
    """Every category named anywhere, with the number of tasks it says it has."""
    all_text: str = ""


def lay_out(blocks: Sequence[Block]) -> Layout:
    lines = [block.text for block in blocks if isinstance(block, Line)]
    tables = _of_tables(blocks)
    everything = "\n".join(
        block.text if isinstance(block, Line) else "\n".join(" ".join(row) for row in block.rows)
        for block in blocks
    )
    layout = Layout(all_text=everything)
    _head(layout, lines)
    sections, categories = _sections(lines)
    layout.categories = categories
    for task in tables:
        if task.category and (task.category, task.declared) not in layout.categories:
            layout.categories.append((task.category, task.declared))
    layout.tasks = _joined(tables, sections)
    return layout


# -- title, year, date ---------------------------------------------------------------------------------------------


def _head(layout: Layout, lines: Sequence[str]) -> None:
    titles = []
    for line in lines[:60]:
        folded = squeezed(fold(line))
        if len(folded) > 60 or folded.endswith(("。", ":", ";")) or mark_of(folded) is not None:
            continue
        if _TITLE.search(folded) and _TITLE_KIND.search(folded):
            about = "关于印发" in folded or folded.endswith("通知")
            titles.append(
                (not _YEAR.search(folded), about, "方案" not in folded and "计划" not in folded, line)
            )
    if titles:
        layout.title = squeezed(min(titles, key=lambda item: item[:3])[3])
    years = _YEAR.findall(fold(layout.title)) or _YEAR.findall(fold(layout.all_text))
    if years:
        layout.year = int(Counter(years).most_common(1)[0][0])
    for line in lines:
        match = _DAY.match(squeezed(fold(line)))
        if match:
            number = _year_number(match.group(1))
            try:
                day = date(number, numeral(match.group(2)), numeral(match.group(3)))
            except ValueError:
                continue
            layout.issued = day.isoformat()
            layout.year = layout.year or number
    count = re.search(r"(\d{1,3})\s*[项件](?:重点)?(?:民生|为民|惠民|实事)", fold(layout.title) or "")
    if count is None:
        count = re.search(r"(\d{1,3})\s*[项件](?:重点)?(?:民生|为民|惠民)", fold(layout.all_text))
    layout.total = int(count.group(1)) if count else None


def _year_number(text: str) -> int:
    """2026, or digit by digit: 二〇二六."""
    plain = text.replace("零", "〇").replace("○", "〇")
    digits = (char if char.isascii() else str("〇一二三四五六七八九".find(char)) for char in plain)
    return int("".join(digits))


# -- tables --------------------------------------------------------------------------------------------------------


def _of_tables(blocks: Sequence[Block]) -> list[Found]:
    """The tasks of every table; a table without categories takes the heading above it, else its sheet's name."""
    tasks: list[Found] = []
    heading: tuple[str, int | None] = ("", None)
    named: list[tuple[str, list[Found]]] = []
    for block in blocks:
        if isinstance(block, Line):
            folded = fold(block.text)
            mark = mark_of(folded)
            if mark is not None and mark.kind in "AB" and _is_heading(folded):
                name, count = category_name(block.text)
                heading = ("", None) if SECTION.match(name) else (name, count)
            continue
        found = tasks_in(block)
        for task in found:
            if not task.category and heading[0]:
                task.category, task.declared = heading
        tasks += found
        if found and block.name and not re.fullmatch(r"(?i)(?:sheet|工作表)\s*\d*", block.name):
            named.append((block.name, found))
    if len(named) > 1:
        for name, found in named:
            for task in found:
                task.category = task.category or squeezed(name)
    return tasks


# -- sections ------------------------------------------------------------------------------------------------------


def _task_kind(lines: Sequence[str]) -> str | None:
    """The kind of mark under which the leads stand."""
    votes: Counter[str] = Counter()
    marks: Counter[str] = Counter()
    open_marks: dict[str, bool] = {}
    for line in lines:
        folded = fold(line)
        mark = mark_of(folded)
        if mark is not None:
            marks[mark.kind] += 1
            open_marks = {
                kind: fresh for kind, fresh in open_marks.items() if _LEVEL[kind] < _LEVEL[mark.kind]
            }
            open_marks[mark.kind] = True
            if leads.split_heading(line)[1] is not None:
                votes[mark.kind] += 1
                open_marks[mark.kind] = False
        elif leads.own_line(line) is not None or leads.split_heading(line)[1] is not None:
            # The widest mark that has had no lead yet and is no mere section: a lead line may follow the measures.
            waiting = [kind for kind, fresh in open_marks.items() if fresh]
            for kind in waiting:
                votes[kind] += 1
                open_marks[kind] = False
    if votes:
        most = max(votes.values())
        # A section above has its first task's lead too; of equals the one with more lines loses to the wider one.
        fitting = [kind for kind, count in votes.items() if count == most]
        return min(fitting, key=lambda kind: (abs(marks[kind] - most), _LEVEL[kind]))
    for kind in "CB":
        if marks[kind] >= 5:
            return kind
    return None


def _leads_ahead(lines: Sequence[str], kind: str) -> bool:
    """Whether a line of leads stands above the tasks it is for, instead of below the one."""
    for line in lines:
        mark = mark_of(fold(line))
        if mark is not None and mark.kind == kind:
            return False
        if mark is None and leads.own_line(line) is not None:
            return True
    return False


def _is_heading(folded: str) -> bool:
    text = re.sub(r"\s", "", folded)
    return len(text) <= 24 and not re.search(r"[。;,]", text)


def _sections(lines: Sequence[str]) -> tuple[list[Found], list[tuple[str, int | None]]]:
    """The tasks told in sections, and the categories above them."""
    lines = unmarked(lines)
    kind = _task_kind(lines)
    if kind is None:
        return [], []
    tasks: list[Found] = []
    categories: list[tuple[str, int | None]] = []
    category: tuple[str, int | None] = ("", None)
    closed = False
    measuring = False
    standing: leads.Names | None = None
    ahead = _leads_ahead(lines, kind)
    for line in lines:
        folded = fold(line)
        mark = mark_of(folded)
        if ahead and mark is None and (names := leads.own_line(line)) is not None:
            standing = names
            continue
        if mark is not None and _LEVEL[mark.kind] < _LEVEL[kind] and _is_heading(folded):
            name, count = category_name(line)
            closed = SECTION.match(name) is not None and CLOSING.search(name) is not None
            if SECTION.match(name):
                category = ("", None)
            else:
                category = (name, count)
                categories.append(category)
            measuring = False
            if closed and tasks:
                continue
            closed = False
            continue
        if closed and mark is None:
            continue
        if mark is not None and mark.kind == kind and not (measuring and kind in "DE"):
            if closed:
                continue
            text, names = leads.split_heading(line[mark.end :])
            names = names or standing
            tasks.append(
                Found(
                    mark=str(mark.number),
                    category=category[0],
                    declared=category[1],
                    target=text.strip(),
                    lead=names.lead if names else (),
                    support=names.support if names else (),
                    measures=[],
                )
            )
            measuring = False
            continue
        if tasks and not closed:
            measuring = _inside(tasks[-1], line, folded, measuring)
    return tasks, categories


def _inside(task: Found, line: str, folded: str, measuring: bool) -> bool:
    """A line below a task's heading; whether what follows are measures."""
    names = leads.own_line(line)
    if names is not None:
        if task.lead and not names.support:
            task.support = task.support or names.lead
        else:
            task.lead, task.support = task.lead or names.lead, task.support or names.support
        return measuring
    helping = leads.support_line(line)
    if helping is not None:
        task.support = helping
        return measuring
    due = DUE.match(folded)
    if due:
        task.due = line[due.end() :].strip()
        return measuring
    label = TARGET.match(folded)
    if label:
        task.title, task.target = squeezed(task.target.strip("。")), line[label.end() :].strip()
        return False
    label = LABEL.match(folded)
    if label:
        rest = line[label.end() :].strip()
        if rest:
            task.measures.append(rest)
        return True
    text, named = leads.split_heading(line)
    if named is not None and not task.lead:
        task.lead, task.support = named.lead, named.support
        line, folded = text, fold(text)
        if not line.strip():
            return measuring
    mark = mark_of(folded)
    if mark is not None and mark.kind in "BCDE":
        task.measures.append(line[mark.end :].strip())
        return True
    if measuring:
        task.unnumbered = True
        task.measures.append(line.strip())
        return True
    if not task.target or (
        len(fold(task.target)) <= 24
        and not re.search(r"\d", fold(task.target))
        and not task.measures
        and not task.title
    ):
        task.title, task.target = squeezed(task.target.strip("。")), line.strip()
        return False
    task.measures.append(line.strip())
    task.unnumbered = True
    return measuring


# -- joining -------------------------------------------------------------------------------------------------------


def _plain(text: str) -> str:
    return re.sub(r"\W", "", fold(text))


def _joined(tables: list[Found], sections: list[Found]) -> list[Found]:
    """Table and sections tell the same tasks; each task is found in both by its words, then by its number."""
    if not tables or not sections:
        return tables or sections
    left = list(sections)
    for index, task in enumerate(tables):
        twin = next((item for item in left if _plain(item.target) == _plain(task.target)), None)
        if twin is None and len(tables) == len(sections):
            same = sections[index]
            twin = same if same in left and same.mark == task.mark else None
        if twin is None:
            twin = next(
                (
                    item
                    for item in left
                    if item.title and _plain(item.title) == _plain(task.title or task.target)
                ),
                None,
            )
        if twin is None:
            continue
        left.remove(twin)
        if _plain(twin.target) != _plain(task.target):
            task.other = twin.target
        task.other_lead = twin.lead
        task.support = task.support or twin.support
        task.measures = task.measures or twin.measures
        task.unnumbered = twin.unnumbered
        task.category = task.category or twin.category
        task.due = task.due or twin.due
    return tables

"""Taking filled workbooks back: each cell read, each problem named by its place, what stands entered.

Two kinds of workbook come back.  One with the office's own figures says what stands.  One of a village says that
village's part: the figure is the sum of what each village that the workbook names said last in this year, those of
earlier months carried on (沿用), and the entry keeps every part with the file it came from (`ProgressBody.parts`).
A file that was here before says nothing twice, even where something newer has come since.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from desktop_app.core.errors import KnownError
from desktop_app.core.figures.numbers import canonical, show
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import Number, Part
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator
from desktop_app.core.model.sheet import CellProblem, FileNote, PlannedRow, Reading, Spot
from desktop_app.core.operations import evidence
from desktop_app.core.operations.workbooks import figures, site_rows
from desktop_app.core.operations.workbooks.filled import Filled, Said, read_filled
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent

STAGE = "填报表"
"""What a source workbook is kept as: an attachment of the unit, which proves nothing by itself."""


def take_in(
    workspace: Workspace,
    files: Sequence[Path],
    *,
    dry: bool,
    reasons: Mapping[str, str] | None = None,
    progress: Progress = silent,
) -> tuple[Reading, Changes]:
    """Read filled workbooks and enter what can stand; with `dry` only say what would come of it.

    `reasons` by indicator answer a soft rule for all the files.  A file that cannot be read stops no other.
    """
    notes: list[FileNote] = []
    problems: list[CellProblem] = []
    filled: list[Filled] = []
    for number, path in enumerate(files):
        progress(number, len(files), path.name)
        try:
            one = read_filled(workspace, path)
        except KnownError as error:
            notes.append(FileNote(file=path.name, state="refused", text=error.what))
            problems.append(
                CellProblem(spot=Spot(file=path.name), text=error.what, next_step=error.next_step)
            )
            continue
        if any(one.sha256 == other.sha256 for other in filled):
            notes.append(_note(one, "known", _("与前面的一份完全相同。")))
            continue
        filled.append(one)
        problems += one.problems
    progress(len(files), len(files))
    reading, changes = _enter(workspace, filled, reasons or {}, dry=dry)
    return Reading(files=tuple(notes), problems=tuple(problems)) + reading, changes


def _enter(
    workspace: Workspace, filled: Sequence[Filled], reasons: Mapping[str, str], *, dry: bool
) -> tuple[Reading, Changes]:
    rows: list[PlannedRow] = []
    problems: list[CellProblem] = []
    notes: list[str] = []
    known = {one.sha256 for one in filled if is_kept(workspace, one.sha256)}
    used: set[str] = set()
    entered, changes = 0, Changes()
    with workspace.store.transaction():
        for period in sorted({one.period for one in filled}, key=lambda period: period.order):
            here = [one for one in filled if one.period == period]
            wishes = _own(workspace, here, known, reasons, problems)
            sums = _sums(workspace, period, here, known, reasons, problems, notes)
            wishes = _one_way(wishes, sums, problems)
            settled = figures.settle(workspace, period, wishes, dry=dry)
            rows += settled.rows
            problems += settled.problems
            changes += settled.changes
            entered += settled.changes.entries
            used |= settled.sources
        for is_known in (False, True):
            found = [row for one in filled if (one.sha256 in known) == is_known for row in one.sites]
            sites = site_rows.settle(workspace, found, known=is_known)
            rows += sites.rows
            problems += sites.problems
            used |= sites.sources
            if not dry and sites.said:
                said = site_rows.enter(workspace, sites)
                changes += said
                entered += said.entries
    if not dry:
        for one in filled:
            if one.sha256 in used and one.sha256 not in known:
                changes += keep(workspace, one.path, caption=_caption(one), personal=one.personal)
    files = tuple(
        _note(one, "known", _("以前收过，没有新内容。"))
        if one.sha256 in known and one.sha256 not in used
        else _note(one, "read")
        for one in filled
    )
    return (
        Reading(files=files, rows=tuple(rows), problems=tuple(problems), notes=tuple(notes), entered=entered),
        changes,
    )


def _note(one: Filled, state: Any, text: str = "") -> FileNote:
    return FileNote(
        file=one.path.name, state=state, text=text, place=one.place, filled_by=one.person, sha256=one.sha256
    )


def _caption(one: Filled) -> str:
    words = (one.period.chinese_label, one.place, STAGE, f"填表人 {one.person}" if one.person else "")
    return " ".join(word for word in words if word)


# -- keeping the source --------------------------------------------------------------------------------------------


def is_kept(workspace: Workspace, sha256: str) -> bool:
    """Whether these bytes were kept as a source before."""
    return any(
        head.body.sha256 == sha256 or head.body.original == sha256
        for head in workspace.store.ledger.evidence_about(f"unit/{workspace.unit_code}")
    )


def keep(workspace: Workspace, path: Path, *, caption: str, personal: bool) -> Changes:
    """Keep a source workbook: an attachment of the unit that proves no figure and no site, and is withheld upward
    and encrypted where personal numbers stand in it."""
    return evidence.attach(
        workspace,
        [path],
        [f"unit/{workspace.unit_code}"],
        caption=caption,
        stage=STAGE,
        personal=personal,
    )


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


# -- figures -------------------------------------------------------------------------------------------------------


def _own(
    workspace: Workspace,
    filled: Sequence[Filled],
    known: set[str],
    reasons: Mapping[str, str],
    problems: list[CellProblem],
) -> list[figures.Wish]:
    """The office's own figures: one wish an indicator; two files that differ are named, and neither is taken."""
    said: dict[str, list[tuple[Filled, Said]]] = {}
    for one in filled:
        if one.identity.mode == "own":
            for item in one.figures:
                if one.sha256 not in known or not _said_before(workspace, one, item):
                    said.setdefault(item.indicator.id, []).append((one, item))
    wishes = []
    for ident, items in said.items():
        if _differ(items):
            problems += _contradictions(items)
            continue
        one, item = items[0]
        wishes.append(
            figures.Wish(
                indicator=item.indicator,
                area=item.area,
                value=item.value,
                of=item.of,
                spot=item.spot,
                note=item.note,
                reason=item.reason or reasons.get(ident, ""),
                source=one.sha256,
            )
        )
    return wishes


def _one_way(
    own: list[figures.Wish], sums: list[figures.Wish], problems: list[CellProblem]
) -> list[figures.Wish]:
    """What comes both as a whole and as parts is taken neither way."""
    both = {wish.indicator.id for wish in own} & {wish.indicator.id for wish in sums}
    for wish in (*own, *sums):
        if wish.indicator.id in both:
            problems.append(
                CellProblem(
                    spot=wish.spot,
                    text=_("{name}：既有本单位的总数，又有各村的分数。").format(
                        name=f"{wish.indicator.id} {wish.indicator.name}"
                    ),
                    next_step=_("请只收一种：要么收本单位填的，要么收各村填的。"),
                    indicator=wish.indicator.id,
                )
            )
    return [wish for wish in (*own, *sums) if wish.indicator.id not in both]


def _differ(items: Sequence[tuple[Filled, Said]]) -> bool:
    return len({(item.value, item.of) for _one, item in items}) > 1


def _contradictions(items: Sequence[tuple[Filled, Said]]) -> list[CellProblem]:
    return [
        CellProblem(
            spot=item.spot,
            text=_("{name}：{place}有两份表填得不一样，这里是 {value}。").format(
                name=f"{item.indicator.id} {item.indicator.name}",
                place=one.place or one.identity.unit_name,
                value=_value_words(item.value, item.of),
            ),
            next_step=_("请问清哪一份对，只收回那一份。"),
            indicator=item.indicator.id,
        )
        for one, item in items
    ]


def _value_words(value: Number, of: Number | None) -> str:
    return f"{value} / {of}" if of is not None else str(value)


def _said_before(workspace: Workspace, one: Filled, item: Said) -> bool:
    """Whether a file that was here before has said this of the period already."""
    subject = subjects.progress(item.area, workspace.plan.id, item.indicator.id, one.period.key)
    if workspace.store.ledger.head(subject) is None:
        return False
    for step in workspace.store.ledger.history(subject):
        parts = getattr(step.body, "parts", {})
        if one.place and one.place in parts:
            if parts[one.place].source == one.sha256 and not parts[one.place].period:
                return True
        elif not one.place and getattr(step.body, "source", "") == one.sha256:
            return True
    return False


def _sums(
    workspace: Workspace,
    period: Period,
    filled: Sequence[Filled],
    known: set[str],
    reasons: Mapping[str, str],
    problems: list[CellProblem],
    notes: list[str],
) -> list[figures.Wish]:
    """Villages' parts: one wish an indicator, the sum of what every village named has said last."""
    said: dict[str, dict[str, list[tuple[Filled, Said]]]] = {}
    places: dict[str, dict[str, None]] = {}
    for one in filled:
        if one.identity.mode != "parts":
            continue
        for item in one.figures:
            ident = item.indicator.id
            places.setdefault(ident, {}).update(dict.fromkeys(one.identity.places))
            if one.sha256 not in known or not _said_before(workspace, one, item):
                said.setdefault(ident, {}).setdefault(one.place, []).append((one, item))
    wishes = []
    for ident, by_place in said.items():
        names = list(places[ident])
        indicator, area = _first(by_place)
        before = figures.parts_before(workspace, indicator, area, period, names)
        parts = dict(before)
        spot: Spot | None = None
        words = []
        for place, items in by_place.items():
            one, item = items[0]
            if _differ(items):
                problems += _contradictions(items)
                continue
            falls = _falls(item, before.get(place))
            if falls and not item.reason and ident not in reasons:
                problems.append(falls)
                continue
            parts[place] = Part(value=item.value, of=item.of, source=one.sha256)
            spot = spot or item.spot
            if item.reason:
                words.append(_("{place}：{text}").format(place=place, text=item.reason))
        if spot is None:
            continue
        wish, note = _sum(indicator, area, names, parts, spot, "；".join(words) or reasons.get(ident, ""))
        wishes.append(wish)
        notes += note
    return wishes


def _first(by_place: Mapping[str, Sequence[tuple[Filled, Said]]]) -> tuple[Indicator, str]:
    item = next(iter(by_place.values()))[0][1]
    return item.indicator, item.area


def _falls(item: Said, before: Part | None) -> CellProblem | None:
    """A village's running total below what it said in an earlier month."""
    if before is None or not before.period or not item.indicator.flow or item.indicator.measure != "count":
        return None
    less = Fraction(before.value) - Fraction(item.value)
    if less <= 0:
        return None
    return CellProblem(
        spot=item.spot,
        text=_("{name}：年初累计比上次（{period}）少 {less}。").format(
            name=f"{item.indicator.id} {item.indicator.name}",
            period=before.period,
            less=show(less, item.indicator.decimals),
        ),
        next_step=_("若填成了本月新增，请改填累计数；确是更正的，在“原因”里写明。"),
        soft=True,
        indicator=item.indicator.id,
    )


def _sum(
    indicator: Indicator, area: str, names: Sequence[str], parts: Mapping[str, Part], spot: Spot, reason: str
) -> tuple[figures.Wish, list[str]]:
    ordered = {name: parts[name] for name in names if name in parts}
    value = canonical(sum(Fraction(part.value) for part in ordered.values()))
    of = None
    if indicator.measure == "rate":
        of = canonical(sum(Fraction(part.of) for part in ordered.values() if part.of is not None))
    carried = [f"{name}沿用{part.period}" for name, part in ordered.items() if part.period]
    absent = [name for name in names if name not in parts]
    note = f"{len(ordered)} 个村（社区）填报表之和"
    if carried:
        note += "；" + "、".join(carried)
    if absent:
        note += f"；{len(absent)} 个村没有报过"
    told = []
    if absent:
        told.append(
            _("{name}：还有 {count} 个村没有交：{places}。合计里没有它们。").format(
                name=f"{indicator.id} {indicator.name}",
                count=len(absent),
                places="、".join(absent[:10]) + ("…" if len(absent) > 10 else ""),
            )
        )
    detail = "、".join(
        f"{name} {_value_words(part.value, part.of)}" + (f"（沿用{part.period}）" if part.period else "")
        for name, part in ordered.items()
    )
    wish = figures.Wish(
        indicator=indicator,
        area=area,
        value=value,
        of=of,
        spot=spot,
        note=note,
        reason=reason,
        parts=ordered,
        detail=detail,
    )
    return wish, told


__all__ = ["STAGE", "hash_of", "is_kept", "keep", "take_in"]

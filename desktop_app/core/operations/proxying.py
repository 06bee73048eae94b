"""代录: what a unit handed over on paper or in a plain workbook, entered for it by a unit above.

The source file is kept first, as evidence about the unit's submission; every figure names it.  Figures show as 代录
until the unit's own package says them: the unit's own word then takes the place of what was entered for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import SubmissionBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView
from desktop_app.core.operations import evidence, reading, recording, reviewing, stamping
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.digest import check_code
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.store import Said

STAGE = "代录原件"


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A source file that is kept: its evidence subject, hash and name."""

    subject: str
    sha256: str
    name: str
    added: str


class ProxyUnit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit below, as the 代录 page lists it: `state` is own (its package is here), proxy (entered for it and
    said to be complete), confirmed (and confirmed by it on stamped paper), begun, or none."""

    unit: str
    unit_name: str
    state: str
    entered: int
    due: int


def _check_below(workspace: Workspace, unit: str) -> None:
    workspace.known_unit(unit)
    if not workspace.organisation.is_above(workspace.unit_code, unit):
        raise InputError(
            _("{name}不是本单位的下级，不能代录。").format(name=workspace.organisation.name(unit)),
            next_step=_("请选择本单位的下级。"),
        )


def units(workspace: Workspace, period: Period) -> list[ProxyUnit]:
    """Reporting units below, those whose figures are missing first."""
    situation = Situation(workspace, period)
    found = []
    for unit in reviewing.reporting_units(workspace):
        head = workspace.store.ledger.head(subjects.submission(unit.code, period.key))
        views = items(workspace, unit.code, period, situation)
        typed = [view for view in views if view.basis == "typed" and view.due]
        entered = sum(view.proxy for view in views)
        if head is not None:
            state = "proxy" if head.body.proxy and head.body.source else "own"
            if state == "proxy" and stamping.stamp_state(workspace, unit.code, period.key) == "received":
                state = "confirmed"
        else:
            state = "begun" if entered else "none"
        found.append(
            ProxyUnit(unit=unit.code, unit_name=unit.name, state=state, entered=entered, due=len(typed))
        )
    order = ("begun", "none", "proxy", "confirmed", "own")
    return sorted(found, key=lambda row: (order.index(row.state), row.unit))


def items(
    workspace: Workspace, unit: str, period: Period, situation: Situation | None = None
) -> list[IndicatorView]:
    """What a unit reports, in the plan's order."""
    situation = situation or Situation(workspace, period)
    return [view for _subject, view in reviewing.reported_items(workspace, situation, unit)]


def empty_cells(views: Sequence[IndicatorView]) -> tuple[int, list[IndicatorView]]:
    """How many cells a unit's paper has, and those that nothing was typed into: they keep its last figure, if any."""
    cells = [view for view in views if view.due and view.basis == "typed"]
    return len(cells), [view for view in cells if view.figure.value is None or view.figure.carried]


def sources(workspace: Workspace, unit: str, period: Period) -> list[Source]:
    """The source files kept for a unit's period, the latest first."""
    about = subjects.submission(unit, period.key)
    heads = [head for head in workspace.store.ledger.evidence_about(about) if head.body.stage == STAGE]
    found = [
        Source(subject=head.subject, sha256=head.body.sha256, name=head.body.name, added=head.at)
        for head in heads
    ]
    return sorted(found, key=lambda source: source.added, reverse=True)


def keep_source(
    workspace: Workspace, unit: str, period: Period, files: Sequence[Path], progress: Progress = silent
) -> Changes:
    """Keep the paper's scan or the plain workbook before anything is typed from it."""
    _check_below(workspace, unit)
    return evidence.attach(
        workspace,
        files,
        [subjects.submission(unit, period.key)],
        caption=_("{name}{period}代录原件").format(
            name=workspace.organisation.name(unit), period=period.chinese_label
        ),
        stage=STAGE,
        progress=progress,
    )


def record(
    workspace: Workspace,
    unit: str,
    indicator: str,
    value: str,
    *,
    period: Period,
    area: str,
    source: str,
    of: str | None = None,
    note: str = "",
    reason: str = "",
    same: bool = False,
) -> Changes:
    """One figure for a unit below.  RuleError without a source that is kept."""
    _check_below(workspace, unit)
    if source not in {kept.sha256 for kept in sources(workspace, unit, period)}:
        raise RuleError(
            _("代录要先放原件。"),
            meaning=_("没有保存。"),
            next_step=_("请先选择纸质表的扫描件、照片，或对方发来的普通表格，再录入。"),
        )
    return recording.record(
        workspace,
        indicator,
        value,
        period=period,
        of=of,
        area=area,
        note=note,
        reason=reason,
        same=same,
        source=source,
    )


def finish(workspace: Workspace, unit: str, period: Period, responsible: str = "") -> Changes:
    """Say that everything on the paper has been entered: the unit counts as received, by 代录."""
    _check_below(workspace, unit)
    ledger = workspace.store.ledger
    kept = sources(workspace, unit, period)
    heads = [
        head
        for subject, _indicator, _area in reviewing.reported(workspace, Situation(workspace, period), unit)
        if (head := ledger.head(subject)) is not None and head.body.proxy
    ]
    if not kept or not heads:
        raise RuleError(
            _("还没有录入什么。"), meaning=_("没有保存。"), next_step=_("请先放原件，再照着录入。")
        )
    subject = subjects.submission(unit, period.key)
    present = ledger.head(subject)
    if present is not None and not present.body.proxy:
        raise RuleError(
            _("{name}已经自己报了这个月。").format(name=workspace.organisation.name(unit)),
            meaning=_("没有保存。"),
            next_step=_("以它自己报的为准；有疑问请在“审核”里退回。"),
        )
    code = check_code(unit, period.key, [head.id for head in heads])
    if present is not None and present.body.digest == code:
        return Changes()
    body = SubmissionBody(
        digest=code,
        count=len(heads),
        filled=workspace.operator,
        responsible=responsible,
        proxy=True,
        source=kept[0].sha256,
    )
    return workspace.say([Said(kind="submission", subject=subject, body=body, operator=workspace.operator)])[
        0
    ]


def confirm(
    workspace: Workspace, unit: str, period: Period, files: Sequence[Path], progress: Progress = silent
) -> Changes:
    """The unit has confirmed on paper what was entered for it: the stamped sheet is kept, with the 校验码 of exactly
    these figures.  A figure changed afterwards voids it."""
    _check_below(workspace, unit)
    subject = subjects.submission(unit, period.key)
    head = workspace.store.ledger.head(subject)
    if head is None or not head.body.proxy:
        raise RuleError(
            _("{name}的这个月不是代录的。").format(name=workspace.organisation.name(unit)),
            meaning=_("没有保存。"),
            next_step=_("请先录完并记为代录，再打印给对方盖章确认。"),
        )
    return evidence.attach(
        workspace,
        files,
        [subject],
        caption=_("{name}{period}代录确认").format(
            name=workspace.organisation.name(unit), period=period.chinese_label
        ),
        stage=stamping.STAGE,
        code=head.body.digest,
        progress=progress,
    )


def open_source(workspace: Workspace, sha256: str, folder: Path) -> Path | None:
    """A copy of a source file under its own name, to look at; None while it is not here."""
    content = evidence.read_bytes(workspace, sha256)
    view = next((item for item in reading.evidence(workspace) if item.sha256 == sha256), None)
    if content is None or view is None:
        return None
    from desktop_app.core.operations.quarantine import safe_name

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / safe_name(view.name)
    path.write_bytes(content)
    return path

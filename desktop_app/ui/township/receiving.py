"""What the unit above sends back, taken in at a desk that reports: receipts, returns with remarks, new shares."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import InboxView
from desktop_app.ui import errors, jobs, places
from desktop_app.ui.session import Session
from desktop_app.ui.township.returned import months_of
from desktop_app.ui.verbs.county import Judgement


def unit_above(session: Session) -> str:
    """The short name of who sends replies here; "" for a desk with nobody above."""
    units = session.desk.units()
    own = units.get(session.desk.unit)
    above = units.get(own.parent) if own is not None else None
    return above.name if above is not None else ""


def choose(session: Session, parent: QWidget, strip: Any = None) -> jobs.Job | None:
    """Ask for the files and take them in."""
    chosen = places.choose_files(
        parent, "received", _("选择上级发来的文件"), _("上级发来的文件 (*.xlsx);;所有文件 (*)")
    )
    return take_in(session, chosen, strip) if chosen else None


def take_in(session: Session, files: list[Path], strip: Any = None) -> jobs.Job:
    """Merge the files; what cannot be trusted, or is written for another unit, is explained instead of taken."""

    before = len(session.desk.forks())
    others = session.desk.for_others(files)
    if others:
        files = [file for file in files if file not in [other for other, _name in others]]
        QTimer.singleShot(0, session, lambda: _not_ours(others))

    def done(result: tuple[list[InboxView], Changes]) -> None:
        rows, changes = result
        bad = [row for row in rows if row.quarantined or row.state == "invalid"]
        good = [row for row in rows if row not in bad]
        differing = max(len(session.desk.forks()) - before, 0)
        words = _said(good, differing, session.desk.judged_in(changes.subjects)) if good else ""
        if differing:
            words += _("；有 {count} 处两边填得不一样，请到“不一致”里定").format(count=differing)
        session.write(changes, words)
        # What came back stands in the month it is about, whatever month the file is named after.
        months = _returned_in(session, changes) or {row.period for row in good if row.period}
        wanted = [period for period in session.desk.periods() if period.key in months]
        if wanted and session.period not in wanted:
            session.show_period(wanted[0])
        if bad:
            # The strip goes first: a dialog over a bar that seems to run on would frighten.
            QTimer.singleShot(0, session, lambda: _explain(bad))

    return jobs.start(
        lambda desk, progress: desk.merge(files, progress),
        desk=session.desk,
        finished=done,
        strip=strip,
        words=_("正在核对 {count} 份…").format(count=len(files)),
    )


def _returned_in(session: Session, changes: Changes) -> set[str]:
    """The months of which a figure came back with this very file."""
    judged = {subject.rsplit("/", 1)[-1] for subject in changes.subjects if "/progress/" in subject}
    months = set()
    for period in session.desk.periods():
        if period.key in judged:
            views = [
                v for task in session.desk.tasks(period) for v in task.indicators if v.mine and v.returned
            ]
            months |= {view.key for view in months_of(session, views, period).values()}
    return months & judged


def _not_ours(others: Sequence[tuple[Path, str]]) -> None:
    lines = _("；").join(_("“{file}”是给{unit}的").format(file=file.name, unit=name) for file, name in others)
    errors.show(
        KnownError(
            lines,
            meaning=_("没有收，本单位的数没有动。"),
            next_step=_("请选文件名里有本单位名字的那一份；拿不准就问发文件的人。"),
        )
    )


def _explain(rows: list[InboxView]) -> None:
    for row in rows:
        errors.show(
            KnownError(
                _("“{file}”没有收").format(file=row.file),
                meaning=_("本单位的数没有动，别的文件不受影响。"),
                next_step=row.reason,
            )
        )


def _said(rows: list[InboxView], differing: int, judged: Judgement) -> str:
    # What differs from ours is as new as anything else in the file.
    new = sum(row.new for row in rows) + differing
    if not new:
        return _("这些文件以前收过了，没有新的意见")
    taken = _("收了 {count} 份，新增 {new} 条").format(count=len(rows), new=new)
    if not judged.said:
        return _("{taken}，没有审核意见").format(taken=taken)
    if not (judged.returned or judged.approved):
        return _("{taken}：全部接受，{count} 项").format(taken=taken, count=judged.accepted)
    parts = (
        (judged.returned, _("退回 {count} 项")),
        (judged.approved, _("核定 {count} 项")),
        (judged.accepted, _("接受 {count} 项")),
    )
    return _("{taken}：{verdicts}，意见在对应的格旁边").format(
        taken=taken, verdicts="、".join(words.format(count=count) for count, words in parts if count)
    )

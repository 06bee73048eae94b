"""One unit's open ledger as the screens see it: every verb in one place, each a few lines over an operation.

Pages know this through a protocol (`ui/session.py`) and tests put a static one in its place.  It adds what only a
sitting has: the situation remembered between writes, undo and redo.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import canonical, read_number
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Organisation
from desktop_app.core.model.view import (
    BoardView,
    EvidenceView,
    HistoryView,
    InboxView,
    IssueView,
    MissingView,
    Overview,
    PointView,
    ProblemView,
    ReviewItemView,
    ReviewUnitView,
    SiteView,
    TaskView,
)
from desktop_app.core.operations.desk_city import CityDesk
from desktop_app.core.operations.desk_county import CountyDesk
from desktop_app.core.operations.desk_office import OfficeDesk
from desktop_app.core.operations.desk_papers import PapersDesk
from desktop_app.core.operations.desk_records import RecordsDesk
from desktop_app.core.operations.desk_trust import TrustDesk
from desktop_app.core.operations.situation import Situation
from desktop_app.core.operations.undoing import Undoable, UndoStack
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent

if TYPE_CHECKING:
    from desktop_app.core.operations import (
        addressing,
        assigning,
        boarding,
        calendar,
        care,
        chasing,
        checking,
        division,
        downward,
        evidence,
        exporting,
        forking,
        inbox,
        keyring,
        merging,
        month_due,
        problems,
        reading,
        recording,
        retracting,
        reviewing,
        sideways,
        site_list,
        site_writing,
    )
else:
    later(
        globals(), "desktop_app.core.operations",
        "addressing assigning boarding calendar care chasing checking division downward evidence exporting forking "
        "inbox keyring merging month_due problems reading recording retracting reviewing sideways site_list "
        "site_writing",
    )  # fmt: skip


class Share(msgspec.Struct, frozen=True, kw_only=True):
    area: str
    area_name: str
    value: str
    document: str


class Desk(TrustDesk, OfficeDesk, CountyDesk, CityDesk, PapersDesk, RecordsDesk):
    """A workspace with a person in front of it."""

    def __init__(self, workspace: Workspace, *, owner: bool = True) -> None:
        self.workspace = workspace
        self._owner = owner
        self._situations: dict[str, Situation] = {}
        self._undo = UndoStack()

    # -- the frame ---------------------------------------------------------------------------------------------------

    @property
    def unit(self) -> str:
        return self.workspace.unit_code

    @property
    def plan(self) -> str:
        plan = self.workspace.store.ledger.plan()
        return plan.id if plan else ""

    def today(self) -> date:
        return calendar.today(self.workspace)

    def overview(self, period: Period) -> Overview:
        return reading.overview(self.workspace, period)

    def periods(self) -> list[Period]:
        return month_due.first(self.workspace, reading.periods(self.workspace))

    def due(self, period: Period) -> date:
        return calendar.due(self.workspace, period)

    def units(self) -> Organisation:
        return self.workspace.organisation

    @contextlib.contextmanager
    def opened(self) -> Iterator[Desk]:
        """The same desk on a connection of its own, for a job's thread; the key opened here is lent to it."""
        other = Workspace.open(self.workspace.root, writing=False)
        other.borrow_key(self.workspace)
        other.store.ledger.year = self.workspace.store.ledger.year
        desk = Desk(other, owner=False)
        try:
            yield desk
        finally:
            other.close()
            self.last_merge = desk.last_merge or self.last_merge
            self.refresh()

    def refresh(self) -> None:
        """Forget what was computed; another connection may have written."""
        self._situations.clear()
        self.workspace.store.projector.forget()

    def close(self) -> None:
        if self._owner:
            self.workspace.close()

    def _situation(self, period: Period) -> Situation:
        if period.key not in self._situations:
            self._situations[period.key] = Situation(self.workspace, period)
        return self._situations[period.key]

    def _wrote(self, changes: Changes) -> Changes:
        self._situations.clear()
        return changes

    # -- figures -----------------------------------------------------------------------------------------------------

    def tasks(self, period: Period) -> list[TaskView]:
        return self._situation(period).tasks()

    def task(self, no: int, area: str, period: Period) -> TaskView | None:
        task = self.workspace.plan.task(no)
        return self._situation(period).task_view(task, area) if task else None

    def assigned(self) -> dict[int, str]:
        return assigning.assigned(self.workspace)

    def assign(self, tasks: Sequence[int], name: str) -> Changes:
        return self._wrote(assigning.assign(self.workspace, tasks, name))

    def line(self, indicator: str, area: str, period: Period | None = None) -> list[PointView]:
        situation = self._situation(period or self.workspace.latest_period())
        return situation.line(self.workspace.indicator(indicator), area)

    def history(self, subject: str) -> list[HistoryView]:
        return reading.history(self.workspace, subject)

    def record(
        self,
        indicator: str,
        value: str,
        *,
        period: Period,
        area: str,
        of: str | None = None,
        note: str = "",
        reason: str = "",
        same: bool = False,
    ) -> Changes:
        subject = subjects.progress(area, self.workspace.plan.id, indicator, period.key)
        before = self._undo.shown(self.workspace, subject)
        changes = recording.record(
            self.workspace,
            indicator,
            value,
            period=period,
            of=of,
            area=area,
            note=note,
            reason=reason,
            same=same,
        )
        self._undo.note(subject, before, self._undo.shown(self.workspace, subject))
        return self._wrote(changes)

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        with self._undo.together(), self.workspace.store.transaction():
            yield

    def undoable(self) -> Undoable:
        return self._undo.undoable(self.workspace)

    def undo(self) -> Changes:
        return self._wrote(self._undo.undo(self.workspace))

    def redo(self) -> Changes:
        return self._wrote(self._undo.redo(self.workspace))

    def milestone(self, milestone: str, area: str, *, done: str, note: str = "") -> Changes:
        return self._wrote(
            recording.finish_milestone(self.workspace, milestone, done=done, area=area, note=note)
        )

    # -- sites and problems ------------------------------------------------------------------------------------------

    def sites(self, indicator: str | None = None) -> list[SiteView]:
        return site_list.sites(self.workspace, indicator)

    def save_site(self, subject: str | None, fields: dict[str, Any]) -> Changes:
        return self._wrote(site_writing.save_site(self.workspace, subject, fields)[0])

    def problems(self) -> list[ProblemView]:
        return problems.problems(self.workspace)

    def save_problem(self, subject: str | None, fields: dict[str, Any]) -> Changes:
        return self._wrote(recording.save_problem(self.workspace, subject, fields)[0])

    # -- evidence ----------------------------------------------------------------------------------------------------

    def evidence(self, about: str | None = None) -> list[EvidenceView]:
        return reading.evidence(self.workspace, about)

    def evidence_for(self, subject: str) -> list[EvidenceView]:
        """What proves one area's figure: a reviewer must not see a neighbour's photos beside it."""
        words = subject.split("/")
        if words[0] != "progress" or len(words) != 5:
            return reading.evidence(self.workspace, subject)
        pieces = self._situation(Period.parse(words[4])).evidence_pieces(words[3], words[1])
        return [view for view in reading.evidence(self.workspace, words[3]) if view.subject in pieces]

    def gaps(self, period: Period) -> list[IssueView]:
        return checking.gaps(self.workspace, period, self._situation(period))

    def attach(
        self,
        files: Sequence[Path],
        about: Sequence[str],
        *,
        caption: str = "",
        stage: str = "",
        personal: bool = False,
        longest: int = 0,
        progress: Progress = silent,
    ) -> Changes:
        return self._wrote(
            evidence.attach(
                self.workspace,
                files,
                about,
                caption=caption,
                stage=stage,
                personal=personal,
                longest=longest,
                progress=progress,
            )
        )

    def describe(self, subject: str, fields: dict[str, Any]) -> Changes:
        return self._wrote(evidence.describe(self.workspace, subject, fields))

    def withdraw(self, subject: str, reason: str) -> Changes:
        if not subject.startswith("progress/"):
            return self._wrote(recording.withdraw(self.workspace, subject, reason))
        before = self._undo.shown(self.workspace, subject)
        changes = recording.clear_figure(self.workspace, subject, reason)
        self._undo.note(subject, before, None)
        return self._wrote(changes)

    def evidence_bytes(self, sha256: str) -> bytes | None:
        return evidence.read_bytes(self.workspace, sha256)

    # -- sending -----------------------------------------------------------------------------------------------------

    def check(self, period: Period) -> list[IssueView]:
        return checking.check(self.workspace, period, self._situation(period))

    def locked(self) -> bool:
        return self.workspace.locked

    def unlock(self, passphrase: str) -> None:
        self.workspace.unlock(passphrase)

    def lock(self) -> None:
        self.workspace.lock()

    def fingerprint(self) -> str:
        return keyring.report(self.workspace).root_spoken

    def export(
        self,
        period: Period,
        folder: Path,
        *,
        filled: str,
        checked: str,
        responsible: str,
        evidence: Literal["new", "all", "none"] = "new",
        personal: bool = False,
        max_size: int = 0,
        progress: Progress = silent,
    ) -> exporting.Exported:
        try:
            return exporting.export(
                self.workspace,
                period,
                folder,
                filled=filled,
                checked=checked,
                responsible=responsible,
                evidence=evidence,
                personal=personal,
                max_size=max_size,
                progress=progress,
            )
        finally:
            self._situations.clear()

    # -- receiving ---------------------------------------------------------------------------------------------------

    def inbox(self, period: Period) -> list[InboxView]:
        return inbox.inbox(self.workspace, period)

    def for_others(self, files: Sequence[Path]) -> list[tuple[Path, str]]:
        return addressing.for_others(self.workspace, files)

    def merge(
        self, files: Sequence[Path], progress: Progress = silent, *, foreign: bool = True
    ) -> tuple[list[InboxView], Changes]:
        results, changes = merging.merge(self.workspace, files, progress, foreign=foreign)
        self.last_merge = tuple(results) or self.last_merge
        self._situations.clear()
        if self.workspace.unit.level == "city":
            boarding.make_ready(self.workspace, progress)
        rows = [*inbox.outcome(self.workspace, results), *sideways.outcome(self.workspace, results)]
        # A quarantined or merged file changes the inbox even where it brought no entry.
        changes = Changes(
            kinds=changes.kinds | {"container"}, subjects=changes.subjects, entries=changes.entries
        )
        return rows, changes

    def retract(self, container: str, reason: str) -> Changes:
        return self._wrote(retracting.retract(self.workspace, container, reason))

    def missing(self, period: Period) -> list[MissingView]:
        return chasing.missing(self.workspace, period)

    def reminder(self, period: Period) -> str:
        return chasing.reminder(self.workspace, self.missing(period), period)

    def review_units(self, period: Period) -> list[ReviewUnitView]:
        return reviewing.review_units(self.workspace, period)

    def review_items(self, unit: str, period: Period) -> list[ReviewItemView]:
        return reviewing.review_items(self.workspace, unit, period)

    def review(
        self,
        subject: str,
        verdict: Literal["accept", "return", "set"],
        *,
        value: str | None = None,
        of: str | None = None,
        comment: str = "",
    ) -> Changes:
        return self._judged(
            reviewing.review(self.workspace, subject, verdict, value=value, of=of, comment=comment)
        )

    def _judged(self, changes: Changes) -> Changes:
        self._undo.note_verdicts(self.workspace, changes)
        return self._wrote(changes)

    def take_back(self, subject: str) -> Changes:
        """The verdict on a figure, before a file has carried it out."""
        return self._judged(reviewing.take_back(self.workspace, subject))

    def reply(
        self, folder: Path, units: Sequence[str] | None = None, progress: Progress = silent
    ) -> exporting.Exported:
        try:
            return downward.reply(self.workspace, folder, units, progress)
        finally:
            self._situations.clear()

    def forks(self) -> list[forking.Fork]:
        return forking.forks(self.workspace)

    def settle(
        self,
        subject: str,
        *,
        keep: str | None = None,
        value: str | None = None,
        of: str | None = None,
        reason: str,
    ) -> Changes:
        return self._wrote(
            forking.settle(self.workspace, subject, keep=keep, value=value, of=of, reason=reason)
        )

    # -- shares ------------------------------------------------------------------------------------------------------

    def shares(self, indicator: str) -> list[Share]:
        found = division.share_table(self.workspace, [indicator])
        plan = self.workspace.plan.id
        rows = []
        for area, name, value in found[0].parts if found else ():
            head = self.workspace.store.ledger.head(subjects.share(area, plan, indicator))
            rows.append(
                Share(
                    area=area,
                    area_name=name,
                    value="" if value is None else str(canonical(value)),
                    document=head.body.document if head else "",
                )
            )
        return rows

    def allocate(self, indicator: str, area: str, value: str, document: str = "") -> Changes:
        found = self.workspace.indicator(indicator)
        amount = (
            Fraction(read_number(value, unit=found.unit, decimals=found.decimals)) if value.strip() else None
        )
        return self._wrote(division.set_share(self.workspace, indicator, area, amount, document))

    def divide(self, indicator: str, method: Literal["equal", "proportional"]) -> Changes:
        """Equally, or in proportion to the shares that stand now."""
        base = None
        if method == "proportional":
            base = {
                area: value
                for row in division.share_table(self.workspace, [indicator])
                for area, _name, value in row.parts
                if value is not None
            }
            if not base:
                raise InputError(
                    _("还没有可作比例的基数。"),
                    next_step=_("请先在各地一栏填上基数（如人口、村数），再按比例分。"),
                )
        return self._wrote(division.divide(self.workspace, indicator, base=base))

    # -- the city ----------------------------------------------------------------------------------------------------

    def board(self, period: Period) -> BoardView:
        return self._situation(period).board()

    def backup(self, folder: Path, progress: Progress = silent) -> Path:
        return care.back_up_to(self.workspace, folder, progress)

"""The part of a desk that is about calendar and closing, entering for others, watching: each over an operation."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop_app.core.errors import InputError
from desktop_app.core.figures.numbers import canonical, read_number
from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Unit
from desktop_app.core.model.view import HistoryView, IndicatorView
from desktop_app.core.operations.division_changes import ShareChange, division_changes
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent

if TYPE_CHECKING:
    from desktop_app.core.operations import (
        answers_above,
        backing_up,
        calendar,
        care,
        changing,
        closing,
        correcting,
        dealings,
        division,
        downward,
        duties,
        exporting,
        inbox,
        mending,
        proxying,
        replying,
        reviewing,
        watching,
    )
else:
    later(
        globals(), "desktop_app.core.operations",
        "answers_above backing_up calendar care closing correcting dealings division downward duties exporting inbox "
        "mending proxying reading changing recording replying reviewing watching",
    )  # fmt: skip


class CountyDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError

    def _judged(self, changes: Changes) -> Changes:
        """The sitting's own: verdicts that may be undone."""
        raise NotImplementedError

    # -- calendar and closing ----------------------------------------------------------------------------------------

    def months(self) -> list[closing.PeriodState]:
        return closing.months(self.workspace)

    def extensions(self) -> list[calendar.Extension]:
        return calendar.extensions(self.workspace)

    def days_off(self) -> dict[str, bool]:
        """What this unit itself states: dates that are off (True) or worked (False)."""
        return calendar.stated_days_off(self.workspace, self.workspace.unit_code)

    def state_days_off(self, days: Mapping[str, bool]) -> Changes:
        return self._wrote(calendar.state_days_off(self.workspace, dict(days)))

    def day_rules(self) -> dict[str, int | None]:
        """cutoff_day, due_day, lock_day as they hold for the units below."""
        ruling = calendar.ruling_below(self.workspace)
        found = {
            name: calendar.rule(self.workspace, ruling, name)
            for name in ("cutoff_day", "due_day", "lock_day")
        }
        return found | {"due_day": calendar.DUE_DAY if found["due_day"] is None else found["due_day"]}

    def state_rule(self, name: str, value: str) -> Changes:
        """A day's number, or "" to take back what this unit stated."""
        if not value.strip():
            return self._wrote(calendar.state_no_rule(self.workspace, name))
        return self._wrote(division.set_setting(self.workspace, name, value))

    def extend(self, unit: str, period: Period, until: str, reason: str) -> Changes:
        last = date.fromisoformat(changing.checked_date(until, "")) if until.strip() else None
        return self._wrote(calendar.extend(self.workspace, unit, period, last, reason))

    def close_period(self, period: Period, *, note: str = "", reopen: bool = False) -> Changes:
        return self._wrote(closing.close(self.workspace, period, note=note, reopen=reopen))

    def closed(self, period: Period, unit: str = "") -> closing.Closed | None:
        """Whether a month is closed for a unit; without one, for this desk itself."""
        return closing.closed(self.workspace, period, unit or self.workspace.unit_code)

    # -- corrections -------------------------------------------------------------------------------------------------

    def corrections(self, period: Period | None = None) -> list[correcting.Correction]:
        return correcting.corrections(self.workspace, period)

    def correct(
        self,
        indicator: str,
        closed: Period,
        value: str,
        *,
        period: Period,
        reason: str,
        now: str = "",
        area: str | None = None,
    ) -> Changes:
        return self._wrote(
            correcting.correct(
                self.workspace, indicator, closed, value, period=period, reason=reason, now=now, area=area
            )
        )

    def save_corrections(self, period: Period | None, path: Path) -> Path:
        title = f"{self.workspace.unit.name}更正表" + (f"（{period.chinese_label}）" if period else "")
        return correcting.write_table(correcting.corrections(self.workspace, period), path, title)

    # -- 代录 --------------------------------------------------------------------------------------------------------

    def proxy_units(self, period: Period) -> list[proxying.ProxyUnit]:
        return proxying.units(self.workspace, period)

    def proxy_items(self, unit: str, period: Period) -> list[IndicatorView]:
        return proxying.items(self.workspace, unit, period)

    def proxy_sources(self, unit: str, period: Period) -> list[proxying.Source]:
        return proxying.sources(self.workspace, unit, period)

    def keep_source(
        self, unit: str, period: Period, files: Sequence[Path], progress: Progress = silent
    ) -> Changes:
        return self._wrote(proxying.keep_source(self.workspace, unit, period, files, progress))

    def record_for(
        self,
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
        return self._wrote(
            proxying.record(
                self.workspace,
                unit,
                indicator,
                value,
                period=period,
                area=area,
                source=source,
                of=of,
                note=note,
                reason=reason,
                same=same,
            )
        )

    def finish_proxy(self, unit: str, period: Period) -> Changes:
        return self._wrote(proxying.finish(self.workspace, unit, period))

    def confirm_proxy(
        self, unit: str, period: Period, files: Sequence[Path], progress: Progress = silent
    ) -> Changes:
        return self._wrote(proxying.confirm(self.workspace, unit, period, files, progress))

    def open_source(self, sha256: str, folder: Path) -> Path | None:
        return proxying.open_source(self.workspace, sha256, folder)

    # -- reviewing and receiving -------------------------------------------------------------------------------------

    def dealings(self, subject: str) -> list[HistoryView]:
        """What both sides said about a figure: its history with the verdicts on it, the newest first."""
        return dealings.dealings(self.workspace, subject)

    def accept_passing(self, unit: str, period: Period) -> Changes:
        return self._judged(reviewing.accept_passing(self.workspace, unit, period))

    def look(self, places: Sequence[Path], seen: frozenset[watching.Seen]) -> watching.Found:
        """What is new in the watched places; reads folders only."""
        return watching.look(places, seen, time.time())

    def sticks(self) -> list[Path]:
        return watching.sticks()

    def exchange(self, folder: Path, progress: Progress = silent) -> exporting.Exported:
        """A package for another computer of this very unit."""
        return exporting.exchange(self.workspace, folder, progress)

    def review_unit(
        self, unit: str, period: Period, verdict: Literal["accept", "return"], comment: str = ""
    ) -> Changes:
        """Accept what waits and passes in a submission, or return all of it."""
        return self._judged(reviewing.review_unit(self.workspace, unit, period, verdict, comment))

    def put_away(self, container: str, away: bool) -> Changes:
        """Note that a row of the inbox needs no reminding any more (or does again); nothing is deleted."""
        return self._wrote(inbox.put(self.workspace, container, away))

    def unanswered(self) -> list[str]:
        """Codes of the units for which a reply would hold something new."""
        return downward.unanswered(self.workspace)

    def reply_news(self) -> list[replying.ReplyNews]:
        """What a file for each unit below would hold that is new, the units with something new first."""
        return replying.reply_news(self.workspace)

    def answer_units(
        self, folder: Path, units: Sequence[str], progress: Progress = silent
    ) -> exporting.Exported:
        """A signed file for each of these: what is new; everything again where nothing is."""
        try:
            return downward.reply(self.workspace, folder, units, progress, only_new=True)
        finally:
            self._wrote(Changes())

    def judged_above(self, period: Period) -> answers_above.Judgement:
        """What the units above have said of this desk's figures of a month."""
        return answers_above.of_month(self.workspace, period)

    def judged_in(self, subjects: Sequence[str]) -> answers_above.Judgement:
        """What those of these subjects say that are verdicts of others on figures."""
        return answers_above.in_subjects(self.workspace, subjects)

    # -- shares and duties -------------------------------------------------------------------------------------------

    def allocate_many(
        self, indicator: str, values: Mapping[str, str], *, document: str = "", effective: str | None = None
    ) -> Changes:
        """Shares of several areas at once, all or none; "" takes a share away."""
        found = self.workspace.indicator(indicator)
        amounts = {
            area: Fraction(read_number(value, unit=found.unit, decimals=found.decimals))
            if value.strip()
            else None
            for area, value in values.items()
        }
        since = None if effective is None else changing.checked_date(effective, "")
        return self._wrote(division.set_shares(self.workspace, indicator, amounts, document, since))

    def split(self, indicator: str, base: Mapping[str, str] | None) -> dict[str, str]:
        """What dividing would give each area, to be looked at before it is said: equally without `base`, in
        proportion to the numbers in it, or, where it is empty, to the shares that stand now."""
        weights = None
        if base is not None:
            weights = {
                area: Fraction(value.replace(",", "")) for area, value in base.items() if value.strip()
            }
            if not weights:
                shares = division.share_table(self.workspace, [indicator])[0].parts
                weights = {area: value for area, _name, value in shares if value is not None}
            if not any(weights.values()):
                raise InputError(
                    _("还没有可作比例的基数。"),
                    next_step=_("请先在各地一栏填上基数（如人口、村数），再按比例分。"),
                )
        found = division.parts(self.workspace, indicator, weights)
        return {area: str(canonical(value)) for area, value in found.items()}

    def divide_by(
        self, indicator: str, base: Mapping[str, str], *, document: str = "", effective: str | None = None
    ) -> Changes:
        """In proportion to numbers typed or pasted; equally where there are none."""
        weights = {area: Fraction(value.replace(",", "")) for area, value in base.items() if value.strip()}
        since = None if effective is None else changing.checked_date(effective, "")
        return self._wrote(
            division.divide(
                self.workspace, indicator, base=weights or None, document=document, effective=since
            )
        )

    def division_changes(self, indicator: str) -> list[ShareChange]:
        """Every change of this indicator's division and of who reports it, the newest first."""
        return division_changes(self.workspace, indicator)

    def duties(self, indicator: str) -> list[duties.DutyView]:
        return duties.duty_views(self.workspace, indicator)

    def possible_reporters(self, area: str) -> list[Unit]:
        return duties.possible_reporters(self.workspace, area)

    def assign_reporter(
        self,
        indicator: str,
        area: str,
        *,
        reporter: str | None,
        each: bool = False,
        since: str = "",
        document: str = "",
    ) -> Changes:
        return self._wrote(
            duties.assign(
                self.workspace,
                indicator,
                area,
                reporter=reporter,
                each=each,
                since=since,
                document=document,
            )
        )

    # -- care --------------------------------------------------------------------------------------------------------

    def backup_state(self) -> backing_up.BackupState:
        return backing_up.state(self.workspace)

    def choose_backup(self, folder: Path | None) -> None:
        backing_up.choose(self.workspace, folder)

    def back_up_daily(self, progress: Progress = silent, *, force: bool = False) -> Path | None:
        return backing_up.back_up_daily(self.workspace, progress, force=force)

    def doctor(self, progress: Progress = silent) -> care.Diagnosis:
        return care.doctor(self.workspace, progress)

    def mend(self, progress: Progress = silent) -> mending.Mended:
        found = mending.mend(self.workspace, progress)
        self._wrote(Changes())
        return found

"""The grid of 代录: the entry grid for another unit's figures, each written with the source file it came from."""

from __future__ import annotations

from typing import Any, NamedTuple, cast

from desktop_app.core.errors import RuleError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import InboxView, IndicatorView
from desktop_app.ui import theme
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.township.entry_model import EntryModel


class Offered(NamedTuple):
    """A file that came in and is no package: it may be the source of what is entered for a unit."""

    row: InboxView


class ForUnit:
    """The desk as the entry grid sees it while one enters for a unit: the same, but a figure is written for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.for_unit = ""
        self.source = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)

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
        if not self.source:
            raise RuleError(
                _("代录要先放原件。"),
                meaning=_("没有保存。"),
                next_step=_("请先选择原件（扫描件、照片或普通表格）。"),
            )
        return self._desk.record_for(
            self.for_unit,
            indicator,
            value,
            period=period,
            area=area,
            source=self.source,
            of=of,
            note=note,
            reason=reason,
            same=same,
        )


class ForUnitSession:
    """The page's session with that desk in it."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.desk = ForUnit(session.desk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._session, name)


class ProxyModel(EntryModel):
    def __init__(self, session: Session) -> None:
        self.writing = ForUnitSession(session)
        self.open = False
        """Whether something may be typed: a source file is kept, and the unit has not sent its own."""
        self.why = ""
        """Why not, where nothing may be typed."""
        self._tried = ""
        super().__init__(cast(Session, self.writing))

    def typable(self, row: int) -> bool:
        view = self.record(row)
        return view is not None and view.basis != "site" and self.open

    def refuse(self, row: int) -> str:
        """Why nothing can be typed in a row, which the row then says too; "" where it can."""
        view = self.record(row)
        if view is None or self.typable(row):
            return ""
        words = _("由台账相加，不在这里录") if view.basis == "site" else self.why
        self._tried = view.id
        self._redraw(view.id)
        return words

    def shut(self, why: str) -> None:
        """Whether and why nothing may be typed now."""
        self.open, self.why, self._tried = not why, why, ""

    def _says_why(self, view: IndicatorView) -> bool:
        return not self.open and view.id == self._tried and view.basis != "site"

    def _hint(self, view: IndicatorView) -> str:
        if self._says_why(view):
            return self.why
        if view.id not in self.pending and view.basis == "site":
            return _("由台账相加，不在这里录")
        if view.id not in self.pending and view.proxy:
            return _("代录，待确认") + (f" · {view.reason}" if view.reason else "")
        return super()._hint(view)

    def _hint_look(self, view: IndicatorView) -> tuple[str, str, str]:
        if self._says_why(view):
            return "alert-triangle", theme.AMBER, "note"
        if view.id not in self.pending and view.proxy and not view.error:
            return "writing", theme.AMBER, "note"
        if view.id not in self.pending and view.basis == "site":
            return "", theme.INK2, "note"
        return super()._hint_look(view)

    def prepare(self, views: list[IndicatorView], period_tasks: list[Any]) -> list[IndicatorView]:
        """The unit's views in the grid's groups; what is not due in the month is left out."""
        super().views_of(period_tasks)
        shown = [view for view in views if view.due]
        self.pending = {key: p for key, p in self.pending.items() if any(v.id == key for v in shown)}
        return shown

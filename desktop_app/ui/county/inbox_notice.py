"""What one run of taking in has to tell: in one line for the status bar, and where something was not taken, or changed
a closed month, in a notice that stays until somebody has read it."""

from __future__ import annotations

from PySide6.QtCore import Signal

from desktop_app.core.i18n import _
from desktop_app.core.model.view import InboxView
from desktop_app.ui import text
from desktop_app.ui.county.inbox_model import state_words
from desktop_app.ui.widgets.controls import Banner, button

NAMED = 2
"""How many files that were not taken are named in the status bar."""
LINES = 3
"""How many are told of one by one in the notice."""


def not_taken(rows: list[InboxView]) -> list[InboxView]:
    return [row for row in rows if (row.quarantined or row.state == "invalid") and not row.form]


def said(rows: list[InboxView]) -> str:
    bad, forms = not_taken(rows), [row for row in rows if row.form]
    good = [row for row in rows if row not in bad and row not in forms]
    new, carried = sum(row.new for row in good), sum(row.carried for row in good)
    if good and not new and all(row.known and not row.conflicting for row in good):
        words = _("{count} 份以前收过，没有变化").format(count=len(good))
    elif carried:
        words = _("收了 {count} 份，新增 {new} 条（其中转报的下级数据 {carried} 条）").format(
            count=len(good), new=new, carried=carried
        )
    else:
        words = _("收了 {count} 份，新增 {new} 条").format(count=len(good), new=new)
    if bad:
        names = "、".join(row.file for row in bad[:NAMED]) + ("…" if len(bad) > NAMED else "")
        words += _("；{count} 份没有收：{names}").format(count=len(bad), names=names)
    if forms:
        words += _("；") + _("{count} 份是打印用的盖章表，不用收").format(count=len(forms))
    return words


class InboxNotice(Banner):
    """Above the list, until it is waved away or the next files come."""

    why_wanted = Signal(object)
    """The row whose explanation is asked for."""
    corrections_wanted = Signal()

    def __init__(self) -> None:
        super().__init__("warn", icon="alert-triangle")
        self._first: InboxView | None = None
        self.why = button(_("看为什么"), "small", clicked=self._ask)
        self.corrections = button(_("看更正表"), "small", clicked=self.corrections_wanted.emit)
        self.close_it = button(_("知道了"), "small", clicked=self.hide)
        # Beside the title: the list below needs the height.
        for made in (self.why, self.corrections, self.close_it):
            self.head.addWidget(made)
        self.hide()

    def show_rows(self, rows: list[InboxView]) -> None:
        bad, forms, late = (
            not_taken(rows),
            [row for row in rows if row.form],
            [row for row in rows if row.late],
        )
        told = [*bad, *forms]
        heads = [_("{count} 份没有收").format(count=len(bad))] if bad else []
        if forms:
            heads.append(_("{count} 份是打印用的盖章表，不用收").format(count=len(forms)))
        if late:
            heads.append(_("{count} 家改了已封账的月份").format(count=len(late)))
        lines = [_line(row) for row in told[:LINES]]
        if len(told) > LINES:
            lines.append(_("另有 {count} 份，见下面的清单").format(count=len(told) - LINES))
        lines += [
            _("{unit}{month}已封账，它又改了 {count} 处，等您审").format(
                unit=row.unit_name, month=text.month(row.period), count=row.late
            )
            for row in late[:LINES]
        ]
        self.set("warn" if bad or late else "info", "，".join(heads), "\n".join(lines), "alert-triangle")
        self._first = next((row for row in told if row.container), None)
        self.why.setVisible(self._first is not None)
        self.corrections.setVisible(bool(late))
        self.setVisible(bool(heads))

    def _ask(self) -> None:
        if self._first is not None:
            self.why_wanted.emit(self._first)


def _line(row: InboxView) -> str:
    who = _("像是{unit}").format(unit=row.unit_name) if row.guessed else row.unit_name
    named = _("{unit}：{file}").format(unit=who, file=row.file) if who else row.file
    # What could not even be read has no row below that would tell more.
    why = state_words(row)[0] if row.container else row.reason
    return _("{named}　{why}").format(named=named, why=why)

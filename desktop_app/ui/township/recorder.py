"""From what a person types to a figure recorded: shared by the grid and the side panel."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from desktop_app.core import errors as known
from desktop_app.core.i18n import _
from desktop_app.core.model import subject
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import errors
from desktop_app.ui.session import Session

_YES = {"1", "是", "有", "已建", "已", "完成", "已完成", "√", "✓"}
_NO = {"0", "否", "无", "未建", "未", "没有", "×", "✗"}


class Outcome(NamedTuple):
    """`error` refuses what was typed; `warning` wants a reason; both empty when it was recorded."""

    done: bool
    error: str = ""
    warning: str = ""


def clean(typed: str) -> str:
    """Full-width digits, thousands separators and spaces are how people write, not what they mean."""
    text = unicodedata.normalize("NFKC", typed).strip()
    return re.sub(r"(?<=\d),(?=\d{3})|\s", "", text.replace("−", "-"))


def record(
    session: Session, view: IndicatorView, typed: str, *, reason: str = "", same: bool = False
) -> Outcome:
    """Say it to the desk; a rule's words come back instead of a dialog, to be shown at the cell."""
    text = clean(typed)
    value, slash, of = text.partition("/")
    if not value:
        return Outcome(False, _("这里要填数字"))
    if view.measure == "state":
        value = "1" if value in _YES else "0" if value in _NO else value
    if view.measure == "rate" and not slash and view.figure.of is not None:
        # The denominator seldom changes: a bare number is a new numerator.
        of = _plain(view.figure.of)
    elif view.measure == "rate" and not slash and view.previous.of is not None:
        of = _plain(view.previous.of)
    elif view.measure == "rate" and not slash:
        return Outcome(False, _("请填分子/分母，例如 2176/2189"))
    elif slash and view.measure != "rate":
        return Outcome(False, _("这一格只填一个数"))
    try:
        changes = session.desk.record(
            view.id,
            value,
            period=session.period,
            area=view.area,
            of=of or None,
            reason=reason,
            same=same,
        )
    except known.ReasonNeeded as error:
        return Outcome(False, warning=error.what)
    except known.InputError as error:
        # A closed month has its own way out, which must be told with the refusal.
        closed = session.desk.closed(session.period) is not None
        return Outcome(False, error=f"{error.what}{error.next_step}" if closed else error.what)
    except known.KnownError as error:
        errors.show(error)
        return Outcome(False, error=error.what)
    session.write(
        changes, _("已保存 {name}：{value}").format(name=f"{view.task} {view.name}", value=typed.strip())
    )
    return Outcome(True)


def take_back(session: Session, view: IndicatorView) -> bool:
    """The cell was not meant: its figure is taken back, so that it is unfilled again.  The history keeps it."""
    about = subject.progress(view.area, session.desk.plan, view.id, session.period.key)
    words = _("已清空 {name}").format(name=f"{view.task} {view.name}")
    return session.attempt(lambda desk: desk.withdraw(about, _("清空")), words) is not None


def _plain(number: object) -> str:
    from fractions import Fraction

    assert isinstance(number, Fraction)
    if number.denominator == 1:
        return str(number.numerator)
    return f"{float(number):f}".rstrip("0")


def same_again(session: Session, view: IndicatorView) -> Outcome:
    """本期无变化: last period's figure, said for this one."""
    previous = view.previous
    if previous.value is None:
        return Outcome(False, _("上期没有数，请填一个数"))
    typed = _plain(previous.value)
    if previous.of is not None:
        typed += f"/{_plain(previous.of)}"
    return record(session, view, typed, same=True)

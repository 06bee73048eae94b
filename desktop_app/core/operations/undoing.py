"""Undo and redo of figures typed on this desk: each is a new entry, so that the history keeps every step."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from fractions import Fraction

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import ProgressBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.situation import describe_figure
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


class Undoable(msgspec.Struct, frozen=True, kw_only=True):
    """What the next undo and redo would do, in words; "" when there is nothing."""

    undo: str = ""
    redo: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    before: ProgressBody | None
    after: ProgressBody | None


class UndoStack:
    """The figures of this sitting, the latest last; what was pasted together goes back together.  A figure changed
    from elsewhere since is left alone."""

    def __init__(self) -> None:
        self._done: list[list[Step]] = []
        self._undone: list[list[Step]] = []
        self._group: list[Step] | None = None

    def shown(self, workspace: Workspace, subject: str) -> ProgressBody | None:
        head = workspace.store.ledger.head(subject)
        return None if head is None or head.body.void else head.body

    def note(self, subject: str, before: ProgressBody | None, after: ProgressBody | None) -> None:
        step = Step(subject=subject, before=before, after=after)
        if self._group is not None:
            self._group.append(step)
        else:
            self._done.append([step])
        self._undone.clear()

    @contextlib.contextmanager
    def together(self) -> Iterator[None]:
        """What is noted within is one step."""
        self._group = []
        try:
            yield
        finally:
            if self._group:
                self._done.append(self._group)
            self._group = None

    def undoable(self, workspace: Workspace) -> Undoable:
        return Undoable(
            undo=self._words(workspace, self._done[-1]) if self._done else "",
            redo=self._words(workspace, self._undone[-1]) if self._undone else "",
        )

    def _words(self, workspace: Workspace, steps: list[Step]) -> str:
        step = steps[0]
        if len(steps) > 1:
            return _("一起填的 {count} 格").format(count=len(steps))
        indicator = workspace.plan.indicator(step.subject.split("/")[3])
        if indicator is None:
            return step.subject

        def figure(body: ProgressBody | None) -> str:
            if body is None:
                return _("空")
            of = Fraction(body.of) if body.of is not None else None
            return describe_figure(indicator, Fraction(body.value), of)

        return f"{indicator.task_no} {indicator.name} {figure(step.before)} → {figure(step.after)}"

    def undo(self, workspace: Workspace) -> Changes:
        return self._move(workspace, self._done, self._undone, back=True)

    def redo(self, workspace: Workspace) -> Changes:
        return self._move(workspace, self._undone, self._done, back=False)

    def _move(
        self, workspace: Workspace, source: list[list[Step]], target: list[list[Step]], *, back: bool
    ) -> Changes:
        if not source:
            return Changes()
        moved, said = [], []
        for step in source.pop():
            wanted, expected = (step.before, step.after) if back else (step.after, step.before)
            if self.shown(workspace, step.subject) != expected:
                continue
            moved.append(step)
            body = wanted or ProgressBody(value=0, void=True, reason=_("撤销"))
            said.append(Said(kind="progress", subject=step.subject, body=body, operator=workspace.operator))
        if not moved:
            return Changes()
        target.append(moved)
        return workspace.store.say(said)[0]

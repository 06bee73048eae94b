"""Undo and redo of figures typed and verdicts given on this desk: each is a new entry, so that the history keeps every
step.  A verdict that has gone out with a file is not undone silently; another is said in its place."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from fractions import Fraction

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import ProgressBody, ReviewBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.operations.situation import describe_figure
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.store.store import Said


class Undoable(msgspec.Struct, frozen=True, kw_only=True):
    """What the next undo and redo would do, and how it is told when it is done, in words; "" when there is nothing."""

    undo: str = ""
    redo: str = ""
    undone: str = ""
    redone: str = ""
    noted: int = 0
    """How many acts that can be undone this sitting has seen: a write that adds none is no such act."""


Word = ProgressBody | ReviewBody
"""What a step changes."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    subject: str
    before: Word | None
    after: Word | None

    @property
    def is_verdict(self) -> bool:
        return self.subject.startswith("review/")


class UndoStack:
    """The figures and verdicts of this sitting, the latest last; what was pasted or accepted together goes back
    together.  What was changed from elsewhere since is left alone."""

    def __init__(self) -> None:
        self._done: list[list[Step]] = []
        self._undone: list[list[Step]] = []
        self._group: list[Step] | None = None
        self._noted = 0

    def shown(self, workspace: Workspace, subject: str) -> ProgressBody | None:
        return self._shown(workspace, subject)  # type: ignore[return-value]

    def _shown(self, workspace: Workspace, subject: str) -> Word | None:
        head = workspace.store.ledger.head(subject)
        return None if head is None or head.body.void else head.body

    def note(self, subject: str, before: Word | None, after: Word | None) -> None:
        self._noted += 1
        step = Step(subject=subject, before=before, after=after)
        if self._group is not None:
            self._group.append(step)
        else:
            self._done.append([step])
        self._undone.clear()

    def note_verdicts(self, workspace: Workspace, changes: Changes) -> None:
        """Verdicts just written, as one step."""
        steps = []
        for subject in changes.subjects:
            if not subject.startswith("review/"):
                continue
            history = {step.id: step for step in workspace.store.ledger.history(subject)}
            head = workspace.store.ledger.head(subject)
            if head is None or head.id not in history:
                continue
            before = [history[ident].body for ident in history[head.id].entry.replaces if ident in history]
            standing = [body for body in before if not body.void]
            steps.append(
                Step(
                    subject=subject,
                    before=standing[0] if standing else None,
                    after=None if head.body.void else head.body,
                )
            )
        if steps:
            self._noted += 1
            self._done.append(steps)
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
        self._forget_sent(workspace)
        done = self._done[-1] if self._done else []
        undone = self._undone[-1] if self._undone else []
        return Undoable(
            undo=self._words(workspace, done) if done else "",
            redo=self._words(workspace, undone) if undone else "",
            undone=self._told(workspace, done, back=True) if done else "",
            redone=self._told(workspace, undone, back=False) if undone else "",
            noted=self._noted,
        )

    def _forget_sent(self, workspace: Workspace) -> None:
        from desktop_app.core.operations.reviewing import is_sent

        for stack in (self._done, self._undone):
            while stack and stack[-1][0].is_verdict and is_sent(workspace, stack[-1][0].subject):
                stack.pop()

    # -- words -------------------------------------------------------------------------------------------------------

    def _words(self, workspace: Workspace, steps: Sequence[Step]) -> str:
        step = steps[0]
        if step.is_verdict:
            if len(steps) > 1:
                return _("一起定的 {count} 条审核意见").format(count=len(steps))
            return f"{self._name(workspace, step)} {_verdict(step.before)} → {_verdict(step.after)}"
        if len(steps) > 1:
            return _("一起填的 {count} 格").format(count=len(steps))
        before, after = (self._figure(workspace, step, body) for body in (step.before, step.after))
        return f"{self._name(workspace, step)} {before} → {after}"

    def _told(self, workspace: Workspace, steps: Sequence[Step], *, back: bool) -> str:
        """What stands there now, before what was taken away: an arrow would be read the wrong way round."""
        step = steps[0]
        if len(steps) > 1:
            if step.is_verdict:
                words = _("已收回一起定的 {count} 条审核意见") if back else _("{count} 条审核意见又记上了")
            else:
                words = _("一起填的 {count} 格已改回原来的") if back else _("一起填的 {count} 格又填上了")
            return words.format(count=len(steps))
        now, gone = (step.before, step.after) if back else (step.after, step.before)
        name = self._name(workspace, step)
        if step.is_verdict:
            words = _("{name} 的意见已改回“{now}”（撤销了“{gone}”）") if back else _("{name} 又定为“{now}”")
            return words.format(name=name, now=_verdict(now), gone=_verdict(gone))
        words = _("{name} 已改回 {now}（撤销了 {gone}）") if back else _("{name} 又改为 {now}")
        return words.format(
            name=name, now=self._figure(workspace, step, now), gone=self._figure(workspace, step, gone)
        )

    @staticmethod
    def _name(workspace: Workspace, step: Step) -> str:
        words = step.subject.split("/")
        about = words[2:] if step.is_verdict else words
        if about[0] == "submission":
            return workspace.organisation.name(about[1])
        indicator = workspace.plan.indicator(about[3]) if len(about) == 5 else None
        return f"{indicator.task_no} {indicator.name}" if indicator is not None else step.subject

    @staticmethod
    def _figure(workspace: Workspace, step: Step, body: Word | None) -> str:
        indicator = workspace.plan.indicator(step.subject.split("/")[3])
        if not isinstance(body, ProgressBody) or indicator is None:
            return _("空")
        of = Fraction(body.of) if body.of is not None else None
        return describe_figure(indicator, Fraction(body.value), of)

    # -- moving ------------------------------------------------------------------------------------------------------

    def undo(self, workspace: Workspace) -> Changes:
        return self._move(workspace, self._done, self._undone, back=True)

    def redo(self, workspace: Workspace) -> Changes:
        return self._move(workspace, self._undone, self._done, back=False)

    def _move(
        self, workspace: Workspace, source: list[list[Step]], target: list[list[Step]], *, back: bool
    ) -> Changes:
        self._forget_sent(workspace)
        if not source:
            return Changes()
        moved, said = [], []
        for step in source.pop():
            wanted, expected = (step.before, step.after) if back else (step.after, step.before)
            if self._shown(workspace, step.subject) != expected:
                continue
            moved.append(step)
            said.append(
                Said(
                    kind="review" if step.is_verdict else "progress",
                    subject=step.subject,
                    body=wanted or _void(expected),
                    operator=workspace.operator,
                )
            )
        if not moved:
            return Changes()
        target.append(moved)
        return workspace.store.say(said)[0]


def _void(body: Word | None) -> Word:
    if isinstance(body, ReviewBody):
        return ReviewBody(verdict=body.verdict, about=body.about, void=True, reason=_("撤销"))
    return ProgressBody(value=0, void=True, reason=_("撤销"))


def _verdict(body: Word | None) -> str:
    from desktop_app.core.operations.reading import VERDICT_WORDS

    return _(VERDICT_WORDS[body.verdict]) if isinstance(body, ReviewBody) else _("待定")

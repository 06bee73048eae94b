"""What pages may ask of a desk about plans, dividing, the schedule, the board and its papers, bulletins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop_app.ui.verbs.board import BoardVerbs

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.model.entry import Changes
    from desktop_app.core.model.period import Period
    from desktop_app.core.model.plan import Plan
    from desktop_app.core.operations.planning import TargetChange
    from desktop_app.core.plan.notice.draft import Draft
    from desktop_app.core.progress import Progress


class CityVerbs(BoardVerbs, Protocol):
    """Part of `Desk`; the same rules hold."""

    # The year
    def look_at(self, period: Period) -> None:
        """The period that is shown: the plan of its year counts."""
        ...

    # The plan
    def plans(self) -> Sequence[Plan]:
        """Every year's plan, the latest first."""
        ...

    def read_notice(self, notice: Path, progress: Progress) -> Draft:
        """*Long.*  The draft of the plan in an official notice (txt, docx, xlsx)."""
        ...

    def read_draft(self, path: Path) -> Draft: ...
    def save_draft(self, draft: Draft, path: Path) -> None: ...
    def adopt_draft(self, draft: Draft) -> Changes:
        """InputError, naming them, while doubts are open."""
        ...

    def change_target(
        self, indicator: str, value: str, *, document: str, effective: str, reason: str = ""
    ) -> Changes:
        """A target of the year looked at, changed from a day on by a document."""
        ...

    def target_changes(self) -> Sequence[TargetChange]:
        """Changes of targets in the year looked at, the oldest first."""
        ...

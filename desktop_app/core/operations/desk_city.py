"""The part of a desk that is about plans, dividing, the schedule, the board and its papers: each over an operation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Plan
from desktop_app.core.operations.desk_board import BoardDesk
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress

if TYPE_CHECKING:
    from desktop_app.core.operations import planning
    from desktop_app.core.plan.notice.draft import Draft
else:
    later(globals(), "desktop_app.core.operations", "planning")


class CityDesk(BoardDesk):
    """Mixed into `Desk`."""

    workspace: Workspace

    def look_at(self, period: Period) -> None:
        """The period that is shown: the plan of its year counts."""
        self.workspace.look_at(period)

    # -- the plan ----------------------------------------------------------------------------------------------------

    def plans(self) -> list[Plan]:
        """Every year's plan, the latest first."""
        return planning.plans(self.workspace)

    def read_notice(self, notice: Path, progress: Progress) -> Draft:
        return planning.read(notice, self.workspace, progress)

    def read_draft(self, path: Path) -> Draft:
        return planning.open_draft(path)

    def save_draft(self, draft: Draft, path: Path) -> None:
        planning.save(draft, path)

    def adopt_draft(self, draft: Draft) -> Changes:
        return self._wrote(planning.adopt(self.workspace, draft)[1])

    def change_target(
        self, indicator: str, value: str, *, document: str, effective: str, reason: str = ""
    ) -> Changes:
        return self._wrote(
            planning.change_target(
                self.workspace, indicator, value, document=document, effective=effective, reason=reason
            )
        )

    def target_changes(self) -> list[planning.TargetChange]:
        return planning.target_changes(self.workspace)

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError

"""The static desk's plan: the sample one, in which nothing was changed."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.plan import Plan
from desktop_app.core.operations.planning import TargetChange
from desktop_app.core.plan.load import sample_plan
from desktop_app.core.plan.notice import draft
from desktop_app.core.plan.notice.assemble import read_notice
from desktop_app.core.plan.notice.draft import Draft
from desktop_app.core.progress import Progress


class FakePlan:
    """Mixed into FakeDesk."""

    def plans(self) -> list[Plan]:
        return [sample_plan()]

    def read_notice(self, notice: Path, progress: Progress) -> Draft:
        return read_notice(notice)

    def read_draft(self, path: Path) -> Draft:
        return draft.decode(path.read_bytes(), path.name)

    def save_draft(self, found: Draft, path: Path) -> None:
        path.write_bytes(draft.encode(found))

    def adopt_draft(self, found: Draft) -> Changes:
        return Changes()

    def change_target(
        self, indicator: str, value: str, *, document: str, effective: str, reason: str = ""
    ) -> Changes:
        return Changes()

    def target_changes(self) -> list[TargetChange]:
        return []

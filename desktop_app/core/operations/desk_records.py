"""The part of a desk that is about registers, problems, orders, money: each verb over an operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.i18n import _
from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.record_view import ClueView, FundView, MissedView, RecordView, SummaryView
from desktop_app.core.model.register import Group, Register, declared
from desktop_app.core.operations.workspace import Workspace

if TYPE_CHECKING:
    from desktop_app.core.operations import (
        appraisal,
        clues,
        funds,
        papers,
        personal_fields,
        problems,
        recording,
        register_writing,
        registers,
        rosters,
    )
else:
    later(
        globals(),
        "desktop_app.core.operations",
        "appraisal clues funds papers problems personal_fields recording register_writing registers rosters",
    )


class RecordsDesk:
    """Mixed into `Desk`."""

    workspace: Workspace

    def _wrote(self, changes: Changes) -> Changes:
        """The sitting's own: forgets what was computed."""
        raise NotImplementedError

    # -- registers ---------------------------------------------------------------------------------------------------

    def registers(self) -> tuple[Register, ...]:
        return declared().registers

    def register_groups(self) -> tuple[Group, ...]:
        return declared().groups

    def register_counts(self) -> dict[str, tuple[int, int, int]]:
        return registers.counts(self.workspace)

    def keeps(self, register: str) -> bool:
        return registers.keeps(self.workspace, registers.register_of(register))

    def records(self, register: str, area: str | None = None) -> list[RecordView]:
        return registers.rows(self.workspace, register, area)

    def save_record(
        self, register: str, subject: str | None, values: Mapping[str, object], area: str | None = None
    ) -> Changes:
        return self._wrote(register_writing.save(self.workspace, register, subject, values, area=area)[0])

    def close_record(self, subject: str, values: Mapping[str, object] | None = None) -> Changes:
        return self._wrote(register_writing.close(self.workspace, subject, values))

    def void_record(self, subject: str, reason: str) -> Changes:
        return self._wrote(register_writing.void(self.workspace, subject, reason))

    def freeze_register(self, register: str, task: int = 0) -> Changes:
        return self._wrote(register_writing.freeze(self.workspace, register, task=task))

    def import_records(self, register: str, file: Path, task: int = 0) -> Changes:
        return self._wrote(register_writing.import_rows(self.workspace, register, file, task=task))

    def personal_of(self, sealed_in: str) -> dict[str, str]:
        head = self.workspace.store.ledger.head(sealed_in)
        sealed = head.body.sealed if head is not None else ""
        return personal_fields.open_personal(self.workspace, sealed) if sealed else {}

    def register_summary(self, register: str, on: str = "") -> list[SummaryView]:
        return registers.summary(self.workspace, register, on)

    def missed(self, register: str, month: str) -> list[MissedView]:
        return registers.missed(self.workspace, register, month)

    def answer(self, about: str, text: str, status: str = "", day: str = "", to: str = "") -> Changes:
        return self._wrote(
            register_writing.answer(self.workspace, about, text, status=status, day=day, to=to)
        )

    def clues(self, period: Period) -> list[ClueView]:
        return clues.clues(self.workspace, period)

    def clue_rules(self) -> list[tuple[str, str, str]]:
        return [(kind, _(word), _(clues.RULES[kind])) for kind, word in clues.KINDS.items()]

    def write_appraisal(self, period: Period, path: Path) -> Path:
        with papers.sight(self.workspace, period) as sight:
            return appraisal.write(sight, path)

    # -- problems ----------------------------------------------------------------------------------------------------

    def assign_problem(self, subject: str, unit: str, due: str = "") -> Changes:
        return self._wrote(problems.assign(self.workspace, subject, unit, due=due))

    def escalate_problem(self, subject: str, lead: str = "") -> Changes:
        return self._wrote(problems.escalate(self.workspace, subject, lead))

    def lead_of(self, task: int) -> str:
        lead = problems.lead_of(self.workspace, task)
        return self.workspace.organisation.name(lead)

    def close_problem(self, subject: str, text: str, day: str = "", proof: Sequence[Path] = ()) -> Changes:
        return self._wrote(problems.close(self.workspace, subject, text, day=day, proof=proof))

    def recheck_problem(self, subject: str, held: bool, note: str = "", day: str = "") -> Changes:
        return self._wrote(problems.recheck(self.workspace, subject, held=held, note=note, day=day))

    def reopen_problem(self, subject: str, reason: str) -> Changes:
        return self._wrote(problems.reopen(self.workspace, subject, reason))

    # -- money, rosters ----------------------------------------------------------------------------------------------

    def money(self, period: Period, area: str = "") -> list[FundView]:
        return funds.money(self.workspace, period, area)

    def money_of_areas(self, task: int, period: Period) -> list[FundView]:
        found = self.workspace.plan.task(task)
        home = self.workspace.organisation.home_area(self.workspace.unit_code)
        return funds.Money(self.workspace, period).areas(found, home) if found else []

    def record_fund(self, fields: Mapping[str, object], area: str | None = None) -> Changes:
        return self._wrote(recording.record_fund(self.workspace, fields, area=area))

    def compare_rosters(self, left: Path, right: Path, by: str) -> rosters.Comparison:
        return rosters.compare(left, right, by)

    def compare_with_register(self, file: Path, register: str, by: str) -> rosters.Comparison:
        return rosters.compare_with_register(self.workspace, file, register, by)

"""Registers, problems' further steps and money of the fake desk: two registers with a few rows, one late order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import fake_data as data

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.record_view import FundView, MissedView, RecordView, SummaryView
from desktop_app.core.model.register import Group, Register, declared
from desktop_app.core.operations.rosters import Comparison, compare


def record(register: str, key: str, **fields: str) -> RecordView:
    found = declared().get(register)
    assert found is not None
    return RecordView(
        subject=f"record/{data.CITY}/{register}/{key}",
        register=register,
        register_title=found.title,
        area=data.CITY,
        area_name="云川市",
        unit=data.CITY,
        task=38,
        name=fields[found.called_by],
        values=fields,
        shown=fields,
        spans={},
        status="open",
        state="办理中",
        closed=False,
        due="2024-05-12",
        to=data.COUNTY,
        to_name="云溪县",
        about="",
        about_name="",
        sealed=False,
        raised="2024-04-25",
        age_days=66,
        overdue=49,
        evidence=0,
        answers=(),
        warnings=(),
        heads=1,
    )


class FakeRegisters:
    """Mixed into `FakeDesk`; what is asked for is noted in `asked`."""

    asked: tuple[tuple[object, ...], ...] = ()

    def _ask(self, *words: object) -> Changes:
        self.asked = (*self.asked, words)
        return Changes(kinds=frozenset({"record"}), entries=1)

    def registers(self) -> Sequence[Register]:
        return declared().registers

    def register_groups(self) -> Sequence[Group]:
        return declared().groups

    def register_counts(self) -> Mapping[str, tuple[int, int, int]]:
        return {"orders": (1, 1, 1)}

    def keeps(self, register: str) -> bool:
        return register != "orders"

    def records(self, register: str, area: str | None = None) -> Sequence[RecordView]:
        if register != "orders":
            return []
        return [record("orders", "o1", title="老旧小区改造进展慢", number="〔2024〕1号")]

    def save_record(
        self, register: str, subject: str | None, values: Mapping[str, object], area: str | None = None
    ) -> Changes:
        return self._ask("save", register, subject, dict(values))

    def close_record(self, subject: str, values: Mapping[str, object] | None = None) -> Changes:
        return self._ask("close", subject)

    def void_record(self, subject: str, reason: str) -> Changes:
        return self._ask("void", subject, reason)

    def freeze_register(self, register: str, task: int = 0) -> Changes:
        return self._ask("freeze", register)

    def import_records(self, register: str, file: Path, task: int = 0) -> Changes:
        return self._ask("import", register)

    def personal_of(self, sealed_in: str) -> Mapping[str, str]:
        return {}

    def register_summary(self, register: str, on: str = "") -> Sequence[SummaryView]:
        return []

    def missed(self, register: str, month: str) -> Sequence[MissedView]:
        return []

    def answer(self, about: str, text: str, status: str = "", day: str = "", to: str = "") -> Changes:
        return self._ask("answer", about, text, status)

    def assign_problem(self, subject: str, unit: str, due: str = "") -> Changes:
        return self._ask("assign", subject, unit, due)

    def escalate_problem(self, subject: str, lead: str = "") -> Changes:
        return self._ask("escalate", subject, lead)

    def lead_of(self, task: int) -> str:
        return "市民政局"

    def close_problem(self, subject: str, text: str, day: str = "", proof: Sequence[Path] = ()) -> Changes:
        return self._ask("close_problem", subject, text)

    def recheck_problem(self, subject: str, held: bool, note: str = "", day: str = "") -> Changes:
        return self._ask("recheck", subject, held)

    def reopen_problem(self, subject: str, reason: str) -> Changes:
        return self._ask("reopen", subject, reason)

    def money(self, period: Period, area: str = "") -> Sequence[FundView]:
        return [fund(13, Fraction(460000), Fraction(90000)), fund(12, None, None)]

    def money_of_areas(self, task: int, period: Period) -> Sequence[FundView]:
        return [fund(task, None, None)]

    def record_fund(self, fields: Mapping[str, object], area: str | None = None) -> Changes:
        return self._ask("fund", dict(fields))

    def compare_rosters(self, left: Path, right: Path, by: str) -> Comparison:
        return compare(left, right, by)


def fund(task: int, reference: Fraction | None, gap: Fraction | None) -> FundView:
    return FundView(
        task=task,
        title="适老化改造",
        area=data.TOWN,
        area_name="枫桥镇",
        reference=reference,
        parts=(),
        planned={},
        arrived={},
        paid={},
        total_arrived=Fraction(0),
        total_paid=Fraction(0),
        upper=Fraction(0),
        split={},
        split_rule="未定" if reference is None else "县区承担",
        gap=gap,
        open=("分担比例未定。",) if reference is None else (),
        warnings=(),
    )

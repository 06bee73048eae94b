"""What a county says beyond receiving and reviewing: watching, accepting at once, shares of many areas."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fake_data as data

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period


class FakeClosing:
    """Mixed into FakeDesk."""

    calls: list[tuple]
    stick_roots: Sequence[Path] = ()

    def look(self, places: Sequence[Path], seen: frozenset[Any]) -> Any:
        from desktop_app.core.operations import watching

        return watching.look(places, seen, time.time() + watching.STILL_SECONDS)

    def sticks(self) -> list[Path]:
        from desktop_app.core.operations import watching

        return watching.sticks(self.stick_roots)

    def accept_passing(self, unit: str, period: Period) -> Changes:
        changes = Changes()
        for item in self.review_items(unit, period):  # type: ignore[attr-defined]
            if item.verdict == "waiting" and not item.check and not item.indicator.figure.carried:
                changes += self.review(item.subject, "accept")  # type: ignore[attr-defined]
        return changes

    def allocate_many(
        self, indicator: str, values: Mapping[str, str], *, document: str = "", effective: str | None = None
    ) -> Changes:
        changes = Changes()
        for area, value in values.items():
            changes += self.allocate(indicator, area, value, document)  # type: ignore[attr-defined]
        return changes

    def divide_by(self, indicator: str, base: Mapping[str, str], **rest: object) -> Changes:
        return self.divide(indicator, "proportional" if base else "equal")  # type: ignore[attr-defined]

    def split(self, indicator: str, base: Mapping[str, str] | None) -> dict[str, str]:
        areas = [share.area for share in self.shares(indicator)]  # type: ignore[attr-defined]
        return dict.fromkeys(areas, "7")

    def share_changes(self) -> list[Any]:
        return []

    def closed(self, period: Period, unit: str = "") -> None:
        return None

    def division_changes(self, indicator: str) -> list[Any]:
        return []

    def duties(self, indicator: str) -> list[Any]:
        return []

    def possible_reporters(self, area: str) -> list[Any]:
        return []

    # Calendar and closing
    def months(self) -> list[Any]:
        from desktop_app.core.operations import calendar, closing

        shut = closing.Closed(period="2024-04", by=data.COUNTY, by_name="云溪县", at="2024-05-12T09:00:00")
        return [
            closing.PeriodState(
                period=f"2024-{month:02d}",
                label=f"2024年{month}月",
                days=calendar.Days(
                    cutoff=Period(2024, month, month).end,
                    due=Period(2024, month, month).end + timedelta(days=5),
                    lock=None,
                ),
                closed=shut if month == 4 else None,
                units=0 if self.level == "township" else 26,  # type: ignore[attr-defined]
                received=22 if month == 6 else 26,
            )
            for month in range(1, 13)
        ]

    def corrections(self, period: Period | None = None) -> list[Any]:
        from desktop_app.core.operations import correcting

        return [
            correcting.Correction(
                kind=kind,  # type: ignore[arg-type]
                unit=data.TOWN,
                unit_name="枫桥镇",
                area=data.TOWN,
                area_name="枫桥镇",
                task=12,
                indicator="12.1",
                name="无障碍改造户数",
                measure="户",
                period="2024-04",
                said_in="2024-06",
                before="120",
                after="12",
                now="42",
                reason="多写了一个零，按验收表更正",
                operator="周桂兰",
                at="2024-07-03T10:00:00",
                entry=kind,
            )
            for kind in ("correction", "late")
        ]

    def day_rules(self) -> dict[str, int | None]:
        return {"cutoff_day": None, "due_day": 5, "lock_day": None}

    def days_off(self) -> dict[str, bool]:
        return {"2024-10-01": True, "2024-10-12": False}

    def extensions(self) -> list[Any]:
        return []

    def ranks(self) -> bool:
        return False

    def state_rule(self, name: str, value: str) -> Changes:
        self.calls.append(("rule", name, value))
        return Changes(kinds=frozenset({"setting"}), entries=1)

    def state_days_off(self, days: Mapping[str, bool]) -> Changes:
        self.calls.append(("days_off", dict(days)))
        return Changes(kinds=frozenset({"setting"}), entries=1)

    # 代录
    def proxy_units(self, period: Period) -> list[Any]:
        from desktop_app.core.operations import proxying

        return [
            proxying.ProxyUnit(unit=data.TOWN, unit_name="枫桥镇", state="begun", entered=3, due=12),
            proxying.ProxyUnit(unit="349901102", unit_name="石门镇", state="own", entered=0, due=12),
        ]

    def proxy_items(self, unit: str, period: Period) -> list[Any]:
        return [view for task in self.tasks(period) for view in task.indicators]  # type: ignore[attr-defined]

    def proxy_sources(self, unit: str, period: Period) -> list[Any]:
        return []

    def backup_state(self) -> SimpleNamespace:
        return SimpleNamespace(
            folder="", last="", trouble="", due=False, present=False, changed=False, same_disk=False, kept=()
        )

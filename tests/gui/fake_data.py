"""Plausible figures for a township, a county and the city, on the shipped sample plan."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from pathlib import Path
from zlib import crc32

from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Unit
from desktop_app.core.model.view import Figure, IndicatorView, MilestoneView, PointView, TaskView

PLAN = json.loads((Path(__file__).resolve().parents[2] / "resources" / "plan-2024.json").read_text("utf-8"))
TODAY = date(2024, 7, 3)
COUNTIES = [
    "云溪县",
    "南屏县",
    "东岭县",
    "河洲县",
    "安澜县",
    "北麓区",
    "望湖区",
    "锦川区",
    "高新园",
    "临港园",
]
TOWNS = [
    "枫桥镇",
    "石门镇",
    "双塔镇",
    "柳河镇",
    "白鹭镇",
    "古渡镇",
    "大陂乡",
    "桃溪镇",
    "清水镇",
    "竹园乡",
    "南坪镇",
    "城关镇",
    "长岭乡",
    "梅山乡",
    "红枫乡",
    "青泥乡",
    "石桥镇",
    "云岭乡",
    "杨店镇",
    "沙河镇",
]
BUREAUS = ["县住建局", "县民政局", "县交通局", "县残联", "县人社局", "县教体局"]
CITY, COUNTY, TOWN = "349900", "349901", "349901101"

# Shares, last month's and this month's figures of 枫桥镇 as in the mock pictures; the rest is derived.
KNOWN: dict[str, tuple[str, str, str]] = {
    "1.1": ("420", "231", "268"),
    "3.1": ("310", "112", "120"),
    "6.1": ("1", "0", "0"),
    "10.1": ("146", "92", "97"),
    "11.1": ("16", "9", "9"),
    "11.2": ("12", "12", "12"),
    "12.1": ("38", "11", "17"),
    "13.1": ("104", "44", "61"),
    "16.1": ("58", "31", "33"),
    "17.1": ("14", "9", ""),
    "18.1": ("22", "13", "15"),
    "19.1": ("99", "2165/2189", "2176/2189"),
    "23.1": ("6", "0", "0"),
    "25.1": ("620", "205", "402"),
    "31.3": ("6.2", "3.1", "3.8"),
    "36.1": ("24", "12", "16"),
    "38.2": ("2", "1", "1"),
    "45.1": ("1", "1", "1"),
}
UNFILLED = {"17.1", "18.2", "28.2", "32.2", "40.2", "3.2", "10.4", "31.2", "35.1"}
SAME = {"11.1", "11.2", "6.1", "23.1"}


def units() -> list[Unit]:
    made = [Unit(code=CITY, name="云川市", level="city")]
    for number, name in enumerate(COUNTIES):
        kind = "park" if name.endswith("园") else "government"
        made.append(Unit(code=f"3499{number + 1:02d}", name=name, level="county", kind=kind, parent=CITY))
    for number, name in enumerate(TOWNS):
        made.append(Unit(code=f"{COUNTY}{101 + number}", name=name, level="township", parent=COUNTY))
    for number, name in enumerate(BUREAUS):
        made.append(
            Unit(code=f"{COUNTY}{901 + number}", name=name, level="county", kind="department", parent=COUNTY)
        )
    return made


def noise(*key: object) -> float:
    """0..1, the same for the same key on every run."""
    return crc32("|".join(map(str, key)).encode()) / 0xFFFFFFFF


def light_of(done: Fraction | None, expected: Fraction) -> str:
    if done is None:
        return "none"
    if done >= 1:
        return "done"
    return "green" if done >= expected * Fraction(95, 100) else "yellow"


def _number(text: str) -> tuple[Fraction | None, Fraction | None]:
    if not text:
        return None, None
    value, _slash, of = text.partition("/")
    return Fraction(value), Fraction(of) if of else None


def indicator_view(
    task: dict, item: dict, area: str, area_name: str, mine: bool, values: dict
) -> IndicatorView:
    """`values` holds what the fake desk recorded: id -> (value, of, reason, same)."""
    known = KNOWN.get(item["id"]) if area == TOWN else None
    measure = item.get("measure", "count")
    target = Fraction(item["target"]) if item.get("target") else None
    if measure == "state":
        known = known or ("1", "0", "1" if noise(item["id"], area) > 0.4 else "0")
    elif measure == "rate":
        of = 400 + int(noise(item["id"], "of") * 1800)
        per = item.get("per", 100)
        wanted = float(target or 90) / per
        before = int(of * min(wanted * (0.8 + 0.2 * noise(item["id"], area)), 1 if per == 100 else 9e9))
        now = int(of * min(wanted * (0.9 + 0.15 * noise(area, item["id"])), 1 if per == 100 else 9e9))
        known = known or (str(target or 90), f"{min(before, now)}/{of}", f"{now}/{of}")
    elif measure == "standard":
        known = known or (str(target or 1), str(target or 1), str(target or 1))
    else:
        share = max(1, int(float(target or 900) / 95 * (0.6 + noise(item["id"], area))))
        reached = share * (0.3 + 0.35 * noise(area, item["id"], "now"))
        known = known or (str(share), str(int(reached * 0.82)), str(int(reached)))
    share_value = Fraction(known[0])
    previous, previous_of = _number(known[1])
    value, of_value = _number("" if mine and item["id"] in UNFILLED else known[2])
    reason, same, said = "", mine and item["id"] in SAME, value is not None
    if mine and item["id"] in values:
        value, of_value, reason, same = values[item["id"]]
        said = True
    carried = ""
    if not said:
        carried = "2024-05"
        value, of_value = previous, previous_of
    rate = value / of_value * item.get("per", 100) if value is not None and of_value else None
    if measure == "rate":
        done = rate / share_value if rate is not None and share_value else None
        expected = Fraction(1) if float(share_value) > 90 else Fraction(1, 2)
    elif measure == "state":
        done, expected = value, Fraction(0)
    elif measure == "standard":
        done, expected = (None if value is None else Fraction(int(value >= share_value))), Fraction(1)
    else:
        done = None if value is None else value / share_value
        expected = (
            Fraction(24, 38)
            if item["id"] == "12.1"
            else Fraction(17, 22)
            if item["id"] == "18.1"
            else Fraction(1, 2)
        )
    light = light_of(done, expected)
    if item["id"] in ("23.1",):
        light, expected = "red", Fraction(1, 4)
    if carried and mine:
        light = "none" if item["id"] == "17.1" else light
    evidence = (
        0
        if item["id"] in ("17.1", "23.1")
        else {"12.1": 14, "13.1": 61, "18.1": 13}.get(item["id"], int(noise(item["id"]) * 14))
    )
    missing = {"12.1": 3, "13.1": 2, "18.1": 2, "23.1": 2}.get(item["id"], 0) if mine else 0
    warning = ""
    if mine and item["id"] == "25.1":
        warning, reason = "月均 4.8 倍", reason or "春季班集中注册"
    error = ""
    if mine and item["id"] == "32.1" and "32.1" not in values:
        error = "合计比其中一项还小，请改这一格"
    return IndicatorView(
        id=item["id"],
        task=task["no"],
        name=item["name"],
        measure=measure,
        op=item["op"],
        unit=item["unit"],
        per=item.get("per", 100),
        decimals=item.get("decimals", 0),
        basis=item.get("basis") or "typed",
        flow=item.get("flow", True),
        headline=item.get("headline", True),
        parent=item.get("parent"),
        definition=item.get("definition", ""),
        area=area,
        area_name=area_name,
        reporter=area,
        reporter_name=area_name,
        reviewer=COUNTY,
        mine=mine,
        due=mine,
        target=target,
        share=share_value,
        figure=Figure(value=value, of=of_value, carried=carried),
        previous=Figure(value=previous, of=previous_of),
        increase=None if carried or value is None or previous is None else value - previous,
        rate=rate,
        done=done,
        expected=expected,
        light=light,
        evidence=evidence,
        evidence_missing=missing,  # type: ignore[arg-type]
        remark="张家湾 3 户缺改造后照片；6 月累计 17 户，验收表只有 14 户。请补照片或改数。"
        if mine and item["id"] == "12.1"
        else "按新的口径，只计完成全部课时的人次。"
        if mine and item["id"] in ("3.1", "6.1", "23.1")
        else "",
        returned=mine and item["id"] == "12.1",
        error=error,
        warning=warning,
        reason=reason,
        note="本期无变化" if same else "",
        heads=1,
    )


def milestone_views(task: dict, area: str) -> tuple[MilestoneView, ...]:
    made = []
    for item in task.get("milestones", []):
        due = date.fromisoformat(item["due"])
        done = date(2024, 5, 22) if due < TODAY else None
        near = not done and (due - TODAY).days < 90
        made.append(
            MilestoneView(
                id=item["id"],
                task=task["no"],
                what=item["what"],
                due=due,
                done=done,
                area=area,
                light="done" if done else "yellow" if near else "none",
                mine=True,
            )
        )
    return tuple(made)


def task_view(task: dict, area: str, area_name: str, level: str, values: dict) -> TaskView:
    views = []
    for item in task["indicators"]:
        reports = item.get("reports", "county")
        mine = reports == level if level != "city" else reports == "city"
        if level == "township" and not mine:
            continue
        views.append(indicator_view(task, item, area, area_name, mine, values))
    if not views:
        views = [
            indicator_view(task, item, area, area_name, False, values) for item in task["indicators"][:1]
        ]
    done = [min(view.done, Fraction(1)) for view in views if view.done is not None]
    order = ("red", "yellow", "none", "green", "done")
    return TaskView(
        no=task["no"],
        category=task["category"],
        title=task["title"],
        short=task["short"],
        target=task["target"],
        lead=tuple(task["lead"]),
        measures=tuple(task["measures"]),
        indicators=tuple(views),
        milestones=milestone_views(task, area),
        percent=sum(done, Fraction(0)) / len(done) if done else None,
        light=min((view.light for view in views), key=order.index),
        mine=any(view.mine for view in views),
        open_points=tuple(task.get("open_points", ())),
    )


def line(view: IndicatorView, period: Period) -> list[PointView]:
    """A year that ends in the figure shown: slow at first, as years are."""
    shape = [0, 0.02, 0.12, 0.3, 0.62, 1]
    share = view.share or Fraction(1)
    points = []
    for month in range(1, 13):
        part = min(1.0, [0, 0.02, 0.1, 0.22, 0.4, 0.63, 0.8, 1, 1, 1, 1, 1][month - 1])
        value = None
        now = view.figure.value
        if now is not None and month <= period.last and view.measure == "count":
            value = Fraction(round(float(now) * shape[min(month, period.last) - 1 + 6 - min(6, period.last)]))
            if month == period.last:
                value = now
            elif month == period.last - 1 and view.previous.value is not None:
                value = view.previous.value
        points.append(
            PointView(month=month, value=value, expected=Fraction(part).limit_denominator(100) * share)
        )
    return points

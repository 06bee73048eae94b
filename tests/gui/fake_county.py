"""What a county has received: inbox, chase list, reviews, forks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import fake_data as data

from desktop_app.core.model.view import HistoryView, InboxView, MissingView, ReviewUnitView


def inbox_row(name: str, kind: str, day: int, new: int, **rest) -> InboxView:
    fields = {
        "container": f"{name}-{day}",
        "file": f"{name}-2024-06-1.xlsx",
        "unit": name,
        "unit_name": name,
        "kind": kind,
        "period": "2024-06",
        "sequence": 1,
        "received": f"2024-07-{day:02d}T10:41:00+08:00",
        "state": "valid",
        "reason": "",
        "digest": "7F3K-92QA-M4TX",
        "new": new,
        "known": 0,
        "conflicting": 0,
        "refused": 0,
        "missing_files": 0,
        "reviewed": "",
        "quarantined": "",
        "stamp": "missing",
    }
    return InboxView(**(fields | rest))


def inbox() -> list[InboxView]:
    away = "D:\\收件\\隔离\\"
    rows = [
        inbox_row("石门镇", "township", 3, 88, conflicting=2, open_forks=2, missing_files=5),
        inbox_row(
            "双塔镇",
            "township",
            4,
            0,
            state="invalid",
            quarantined=away + "双塔镇_6月(1).xlsx",
            file="双塔镇_6月(1).xlsx",
            reason="可能被 WPS 或 Excel 另存，请发原文件",
            resaved=True,
        ),
        inbox_row(
            "",
            "",
            4,
            0,
            unit_name="古渡镇",
            state="invalid",
            quarantined=away + "文件3.xlsx",
            file="文件3.xlsx",
            sequence=2,
            rule=3,
            reason="第 17 份佐证“柳湾桥 护栏 改造后”的内容在签名之后变了。"
            "可能是照片被替换或重新压缩，也可能是拷贝时U盘出了错。数据表本身没有变。",
        ),
        inbox_row("枫桥镇", "township", 3, 94, reviewed="waiting"),
        inbox_row("柳河镇", "township", 2, 71, known=3, reviewed="waiting"),
        inbox_row(
            "白鹭镇", "township", 3, 66, missing_files=12, state="valid_with_notes", reason="等第 2 卷"
        ),
        inbox_row("县住建局", "department", 1, 58, reviewed="waiting"),
        inbox_row("县民政局", "department", 2, 112, refused=1),
        inbox_row("古渡镇", "township", 2, 0, known=69),
        inbox_row("大陂乡", "township", 1, 52, reviewed="accepted", stamp="received"),
        inbox_row("桃溪镇", "township", 2, 80, reviewed="accepted", stamp="voided"),
        inbox_row("清水镇", "township", 2, 77, known=2, reviewed="accepted"),
        inbox_row(
            "竹园乡",
            "township",
            1,
            31,
            state="unknown_signer",
            reason="还没有领证书",
            quarantined="quarantine/竹园乡.xlsx",
        ),
        inbox_row("南坪镇", "township", 1, 64, reviewed="accepted"),
        inbox_row("县交通局", "department", 1, 45, reviewed="accepted"),
        inbox_row("县残联", "department", 1, 39, reviewed="accepted"),
        inbox_row("城关镇", "township", 1, 102, reviewed="accepted"),
        inbox_row("石桥镇", "township", 1, 73, reviewed="returned"),
    ]
    return rows


def reminder() -> str:
    names = "、".join(line.unit_name for line in missing() if line.state == "missing")
    return (
        f"{names}：\n6月民生实事数据报送日为7月2日，贵单位尚未报送。请最晚于7月5日12时前导出上报包送云溪县。"
    )


def missing() -> list[MissingView]:
    said = [
        ("长岭乡", "上次 5月 按时", "0578-3021"),
        ("梅山乡", "上次 5月 迟 2 天", "0578-3044"),
        ("红枫乡", "说好今天下午送U盘", ""),
        ("青泥乡", "换了经办人，还没领密钥", ""),
    ]
    rows = [
        MissingView(
            unit=name,
            unit_name=name,
            kind="township",
            phone=phone,
            state="missing",
            due=date(2024, 7, 2),
            days_late=1,
            last="2024-05",
            detail=detail,
        )
        for name, detail, phone in said
    ]
    rows.append(
        MissingView(
            unit="白鹭镇",
            unit_name="白鹭镇",
            kind="township",
            phone="0578-3066",
            state="incomplete",
            due=date(2024, 7, 2),
            days_late=0,
            last="2024-06",
            detail="缺 12 张照片，等第 2 卷",
        )
    )
    rows.append(
        MissingView(
            unit="双塔镇",
            unit_name="双塔镇",
            kind="township",
            phone="0578-3051",
            state="late",
            due=date(2024, 7, 2),
            days_late=2,
            last="2024-06",
            detail="发来的文件被另存过",
        )
    )
    for name in [
        "枫桥镇",
        "石门镇",
        "柳河镇",
        "古渡镇",
        "大陂乡",
        "桃溪镇",
        "清水镇",
        "竹园乡",
        "南坪镇",
        "城关镇",
    ]:
        rows.append(
            MissingView(
                unit=name,
                unit_name=name,
                kind="township",
                phone="",
                state="received",
                due=date(2024, 7, 2),
                days_late=0,
                last="2024-06",
                detail="",
            )
        )
    return rows


def review_units() -> list[ReviewUnitView]:
    said = [
        ("枫桥镇", 9, 2),
        ("柳河镇", 12, 0),
        ("县住建局", 7, 1),
        ("县民政局", 11, 0),
        ("石门镇", 14, 3),
        ("白鹭镇", 16, 1),
    ]
    return [
        ReviewUnitView(
            unit=data.TOWN if name == "枫桥镇" else name,
            unit_name=name,
            waiting=waiting,
            failed=failed,
            accepted=4,
            returned=0,
            submitted="2024-07-03T14:36:00+08:00",
            digest="7F3K-92QA-M4TX",
            people=("周桂兰", "赵建国", "孙明远"),
        )
        for name, waiting, failed in said
    ]


def step(before: str, after: str, at: str, who: str, why: str = "", head: bool = False) -> HistoryView:
    return HistoryView(
        id=f"{before}-{after}-{at}",
        kind="progress",
        subject="progress/x",
        at=at,
        unit=data.TOWN,
        unit_name="枫桥镇",
        operator=who,
        before=before,
        after=after,
        reason=why,
        counted=True,
        why_not="",
        head=head,
    )


@dataclass
class FakeSide:
    id: str
    value: str
    operator: str
    at: str
    origin: str
    counted: bool
    fields: list[tuple[str, str]]
    history: list[HistoryView]
    unit: str = "石门镇"


@dataclass
class FakeFork:
    subject: str
    title: str
    sides: list[FakeSide]
    unit: str = "349901102"
    unit_name: str = "石门镇"
    period: str = "2024-06"
    measure: str = "户"
    answered: str = ""


def _fields(value: str, more: str, done: str, lacking: str, note: str) -> list[tuple[str, str]]:
    return [
        ("6月累计完成（户）", value),
        ("本月新增", more),
        ("上期累计（5月）", "44"),
        ("台账已完成", done),
        ("其中缺佐证", lacking),
        ("说明", note),
        ("佐证", "58 份"),
    ]


def forks() -> list[FakeFork]:
    early = [
        step("36", "44", "2024-06-04T09:12:00", "刘晓", "5月上报"),
        step("22", "36", "2024-05-06T10:03:00", "刘晓", "4月上报"),
    ]
    first = FakeSide(
        "a" * 64,
        "61",
        "刘晓",
        "2024-07-02T16:40:00",
        "办公室电脑（第 1 台）",
        False,
        _fields("61", "+17", "61 户", "3 户", "含 3 户已完工未验收"),
        [step("44", "61", "2024-07-02T16:40:00", "刘晓", "加 3 户未验收", True), *early],
    )
    second = FakeSide(
        "b" * 64,
        "58",
        "陈志远",
        "2024-07-02T17:25:00",
        "民政站电脑（第 2 台）",
        True,
        _fields("58", "+14", "58 户", "0 户", "按验收日期统计"),
        [step("44", "58", "2024-07-02T17:25:00", "陈志远", "按验收表", True), *early],
    )
    road = [
        FakeSide(
            "c" * 64,
            "3.2",
            "刘晓",
            "2024-07-01T11:00:00",
            "办公室电脑（第 1 台）",
            True,
            [("养护里程（公里）", "3.2"), ("说明", "")],
            [step("2.6", "3.2", "2024-07-01T11:00:00", "刘晓", "", True)],
        ),
        FakeSide(
            "d" * 64,
            "3.0",
            "陈志远",
            "2024-07-02T09:20:00",
            "民政站电脑（第 2 台）",
            False,
            [("养护里程（公里）", "3.0"), ("说明", "按竣工图")],
            [step("2.6", "3.0", "2024-07-02T09:20:00", "陈志远", "", True)],
        ),
    ]
    return [
        FakeFork("progress/349901102/2024/13.1/2024-06", "13 适老化改造户数", [first, second]),
        FakeFork("progress/349901102/2024/31.3/2024-06", "31 养护工程里程", road, measure="公里"),
    ]


@dataclass
class FakeFile:
    path: object
    digest: str
    size: int
    unit: str = ""


@dataclass
class FakeExported:
    files: list[FakeFile]
    code: str = "7F3K-92QA-M4TX"
    entries: int = 36
    sites: int = 58
    evidence: int = 47
    withheld: int = 23


@dataclass
class FakeShare:
    area: str
    area_name: str
    value: str
    document: str = ""


@dataclass
class FakeUndoable:
    undo: str = ""
    redo: str = ""
    noted: int = 0

    @property
    def undone(self) -> str:
        return f"{self.undo} 已改回"

    @property
    def redone(self) -> str:
        return f"{self.redo} 又改为"


@dataclass
class Step:
    words: str
    undo: object
    redo: object
    changes: object = field(default=None)

"""A static desk that answers like the real one, so that every page can be drawn and tested without a store."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import fake_city
import fake_closing
import fake_county as county
import fake_data as data
import fake_plan
import fake_records
import fake_registers
import fake_trust
import msgspec

from desktop_app.core.errors import KnownError, ReasonNeeded, RuleError, WrongPassphrase
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.unit import Organisation
from desktop_app.core.model.view import (
    BoardView,
    EvidenceView,
    HistoryView,
    IndicatorView,
    IssueView,
    Overview,
    PointView,
    ProblemView,
    ReviewItemView,
    SiteView,
    TaskView,
)

JUNE = Period(2024, 6, 6)
NAMES = {"township": "枫桥镇", "county": "云溪县", "city": "云川市"}
CODES = {"township": data.TOWN, "county": data.COUNTY, "city": data.CITY}
SITES = [("张家湾", 8), ("桥头村", 6), ("柳树村", 7), ("石板村", 6)]


class FakeDesk(
    fake_closing.FakeClosing, fake_trust.FakeTrust, fake_registers.FakeRegisters, fake_plan.FakePlan
):
    """`level` picks whose desk it is.  What is written stays for the life of the object."""

    plan = "2024"

    def __init__(self, level: str = "township", passphrase: str = "") -> None:
        self.level = level
        self.unit = CODES[level]
        self.values: dict[str, tuple[Fraction | None, Fraction | None, str, bool]] = {}
        self.steps: list[tuple[str, str, Any, Any]] = []
        self.undone: list[tuple[str, str, Any, Any]] = []
        self.given: dict[int, str] = {}
        self.calls: list[tuple] = []
        self.verdicts: dict[str, tuple[str, str]] = {}
        self.rows = county.inbox()
        self.open_forks = county.forks()
        self.files: list[EvidenceView] = fake_records.evidence(self.unit)
        self.bytes = fake_records.contents()
        self.passphrase = passphrase
        self.slow = 0.0
        self.open_problems = fake_records.problems()
        self.milestones_done: dict[str, str] = {}
        self.retracted: set[str] = set()
        self.begin_trust()

    def for_others(self, files):
        return []

    # Frame
    def look_at(self, period: Period) -> None:
        self.looked_at = period

    def today(self) -> date:
        return data.TODAY

    def overview(self, period: Period) -> Overview:
        who = {"township": "周桂兰 · 民政站", "county": "李敏 · 县民生办", "city": "何立 · 市民生办"}[
            self.level
        ]
        return Overview(
            unit=self.unit,
            unit_name=NAMES[self.level],
            level=self.level,
            kind="government",
            city="云川市",
            plan_title="2024年50项民生实事",
            sample=False,
            period=period.key,
            unsent=3 + len(self.values) if self.level == "township" else 0,
            last_saved="2024-07-03T14:32:00",
            last_backup="2024-07-03T12:05:00",
            last_sent="2024-05",
            last_sent_state="县已接收" if self.level == "township" else "市已接收",
            has_key=True,
            certified=True,
            operator=who,
            reports_to={"township": "云溪县", "county": "云川市"}.get(self.level, ""),
        )

    def periods(self) -> list[Period]:
        return [Period(2024, month, month) for month in range(6, 0, -1)]

    def due(self, period: Period) -> date:
        return date(2024, 7, 5)

    def units(self) -> Organisation:
        return Organisation(data.units())

    @contextmanager
    def opened(self) -> Iterator[FakeDesk]:
        yield self

    def close(self) -> None:
        self.calls.append(("close",))

    # Figures
    def tasks(self, period: Period) -> list[TaskView]:
        name = NAMES[self.level]
        return [data.task_view(task, self.unit, name, self.level, self.values) for task in data.PLAN["tasks"]]

    def task(self, no: int, area: str, period: Period) -> TaskView | None:
        task = data.PLAN["tasks"][no - 1]
        return data.task_view(task, area, self.units().name(area), "area", {})

    def _view(self, indicator: str) -> IndicatorView:
        return next(v for t in self.tasks(JUNE) for v in t.indicators if v.id == indicator)

    def line(self, indicator: str, area: str) -> list[PointView]:
        return data.line(self._view(indicator), JUNE)

    def history(self, subject: str) -> list[HistoryView]:
        indicator = subject.split("/")[3] if subject.startswith("progress") else "12.1"
        view = next((v for t in self.tasks(JUNE) for v in t.indicators if v.id == indicator), None)
        if view is None or view.figure.value is None:
            return []
        now, before = (
            str(float(view.figure.value)).removesuffix(".0"),
            str(float(view.previous.value or 0)).removesuffix(".0"),
        )
        return [
            county.step("", now, "2024-07-03T14:31:00", "周桂兰", head=True),
            county.step("", before, "2024-06-04T09:12:00", "周桂兰", "5月"),
        ]

    def record(
        self,
        indicator: str,
        value: str,
        *,
        period: Period,
        area: str,
        of: str | None = None,
        note: str = "",
        reason: str = "",
        same: bool = False,
    ) -> Changes:
        self.calls.append(("record", indicator, value, of, reason, same))
        try:
            number, whole = Fraction(value), Fraction(of) if of else None
        except ValueError as error:
            raise RuleError("这里要填数字", next_step="请只填数字，不带单位。") from error
        view = self._view(indicator)
        if number < 0:
            raise RuleError("不能是负数", next_step="请改这一格。")
        if whole is not None and number > whole:
            raise RuleError("分子大于分母", next_step="请改这一格。")
        last = view.previous.value or Fraction(0)
        if view.measure == "count" and not reason and number < last:
            raise ReasonNeeded(f"比上期 {last} 少", next_step="请写一句原因。")
        if view.measure == "count" and not reason and last and number > last * 4 and number - last > 50:
            raise ReasonNeeded("增得特别多", next_step="请写一句原因。")
        before, after = self.values.get(indicator), (number, whole, reason, same)
        self.values[indicator] = after
        self.steps.append((f"{view.task} {view.name} → {value}", indicator, before, after))
        self.undone.clear()
        return Changes(kinds=frozenset({"progress"}), subjects=(indicator,), entries=1)

    def undoable(self) -> county.FakeUndoable:
        return county.FakeUndoable(
            self.steps[-1][0] if self.steps else "",
            self.undone[-1][0] if self.undone else "",
            len(self.steps) + len(self.undone),
        )

    def _put(self, indicator: str, value: Any) -> Changes:
        if value is None:
            self.values.pop(indicator, None)
        else:
            self.values[indicator] = value
        return Changes(kinds=frozenset({"progress"}), subjects=(indicator,), entries=1)

    def undo(self) -> Changes:
        step = self.steps.pop()
        self.undone.append(step)
        return self._put(step[1], step[2])

    def redo(self) -> Changes:
        step = self.undone.pop()
        self.steps.append(step)
        return self._put(step[1], step[3])

    def milestone(self, milestone: str, area: str, *, done: str, note: str = "") -> Changes:
        self.milestones_done[milestone] = done
        return Changes(kinds=frozenset({"milestone"}), entries=1)

    # Sites, problems
    def sites(self, indicator: str | None = None) -> list[SiteView]:
        made = []
        for place, count in SITES:
            for number in range(1, count + 1):
                seed = data.noise(place, number)
                done = f"2024-06-{int(seed * 25) + 1:02d}" if seed > 0.35 else ""
                lacking = (place, number) in (("张家湾", 6), ("张家湾", 9), ("桥头村", 2), ("石板村", 4))
                made.append(
                    SiteView(
                        subject=f"site/{self.unit}/{place}{number:02d}",
                        area=self.unit,
                        area_name=NAMES[self.level],
                        name=f"{place} {number:02d} 户",
                        place=place,
                        quantities={"12.1" if number % 2 else "13.1": Fraction(1)},
                        stages={"方案": "2024-04-20", "施工": "2024-05-15"} if seed > 0.2 else {},
                        started="2024-04-20",
                        completed=done,
                        charge="王国庆" if seed > 0.5 else "刘芳",
                        note="",
                        sealed=True,
                        evidence=3 if done else 1,
                        evidence_missing=int(lacking and bool(done)),
                        counts=bool(done and not lacking),
                        why_not="缺改造后照片" if lacking and done else "",
                    )
                )
        return [site for site in made if indicator is None or indicator in site.quantities]

    def save_site(self, subject: str | None, fields: dict[str, Any]) -> Changes:
        self.calls.append(("save_site", subject, fields))
        return Changes(kinds=frozenset({"site"}), entries=1)

    def problems(self) -> list[ProblemView]:
        return self.open_problems

    def save_problem(self, subject: str | None, fields: dict[str, Any]) -> Changes:
        self.calls.append(("save_problem", subject, fields))
        return Changes(kinds=frozenset({"problem"}), entries=1)

    # Evidence
    def evidence(self, about: str | None = None) -> list[EvidenceView]:
        return [view for view in self.files if about is None or about in view.about]

    def evidence_for(self, subject: str) -> list[EvidenceView]:
        return self.evidence(subject.split("/")[3])

    def gaps(self, period: Period) -> list[IssueView]:
        said = [
            ("12.1", "张家湾 06 户", "缺 改造后照片"),
            ("12.1", "张家湾 09 户", "缺 改造后照片"),
            ("12.1", "桥头村 02 户", "缺 验收表"),
            ("13.1", "石板村 04 户", "缺 改造后照片"),
            ("13.1", "柳树村 01 户", "缺 验收表"),
            ("18.1", "石板村互助社", "缺 登记证"),
            ("18.1", "柳树村互助社", "缺 登记证"),
            ("23.1", "中心小学", "缺 检测报告"),
            ("23.1", "石板小学", "缺 检测报告"),
        ]
        return [
            IssueView(
                level="soft",
                subject=f"site/{self.unit}/{name}",
                indicator=indicator,
                name=name,
                text=text,
                next_step="",
                stage="改造后" if "改造后" in text else "",
            )
            for indicator, name, text in said
        ]

    def attach(
        self,
        files: Sequence[Path],
        about: Sequence[str],
        *,
        caption: str = "",
        stage: str = "",
        personal: bool = False,
        longest: int = 0,
        progress: Any,
    ) -> Changes:
        self.calls.append(("attach", tuple(files), tuple(about)))
        for number, file in enumerate(files):
            progress(number, len(files), file.name)
            content = file.read_bytes()
            sha = hashlib.sha256(content).hexdigest()
            self.bytes[sha] = content
            self.files.append(
                EvidenceView(
                    subject=f"evidence/{self.unit}/{len(self.files)}",
                    sha256=sha,
                    size=len(content),
                    media="image/png",
                    name=file.name,
                    caption=caption or file.stem,
                    stage=stage,
                    taken="2024-07-03",
                    added="2024-07-03T14:40:00",
                    operator="周桂兰",
                    unit=self.unit,
                    about=tuple(about),
                    personal=personal,
                    present=True,
                )
            )
        return Changes(kinds=frozenset({"evidence"}), entries=len(files))

    def describe(self, subject: str, fields: dict[str, Any]) -> Changes:
        self.calls.append(("describe", subject, fields))
        self.files = [
            EvidenceView(**({n: getattr(v, n) for n in v.__struct_fields__} | fields))
            if v.subject == subject
            else v
            for v in self.files
        ]
        return Changes(kinds=frozenset({"evidence"}), entries=1)

    def assigned(self) -> dict[int, str]:
        return self.given

    def assign(self, tasks: Sequence[int], name: str) -> Changes:
        self.given.update(dict.fromkeys(tasks, name))
        return Changes(kinds=frozenset({"setting"}), entries=1)

    def together(self):
        return contextlib.nullcontext()

    def withdraw(self, subject: str, reason: str) -> Changes:
        self.files = [view for view in self.files if view.subject != subject]
        return Changes(kinds=frozenset({"evidence"}), entries=1)

    def evidence_bytes(self, sha256: str) -> bytes | None:
        return self.bytes.get(sha256)

    # Sending
    def check(self, period: Period) -> list[IssueView]:
        found = [
            IssueView(
                level="soft",
                subject="",
                indicator="25.1",
                name="25 老年教育新增学员",
                text="月均 4.8 倍：春季班集中注册",
                next_step="",
            ),
            IssueView(
                level="soft",
                subject="evidence/x",
                indicator="12.1",
                name="12 无障碍改造户数",
                text="缺佐证 3 份",
                next_step="可以先报，县里会退回。",
            ),
            IssueView(
                level="note",
                subject="",
                indicator="17.1",
                name="17 帮扶退役军人及军烈属",
                text="没有填，沿用 5月 的数并注明",
                next_step="",
            ),
        ]
        if self.level == "township" and "32.1" not in self.values:
            found.insert(
                0,
                IssueView(
                    level="hard",
                    subject="",
                    indicator="32.1",
                    name="32 新增停车泊位",
                    text="合计比其中一项还小",
                    next_step="请改这一格",
                ),
            )
        return found

    def locked(self) -> bool:
        return bool(self.passphrase)

    def unlock(self, passphrase: str) -> None:
        if self.passphrase and passphrase != self.passphrase:
            raise WrongPassphrase("口令不对", next_step="请再输一次；忘了口令要向县里申请换密钥。")
        self.given_passphrase, self.passphrase = passphrase, ""

    def lock(self) -> None:
        self.passphrase = self.given_passphrase

    def fingerprint(self) -> str:
        return "3F2A 91C7 5D04 B86E 1A7C 44F0 9E35 2B68"

    def closed(self, period: Period, unit: str = "") -> None:
        return None

    def last_people(self) -> tuple[str, str, str]:
        return "周桂兰", "", ""

    def preview(self, period: Period, *, evidence="new", personal=False, progress=None) -> SimpleNamespace:
        return SimpleNamespace(code="", sheets=(), evidence=0, withheld=0)

    def export(
        self,
        period: Period,
        folder: Path,
        *,
        filled: str,
        checked: str,
        responsible: str,
        evidence: str = "new",
        personal: bool = False,
        max_size: int = 0,
        progress: Any,
    ) -> county.FakeExported:
        self.calls.append(("export", folder, filled, checked, responsible, evidence, personal, max_size))
        for number in range(20):
            time.sleep(self.slow)
            progress(number, 20, "正在写入佐证")
        path = Path(folder) / f"{self.unit}-{period.key}-1.xlsx"
        return county.FakeExported([county.FakeFile(path, "7F3K-92QA-M4TX", 40_474_012)])

    # Receiving
    def inbox(self, period: Period) -> list[Any]:
        return self.rows

    def merge(
        self, files: Sequence[Path], progress: Any, *, foreign: bool = True
    ) -> tuple[list[Any], Changes]:
        rows = []
        for number, file in enumerate(files):
            progress(number, len(files), Path(file).name)
            rows.append(county.inbox_row(Path(file).stem, "township", 4, 60, file=Path(file).name))
        self.rows = rows + self.rows
        return rows, Changes(kinds=frozenset({"progress", "receipt"}), entries=60 * len(rows))

    def retract(self, container: str, reason: str) -> Changes:
        self.calls.append(("retract", container, reason))
        return Changes(kinds=frozenset({"retraction"}), entries=1)

    def put_away(self, container: str, away: bool) -> Changes:
        self.calls.append(("put_away", container, away))
        self.rows = [
            msgspec.structs.replace(row, put_away=away) if row.container == container else row
            for row in self.rows
        ]
        return Changes(kinds=frozenset({"container"}))

    def dealings(self, subject: str) -> list[HistoryView]:
        return self.history(subject)

    def judged_above(self, period: Period) -> Any:
        from desktop_app.core.operations import answers_above

        return answers_above.Judgement()

    def judged_in(self, subjects: Sequence[str]) -> Any:
        return self.judged_above(Period(2024, 6, 6))

    def reply_news(self) -> list[Any]:
        from desktop_app.core.operations import replying

        names = {row.unit: row.unit_name for row in self.rows if row.state == "valid"}
        return [replying.ReplyNews(unit=code, unit_name=name, received=1) for code, name in names.items()]

    def answer_units(self, folder: Path, units, progress) -> Any:
        return self.reply(folder, units, progress)

    def unanswered(self) -> list[str]:
        return [row.unit for row in self.rows if row.state == "valid"]

    def reminder(self, period: Period) -> str:
        return county.reminder()

    def missing(self, period: Period) -> list[Any]:
        return county.missing()

    def review_units(self, period: Period) -> list[Any]:
        return county.review_units()

    def review_items(self, unit: str, period: Period) -> list[ReviewItemView]:
        items = []
        for task in data.PLAN["tasks"]:
            for item in task["indicators"]:
                if item.get("reports") != "township" or not item.get("headline", True):
                    continue
                view = data.indicator_view(task, item, data.TOWN, "枫桥镇", True, {})
                subject = f"progress/{unit}/2024/{view.id}/2024-06"
                check = "缺佐证 3" if view.id == "12.1" else "增幅异常" if view.id == "25.1" else ""
                start = "accept" if data.noise(view.id, "v") > 0.4 and not check else "waiting"
                verdict, comment = self.verdicts.get(subject, (start, ""))
                items.append(
                    ReviewItemView(
                        indicator=view, subject=subject, verdict=verdict, comment=comment, check=check
                    )  # type: ignore[arg-type]
                )
        items.sort(key=lambda i: not i.check)
        return items

    def review(
        self,
        subject: str,
        verdict: str,
        *,
        value: str | None = None,
        of: str | None = None,
        comment: str = "",
    ) -> Changes:
        self.calls.append(("review", subject, verdict, value, comment))
        if verdict != "accept" and not comment:
            raise RuleError("退回和核定要写意见", next_step="请在意见栏写一句。")
        self.verdicts[subject] = (verdict, comment)
        return Changes(kinds=frozenset({"review"}), entries=1)

    def reply(self, folder: Path, units: Sequence[str] | None, progress: Any) -> county.FakeExported:
        progress(1, 1, "")
        return county.FakeExported([county.FakeFile(Path(folder) / "回执.xlsx", "", 20000)])

    def forks(self) -> list[Any]:
        return self.open_forks

    def settle(
        self,
        subject: str,
        *,
        keep: str | None = None,
        value: str | None = None,
        of: str | None = None,
        reason: str,
    ) -> Changes:
        self.calls.append(("settle", subject, keep, value, reason))
        self.open_forks = [fork for fork in self.open_forks if fork.subject != subject]
        return Changes(kinds=frozenset({"progress"}), entries=1)

    # Shares, city
    def shares(self, indicator: str) -> list[Any]:
        units = self.units().child_areas(self.unit)
        return [
            county.FakeShare(
                u.code, u.name, str(int(20 + data.noise(u.code, indicator) * 60)), "云民生办〔2024〕3 号"
            )
            for u in units
        ]

    def allocate(self, indicator: str, area: str, value: str, document: str = "") -> Changes:
        self.calls.append(("allocate", indicator, area, value, document))
        return Changes(kinds=frozenset({"allocation"}), entries=1)

    def divide(self, indicator: str, method: str) -> Changes:
        self.calls.append(("divide", indicator, method))
        return Changes(kinds=frozenset({"allocation"}), entries=10)

    def board(self, period: Period) -> BoardView:
        return fake_city.board(self, period)

    def backup(self, folder: Path, progress: Any) -> Path:
        progress(1, 1, "")
        raise KnownError(
            "U盘已满",
            meaning="备份没有写完，原来的数据没有动。",
            next_step="请换一个U盘或删去旧备份，再按 Ctrl+S。",
        )

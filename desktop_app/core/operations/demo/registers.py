"""A little of most registers in the sample city: a meeting, orders, rosters with a visit missed, money, checks."""

from __future__ import annotations

import random
from datetime import timedelta

from desktop_app.core.model.period import Period
from desktop_app.core.operations import recording, register_writing
from desktop_app.core.operations.workspace import Workspace


class Clerk:
    """Writes one desk's rows of a month; every key is made from its place, so that the same seed gives the same."""

    def __init__(self, desk: Workspace, period: Period, number: int, seed: int) -> None:
        self.desk = desk
        self.period = period
        self.number = number
        self.random = random.Random(f"{seed}-{desk.unit_code}-{period.key}-registers")
        self.home = desk.organisation.home_area(desk.unit_code)
        self.count = 0

    def day(self, number: int) -> str:
        return f"{self.period.key}-{number:02d}"

    def after(self, days: int) -> str:
        return (self.period.end + timedelta(days=days)).isoformat()

    def add(self, register: str, name: str, **values: object) -> str:
        """A row; names with a month in them are new every month."""
        self.count += 1
        _changes, subject = register_writing.save(
            self.desk, register, None, values, name=f"{self.desk.unit_code}-{name}", at=self._at()
        )
        return subject

    def money(self, task: int, level: str, **values: object) -> None:
        self.count += 1
        fields = {"task": task, "level": level, "date": self.day(18), **values}
        recording.record_fund(self.desk, fields, at=self._at())

    def _at(self) -> str:
        return f"{self.period.end.isoformat()}T15:{self.number:02d}:{self.count % 60:02d}+08:00"

    def work(self) -> int:
        """Record the month's rows; how many there are."""
        level = self.desk.unit.level
        self._accept_sites()
        if not self.desk.unit.is_area:
            self._bureau()
        elif level == "township":
            self._township()
        elif level == "county":
            self._county()
        else:
            self._city()
        return self.count

    def _accept_sites(self) -> None:
        """What is finished and wants an acceptance gets one; the last finished of each desk waits for it."""
        plan, store = self.desk.plan, self.desk.store
        wanting = {indicator.id for indicator in plan.indicators() if indicator.acceptance}
        done = [
            head
            for head in store.ledger.heads("site")
            if head.unit == self.desk.unit_code
            and head.body.completed
            and wanting & set(head.body.quantities)
        ]
        passed = {head.body.about for head in store.ledger.heads("record", self.home)}
        for head in sorted(done, key=lambda head: head.body.completed)[:-1]:
            if head.subject not in passed:
                self.add(
                    "acceptance", f"accepted-{head.subject.rsplit('/', 1)[1]}", task=29, about=head.subject,
                    kind="评估验收", date=max(head.body.completed, self.day(6)), conclusion="合格",
                    inspector="县验收组",
                )  # fmt: skip

    def _township(self) -> None:
        desk, name = self.desk, self.desk.unit.name
        if self.number == 0:
            for index in (1, 2, 3):
                kind = "集中养育" if index == 3 else "分散养育"
                self.add(
                    "children", f"child-{index}", task=20, code=f"{name}-{index:02d}", kind=kind,
                    visitor=self.random.choice(("周玉兰", "马建国")), entry=f"{self.period.year}-01-05",
                )  # fmt: skip
            self.add("estates", "estate-1", task=40, estate=f"{name}北苑", homes="186", managed="未管")
            self.add(
                "estates", "estate-2", task=40, estate=f"{name}供销社宿舍", homes="64", managed="社区代管",
                date=self.day(12),
            )  # fmt: skip
        for index in (1, 2, 3):
            # The last child of each town is not visited every month.
            if index < 3 or self.number % 2 == 0:
                about = f"record/{self.home}/children/{desk.unit_code}-child-{index}"
                self.add(
                    "visits", f"visit-{self.period.key}-{index}", task=20, about=about, date=self.day(6 + index),
                    visitor="周玉兰", finding="在校，身体好",
                )  # fmt: skip
        self.money(13, "township", paid=str(self.random.randint(20, 90) * 100))

    def _bureau(self) -> None:
        self.add(
            "dispatches", f"dispatch-{self.period.key}", task=38, date=self.day(15), status="closed",
            progress="施工单位均已进场，按周报进度", action="雨天停工的顺延三天", owner="科室负责人",
        )  # fmt: skip

    def _county(self) -> None:
        name = self.desk.unit.name
        if self.number == 0:
            self.add(
                "baseline", "villages", task=37, item="收益不足的村", count=str(self.random.randint(18, 40)),
                date=f"{self.period.year - 1}-12-20", method="各乡镇逐村核对",
            )  # fmt: skip
            register_writing.freeze(self.desk, "baseline", task=37, at=self._at())
            for task, item in ((12, "无障碍改造实施方案"), (17, "困境家庭摸排"), (48, "劝阻工作队")):
                done = task != 17
                self.add(
                    "checklists", f"check-{task}", task=task, item=item, due=self.after(30),
                    done="是" if done else "否", date=self.day(20) if done else "",
                    status="closed" if done else "open",
                )  # fmt: skip
            for index, store in enumerate(("城关便民店", "东关平价店"), start=1):
                self.add(
                    "stores", f"store-{index}", task=46, store=f"{name}{store}", entry=self.day(3),
                    address=f"{name}城区",
                )  # fmt: skip
            self.add(
                "list_versions", "list-1", task=37, title=f"{name}光伏实施清单", version="第1版",
                drafted=self.day(8), reviewed=self.day(16), items="24", status="reviewed",
            )  # fmt: skip
            self.money(13, "province", arrived="240000")
            self.money(4, "province", arrived="1860000")
        self.add(
            "findings", f"finding-{self.period.key}", task=38, place=f"{name}二中教师公寓", date=self.day(19),
            method="随机抽查", finding="外墙保温层有一处空鼓", severity="一般", due=self.after(10),
        )  # fmt: skip
        about = f"record/{self.home}/stores/{self.desk.unit_code}-store-1"
        self.add(
            "patrols", f"patrol-{self.period.key}", task=46, about=about, date=self.day(11), action="无问题"
        )
        self.money(13, "county", arrived=str(self.random.randint(4, 9) * 10000), paid="30000")
        self.money(4, "county", arrived="420000", paid="360000")

    def _city(self) -> None:
        counties = [unit for unit in self.desk.organisation.children(self.desk.unit_code) if unit.is_area]
        month = self.period.label
        meeting = self.add(
            "meetings", f"meeting-{self.period.key}", title=f"{month}调度会", date=self.day(12),
            period=self.period.key, chair="分管副秘书长", attendees="各县区、牵头部门",
            minutes="逐项过进度，滞后的当场说明原因",
        )  # fmt: skip
        for index, unit in enumerate(counties[:2]):
            self.add(
                "actions", f"action-{self.period.key}-{index}", task=(38, 12)[index], about=meeting,
                what=("倒排老旧小区改造工期，每周报一次", "补齐已完工户的前后对比照片")[index],
                to=unit.code, due=self.after(-4 if index else 9),
            )  # fmt: skip
        if self.number == 0:
            for index, unit in enumerate(counties[:3]):
                self.add(
                    "orders", f"order-{index}", task=(38, 39, 19)[index % 3],
                    title=("老旧小区改造进展慢", "保障性租赁房认定滞后", "参保率低于下限")[index % 3],
                    ask="说明原因，报整改措施和完成时限", issued=self.day(25), to=unit.code,
                    due=self.after(12),
                )  # fmt: skip
            self.add(
                "split", f"split-{counties[0].code}", county=counties[0].code, rule="市与区分担", city="5",
                own="5", document="样例〔2024〕3号",
            )  # fmt: skip
            self.add(
                "publications", "publication-1", task=14, title="救助完成情况", kind="完成情况",
                where="市政府网站", date=self.day(28),
            )  # fmt: skip
        else:
            self.add(
                "samples", f"sample-{self.period.key}", task=49, batch=f"{self.period.key}-01", item="食用油",
                tested=self.day(5), result="合格", published=self.day(22), where="市场监管局网站",
            )  # fmt: skip


def reply_to_orders(desk: Workspace, at: str) -> int:
    """A county answers the first order that has reached it."""
    for head in desk.store.ledger.heads("record"):
        words = head.subject.split("/")
        if words[2] == "orders" and head.body.to == desk.unit_code:
            register_writing.answer(
                desk, head.subject, "已约施工单位，六月底前补齐进度", status="doing", day=at[:10], at=at
            )
            return 1
    return 0


__all__ = ["Clerk", "reply_to_orders"]

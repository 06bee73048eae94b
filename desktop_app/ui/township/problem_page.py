"""问题: what stands in the way, who is to solve it, until when, what was answered, and whether it stayed solved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model.view import ProblemView
from desktop_app.ui import places, text, theme
from desktop_app.ui.county.remembered import remember_order
from desktop_app.ui.records.record_detail import answer_lines
from desktop_app.ui.records.record_form import Field, Options, RecordForm
from desktop_app.ui.session import Session
from desktop_app.ui.township.remembered import Remembered
from desktop_app.ui.widgets.controls import Card, EmptyState, ScrollPanel, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ActionCell, ChipCell, NumberCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

TESTS: dict[str, Any] = {
    "open": lambda p: p.status == "open",
    "late": lambda p: p.overdue > 0,
    "asked": lambda p: p.status == "open" and bool(p.lead),
    "again": lambda p: p.status == "closed" and not p.recheck,
    "closed": lambda p: p.status == "closed",
    "all": lambda p: True,
}


def state_of(problem: ProblemView) -> str:
    if problem.status == "closed":
        return _("已销号")
    if problem.overdue:
        return _("逾期 {days} 天").format(days=problem.overdue)
    if problem.reopened:
        return _("又出现")
    return _("没解决")


def mood_of(problem: ProblemView) -> str:
    if problem.status == "closed":
        return "ok" if problem.evidence else "info"
    return "bad" if problem.overdue or problem.reopened else "warn"


class ProblemPage(Page):
    kinds = frozenset({"problem", "answer", "evidence"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("卡在哪里"))
        self._titles: dict[int, str] = {}
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.add_action(button(_("提一个问题"), "primary", "plus", self._add), primary=True)
        self.remembered = Remembered(session, "problems")
        self.filter = SegmentedFilter()
        self.remembered.filter(self.filter)
        self.filter.chosen.connect(lambda _key: self._apply())
        self.area, self.task = QComboBox(), QComboBox()
        for box, name in ((self.area, _("单位")), (self.task, _("任务"))):
            box.setFont(theme.font("body"))
            box.setAccessibleName(name)
            box.setMinimumWidth(theme.px(120))
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
            box.activated.connect(lambda _number: self._apply())
        self.body.addLayout(row(self.filter, None, self.area, self.task))
        self.model = RecordModel(
            [
                Column("task", _("任务"), 150, self._task, whole=True, drop=5, sort=lambda p: p.task),
                Column(
                    "area", _("单位"), 88, lambda p: p.area_name, colour=theme.INK2, drop=4, sort=lambda p: p.area
                ),
                Column(
                    "domain", _("领域"), 64, lambda p: p.domain, colour=theme.INK2, drop=1,
                    sort=lambda p: p.domain or None,
                ),
                Column("text", _("问题"), 220, lambda p: p.text, stretch=True, tip=lambda p: p.text),
                Column("raised", _("提出"), 76, lambda p: text.day(p.raised), colour=theme.INK2, drop=3),
                Column("due", _("要求解决"), 84, lambda p: text.day(p.due), sort=lambda p: p.due or None),
                Column(
                    "age", _("已（天）"), 74, lambda p: str(p.age_days), right=True,
                    cell=NumberCell(
                        lambda p: (theme.AMBER, "strong") if p.age_days > 14 and p.status == "open"
                        else (theme.INK, "body")
                    ),
                    sort=lambda p: -p.age_days,
                ),
                Column("who", _("谁来解决"), 112, self._who, drop=2, tip=self._who),
                Column("answer", _("答复"), 170, self._answer, colour=theme.INK2, drop=1, tip=self._answer),
                Column("proof", _("佐证"), 50, lambda p: str(p.evidence or ""), right=True, drop=2),
                Column(
                    "state", _("状态"), 92, state_of, cell=ChipCell(mood_of), whole=True,
                    sort=lambda p: (p.status, -p.overdue),
                ),
                Column(
                    "action", "", 72, self._action, pressable=True, cell=ActionCell(lambda p: p.status == "open")
                ),
            ]
        )  # fmt: skip
        self.table = RecordTable(self.model)
        self.table.keep_place_by(lambda problem: problem.subject)
        self.table.setAccessibleName(_("问题清单"))
        remember_order(self.table, "problems", self.remembered.preferences)
        self.table.activated_record.connect(self._change)
        self.table.action_pressed.connect(self._act)
        self.table.picked.connect(self._detail)
        self.empty = EmptyState(_("没有问题"), _("推进不动的事写在这里，上级会看到并答复。"))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        sheet.body.addWidget(self.empty)
        self.body.addWidget(sheet, 1)
        self._make_detail()
        self.setFocusProxy(self.table)

    def _make_detail(self) -> None:
        self.below = Card((14, 8, 10, 8), 6)
        self.below.setFixedHeight(theme.px(118))
        line = QHBoxLayout()
        line.setSpacing(theme.px(8))
        self.named = Label("", "strong")
        line.addWidget(self.named, 1)
        self.buttons = {
            "answer": button(_("答复"), "small", "message", self._reply),
            "assign": button(_("交办"), "small", "arrow-right", self._assign),
            "escalate": button(_("提请牵头部门"), "small", "arrow-up", self._escalate),
            "recheck": button(_("回头看"), "small", "eye", self._recheck),
            "reopen": button(_("重新打开"), "small", "refresh", self._reopen),
            "change": button(_("修改"), "small", "pencil", self._change_current),
        }
        for made in self.buttons.values():
            line.addWidget(made)
        self.below.body.addLayout(line)
        panel = ScrollPanel((0, 0, 8, 0), 3)
        self.said = WrappedLabel("", "note")
        self.facts = WrappedLabel("", "note", "ink2")
        lines = QVBoxLayout()
        lines.setSpacing(theme.px(3))
        lines.addWidget(self.said)
        lines.addWidget(self.facts)
        panel.body.addLayout(lines)
        panel.body.addStretch(1)
        self.below.body.addWidget(panel, 1)
        self.body.addWidget(self.below)

    # -- what a row says ---------------------------------------------------------------------------------------------

    def _task(self, problem: ProblemView) -> str:
        return f"{problem.task} {self._titles.get(problem.task, '')}"

    @staticmethod
    def _who(problem: ProblemView) -> str:
        return problem.lead_name or problem.to_name

    @staticmethod
    def _answer(problem: ProblemView) -> str:
        if problem.status == "closed" or not problem.answers:
            return problem.answer
        return problem.answers[-1].text

    def _action(self, problem: ProblemView) -> str:
        if problem.status != "open":
            return _("查看")
        return _("解决了") if problem.mine else _("答复")

    # -- filling -----------------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        self._titles = {task.no: task.short for task in self.session.desk.tasks(self.session.period)}
        problems = self.session.desk.problems()
        opened = sum(problem.status == "open" for problem in problems)
        late = sum(problem.overdue > 0 for problem in problems)
        self.set_title(
            _("卡在哪里"),
            _("没解决的 {open} 个 · 逾期 {late} 个 · 共 {total} 个").format(
                open=opened, late=late, total=len(problems)
            ),
        )
        words = {
            "open": _("没解决 {count}"),
            "late": _("逾期 {count}"),
            "asked": _("提请牵头部门 {count}"),
            "again": _("待回头看 {count}"),
            "closed": _("已销号 {count}"),
            "all": _("全部 {count}"),
        }
        self.filter.set_segments(
            [(key, words[key].format(count=sum(map(test, problems)))) for key, test in TESTS.items()]
        )
        self._fill(self.area, _("全部单位"), sorted({(p.area, p.area_name) for p in problems}))
        tasks = sorted({p.task for p in problems})
        # A domain is chosen where a task is, since both tell what a problem is about.
        domains = sorted({p.domain for p in problems if p.domain})
        about: list[tuple[Any, str]] = [(no, f"{no} {self._titles.get(no, '')}") for no in tasks]
        about += [(domain, _("领域：{name}").format(name=domain)) for domain in domains]
        self._fill(self.task, _("全部任务"), about)
        self.table.refill(problems)
        self._apply()

    @staticmethod
    def _fill(box: QComboBox, every: str, choices: list[tuple[Any, str]]) -> None:
        chosen = box.currentData()
        box.clear()
        box.addItem(every, None)
        for data, word in choices:
            box.addItem(word, data)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.setVisible(len(choices) > 1)

    def _apply(self) -> None:
        test = TESTS[self.filter.current or "all"]
        area, about = self.area.currentData(), self.task.currentData()
        self.model.show_only(
            lambda p: (
                test(p)
                and (area is None or p.area == area)
                and (about is None or about in (p.task, p.domain))
            )
        )
        shown = bool(self.model.rows)
        self.table.setVisible(shown)
        self.empty.setVisible(not shown)
        if self.table.current_record() is None:
            self.table.go_to_first()
        self._detail(self.table.current_record())

    def _detail(self, problem: ProblemView | None) -> None:
        self.below.setVisible(problem is not None)
        if problem is None:
            return
        opened = problem.status == "open"
        self.named.setText(f"{self._task(problem)} · {problem.area_name}")
        self.buttons["answer"].setVisible(opened)
        self.buttons["assign"].setVisible(opened and problem.mine)
        self.buttons["escalate"].setVisible(opened and problem.mine and not problem.lead)
        self.buttons["recheck"].setVisible(not opened and problem.mine)
        self.buttons["reopen"].setVisible(not opened and problem.mine)
        self.buttons["change"].setVisible(problem.mine)
        facts = [problem.text]
        if problem.domain:
            facts.append(_("领域：{name}").format(name=problem.domain))
        if problem.to_name:
            facts.append(_("交办：{name}").format(name=problem.to_name))
        if problem.lead_name:
            facts.append(_("提请：{name}").format(name=problem.lead_name))
        if problem.closed and not opened:
            facts.append(_("销号：{day}").format(day=text.day(problem.closed)))
            facts.append(
                _("佐证 {count} 份").format(count=problem.evidence) if problem.evidence else _("还没有佐证")
            )
        if problem.recheck:
            found = _("没有反弹") if problem.recheck == "held" else _("又出现了")
            facts.append(_("回头看 {day}：{found}").format(day=text.day(problem.rechecked), found=found))
        self.facts.setText("　".join(facts))
        said = answer_lines(problem.answers)
        if problem.answer:
            said.append(_("处理结果：{text}").format(text=problem.answer))
        self.said.setText("\n".join(said))
        self.said.setVisible(bool(said))

    def show_subject(self, what: Any) -> None:
        self.filter.choose("all")
        self.table.go_to(self.model.find(lambda problem: problem.subject == what))

    # -- changing ----------------------------------------------------------------------------------------------------

    @property
    def current(self) -> ProblemView | None:
        found = self.table.current_record()
        return found if isinstance(found, ProblemView) else None

    def _form(self, title: str, fields: list[Field], save: Any, note: str = "", word: str = "") -> RecordForm:
        return RecordForm(title, fields, self.session.period.year, save, self.window(), note, word)

    def _units(self) -> Options:
        return [(unit.name, unit.code) for unit in self.session.desk.units() if unit.active]

    def form(self, problem: ProblemView | None) -> RecordForm:
        options = [(f"{no} {name}", str(no)) for no, name in self._titles.items()]
        hint = _("例如 {month}.18").format(month=self.session.period.last)
        fields = [
            Field("task", _("任务"), str(problem.task) if problem else "", "choice", options, True),
            Field(
                "text", _("什么问题（不写个人姓名）"), problem.text if problem else "", "long", needed=True
            ),
            Field("due", _("希望什么时候解决"), problem.due if problem else "", "date", hint=hint),
            Field("domain", _("领域"), problem.domain if problem else ""),
        ]

        def save(values: dict[str, str]) -> None:
            subject = problem.subject if problem else None
            changes = self.session.desk.save_problem(subject, {**values, "task": int(values["task"])})
            self.session.write(changes, _("已保存") if problem else _("问题已记下"))

        return self._form(_("问题") if problem else _("提一个问题"), fields, save)

    def close_form(self, problem: ProblemView, proof: list[Path]) -> RecordForm:
        def save(values: dict[str, str]) -> None:
            changes = self.session.desk.close_problem(problem.subject, values["text"], values["day"], proof)
            self.session.write(changes, _("已销号"))

        note = _("有照片或文件的，销号前附上；没有的，清单里会标“还没有佐证”。")
        if proof:
            note = _("随销号附上 {count} 份佐证。").format(count=len(proof))
        fields = [
            Field("text", _("怎么解决的"), problem.answer, "long", needed=True),
            Field("day", _("销号日期"), "", "date", hint=_("空着就是今天")),
        ]
        return self._form(_("销号"), fields, save, note, _("销号"))

    def _add(self) -> None:
        self.form(None).exec()

    def _change(self, problem: ProblemView) -> None:
        if problem.mine:
            self.form(problem).exec()

    def _change_current(self) -> None:
        if self.current is not None:
            self._change(self.current)

    def _act(self, problem: ProblemView, _key: str) -> None:
        if problem.status != "open":
            self._change(problem)
        elif not problem.mine:
            self._reply()
        else:
            chosen = places.choose_files(self, "photos", _("选证明已解决的照片或文件（没有可取消）"))
            self.close_form(problem, chosen).exec()

    def answer_form(self, problem: ProblemView) -> RecordForm:
        mine = next((a for a in problem.answers if a.unit == self.session.desk.unit), None)
        states = [(_("已答复"), ""), (_("在办"), "doing"), (_("已办"), "done")]
        fields = [
            Field("text", _("答复"), mine.text if mine else "", "long", needed=True),
            Field("status", _("情况"), mine.status if mine else "", "choice", states),
        ]

        def save(values: dict[str, str]) -> None:
            changes = self.session.desk.answer(problem.subject, values["text"], values["status"])
            self.session.write(changes, _("已答复"))

        return self._form(_("答复"), fields, save, problem.text)

    def _reply(self) -> None:
        if self.current is not None:
            self.answer_form(self.current).exec()

    def _assign(self) -> None:
        problem = self.current
        if problem is None:
            return
        hint = _("例如 {month}.18").format(month=self.session.period.last)
        fields = [
            Field("unit", _("交给谁"), problem.to, "choice", [("", ""), *self._units()], True),
            Field("due", _("什么时候前"), problem.due, "date", hint=hint),
        ]

        def save(values: dict[str, str]) -> None:
            changes = self.session.desk.assign_problem(problem.subject, values["unit"], values["due"])
            self.session.write(changes, _("已交办"))

        self._form(_("交办"), fields, save, problem.text).exec()

    def _escalate(self) -> None:
        problem = self.current
        if problem is None:
            return
        fields = [Field("lead", _("牵头部门"), self.session.desk.lead_of(problem.task), needed=True)]

        def save(values: dict[str, str]) -> None:
            changes = self.session.desk.escalate_problem(problem.subject, values["lead"])
            self.session.write(changes, _("已提请，随下次上报送出"))

        self._form(_("提请牵头部门"), fields, save, problem.text).exec()

    def _recheck(self) -> None:
        problem = self.current
        if problem is None:
            return
        fields = [
            Field("held", _("情况"), "1", "choice", [(_("没有反弹"), "1"), (_("又出现了"), "0")]),
            Field("note", _("说明")),
            Field("day", _("哪天看的"), "", "date", hint=_("空着就是今天")),
        ]

        def save(values: dict[str, str]) -> None:
            changes = self.session.desk.recheck_problem(
                problem.subject, values["held"] == "1", values["note"], values["day"]
            )
            self.session.write(changes, _("回头看已记下"))

        self._form(_("回头看"), fields, save, problem.text).exec()

    def _reopen(self) -> None:
        problem = self.current
        if problem is None:
            return

        def save(values: dict[str, str]) -> None:
            self.session.write(
                self.session.desk.reopen_problem(problem.subject, values["why"]), _("已重新打开")
            )

        self._form(_("重新打开"), [Field("why", _("原因"), needed=True)], save, problem.text).exec()

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("问题清单已复制，可以粘贴到 Excel"))

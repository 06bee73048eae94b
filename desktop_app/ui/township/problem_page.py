"""问题: what stands in the way, since when, until when, and what was answered."""

from __future__ import annotations

from typing import Any

from desktop_app.core.i18n import _
from desktop_app.core.model.view import ProblemView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township.record_dialog import RecordDialog
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ActionCell, ChipCell, NumberCell
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable


class ProblemPage(Page):
    kinds = frozenset({"problem"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("卡在哪里"))
        self.add_action(button(_("复制到 Excel"), "", "copy", self._copy))
        self.add_action(button(_("提一个问题"), "primary", "plus", self._add), primary=True)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.body.addLayout(row(self.filter, None))
        self.model = RecordModel(
            [
                Column("task", _("任务"), 150, self._task, whole=True, sort=lambda p: p.task),
                Column("area", _("单位"), 88, lambda p: p.area_name, colour=theme.INK2, drop=2),
                Column("text", _("问题"), 220, lambda p: p.text, stretch=True, tip=lambda p: p.text),
                Column("raised", _("提出"), 76, lambda p: text.day(p.raised), colour=theme.INK2, drop=3),
                Column("due", _("要求解决"), 84, lambda p: text.day(p.due), sort=lambda p: p.due or None),
                Column(
                    "age", _("已（天）"), 74, lambda p: str(p.age_days) if p.status == "open" else "", right=True,
                    cell=NumberCell(lambda p: (theme.AMBER, "strong") if p.age_days > 14 else (theme.INK, "body")),
                    sort=lambda p: -p.age_days,
                ),
                Column("answer", _("答复"), 190, lambda p: p.answer, colour=theme.INK2, drop=1, tip=lambda p: p.answer),
                Column(
                    "state", _("状态"), 86, lambda p: _("没解决") if p.status == "open" else _("已解决"),
                    cell=ChipCell(lambda p: "warn" if p.status == "open" else "ok"), whole=True,
                ),
                Column(
                    "action", "", 72, lambda p: _("解决了") if p.status == "open" else _("查看"), pressable=True,
                    cell=ActionCell(lambda p: p.status == "open"),
                ),
            ]
        )  # fmt: skip
        self._titles: dict[int, str] = {}
        self.table = RecordTable(self.model)
        self.table.keep_place_by(lambda problem: problem.subject)
        self.table.setAccessibleName(_("问题清单"))
        self.table.activated_record.connect(self._change)
        self.table.action_pressed.connect(self._act)
        self.empty = EmptyState(_("没有问题"), _("推进不动的事写在这里，上级会看到并答复。"))
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        sheet.body.addWidget(self.empty)
        self.body.addWidget(sheet, 1)
        self.setFocusProxy(self.table)

    def _task(self, problem: ProblemView) -> str:
        return f"{problem.task} {self._titles.get(problem.task, '')}"

    def refresh(self) -> None:
        self._titles = {task.no: task.short for task in self.session.desk.tasks(self.session.period)}
        problems = self.session.desk.problems()
        opened = sum(problem.status == "open" for problem in problems)
        self.set_title(
            _("卡在哪里"), _("没解决的 {open} 个，共 {total} 个").format(open=opened, total=len(problems))
        )
        self.filter.set_segments(
            [
                ("open", _("没解决 {count}").format(count=opened)),
                ("closed", _("已解决 {count}").format(count=len(problems) - opened)),
                ("all", _("全部 {count}").format(count=len(problems))),
            ]
        )
        self.table.refill(problems)
        self._apply()

    def _apply(self) -> None:
        kind = self.filter.current
        self.model.show_only(None if kind == "all" else lambda problem: problem.status == kind)
        shown = bool(self.model.rows)
        self.table.setVisible(shown)
        self.empty.setVisible(not shown)
        if self.table.current_record() is None:
            self.table.go_to_first()

    def show_subject(self, what: Any) -> None:
        self.filter.choose("all")
        self.table.go_to(self.model.find(lambda problem: problem.subject == what))

    def _fields(
        self, problem: ProblemView | None
    ) -> dict[str, tuple[str, str, list[tuple[str, str]] | None, bool]]:
        options = [(f"{no} {name}", str(no)) for no, name in self._titles.items()]
        return {
            "task": (_("任务"), str(problem.task) if problem else "", options, True),
            "text": (_("什么问题（不写个人姓名）"), problem.text if problem else "", None, True),
            "due": (_("希望什么时候解决"), problem.due if problem else "", None, False),
            "answer": (_("答复"), problem.answer if problem else "", None, False),
        }

    def _save(self, problem: ProblemView | None, values: dict[str, Any], words: str) -> object | None:
        values["task"] = int(values["task"])
        if "due" in values:
            values["due"] = text.typed_day(values["due"], self.session.period.year)
        return self.session.attempt(
            lambda desk: desk.save_problem(problem.subject if problem else None, values), words
        )

    def _ask(self, title: str, problem: ProblemView | None, words: str) -> None:
        RecordDialog(
            title,
            self._fields(problem),
            self.window(),
            long_field="text",
            save=lambda values: self._save(problem, dict(values), words),
            hints={"due": _("例如 {month}.18").format(month=self.session.period.last)},
        ).exec()

    def _add(self) -> None:
        self._ask(_("提一个问题"), None, _("问题已记下"))

    def _change(self, problem: ProblemView) -> None:
        self._ask(_("问题"), problem, _("已保存"))

    def _act(self, problem: ProblemView, _key: str) -> None:
        if problem.status != "open":
            self._change(problem)
            return
        today = self.session.desk.today().isoformat()
        values = {"task": problem.task, "status": "closed", "closed": today}
        self._save(problem, values, _("已标为解决"))

    def _copy(self) -> None:
        self.table.copy()
        self.session.told.emit(_("问题清单已复制，可以粘贴到 Excel"))

"""The forms of a register: a new row, a changed one, an answer, closing, taking back."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.record_view import RecordView
from desktop_app.core.model.register import Register
from desktop_app.ui.records.record_form import Field, Options, RecordForm, fields_of
from desktop_app.ui.session import Session

ANSWER_STATES = [("", "已答复"), ("doing", "在办"), ("done", "已办")]


class RegisterForms:
    """Mixed into the page, which knows the register and the desk."""

    session: Session
    _register: Register | None

    def _tell(self, changes: Changes, words: str) -> None:
        raise NotImplementedError

    def window(self) -> QWidget:
        raise NotImplementedError

    def _options(self) -> tuple[Options, Options, Options]:
        """Units, indicators and tasks to choose from."""
        desk = self.session.desk
        tasks = desk.tasks(self.session.period)
        units = [(unit.name, unit.code) for unit in desk.units() if unit.active]
        indicators = [(f"{i.id} {i.name}", i.id) for task in tasks for i in task.indicators]
        return units, indicators, [(f"{task.no} {task.short}", str(task.no)) for task in tasks]

    def _about_options(self, register: Register) -> Options:
        desk = self.session.desk
        if register.about == "site":
            return [(f"{site.name}（{site.area_name}）", site.subject) for site in desk.sites()]
        if register.about.startswith("record/"):
            return [(record.name, record.subject) for record in desk.records(register.about.split("/")[1])]
        return []

    def form(self, record: RecordView | None) -> RecordForm | None:
        """The form of a new row, or of this one."""
        register = self._register
        if register is None:
            return None
        units, indicators, tasks = self._options()
        month = str(self.session.period.last)
        fields = fields_of(register, record.values if record else {}, units, indicators, month)
        named = next((n for n, f in enumerate(fields) if f.key == register.called_by), 0)
        fields.insert(0, fields.pop(named))
        task = str(record.task or "") if record else self._usual_task(register, tasks)
        own = [Field("task", _("任务"), task, "choice", [("", ""), *tasks])]
        if register.about:
            about = record.about if record else ""
            own.append(Field("about", _("所属"), about, "choice", [("", ""), *self._about_options(register)]))
        if register.addressed:
            to = record.to if record else ""
            own.append(Field("to", _("承办单位"), to, "choice", [("", ""), *units]))
        if register.dated:
            due = record.due if record else ""
            own.append(Field("due", _("期限"), due, "date", hint=_("例如 {month}.18").format(month=month)))
        if record is not None and (len(register.steps) > 2 or (register.steps and record.closed)):
            # What was closed is opened again here, with a look back that found it come again.
            steps = [(step.title, step.key) for step in register.steps]
            own.append(Field("status", _("状态"), record.status, "choice", steps))
        subject = record.subject if record else None

        def save(values: dict[str, str]) -> None:
            self._tell(self.session.desk.save_record(register.key, subject, values), _("已保存"))

        return RecordForm(
            register.title if record else _("{title}：登记一条").format(title=register.title),
            [*fields[:1], *own, *fields[1:]],
            self.session.period.year,
            save,
            self.window(),
            register.what,
        )

    def _usual_task(self, register: Register, tasks: Options) -> str:
        """The task the sample plan names, where that is the plan in force and there is only one."""
        known = {value for _word, value in tasks}
        if self.session.desk.plan == "2024" and len(register.tasks) == 1 and str(register.tasks[0]) in known:
            return str(register.tasks[0])
        return ""

    def answer_form(self, record: RecordView) -> RecordForm:
        mine = next((a for a in record.answers if a.unit == self.session.desk.unit), None)
        states = [(_(word), key) for key, word in ANSWER_STATES]
        fields = [
            Field("text", _("办到哪一步"), mine.text if mine else "", "long", needed=True),
            Field("status", _("情况"), mine.status if mine else "doing", "choice", states),
        ]

        def save(values: dict[str, str]) -> None:
            changes = self.session.desk.answer(record.subject, values["text"], values["status"])
            self._tell(changes, _("已反馈，随下次上报送出"))

        return RecordForm(
            _("反馈：{name}").format(name=record.name), fields, self.session.period.year, save, self.window()
        )

    def close_form(self, record: RecordView) -> RecordForm:
        register = self._register
        assert register is not None
        asked = [
            c for c in register.columns if c.key in ("result", "rectified", "closed", "date", "proof", "done")
        ]
        month = str(self.session.period.last)
        fields = [
            field
            for field in fields_of(register, record.values, *self._options()[:2], month)
            if field.key in {column.key for column in asked}
        ]

        def save(values: dict[str, str]) -> None:
            self._tell(self.session.desk.close_record(record.subject, values), _("已办结"))

        note = _("这一册要有佐证才能办结；现在有 {count} 份。").format(count=record.evidence)
        return RecordForm(
            _("办结：{name}").format(name=record.name),
            fields,
            self.session.period.year,
            save,
            self.window(),
            note if register.proof else "",
            _("办结"),
        )

    def void_form(self, record: RecordView) -> RecordForm:
        def save(values: dict[str, str]) -> None:
            self._tell(self.session.desk.void_record(record.subject, values["why"]), _("已作废"))

        return RecordForm(
            _("作废：{name}").format(name=record.name),
            [Field("why", _("原因"), needed=True)],
            self.session.period.year,
            save,
            self.window(),
            _("作废以后不再列出，历史还在。"),
            _("作废"),
        )

"""首页: what is due, what came back, what is not acknowledged, and one big next step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView, MilestoneView, Overview, TaskView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township import receiving
from desktop_app.ui.township.home_parts import Item, ItemList, Key
from desktop_app.ui.township.returned import months_of
from desktop_app.ui.widgets.controls import Card, ScrollPanel, button, rule
from desktop_app.ui.widgets.drop_zone import dropped_paths
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip

RECEIVE = "receive"
"""A next step that is no page: to open what came from above."""


class HomePage(Page):
    def __init__(self, session: Session) -> None:
        super().__init__(session, _("今天先做什么"))
        self.receive = self.add_action(button("", "", "file-import", self._receive))
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)
        panel = ScrollPanel((0, 0, 0, 0), 10)
        self.body.addWidget(panel, 1)
        top = Card((22, 16, 22, 16), 10)
        line = QHBoxLayout()
        line.setSpacing(theme.px(20))
        words = QVBoxLayout()
        words.setSpacing(theme.px(4))
        self.step_title = Label("", "title")
        self.step_words = WrappedLabel("", "prose", "ink2")
        words.addWidget(self.step_title)
        words.addWidget(self.step_words)
        line.addLayout(words, 1)
        self.next = button("", "big", role="strong")
        self.next.setMinimumWidth(theme.px(180))
        self.next.clicked.connect(self._do_next)
        line.addWidget(self.next, 0, Qt.AlignmentFlag.AlignVCenter)
        top.body.addLayout(line)
        top.body.addWidget(rule())
        self.keys = [Key() for _number in range(4)]
        figures = QHBoxLayout()
        for key in self.keys:
            figures.addWidget(key, 1)
        top.body.addLayout(figures)
        panel.body.addWidget(top)
        grid = QGridLayout()
        grid.setSpacing(theme.px(10))
        self.lists = [ItemList("", self.wanted.emit) for _number in range(6)]
        for number, made in enumerate(self.lists):
            grid.addWidget(made, number // 2, number % 2)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        panel.body.addLayout(grid)
        panel.body.addStretch(1)
        self.primary = self.next
        self.setFocusProxy(self.next)
        self._next: tuple[str, object] = ("tasks", None)
        self._month: Period | None = None

    def _do_next(self) -> None:
        if self._next[0] == RECEIVE:
            self._receive()
        else:
            page, what = self._next
            if self._month is not None:
                # It is an earlier month's figure that came back, and there it is put right.
                self.session.show_period(self._month)
            self.wanted.emit(page, what)

    # A desk that reports takes in what came back from above; one that collects has 收件 for it.
    def _receive(self) -> None:
        receiving.choose(self.session, self, self.strip)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = dropped_paths(event)
        if files:
            event.acceptProposedAction()
            receiving.take_in(self.session, files, self.strip)

    def _suggest(self, title: str, words: str, action: str, page: str, what: object = None) -> None:
        self._month = None
        self.step_title.setText(title)
        self.step_words.setText(words)
        self.next.setText(action)
        self._next = (page, what)

    def refresh(self) -> None:
        overview = self.session.desk.overview(self.session.period)
        period, today = self.session.period, self.session.desk.today()
        due = self.session.desk.due(period)
        shut = self.session.desk.closed(period)
        if shut is not None:
            # A day that nobody waits for any more would only mislead.
            words = f"{period.label} · {text.closed(shut.at, shut.locked)}"
        else:
            words = _("{period} · 报送日 {day}（{weekday}） · {rest}").format(
                period=period.label,
                day=text.day(due),
                weekday=text.weekday(due),
                rest=text.days_left(due, today),
            )
        self.set_title(_("今天先做什么"), words)
        governs = overview.kind in ("government", "street", "park")
        collects = governs and overview.level in ("county", "city")
        above = receiving.unit_above(self.session)
        self.receive.setVisible(bool(above) and not collects)
        self.setAcceptDrops(bool(above) and not collects)
        self.receive.setText("\u2009" + _("打开{unit}发来的文件").format(unit=above))
        if collects:
            self._show_collecting(overview)
        else:
            self._show_reporting(overview)

    # A desk that reports
    def _show_reporting(self, overview: Overview) -> None:
        for made in self.lists:
            made.show()
        desk, period = self.session.desk, self.session.period
        tasks = desk.tasks(period)
        own = [view for task in tasks for view in task.indicators if view.mine and view.due]
        open_cells = [v for v in own if v.basis != "site" and (v.figure.value is None or v.figure.carried)]
        returned = [view for view in own if view.returned]
        gaps = desk.gaps(period)
        hard = [issue for issue in desk.check(period) if issue.level == "hard"]
        problems = [problem for problem in desk.problems() if problem.status == "open"]
        month = text.month(period.key)
        forks = desk.forks()
        if returned:
            first = returned[0]
            month_of = months_of(self.session, [first])[first.id]
            self._suggest(
                _("有 {count} 项被退回，先改这个").format(count=len(returned)),
                _("{month} {name}：{remark}").format(
                    month=text.month(month_of.key),
                    name=f"{first.task} {first.name}",
                    remark=first.remark,
                ),
                _("去看退回的"),
                "tasks",
                first.id,
            )
            self._month = month_of
        elif desk.closed(period) is not None and not forks:
            # Nothing can be typed into it any more; what is wrong in it is corrected in a later month.
            self._suggest(
                _("{month}已封账").format(month=month),
                _("这个月的数不再填、不再改。报错了的写一条更正，记在后面的月份。"),
                _("去写更正"),
                "closing",
            )
        elif open_cells:
            self._suggest(
                _("{month}还有 {count} 格没有填").format(month=month, count=len(open_cells)),
                _("没有变化的按 Ctrl+= 一键填上；来自台账的不用填。"),
                _("继续填报"),
                "entry",
            )
        elif hard:
            self._suggest(
                _("有 {count} 个错误必须改").format(count=len(hard)),
                hard[0].text,
                _("去改"),
                "entry",
                hard[0].indicator,
            )
        elif forks:
            self._suggest(
                _("有 {count} 处两种说法，先定下来").format(count=len(forks)),
                _("{title}：两台电脑填得不一样，现在暂计其中一个。").format(
                    title=text.fork_title(forks[0].title, forks[0].period)
                ),
                _("去定下来"),
                "forks",
                forks[0].subject,
            )
        elif overview.reviews and (waiting := [unit for unit in desk.review_units(period) if unit.waiting]):
            names = "、".join(unit.unit_name for unit in waiting[:3])
            self._suggest(
                _("条线上有 {count} 家等着审核").format(count=len(waiting)),
                _("{names}等报来的数，按 A 接受，按 R 退回；结论随下次上报送出。").format(names=names),
                _("去审核"),
                "review",
            )
        elif overview.unsent:
            self._suggest(
                _("{month}的数都填了，可以上报").format(month=month),
                _("还有 {count} 处修改没有导出。").format(count=overview.unsent),
                _("去上报"),
                "submit",
            )
        elif not overview.acknowledged:
            above = receiving.unit_above(self.session)
            self._suggest(
                _("{month}已报，等{unit}的回执").format(month=text.month(overview.last_sent), unit=above),
                _("回执文件拷来后点右边打开，或拖到这里；一直没有回音就问一声。"),
                _("打开{unit}发来的文件").format(unit=above),
                RECEIVE,
            )
        elif not own and not overview.last_sent:
            self._suggest(
                _("{month}没有要填的").format(month=month),
                _("上级发来的文件点右上角打开，或拖到这里；要答复的问题和督办单在左边。"),
                _("看任务"),
                "tasks",
            )
        else:
            self._suggest(
                _("{month}的事都做完了").format(month=month),
                _("对方已收到。下个月的数可以提前填。"),
                _("看任务"),
                "tasks",
            )
        filled = len(own) - len(open_cells)
        lagging = [view for view in own if view.light in ("yellow", "red")]
        lagging.sort(key=lambda view: (view.light != "red", view.done or 0))
        behind = len(lagging)
        late = [step for task in tasks for step in task.milestones if step.light == "red"]
        self.keys[0].set(f"{filled} / {len(own)}", _("本月已填（含来自台账的）"))
        self.keys[1].set(str(behind), _("滞后和逾期"), "amber" if behind else "")
        self.keys[2].set(str(len(gaps)), _("还缺的佐证"), "red" if gaps else "")
        self.keys[3].set(str(overview.unsent), _("没有导出的修改"), "amber" if overview.unsent else "")
        self.lists[0].show_items(
            _("还没填的 {count} 格").format(count=len(open_cells)),
            [
                Item("pencil", theme.INK2, text.task_name(view), self._carried(view), "entry", view.id)
                for view in open_cells
            ],
            _("都填了"),
        )
        self.lists[1].show_items(
            _("上级的意见"),
            [
                Item(
                    "arrow-back-up" if view.returned else "message",
                    theme.RED if view.returned else theme.INK2,
                    text.task_name(view),
                    _("退回") if view.returned else view.remark,
                    "tasks",
                    view.id,
                )
                for view in sorted(own, key=lambda v: not v.returned)
                if view.remark
            ],
            _("没有。收到回执文件后，点右上角的按钮打开，或拖到这里"),
        )
        self.lists[2].show_items(
            _("落后的 {count} 项").format(count=len(lagging)),
            [
                Item(
                    "alert-circle" if view.light == "red" else "alert-triangle",
                    theme.RED if view.light == "red" else theme.AMBER,
                    text.task_name(view),
                    self._behind(view, late),
                    "tasks",
                    view.id,
                )
                for view in lagging
            ],
            _("没有，都跟得上"),
        )
        self.lists[3].show_items(_("送出去的"), self._sent(overview), _("还没有报过"))
        self.lists[4].show_items(_("快到期的节点"), self._milestones(tasks), _("90 天内没有到期的节点"))
        self.lists[5].show_items(
            _("没解决的问题"),
            [
                Item(
                    "alert-circle", theme.AMBER, f"{p.task} {p.text}", _("已 {days} 天").format(days=p.age_days),
                    "problems", p.subject,
                )
                for p in problems
            ],
            _("没有"),
        )  # fmt: skip

    @staticmethod
    def _behind(view: IndicatorView, late: list[MilestoneView]) -> str:
        if view.light == "red":
            # A date has passed: to say how far it is would explain nothing.
            passed = [step for step in late if step.task == view.task]
            if passed:
                return _("{day}的节点逾期").format(day=text.day(passed[0].due))
        done, expected = text.percent(view.done), text.percent(view.expected)
        if done == expected and view.done is not None and view.expected is not None:
            # Rounded alike they would deny that anything lags.
            done, expected = f"{float(view.done):.1%}", f"{float(view.expected):.1%}"
        return _("{light} {done}，应达 {expected}").format(
            light=text.light(view.light), done=done, expected=expected
        )

    def _sent(self, overview: Overview) -> list[Item]:
        """What went up, whether it was acknowledged, and what has not gone yet."""
        found = []
        if not overview.certified:
            # Nothing that goes up counts before it, so it stands first.
            words = _("还没有证书") if overview.has_key else _("还没有密钥")
            note = (
                _("照常填报；申请随上报包带去，等上级核对后发来") if overview.has_key else _("去设置里生成")
            )
            found.append(Item("clock", theme.AMBER, words, note, "settings", None))
        if overview.last_sent:
            sign, colour = ("check", theme.GREEN) if overview.acknowledged else ("clock", theme.AMBER)
            words = _("{month}上报包").format(month=text.month(overview.last_sent))
            found.append(Item(sign, colour, words, self._sent_state(overview), "submit", None))
        if overview.unsent:
            words = _("没有导出的修改")
            note = _("{count} 处，下次一起报").format(count=overview.unsent)
            found.append(Item("clock", theme.AMBER, words, note, "submit", None))
        return found

    def _sent_state(self, overview: Overview) -> str:
        """云溪县已接收，已审完：全部接受 34 项."""
        if not overview.acknowledged:
            return overview.last_sent_state
        judged = self.session.desk.judged_above(Period.parse(overview.last_sent))
        if not judged.said:
            return overview.last_sent_state
        if judged.waiting:
            words = _("审了 {said} / {all} 项").format(said=judged.said, all=judged.said + judged.waiting)
        elif judged.returned:
            words = _("已审完：退回 {count} 项").format(count=judged.returned)
        elif judged.approved:
            words = _("已审完：核定 {count} 项").format(count=judged.approved)
        else:
            words = _("已审完：全部接受")
        return f"{overview.last_sent_state} · {words}"

    def _carried(self, view: IndicatorView) -> str:
        if not view.figure.carried:
            return _("从未填过")
        return _("上期 {value} {unit}").format(value=text.value(view), unit=view.unit)

    def _milestones(self, tasks: list[TaskView]) -> list[Item]:
        today = self.session.desk.today()
        steps = [
            step
            for task in tasks
            for step in task.milestones
            if step.mine and step.done is None and (step.due - today).days <= 90
        ]
        steps.sort(key=lambda step: step.due)
        return [
            Item(
                "calendar-due",
                theme.RED if step.due < today else theme.AMBER,
                f"{step.task} {step.what}",
                f"{text.day(step.due)} · {text.days_left(step.due, today)}",
                "tasks",
                step.task,
            )
            for step in steps
        ]

    # A desk that collects
    def _show_collecting(self, overview: Overview) -> None:
        for spare in self.lists[4:]:
            spare.hide()
        desk, period = self.session.desk, self.session.period
        rows, missing = desk.inbox(period), desk.missing(period)
        forks, units = [fork for fork in desk.forks() if not fork.answered], desk.review_units(period)
        quarantined = [line for line in rows if line.quarantined and not (line.later or line.put_away)]
        absent = [line for line in missing if line.state == "missing"]
        waiting = [unit for unit in units if unit.waiting]
        month = text.month(period.key)
        if quarantined:
            self._suggest(
                _("有 {count} 份文件没有收进来").format(count=len(quarantined)), quarantined[0].reason,
                _("看看为什么"), "inbox", quarantined[0].container,
            )  # fmt: skip
        elif forks:
            self._suggest(
                _("有 {count} 处说法不一致").format(count=len(forks)),
                _("{unit} {title}，要有人定下来。").format(
                    unit=forks[0].unit_name, title=text.fork_title(forks[0].title, forks[0].period)
                ),
                _("去处理"), "forks", forks[0].subject,
            )  # fmt: skip
        elif waiting:
            self._suggest(
                _("{count} 家报来的数等着审核").format(count=len(waiting)),
                _("通过检查的可以一次接受，其余一项一项看。"), _("开始审核"), "review", waiting[0].unit,
            )  # fmt: skip
        elif absent and desk.closed(period) is not None:
            self._suggest(
                _("{month}已封账，{count} 家没有报").format(month=month, count=len(absent)),
                _("{names}：它们的数沿用上一期。").format(names="、".join(line.unit_name for line in absent)),
                _("看期限与更正"), "closing",
            )  # fmt: skip
        elif absent:
            self._suggest(
                _("{month}还有 {count} 家没有报").format(month=month, count=len(absent)),
                "、".join(line.unit_name for line in absent), _("看缺报"), "missing",
            )  # fmt: skip
        elif overview.reports_to:
            self._suggest(
                _("{month}收齐了").format(month=month), _("可以汇总上报。"), _("汇总上报"), "submit"
            )
        else:
            self._suggest(
                _("{month}收齐了").format(month=month), _("可以看挂图、写通报。"), _("看挂图"), "board"
            )
        received = sum(line.state != "missing" for line in missing)
        self.keys[0].set(f"{received} / {len(missing)}", _("已收的单位"))
        self.keys[1].set(str(sum(unit.waiting for unit in units)), _("等审核的指标"))
        self.keys[2].set(str(len(forks)), _("说法不一致"), "amber" if forks else "")
        self.keys[3].set(str(len(quarantined)), _("没有收的文件"), "red" if quarantined else "")
        self.lists[0].show_items(
            _("还没报的 {count} 家").format(count=len(absent)),
            [
                Item("clock", theme.AMBER, line.unit_name, line.detail or line.phone, "missing", line.unit)
                for line in absent
            ],
            _("都报了"),
        )
        self.lists[1].show_items(
            _("等审核"),
            [
                Item(
                    "progress-check", theme.ACCENT, unit.unit_name,
                    _("{waiting} 项待定 · {failed} 项没过").format(waiting=unit.waiting, failed=unit.failed),
                    "review", unit.unit,
                )
                for unit in waiting
            ],
            _("没有"),
        )  # fmt: skip
        self.lists[2].show_items(
            _("说法不一致"),
            [
                Item(
                    "git-compare",
                    theme.AMBER,
                    text.fork_title(f.title, f.period),
                    f.unit_name,
                    "forks",
                    f.subject,
                )
                for f in forks
            ],
            _("没有"),
        )
        self.lists[3].show_items(
            _("没有收的文件"),
            [
                Item("shield-x", theme.RED, line.file, line.reason, "inbox", line.container)
                for line in quarantined
            ],
            _("没有"),
        )

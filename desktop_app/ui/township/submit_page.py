"""上报: five steps from the check to the written package, the last one in the background."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import IssueView
from desktop_app.ui import jobs, text, theme
from desktop_app.ui.answers import Exported
from desktop_app.ui.session import Session
from desktop_app.ui.sheets.actions import print_form
from desktop_app.ui.township.submit_steps import CheckStep, PreviewStep, ResultStep, SignStep, TargetStep
from desktop_app.ui.widgets.controls import Card, button, row
from desktop_app.ui.widgets.labels import WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.step_list import StepList

CHECK, PREVIEW, SIGN, TARGET, RESULT = range(5)
CHAT_SIZE = 100 * 1024 * 1024


class SubmitPage(Page):
    kinds = frozenset({"progress", "site", "evidence", "review", "plan", "allocation", "duty"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("上报"))
        self.result: Exported | None = None
        self.job: jobs.Job | None = None
        self.back = self.add_action(button(_("上一步"), clicked=self._back))
        self.forward = self.add_action(button("", "primary", clicked=self.go_on), primary=True)
        middle = QHBoxLayout()
        middle.setSpacing(theme.px(10))
        side = Card((0, 8, 0, 12), 0)
        side.setFixedWidth(theme.px(232))
        self.side = side
        self.steps = StepList([_("检查"), _("预览"), _("签名"), _("送到哪里"), _("结果")])
        self.steps.pressed.connect(self._go_to)
        side.body.addWidget(self.steps)
        side.body.addStretch(1)
        self.lock_note = WrappedLabel("", "note", "ink2")
        self.stamp = button(_("补交盖章件…"), "small", "rubber-stamp", self._add_stamp)
        holder = QVBoxLayout()
        holder.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        holder.addWidget(self.lock_note)
        holder.addLayout(row(self.stamp, None))
        side.body.addLayout(holder)
        middle.addWidget(side)
        self.sheet = Card((18, 14, 18, 14), 10)
        self.stack = QStackedWidget()
        self.check, self.preview, self.sign = CheckStep(), PreviewStep(), SignStep()
        self.target, self.done = TargetStep(), ResultStep()
        parts: list[QWidget] = [self.check, self.preview, self.sign, self.target, self.done]
        for part in parts:
            self.stack.addWidget(part)
        self.sheet.body.addWidget(self.stack, 1)
        self.strip = ProgressStrip()
        self.sheet.body.addWidget(self.strip)
        middle.addWidget(self.sheet, 1)
        self.body.addLayout(middle, 1)
        self.check.fix_wanted.connect(self._fix)
        self.done.copied.connect(self._copy_code)
        self.done.open_wanted.connect(self._open_folder)
        self.done.again_wanted.connect(self._save_again)
        self.done.form_wanted.connect(self._print_form)
        self.done.stamp_wanted.connect(self._add_stamp)
        self.done.export_wanted.connect(self._export_stamp)
        self._issues: list[IssueView] = []
        self._count = 0
        self._began = 0.0
        self._show_step()
        self.setFocusProxy(self.forward)

    # Filling
    def refresh(self) -> None:
        desk, period = self.session.desk, self.session.period
        overview = desk.overview(period)
        month = text.month(period.key)
        units = desk.units()
        own = units.get(desk.unit)
        above = units.get(own.parent) if own is not None else None
        self._receiver = above.name if above is not None else _("上级")
        due, today = desk.due(period), desk.today()
        late = _("按时") if today <= due else _("已过 {days} 天").format(days=(today - due).days)
        self.set_title(
            _("把{month}数据报给{receiver}").format(month=month, receiver=self._receiver),
            _("报送日 {due} · 现在 {now}，{late}").format(due=text.day(due), now=text.day(today), late=late),
        )
        if self.result is None:
            self._issues = desk.check(period)
            # A desk that collects sends what its own units said, rolled up; it reports little itself.
            collects = overview.kind in ("government", "street", "park") and overview.level != "township"
            views = [
                view
                for task in desk.tasks(period)
                for view in task.indicators
                if view.due and (view.mine or (collects and view.figure.value is not None))
            ]
            self._count = len(views)
            self.check.show_issues(self._issues, self._count)
            self.preview.model.fill(views)
            self._note_check()
            if not self.sign.filled.text():
                self.sign.filled.setText(overview.operator.split(" · ")[0])
            self.target.find_sticks()
        self._show_step()

    def _note_check(self) -> None:
        hard = sum(issue.level == "hard" for issue in self._issues)
        soft = sum(issue.level == "soft" for issue in self._issues)
        self.steps.set_note(
            CHECK,
            _("{hard} 错误 · {soft} 提醒").format(hard=hard, soft=soft),
        )

    def _on_period_changed(self, period) -> None:
        self._start_over()
        super()._on_period_changed(period)

    def _start_over(self) -> None:
        self.result = None
        self.steps.restart()
        self.sign.agreed.setChecked(False)
        self._stale = True

    # Moving
    def _show_step(self) -> None:
        step = self.steps.current
        self.stack.setCurrentIndex(step)
        running = self.job is not None
        words = {
            CHECK: _("下一步 ▸"),
            PREVIEW: _("下一步 ▸"),
            SIGN: _("下一步 ▸"),
            TARGET: _("签名并写出"),
            RESULT: _("完成，回首页"),
        }
        self.forward.setText(words[step])
        hard = any(issue.level == "hard" for issue in self._issues)
        self.forward.setEnabled(not running and not (step == CHECK and hard))
        self.back.setEnabled(not running and step > CHECK)
        self.back.setText(_("再报一次") if step == RESULT else _("上一步"))
        self.lock_note.setText(_("再改数会生成下一份上报包，对方按新的算。") if step == RESULT else "")
        sent = self.session.desk.overview(self.session.period).last_sent
        # The stamp often comes a day later, when the result is no longer on screen.
        self.stamp.setVisible(step == CHECK and sent == self.session.period.key)

    def _go_to(self, step: int) -> None:
        if self.job is None:
            if self.steps.current == RESULT:
                self._start_over()
                self.refresh_if_stale()
            else:
                self.steps.go_to(step)
            self._show_step()

    def _back(self) -> None:
        self._go_to(CHECK if self.steps.current == RESULT else self.steps.current - 1)

    def go_on(self) -> None:
        step = self.steps.current
        if step == CHECK:
            self.steps.go_to(PREVIEW)
        elif step == PREVIEW:
            self.steps.set_note(PREVIEW, _("与对方看到的一样"))
            self.steps.go_to(SIGN)
        elif step == SIGN:
            fault = self.sign.fault()
            self.sign.words.setText(fault)
            if fault:
                return
            self.steps.set_note(SIGN, _("三人具名"))
            self.target.find_sticks()
            self.steps.go_to(TARGET)
        elif step == TARGET:
            self._export()
        else:
            self._start_over()
            self.wanted.emit("home", None)
        self._show_step()

    def _fix(self, issue: IssueView) -> None:
        page = "evidence" if issue.subject.startswith(("site/", "evidence/")) else "entry"
        self.wanted.emit(page, issue.indicator or None)

    # Writing
    def _people(self) -> tuple[str, str, str]:
        fields = (self.sign.filled, self.sign.checked, self.sign.responsible)
        filled, checked, responsible = (field.text().strip() for field in fields)
        return filled, checked, responsible

    def _export(self, folder: Path | None = None, stamped: bool = False) -> None:
        from desktop_app.ui.identity.dialogs import unlocked

        folder = folder or self.target.target()
        if folder is None:
            self.target.words.setText(_("请先选一个文件夹"))
            return
        self.target.words.setText("")
        if not unlocked(self.session.desk, self.window()):
            return
        filled, checked, responsible = self._people()
        period = self.session.period
        size = CHAT_SIZE if self.target.split.isChecked() else 0
        # What goes by chat never carries personal material.
        evidence, personal = self.target.evidence(), self.target.personal.isChecked() and not size
        if stamped and evidence == "none":
            # The stamp is evidence: without any it would stay behind.
            evidence = "new"
        self._began = time.monotonic()
        self.job = jobs.start(
            lambda desk, progress: desk.export(
                period, folder, filled=filled, checked=checked, responsible=responsible, evidence=evidence,
                personal=personal, max_size=size, progress=progress,
            ),
            desk=self.session.desk, finished=self._exported, strip=self.strip,
            words=_("正在签名并写出…"), ended=self._ended,
        )  # fmt: skip
        self.job.cancelled.connect(lambda: self.session.told.emit(_("已取消，没有留下半个文件")))
        self._show_step()

    def _ended(self) -> None:
        self.job = None
        self._show_step()

    def _exported(self, result: Exported) -> None:
        self.result = result
        self.steps.set_note(TARGET, str(Path(str(result.files[0].path)).parent) if result.files else "")
        self.steps.set_note(RESULT, _("已写好并读回核对"))
        self.steps.go_to(RESULT)
        month = text.month(self.session.period.key)
        when = text.moment(datetime.now().isoformat(timespec="minutes"), self.session.desk.today())
        self.done.show_result(
            result, month, self._receiver, self._people(), when, time.monotonic() - self._began
        )
        self.done.show_stamp(self.session.desk.stamp_state(self.session.period))
        self.session.write(
            Changes(kinds=frozenset({"submission"})), _("{month}上报包已写好").format(month=month)
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setFixedWidth(theme.px(186 if self.width() < 1000 * theme.ratio() else 232))
        self.lock_note.setVisible(self.height() > 460 * theme.ratio())

    # After
    def _add_stamp(self) -> None:
        """The scan of the stamped form; at the result the page offers the export that carries it."""
        chosen, _filter = QFileDialog.getOpenFileName(
            self,
            _("选择盖章件的扫描件或照片"),
            "",
            _("扫描件或照片 (*.pdf *.jpg *.jpeg *.png);;所有文件 (*)"),
        )
        if not chosen:
            return
        period = self.session.period
        added = self.session.attempt(
            lambda desk: desk.add_stamp(Path(chosen), period), _("盖章件已加上。请再导出一次，校验码不变")
        )
        if added is not None:
            self.done.show_stamp("added")

    def _export_stamp(self) -> None:
        if self.result is not None and self.result.files:
            self._export(Path(str(self.result.files[0].path)).parent, stamped=True)

    def _copy_code(self) -> None:
        if self.result is not None:
            QGuiApplication.clipboard().setText(self.result.code)
            self.session.told.emit(_("校验码已复制"))

    def _open_folder(self) -> None:
        if self.result is not None and self.result.files:
            folder = Path(str(self.result.files[0].path)).parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _save_again(self) -> None:
        """The same files once more, to another place; nothing is signed again."""
        chosen = QFileDialog.getExistingDirectory(self, _("再存一份到哪里"))
        if not chosen or self.result is None:
            return
        files = [Path(str(file.path)) for file in self.result.files]

        def copy(progress) -> int:
            import shutil

            for number, file in enumerate(files):
                progress(number, len(files), file.name)
                shutil.copyfile(file, Path(chosen) / file.name)
            return len(files)

        jobs.start(
            copy, strip=self.strip, words=_("正在复制…"),
            finished=lambda count: self.session.told.emit(_("又存了 {count} 个文件").format(count=count)),
        )  # fmt: skip

    def _print_form(self) -> None:
        """The form to print and stamp, beside the package it belongs to; each page bears the 校验码."""
        if self.result is None or not self.result.files:
            return
        package = Path(str(self.result.files[0].path))
        print_form(self.session, self.session.period, package.with_name(f"{package.stem}-盖章表.pdf"))

"""上报: five steps from the check to the written package, the last one in the background."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.view import IndicatorView, IssueView
from desktop_app.ui import jobs, places, text, theme
from desktop_app.ui.answers import ComparedCopy, Exported, SubmissionPreview
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.session import Session
from desktop_app.ui.sheets.actions import print_form
from desktop_app.ui.township.submit_preview import PreviewStep
from desktop_app.ui.township.submit_result import ResultStep
from desktop_app.ui.township.submit_steps import CheckStep, SignStep
from desktop_app.ui.township.submit_target import CHAT, STICK, TargetStep
from desktop_app.ui.widgets.controls import Card, button, row
from desktop_app.ui.widgets.labels import WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip
from desktop_app.ui.widgets.step_list import StepList

CHECK, PREVIEW, SIGN, TARGET, RESULT = range(5)


class SubmitPage(Page):
    kinds = frozenset({"progress", "site", "evidence", "review", "plan", "allocation", "duty"})

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("上报"))
        self.result: Exported | None = None
        self.job: jobs.Job | None = None
        self._drawing: jobs.Job | None = None
        self._drawn = False
        self._stale_preview = False
        """Something changed while the sheets were being drawn."""
        self.preferences = Preferences()
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
        self.done.compare_wanted.connect(self._compare)
        self.done.form_wanted.connect(self._print_form)
        self.done.stamp_wanted.connect(self._add_stamp)
        self.done.export_wanted.connect(self._export_stamp)
        self._issues: list[IssueView] = []
        self._count = 0
        self._views: list[IndicatorView] = []
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
            self._count, self._views = len(views), views
            self.check.show_issues(self._issues, self._count)
            self.preview.model.fill(views)
            self._note_check()
            self._drawn = False
            self._stale_preview = self._drawing is not None
            if self.steps.current == PREVIEW:
                self._draw_sheets()
            # Nothing is asked twice: the names of last time stand there, to be changed or left.
            fields = (self.sign.filled, self.sign.checked, self.sign.responsible)
            for field, name in zip(fields, desk.last_people(), strict=True):
                if not field.text():
                    field.setText(name)
            self._recall_target()
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
                if step == PREVIEW:
                    self._draw_sheets()
            self._show_step()

    def _back(self) -> None:
        self._go_to(CHECK if self.steps.current == RESULT else self.steps.current - 1)

    def go_on(self) -> None:
        step = self.steps.current
        if step == CHECK:
            self.steps.go_to(PREVIEW)
            self._draw_sheets()
        elif step == PREVIEW:
            self.steps.set_note(PREVIEW, _("与对方看到的一样"))
            self.steps.go_to(SIGN)
            self._show_step()
            self.sign.focus_next()
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

    def _draw_sheets(self) -> None:
        """Every sheet of the package, drawn away from the screen; the figures are there at once."""
        if self._drawn or self._drawing is not None:
            return
        period = self.session.period
        self.preview.show_sheets(None)
        self._drawing = jobs.start(
            lambda desk, progress: desk.preview(period, progress=progress),
            desk=self.session.desk, finished=self._show_sheets, strip=self.preview.strip,
            words=_("正在排出对方会看到的每一张表…"), ended=self._drawing_ended,
        )  # fmt: skip

    def _show_sheets(self, preview: SubmissionPreview) -> None:
        self._drawn = True
        self.preview.show_sheets(preview)

    def _drawing_ended(self) -> None:
        self._drawing = None
        if self._stale_preview:
            self._stale_preview = False
            self._draw_sheets()

    def _recall_target(self) -> None:
        """Where it went last time, on this computer."""
        unit = self.session.desk.unit
        folder = self.preferences.text(f"submit/{unit}/folder")
        if self.target.folder is None and folder and Path(folder).is_dir():
            self.target.set_folder(Path(folder))
            self.target.go_way(self.preferences.text(f"submit/{unit}/way"))
        self.target.find_sticks()

    def _remember_target(self, folder: Path) -> None:
        unit, way = self.session.desk.unit, self.target.way()
        if way != STICK:
            self.preferences.set_text(f"submit/{unit}/folder", str(folder))
            self.preferences.set_text(f"submit/{unit}/way", way)

    def _fix(self, issue: IssueView) -> None:
        if issue.subject.startswith("page/"):
            self.wanted.emit(issue.subject.removeprefix("page/"), issue.indicator or None)
            return
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
        size = self.target.size_limit()
        # What goes by chat never carries personal material.
        personal = self.target.personal.isChecked() and self.target.way() != CHAT
        evidence = self.target.evidence()
        self._remember_target(folder)
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
        # While it was switched off the keyboard went elsewhere.
        self.forward.setFocus()

    def _exported(self, result: Exported) -> None:
        self.result = result
        self.steps.set_note(TARGET, str(Path(str(result.files[0].path)).parent) if result.files else "")
        self.steps.set_note(RESULT, _("已写好并读回核对"))
        self.steps.go_to(RESULT)
        month = text.month(self.session.period.key)
        today = self.session.desk.today()
        when = text.moment(datetime.combine(today, datetime.now().time()).isoformat(), today)
        self.done.show_result(
            result,
            month,
            self._receiver,
            self._people(),
            when,
            time.monotonic() - self._began,
            self._views,
        )
        self.done.show_copy("", True)
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
        chosen = places.choose_file(
            self,
            "scans",
            _("选择盖章件的扫描件或照片"),
            _("扫描件或照片 (*.pdf *.jpg *.jpeg *.png);;所有文件 (*)"),
        )
        if chosen is None:
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

    def _written(self) -> list[Path]:
        return [Path(str(file.path)) for file in self.result.files] if self.result is not None else []

    def _save_again(self) -> None:
        """The same files once more, to another place, and read back; nothing is signed again."""
        chosen = places.choose_folder(self, "submissions", _("再存一份到哪里"))
        if chosen is not None:
            self.save_again(chosen)

    def save_again(self, folder: Path) -> jobs.Job:
        files = self._written()

        def done(made: list[Path]) -> None:
            words = _("又存了 {count} 个文件到 {folder}，读回核对一致").format(count=len(made), folder=folder)
            self.done.show_copy(words, True)
            self.session.told.emit(words)

        return jobs.start(
            lambda desk, progress: desk.copy_files(files, folder, progress),
            desk=self.session.desk, finished=done, strip=self.strip, words=_("正在复制…"),
        )  # fmt: skip

    def _compare(self) -> None:
        chosen = places.choose_folder(self, "copies", _("另一份在哪里（光盘、U盘或文件夹）"))
        if chosen is not None:
            self.compare_with(chosen)

    def compare_with(self, folder: Path) -> jobs.Job:
        """A copy somebody else made, a burnt disc for one: read, and compared byte by byte with what was written."""
        files = self._written()

        def done(compared: Sequence[ComparedCopy]) -> None:
            said = {"missing": _("没有“{name}”"), "differs": _("“{name}”和写好的不一样")}
            wrong = [said[item.state].format(name=item.name) for item in compared if item.state != "same"]
            if wrong:
                words = _("{folder} 里：{what}。请重新刻一张或再存一份。").format(
                    folder=folder, what=_("，").join(wrong)
                )
            else:
                words = _("{folder} 里的 {count} 个文件读出来，和写好的一致").format(
                    folder=folder, count=len(compared)
                )
            self.done.show_copy(words, not wrong)

        return jobs.start(
            lambda desk, progress: desk.compare_copy(files, folder, progress),
            desk=self.session.desk, finished=done, strip=self.strip, words=_("正在读回核对…"),
        )  # fmt: skip

    def _print_form(self) -> None:
        """The form to print and stamp, beside the package it belongs to; each page bears the 校验码."""
        if self.result is None or not self.result.files:
            return
        package = Path(str(self.result.files[0].path))
        print_form(self.session, self.session.period, package.with_name(f"{package.stem}-盖章表.pdf"))

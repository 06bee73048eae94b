"""调度通报: a draft bulletin for a person to issue; the leading and lagging units can be seen before it is written."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog

from desktop_app.core.i18n import _
from desktop_app.ui import jobs, text, theme
from desktop_app.ui.city.ranking_page import standings
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Banner, Card, ScrollPanel, button, rule
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip


class BulletinPage(Page):
    def __init__(self, session: Session) -> None:
        super().__init__(session, _("调度通报"))
        self.write = self.add_action(
            button(_("生成通报（Word）…"), "primary", clicked=self._write), primary=True
        )
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)
        self.body.addWidget(
            Banner(
                "info",
                _("代拟稿，由人来发"),
                _("按 GB/T 9704 排版，不带红头、文号和印章。生成后在 Word 里改，前后名单也可以改。"),
                "info-circle",
            )
        )
        card = Card((0, 0, 0, 0), 0)
        self.panel = ScrollPanel((28, 20, 28, 20), 10)
        card.body.addWidget(self.panel)
        self.body.addWidget(card, 1)
        self.heading = Label("", "title")
        self.overall = WrappedLabel("", "prose")
        self.leading = WrappedLabel("", "prose")
        self.lagging = WrappedLabel("", "prose")
        self.tasks = WrappedLabel("", "prose")
        body = self.panel.body
        body.addWidget(self.heading)
        body.addWidget(rule())
        for title, label in (
            (_("总的情况"), self.overall),
            (_("走在前面的"), self.leading),
            (_("落在后面的"), self.lagging),
            (_("滞后较多的任务"), self.tasks),
        ):
            body.addWidget(Label(title, "prose-bold", "accent"))
            body.addWidget(label)
            body.addSpacing(theme.px(6))
        body.addStretch(1)
        self.setFocusProxy(self.write)

    def refresh(self) -> None:
        desk, period = self.session.desk, self.session.period
        view = desk.board(period)
        order = standings(view)
        good, of = sum(s.good for s in order), sum(s.of for s in order)
        self.heading.setText(_("关于{label}民生实事进展情况的通报（代拟稿）").format(label=view.label))
        self.set_title(_("调度通报"), _("截至{day}").format(day=text.day(period.end)))
        behind = [no for no, cell in view.totals.items() if cell.light in ("yellow", "red")]
        self.overall.setText(
            _(
                "{tasks} 项任务、{areas} 家，应做 {of} 项次，不落后 {good} 项次；"
                "全市落后的任务 {behind} 项；已报 {received}/{all} 家。"
            ).format(
                tasks=len(view.tasks),
                areas=len(view.areas),
                of=of,
                good=good,
                behind=len(behind),
                received=view.received,
                all=view.of,
            )
        )
        third = max(1, len(order) // 3)

        def line(standing) -> str:
            return _("{name}（不落后 {good}/{of}）").format(
                name=standing.name, good=standing.good, of=standing.of
            )

        self.leading.setText("、".join(line(s) for s in order[:third]) or _("没有"))
        self.lagging.setText("、".join(line(s) for s in order[-third:]) or _("没有"))
        worst = sorted(
            view.tasks,
            key=lambda task: (
                -sum(
                    cell.light in ("yellow", "red")
                    for (no, _area), cell in view.cells.items()
                    if no == task.no
                )
            ),
        )[:5]
        lines = []
        for task in worst:
            areas = [
                name
                for code, name in view.areas
                if (cell := view.cells.get((task.no, code))) is not None and cell.light in ("yellow", "red")
            ]
            if areas:
                lines.append(f"{task.no} {task.title}：{'、'.join(areas)}")
        self.tasks.setText("\n".join(lines) or _("没有"))

    def _write(self) -> None:
        name = f"{self.heading.text()}.docx"
        chosen, _filter = QFileDialog.getSaveFileName(self, _("通报存到哪里"), name, _("Word (*.docx)"))
        if not chosen:
            return
        period = self.session.period

        def written(path: Path) -> None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
            self.session.told.emit(_("已存为 {path}").format(path=path))

        jobs.start(
            lambda desk, progress: desk.report("bulletin", period, Path(chosen), progress),
            desk=self.session.desk,
            strip=self.strip,
            words=_("正在写通报…"),
            finished=written,
        )

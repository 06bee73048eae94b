"""体检: whether everything here is whole, told in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QProgressBar, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.ui import jobs, theme
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.widgets.controls import Banner, ScrollPanel, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_app.core.progress import Progress
    from desktop_app.ui.session import Desk, Session
    from desktop_app.ui.verbs.county import Diagnosis, Mended

SHOWN = 20


class DoctorDialog(PlainDialog):
    """Begins at once; can be stopped at any time, since it only reads."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(_("给数据做体检"), parent)
        self.column.addWidget(Label(_("给数据做体检"), "panel"))
        self.about = WrappedLabel(
            _("逐条核对记录、逐个核对附件，再把台账重新算一遍对一对。只看不改。"), "body", "ink2"
        )
        self.column.addWidget(self.about)
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.column.addWidget(self.bar)
        self.banner = Banner()
        self.banner.hide()
        self.column.addWidget(self.banner)
        self.list = WrappedLabel("", "note")
        self.panel = ScrollPanel((0, 0, 0, 0), 0)
        self.panel.body.addWidget(self.list)
        self.panel.body.addStretch(1)
        self.panel.setFixedHeight(theme.px(150))
        self.panel.hide()
        self.column.addWidget(self.panel)
        self.close_button = button(_("停下"), clicked=self.reject)
        self.mend_button = button(_("修好能修的"), "primary", clicked=self.mend)
        self.mend_button.hide()
        self.foot.addLayout(row(None, self.close_button, self.mend_button))
        self._session = session
        self._begin(lambda desk, progress: desk.doctor(progress), self.show_found)

    def _begin(self, work: Callable[[Desk, Progress], Any], show: Callable[[Any], None]) -> None:
        self._job = jobs.Job(work, self._session.desk)
        self._job.quiet = True
        self._job.advanced.connect(self._advance)
        self._job.finished.connect(show)
        self._job.failed.connect(self._fail)
        self._job.start()

    def mend(self) -> None:
        """What is computed is computed anew, what a backup has is fetched; the journal is not touched."""
        for part in (self.banner, self.panel, self.mend_button):
            part.hide()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.close_button.setText(_("停下"))
        self._begin(lambda desk, progress: desk.mend(progress), self.show_mended)

    def show_mended(self, mended: Mended) -> None:
        self.show_found(mended.after)
        self.mend_button.hide()
        self._session.write(Changes())
        done = "\n".join(mended.done) or _("没有能自动修的。")
        self.list.setText("\n".join(filter(None, (done, self.list.text()))))
        self.panel.show()

    def _advance(self, done: int, total: int, words: str) -> None:
        self.bar.setRange(0, max(total, 0))
        self.bar.setValue(done)

    def show_found(self, found: Diagnosis) -> None:
        self._end()
        counts = _(
            "记录 {entries} 条；不一致 {forks} 处、附件未收到 {missing} 份（这两样不算毛病）。"
        ).format(entries=found.entries, forks=found.forks, missing=found.missing)
        if found.ok:
            self.banner.set("ok", _("一切正常"), counts, "circle-check")
            return
        self.banner.set(
            "bad",
            _("发现 {count} 处问题").format(count=len(found.problems)),
            _("请不要删除任何东西。先点“修好能修的”：只重新计算、从备份找回附件，不改动任何记录。") + counts,
            "alert-circle",
        )
        self.list.setText("\n".join(found.problems[:SHOWN]))
        self.panel.show()
        self.mend_button.show()

    def _fail(self, error: object) -> None:
        self._end()
        what = error.what if isinstance(error, KnownError) else str(error)
        self.banner.set("bad", _("体检没有做完"), what, "alert-circle")

    def _end(self) -> None:
        self.bar.hide()
        self.banner.show()
        self.close_button.setText(_("知道了"))

    def reject(self) -> None:
        self._job.stop()
        super().reject()


def examine(session: Session, parent: QWidget) -> None:
    DoctorDialog(session, parent).exec()

"""The part of 设置 for offices where two people on two computers fill the same unit's figures."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.i18n import _
from desktop_app.ui import jobs, places
from desktop_app.ui.answers import Exported
from desktop_app.ui.session import Session
from desktop_app.ui.township import receiving
from desktop_app.ui.widgets.controls import Card, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.progress_strip import ProgressStrip


class ExchangeCard(Card):
    def __init__(self, session: Session) -> None:
        super().__init__((20, 14, 20, 14))
        self._session = session
        self.body.addWidget(Label(_("两台电脑一起填"), "panel"))
        self.body.addWidget(
            WrappedLabel(
                _(
                    "在这台写一份交换包，拷到另一台打开；另一台也写一份拿回来。各填各的格不会互相覆盖；"
                    "两边都改过的同一格会列出来，由人来定。交换包只给本单位，不往上报。"
                ),
                "body",
                "ink2",
            )
        )
        self.write = button(_("写一份交换包…"), "small_primary", "file-export", self._choose)
        self.open = button(_("打开另一台的交换包…"), "small", "file-import", self._open)
        self.body.addLayout(row(self.write, self.open, None))
        self.words = WrappedLabel("", "note-bold", "green")
        self.words.hide()
        self.body.addWidget(self.words)
        self.strip = ProgressStrip()
        self.body.addWidget(self.strip)

    def _choose(self) -> None:
        chosen = places.choose_folder(self, "exchange", _("交换包放到哪里"))
        if chosen is not None:
            self.write_to(chosen)

    def write_to(self, folder: Path) -> jobs.Job | None:
        from desktop_app.ui.identity.dialogs import unlocked

        if not unlocked(self._session.desk, self.window()):
            return None

        def done(result: Exported) -> None:
            names = "、".join(Path(str(file.path)).name for file in result.files)
            self.words.setText(
                _("已写好 {names}。拷到另一台电脑，在那边的“设置”里打开。").format(names=names)
            )
            self.words.show()

        return jobs.start(
            lambda desk, progress: desk.exchange(folder, progress),
            desk=self._session.desk,
            finished=done,
            strip=self.strip,
            words=_("正在写交换包…"),
        )

    def _open(self) -> None:
        chosen = places.choose_files(
            self, "exchange", _("选择另一台电脑的交换包"), _("交换包 (*.xlsx);;所有文件 (*)")
        )
        if chosen:
            receiving.take_in(self._session, chosen, self.strip)

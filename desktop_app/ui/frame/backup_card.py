"""The part of 设置 about backups and the health of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app.core.i18n import _
from desktop_app.ui import text
from desktop_app.ui.frame.backup import choose_and_save, choose_place, save_by_itself
from desktop_app.ui.frame.doctor_dialog import examine
from desktop_app.ui.widgets.controls import Banner, Card, FactRows, button, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel

if TYPE_CHECKING:
    from desktop_app.ui.session import Session


class BackupCard(Card):
    def __init__(self, session: Session) -> None:
        super().__init__((20, 14, 20, 14))
        self._session = session
        self.body.addWidget(Label(_("备份"), "panel"))
        self.body.addWidget(
            WrappedLabel(
                _("备份里有全部数据、佐证和密钥，写好后逐个核对。选一次地方，以后每天和关闭时自动做。"),
                "body",
                "ink2",
            )
        )
        self.banner = Banner()
        self.body.addWidget(self.banner)
        self.facts = FactRows(right=False, key_width=96, role="body")
        self.body.addWidget(self.facts)
        self.choose = button(_("选择自动备份的地方…"), "small_primary", "device-usb", self._choose)
        self.stop = button(_("不再自动备份"), "link", clicked=self._stop)
        self.now = button(_("现在备份一次"), "small", "device-floppy", self._now)
        self.other = button(
            _("另存一份…  Ctrl+S"), "small", "", lambda: choose_and_save(session, self.window())
        )
        self.body.addLayout(row(self.choose, self.now, self.other, None, self.stop))
        self.check = button(
            _("给数据做一次体检…"), "small", "checklist", lambda: examine(session, self.window())
        )
        self.body.addLayout(row(self.check, None))

    def refresh(self) -> None:
        found = self._session.desk.backup_state()
        today = self._session.desk.today()
        self.facts.set_facts(
            [
                (_("放在"), found.folder or _("还没有选")),
                (_("上次备份"), text.moment(found.last, today) or _("还没有")),
                (_("留着"), _("{count} 份").format(count=len(found.kept)) if found.present else text.NOTHING),
            ]
        )
        self.choose.setText("\u2009" + (_("换一个地方…") if found.folder else _("选择自动备份的地方…")))
        for part in (self.stop, self.now):
            part.setVisible(bool(found.folder))
        if not found.folder:
            self.banner.set(
                "warn",
                _("还没有自动备份"),
                _("电脑坏了数据就没了。请插上U盘或移动硬盘，选一个文件夹。"),
                "alert-triangle",
            )
        elif found.trouble or not found.present:
            self.banner.set(
                "bad",
                _("上次没有备份成"),
                found.trouble or _("备份的地方现在不在，请插上那个U盘。"),
                "alert-circle",
            )
        elif found.same_disk:
            self.banner.set(
                "warn",
                _("和数据在同一个盘上"),
                _("这个盘坏了会一起丢。最好换到U盘或另一块硬盘。"),
                "alert-triangle",
            )
        else:
            self.banner.set("ok", _("自动备份开着"), "", "circle-check")

    def _choose(self) -> None:
        if choose_place(self._session, self.window()):
            self.refresh()

    def _stop(self) -> None:
        self._session.desk.choose_backup(None)
        self.refresh()

    def _now(self) -> None:
        save_by_itself(self._session, force=True)

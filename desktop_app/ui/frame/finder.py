"""Search (Ctrl+K): tasks, indicators, units, sites and pages, by word, number or the initials of their pinyin."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from desktop_app.core.i18n import _
from desktop_app.ui import theme

if TYPE_CHECKING:
    from desktop_app.ui.session import Session

MOST = 12


class Found(NamedTuple):
    words: str
    where: str
    key: str
    what: object
    initials: str


def initials(words: str) -> str:
    """The first letters of the pinyin, for people who type faster than they choose characters."""
    try:
        from pypinyin import Style, lazy_pinyin
    except ImportError:
        return ""
    return "".join(part[:1] for part in lazy_pinyin(words, style=Style.FIRST_LETTER)).lower()


class Finder(QFrame):
    chosen = Signal(str, object)

    def __init__(self, session: Session, field: QLineEdit, pages: list[tuple[str, str]]) -> None:
        super().__init__(field.window(), Qt.WindowType.ToolTip)
        self._session, self._field, self._pages = session, field, pages
        self._all: list[Found] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        self.list = QListWidget()
        self.list.setFont(theme.font("body"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.itemClicked.connect(self._choose)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout.addWidget(self.list)
        self.setObjectName("card")
        field.installEventFilter(self)
        session.changed.connect(self._forget)
        session.period_changed.connect(self._forget)

    def _forget(self, _what: object) -> None:
        self._all = None

    def _collect(self) -> list[Found]:
        found: list[Found] = []
        desk, period = self._session.desk, self._session.period
        keys = {key for key, _word in self._pages}
        figures = "tasks" if "tasks" in keys else "board" if "board" in keys else "shares"
        for key, word in self._pages:
            found.append(Found(word, _("页面"), key, None, initials(word)))
        for task in desk.tasks(period):
            found.append(Found(f"{task.no} {task.title}", _("任务"), figures, task.no, initials(task.title)))
            for view in task.indicators:
                words = f"{task.no} {view.name}"
                where = _("填报") if view.mine and "entry" in keys else _("指标")
                key = "entry" if view.mine and "entry" in keys else figures
                found.append(Found(words, where, key, view.id, initials(view.name)))
        if "sites" in keys:
            for site in desk.sites():
                found.append(Found(site.name, _("台账"), "sites", site.subject, initials(site.name)))
        if "inbox" in keys:
            for unit in desk.units().children(desk.unit):
                found.append(Found(unit.name, _("单位"), "inbox", unit.code, initials(unit.name)))
        return found

    def look_for(self, words: str) -> None:
        words = words.strip().lower()
        if not words:
            self.hide()
            return
        if self._all is None:
            self._all = self._collect()
        hits = [f for f in self._all if words in f.words.lower() or (words.isascii() and words in f.initials)]
        hits.sort(key=lambda f: (not f.words.lower().startswith(words), len(f.words)))
        self.list.clear()
        for hit in hits[:MOST]:
            item = QListWidgetItem(f"{hit.words}　{hit.where}")
            item.setData(Qt.ItemDataRole.UserRole, hit)
            self.list.addItem(item)
        if not hits:
            self.list.addItem(_("没有找到“{words}”").format(words=words))
        self.list.setCurrentRow(0)
        line = theme.metrics("body").height() + theme.px(8)
        self.resize(max(self._field.width(), theme.px(360)), min(len(hits) or 1, MOST) * line + theme.px(12))
        corner = self._field.mapToGlobal(QPoint(self._field.width() - self.width(), self._field.height() + 2))
        self.move(corner)
        self.show()

    def _choose(self, item: QListWidgetItem | None) -> None:
        hit = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        self.hide()
        if hit is not None:
            self._field.clear()
            self.chosen.emit(hit.key, hit.what)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and self.isVisible():
            if event.type() == QEvent.Type.KeyPress:
                key = event.key()  # type: ignore[attr-defined]
                if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                    step = 1 if key == Qt.Key.Key_Down else -1
                    count = self.list.count()
                    self.list.setCurrentRow(max(0, min(count - 1, self.list.currentRow() + step)))
                    return True
                if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._choose(self.list.currentItem())
                    return True
                if key == Qt.Key.Key_Escape:
                    self.hide()
                    return True
            elif event.type() == QEvent.Type.FocusOut:
                self.hide()
        return super().eventFilter(watched, event)

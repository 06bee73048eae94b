"""The page every screen is: a title line with one primary button at its right end, and a body below."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.ui import theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.labels import ElidedLabel, Label


class PageStack(QStackedWidget):
    """The pages made so far.  The tallest of them must not set the window's size: each scrolls inside."""

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(400), theme.px(240))

    def sizeHint(self) -> QSize:
        return QSize(theme.px(1000), theme.px(600))


class Page(QWidget):
    """Filled when it is first shown and again when something it draws has changed.

    `kinds` names the kinds of entry the page draws; None means all.
    """

    wanted = Signal(str, object)
    """Another page is asked for: its key, and what it should show (may be None)."""

    kinds: frozenset[str] | None = None
    wide = False
    """A page that needs the whole width: the navigation folds up for it."""

    def __init__(self, session: Session, title: str = "") -> None:
        super().__init__()
        self.session = session
        self.setObjectName("page")
        self.primary: QPushButton | None = None
        self._stale = True
        outer = QVBoxLayout(self)
        side = theme.px(8 if self.wide else 16)
        outer.setContentsMargins(
            side, theme.px(6 if self.wide else 10), side, theme.px(6 if self.wide else 10)
        )
        outer.setSpacing(theme.px(8))
        self.title = Label(title, "title")
        self.title.setAccessibleName(title)
        self.count = ElidedLabel("", "note", theme.INK2)
        self.head = QHBoxLayout()
        self.head.setSpacing(theme.px(8))
        # The title line is as tall without buttons as with them.
        self.title.setMinimumHeight(theme.px(32))
        self.head.addWidget(self.title)
        self.head.addSpacing(theme.px(4))
        self.head.addWidget(self.count, 1)
        outer.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(theme.px(8))
        outer.addLayout(self.body, 1)
        session.changed.connect(self._on_changed)
        session.period_changed.connect(self._on_period_changed)

    def add_action(self, button: QPushButton, primary: bool = False) -> QPushButton:
        """Buttons stand at the right; the primary one is added last."""
        self.head.addWidget(button)
        if primary:
            self.primary = button
        return button

    def set_title(self, title: str, count: str = "") -> None:
        self.title.setText(title)
        self.count.setText(count)

    # Filling
    def refresh(self) -> None:
        """Read what is shown from the desk again."""

    def take_focus(self) -> None:
        """The keyboard goes to what one works with: the page's focus proxy, where it has one."""
        if self.focusProxy() is not None:
            self.setFocus()

    def show_subject(self, what: Any) -> None:
        """Go to what another page asked for."""

    def start_over(self) -> None:
        """The page's place in the navigation was pressed: from something opened inside the page back to its start."""

    def holds_back(self) -> bool:
        """Whether something typed here is not saved yet and must be seen to before the month is sent."""
        return False

    def refresh_if_stale(self) -> None:
        if self._stale:
            self._stale = False
            self.refresh()

    def _touch(self) -> None:
        self._stale = True
        if self.isVisible():
            self.refresh_if_stale()

    def _on_changed(self, changes: Changes) -> None:
        if self.kinds is None or self.kinds & changes.kinds:
            self._touch()

    def _on_period_changed(self, period: Period) -> None:
        self._touch()

    def showEvent(self, event: QShowEvent) -> None:
        self.refresh_if_stale()
        super().showEvent(event)

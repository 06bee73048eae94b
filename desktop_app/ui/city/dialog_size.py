"""How large a dialog opens: as asked, but never larger than the window it belongs to."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog

from desktop_app.ui import theme


def open_at(dialog: QDialog, width: int, height: int) -> None:
    """`width` and `height` are of the 100 % plan; a laptop at 150 % is only some 500 high."""
    wide, high = theme.px(width), theme.px(height)
    parent = dialog.parentWidget()
    if parent is not None:
        room = parent.window().size()
        wide, high = min(wide, room.width() - theme.px(24)), min(high, room.height() - theme.px(48))
    dialog.resize(wide, high)

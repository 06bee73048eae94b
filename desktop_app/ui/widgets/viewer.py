"""A piece of evidence as large as the window, or two side by side (前后对比)."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.controls import button, fitting, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.thumbnails import Thumbnails, draw_thumbnail


class Preview(QWidget):
    """One picture with nothing around it."""

    def __init__(self, thumbnails: Thumbnails, height: int = 0) -> None:
        super().__init__()
        self._thumbnails = thumbnails
        self._view: EvidenceView | None = None
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed if height else QSizePolicy.Policy.Expanding
        )
        if height:
            self.setFixedHeight(theme.px(height))
        thumbnails.loaded.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(246), self.minimumHeight() or theme.px(300))

    def show_view(self, view: EvidenceView | None) -> None:
        self._view = view
        self.setAccessibleName(view.caption if view else "")
        self.update()

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        box: QRect = self.rect()
        if self._view is None:
            painter.fillRect(box, QColor(theme.GREY_TINT))
        else:
            draw_thumbnail(painter, box, self._view, self._thumbnails, tag=False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(theme.LINE2))
            painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.end()


class ViewerDialog(QDialog):
    def __init__(
        self, views: list[EvidenceView], thumbnails: Thumbnails, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("佐证"))
        self.resize(fitting(parent, 1000 if len(views) > 1 else 820, 620))
        layout = QVBoxLayout(self)
        line = QHBoxLayout()
        line.setSpacing(theme.px(10))
        for view in views:
            column = QVBoxLayout()
            preview = Preview(thumbnails)
            preview.show_view(view)
            column.addWidget(preview, 1)
            words = " · ".join(p for p in (view.caption or view.name, view.stage, text.day(view.taken)) if p)
            column.addWidget(Label(words, "body"))
            line.addLayout(column, 1)
        layout.addLayout(line, 1)
        layout.addLayout(row(None, button(_("关闭"), "primary", clicked=self.accept)))


def pair_of(view: EvidenceView, among: list[EvidenceView]) -> list[EvidenceView]:
    """Before and after of the same place: the same subjects and the same beginning of the caption."""

    def place(item: EvidenceView) -> str:
        return " ".join(item.caption.split()[:3])[:8]

    def together(item: EvidenceView) -> bool:
        shared = set(item.about) & set(view.about)
        # Of one place of the ledger any words will do; of a whole indicator the caption must name the same place.
        return any(about.startswith("site/") for about in shared) or (
            bool(shared) and place(item) == place(view)
        )

    same = [item for item in among if together(item)]
    before = [item for item in same if item.stage.endswith("前")]
    after = [item for item in same if item.stage.endswith("后")]
    return [before[0], after[0]] if before and after else []

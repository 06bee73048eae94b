"""The bar at the top: which unit, which period, what is not yet sent, search and help."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStyledItemDelegate,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.ui import icons, text, theme
from desktop_app.ui.widgets.controls import button
from desktop_app.ui.widgets.labels import Label

if TYPE_CHECKING:
    from desktop_app.core.model.period import Period
    from desktop_app.core.model.view import Overview


class Dot(QWidget):
    """The amber dot in front of 未导出."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(theme.px(12), theme.px(12))

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.BAR_DOT))
        painter.drawEllipse(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class TopBar(QFrame):
    unit_chosen = Signal(object)
    """What was given as the entry's data: a folder, or "add" for another unit."""
    period_chosen = Signal(object)
    searched = Signal(str)
    help_wanted = Signal()
    unsent_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("top")
        self.setFixedHeight(theme.px(44))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.px(14), 0, theme.px(16), 0)
        layout.setSpacing(theme.px(8))
        self.name = Label(_("民生实事台账"), "panel")
        layout.addWidget(self.name)
        layout.addSpacing(theme.px(14))
        self.unit = QComboBox()
        self.unit.setAccessibleName(_("单位"))
        self.unit.setFont(theme.font("body"))
        self.unit.setMinimumWidth(theme.px(142))
        self.period = QComboBox()
        self.period.setAccessibleName(_("期间"))
        self.period.setFont(theme.font("body"))
        self.period.setMinimumWidth(theme.px(112))
        for combo in (self.unit, self.period):
            combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            combo.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            # The style's own menu look would draw the list in the bar's white, on white.
            combo.setItemDelegate(QStyledItemDelegate(combo))
            layout.addWidget(combo)
        layout.addStretch(1)
        self.sample = Label(_("演示数据"), "note-bold")
        self.sample.setObjectName("unsent")
        layout.addWidget(self.sample)
        layout.addSpacing(theme.px(8))
        self.dot = Dot()
        layout.addWidget(self.dot)
        self.unsent = button("", clicked=self.unsent_pressed.emit)
        self.unsent.setFlat(True)
        self.unsent.setFont(theme.font("note-bold"))
        self.unsent.setStyleSheet(
            f"QPushButton {{ color: {theme.BAR_AMBER}; padding: 0 2px; border: 1px solid transparent;"
            " background: transparent; }"
        )
        layout.addWidget(self.unsent)
        layout.addSpacing(theme.px(8))
        self.search = QLineEdit()
        self.search.setFont(theme.font("body"))
        self.search.setAccessibleName(_("查找任务、指标、单位"))
        self.search.addAction(icons.icon("search", theme.WHITE, 16), QLineEdit.ActionPosition.LeadingPosition)
        palette = self.search.palette()
        palette.setColor(palette.ColorRole.PlaceholderText, QColor(theme.BAR_HINT))
        self.search.setPalette(palette)
        self.search.setFixedWidth(theme.px(236))
        self.search.textEdited.connect(self.searched)
        layout.addWidget(self.search)
        layout.addSpacing(theme.px(8))
        self.help = button(_("帮助 F1"), icon="help-circle", clicked=self.help_wanted.emit, role="body")
        self.help.setIcon(icons.icon("help-circle", theme.WHITE, 16))
        layout.addWidget(self.help)
        self.unit.activated.connect(lambda number: self.unit_chosen.emit(self.unit.itemData(number)))
        self.period.activated.connect(lambda number: self.period_chosen.emit(self.period.itemData(number)))
        self._compact = False
        self._unsent_count = 0
        self._is_sample = False
        self._show_words()

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(600), theme.px(44))

    def set_compact(self, compact: bool) -> None:
        if compact != self._compact:
            self._compact = compact
            self._show_words()

    def _show_words(self) -> None:
        self.search.setPlaceholderText(_("查找") if self._compact else _("查找任务、指标、单位  Ctrl+K"))
        self.search.setFixedWidth(theme.px(116 if self._compact else 236))
        self.help.setText("\u2009F1" if self._compact else "\u2009" + _("帮助 F1"))
        count = self._unsent_count
        words = _("未导出 {count} 处") if self._compact else _("未导出 {count} 处修改")
        self.unsent.setText(words.format(count=count))
        for part in (self.dot, self.unsent):
            part.setVisible(count > 0)
        self.sample.setVisible(self._is_sample)

    def show_overview(self, overview: Overview) -> None:
        self._unsent_count = overview.unsent if overview.reports_to else 0
        self._is_sample = overview.sample
        self._show_words()

    def set_units(self, units: list[tuple[str, object]], current: int) -> None:
        self.unit.clear()
        for word, data in units:
            self.unit.addItem(word, data)
        self.unit.setCurrentIndex(current)

    def set_periods(self, periods: list[Period], current: Period) -> None:
        # A desk begins its list with the month to work on; a person looks for a month by its place in the year.
        periods = sorted(periods, key=lambda period: period.order, reverse=True)
        if periods != [self.period.itemData(number) for number in range(self.period.count())]:
            self.period.clear()
            for period in periods:
                self.period.addItem(period.label, period)
        if current in periods:
            self.period.setCurrentIndex(periods.index(current))

    def unit_word(self, overview: Overview) -> str:
        return _("{name}（{kind}）").format(
            name=overview.unit_name, kind=text.level_name(overview.level, overview.kind)
        )

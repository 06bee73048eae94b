"""Who reports an indicator for an area, from which month on."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.operations.dividing import Line
from desktop_app.ui import theme
from desktop_app.ui.city.dialog_size import open_at
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import Label

EACH = ""


class ReporterDialog(QDialog):
    def __init__(
        self, session: Session, line: Line, areas: list[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.session, self.line = session, line
        self.setWindowTitle(_("填报单位"))
        open_at(self, 460, 240)
        layout = QVBoxLayout(self)
        layout.addWidget(Label(f"{line.task}  {line.name}", "panel"))
        self.area, self.reporter = QComboBox(), QComboBox()
        organisation = session.desk.units()
        offices = [unit for unit in organisation.children(session.desk.unit) if not unit.is_area]
        known = {area for area, _name in areas}
        own = [(session.desk.unit, _("本级"))]
        for area, name in [*own, *areas, *((u.code, u.name) for u in offices if u.code not in known)]:
            self.area.addItem(name, area)
        self.since = QLineEdit()
        self.since.setPlaceholderText(_("例如 2024-07；全年都由它填可不填"))
        form = QFormLayout()
        for words, field in (
            (_("哪个地方的"), self.area),
            (_("由谁填报"), self.reporter),
            (_("从哪个月起"), self.since),
        ):
            field.setFont(theme.font("body"))
            form.addRow(Label(words, "body"), field)
        layout.addLayout(form, 1)
        self.take = button(_("定下来"), "primary", clicked=self._save)
        layout.addLayout(row(None, button(_("取消"), clicked=self.reject), self.take))
        self.area.currentIndexChanged.connect(self._units)
        self._units()

    def _units(self) -> None:
        """The area itself, its offices, or each area below for itself."""
        organisation = self.session.desk.units()
        area = self.area.currentData()
        self.reporter.clear()
        self.reporter.addItem(organisation.name(area), area)
        if organisation.child_areas(area):
            self.reporter.addItem(_("下级各自填报"), EACH)
        for unit in organisation.children(area):
            if not unit.is_area:
                self.reporter.addItem(unit.name, unit.code)

    def _save(self) -> None:
        area, reporter, since = (
            self.area.currentData(),
            self.reporter.currentData(),
            self.since.text().strip(),
        )
        done = self.session.attempt(
            lambda desk: desk.assign_reporter(
                self.line.id, area, reporter=reporter or None, each=not reporter, since=since
            ),
            _("已定填报单位"),
        )
        if done is not None:
            self.accept()

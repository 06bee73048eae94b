"""填报单位: who reports an indicator for an area, from which month, by which document."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import text
from desktop_app.ui.county.closing_dialogs import Form
from desktop_app.ui.session import Session
from desktop_app.ui.verbs.county import DutyView
from desktop_app.ui.widgets.labels import WrappedLabel

EACH = "each"


def reporter_words(duty: DutyView) -> str:
    if duty.each:
        return _("下级各自填报")
    return duty.reporter_name or _("还没有定")


class DutyDialog(Form):
    """A reporter is replaced from a month on: what the former one said in its time goes on counting."""

    def __init__(
        self, session: Session, view: IndicatorView, duty: DutyView, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            _("{area}：{name}由谁填报").format(area=duty.area_name, name=view.name),
            _("换了单位的，写从哪个月起换；原来的单位以前报的照算，双方都会随下一次回执知道。"),
            _("定下来"),
            parent,
        )
        self._session, self._view, self._duty = session, view, duty
        options: list[tuple[str, object]] = [
            (unit.name, unit.code) for unit in session.desk.possible_reporters(duty.area)
        ]
        if any(unit.is_area for unit in session.desk.units().children(duty.area)):
            options.append((_("由下级各自填报"), EACH))
        self.unit = self.choice(_("填报单位"), options)
        self.unit.setCurrentIndex(max(0, self.unit.findData(EACH if duty.each else duty.reporter)))
        months = [period for period in session.desk.periods() if period.year == session.period.year]
        since: list[tuple[str, object]] = [(_("年初起"), "")]
        since += [(period.label, period.key) for period in sorted(months, key=lambda period: period.order)]
        self.since = self.choice(_("从哪个月起"), since)
        self.since.setCurrentIndex(max(0, self.since.findData(session.period.key)) if duty.reporter else 0)
        self.document = self.line(_("依据文号"), duty.document, _("例如 云民生办〔2024〕7 号"))
        if duty.former:
            former = "；".join(
                _("{unit}（{month}起）").format(unit=name, month=text.month(month) if month else _("年初"))
                for name, month in duty.former
            )
            self.column.insertWidget(
                2, WrappedLabel(_("以前：{former}").format(former=former), "note", "ink2")
            )

    def take(self) -> None:
        chosen, since = self.unit.currentData(), self.since.currentData()
        done = self._session.attempt(
            lambda desk: desk.assign_reporter(
                self._view.id,
                self._duty.area,
                reporter=None if chosen == EACH else chosen,
                each=chosen == EACH,
                since=since,
                document=self.document.text().strip(),
            ),
            _("已定：{area} {unit}").format(area=self._duty.area_name, unit=self.unit.currentText()),
        )
        if done is not None:
            self.accept()

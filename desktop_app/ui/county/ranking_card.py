"""The part of 设置 for desks that collect: whether their areas are ranked where the notice does not ask for it."""

from __future__ import annotations

from desktop_app.core.i18n import _
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, SegmentedFilter, row
from desktop_app.ui.widgets.labels import Label, WrappedLabel


class RankingCard(Card):
    def __init__(self, session: Session) -> None:
        super().__init__((20, 14, 20, 14))
        self._session = session
        self.body.addWidget(Label(_("给下级排名"), "panel"))
        words = _(
            "通知要求排名的任务总会排。其余的平时不排，免得添乱；打开以后，挂图、通报和“排名”里都会有名次。"
        )
        self.body.addWidget(WrappedLabel(words, "body", "ink2"))
        self.choice = SegmentedFilter([("off", _("不排")), ("on", _("排"))])
        self.choice.chosen.connect(self._choose)
        self.body.addLayout(row(self.choice, None))

    def refresh(self) -> None:
        desk = self._session.desk
        self.setVisible(any(unit.is_area for unit in desk.units().below(desk.unit)))
        self.choice.choose("on" if desk.ranks() else "off")

    def _choose(self, key: str) -> None:
        if (key == "on") != self._session.desk.ranks():
            self._session.attempt(
                lambda desk: desk.state_rule("ranking", "1" if key == "on" else "0"),
                _("下级的名次会排出来") if key == "on" else _("不再给下级排名"),
            )

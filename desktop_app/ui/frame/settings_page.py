"""设置: text size, backup, and what this desk is called and proved by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_app import __version__
from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.county.ranking_card import RankingCard
from desktop_app.ui.frame.backup_card import BackupCard
from desktop_app.ui.identity.key_card import KeyCard
from desktop_app.ui.preferences import Preferences
from desktop_app.ui.township.exchange_card import ExchangeCard
from desktop_app.ui.widgets.controls import Card, FactRows, ScrollPanel, SegmentedFilter, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page

if TYPE_CHECKING:
    from desktop_app.ui.session import Session


class SettingsPage(Page):
    def __init__(self, session: Session, preferences: Preferences | None = None) -> None:
        super().__init__(session, _("设置"))
        self._preferences = preferences or Preferences()
        looks = Card((20, 14, 20, 14))
        looks.body.addWidget(Label(_("字号"), "panel"))
        self.text_size = SegmentedFilter([("normal", _("标准")), ("large", _("大字 14 磅"))])
        self.text_size.current = "large" if theme.ratio() > 1 else "normal"
        self.text_size.set_segments([("normal", _("标准")), ("large", _("大字 14 磅"))])
        self.text_size.chosen.connect(self._choose_size)
        note = Label(_("改了马上生效，窗口会重画一次。"), "note", "ink2")
        looks.body.addLayout(row(self.text_size, note, None, spacing=12))
        looks.body.addWidget(Label(_("语言 Language"), "panel"))
        self.language = SegmentedFilter([("zh", "中文"), ("en", "English")])
        self.language.current = self._preferences.language or "zh"
        self.language.set_segments([("zh", "中文"), ("en", "English")])
        self.language.chosen.connect(self._choose_language)
        forms = Label(_("上报包、表格和通报总是中文。"), "note", "ink2")
        looks.body.addLayout(row(self.language, forms, None, spacing=12))
        unit = Card((20, 14, 20, 14))
        unit.body.addWidget(Label(_("本单位"), "panel"))
        self.facts = FactRows(right=False, key_width=96, role="body")
        unit.body.addWidget(self.facts)
        self.keys = KeyCard(session)
        self.keep = BackupCard(session)
        panel = ScrollPanel((0, 0, 0, 0), 10)
        self.exchange = ExchangeCard(session)
        self.ranking = RankingCard(session)
        for card in (looks, self.keep, self.keys, self.ranking, self.exchange, unit):
            card.setMaximumWidth(theme.px(760))
            panel.body.addWidget(card)
        panel.body.addStretch(1)
        self.body.addWidget(panel, 1)

    def refresh(self) -> None:
        overview = self.session.desk.overview(self.session.period)
        self.facts.set_facts(
            [
                (_("名称"), overview.unit_name),
                (_("代码"), overview.unit),
                (_("所在市"), overview.city),
                (_("方案"), overview.plan_title),
                (_("经办"), overview.operator),
                (_("版本"), __version__),
            ]
        )
        self.keys.refresh()
        self.keep.refresh()
        self.ranking.refresh()

    def _choose_language(self, key: str) -> None:
        self._preferences.language = key
        self.wanted.emit("restart", None)

    def _choose_size(self, key: str) -> None:
        self._preferences.large_text = key == "large"
        self.wanted.emit("restart", None)

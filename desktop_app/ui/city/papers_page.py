"""通报: the papers that go out.  One place with four parts: bulletin, ranking, publication, the year's end."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QInputDialog, QStackedWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.city.bulletin_panel import BulletinPanel
from desktop_app.ui.city.publish_panel import PublishPanel
from desktop_app.ui.city.ranking_panel import RankingPanel
from desktop_app.ui.city.year_panel import YearPanel
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import SegmentedFilter, button, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip

NEW = "\n"
"""What no cut-off can be called: stands for making one."""


class PapersPage(Page):
    """Each part tells its title, what its button does, and fills itself when it is shown."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("这个月的通报"))
        self.second = self.add_action(button("", clicked=lambda: self.part.second()))
        self.act = self.add_action(button("", "primary", clicked=lambda: self.part.act()), primary=True)
        self.parts: dict[str, BulletinPanel | RankingPanel | PublishPanel | YearPanel] = {
            "bulletin": BulletinPanel(session),
            "ranking": RankingPanel(session),
            "publish": PublishPanel(session),
            "year": YearPanel(session),
        }
        self.view = SegmentedFilter(
            [("bulletin", _("通报")), ("ranking", _("排名")), ("publish", _("公开")), ("year", _("年终"))]
        )
        self.view.chosen.connect(self._choose)
        self.cutoff = QComboBox()
        self.cutoff.setFont(theme.font("body"))
        self.cutoff.setAccessibleName(_("用哪个时候的数"))
        self.cutoff.setMinimumWidth(theme.px(190))
        self.cutoff.activated.connect(self._choose_cutoff)
        self._before = 0
        self.body.addLayout(row(self.view, None, Label(_("数据"), "note", "ink2"), self.cutoff))
        self.strip = ProgressStrip()
        self.strip.hide()
        self.body.addWidget(self.strip)
        self.stack = QStackedWidget()
        for part in self.parts.values():
            part.strip = self.strip
            part.changed.connect(self._show_head)
            self.stack.addWidget(part)
        self.body.addWidget(self.stack, 1)
        self._choose("bulletin", fill=False)

    @property
    def part(self) -> BulletinPanel | RankingPanel | PublishPanel | YearPanel:
        return self.parts[self.view.current]

    def _choose(self, key: str, fill: bool = True) -> None:
        self.stack.setCurrentWidget(self.parts[key])
        self.setFocusProxy(self.part.focus_widget())
        self._show_head()
        if fill:
            self.part.fill(self._cutoff())

    def _cutoff(self) -> str:
        return self.cutoff.currentData() or ""

    def refresh(self) -> None:
        self._list_cutoffs(self._cutoff())
        self.part.fill(self._cutoff())

    def _list_cutoffs(self, chosen: str) -> None:
        """The present, each cut-off by its name, and last the way to a new one."""
        names = self.session.desk.cutoff_names()
        self.cutoff.clear()
        self.cutoff.addItem(_("现在的数"), "")
        for name in names:
            self.cutoff.addItem(_("截止点 {name}").format(name=name), name)
        self.cutoff.insertSeparator(self.cutoff.count())
        self.cutoff.addItem(_("把现在定为截止点…"), NEW)
        self.cutoff.setCurrentIndex(max(0, self.cutoff.findData(chosen)))
        self._before = self.cutoff.currentIndex()

    def _choose_cutoff(self, index: int) -> None:
        if self.cutoff.itemData(index) == NEW:
            self.cutoff.setCurrentIndex(self._before)
            self._make_cutoff()
            return
        self._before = index
        self.part.fill(self._cutoff())

    def _make_cutoff(self) -> None:
        period = self.session.period
        name, sure = QInputDialog.getText(
            self, _("定截止点"), _("名称"), text=_("{label}通报").format(label=period.label)
        )
        if (
            sure
            and self.session.attempt(lambda desk: desk.make_cutoff(name, period), _("已定截止点")) is not None
        ):
            self._list_cutoffs(name.strip())
            self.part.fill(self._cutoff())

    def _show_head(self) -> None:
        part = self.part
        self.set_title(part.title(), part.note())
        self.act.setText(_(part.act_word))
        self.act.setEnabled(part.ready())
        self.second.setText(_(part.second_word) if part.second_word else "")
        self.second.setVisible(bool(part.second_word))
        self.second.setEnabled(part.ready() or part.second_always)

    def show_subject(self, what: object) -> None:
        if isinstance(what, str) and what in self.parts:
            self.view.choose(what)

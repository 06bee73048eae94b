"""调度线索: what a dispatch has to look at; what is chosen goes into the dispatch records or among the circulars."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from desktop_app.core.figures.numbers import show
from desktop_app.core.i18n import _
from desktop_app.core.model.record_view import ClueView
from desktop_app.ui import theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, EmptyState, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ChipCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

_MOODS = {"still": "warn", "floor": "bad", "projects": "info", "levels": "warn"}


class ClueDialog(QDialog):
    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.setWindowTitle(_("调度线索"))
        self.resize(theme.px(880), theme.px(480))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.px(20), theme.px(14), theme.px(20), theme.px(14))
        layout.setSpacing(theme.px(8))
        layout.addWidget(Label(_("调度线索（{period}）").format(period=session.period.label), "panel"))
        self.rules = session.desk.clue_rules()
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.dispatch = button(_("登记调度"), "small_primary", "plus", lambda: self.enter("dispatches"))
        self.circulate = button(_("登记通报"), "small", "plus", lambda: self.enter("circulars"))
        layout.addLayout(row(self.filter, None, self.circulate, self.dispatch))
        self.table = RecordTable(
            RecordModel(
                [
                    Column(
                        "kind",
                        _("线索"),
                        84,
                        lambda c: c.word,
                        cell=ChipCell(lambda c: _MOODS[c.kind]),
                        whole=True,
                    ),
                    Column("task", _("任务"), 130, lambda c: f"{c.task} {c.title}", sort=lambda c: c.task),
                    Column("name", _("指标"), 140, lambda c: c.name, tip=lambda c: c.name, drop=1),
                    Column("area", _("地区"), 84, lambda c: c.area_name, sort=lambda c: c.area),
                    Column("words", _("情况"), 240, lambda c: c.words, stretch=True, tip=lambda c: c.words),
                ]
            ),
            row_height=30,
        )
        self.table.picked.connect(lambda _clue: self._enable())
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.empty = EmptyState(_("没有线索"), _("各地都在动，没有低于下限的，项目也登记够了。"))
        sheet.body.addWidget(self.empty)
        layout.addWidget(sheet, 1)
        self.rule = WrappedLabel("", "note", "ink2")
        layout.addWidget(self.rule)
        layout.addLayout(row(None, button(_("关闭"), clicked=self.accept)))
        self.found = list(session.desk.clues(session.period))
        self._fill()

    def _fill(self) -> None:
        self.filter.set_segments(
            [("all", _("全部 {count}").format(count=len(self.found)))]
            + [
                (kind, f"{word} {sum(clue.kind == kind for clue in self.found)}")
                for kind, word, _rule in self.rules
            ]
        )
        self.table.refill(self.found)
        self.table.setVisible(bool(self.found))
        self.empty.setVisible(not self.found)
        self._apply()

    def _apply(self) -> None:
        chosen = self.filter.current
        self.table.record_model.show_only(
            (lambda clue: clue.kind == chosen) if chosen not in ("", "all") else None
        )
        self.table.go_to_first()
        told = [rule for kind, _word, rule in self.rules if chosen in ("", "all", kind)]
        self.rule.setText("\n".join(told))
        self._enable()

    def current(self) -> ClueView | None:
        clue = self.table.current_record()
        return clue if isinstance(clue, ClueView) else None

    def _enable(self) -> None:
        clue = self.current()
        desk = self.session.desk
        self.dispatch.setVisible(desk.keeps("dispatches"))
        self.dispatch.setEnabled(clue is not None)
        self.circulate.setVisible(desk.keeps("circulars"))
        self.circulate.setEnabled(clue is not None and clue.kind == "floor")

    def enter(self, register: str) -> None:
        """The clue as a row of a register, to be followed up there."""
        clue = self.current()
        if clue is None:
            return
        day = self.session.desk.today().isoformat()
        if register == "circulars":
            values: dict[str, str] = {
                "date": day,
                "indicator": clue.indicator,
                "county": clue.area,
                "value": show(clue.value, 2),
                "floor": show(clue.line, 2),
            }
        else:
            values = {
                "date": day,
                "progress": _("{area}：{name}{words}").format(
                    area=clue.area_name, name=clue.name, words=clue.words
                ),
                "issue": clue.word,
            }
        values["task"] = str(clue.task)
        self.session.attempt(
            lambda desk: desk.save_record(register, None, values),
            _("已登记，请补上下一步和期限") if register == "dispatches" else _("已登记到“不定期通报”"),
        )

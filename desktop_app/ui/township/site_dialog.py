"""The form of one site, household or case, and the form that changes many of them at once."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QDialog, QGridLayout, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import ReasonNeeded
from desktop_app.core.i18n import _
from desktop_app.core.model.view import IndicatorView, SiteView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.controls import ScrollPanel, button, clear, fitting, row
from desktop_app.ui.widgets.labels import IconLabel, Label, WrappedLabel

Fields = dict[str, Any]
LEFT_ALONE = ""


def text_field(name: str, value: str = "", hint: str = "") -> QLineEdit:
    made = QLineEdit(value)
    made.setFont(theme.font("body"))
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


class FormDialog(QDialog):
    """A title, labelled lines that scroll where the screen is low, words for what is wrong, two buttons."""

    def __init__(self, title: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(theme.px(22), theme.px(14), theme.px(22), theme.px(14))
        outer.setSpacing(theme.px(8))
        outer.addWidget(Label(title, "panel"))
        self.lead = outer
        holder = ScrollPanel((0, 0, 6, 0), 6)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(theme.px(14))
        self.grid.setVerticalSpacing(theme.px(6))
        self.grid.setColumnStretch(1, 1)
        holder.body.addLayout(self.grid)
        holder.body.addStretch(1)
        outer.addWidget(holder, 1)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        outer.addWidget(self.words)
        keep = button(_("保存"), "primary", clicked=self.keep)
        keep.setDefault(True)
        self.foot = row(None, button(_("取消"), clicked=self.reject), keep)
        outer.addLayout(self.foot)
        self._lines = 0

    def add_line(self, label: str, *parts: QWidget) -> None:
        self.grid.addWidget(Label(label, "body", "ink2"), self._lines, 0)
        for number, part in enumerate(parts):
            self.grid.addWidget(part, self._lines, 1 + number)
        self._lines += 1

    def fault(self, words: str, field: QWidget | None = None) -> None:
        self.words.setText(words)
        self.words.setVisible(bool(words))
        if field is not None:
            field.setFocus()

    def keep(self) -> None:
        raise NotImplementedError


class SiteDialog(FormDialog):
    """`save(fields)` is tried before the form closes; on None it stays open with everything that was typed, on
    ReasonNeeded it asks for one."""

    def __init__(
        self,
        site: SiteView | None,
        indicators: Sequence[IndicatorView],
        chosen: str,
        year: int,
        save: Callable[[Fields], object | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(site.name if site else _("新增一处"), parent)
        self._site, self._save, self._year = site, save, year
        self._indicators = {view.id: view for view in indicators}
        if site is not None:
            state = _("已计入，从{day}起").format(day=text.day(site.since)) if site.counts else site.why_not
            sign = IconLabel(
                "check" if site.counts else "alert-triangle",
                state if site.counts else _("还没计入：{why}").format(why=state),
                "note-bold",
                theme.GREEN if site.counts else theme.AMBER,
            )
            self.lead.insertWidget(1, sign)
        day = _("例如 6.18")
        self.name = text_field(
            _("名称"), site.name if site else "", _("村名加编号，例如 张家湾 03 户；不写个人姓名")
        )
        self.place = text_field(_("地点"), site.place if site else "")
        self.indicator = QComboBox()
        self.indicator.setFont(theme.font("body"))
        self.indicator.setAccessibleName(_("用于"))
        for view in indicators:
            self.indicator.addItem(f"{view.task} {view.name}", view.id)
        first = next(iter(site.quantities), "") if site else chosen
        self.indicator.setCurrentIndex(max(0, self.indicator.findData(first)))
        amount = text.plain(site.quantities[first], 4) if site and first in site.quantities else "1"
        self.quantity = text_field(_("数量"), amount)
        self.charge = text_field(_("负责人"), site.charge if site else "")
        self.started = text_field(_("开始日期"), site.started if site else "", day)
        self.completed = text_field(_("完成日期"), site.completed if site else "", _("没完成就空着"))
        kept = site is not None and site.sealed
        hint = _("要换才填；以前填的还在") if kept else _("姓名、电话等；加密保存，默认不上报")
        self.personal = text_field(_("个人信息"), "", hint)
        self.note = text_field(_("说明"), site.note if site else "")
        self.add_line(_("名称"), self.name)
        self.add_line(_("地点"), self.place)
        self.add_line(_("用于"), self.indicator)
        self.measure = Label("", "body", "ink2")
        amount_line = QWidget()
        holder = row(self.quantity, self.measure)
        holder.setStretch(0, 1)
        amount_line.setLayout(holder)
        self.add_line(_("数量"), amount_line)
        self.add_line(_("负责人"), self.charge)
        self.add_line(_("开始日期"), self.started)
        stages = QWidget()
        self._stage_lines = QGridLayout(stages)
        self._stage_lines.setContentsMargins(0, 0, 0, 0)
        self._stage_lines.setHorizontalSpacing(theme.px(8))
        self._stage_lines.setVerticalSpacing(theme.px(6))
        self.stages: dict[str, QLineEdit] = {}
        self.add_line(_("各环节日期"), stages)
        self.add_line(_("完成日期"), self.completed)
        self.add_line(_("个人信息"), self.personal)
        self.add_line(_("说明"), self.note)
        self.reason = text_field(_("原因"), "", _("写一句原因，再按保存"))
        self.reason.hide()
        outer = self.lead
        outer.insertWidget(outer.indexOf(self.words) + 1, self.reason)
        self.indicator.currentIndexChanged.connect(self._lay_stages)
        self._lay_stages()
        self.name.setFocus()
        screen = parent.height() if parent is not None else 720
        self.resize(theme.px(560), min(theme.px(620), screen))

    def _lay_stages(self) -> None:
        before = {stage: field.text() for stage, field in self.stages.items()}
        clear(self._stage_lines)
        self.stages = {}
        view = self._indicators.get(str(self.indicator.currentData()))
        self.measure.setText(view.unit if view else "")
        known = dict(self._site.stages) if self._site else {}
        for number, stage in enumerate(dict.fromkeys((*(view.stages if view else ()), *known))):
            made = text_field(stage, before.get(stage, known.get(stage, "")), _("例如 6.18"))
            self._stage_lines.addWidget(Label(stage, "note", "ink2"), number // 2, number % 2 * 2)
            self._stage_lines.addWidget(made, number // 2, number % 2 * 2 + 1)
            self.stages[stage] = made
        # Made later than the fields around them, they would otherwise be reached last: a date typed blindly would
        # land in another field.
        chain = [self.started, *self.stages.values(), self.completed]
        for before_it, after_it in itertools.pairwise(chain):
            QWidget.setTabOrder(before_it, after_it)
        if not self.stages:
            self._stage_lines.addWidget(Label(_("这项指标没有规定环节"), "note", "ink2"), 0, 0)

    def complete_on(self, day: str) -> None:
        """The day it was finished, and the cursor where a stage still wants its date."""
        self.completed.setText(day)
        empty = next((field for field in self.stages.values() if not field.text()), self.completed)
        empty.setFocus()

    def fields(self) -> Fields:
        def day(field: QLineEdit) -> str:
            return text.typed_day(field.text().strip(), self._year)

        kept = {k: text.plain(v, 4) for k, v in self._site.quantities.items()} if self._site else {}
        found: Fields = {
            "name": self.name.text().strip(),
            "place": self.place.text().strip(),
            "quantities": kept | {str(self.indicator.currentData()): self.quantity.text().strip()},
            "charge": self.charge.text().strip(),
            "started": day(self.started),
            "stages": {stage: day(field) for stage, field in self.stages.items()},
            "completed": day(self.completed),
            "note": self.note.text().strip(),
        }
        if self.reason.text().strip():
            found["reason"] = self.reason.text().strip()
        if self.personal.text().strip():
            found["personal"] = {_("个人信息"): self.personal.text().strip()}
        return found

    def keep(self) -> None:
        for field in (self.name, self.quantity):
            if not field.text().strip():
                self.fault(_("请填{what}").format(what=field.accessibleName()), field)
                return
        if self.indicator.currentData() is None:
            self.fault(_("本单位没有从台账计数的指标"), self.indicator)
        else:
            self._try()

    def _try(self) -> None:
        try:
            done = self._save(self.fields())
        except ReasonNeeded as needed:
            # Possible, and unusual: the form stays, and the reason is typed right below the words.
            self.reason.show()
            self.fault(f"{needed.what}{needed.next_step}", self.reason)
            return
        if done is not None:
            self.accept()


class ManyDialog(FormDialog):
    """Changes for many sites: what is left empty stays as it is at each of them."""

    def __init__(
        self, sites: Sequence[SiteView], stages: Sequence[str], year: int, parent: QWidget | None
    ) -> None:
        super().__init__(_("一起改 {count} 处").format(count=len(sites)), parent)
        self._year = year
        self.chosen: Fields = {}
        self.lead.insertWidget(1, WrappedLabel(_("空着的不改；每处各记一条历史。"), "note", "ink2"))
        self.stage = QComboBox()
        self.stage.setFont(theme.font("body"))
        self.stage.setAccessibleName(_("环节"))
        self.stage.addItem(_("不改"), "")
        for stage in stages:
            self.stage.addItem(stage, stage)
        self.stage_day = text_field(_("环节日期"), "", _("例如 6.18"))
        self.started = text_field(_("开始日期"), "", _("不改"))
        self.completed = text_field(_("完成日期"), "", _("不改"))
        self.charge = text_field(_("负责人"), "", _("不改"))
        self.place = text_field(_("地点"), "", _("不改"))
        self.note = text_field(_("说明"), "", _("不改"))
        self.reason = text_field(_("原因"), "", _("日期不按环节先后时要写"))
        self.add_line(_("环节和日期"), self.stage, self.stage_day)
        for field in (self.started, self.completed, self.charge, self.place, self.note, self.reason):
            self.grid.addWidget(Label(field.accessibleName(), "body", "ink2"), self._lines, 0)
            self.grid.addWidget(field, self._lines, 1, 1, 2)
            self._lines += 1
        self.stage.setFocus()
        self.resize(fitting(parent, 520, 420))

    def keep(self) -> None:
        fields: Fields = {}
        for name, field in (("started", self.started), ("completed", self.completed)):
            if field.text().strip():
                fields[name] = text.typed_day(field.text().strip(), self._year)
        for name, field in (("charge", self.charge), ("place", self.place), ("note", self.note)):
            if field.text().strip():
                fields[name] = field.text().strip()
        stage, day = str(self.stage.currentData()), self.stage_day.text().strip()
        if stage and not day:
            self.fault(_("请填{what}").format(what=_("环节日期")), self.stage_day)
            return
        if stage:
            fields["stage"] = (stage, text.typed_day(day, self._year))
        if not fields:
            self.fault(_("请至少填一栏"), self.completed)
            return
        if self.reason.text().strip():
            fields["reason"] = self.reason.text().strip()
        self.chosen = fields
        self.accept()


def fields_for(site: SiteView, chosen: Mapping[str, Any]) -> Fields:
    """What the form for many says of one site: a stage is added to those it has."""
    fields = {name: value for name, value in chosen.items() if name != "stage"}
    if "stage" in chosen:
        stage, day = chosen["stage"]
        fields["stages"] = {**site.stages, stage: day}
    return fields

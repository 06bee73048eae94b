"""通报 on screen: what the draft says, who and what is named in it, before it goes to Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import N_, _
from desktop_app.core.report.bulletin import AreaLine, Bulletin, LagLine, day_words
from desktop_app.core.rules import days
from desktop_app.ui import errors, text, theme
from desktop_app.ui.city.paper_part import PaperPart
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Banner, Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import IconTextCell, LightCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

SIDES = {"leading": N_("进展较快"), "lagging": N_("进展较慢")}


def _chosen_cell() -> IconTextCell:
    """Of areas only those that lead or lag are named at all."""
    return IconTextCell(
        lambda line: (
            ("", theme.INK3, "body")
            if not getattr(line, "side", "lag")
            else ("checkbox", theme.GREEN, "body")
            if line.chosen
            else ("x", theme.INK3, "body")
        )
    )


class BulletinPanel(PaperPart):
    act_word = N_("存成 Word…")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.draft: Bulletin | None = None
        self.to = self._field(_("主送"), 2000)
        self.dated = self._field(_("成文日期"), 140)
        self.by = self._field(_("整改报送期限"), 100)
        self.by.setPlaceholderText(_("如 7月20日"))
        line = row(
            Label(_("主送"), "note", "ink2"),
            self.to,
            8,
            Label(_("成文日期"), "note", "ink2"),
            self.dated,
            8,
            Label(_("整改期限"), "note", "ink2"),
            self.by,
        )
        line.setStretch(line.indexOf(self.to), 1)
        self.body.addLayout(line)
        self.warning = Banner("warn")
        self.warning.hide()
        self.body.addWidget(self.warning)
        self.kind = SegmentedFilter([("lags", _("滞后事项")), ("areas", _("各县区"))])
        self.kind.chosen.connect(lambda _key: self._show())
        self.up = button(_("上移"), "small", "arrow-up", lambda: self._move(-1))
        self.down = button(_("下移"), "small", "arrow-down", lambda: self._move(1))
        self.body.addLayout(row(self.kind, None, self.up, self.down))
        self.lags = RecordTable(RecordModel(self._lag_columns()))
        self.areas = RecordTable(RecordModel(self._area_columns()))
        sheet = Card((1, 1, 1, 1), 0)
        for table in (self.lags, self.areas):
            table.keep_place_by(self._key)
            table.picked.connect(self._picked)
            table.action_pressed.connect(lambda line, _key: self._toggle(line))
            table.activated_record.connect(self._toggle)
            sheet.body.addWidget(table)
        self.areas.hide()
        self.body.addWidget(sheet, 1)
        self.remark = QLineEdit()
        self.remark.setAccessibleName(_("这一条的备注"))
        self.remark.setPlaceholderText(_("印在这一条后面，例如：已于7月5日复工"))
        self.remark.editingFinished.connect(self._keep_remark)
        self.body.addLayout(row(Label(_("这一条的备注"), "note", "ink2"), self.remark))
        self.rule = WrappedLabel("", "note", "ink2")
        self.body.addWidget(self.rule)

    @staticmethod
    def _field(name: str, width: int) -> QLineEdit:
        made = QLineEdit()
        made.setAccessibleName(name)
        made.setMinimumWidth(theme.px(min(width, 110)))
        made.setMaximumWidth(theme.px(width))
        made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return made

    @staticmethod
    def _key(line: Any) -> tuple[object, ...]:
        return (line.area, getattr(line, "no", 0))

    @staticmethod
    def _lag_columns() -> list[Column]:
        return [
            Column(
                "chosen",
                _("列入通报"),
                84,
                lambda line: _("列入") if line.chosen else _("不列"),
                cell=_chosen_cell(),
                pressable=True,
                whole=True,
            ),
            Column("name", _("单位"), 90, lambda line: line.name, whole=True),
            Column(
                "task", _("任务"), 170, lambda line: f"{line.no} {line.title}", tip=lambda line: line.title
            ),
            Column("words", _("进展"), 200, lambda line: line.told, stretch=True, tip=lambda line: line.told),
            Column("percent", _("完成"), 62, lambda line: text.percent(line.percent), right=True),
            Column("expected", _("应达"), 62, lambda line: text.percent(line.expected), right=True),
            Column(
                "light",
                _("灯"),
                76,
                lambda line: text.light(line.light),
                cell=LightCell(lambda line: line.light),
                whole=True,
            ),
            Column("remark", _("备注"), 140, lambda line: line.remark, drop=1, colour=theme.INK2),
        ]

    @staticmethod
    def _area_columns() -> list[Column]:
        return [
            Column(
                "chosen",
                _("列入通报"),
                84,
                lambda line: (_("列入") if line.chosen else _("不列")) if line.side else "",
                cell=_chosen_cell(),
                pressable=True,
                whole=True,
            ),
            Column("name", _("单位"), 120, lambda line: line.name, whole=True),
            Column("side", _("写在"), 90, lambda line: _(SIDES[line.side]) if line.side else "", whole=True),
            Column("good", _("不落后项数"), 96, lambda line: f"{line.good} / {line.of}", right=True),
            Column("mean", _("平均完成"), 82, lambda line: text.percent(line.mean), right=True),
            Column("sent", _("报送"), 70, lambda line: _("已报") if line.received else _("未报")),
            Column("remark", _("备注"), 160, lambda line: line.remark, stretch=True, colour=theme.INK2),
        ]

    # What is shown
    @property
    def table(self) -> RecordTable:
        return self.lags if self.kind.current == "lags" else self.areas

    def title(self) -> str:
        return _("{month}的通报").format(month=text.month(self.session.period.key))

    def note(self) -> str:
        if self.draft is None:
            return _("正在生成…")
        chosen = sum(line.chosen for line in self.draft.lags)
        note = _("代拟稿 · 滞后 {count} 项次，列入 {chosen}").format(
            count=len(self.draft.lags), chosen=chosen
        )
        return note + (_(" · 截止点 {name}").format(name=self.draft.cutoff) if self.draft.cutoff else "")

    def ready(self) -> bool:
        return self.draft is not None

    def focus_widget(self) -> QWidget:
        return self.lags

    def fill(self, cutoff: str) -> None:
        period = self.session.period
        self.draft = None
        self.work(lambda desk, _progress: desk.bulletin(period, cutoff), self._take, self.reading(cutoff))

    def _take(self, draft: Bulletin) -> None:
        self.draft = draft
        self.to.setText(draft.addressee)
        self.to.setCursorPosition(0)
        # A draft is issued when it is written; the desk's own day, not the clock's: a sample city lives in its month.
        self.dated.setText(day_words(self.session.desk.today()))
        areas = _("各县区") if draft.of_city else _("各乡镇")
        self.kind.set_segments([("lags", _("滞后事项")), ("areas", areas)])
        self._warn(draft)
        self._show()
        self.table.go_to_first()

    def _warn(self, draft: Bulletin) -> None:
        """Who has not reported the month is said before anything is written with figures of an earlier one."""
        self.warning.setVisible(bool(draft.silent))
        if draft.silent:
            title = _("{count} 个{areas}没有报 {month}的数，用的是沿用数").format(
                count=len(draft.silent), areas=draft.areas_word, month=text.month(self.session.period.key)
            )
            words = _("{names}。可以先催报；现在就出，通报里会写明谁没有报送。").format(
                names="、".join(draft.silent)
            )
            self.warning.setToolTip(words)
            self.warning.set("warn", title, words if self._tall() else "", "alert-triangle")

    def _tall(self) -> bool:
        """Where the page is low the list needs the line more; who it is stands in the tip."""
        return self.height() >= theme.px(460)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.draft is not None:
            self._warn(self.draft)

    def _show(self) -> None:
        self.lags.setVisible(self.kind.current == "lags")
        self.areas.setVisible(self.kind.current != "lags")
        if self.draft is None:
            return
        self.lags.refill(self.draft.lags)
        self.areas.refill(self.draft.areas)
        self.rule.setText(self.draft.lag_rule if self.kind.current == "lags" else self.draft.rule)
        self._picked(self.table.current_record())
        self.changed.emit()

    # Editing
    def _lines(self) -> list[LagLine | AreaLine]:
        assert self.draft is not None
        return list(self.draft.lags if self.kind.current == "lags" else self.draft.areas)

    def _put(self, lines: list[LagLine | AreaLine]) -> None:
        assert self.draft is not None
        self.draft = msgspec.structs.replace(self.draft, **{self.kind.current: tuple(lines)})
        self._show()

    def _toggle(self, line: Any) -> None:
        if self.draft is None or line is None or (isinstance(line, AreaLine) and not line.side):
            return
        self._put(
            [
                msgspec.structs.replace(item, chosen=not item.chosen)
                if self._key(item) == self._key(line)
                else item
                for item in self._lines()
            ]
        )

    def _move(self, step: int) -> None:
        line = self.table.current_record()
        if self.draft is None or line is None:
            return
        lines = self._lines()
        place = next(n for n, item in enumerate(lines) if self._key(item) == self._key(line))
        if 0 <= place + step < len(lines):
            lines.insert(place + step, lines.pop(place))
            self._put(lines)

    def _picked(self, line: Any) -> None:
        self.remark.setEnabled(line is not None)
        self.remark.setText(line.remark if line is not None else "")
        self._remarked = self._key(line) if line is not None else None

    def _keep_remark(self) -> None:
        """The remark belongs to the line it was typed for, even where another has been chosen since."""
        if self.draft is None or self._remarked is None:
            return
        lines, words = self._lines(), self.remark.text().strip()
        if any(self._key(item) == self._remarked and item.remark != words for item in lines):
            self._put(
                [
                    msgspec.structs.replace(item, remark=words) if self._key(item) == self._remarked else item
                    for item in lines
                ]
            )

    # Writing
    def edited(self) -> Bulletin | None:
        """The draft with what stands in the fields."""
        if self.draft is None:
            return None
        self._keep_remark()
        return msgspec.structs.replace(
            self.draft,
            addressee=self.to.text().strip(),
            dated=self.dated.text().strip(),
            answer_by=self.by.text().strip(),
        )

    def act(self) -> None:
        if self.draft is None or not self._has_day():
            return
        made = self.edited()
        assert made is not None
        path = self.choose_file(_("{period}通报.docx").format(period=made.label), _("Word 文档 (*.docx)"))
        if path is not None:
            self.write(made, path.with_suffix(".docx"))

    def _has_day(self) -> bool:
        """A day as an office writes it, or one typed in short, which is then written out."""
        words = self.dated.text().strip()
        try:
            if not words:
                raise InputError(_("成文日期还没有填。"), next_step=_("请写成 2024年7月5日 的样子。"))
            day = days.read(text.typed_day(words, self.session.period.year), _("成文日期"))
        except InputError as error:
            errors.show(error, self)
            self.dated.setFocus()
            return False
        self.dated.setText(day_words(day))
        return True

    def write(self, made: Bulletin, path: Path) -> None:
        self.work(
            lambda desk, _progress: desk.write_bulletin(made, path),
            lambda paths: self.session.told.emit(_("通报已存到 {path}，附件表在旁边").format(path=paths[0])),
            _("正在写 Word…"),
        )

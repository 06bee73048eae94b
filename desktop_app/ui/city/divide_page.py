"""分解: indicators × areas on one sheet, sums and shortfalls in sight, saved by document and day of effect."""

from __future__ import annotations

from fractions import Fraction

from PySide6.QtWidgets import QLineEdit

from desktop_app.core.i18n import _
from desktop_app.core.model.forms import is_date
from desktop_app.core.operations.dividing import Line
from desktop_app.ui import places, theme
from desktop_app.ui.city.divide_dialog import DivideDialog
from desktop_app.ui.city.divide_table import FIRST, DivideModel, DivideTable
from desktop_app.ui.city.reporter_dialog import ReporterDialog
from desktop_app.ui.county.inbox_acts import write_replies
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Banner, Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.labels import Label
from desktop_app.ui.widgets.page import Page
from desktop_app.ui.widgets.progress_strip import ProgressStrip


class DividePage(Page):
    kinds = frozenset({"allocation", "plan", "unit", "duty"})
    wide = True

    def __init__(self, session: Session) -> None:
        super().__init__(session, _("目标怎么分"))
        self.rule = self.add_action(button(_("按规则分…"), clicked=self._divide))
        self.reporter = self.add_action(button(_("填报单位…"), clicked=self._assign))
        self.undo = self.add_action(button(_("撤销"), clicked=self._undo))
        self.send = self.add_action(button(_("下发…"), clicked=self._send))
        self.save = self.add_action(button(_("保存分解"), "primary", clicked=self.save_now), primary=True)
        self.filter = SegmentedFilter()
        self.filter.chosen.connect(lambda _key: self._apply())
        self.document = QLineEdit()
        self.document.setFont(theme.font("body"))
        self.document.setAccessibleName(_("依据文号"))
        self.document.setPlaceholderText(_("如 云民生办〔2024〕3 号"))
        self.document.setMinimumWidth(theme.px(110))
        self.document.setMaximumWidth(theme.px(240))
        self.effective = QLineEdit()
        self.effective.setFont(theme.font("body"))
        self.effective.setAccessibleName(_("生效日期"))
        self.effective.setPlaceholderText(_("年初起不填"))
        self.effective.setToolTip(_("年中调整的，从哪天起，如 2024-07-01；年初就这样分的不用填"))
        self.effective.setFixedWidth(theme.px(120))
        self.body.addLayout(
            row(
                self.filter,
                None,
                Label(_("依据文号"), "note"),
                self.document,
                Label(_("生效日期"), "note"),
                self.effective,
            )
        )
        self.banner = Banner()
        self.body.addWidget(self.banner)
        self.strip = ProgressStrip()
        self.strip.hide()
        self.body.addWidget(self.strip)
        self.sheet = Card((1, 1, 1, 1), 0)
        self.body.addWidget(self.sheet, 1)
        self.model: DivideModel | None = None
        self.table: DivideTable | None = None
        self._areas: tuple[tuple[str, str], ...] = ()

    def refresh(self) -> None:
        grid = self.session.desk.division()
        if self.model is None or grid.areas != self._areas:
            self._areas = grid.areas
            if self.table is not None:
                self.table.deleteLater()
            self.model = DivideModel(grid)
            self.model.altered.connect(self._check)
            self.table = DivideTable(self.model)
            self.table.keep_place_by(lambda line: line.id)
            self.table.picked.connect(lambda _line: self._check())
            self.table.lost.connect(self._told_lost)
            self.sheet.body.addWidget(self.table)
            self.setFocusProxy(self.table)
        self.model.grid = grid
        self.table.refill(list(grid.lines))  # type: ignore[union-attr]
        self.set_title(
            _("目标怎么分"),
            _("{count} 个指标 × {areas} 家").format(count=len(grid.lines), areas=len(grid.areas)),
        )
        counts = {key: sum(test(line) for line in grid.lines) for key, test in self._tests().items()}
        self.filter.set_segments(
            [
                ("all", _("全部 {count}").format(count=len(grid.lines))),
                ("todo", _("没分完 {count}").format(count=counts["todo"])),
                ("sum", _("可相加 {count}").format(count=counts["sum"])),
                ("none", _("不相加 {count}").format(count=counts["none"])),
            ]
        )
        self._apply()
        if self.table is not None and self.table.current_record() is None and self.model.rows:
            self.table.go_to(0, FIRST)
        self._check()

    def _tests(self):
        model = self.model
        assert model is not None
        return {
            "todo": lambda line: line.adds == "sum" and model.sum(line).mood in ("warn", "error"),
            "sum": lambda line: line.adds == "sum",
            "none": lambda line: line.adds != "sum",
        }

    def _apply(self) -> None:
        if self.model is not None:
            self.model.show_only(self._tests().get(self.filter.current))

    def show_subject(self, what: object) -> None:
        if self.model is not None and self.table is not None:
            self.table.go_to(self.model.find(lambda line: line.task == what or line.id == what), FIRST)

    def current(self) -> Line | None:
        return self.table.current_record() if self.table is not None else None

    def _check(self) -> None:
        line, model = self.current(), self.model
        if model is None:
            return
        bad = model.bad()
        typed = len(model.typed)
        self.save.setEnabled(bool(typed) and not bad and is_date(self.effective.text().strip()))
        self.undo.setEnabled(model.undoable)
        self.rule.setEnabled(line is not None and line.adds != "city")
        self.reporter.setEnabled(line is not None)
        if bad:
            self.banner.set(
                "bad", _("有 {count} 格不是数字").format(count=bad), _("改正后才能保存。"), "alert-triangle"
            )
            return
        if line is None:
            self.banner.set("info", _("点一格就能填；也可以从 Excel 整块粘贴"), "", "info-circle")
            return
        found = model.sum(line)
        mood = {"plain": "info", "error": "bad", "warn": "warn", "ok": "ok"}[found.mood]
        icon = "circle-check" if mood == "ok" else "info-circle" if mood == "info" else "alert-triangle"
        title = f"{line.task} {line.name}：{line.said or found.text}"
        rest = _("改了 {count} 格，还没保存").format(count=typed) if typed else line.hint
        self.banner.set(mood, title, rest, icon)

    def _told_lost(self, count: int) -> None:
        self.session.told.emit(_("有 {count} 格粘不下，没有放进去").format(count=count))

    def _undo(self) -> None:
        if self.model is not None:
            self.model.undo()

    def _divide(self) -> None:
        line, model = self.current(), self.model
        if line is None or model is None:
            return
        areas = [item for item in model.grid.areas if item[0] not in model.grid.offices]
        offices = [item for item in model.grid.areas if item[0] in model.grid.offices]
        dialog = DivideDialog(line, areas, self, offices)
        if dialog.exec():
            self.put(line, dialog.outcome)

    def put(self, line: Line, outcome: dict[str, Fraction]) -> None:
        """Lay what a rule gave into the grid; nothing is saved yet."""
        assert self.model is not None
        words = {
            (line.id, area): str(value)
            if value.denominator == 1
            else f"{float(value):.{max(2, line.decimals)}f}"
            for area, value in outcome.items()
        }
        self.model.put(words)

    def _assign(self) -> None:
        line = self.current()
        if line is not None and self.model is not None:
            dialog = ReporterDialog(self.session, line, list(self.model.grid.areas), self)
            dialog.exec()

    def save_now(self) -> None:
        model = self.model
        if model is None or not model.typed:
            return
        document, effective = self.document.text().strip(), self.effective.text().strip()
        cells = dict(model.typed)
        changes = self.session.attempt(
            lambda desk: desk.save_division(cells, document, effective or None),
            _("已保存 {count} 格").format(count=len(cells)),
        )
        if changes is not None:
            model.forget()
            self.refresh()

    def holds_back(self) -> bool:
        return self.model is not None and bool(self.model.typed)

    def _send(self) -> None:
        """The division goes down in the same signed files as receipts, one a county."""
        if self.holds_back():
            words = _("改了 {count} 格，还没保存").format(count=len(self.model.typed) if self.model else 0)
            self.banner.set("warn", words, _("请先保存分解，再下发；没保存的不会发下去。"), "alert-triangle")
            return
        folder = places.choose_folder(self, "replies", _("下发文件存到哪里"))
        if folder is not None:
            write_replies(self.session, folder, self, self.strip)

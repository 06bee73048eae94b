"""年终: every figure against its target, judged by its bound word; the pack for the evaluator and the archive."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import N_, _
from desktop_app.core.report.year_end import VERDICTS, YearEnd, YearLine, counts
from desktop_app.ui import places, theme
from desktop_app.ui.city.paper_part import PaperPart
from desktop_app.ui.paper import QtPaper
from desktop_app.ui.session import Session
from desktop_app.ui.verbs.papers import Archived, Checked
from desktop_app.ui.widgets.controls import Banner, Card, SegmentedFilter, button, row
from desktop_app.ui.widgets.delegates import ChipCell
from desktop_app.ui.widgets.labels import WrappedLabel
from desktop_app.ui.widgets.records import Column, Grouping, RecordModel
from desktop_app.ui.widgets.table import RecordTable

MOODS = {"reached": "ok", "about": "ok", "short": "bad", "unsaid": "warn", "open": "plain"}


def _named(line: YearLine) -> str:
    """The indicator; of one area below, whose it is."""
    part = _("其中：") if line.part else ""
    return " ".join(words for words in (line.area_name, line.indicator, part + line.name) if words)


class YearPanel(PaperPart):
    act_word = N_("做年终归档…")
    second_word = N_("存成 Excel 和 Word…")

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.year: YearEnd | None = None
        self._told = False
        """Whether the banner says what became of an archive."""
        self.view = SegmentedFilter()
        self.view.chosen.connect(lambda _key: self._apply())
        self.check = button(_("核对一份归档…"), "small", "shield-check", self._check)
        self.body.addLayout(row(self.view, None, self.check))
        self.banner = Banner("info")
        self.banner.hide()
        self.body.addWidget(self.banner)
        self._titles: dict[int, str] = {}
        self.table = RecordTable(
            RecordModel(
                [
                    Column(
                        "name",
                        _("指标"),
                        200,
                        _named,
                        tip=_named,
                    ),
                    Column("bound", _("约束"), 116, lambda line: line.bound, colour=theme.INK2, drop=2),
                    Column(
                        "target",
                        _("目标"),
                        130,
                        lambda line: line.shown_target,
                        tip=lambda line: line.shown_target,
                    ),
                    Column(
                        "value",
                        _("完成"),
                        150,
                        lambda line: line.shown_value,
                        tip=lambda line: line.shown_value,
                    ),
                    Column(
                        "verdict",
                        _("结论"),
                        140,
                        lambda line: _(VERDICTS[line.verdict]),
                        cell=ChipCell(lambda line: MOODS[line.verdict]),
                        whole=True,
                    ),
                    Column(
                        "words",
                        _("说明"),
                        160,
                        lambda line: line.words,
                        stretch=True,
                        tip=lambda line: line.words,
                    ),
                    Column(
                        "evidence",
                        _("佐证"),
                        56,
                        lambda line: str(line.evidence) if line.evidence else "",
                        right=True,
                        drop=1,
                    ),
                ],
                Grouping(
                    key=lambda line: line.no,
                    title=lambda no: f"{no} {self._titles.get(no, '')}",
                    note=self._task_note,
                ),
            )
        )
        sheet = Card((1, 1, 1, 1), 0)
        sheet.body.addWidget(self.table)
        self.body.addWidget(sheet, 1)
        self.body.addWidget(
            WrappedLabel(
                _(
                    "按目标里的约束词判定：不少于、左右（允许偏差内）、单一数字、建立、比率（有下限的看各地）、各地都要达到的。"
                ),
                "note",
                "ink2",
            )
        )

    def _task_note(self, lines: list[YearLine]) -> str:
        task = next((t for t in self.year.tasks if t.no == lines[0].no), None) if self.year else None
        return _(VERDICTS[task.verdict]) if task else ""

    def title(self) -> str:
        return _("年终目标完成得怎么样")

    def note(self) -> str:
        if self.year is None:
            return _("正在判定…")
        number = counts(self.year.tasks)
        return _("{count} 项任务：达到 {reached} · 未达到 {short} · 未报送 {unsaid} · 待定 {open}").format(
            count=len(self.year.tasks),
            reached=number["reached"] + number["about"],
            short=number["short"],
            unsaid=number["unsaid"],
            open=number["open"],
        )

    def ready(self) -> bool:
        return self.year is not None

    def focus_widget(self) -> QWidget:
        return self.table

    def fill(self, cutoff: str) -> None:
        self.cutoff, self._told = cutoff, False
        self.work(lambda desk, _progress: desk.year_end(cutoff), self._take, self.reading(cutoff))

    def _take(self, year: YearEnd) -> None:
        self.year = year
        self._titles = {task.no: task.title for task in year.tasks}
        number = counts([line for line in year.lines if line.headline and not line.part])
        self.view.set_segments(
            [
                ("short", _("没有达到 {count}").format(count=number["short"] + number["unsaid"])),
                ("all", _("全部指标 {count}").format(count=len(year.lines))),
                ("areas", _("各地 {count}").format(count=len(year.areas))),
            ]
        )
        self._apply()

    def _warn_of_months_to_come(self) -> None:
        """A target that is not reached in May is no failure; it must not read like one."""
        if self.year is None or self._told:
            return
        self.banner.setVisible(not self.year.complete)
        if not self.year.complete:
            self.banner.set(
                "warn",
                _("全年的数还没报齐，最近一个月是{month}").format(month=self.year.latest),
                _("下面是按已报的数试判，看还差多少；年底的数报齐以后再归档。"),
                "alert-triangle",
            )

    def _apply(self) -> None:
        if self.year is None:
            return
        lines = self.year.areas if self.view.current == "areas" else self.year.lines
        if self.view.current == "short":
            lines = tuple(
                line
                for line in lines
                if line.headline and not line.part and line.verdict in ("short", "unsaid")
            )
        self.table.refill(lines)
        self.table.go_to_first()
        self._warn_of_months_to_come()

    # Writing
    def second(self) -> None:
        year = self.year
        path = self.choose_file(_("年终完成情况.xlsx"), _("Excel 表格 (*.xlsx)"))
        if path is None or year is None:
            return
        path = path.with_suffix(".xlsx")
        self.work(
            lambda desk, _progress: desk.write_year_end(year, path),
            lambda paths: self.session.told.emit(_("已存到 {path}，报告在旁边").format(path=paths[0])),
            _("正在写表…"),
        )

    def act(self) -> None:
        from desktop_app.ui.identity.dialogs import unlocked

        chosen = places.choose_folder(self, "archives", _("归档放到哪个文件夹"))
        if chosen is not None and unlocked(self.session.desk, self.window()):
            self.archive(chosen)

    def archive(self, folder: Path) -> None:
        cutoff = self.cutoff
        self.work(
            lambda desk, progress: desk.archive(folder, QtPaper(), progress, cutoff),
            self._archived,
            _("正在做归档…"),
        )

    def _archived(self, found: Archived) -> None:
        self._tell(
            "ok",
            _("归档做好了：{name}").format(name=found.path.name),
            _(
                "{files} 个文件、{entries} 条记录、{photos} 份佐证；含个人信息的 {withheld} 份没有放进去。"
                "可以整个文件夹交给评估单位，也可以刻盘留存。"
            ).format(files=found.files, entries=found.entries, photos=found.photos, withheld=found.withheld),
            "circle-check",
        )

    def _check(self) -> None:
        chosen = places.choose_folder(self, "archives", _("核对哪个归档文件夹"))
        if chosen is not None:
            self.check_archive(chosen)

    def check_archive(self, path: Path) -> None:
        self.work(
            lambda desk, progress: desk.check_archive(path, progress), self._checked, _("正在核对归档…")
        )

    def _checked(self, found: Checked) -> None:
        if found.ok:
            self._tell(
                "ok",
                _("这份归档没有被改动"),
                _("制作单位：{signer}；根证书指纹 {root}").format(signer=found.signer, root=found.root),
                "shield-check",
            )
            return
        shown = "\n".join(found.problems[:6])
        more = len(found.problems) - 6
        self._tell(
            "bad",
            _("这份归档有 {count} 处不对").format(count=len(found.problems)),
            shown + (_("\n还有 {count} 处").format(count=more) if more > 0 else ""),
            "shield-x",
        )

    def _tell(self, mood: str, title: str, words: str, icon: str) -> None:
        self._told = True
        self.banner.set(mood, title, words, icon)
        self.banner.show()

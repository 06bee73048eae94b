"""What the buttons of other pages do with workbooks: each asks for a file and opens the fitting dialog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.sheet import Reading
from desktop_app.core.progress import Progress
from desktop_app.ui import errors, jobs, places
from desktop_app.ui.session import Desk, Session
from desktop_app.ui.sheets.extract_dialog import ExtractDialog
from desktop_app.ui.sheets.preview import PreviewDialog
from desktop_app.ui.sheets.template_dialog import TemplateDialog
from desktop_app.ui.widgets.controls import button

EXCEL = "Excel (*.xlsx)"


def menu_button(words: str, icon: str, entries: Sequence[tuple[str, Callable[[], object]]]) -> QPushButton:
    """A button that opens a list of acts."""
    made = button(words, "", icon)
    menu = QMenu(made)
    for name, act in entries:
        menu.addAction(name).triggered.connect(lambda _on=False, act=act: act())
    made.setMenu(menu)
    return made


def template_button(session: Session, parent: QWidget) -> QPushButton:
    """On 填报."""
    return menu_button(
        _("填报表"),
        "table",
        [
            (_("发出填报表…"), lambda: send_templates(session, parent)),
            (_("收回填报表…"), lambda: ask_templates(session, parent)),
        ],
    )


def site_button(session: Session, parent: QWidget, indicator: Callable[[], str]) -> QPushButton:
    """On 台账; `indicator` tells which one the list shows."""
    return menu_button(
        _("表格"),
        "table",
        [
            (_("导入表格…"), lambda: ask_sites(session, parent, indicator())),
            (_("导出表格…"), lambda: export_sites(session, parent, indicator())),
            (_("业务系统导出表作佐证…"), lambda: ask_extract(session, parent, indicator())),
        ],
    )


def ask_extract(session: Session, parent: QWidget, indicator: str = "") -> ExtractDialog | None:
    chosen = places.choose_file(parent, "tables", _("选择业务系统导出的表格"), EXCEL)
    return take_extract(session, parent, chosen, indicator) if chosen is not None else None


def take_extract(session: Session, parent: QWidget, path: Path, indicator: str = "") -> ExtractDialog | None:
    """One extract as evidence for many cases; an unreadable file is told."""
    try:
        dialog = ExtractDialog(session, path, indicator, parent)
    except KnownError as error:
        errors.show(error)
        return None
    dialog.open()
    return dialog


def send_templates(session: Session, parent: QWidget) -> TemplateDialog:
    """发出填报表."""
    dialog = TemplateDialog(session, parent)
    dialog.open()
    return dialog


def ask_templates(session: Session, parent: QWidget) -> PreviewDialog | None:
    """收回填报表: any number of files."""
    chosen = places.choose_files(parent, "templates", _("选择填好的填报表（可多选）"), EXCEL)
    return take_templates(session, parent, chosen) if chosen else None


def take_templates(session: Session, parent: QWidget, files: Sequence[Path]) -> PreviewDialog:
    def read(
        desk: Desk, dry: bool, reasons: Mapping[str, str], progress: Progress
    ) -> tuple[Reading, Changes]:
        return desk.read_templates(files, dry=dry, reasons=reasons, progress=progress)

    return _opened(session, parent, _("收回填报表"), read)


def ask_sites(session: Session, parent: QWidget, indicator: str = "") -> PreviewDialog | None:
    """台账: 导入表格."""
    chosen = places.choose_file(parent, "tables", _("选择台账表格"), EXCEL)
    return take_sites(session, parent, chosen, indicator) if chosen is not None else None


def take_sites(session: Session, parent: QWidget, path: Path, indicator: str = "") -> PreviewDialog:
    def read(
        desk: Desk, dry: bool, reasons: Mapping[str, str], progress: Progress
    ) -> tuple[Reading, Changes]:
        return desk.import_sites(path, indicator=indicator, dry=dry)

    return _opened(session, parent, _("导入台账表格"), read)


def _opened(session: Session, parent: QWidget, title: str, read: object) -> PreviewDialog:
    dialog = PreviewDialog(session, title, read, parent)  # type: ignore[arg-type]
    dialog.open()
    return dialog


def export_sites(session: Session, parent: QWidget, indicator: str = "") -> jobs.Job | None:
    """台账: 导出表格."""
    name = _("{unit}台账.xlsx").format(unit=session.desk.units().name(session.desk.unit))
    path = places.choose_target(parent, "tables", _("台账表格存到哪里"), name, EXCEL)
    if path is None:
        return None
    if path.suffix.lower() != ".xlsx":
        path = path.with_name(path.name + ".xlsx")
    return jobs.start(
        lambda desk, progress: desk.export_sites(path, indicator or None),
        desk=session.desk,
        finished=lambda count: session.told.emit(_("已导出 {count} 条，改好后可再导入").format(count=count)),
    )


def print_form(session: Session, period: Period, path: Path, *, show: bool = True) -> None:
    """盖章表: drawn as pdf and opened, to be printed from there."""
    from desktop_app.ui.paper.form import draw

    try:
        draw(session.desk.form(period), path)
    except OSError as problem:
        errors.show(
            KnownError(
                _("盖章表写不到“{path}”。").format(path=path),
                next_step=_("盘可能已拔出、写满，或文件正打开着。请关掉它或换一个地方再试。"),
                detail=str(problem),
            )
        )
        return
    if show:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
    session.told.emit(_("盖章表已生成：{path}。请打印、签字、盖章。").format(path=path))

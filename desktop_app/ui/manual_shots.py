"""What the manual's pictures show, at the desk that reports: the first start, a month, the reply and a return.

Each part does with the sample city what a chapter tells, through the same operations that the screens use, and draws
the pages on the way.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop_app.core.model.period import Period
from desktop_app.core.operations.entrance import Entrance
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.manual_pictures import SIZE, Studio
from desktop_app.ui.pictures import settle
from desktop_app.ui.preferences import Preferences

TOWN, COUNTY, BUREAU, CITY = "990101101", "990101", "990101002", "city"
MONTH = "2024-06"
PEOPLE: dict[str, Any] = {"filled": "王秀珍", "checked": "赵建国", "responsible": "孙明远"}
STICK = Path("U盘")


def draw_all(studio: Studio) -> None:
    from desktop_app.ui import manual_shots_above as above

    STICK.mkdir(exist_ok=True)
    studio.at("2024-06-29")
    first_start(studio)
    month(studio)
    sending(studio)
    above.sending_the_rest(studio)
    above.county_before_review(studio)
    returned(studio)
    above.county_after_review(studio)
    above.department(studio)
    above.city(studio)
    above.care(studio)


def row_rect(table: Any, row: int, column: int, within: QWidget) -> QRect:
    """Where a cell of a table stands in the window."""
    place = table.visualRect(table.model().index(row, column))
    return QRect(table.viewport().mapTo(within, place.topLeft()), place.size())


def first_start(studio: Studio) -> None:
    if not studio.wants("first-start", "setup"):
        return
    from desktop_app.ui.identity.dialogs import SetupDialog
    from desktop_app.ui.identity.first_start import FirstStartWindow

    entrance = Entrance(Path("文档") / "民生实事台账")
    window = FirstStartWindow(entrance, Preferences())
    window.resize(*SIZE)
    window.show()
    settle()
    page = window.page
    studio.shoot(window, "first-start", page.setup, page.new_city, page.demo, readme="first-start")
    package = next((studio.city / COUNTY / "outbox").glob(f"*setup-{TOWN}*"))
    dialog = SetupDialog(entrance.read_setup(package), window)
    dialog.same.setChecked(True)
    dialog.person.operator.setText("王秀珍")
    for field in (dialog.person.first, dialog.person.second):
        field.setText("xxxxxxxx")
    studio.dialog(dialog, "setup-dialog", dialog.same, dialog.person, dialog.go)
    window.close()
    window.deleteLater()


def month(studio: Studio) -> None:
    with studio.window(TOWN, MONTH) as window:
        home: Any = window.show_page("home")
        settle()
        studio.shoot(window, "home", home.next, home.receive, window.top.period, window.top.unsent)
        window.show_page("tasks")
        settle()
        tasks: Any = window.pages["tasks"]
        studio.shoot(window, "tasks", tasks.filter, tasks.search, tasks.panel, readme="township-tasks")
        _entry(studio, window)
        _sites(studio, window)
        window.show_page("evidence")
        settle(900)
        evidence: Any = window.pages["evidence"]
        studio.shoot(window, "evidence", evidence.zone, evidence.panel.personal, readme="township-evidence")
        window.show_page("problems")
        settle()
        problems: Any = window.pages["problems"]
        studio.shoot(window, "problems", problems.primary)
        window.show_page("registers")
        settle()
        registers: Any = window.pages["registers"]
        studio.shoot(window, "registers", registers.which, registers.list, registers.primary)
        _templates(studio, window)


def _entry(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("entry")
    settle()
    page.table.go_to_indicator("3.1")
    settle()
    row, column = page.model.row_of("3.1"), page.model.value_column
    cell = row_rect(page.table, row, column, window)
    studio.shoot(window, "entry", cell, page.filter, page.panel, readme="township-entry")
    page.model.type_in(page.model.record(page.model.row_of("1.1")), "9,900")
    page.model.type_in(page.model.record(page.model.row_of("3.2")), "-4")
    page.table.go_to_indicator("1.1")
    settle()
    top = page.table.mapTo(window, page.table.rect().topLeft())
    studio.shoot(window, "entry-wrong", crop=QRect(top.x(), top.y(), page.table.width(), 250))
    for name in ("1.1", "3.2"):
        page.model.take_back(page.model.record(page.model.row_of(name)))
    settle()


def _sites(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("sites")
    settle()
    studio.shoot(window, "sites", page.primary, page.filter)
    site = next(s for s in window.session.desk.sites("12.1") if s.completed)
    dialog = page.form(site)
    dialog.resize(560, 640)
    studio.dialog(dialog, "site-dialog")


def _templates(studio: Studio, window: MainWindow) -> None:
    if studio.wants("template-dialog"):
        from desktop_app.ui.sheets.template_dialog import TemplateDialog

        window.show_page("entry")
        dialog = TemplateDialog(window.session, window)
        studio.dialog(dialog, "template-dialog")


def sending(studio: Studio) -> None:
    """The township's own package, through the page's five steps."""
    studio.at("2024-07-03")
    with studio.window(TOWN, MONTH) as window:
        page: Any = window.show_page("submit")
        settle()
        studio.shoot(window, "submit-check", page.steps, page.primary)
        page.go_on()
        settle()
        page.go_on()
        for name, field in zip(
            PEOPLE, (page.sign.filled, page.sign.checked, page.sign.responsible), strict=True
        ):
            field.setText(PEOPLE[name])
        page.sign.agreed.setChecked(True)
        settle()
        studio.shoot(window, "submit-sign", page.sign)
        page.go_on()
        page.target.set_folder(STICK)
        settle()
        studio.shoot(window, "submit-target")
        page._export(STICK)
        settle(500)
        studio.shoot(window, "submit-result", page.done.code, page.done.next, readme="township-submit")
        package = next(STICK.glob(f"{TOWN}-*.xlsx"))
        _paper_form(studio, window, package.with_name("盖章表.pdf"))


def _paper_form(studio: Studio, window: MainWindow, path: Path) -> None:
    if not studio.wants("form"):
        return
    import pypdfium2

    from desktop_app.ui.paper.form import draw

    draw(window.session.desk.form(Period.parse(MONTH)), path)
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].render(scale=1.35).to_pil().convert("RGBA")
    image = QImage(page.tobytes("raw", "RGBA"), page.width, page.height, QImage.Format.Format_RGBA8888)
    studio.keep(image.copy(), "form")
    path.unlink()


def returned(studio: Studio) -> None:
    """The county's reply is taken in; the remark stands beside the figure."""
    studio.at("2024-07-07")
    with studio.window(TOWN, MONTH) as window:
        from desktop_app.ui.township import receiving

        receiving.take_in(window.session, list(Path("回执").glob(f"*reply-{TOWN}*")))
        settle(500)
        home: Any = window.show_page("home")
        settle()
        studio.shoot(window, "home-returned", home.next, home.lists[1])
        page: Any = window.show_page("entry", "10.1")
        settle()
        row = page.model.row_of("10.1")
        hint = row_rect(page.table, row, page.model.hint_column, window)
        studio.shoot(window, "entry-returned", hint, page.panel)

"""What the manual's pictures show at the desks that collect: the county's month, a department, the city's papers, and
what every desk has: keys, backups, what to do when something goes wrong.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from desktop_app.core.model.period import Period
from desktop_app.core.operations.entrance import Entrance
from desktop_app.core.progress import silent
from desktop_app.ui.main_window import MainWindow
from desktop_app.ui.manual_pictures import Studio
from desktop_app.ui.manual_shots import BUREAU, CITY, COUNTY, MONTH, PEOPLE, STICK, TOWN
from desktop_app.ui.pictures import settle

LATE, DAMAGED, RESAVED = "990101103", "990101102", "990101104"
REPLIES = Path("回执")
OTHERS = ("990102", "990103")
REMARK = "与台账对不上，请核对后重报"

NOTICE = """\
云川市2025年民生实事实施方案（样例）
2025年2月20日
今年办好5项民生实事。
一、促进就业（2项）
1.零工驿站建设。新建零工驿站不少于18个，力争20个，全年服务零工2.6万人次左右。（牵头单位：市人社局）
推进措施：
（1）6月30日前完成选址，9月30日前建成一半。
2.青年就业见习。募集见习岗位1200个以上，见习期满留用率逐步提高。（牵头单位：市人社局、团市委）
推进措施：（1）见习补贴按月发放到人，每人每月1500元。
二、养老服务（1项）
3.社区食堂。新增社区食堂30处左右，其中农村不少于12处，基本满足老人就餐需要。
推进措施：（1）每处验收合格后补助5万元。
三、城乡建设（2项）
4.口袋公园。建成口袋公园若干处，10月31日前全部开放。（牵头单位：市城管局）
推进措施：（1）优先安排公园较少的片区。
5.供水改造。农村自来水普及率提高到96%。（牵头单位：市水务局、市水利局）
推进措施：（1）改造管网约40公里，其中主城区占比六成。
"""


def _export(studio: Studio, unit: str, day: str, folder: Path, evidence: Any = "new") -> list[Path]:
    studio.at(day)
    folder.mkdir(exist_ok=True)
    with studio.desk(unit) as desk:
        made = desk.export(Period.parse(MONTH), folder, evidence=evidence, **PEOPLE)
        return [Path(file.path) for file in made.files]


def sending_the_rest(studio: Studio) -> None:
    """The other offices of the county: one package comes broken, one was saved by a table program, one is late."""
    units = [path.name for path in sorted(studio.city.iterdir()) if path.name[:6] == COUNTY]
    for unit in units:
        if unit in (COUNTY, TOWN, LATE):
            continue
        for file in _export(studio, unit, "2024-07-03", STICK):
            if unit == DAMAGED:
                data = file.read_bytes()
                file.write_bytes(data[: len(data) * 2 // 3])
            elif unit == RESAVED:
                book = load_workbook(file)
                file.unlink()
                book.save(file)


def county_before_review(studio: Studio) -> None:
    studio.at("2024-07-06")
    with studio.window(COUNTY, MONTH) as window:
        inbox: Any = window.show_page("inbox")
        settle()
        inbox.merge([STICK])
        settle(800)
        home: Any = window.show_page("home")
        settle()
        studio.shoot(window, "county-home", home.next)
        window.show_page("inbox")
        settle()
        studio.shoot(
            window, "county-inbox", inbox.zone, inbox.table, inbox.chase, inbox.reply, readme="county-inbox"
        )
        unread = next(row for row in inbox.model.records if row.quarantined)
        inbox.open_row(unread)
        settle()
        studio.shoot(window, "county-quarantine", inbox.quarantine.sheet, inbox.forward)
        studio.page(window, "missing", "county-missing")
        _proxy(studio, window)
        _review(studio, window)
        forks: Any = window.show_page("forks")
        settle()
        studio.shoot(window, "county-forks", forks.primary, readme="county-forks")
        _shares(studio, window)
        REPLIES.mkdir(exist_ok=True)
        window.session.desk.reply(REPLIES, None, silent)


def _proxy(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("proxy")
    settle()
    page.unit_table.go_to(page.units.find(lambda unit: unit.unit == LATE))
    settle()
    studio.shoot(window, "county-proxy", page.unit_table, page.choose, page.table, page.finish)


def _review(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("review", TOWN)
    settle(600)
    number = page.items.find(lambda item: item.indicator.id == "12.1")
    page.table.go_to(number)
    settle(900)
    studio.shoot(
        window, "county-review", page.unit_table, page.table, page.panel, page.accept_all, page.primary,
        readme="county-review",
    )  # fmt: skip
    desk = window.session.desk
    item = next(i for i in desk.review_items(TOWN, window.session.period) if i.indicator.id == "10.1")
    desk.review(item.subject, "return", comment=REMARK)
    for unit in desk.review_units(window.session.period):
        desk.accept_passing(unit.unit, window.session.period)


def _shares(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("shares")
    settle()
    studio.shoot(window, "county-shares", page.list, page.table, page.document, page.own_reporter, page.save)


def county_after_review(studio: Studio) -> None:
    """The county's own package, with the other counties' beside it, reaches the city."""
    studio.at("2024-07-07")
    with studio.window(COUNTY, MONTH) as window:
        closing: Any = window.show_page("closing")
        settle()
        studio.shoot(window, "county-closing", closing.months_table, closing.panel)
        page: Any = window.show_page("forward")
        settle()
        studio.shoot(window, "county-forward", page.check, page.primary)
    if not studio.wants("city", "department", "board", "readme"):
        return
    for county in OTHERS:
        sent = Path(f"来件-{county}")
        for folder in sorted(studio.city.iterdir()):
            if folder.name[:6] == county and len(folder.name) > 6:
                _export(studio, folder.name, "2024-07-03", sent, "none")
        with studio.desk(county) as desk:
            desk.merge([sent])
            for unit in desk.review_units(Period.parse(MONTH)):
                desk.accept_passing(unit.unit, Period.parse(MONTH))
    for county in (COUNTY, *OTHERS):
        _export(studio, county, "2024-07-07", Path("到市"), "none")
    studio.at("2024-07-08")
    with studio.desk(CITY) as desk:
        desk.merge([Path("到市")])


def department(studio: Studio) -> None:
    with studio.window(BUREAU, MONTH) as window:
        studio.page(window, "home", "department-home")


def city(studio: Studio) -> None:
    studio.at("2024-07-09")
    with studio.window(CITY, MONTH) as window:
        studio.page(window, "home", "city-home")
        board: Any = window.show_page("board")
        settle()
        studio.shoot(window, "city-board", readme="city-board")
        board._open(12, COUNTY)
        settle(400)
        board.drill.resize(900, 420)
        studio.dialog(board.drill, "city-drill")
        _plan(studio, window)
        _divide(studio, window)
        schedule: Any = window.show_page("schedule")
        settle()
        studio.shoot(window, "city-schedule", schedule.filter, schedule.area, schedule.course)
        _papers(studio, window)
        dispatch: Any = window.show_page("dispatch")
        settle()
        studio.shoot(window, "city-dispatch", dispatch.list, dispatch.detail)
        studio.page(window, "money", "city-money")
        _leader(studio, window)


def _plan(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("plan")
    path = Path("通知样例.txt")
    path.write_text(NOTICE, encoding="utf-8")
    page.read_notice(path)
    settle(600)
    studio.shoot(
        window, "city-plan", page.drafting.words, page.drafting.indicators, page.drafting.doubts, page.adopt
    )
    page._drop()


def _divide(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("divide")
    settle()
    studio.shoot(window, "city-divide", page.rule, page.reporter, page.table, page.document, page.send)
    from desktop_app.ui.city.divide_dialog import DivideDialog

    line = page.current()
    if line is not None:
        studio.dialog(DivideDialog(line, page._areas, window), "city-divide-rule")


def _papers(studio: Studio, window: MainWindow) -> None:
    page: Any = window.show_page("papers")
    settle(800)
    part = page.parts["bulletin"]
    studio.shoot(window, "city-bulletin", page.view, page.cutoff, part.lags, page.primary)
    for key, name in (("ranking", "city-ranking"), ("publish", "city-publish"), ("year", "city-year")):
        page.view.choose(key)
        settle(900)
        studio.shoot(window, name, *([page.second] if key == "year" else []), page.primary)


def _leader(studio: Studio, window: MainWindow) -> None:
    if not studio.wants("city-leader"):
        return
    import pypdfium2
    from PySide6.QtGui import QImage

    from desktop_app.ui.city.board_page import BoardPage

    path = Path("一页通.pdf")
    BoardPage._leader(window.session.desk.board(window.session.period), path)
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].render(scale=1.35).to_pil().convert("RGBA")
    image = QImage(page.tobytes("raw", "RGBA"), page.width, page.height, QImage.Format.Format_RGBA8888)
    studio.keep(image.copy(), "city-leader")


def care(studio: Studio) -> None:
    """Keys, backups, and how trouble is told."""
    studio.at("2024-07-09")
    backups = Path("备份")
    backups.mkdir(exist_ok=True)
    with studio.window(TOWN, MONTH) as window:
        window.session.desk.choose_backup(backups)
        window.session.desk.back_up_daily(silent, force=True)
        page: Any = window.show_page("settings")
        settle()
        page.refresh()
        settle()
        studio.shoot(window, "settings", page.text_size, page.keep.choose)
        panel = page.keys.parentWidget().parentWidget().parentWidget()
        panel.ensureWidgetVisible(page.keys, 0, 0)
        settle()
        studio.shoot(window, "settings-keys", page.keys.request, page.keys.install, page.keys.pass_on)
        _doctor(studio, window)
    with studio.window(COUNTY, MONTH) as window:
        _keys(studio, window)


def _doctor(studio: Studio, window: MainWindow) -> None:
    if studio.wants("doctor"):
        from desktop_app.ui.frame.doctor_dialog import DoctorDialog

        dialog = DoctorDialog(window.session, window)
        dialog.show()
        settle(1500)
        studio.dialog(dialog, "doctor")
    if studio.wants("error"):
        from desktop_app.core.operations import founding
        from desktop_app.ui.errors import ErrorDialog

        try:
            founding.read_setup(next(STICK.glob(f"{RESAVED}-*.xlsx")))
        except Exception as error:
            what = getattr(error, "what", str(error))
            meaning, step = getattr(error, "meaning", ""), getattr(error, "next_step", "")
            studio.dialog(ErrorDialog(what, meaning, step, "", window), "error")


def _keys(studio: Studio, window: MainWindow) -> None:
    """A new office asks for its certificate, and the county grants it."""
    from desktop_app.ui.identity.key_dialogs import GrantDialog, SetupPackageDialog

    desk = window.session.desk
    if studio.wants("setup-package"):
        studio.dialog(SetupPackageDialog(desk.units().below(desk.unit), window), "setup-package")
    if studio.wants("grant"):
        package = next((studio.city / COUNTY / "outbox").glob(f"*setup-{LATE}*"))
        entrance = Entrance(Path("新电脑"))
        offer = entrance.read_setup(package)
        folder = entrance.join(
            package, fingerprint=offer.fingerprint, operator="陈志强", passphrase="demo-demo"
        )
        with_request = entrance.open(folder)
        file = with_request.save_request(Path("证书申请.pem"), "demo-demo")
        with_request.close()
        shutil.rmtree(folder)
        studio.dialog(GrantDialog(desk, file, desk.asked_by(file), window), "grant")

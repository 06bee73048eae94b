"""Writes notices in rarer layouts, and Word files as they lie on desks; every sentence is invented."""

from __future__ import annotations

from pathlib import Path

TRAILING = """东河市人民政府关于印发２０２６年度十大民生实事的通知
各县（市、区）人民政府：
　　　　　　　　２０２６年１月１５日
东河市２０２６年十大民生实事实施方案
　　一、就业创业工程
　　（一）城镇新增就业３．５万人以上，其中高校毕业生６，０００人。牵头单位：市人社局；责任单位：各县（市、区）人民政府
　　（二）开展技能培训１万人次。牵头单位：市人社局、市财政局
　　二、交通畅行工程
　　（一）新增公共停车位3000个，2026年10月底前建成投用2000个。牵头单位：市城管局
　　三、组织保障
　　（一）加强领导。各地各部门要高度重视。
"""

SPACED = """西山市2025 年民生实事项目责任分解方案
一、 教育领域（共 2 项）
1. 学位扩容项目。新建学校 5 所，新增学位 1.2 万个。
【责任单位：市教育局】【责任领导：分管领导】
2. 校园食堂提升项目。对 120 所农村学校食堂进行改造，2025 年 8 月底前完成。
【责任单位：市教育局、市市场监管局】
二、 生态领域（共 1 项）
1. 污水治理项目。新建污水管网 40 公里，污水集中收集率提高 3 个百分点，达到 72%。
【责任单位：市住建局】
"""

LABELLED = """关于2025年全市民生实事的实施意见
一、总体要求
坚持以人民为中心。
二、重点任务
（一）实施托育服务提升行动
1.目标任务。新增托位2000个，普惠托位占比达到60%。
2.工作措施。支持社会力量举办；加强监管。
3.责任单位。市卫健委牵头，市发改委、市教育局配合。
（二）实施助残关爱行动
1.目标任务。为500户家庭实施无障碍改造。
2.工作措施。9月底前完成改造。
3.责任单位。市残联牵头，市财政局配合。
三、保障措施
（一）加强领导。明确责任。
"""

AHEAD = """北湖市2025年民生实事任务清单
牵头单位：市民政局
1. 建设社区食堂30家，助餐补贴按3元/餐执行；
2. 为80周岁以上老人发放津贴，标准由每月50元提高到60元；
牵头单位：市住建局
3. 更换老旧电梯1,200台（其中住宅电梯1,000台）；
"""

SIDEWAYS = [
    ("农村供水提升", "新建供水站12座，改造管网35公里", "市水务局", "市财政局", "完善管网。"),
    ("社区助餐", "建成助餐点40个", "市民政局", "", "落实补贴。"),
]
BLANKS = [
    ("教育", 1, "学位扩容", "新增学位5000个", "选址", "市教育局"),
    ("", None, "", "", "开工", ""),
    ("", None, "", "", "竣工", ""),
    ("", 2, "食堂改造", "改造食堂30个", "招标", "市教育局"),
    ("交通", 3, "道路", "新建农村公路30公里", "施工", "市交通局"),
]


def reviewed(path: Path) -> None:
    """A title in a content control, a corrected figure with its changes still marked, a section in a control."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    space = nsdecls("w")
    marks = 'w:id="1" w:author="x" w:date="2025-01-01T00:00:00Z"'

    def control(inner: str) -> str:
        return f"<w:sdt {space}><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    document = docx.Document()
    title = document.add_paragraph("")
    title._p.append(parse_xml(control("<w:r><w:t>南川市2025年民生实事实施方案</w:t></w:r>")))
    document.add_paragraph("一、养老服务（1项）")
    line = document.add_paragraph("1.建成助餐点")
    line._p.append(parse_xml(f"<w:del {space} {marks}><w:r><w:delText>40</w:delText></w:r></w:del>"))
    line._p.append(parse_xml(f"<w:ins {space} {marks}><w:r><w:t>50</w:t></w:r></w:ins>"))
    line.add_run("个。（牵头单位：市民政局）")
    body = document.element.body
    section = (
        "<w:p><w:r><w:t>二、教育服务（1项）</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>2.新增学位3000个。（牵头单位：市教育局）</w:t></w:r></w:p>"
    )
    body.insert(len(body) - 1, parse_xml(control(section)))
    document.save(str(path))


def sideways(path: Path) -> None:
    """One small table for each task, its labels in the first column."""
    import docx

    document = docx.Document()
    document.add_paragraph("河口市2025年民生实事项目表")
    for title, target, lead, support, measures in SIDEWAYS:
        table = document.add_table(rows=0, cols=4)
        for label, text in (("项目名称", title), ("目标任务", target)):
            cells = table.add_row().cells
            cells[0].text = label
            cells[1].merge(cells[3]).text = text
        for cell, text in zip(table.add_row().cells, ("牵头单位", lead, "配合单位", support), strict=True):
            cell.text = text
        for label, text in (("推进措施", measures), ("完成时限", "2025年10月底前")):
            cells = table.add_row().cells
            cells[0].text = label
            cells[1].merge(cells[3]).text = text
        document.add_paragraph("")
    document.save(str(path))


def headed(path: Path) -> None:
    """A heading, then the table of its category, and so on."""
    import docx

    document = docx.Document()
    document.add_paragraph("湖滨市2025年民生实事任务分工方案")
    for heading, rows in (
        ("一、住有所居", (("1", "改造老旧小区20个", "市住建局"), ("2", "新建口袋公园8处", "市园林局"))),
        ("二、病有所医", (("3", "新增医疗床位500张", "市卫健委"),)),
    ):
        document.add_paragraph(heading)
        table = document.add_table(rows=0, cols=3)
        for row in (("序号", "目标任务", "牵头单位"), *rows):
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.save(str(path))


def sheets(path: Path) -> None:
    """A sheet for each category, leads and helpers under one merged head."""
    import openpyxl

    book = openpyxl.Workbook()
    for place, (name, rows) in enumerate(
        {
            "教育": [(1, "新增公办学位5000个", "市教育局", "市财政局"), (2, "改造食堂30个", "市教育局", "")],
            "交通": [(1, "新改建农村公路100公里", "市交通局", "各县区")],
        }.items()
    ):
        sheet = book.worksheets[0] if place == 0 else book.create_sheet()
        sheet.title = name
        sheet.append(["2025年海州市民生实事任务分解表"])
        sheet.append(["序号", "工作任务", "责任单位", ""])
        sheet.append(["", "", "牵头单位", "配合单位"])
        for row in rows:
            sheet.append(list(row))
        for span in ("A1:D1", "C2:D2", "A2:A3", "B2:B3"):
            sheet.merge_cells(span)
    book.save(path)


def merged(path: Path) -> None:
    """A task's cells merged over the rows of its measures."""
    _rows(path, ("A3:A6", "B3:B5", "C3:C5", "D3:D5", "F3:F5"))


def blanks(path: Path) -> None:
    """The same, the cells below the first row left empty."""
    _rows(path, ())


def _rows(path: Path, spans: tuple[str, ...]) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["新河市2025年民生实事推进计划"])
    sheet.append(["领域", "序号", "实事名称", "年度目标", "推进措施", "责任单位"])
    for row in BLANKS:
        sheet.append(list(row))
    for span in spans:
        sheet.merge_cells(span)
    book.save(path)


def write_all(folder: Path) -> dict[str, Path]:
    """Every fixture by name."""
    folder.mkdir(parents=True, exist_ok=True)
    found: dict[str, Path] = {}
    for name, text in (
        ("trailing", TRAILING),
        ("spaced", SPACED),
        ("labelled", LABELLED),
        ("ahead", AHEAD),
    ):
        found[name] = folder / f"{name}.txt"
        found[name].write_text(text, encoding="utf-8")
    for name, maker, kind in (
        ("reviewed", reviewed, "docx"),
        ("sideways", sideways, "docx"),
        ("headed", headed, "docx"),
        ("sheets", sheets, "xlsx"),
        ("merged", merged, "xlsx"),
        ("blanks", blanks, "xlsx"),
    ):
        found[name] = folder / f"{name}.{kind}"
        maker(found[name])
    return found

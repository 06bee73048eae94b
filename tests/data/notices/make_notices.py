"""Writes notices of our own making in the layouts that cities use; every sentence here is invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

WATER = "新建农村供水站12座，改造老旧管网35.5公里，惠及群众4.2万人左右。"
CANTEEN = "建成老年助餐点不少于40个，其中农村助餐点15个。"
SCHOOL = "新增公办学位1.5万个以上，新建校舍6所。"
BUS = "优化公交线路20条，更新新能源公交车150辆。"
CARE = "为1200名失能老人提供上门照护，适老化改造800户。"
TREES = "新建口袋公园8处，新增绿地面积120亩。"

MASKED = """各县、****政府：
现将方案印发给你们。
2025年3月10日
**市2025年20项民生实事实施方案
一、年度目标任务
全市2025年民生实事年度目标任务
类别 | 序号 | 年度目标任务 | 牵头 单位 |
一、 养老 托育 (3项) | 1 | 新建老年助餐点2.4万个左右,实现全市88****站点达标,助餐覆盖率达到70%。 | 市民 政局 |
2 | 新增托位1300个,其中普惠托位900个。 | ****发展局、 市教 育局 | |
3 | 稳步建立陪诊制度。 | 市卫健委 | |
二、 出行** | 4 | 建设停车泊位不少于3000个(含立体泊位)。 | ****城建局 | |
5 | 公交准点率从88.5%提高到92%。 | 市交通 运输局 |
二、推进措施
(一)养老托育(3项)
1.新建老年助餐点2.4万个左右,实现全市88****站点达标,助餐覆盖率达到70%。(牵头单位:****政局)
推进措施:
(1)选好点位,按5:5比例分担,2023年度已建的不再补助。
(2****站点统一挂牌。
2.新增托位1300个,其中普惠托位900个。(牵头单位:****发展局、****教育局)
推进措施:
(1)6月30日前完成选址,9月底前开工,年底前投用。
(2)给3—6岁幼儿办延时班。
3.稳步建立陪诊制度。(牵头单位:市卫健委)
推进措施:
按照省里的步骤分类推进。
(二)出行**(2项)
4.建设停车泊位不少于3000个(含立体泊位)。(牵头单位:****城建局)
推进措施:
(1)用好边角地。
5.公交准点率从88.5%提高到92%。(牵头单位:****运输局)
推进措施:
(1)装好定位终端。
(2)公布准点率。"""

NUMBERED = f"""云川市人民政府办公室关于印发2026年民生实事工作方案的通知
二〇二六年二月十八日
2026年云川市10件民生实事工作方案
一、住有所居（2件）
1．{WATER}（责任单位：市水务局；配合单位：市财政局、市住建局）
2．{TREES}（责任单位：市园林局）
二、老有所养（2件）
1．{CANTEEN}（责任单位：市民政局）
主要举措：①选址；②装修；③开业。
2．{CARE}（责任单位：市民政局、市卫健委）
三、学有所教
1．{SCHOOL}（责任单位：市教育局）
（1）2026年8月20日前完成校舍建设。
（2）统筹师资。
四、工作要求
1．加强领导，定期调度。
2．严格督查，年底前考核。
"""

BRACKETED = f"""青原市2025年为民办实事项目任务分解表
一、民生保障
（一）饮水安全。{WATER}
牵头单位：市水利局
配合单位：市财政局
工作措施：
1、完成勘察设计。
2、10月底前全部通水。
（二）助餐服务
目标任务：{CANTEEN}
责任单位：市民政局
完成时限：2025年11月30日前
二、公共服务
（一）公共交通
目标任务：{BUS}
责任单位：市交通运输局
（二）上门照护
目标任务：{CARE}
责任单位：市民政局、市卫生健康委
"""

PLAIN = f"""南岭县级市2025年民生实事项目清单
1、{WATER}(牵头部门:市水务局)
2、{BUS}(牵头部门:市交通局)
3、{TREES}(牵头部门:市城管局)
4、{SCHOOL}(牵头部门:市教育局)
"""

ROWS = [
    ("一、住有所居（2项）", "1", WATER, "市水务局", "年底前"),
    ("一、住有所居（2项）", "2", TREES, "市园林局、\n市财政局", "2025年10月底前"),
    ("二、老有所养（3项）", "3", CANTEEN, "市民政局", "11月底前"),
    ("二、老有所养（3项）", "4", CARE, "市民政局", "12月"),
    ("二、老有所养（3项）", "5", SCHOOL, "市教育局", "2025年8月31日前"),
]
HEADS = ("类别", "序号", "目标任务", "责任单位", "完成时限")
TITLE = "海平市2025年5项民生实事工作计划"


def long_notice(count: int) -> str:
    """A notice of `count` tasks in categories of ten."""
    lines = [f"长丰市2025年{count}项民生实事落实方案"]
    names = "一二三四五六七八九十"
    for number in range(1, count + 1):
        if number % 10 == 1:
            size = min(10, count - number + 1)
            lines.append(f"{names[number // 10]}、第{names[number // 10]}类（{size}项）")
        lines.append(f"{number}.新建第{number}号惠民站点{number * 3}个。(牵头单位:市第{number}局)")
    return "\n".join(lines)


def word_table(path: Path) -> None:
    """Categories merged over rows, a merged title row above."""
    import docx

    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph("2025年1月20日")
    table = document.add_table(rows=1, cols=len(HEADS))
    for cell, head in zip(table.rows[0].cells, HEADS, strict=True):
        cell.text = head
    for row in ROWS:
        cells = table.add_row().cells
        for cell, text in zip(cells, row, strict=True):
            cell.text = text
    for first, last in ((1, 2), (3, 5)):
        for index in range(first + 1, last + 1):
            table.cell(index, 0).text = ""
        table.cell(first, 0).merge(table.cell(last, 0))
    document.save(str(path))


def word_banners(path: Path) -> None:
    """Categories as rows over the whole width; the measures stand in a cell of their own."""
    import docx

    document = docx.Document()
    document.add_paragraph(TITLE)
    table = document.add_table(rows=1, cols=4)
    for cell, head in zip(table.rows[0].cells, ("序号", "年度目标", "推进措施", "牵头单位"), strict=True):
        cell.text = head
    category = ""
    for name, number, target, lead, _due in ROWS:
        if name != category:
            category = name
            cells = table.add_row().cells
            cells[0].merge(cells[-1]).text = name
        cells = table.add_row().cells
        cells[0].text, cells[1].text, cells[3].text = number, target, lead
        cells[2].text = "1.6月30日前完成设计；\n2.开工建设；\n3.验收移交。"
    document.save(str(path))


def word_numbered(path: Path) -> None:
    """Sections whose numbers are automatic: 一、 for categories, 1. for tasks, which begin anew in each."""
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    document = docx.Document()
    numbering = document.part.numbering_part.element
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>'
        '<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="（%3）"/></w:lvl>'
    )
    kind = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77">{levels}</w:abstractNum>')
    first = numbering.find("{*}num")
    numbering.insert(list(numbering).index(first), kind)
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))

    def add(text: str, level: int | None = None) -> None:
        paragraph: Any = document.add_paragraph(text)
        if level is not None:
            paragraph._p.get_or_add_pPr().append(
                parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="77"/></w:numPr>')
            )

    add(TITLE)
    category = ""
    for name, _number, target, lead, _due in ROWS:
        if name != category:
            category = name
            add(name.split("、")[1], 0)
        add(f"{target}（牵头单位：{lead.replace(chr(10), '')}）", 1)
        add("推进措施：")
        add("6月30日前完成前期工作。", 2)
        add("定期调度。", 2)
    document.save(str(path))


def picture_only(path: Path) -> None:
    import io

    import docx
    from PIL import Image

    data = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(data, "PNG")
    data.seek(0)
    document = docx.Document()
    document.add_picture(data)
    document.save(str(path))


def workbook(path: Path) -> None:
    """A merged title, merged categories, a second sheet with something else."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([TITLE])
    sheet.merge_cells("A1:E1")
    sheet.append(list(HEADS))
    for name, number, target, lead, due in ROWS:
        sheet.append([name, int(number), target, lead, due])
    for span in ("A3:A4", "A5:A7"):
        sheet.merge_cells(span)
    other = book.create_sheet("联系人")
    other.append(["姓名", "电话"])
    other.append(["某某", "000"])
    book.save(path)


def write_all(folder: Path) -> dict[str, Path]:
    """Every fixture by name."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "masked": MASKED,
        "numbered": NUMBERED,
        "bracketed": BRACKETED,
        "plain": PLAIN,
        "twenty": long_notice(20),
        "seventy": long_notice(70),
    }
    found: dict[str, Path] = {}
    for name, text in texts.items():
        found[name] = folder / f"{name}.txt"
        found[name].write_text(text, encoding="utf-8")
    found["gbk"] = folder / "gbk.txt"
    found["gbk"].write_bytes(NUMBERED.encode("gb18030"))
    for name, maker in (
        ("word_table", word_table),
        ("word_banners", word_banners),
        ("word_numbered", word_numbered),
        ("picture_only", picture_only),
    ):
        found[name] = folder / f"{name}.docx"
        maker(found[name])
    found["workbook"] = folder / "workbook.xlsx"
    workbook(found["workbook"])
    return found


if __name__ == "__main__":
    import sys

    for path in write_all(Path(sys.argv[1])).values():
        print(path)

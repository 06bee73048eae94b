"""A `Document` as a Word file in the layout of GB/T 9704-2012.

A4; the type area is 156 mm × 225 mm (margins 37, 35, 28, 26 mm), 22 lines of 28 characters; body 仿宋_GB2312 三号
(16 pt) at an exact line spacing; title 小标宋 二号 (22 pt); 一、 黑体, （一） 楷体; page numbers "— 1 —" 四号 at the
outer edge.
The same document gives the same bytes: times in the zip and the properties are fixed, and nothing is named at random.
"""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from desktop_app.core.disks import save
from desktop_app.core.report.document import (
    Block,
    Document,
    Heading,
    Paragraph,
    Picture,
    Table,
    signature_indents,
    title_lines,
)

TOP, BOTTOM, LEFT, RIGHT = 37, 35, 28, 26
"""Margins in mm: what A4 leaves is 156 × 225."""
FOOTER = 25
"""mm from the paper's edge: the page number stands 7 mm below the type area."""
LINE = 28.95
"""Exact line spacing in pt: 22 lines are 637 pt, 225 mm."""
BODY, TITLE, PAGE_NUMBER = 16, 22, 14
CLOSER = -5
"""1/20 pt between characters: 28 of 16 pt would need 158 mm.  A character grid says the same, but LibreOffice gives
every character that is wider than its cell two cells."""
SONG, FANG, HEI, KAI, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "楷体_GB2312", "Times New Roman"
STAND_INS = {SONG: "宋体", FANG: "仿宋", KAI: "楷体"}
"""What a computer without the official typefaces shows instead."""
ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_AFTER_GRID = tuple(
    f"w:{name}"
    for name in (
        "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection",
        "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange",
    )
)  # fmt: skip
"""What follows w:snapToGrid in a paragraph's properties."""


def write(document: Document, path: Path) -> Path:
    """Write the Word file; StorageError where the disk refuses."""
    save(path, build(document))
    return path


def build(document: Document) -> bytes:
    """The bytes of the Word file."""
    import docx

    made = docx.Document()
    _page(made)
    _styles(made)
    _fonts(made)
    _properties(made, document)
    for line in ("", ""):
        _line(made, line)
    for line in title_lines(document.title):
        _line(made, line, font=SONG, size=TITLE, align="center", style="Title")
    if document.mark:
        _line(made, f"（{document.mark}）", font=KAI, align="center")
    _line(made, "")
    if document.addressee:
        _line(made, document.addressee)
    for block in document.blocks:
        _block(made, block)
    _annex_list(made, document.annexes)
    if document.signed:
        _signature(made, document)
    for block in document.after:
        _block(made, block)
    for number, note in enumerate(document.notes):
        _line(made, note if number else f"注：{note}", size=12, spacing=20)
    return _fixed(made)


# -- the page --------------------------------------------------------------------------------------------------------


def _page(made: Any) -> None:
    from docx.shared import Mm

    section = made.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.footer_distance, section.header_distance, section.gutter = Mm(FOOTER), Mm(15), Mm(0)
    grid = section._sectPr.find(_name("w:docGrid"))
    if grid is None:
        grid = _element("w:docGrid")
        section._sectPr.append(grid)
    grid.set(_name("w:type"), "lines")
    grid.set(_name("w:linePitch"), str(round(LINE * 20)))
    made.settings.odd_and_even_pages_header_footer = True
    _number(section.footer.paragraphs[0], "right")
    _number(section.even_page_footer.paragraphs[0], "left")


def _number(paragraph: Any, side: str) -> None:
    """— 1 —, one character in from the outer edge."""
    _shape(paragraph, align=side, spacing=0)
    _indent(paragraph, side, 1, PAGE_NUMBER)
    for kind, text in (("", "— "), ("begin", ""), ("code", "PAGE"), ("end", ""), ("", " —")):
        run = paragraph.add_run(text if not kind else "")
        _letter(run, "宋体", PAGE_NUMBER, latin="宋体")
        if kind == "code":
            code = _element("w:instrText")
            code.text = text
            run._r.append(code)
        elif kind:
            run._r.append(_element("w:fldChar", fldCharType=kind))


def _styles(made: Any) -> None:
    """Headings keep their outline level, so that Word's own navigation finds them; nothing keeps Word's blue."""
    from docx.shared import Pt, RGBColor

    for name, font in (("Normal", FANG), ("Title", SONG), ("Heading 1", HEI), ("Heading 2", KAI)):
        style = made.styles[name]
        style.font.size = Pt(TITLE if name == "Title" else BODY)
        style.font.bold, style.font.italic = False, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for key, value in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", font)):
            fonts.set(_name(f"w:{key}"), value)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        for border in style.element.iter(_name("w:pBdr")):
            border.getparent().remove(border)
        letters = style.element.get_or_add_rPr()
        for spacing in letters.findall(_name("w:spacing")):
            letters.remove(spacing)
        letters.insert_element_before(
            _element("w:spacing", val=str(CLOSER)), "w:w", "w:kern", "w:sz", "w:szCs"
        )


def _fonts(made: Any) -> None:
    """Name the stand-ins in the font table, which is where Word and WPS look for them."""
    part = next(p for p in made.part.package.iter_parts() if p.partname == "/word/fontTable.xml")
    lines = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in STAND_INS.items()
    )
    part._blob = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"{lines}</w:fonts>"
    ).encode()


def _properties(made: Any, document: Document) -> None:
    for key, link in list(made.part.package.rels.items()):
        if link.reltype.endswith("/thumbnail"):
            del made.part.package.rels[key]
    core = made.core_properties
    moment = datetime.fromisoformat(document.made).replace(tzinfo=None)
    core.title, core.author, core.last_modified_by = document.title, document.signed, document.signed
    core.created = core.modified = moment
    core.comments = core.keywords = core.subject = core.category = ""
    core.revision = 1


# -- blocks ----------------------------------------------------------------------------------------------------------


def _block(made: Any, block: Block) -> None:
    if isinstance(block, Heading):
        if block.level == 1:
            head = _line(made, block.text, font=HEI, indent=2, style="Heading 1")
        elif block.level == 2:
            head = _line(made, block.text, font=KAI, indent=2, style="Heading 2")
        else:
            head = _line(made, block.text, font=SONG, size=TITLE, align="center", style="Title")
        # A heading never stands alone at a page's foot.
        head.paragraph_format.keep_with_next = True
    elif isinstance(block, Paragraph):
        paragraph = _line(
            made, "", indent=2 if block.indent else 0, align="center" if block.centred else "both"
        )
        if block.lead:
            _letter(paragraph.add_run(block.lead), KAI, BODY)
        _letter(paragraph.add_run(block.text), FANG, BODY)
    elif isinstance(block, Table):
        _table(made, block)
    elif isinstance(block, Picture):
        from docx.shared import Mm

        paragraph = made.add_paragraph()
        _shape(paragraph, align="center", spacing=0)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run().add_picture(io.BytesIO(block.data), width=Mm(block.width))
        if block.caption:
            _line(made, block.caption, size=12, align="center", spacing=20)
    else:
        made.add_page_break()


def _table(made: Any, table: Table) -> None:
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.shared import Mm

    if table.caption:
        caption = _line(made, table.caption, font=HEI, size=table.points + 2, align="center")
        caption.paragraph_format.keep_with_next = True
    rows = ([table.heads] if table.heads else []) + list(table.rows)
    grid = made.add_table(rows=len(rows), cols=len(table.widths))
    grid.style = "Table Grid"
    grid.autofit = False
    grid.alignment = WD_TABLE_ALIGNMENT.CENTER
    for column, width in zip(grid.columns, table.widths, strict=True):
        column.width = Mm(width)
    for number, (line, words) in enumerate(zip(grid.rows, rows, strict=True)):
        properties = line._tr.get_or_add_trPr()
        properties.append(_element("w:cantSplit"))
        head = bool(table.heads) and number == 0
        if head:
            properties.append(_element("w:tblHeader"))
        if number in table.tall:
            line.height = Mm(32)
        for place, (cell, text) in enumerate(zip(line.cells, words, strict=True)):
            cell.width = Mm(table.widths[place])
            _cell(cell, text, table, place, head=head)
    if table.note:
        _line(made, table.note, size=table.points - 1, spacing=table.points + 5)
    _line(made, "", size=6, spacing=8)


def _cell(cell: Any, text: str, table: Table, place: int, *, head: bool) -> None:
    from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT

    word = head or (not table.heads and place % 2 == 0)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    align = "center" if word else "right" if place in table.right else "left"
    _shape(paragraph, align=align, spacing=table.points + 5)
    _letter(paragraph.add_run(text), HEI if word else FANG, table.points)


def _annex_list(made: Any, annexes: tuple[str, ...]) -> None:
    """附件：1.… one line below the body; the following ones stand under the first one's number."""
    if not annexes:
        return
    _line(made, "")
    for number, name in enumerate(annexes, start=1):
        only = len(annexes) == 1
        text = name if only else f"{number}.{name}"
        _line(made, f"附件：{text}" if number == 1 else text, indent=2 if number == 1 else 5)


def _signature(made: Any, document: Document) -> None:
    unit, day = signature_indents(document.signed, document.dated)
    # No page may hold the signature alone: what stands last goes with it, be it a table's last row.
    made.paragraphs[-1].paragraph_format.keep_with_next = True
    if document.blocks and isinstance(document.blocks[-1], Table) and not document.annexes:
        for cell in made.tables[-1].rows[-1].cells:
            cell.paragraphs[-1].paragraph_format.keep_with_next = True
    for text, indent in (("", 0.0), ("", 0.0), (document.signed, unit), (document.dated, day)):
        paragraph = _line(made, text, align="right")
        paragraph.paragraph_format.keep_with_next = text != document.dated
        if text:
            _indent(paragraph, "right", indent, BODY)


# -- letters ---------------------------------------------------------------------------------------------------------


def _line(
    made: Any,
    text: str,
    *,
    font: str = FANG,
    size: int = BODY,
    align: str = "both",
    indent: float = 0,
    spacing: float = LINE,
    style: str = "",
) -> Any:
    paragraph = made.add_paragraph(style=style or None)
    _shape(paragraph, align=align, spacing=spacing, indent=indent)
    if text:
        _letter(paragraph.add_run(text), font, size)
    return paragraph


def _shape(paragraph: Any, *, align: str, spacing: float, indent: float = 0) -> None:
    """Exact line spacing (0: as tall as the content) and a first-line indent in characters."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    shape = paragraph.paragraph_format
    paragraph.alignment = {
        "both": WD_ALIGN_PARAGRAPH.JUSTIFY,
        "center": WD_ALIGN_PARAGRAPH.CENTER,
        "left": WD_ALIGN_PARAGRAPH.LEFT,
        "right": WD_ALIGN_PARAGRAPH.RIGHT,
    }[align]
    shape.space_before = shape.space_after = Pt(0)
    shape.widow_control = False
    shape.keep_with_next = False
    if spacing:
        shape.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        shape.line_spacing = Pt(spacing)
    if spacing != LINE:
        # The page's grid has 22 lines; what is set closer would be pulled apart to them.
        paragraph._p.get_or_add_pPr().insert_element_before(_element("w:snapToGrid", val="0"), *_AFTER_GRID)
    if indent:
        _indent(paragraph, "firstLine", indent, BODY)


def _indent(paragraph: Any, side: str, amount: float, size: int) -> None:
    """`amount` in characters, and in 1/20 pt for programs that do not know characters."""
    place = paragraph._p.get_or_add_pPr().get_or_add_ind()
    place.set(_name(f"w:{side}Chars"), str(round(amount * 100)))
    place.set(_name(f"w:{side}"), str(round(amount * size * 20)))


def _letter(run: Any, font: str, size: int, latin: str = LATIN) -> None:
    from docx.shared import Pt

    run.font.size = Pt(size)
    run.font.name = latin
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(_name("w:eastAsia"), font)
    fonts.set(_name("w:hint"), "eastAsia")


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement

    made = OxmlElement(tag)
    for key, value in attributes.items():
        made.set(_name(f"w:{key}"), value)
    return made


def _name(tag: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(tag))


def _fixed(made: Any) -> bytes:
    """The file with every part's time fixed."""
    loose = io.BytesIO()
    made.save(loose)
    firm = io.BytesIO()
    with zipfile.ZipFile(loose) as source, zipfile.ZipFile(firm, "w", zipfile.ZIP_DEFLATED) as target:
        for item in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(item, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(item))
    return firm.getvalue()

"""The result sheet of one task for the public: what was promised, what was done, where, with chosen photos.

No personal data: no names of people, no free text of sites, no photo that carries more than its picture.
"""

from __future__ import annotations

import msgspec

from desktop_app.core.i18n import _, on_paper
from desktop_app.core.report.document import Block, Document, Heading, Paragraph, Picture, Table


class FigureLine(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    target: str
    value: str
    done: str
    state: str


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """`data` is a JPEG that holds nothing but the picture."""

    data: bytes
    caption: str


class ResultSheet(msgspec.Struct, frozen=True, kw_only=True):
    """`areas` are what each area below has reached: (name, words)."""

    plan: str
    no: int
    title: str
    target: str
    leads: tuple[str, ...]
    unit: str
    day: str
    made: str
    state: str
    figures: tuple[FigureLine, ...]
    areas: tuple[tuple[str, str], ...]
    photos: tuple[Photo, ...]
    text: str = ""


@on_paper
def result_document(sheet: ResultSheet) -> Document:
    blocks: list[Block] = [
        Heading(1, _("一、目标")),
        Paragraph(sheet.target),
        Heading(1, _("二、完成情况")),
        Paragraph(
            _("截至{day}，{state}。{text}").format(day=sheet.day, state=sheet.state, text=sheet.text).strip()
        ),
        Table(
            heads=(_("指标"), _("目标"), _("完成"), _("完成率"), _("情况")),
            rows=tuple((line.name, line.target, line.value, line.done, line.state) for line in sheet.figures),
            widths=(50, 30, 30, 20, 26),
            right=(1, 2, 3),
        ),
    ]
    number = 2
    if sheet.areas:
        number += 1
        blocks += [
            Heading(1, _("三、各地进展")),
            Table(heads=(_("单位"), _("进展")), rows=sheet.areas, widths=(40, 116)),
        ]
    if sheet.photos:
        blocks.append(Heading(1, f"{'四' if number == 3 else '三'}、{_('现场照片')}"))
        # Alone a photo may be large; of several the first still fits below the figures.
        width = 110 if len(sheet.photos) == 1 else 84
        blocks += [Picture(photo.data, photo.caption, width) for photo in sheet.photos]
    return Document(
        title=_("{plan}第{no}项完成情况").format(plan=sheet.plan, no=sheet.no)
        if not sheet.title
        else _("{title}完成情况").format(title=sheet.title),
        made=sheet.made,
        blocks=tuple(blocks),
        signed=sheet.unit,
        dated=sheet.day,
        notes=(
            _("牵头单位：{leads}。").format(leads="、".join(sheet.leads)),
            _("数据来自各填报单位逐级审核上报；{plan}第{no}项。").format(plan=sheet.plan, no=sheet.no),
        ),
    )

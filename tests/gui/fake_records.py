"""Evidence and problems of the fake township."""

from __future__ import annotations

import fake_data as data
import fake_pictures

from desktop_app.core.model.view import EvidenceView, ProblemView

_KINDS = [
    ("bath-after", "张家湾 03 户 卫生间扶手", "改造后", "2024-06-18", 0),
    ("bath-before", "张家湾 03 户 卫生间", "改造前", "2024-04-09", 0),
    ("house-after", "桥头村 01 户 门口坡道", "改造后", "2024-06-20", 1),
    ("house-before", "桥头村 01 户 门口台阶", "改造前", "2024-04-11", 1),
    ("form", "验收表 张家湾（14户）", "验收", "2024-06-25", 2),
    ("bath-after", "柳树村 05 户 扶手", "改造后", "2024-06-21", 3),
    ("form", "改造方案（盖章）", "方案", "2024-05-22", 3),
    ("meeting", "入户评估会", "过程", "2024-04-02", 0),
    ("house-after", "柳树村 07 户 坡道", "改造后", "2024-06-22", 2),
    ("bath-before", "柳树村 05 户 卫生间", "改造前", "2024-04-12", 3),
    ("house-before", "柳树村 07 户 台阶", "改造前", "2024-04-12", 2),
    ("bath-after", "石板村 02 户 扶手", "改造后", "2024-06-23", 4),
    ("form", "验收表 柳树村", "验收", "2024-06-26", 1),
    ("bath-before", "石板村 02 户", "改造前", "2024-04-15", 4),
]


def contents() -> dict[str, bytes]:
    return dict(fake_pictures.picture(kind, seed) for kind, _c, _s, _t, seed in _KINDS)


def evidence(unit: str) -> list[EvidenceView]:
    made = []
    for number, (kind, caption, stage, taken, seed) in enumerate(_KINDS):
        sha, _content = fake_pictures.picture(kind, seed)
        paper = kind == "form"
        made.append(
            EvidenceView(
                subject=f"evidence/{unit}/{number}",
                sha256=sha,
                size=2_202_009,
                media="application/pdf" if paper else "image/jpeg",
                name="验收表.pdf" if paper else "照片.jpg",
                caption=caption,
                stage=stage,
                taken=taken,
                added="2024-06-26T09:12:00",
                operator="周桂兰",
                unit=unit,
                about=("12.1",),
                personal=kind == "meeting" or number == 4,
                present=True,
            )
        )
    return made


def problems() -> list[ProblemView]:
    said = [
        (12, "张家湾 2 户不同意在门口做坡道，要改方案", "open", "2024-07-20", "", "2024-06-24", 9),
        (
            31,
            "K3 段养护等材料，供货推迟两周",
            "open",
            "2024-07-10",
            "县交通局：已协调，7月8日到货",
            "2024-06-12",
            21,
        ),
        (6, "公墓用地手续还差林业一个章", "closed", "2024-06-15", "县林业局 6月13日办结", "2024-05-06", 0),
    ]
    return [
        ProblemView(
            subject=f"problem/x/{n}",
            area=data.TOWN,
            area_name="枫桥镇",
            task=task,
            text=text,
            status=status,
            due=due,
            answer=answer,
            raised=raised,
            closed="2024-06-13" if status == "closed" else "",
            age_days=age,
        )
        for n, (task, text, status, due, answer, raised, age) in enumerate(said)
    ]

"""The sites as a workbook that can be edited and read again without a change."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from desktop_app.core.disks import save
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.rules.privacy import mask

SHEET = "台账"


def export(workspace: Workspace, path: Path, indicator: str | None = None) -> int:
    """Write the sites as a workbook that can be edited and read again; returns how many.

    Personal numbers that stand in old texts are masked; a masked text changes nothing when it comes back.
    """
    import xlsxwriter

    from desktop_app.core.operations import site_list

    views = site_list.sites(workspace, indicator)
    plan = workspace.plan
    used = [item for item in plan.indicators() if any(item.id in view.quantities for view in views)]
    if not used:
        used = [item for item in plan.indicators() if item.id == indicator]
    wanted = [stage for item in used for stage in item.stages]
    stages = list(dict.fromkeys([*wanted, *(stage for view in views for stage in view.stages)]))
    heads = [
        "编号",
        "地区",
        "名称",
        "地点",
        *(f"{item.id} {item.name}（{item.unit}）" for item in used),
        "开工日期",
        *(f"阶段：{stage}" for stage in stages),
        "完成日期",
        "责任人",
        "备注",
    ]
    content = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(content, options) as book:
        sheet = book.add_worksheet(SHEET)
        head = book.add_format(
            {"bold": True, "bg_color": "#DCE6F2", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        text = book.add_format({"num_format": "@"})
        sheet.freeze_panes(1, 3)
        sheet.set_row(0, 32)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        widths = {"编号": 18, "地区": 14, "名称": 26, "地点": 20, "备注": 24}
        for column, name in enumerate(heads):
            sheet.set_column(column, column, widths.get(name, 13), text if name == "编号" else None)
            sheet.write_string(0, column, name, head)
        for number, view in enumerate(views, start=1):
            row: list[Any] = [
                view.subject.split("/")[-1],
                view.area_name,
                mask(view.name),
                mask(view.place),
                *(view.quantities.get(item.id) for item in used),
                view.started,
                *(view.stages.get(stage, "") for stage in stages),
                view.completed,
                mask(view.charge),
                mask(view.note),
            ]
            for column, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    sheet.write_string(number, column, value, text if column == 0 else None)
                else:
                    sheet.write_number(number, column, float(value))
        if views:
            sheet.autofilter(0, 0, len(views), len(heads) - 1)
    save(path, content.getvalue())
    return len(views)

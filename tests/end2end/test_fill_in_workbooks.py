"""A fill-in workbook that another office program saved again is still read, cell by cell."""

from __future__ import annotations

import subprocess
from pathlib import Path

import openpyxl
import pytest

from desktop_app.core.model.period import Period
from desktop_app.core.operations import templates
from desktop_app.core.operations.workbooks import entering

pytestmark = [pytest.mark.office, pytest.mark.slow]
MAY = Period(2024, 5, 5)


def convert(path: Path, kind: str, profile: Path) -> Path:
    target = path.parent / kind
    subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            kind,
            "--outdir",
            str(target),
            str(path),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    return target / f"{path.stem}.{kind}"


def test_saved_again_by_libreoffice(opened, city, tmp_path):
    town = opened(city.town)
    blank = tmp_path / "t.xlsx"
    choice = templates.Choice(indicators=("3.1", "40.2", "12.1"), places=("张家湾村", "李家村"))
    templates.make(town, blank, MAY, choice)
    book = openpyxl.load_workbook(blank)
    book["填表说明"]["C4"] = "李家村"
    book["指标"]["G4"] = 17
    book["指标"]["G5"], book["指标"]["H5"] = 9, 10
    book["台账"]["A4"], book["台账"]["C4"], book["台账"]["D4"] = "李家 01 户", "12.1", 1
    book["台账"]["E4"] = "2024-05-06"
    filled = tmp_path / "f.xlsx"
    book.save(filled)
    again = convert(filled, "xlsx", tmp_path / "profile")
    assert openpyxl.load_workbook(again)["指标"].protection.sheet
    reading, _changes = entering.take_in(town, [again], dry=False, reasons={"3.1": "x", "40.2": "x"})
    assert not reading.problems
    head = town.store.ledger.head(f"progress/{city.town}/2024/3.1/2024-05")
    assert head.body.parts["李家村"].value == 17
    rate = town.store.ledger.head(f"progress/{city.town}/2024/40.2/2024-05")
    assert (rate.body.value, rate.body.of) == (9, 10)
    site = next(item for item in town.store.ledger.heads("site") if item.body.name == "李家 01 户")
    assert site.body.started == "2024-05-06"
    old = convert(filled, "xls", tmp_path / "profile")
    ods = convert(filled, "ods", tmp_path / "profile")
    told = [item.text for item in entering.take_in(town, [old, ods], dry=True)[0].problems]
    assert ".xls" in told[0] and ".ods" in told[1]
    assert convert(blank, "pdf", tmp_path / "profile").stat().st_size > 1000

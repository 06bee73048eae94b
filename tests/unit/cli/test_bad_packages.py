"""Packages that cannot be taken in: spoilt, unsigned, saved again, from elsewhere.  Set aside with the reason, and no
other is stopped."""

from __future__ import annotations

import shutil
import sqlite3
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# The maker of the offices lies beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "data"))

from offices import CITY, COUNTY, Offices


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


@pytest.fixture
def package(city: Any, tmp_path: Path) -> Path:
    """A town's signed package, on a stick."""
    (tmp_path / "stick").mkdir()
    return Path(shutil.copy(city.sent(city.town, city.first)[0], tmp_path / "stick"))


@pytest.fixture(scope="module")
def empty_county(city: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county's second computer, which has received nothing yet."""
    from desktop_app.core.operations import founding, keyring
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(city.desk(city.county), writing=False) as workspace:
        digits = keyring.report(workspace).root_spoken
    target = tmp_path_factory.mktemp("second") / "county"
    founding.join(target, *city.sent(city.code, f"setup-{city.county}"), city.county, digits).close()
    return target


@pytest.fixture
def above(empty_county: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(empty_county, tmp_path / "above"))


def saved(desk: Path) -> int:
    connection = sqlite3.connect(desk / "taizhang.db")
    found = int(connection.execute("SELECT count(*) FROM entry").fetchone()[0])
    connection.close()
    return found


def one_file(answer: Any) -> dict[str, Any]:
    (found,) = answer.json["files"]
    return found


def flipped(content: bytes) -> bytes:
    """One byte changed in the middle of the packed content."""
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


def with_cell_changed(path: Path) -> bytes:
    """A figure on a sheet changed, the zip itself in order."""
    out = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet2.xml":
                content = content.replace(b"<v>", b"<v>1", 1)
            target.writestr(zipfile.ZipInfo(name), content)
    content = out.read_bytes()
    out.unlink()
    return content


SPOILT: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "empty": (lambda _path: b"", "不是本软件导出"),
    "text": (lambda _path: "单位,数\n枫桥镇,5\n".encode(), "不是本软件导出"),
    "cut off": (lambda path: path.read_bytes()[:-2000], ""),
    "half": (lambda path: path.read_bytes()[: path.stat().st_size // 2], ""),
    "a byte altered": (lambda path: flipped(path.read_bytes()), ""),
    "a cell altered": (with_cell_changed, ""),
    "a byte behind": (lambda path: path.read_bytes() + b"\0", ""),
}


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_spoilt_package_is_set_aside_and_nothing_of_it_is_taken(
    spoilt: str, above: Path, package: Path, taizhang: Callable[..., Any]
):
    spoil, saying = SPOILT[spoilt]
    package.write_bytes(spoil(package))
    before = saved(above)
    checked = taizhang("verify", package, "--json", at=above)
    assert (checked.status, one_file(checked)["state"]) == (3, "invalid")
    assert one_file(checked)["reason"] and one_file(checked)["next_step"]
    merged = taizhang("merge", package, "--json", at=above)
    assert (merged.status, one_file(merged)["state"]) == (3, "quarantined")
    assert saying in one_file(merged)["reason"] + one_file(merged)["next_step"]
    assert one_file(merged)["entries"] == {"new": 0, "known": 0, "conflicting": 0, "refused": 0}
    assert saved(above) == before
    assert package.exists(), "the original stays where it is"
    if spoilt != "empty":
        assert [path.suffix for path in sorted((above / "quarantine").iterdir())] == [".xlsx", ".txt"]
    # People are told the same.
    told = taizhang("merge", package, at=above)
    assert told.status == 3 and one_file(merged)["reason"] in told.out and "→ " in told.out


def test_a_good_package_is_taken_beside_bad_ones_and_once(
    above: Path, package: Path, taizhang: Callable[..., Any]
):
    (package.parent / "说明.xlsx").write_text("说明", encoding="utf-8")
    first = taizhang("merge", package.parent, package.parent / "gone.xlsx", "--json", at=above)
    assert first.status == 3
    states = {Path(item["file"]).name: item["state"] for item in first.json["files"]}
    assert states == {package.name: "merged", "说明.xlsx": "quarantined", "gone.xlsx": "quarantined"}
    held = saved(above)
    again = taizhang("merge", package, "--json", at=above)
    assert (again.status, one_file(again)["state"]) == (0, "known")
    assert one_file(again)["entries"]["new"] == 0 and "以前汇入过" in one_file(again)["reason"]
    assert saved(above) == held


def quarantined(taizhang: Callable[..., Any], at: Path, file: Path) -> str:
    """What is said of a file that was set aside, of which nothing may be taken in."""
    before = saved(at)
    answer = taizhang("merge", file, "--json", at=at)
    assert (answer.status, one_file(answer)["state"]) == (3, "quarantined"), answer
    assert saved(at) == before
    return str(one_file(answer)["reason"] + one_file(answer)["next_step"])


def test_a_plain_workbook_is_no_package(above: Path, taizhang: Callable[..., Any], tmp_path: Path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["指标", "数"])
    book.save(tmp_path / "报表.xlsx")
    said = quarantined(taizhang, above, tmp_path / "报表.xlsx")
    assert "不是本软件导出的上报包" in said and "代录" in said


def test_opened_and_saved_again_is_told_kindly(above: Path, package: Path, taizhang: Callable[..., Any]):
    import openpyxl

    openpyxl.load_workbook(package).save(package)
    said = quarantined(taizhang, above, package)
    assert "另存" in said and "原文件" in said
    assert "篡改" not in said and "改动过" not in said


def test_a_package_from_another_city(above: Path, taizhang: Callable[..., Any], tmp_path: Path):
    """Its root is not ours; and were its root ours, it would still be another city's."""
    from desktop_app.core.operations import keyring
    from desktop_app.core.operations.workspace import Workspace

    rows = (("330100", "他市", "市级", "政府", ""), ("330101", "他县", "县区", "政府", "330100"))
    other = Offices(tmp_path / "other", rows=rows)[CITY]
    package = other.export(tmp_path / "stick")
    checked = taizhang("verify", package, "--json", at=above)
    assert (checked.status, one_file(checked)["state"]) == (3, "unknown_signer")
    assert "本市的根证书" in quarantined(taizhang, above, package)
    with Workspace.open(above) as workspace:
        keyring.pin_root(workspace, (other.folder / "keys" / "ca.pem").read_bytes())
    assert "另一个市的文件" in quarantined(taizhang, above, package)


def test_a_package_for_another_plan(
    above: Path, town: Path, taizhang: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import msgspec

    from desktop_app.core.operations import writing

    made = writing.new_manifest
    monkeypatch.setattr(
        writing,
        "new_manifest",
        lambda *args, **more: msgspec.structs.replace(made(*args, **more), plan="2023"),
    )
    said = taizhang("export", "--period", "2024-05", "--out", tmp_path / "out", "--json", at=town).json
    told = quarantined(taizhang, above, Path(said["files"][0]["path"]))
    assert "另一份方案" in told and "2024" in told


def test_a_neighbour_s_package_and_a_reply_for_another(
    city: Any, town: Path, package: Path, desk: Callable[[str], Path], taizhang: Callable[..., Any]
):
    assert "既不是本单位的上级，也不是下级" in quarantined(taizhang, desk(city.other_town), package)


def test_a_stranger_in_the_organisation(tmp_path: Path):
    """A county certified a township that the city has not been told of."""
    world = Offices(tmp_path / "w")
    county = world.enrol(COUNTY, CITY)
    table = tmp_path / "new.csv"
    rows = (
        "代码,名称,层级,上级代码",
        "330100,云溪市,市级,",
        "330101,云溪县,县区,330100",
        "330101109,新镇,乡镇,330101",
    )
    table.write_text("\n".join(rows), encoding="utf-8")
    said = county.ask("units", "import", table)
    assert said.status == 0, said
    package = world.enrol("330101109", COUNTY).export(world.stick)
    (row,) = world[CITY].merge(package, status=3)
    assert row["state"] == "quarantined" and "不在组织机构表里" in row["reason"]

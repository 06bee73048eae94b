"""Thirty packages on the county's desk, six of them damaged in different ways: 24 go in, six are named with their
reasons, and one report adds everything up."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import openpyxl
import pytest

# The makers of offices and packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

import make_bad_packages as bad
import make_good_package as good
from offices import CITY, COUNTY, ROWS, Office, Offices

from desktop_app.core.errors import Cancelled
from desktop_app.core.model.bodies import ProgressBody
from desktop_app.core.trust import certificates, keys
from desktop_app.core.trust.signing import Signer

TOWNS = [f"{COUNTY}{number}" for number in range(201, 231)]
NAMES = {code: f"第{number}镇" for number, code in enumerate(TOWNS, 1)}


class Inbox(NamedTuple):
    """The county's desk and what lies on the stick: files by what is wrong with them ("" for nothing)."""

    county: Office
    stick: Path
    damaged: dict[str, Path]
    good: list[Path]


class Granter:
    """Certificates for towns, granted by the county's own CA as `key certify` does, without thirty folders."""

    def __init__(self, county: Office) -> None:
        from desktop_app.core.operations import keyring

        folder = county.folder / "keys"
        self.key = keys.load(folder / "ca.key", county.passphrase)
        self.chain = keyring.split_pem((folder / "ca.pem").read_bytes())

    def signer(self, code: str) -> Signer:
        key = keys.generate("p256")
        request = certificates.make_request(key, "desk", code, NAMES[code])
        leaf = certificates.certify(request, self.key, self.chain[0], "desk", code, NAMES[code])
        return Signer(key, [leaf, *self.chain])


def month(code: str, photos: int = 0, **changes: Any) -> good.Month:
    """A town's month as the good package's maker writes it, for this city and plan."""
    made = good.month(8, photos, unit=code, name=NAMES[code])
    made.manifest = msgspec.structs.replace(made.manifest, city=CITY, to=COUNTY, **changes)
    return made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Inbox:
    folder = tmp_path_factory.mktemp("thirty")
    rows = [*ROWS, *((code, NAMES[code], "乡镇", "政府", COUNTY) for code in TOWNS)]
    world = Offices(folder / "w", rows=tuple(rows))
    county = world.enrol(COUNTY, CITY)
    granter = Granter(county)
    stick = folder / "stick"
    stick.mkdir()
    paths: list[Path] = []

    def write(name: str, item: good.Month, signer: Signer, **more: Any) -> Path:
        paths.append(item.write(stick / f"{name}.xlsx", signer, **more).path)
        return paths[-1]

    signers = {code: granter.signer(code) for code in TOWNS}
    for number, code in enumerate(TOWNS[:26]):
        write(f"{code}-2024-06-1", month(code, photos=1 + number % 2), signers[code])
    # One town has sent twice, and its second computer says something else about one figure.
    again = month(TOWNS[0], sequence=2)
    write(f"{TOWNS[0]}-2024-06-2", again, signers[TOWNS[0]])
    other = month(TOWNS[0], sequence=3)
    line = good.line("progress", f"progress/{TOWNS[0]}/2024/1.1/2024-06", ProgressBody(value=999), TOWNS[0])
    other.journal += line + b"\n"
    write(f"{TOWNS[0]}-2024-06-3", other, granter.signer(TOWNS[0]))
    damaged = _damage(stick, paths, write, signers)
    return Inbox(county, stick, damaged, [path for path in paths if path not in damaged.values()])


def _damage(
    stick: Path, paths: list[Path], write: Callable[..., Path], signers: dict[str, Signer]
) -> dict[str, Path]:
    """Four of what is there are spoilt, and two more come that were wrong from the beginning."""
    cell, cut, saved, hidden = paths[22:26]
    parts = bad.read(cell.read_bytes())
    cell.write_bytes(bad.write(bad.flip_cell(parts)))
    cut.write_bytes(cut.read_bytes()[:-5000])
    resaved = {name: data for name, data in bad.read(saved.read_bytes()).items() if "_xmlsig" not in name}
    application = b"<Properties><Application>WPS \xe8\xa1\xa8\xe6\xa0\xbc</Application></Properties>"
    saved.write_bytes(bad.write(resaved | {"docProps/app.xml": application}))
    hidden.write_bytes(bad.write(bad.add_untyped(bad.read(hidden.read_bytes()))))
    key = keys.generate("p256")
    stranger = Signer(key, [certificates.make_provisional(key, TOWNS[26], NAMES[TOWNS[26]])])
    unknown = write(f"{TOWNS[26]}-2024-06-1", month(TOWNS[26]), stranger)
    elsewhere = write(f"{TOWNS[27]}-2024-06-1", month(TOWNS[27], plan="2019"), signers[TOWNS[27]])
    return {
        "表格内容被改动过": cell,
        "文件不完整": cut,
        "另存过": saved,
        "签名以外的内容": hidden,
        "还没有获得证书": unknown,
        "另一份方案": elsewhere,
    }


@pytest.fixture
def inbox(made: Inbox, tmp_path: Path) -> Inbox:
    county = Office(tmp_path / "county", COUNTY, made.county.passphrase)
    shutil.copytree(made.county.folder, county.folder)
    return made._replace(county=county)


def ledger(office: Office) -> Any:
    from desktop_app.core.operations.care import ledger_rows
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(office.folder) as workspace:
        rows = ledger_rows(workspace.store)
        aside = workspace.store.connection.execute(
            "SELECT digest, file, state, reason FROM set_aside ORDER BY digest"
        )
        return rows, [tuple(row) for row in aside]


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_thirty_of_which_six_are_damaged(inbox: Inbox, tmp_path: Path):
    county, report = inbox.county, tmp_path / "report" / "汇入记录.xlsx"
    before = digests(inbox.stick)
    assert (len(before), len(inbox.damaged)) == (30, 6)
    said = county.json("merge", inbox.stick, "--report", report, status=3)["files"]

    assert [item["state"] for item in said].count("merged") == 24
    held = {item["file"]: item for item in said if item["state"] == "quarantined"}
    assert set(held) == {str(path) for path in inbox.damaged.values()}
    for words, path in inbox.damaged.items():
        item = held[str(path)]
        assert words in item["reason"], item
        assert item["next_step"] and item["entries"] == {"new": 0, "known": 0, "conflicting": 0, "refused": 0}
    assert digests(inbox.stick) == before, "the stick is only read"

    # What the twenty-four said is here, and nothing of the six.
    shown = {path.name[:9] for path in inbox.damaged.values()}
    for code in TOWNS[1:28]:
        assert (county.value("1.1", code, "2024-06") is None) == (code in shown), code
    assert county.json("conflicts")["conflicts"]
    counts = {key: sum(item["entries"][key] for item in said) for key in said[0]["entries"]}
    assert all(counts.values()), f"every column of the report is used: {counts}"
    check_report(report, said)
    check_quarantine(county, inbox)
    county.healthy()


def check_report(report: Path, said: list[dict[str, Any]]) -> None:
    """One row a file and a sum; in every row, what was received is what became of it."""
    sheet = openpyxl.load_workbook(report).active
    heads, *rows, total = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert len(rows) == 30
    at = {
        head: heads.index(head)
        for head in ("文件", "结果", "收到", "新增", "已有", "不一致", "拒收", "说明", "怎么办")
    }
    for row in (*rows, total):
        assert row[at["收到"]] == sum(row[at[head]] for head in ("新增", "已有", "不一致", "拒收")), row
    for head in ("收到", "新增", "已有", "不一致", "拒收"):
        assert total[at[head]] == sum(row[at[head]] for row in rows)
    by_file = {row[at["文件"]]: row for row in rows}
    for item in said:
        row = by_file[Path(item["file"]).name]
        numbers = [item["entries"][key] for key in ("new", "known", "conflicting", "refused")]
        assert [row[at[head]] for head in ("新增", "已有", "不一致", "拒收")] == numbers
        aside = item["state"] == "quarantined"
        assert row[at["结果"]] == ("已隔离" if aside else "已汇入")
        assert not aside or (row[at["说明"]] == item["reason"] and row[at["怎么办"]] == item["next_step"])
    assert "30" in total[0] and "24" in total[at["结果"]]


def check_quarantine(county: Office, inbox: Inbox) -> None:
    """A copy of each of the six, byte for byte, with the reason beside it."""
    folder = county.folder / "quarantine"
    copies = sorted(folder.glob("*.xlsx"))
    assert len(copies) == 6 and len(list(folder.iterdir())) == 12
    for words, path in inbox.damaged.items():
        (copy,) = [item for item in copies if item.name.endswith(path.name)]
        assert copy.read_bytes() == path.read_bytes()
        assert words in copy.with_suffix(".xlsx.txt").read_text(encoding="utf-8")


def test_merging_the_six_again_changes_nothing(inbox: Inbox):
    county = inbox.county
    first = county.merge(inbox.stick, status=3)
    before = ledger(county), digests(county.folder / "quarantine")
    again = county.merge(*inbox.damaged.values(), status=3)
    assert {item["state"] for item in again} == {"quarantined"}
    assert [item["reason"] for item in again] == [
        next(old["reason"] for old in first if old["file"] == item["file"]) for item in again
    ]
    assert (ledger(county), digests(county.folder / "quarantine")) == before
    everything = county.merge(inbox.stick, status=3)
    assert [item["state"] for item in everything].count("known") == 24
    assert sum(item["entries"]["new"] for item in everything) == 0
    assert ledger(county) == before[0]


def test_the_order_does_not_matter(inbox: Inbox, tmp_path: Path):
    other = Office(tmp_path / "other", COUNTY, inbox.county.passphrase)
    shutil.copytree(inbox.county.folder, other.folder)
    inbox.county.merge(*inbox.good)
    for path in reversed(inbox.good):
        other.merge(path)
    assert ledger(other)[0] == ledger(inbox.county)[0]


def test_cancelling_between_files_keeps_those_already_in(inbox: Inbox):
    from desktop_app.core.operations import merging
    from desktop_app.core.operations.workspace import Workspace

    county = inbox.county

    def stop(done: int, total: int, text: str = "") -> None:
        if total == 30 and done == 11:
            raise Cancelled

    with Workspace.open(county.folder) as workspace:
        results, changes = merging.merge(workspace, [inbox.stick], stop)
        assert len(results) == 11 and changes.entries
        kept = {row["digest"] for row in workspace.store.ledger.containers("package")}
        assert {item.container for item in results if item.state == "merged"} <= kept
    county.healthy()
    said = county.merge(inbox.stick, status=3)
    assert [item["state"] for item in said[:11]].count("merged") == 0
    assert [item["state"] for item in said].count("quarantined") == 6
    county.healthy()

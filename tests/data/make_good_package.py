"""A small city with its keys, and a township's month as a good package: what the package tests start from.

Run it to look at one: python tests/data/make_good_package.py FOLDER
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import random
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from desktop_app.core.journal.line import write_line
from desktop_app.core.model import bodies
from desktop_app.core.model.entry import entry_id
from desktop_app.core.package.digest import check_code
from desktop_app.core.package.manifest import Manifest, People
from desktop_app.core.package.sheets import (
    Cover,
    EvidenceRow,
    FundRow,
    ProblemRow,
    ProgressRow,
    Sheets,
    SiteRow,
)
from desktop_app.core.package.sources import FileSource
from desktop_app.core.trust import certificates, keys
from desktop_app.core.trust.signing import Signer

BEGIN = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
SIGNED = dt.datetime(2024, 7, 3, 6, 36, tzinfo=dt.UTC)
CITY, COUNTY, TOWN = "340400", "340421", "340421100"
PERIOD = "2024-06"


@dataclass
class City:
    """Keys and certificates of a city, a county and a township; certificates in DER."""

    kind: keys.KeyKind = "p256"
    key: dict[str, Any] = field(default_factory=dict)
    root: bytes = b""
    ca: bytes = b""

    def __post_init__(self) -> None:
        for name in ("root", "ca", "city", "county", "town"):
            self.key[name] = keys.generate(self.kind)
        self.root = certificates.make_root(self.key["root"], CITY, "云溪市", at=BEGIN)
        self.ca = self.grant("ca", "ca", COUNTY, "云溪县", "root")
        self.desk = {
            "city": [self.grant("city", "desk", CITY, "云溪市", "root"), self.root],
            "county": [self.grant("county", "desk", COUNTY, "云溪县", "root"), self.root],
            "town": [self.grant("town", "desk", TOWN, "枫桥镇", "ca"), self.ca, self.root],
        }

    def grant(self, name: str, role: Any, code: str, unit: str, issuer: str) -> bytes:
        above = {"root": self.root, "ca": self.ca}[issuer]
        request = certificates.make_request(self.key[name], role, code, unit)
        return certificates.certify(request, self.key[issuer], above, role, code, unit, at=BEGIN)

    def signer(self, name: str = "town") -> Signer:
        return Signer(self.key[name], self.desk[name])


@dataclass
class Month:
    """A township's June: lines of its journal, the sheets that show them, evidence."""

    manifest: Manifest
    sheets: Sheets
    journal: bytes
    blobs: list[bytes]

    @property
    def files(self) -> list[FileSource]:
        return [source(blob) for blob in self.blobs]

    def write(self, target: Path, signer: Signer, **more: Any) -> Any:
        from desktop_app.core.package.seal import write_package

        arguments = {"journals": {"entries": self.journal}, "files": self.files, "at": SIGNED, **more}
        return write_package(target, self.manifest, self.sheets, signer=signer, **arguments)


def source(blob: bytes, extension: str = "jpg", media: str = "image/jpeg") -> FileSource:
    return FileSource(
        sha256=hashlib.sha256(blob).hexdigest(),
        extension=extension,
        media=media,
        size=len(blob),
        open=lambda: io.BytesIO(blob),
    )


def photo(seed: int, size: tuple[int, int] = (240, 180)) -> bytes:
    """A small JPEG, the same bytes for the same seed."""
    from PIL import Image

    rng = random.Random(seed)
    picture = Image.new("RGB", size, (rng.randrange(256), rng.randrange(256), rng.randrange(256)))
    for _number in range(12):
        at = (rng.randrange(size[0]), rng.randrange(size[1]))
        box = (*at, at[0] + rng.randrange(20, 80), at[1] + rng.randrange(20, 80))
        picture.paste((rng.randrange(256), rng.randrange(256), rng.randrange(256)), box)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def line(
    kind: str, subject: str, body: Any, unit: str = TOWN, replaces: tuple[str, ...] = (), n: int = 1
) -> bytes:
    return write_line(kind, subject, unit, "周桂兰", "2024-07-02T09:30:00+08:00", body, replaces, n)


NAMES = (
    ("促进就业", "放心家政行动培训家政服务人员", "人次"),
    ("促进就业", "城镇新增就业", "人"),
    ("困难群体救助", "困难残疾人家庭无障碍改造", "户"),
    ("城乡建设", "老旧小区改造提升充电桩和停车泊位（含公共停车场、路内泊位与专用泊位）", "个"),
)


def month(
    entries: int = 40, photos: int = 3, *, unit: str = TOWN, name: str = "枫桥镇", sequence: int = 1
) -> Month:
    """A month with that many progress figures, some sites, problems, funds and evidence."""
    lines: list[bytes] = []
    progress, sites, evidence, problems, funds = [], [], [], [], []
    blobs = [photo(number) for number in range(photos)]

    def add(*arguments: Any) -> str:
        lines.append(line(*arguments, unit))
        return entry_id(lines[-1])

    for number in range(entries):
        indicator = f"{number % 50 + 1}.{number // 50 + 1}"
        category, what, measure = NAMES[number % len(NAMES)]
        value: int | str = number * 37 if number % 5 else f"{number}.75"
        body = bodies.ProgressBody(value=value, of=1000 + number if number % 7 == 0 else None)
        ident = add("progress", f"progress/{unit}/2024/{indicator}/{PERIOD}", body)
        progress.append(
            ProgressRow(
                entry=ident,
                task=number % 50 + 1,
                category=category,
                indicator=indicator,
                name=what,
                area=unit,
                area_name=name,
                measure=measure,
                share=12400 + number,
                previous=number * 30,
                value=value,
                of=body.of,
                increase=number * 7,
                done="38.7",
                light=("正常", "滞后", "逾期", "完成", "未填")[number % 5],
                note="本月新增培训两期，其余见台账" if number % 4 == 0 else "",
                reporter_name=name,
            )
        )
    total = 0
    for number in range(5):
        done = "2024-06-1" + str(number) if number % 2 == 0 else ""
        total += 2 * number + 1 if done else 0
        place = f"枫桥镇东风村第{number + 1}村民组"
        quantities: dict[str, bodies.Number] = {"29.9": 2 * number + 1}
        site = bodies.SiteBody(
            name=f"东风小区{number + 1}号楼充电桩", quantities=quantities, place=place, completed=done
        )
        ident = add("site", f"site/{unit}/{number:016x}", site)
        sites.append(
            SiteRow(
                entry=ident,
                area=unit,
                area_name=name,
                name=site.name,
                place=place,
                indicators=(("29.9", 2 * number + 1),),
                stage="竣工验收" if done else "施工",
                started="2024-04-01",
                completed=done,
                charge="李建国",
                counts=bool(done),
                evidence=1,
            )
        )
    progress.append(
        ProgressRow(
            basis="sites",
            task=29,
            category="城乡建设",
            indicator="29.9",
            name="充电桩",
            area=unit,
            area_name=name,
            measure="个",
            share=30,
            value=total,
            done="30.0",
            light="正常",
            reporter_name=name,
        )
    )
    for number, blob in enumerate(blobs):
        digest = hashlib.sha256(blob).hexdigest()
        body = bodies.EvidenceBody(
            sha256=digest,
            size=len(blob),
            media="image/jpeg",
            name=f"IMG_2024061{number}_竣工.jpg",
            about=(f"site/{unit}/{number % 5:016x}",),
        )
        ident = add("evidence", f"evidence/{unit}/{number:016x}", body)
        evidence.append(
            EvidenceRow(
                entry=ident,
                sha256=digest,
                name=body.name,
                caption="改造后全景",
                about=f"东风小区{number % 5 + 1}号楼充电桩",
                taken="2024-06-12",
                size=len(blob),
                thumbnail=blob,
            )
        )
    problem = bodies.ProblemBody(
        task=29, text="=东风小区二期电力增容未批复，影响后续 12 个桩位安装", due="2024-07-31"
    )
    problems.append(
        ProblemRow(
            entry=add("problem", f"problem/{unit}/{1:016x}", problem),
            task=29,
            area_name=name,
            text=problem.text,
            status="open",
            due=problem.due,
        )
    )
    fund = bodies.FundBody(task=29, level="county", arrived="12.5", paid=8, date="2024-06-20")
    funds.append(
        FundRow(
            entry=add("fund", f"fund/{unit}/{1:016x}", fund),
            task=29,
            area_name=name,
            level="county",
            arrived="12.5",
            paid=8,
            date=fund.date,
        )
    )
    code = check_code(unit, PERIOD, [entry_id(item) for item in lines])
    people = People(filled="周桂兰", checked="赵建国", responsible="孙明远")
    add(
        "submission",
        f"submission/{unit}/{PERIOD}",
        bodies.SubmissionBody(
            digest=code,
            count=len(lines),
            filled=people.filled,
            checked=people.checked,
            responsible=people.responsible,
        ),
    )
    manifest = Manifest(
        app="0.1.0",
        purpose="submission",
        plan="2024",
        city=CITY,
        unit=unit,
        unit_name=name,
        to=COUNTY,
        period=PERIOD,
        sequence=sequence,
        digest=code,
        people=people,
        created="2024-07-03T14:36:00+08:00",
    )
    cover = Cover(
        city="云溪市",
        title="云溪市 2024 年民生实事（50 项）",
        unit=unit,
        unit_name=name,
        level="乡镇",
        period="2024年6月",
        digest=code,
        sequence=sequence,
        to_name="云溪县",
        filled=people.filled,
        checked=people.checked,
        responsible=people.responsible,
        created="2024-07-03 14:36",
        counts=(
            ("指标", f"{entries} 项"),
            ("项目", "5 个"),
            ("佐证材料", f"{photos} 份"),
            ("问题", "1 条"),
            ("资金", "1 笔"),
        ),
        notes=("沿用上期 1 项，已在说明栏注明。",),
        sample=True,
    )
    return Month(
        manifest=manifest,
        sheets=Sheets(
            cover=cover,
            progress=tuple(progress),
            sites=tuple(sites),
            evidence=tuple(evidence),
            problems=tuple(problems),
            funds=tuple(funds),
        ),
        journal=b"".join(item + b"\n" for item in lines),
        blobs=blobs,
    )


def write(folder: Path) -> Path:
    """A good package in a new folder, and the root it leads to."""
    folder.mkdir(parents=True)
    sample = City("rsa-3072")
    (folder / "root.pem").write_bytes(certificates.to_pem(sample.root))
    return month().write(folder / f"{TOWN}-{PERIOD}-1.xlsx", sample.signer()).path


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))

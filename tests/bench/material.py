"""What is measured on: a county's desk, and a month of many towns as packages of some 490 rows each."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import msgspec

# The makers of offices and packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

import make_good_package as good
from offices import CITY, COUNTY, ROWS, Offices

from desktop_app.core.trust import certificates, keys
from desktop_app.core.trust.signing import Signer

PASSPHRASE = "pass"
DUPLICATES = 5
"""Every so manieth package is sent a second time, with the same entries under a new signature."""


def codes(count: int) -> list[str]:
    return [f"{COUNTY}{number}" for number in range(201, 201 + count)]


class Material:
    def __init__(self, folder: Path, packages: int, rows: int, kind: keys.KeyKind = "p256") -> None:
        self.folder = folder
        self.towns = codes(packages)
        names = {code: f"第{number}镇" for number, code in enumerate(self.towns, 1)}
        table = [*ROWS, *((code, name, "乡镇", "政府", COUNTY) for code, name in names.items())]
        self.world = Offices(folder / "world", rows=tuple(table))
        county = self.world.enrol(COUNTY, CITY)
        self.desk = county.folder
        self._duties(rows)
        chain = _chain(self.desk)
        authority = keys.load(self.desk / "keys" / "ca.key", county.passphrase)
        self.roots = [chain[-1]]
        self.packages = folder / "packages"
        self.packages.mkdir()
        for number, code in enumerate(self.towns):
            key = keys.generate(kind)
            request = certificates.make_request(key, "desk", code, names[code])
            leaf = certificates.certify(request, authority, chain[0], "desk", code, names[code])
            signer = Signer(key, [leaf, *chain])
            month = good.month(rows, 0, unit=code, name=names[code])
            month.manifest = msgspec.structs.replace(month.manifest, city=CITY, to=COUNTY)
            month.write(self.packages / f"{code}-2024-06-1.xlsx", signer)
            if number % DUPLICATES == 0:
                month.manifest = msgspec.structs.replace(month.manifest, sequence=2)
                month.write(self.packages / f"{code}-2024-06-2.xlsx", signer)
        self.month = good.month(rows, 0)

    @property
    def files(self) -> list[Path]:
        return sorted(self.packages.glob("*.xlsx"))

    def _duties(self, rows: int) -> None:
        """Every town reports every indicator there is, as in a real plan; otherwise all would be refused."""
        from desktop_app.core.model.bodies import Duty
        from desktop_app.core.operations.workspace import Workspace
        from desktop_app.core.store.store import Said

        indicators = {f"{number % 50 + 1}.{number // 50 + 1}" for number in range(rows)} | {"29.9"}
        with Workspace.open(self.desk) as workspace:
            workspace.store.say(
                [
                    Said(kind="duty", subject=f"duty/{COUNTY}/2024/{indicator}", body=Duty(each=True))
                    for indicator in sorted(indicators)
                ]
            )

    def fresh_desk(self) -> Path:
        """A copy of the county's desk before anything came in."""
        target = self.folder / "desk"
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(self.desk, target)
        return target


def _chain(desk: Path) -> list[bytes]:
    from desktop_app.core.operations import keyring

    return keyring.split_pem((desk / "keys" / "ca.pem").read_bytes())


__all__ = ["COUNTY", "PASSPHRASE", "Any", "Material", "good"]

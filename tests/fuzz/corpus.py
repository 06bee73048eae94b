"""Good packages of every sort, small, to be spoilt: a month, a county's with forwarded submissions, two volumes, a
setup package, an answer, one signed with RSA, one with an entry of a newer version."""

from __future__ import annotations

import io
import sys
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

# The makers of good and bad packages lie beside the other test data, which is no package of Python's.
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "data"))

import make_good_package as good
from offices import CITY, COUNTY, PERIOD, TOWN, Offices

Parts = dict[str, bytes]
WORLD = ("setup", "reply", "sent up", "sent", "founding")
"""Seeds made by the offices of a city of their own, under its root."""


class Seed(NamedTuple):
    """A good package, and what signing one like it again needs."""

    name: str
    data: bytes
    parts: Parts
    root: bytes
    signer: Any


class Corpus(NamedTuple):
    seeds: list[Seed]
    roots: list[bytes]
    world: Offices

    def __getitem__(self, name: str) -> Seed:
        return next(seed for seed in self.seeds if seed.name == name)


def parts_of(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def build(folder: Path) -> Corpus:
    seeds: list[Seed] = []

    def add(name: str, path: Path, root: bytes, signer: Any) -> None:
        data = path.read_bytes()
        seeds.append(Seed(name, data, parts_of(data), root, signer))

    folder.mkdir(parents=True, exist_ok=True)
    cities = [good.City("p256"), good.City("rsa-3072")]
    for city, name in zip(cities, ("month", "rsa"), strict=True):
        add(name, _month(city, folder / f"{name}.xlsx"), city.root, city.signer())
    city = cities[0]
    add("forwarded", _county(city, folder), city.root, city.signer("county"))
    for number, path in enumerate(_volumes(city, folder), 1):
        add(f"volume {number}", path, city.root, city.signer())
    add("newer", _newer(city, folder / "newer.xlsx"), city.root, city.signer())
    world = Offices(folder / "world")
    roots = [city.root for city in cities]
    for name, path, office in _of_the_world(world):
        add(name, path, roots[-1], office)
    world_root = _root_of(world)
    seeds = [seed._replace(root=world_root) if seed.name in WORLD else seed for seed in seeds]
    return Corpus(seeds, [*roots, world_root], world)


def _month(city: Any, path: Path, photos: int = 1) -> Path:
    good.month(6, photos).write(path, city.signer())
    return path


def _county(city: Any, folder: Path) -> Path:
    from desktop_app.core.package import forward
    from desktop_app.core.package.verify import open_package

    path = folder / "county.xlsx"
    with open_package(_month(city, folder / "town.xlsx"), [city.root]) as found:
        carried = forward.from_opened(found)
    good.month(2, 0, unit=good.COUNTY, name="云溪县").write(
        path, city.signer("county"), submissions=[carried]
    )
    return path


def _volumes(city: Any, folder: Path) -> list[Path]:
    from desktop_app.core.package.volumes import write_volumes

    month = good.month(3, 2)
    written = write_volumes(
        folder / "volumes.xlsx",
        month.manifest,
        month.sheets,
        signer=city.signer(),
        max_size=67_000,
        journals={"entries": month.journal},
        files=month.files,
        at=good.SIGNED,
    )
    return [item.path for item in written][:2]


def _newer(city: Any, path: Path) -> Path:
    """Kinds and fields this version does not know are kept; they take another way through the checks."""
    month = good.month(3, 0)
    lines = [
        {
            "kind": kind,
            "subject": subject,
            "unit": good.TOWN,
            "operator": "",
            "at": "2030-01-01T00:00:00+08:00",
            "replaces": [],
            "n": 1,
            "body": body,
        }
        for kind, subject, body in (
            ("hologram", "hologram/1", {"depth": [1, {"x": None}]}),
            ("progress", f"progress/{good.TOWN}/2024/9.9/2024-06", {"value": 4, "mood": "good"}),
        )
    ]
    more = b"".join(msgspec.json.encode(line, order="sorted") + b"\n" for line in lines)
    month.write(path, city.signer(), journals={"entries": month.journal + more})
    return path


def _of_the_world(world: Offices) -> list[tuple[str, Path, Any]]:
    from desktop_app.core.operations import keyring
    from desktop_app.core.operations.workspace import Workspace

    world.enrol(COUNTY, CITY)
    town = world.enrol(TOWN, COUNTY)
    town.record("1.1", 12)
    town("site", "add", "东风小区充电桩", "--quantity", "12.1=3")
    town("problem", "add", 12, "电力增容未批复")
    photo = world.root / "photo.jpg"
    photo.write_bytes(good.photo(1))
    town("attach", photo, "--to", "1.1")
    sent = town.export(world.stick)
    world[COUNTY].merge(sent)
    setup, _digits = world.setup(TOWN, COUNTY)
    (reply,) = world[COUNTY].replies(world.stick, TOWN)
    up = world[COUNTY].export(world.stick)
    signers = []
    founding, _digits = world.setup(COUNTY, CITY)
    for office in (world[COUNTY], town, world[CITY]):
        with Workspace.open(office.folder, writing=False) as workspace:
            signers.append(keyring.load_signer(workspace, office.passphrase))
    return [
        ("setup", setup, signers[0]),
        ("reply", reply, signers[0]),
        ("sent up", up, signers[0]),
        ("sent", sent, signers[1]),
        ("founding", founding, signers[2]),
    ]


def _root_of(world: Offices) -> bytes:
    from desktop_app.core.operations import keyring
    from desktop_app.core.operations.workspace import Workspace

    with Workspace.open(world[CITY].folder, writing=False) as workspace:
        return keyring.roots(workspace)[0]


__all__ = ["PERIOD", "Corpus", "Parts", "Seed", "build", "parts_of"]

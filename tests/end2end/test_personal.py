"""What is personal stays in the office: not readable in its folder, nowhere in what it sends unless sent on purpose."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NAME, NUMBER = "钱多多", "11010519491231002X"
MAY = ("--period", "2024-05")


@pytest.fixture
def town(city: Any, desk: Callable[[str], Path]) -> Path:
    return desk(city.town)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture whose file name tells a person's name, and whose bytes hold one."""
    from PIL import Image

    out = io.BytesIO()
    noise = Image.frombytes("L", (320, 240), random.Random(3).randbytes(320 * 240))
    noise.save(out, "JPEG", comment=NAME.encode())
    file = tmp_path / f"{NAME}家厕改.jpg"
    file.write_bytes(out.getvalue())
    return file


def traces(blob: bytes, photo: Path) -> list[str]:
    """Which of the personal things can be read in some bytes."""
    secrets = {"name": NAME.encode(), "number": NUMBER.encode(), "picture": photo.read_bytes()[8000:8200]}
    secrets |= {
        "name (UTF-16)": NAME.encode("utf-16-le"),
        "escaped": NAME.encode("ascii", "xmlcharrefreplace"),
    }
    return [what for what, secret in secrets.items() if secret in blob]


def parts(package: Path) -> Iterator[tuple[str, bytes]]:
    """A package as it lies on the stick, and every part of it unpacked."""
    yield package.name, package.read_bytes()
    with zipfile.ZipFile(package) as archive:
        for name in archive.namelist():
            yield name, name.encode() + archive.read(name)


def readable(folder: Path, photo: Path) -> dict[str, list[str]]:
    """Files of a folder in which something personal can be read, by their paths."""
    found = {
        str(path.relative_to(folder)): traces(str(path).encode() + path.read_bytes(), photo)
        for path in folder.rglob("*")
        if path.is_file()
    }
    return {path: what for path, what in found.items() if what}


def in_package(package: Path, photo: Path) -> dict[str, list[str]]:
    return {name: what for name, blob in parts(package) if (what := traces(blob, photo))}


def export(taizhang: Callable[..., Any], town: Path, out: Path, *more: str) -> Path:
    said = taizhang("export", *MAY, "--out", out, "--evidence", "all", *more, "--json", at=town)
    assert said.status == 0, said
    return Path(said.json["files"][0]["path"])


def test_a_household_s_record_and_photo_stay_here_encrypted(
    town: Path, photo: Path, taizhang: Callable[..., Any], tmp_path: Path
):
    personal = ("--personal", f"姓名={NAME}", "--personal", f"身份证号={NUMBER}")
    site = taizhang("site", "add", "张家湾 03 户", "--quantity", "12.1=1", *personal, "--json", at=town)
    assert site.status == 0, site
    key = site.json["subject"].split("/")[-1]
    attached = taizhang("attach", photo, "--to", key, "--personal", "--json", at=town)
    assert attached.json == {"files": 1, "new": 1}
    assert readable(town, photo) == {}
    package = export(taizhang, town, tmp_path / "out")
    assert in_package(package, photo) == {}
    assert not any("personal" in name for name, _blob in parts(package))
    assert taizhang("doctor", "--json", at=town).json["ok"]


def test_a_photo_marked_personal_later_loses_its_small_picture_and_its_name(
    photo: Path, opened: Callable[[str], Any], city: Any, tmp_path: Path
):
    from desktop_app.core.model.period import Period
    from desktop_app.core.operations import evidence, exporting

    workspace = opened(city.town)
    subject = evidence.attach(workspace, [photo], ["12.1"]).subjects[0]
    body = workspace.store.ledger.head(subject).body
    assert evidence.thumbnail(workspace, body.sha256, body.media)
    assert evidence.thumbnail_path(workspace, body.sha256).exists()
    evidence.describe(workspace, subject, {"personal": True})
    pictures = {path for path, what in readable(workspace.root, photo).items() if "picture" in what}
    assert pictures == set()
    assert not evidence.thumbnail_path(workspace, body.sha256).exists()
    assert evidence.thumbnail(workspace, body.sha256, body.media) is None
    assert evidence.read_bytes(workspace, body.sha256) == photo.read_bytes()
    # The journal here keeps what was said first; what is sent holds the name no more.
    sent = exporting.export(workspace, Period.parse("2024-05"), tmp_path / "out").files[0]
    assert in_package(sent.path, photo) == {}


def test_sent_on_purpose_it_travels_encrypted_and_the_unit_above_can_read_it(
    city: Any,
    town: Path,
    desk: Callable[[str], Path],
    photo: Path,
    taizhang: Callable[..., Any],
    opened: Callable[[str], Any],
    tmp_path: Path,
):
    from desktop_app.core.operations import evidence, personal_fields

    personal = ("--personal", f"姓名={NAME}", "--personal", f"身份证号={NUMBER}")
    said = taizhang("site", "add", "张家湾 03 户", "--quantity", "12.1=1", *personal, "--json", at=town)
    site = said.json["subject"]
    taizhang("attach", photo, "--to", site.split("/")[-1], "--personal", at=town)
    package = export(taizhang, town, tmp_path / "out", "--personal")
    assert in_package(package, photo) == {}
    assert any("personal" in name for name, _blob in parts(package))
    merged = taizhang("merge", package, "--json", at=desk(city.county))
    assert merged.status == 0
    assert readable(desk(city.county), photo) == {}
    county = opened(city.county)
    county.unlock("demo")
    sealed = county.store.ledger.head(site).body.sealed
    assert personal_fields.open_personal(county, sealed) == {"姓名": NAME, "身份证号": NUMBER}
    (head,) = county.store.ledger.evidence_about(site)
    assert evidence.read_bytes(county, head.body.sha256) == photo.read_bytes()


def test_without_a_key_nothing_personal_is_left_in_the_open(
    town: Path, photo: Path, refused: Callable[..., Any]
):
    import shutil

    shutil.rmtree(town / "keys")
    refused("attach", photo, "--to", "12.1", "--personal", at=town, saying="得先有密钥")
    assert readable(town, photo) == {}

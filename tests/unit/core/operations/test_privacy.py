"""What is personal stays where it belongs: places in photos, numbers in open text, erased records."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.core.errors import RuleError
from desktop_app.core.operations import erasing, evidence, personal_fields, site_writing
from desktop_app.core.operations.photo_notes import has_location, without_location
from desktop_app.core.rules import privacy

ID = "11010519491231002X"


def photo(place: bool) -> bytes:
    from PIL import Image

    picture = Image.new("RGB", (48, 32), "teal")
    notes = Image.Exif()
    notes[0x0132] = "2024:06:01 10:00:00"
    if place:
        gps = notes.get_ifd(0x8825)
        gps[1], gps[2], gps[3], gps[4] = "N", (31.0, 30.0, 12.5), "E", (116.0, 30.0, 1.0)
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=notes)
    return out.getvalue()


def test_the_place_goes_and_the_picture_stays() -> None:
    from PIL import Image

    before = photo(place=True)
    after = without_location(before)
    assert has_location(before) and not has_location(after) and len(after) == len(before)
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
        assert other.getexif()[0x0132] == "2024:06:01 10:00:00"
        assert not other.getexif().get_ifd(0x8825)


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xe1\x00\x10Exif\0\0II*\0\xff\xff\xff\xff", b"PK"]
)
def test_odd_bytes_stay_as_they_are(content: bytes) -> None:
    assert without_location(content) == content


def test_evidence_comes_in_without_its_place(opened: Callable[[str], Any], city: Any, tmp_path: Path) -> None:
    town = opened(city.town)
    file = tmp_path / "a.jpg"
    file.write_bytes(photo(place=True))
    for keep, wanted in ((False, False), (True, True)):
        changes = evidence.attach(town, [file], ["12.1"], keep_location=keep)
        body = town.store.ledger.head(changes.subjects[0]).body
        assert has_location(town.store.files.path(body.sha256).read_bytes()) is wanted
        original = hashlib.sha256(file.read_bytes()).hexdigest()
        assert body.original == ("" if keep else original)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (f"户主 {ID}", ["id"]),
        ("户主 １１０１０５１９４９１２３１００２Ｘ", ["id"]),
        ("110105194912310021", []),
        ("电话 13812345678", ["phone"]),
        ("卡 6222 0212 3456 7890 128", ["card"]),
        ("累计 340000000000000001 元", []),
        ("老证 340823560412001", ["id"]),
        ("340823561301001", []),
        ("一折通账号：1234567890123456789012", ["account"]),
        ("存折 340-0000-0000-0001", ["account"]),
        ("账户 6222 0212 3456 7890 128，电话13812345678", ["card", "phone"]),
        ("本月账户余额 120 万元", []),
        ("文号 1234567890123456789012", []),
        ("2024061812345678", []),
        ("样例〔2024〕1号", []),
    ],
)
def test_numbers_are_told_by_their_check_digits(text: str, kinds: list[str]) -> None:
    assert [item.kind for item in privacy.find(text)] == kinds
    if kinds:
        assert privacy.find(privacy.mask(text)) == []


def test_an_id_number_is_no_remark(opened: Callable[[str], Any], city: Any) -> None:
    town = opened(city.town)
    site = town.store.ledger.heads("site")[0].subject
    before = town.store.ledger.counts()["entries"]
    with pytest.raises(RuleError) as refusal:
        site_writing.save_site(town, site, {"note": f"户主 {ID}"})
    assert ID not in str(refusal.value)
    assert town.store.ledger.counts()["entries"] == before


def test_sealing_moves_it_out_of_the_open(opened: Callable[[str], Any], city: Any) -> None:
    town = opened(city.town)
    town.unlock("demo")
    site = town.store.ledger.heads("site")[0].subject
    site_writing.save_site(town, site, {"note": f"户主 {ID}"}, seal=True)
    body = town.store.ledger.head(site).body
    assert ID not in body.note and body.note.startswith("户主 110")
    assert personal_fields.open_personal(town, body.sealed)["note"] == f"户主 {ID}"


def test_erased_is_gone_and_not_missing(opened: Callable[[str], Any], city: Any, tmp_path: Path) -> None:
    town = opened(city.town)
    file = tmp_path / "b.jpg"
    file.write_bytes(photo(place=False))
    subject = evidence.attach(town, [file], ["12.1"]).subjects[0]
    name = town.store.ledger.head(subject).body.sha256
    erasing.erase(town, subject, "本人要求")
    assert town.store.files.find(name) is None
    assert name not in {head.body.sha256 for head in town.store.ledger.missing_files()}
    assert town.store.ledger.head(f"erasure/{town.unit_code}/{name}").body.reason == "本人要求"

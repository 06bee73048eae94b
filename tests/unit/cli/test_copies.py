"""The submission looked at before it is signed, and copies of what was written."""

from __future__ import annotations

from typing import Any


def test_every_sheet_is_shown_and_nothing_is_written(
    taizhang: Any, city: Any, desk: Any, tmp_path: Any, monkeypatch
):
    home = desk(city.town)
    monkeypatch.delenv("TAIZHANG_PASSPHRASE", raising=False)
    before = {path: path.stat().st_size for path in home.rglob("*.xlsx")}
    answer = taizhang("preview", "--period", "2024-05", "--json", at=home)
    assert answer.status == 0
    names = [sheet["name"] for sheet in answer.json["sheets"]]
    assert names[:3] == ["封面", "进度", "项目台账"]
    assert {path: path.stat().st_size for path in home.rglob("*.xlsx")} == before
    one = taizhang("preview", "--period", "2024-05", "--sheet", "进度", at=home)
    assert answer.json["code"] in one.out and "【进度】" in one.out and "【封面】" not in one.out


def test_a_copy_is_read_back_and_a_wrong_one_is_refused(
    taizhang: Any, refused: Any, city: Any, desk: Any, tmp_path: Any
):
    out, disc = tmp_path / "out", tmp_path / "disc"
    out.mkdir()
    disc.mkdir()
    assert taizhang("export", "--period", "2024-05", "--out", out, at=desk(city.town)).status == 0
    file = next(out.glob("*.xlsx"))
    refused("copy", file, "--to", disc, "--compare", saying=file.name)
    copied = taizhang("copy", file, "--to", disc)
    assert copied.status == 0 and (disc / file.name).read_bytes() == file.read_bytes()
    assert taizhang("copy", file, "--to", disc, "--compare", "--json").json["files"][0]["state"] == "same"
    # The same once more is no harm; another file of that name is never overwritten.
    assert taizhang("copy", file, "--to", disc).status == 0
    (disc / file.name).write_bytes(b"other")
    refused("copy", file, "--to", disc, saying="没有覆盖")
    assert (disc / file.name).read_bytes() == b"other"
    refused("copy", file, "--to", disc, "--compare", saying="不一样")

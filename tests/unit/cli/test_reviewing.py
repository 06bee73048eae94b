"""review and reply by the command line: what would go down is looked at first, and a verdict is taken back."""

from __future__ import annotations

from pathlib import Path

TOWN, COUNTY = "990101101", "990101"
SUBJECT = f"progress/{TOWN}/2024/3.1/2024-04"


def test_a_verdict_is_taken_back_until_it_has_gone_out(taizhang, refused, desk, tmp_path: Path):
    county = desk(COUNTY)
    out = tmp_path / "out"
    out.mkdir()
    taizhang("reply", "--out", out, at=county)
    assert taizhang("review", "item", SUBJECT, "return", "--comment", "请核对", at=county).status == 0
    rows = {row["unit"]: row for row in taizhang("--json", "reply", "--list", at=county).json["units"]}
    assert (rows[TOWN]["returned"], rows[TOWN]["new"]) == (1, True)
    assert not any(row["new"] for unit, row in rows.items() if unit != TOWN)
    assert "枫桥镇" in taizhang("reply", "--list", at=county).out
    files = sorted(out.iterdir())
    assert taizhang("review", "take-back", SUBJECT, at=county).status == 0
    rows = {row["unit"]: row for row in taizhang("--json", "reply", "--list", at=county).json["units"]}
    assert rows[TOWN]["returned"] == 0 and sorted(out.iterdir()) == files, "looking writes nothing"

    taizhang("review", "item", SUBJECT, "return", "--comment", "请核对", at=county)
    taizhang("reply", "--out", out, at=county)
    refused("review", "take-back", SUBJECT, at=county, saying="已经随文件发出去")
    refused("reply", at=county, status=2, saying="--out")

"""A township's own signed submission inside the county's package."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
import pytest
from make_bad_signed import resign

from desktop_app.core.errors import VerificationError
from desktop_app.core.package import forward, opc
from desktop_app.core.package.forward import Forwarded
from desktop_app.core.package.verify import open_package


@pytest.fixture(scope="module")
def kept(package: Path, city: Any) -> Forwarded:
    with open_package(package, [city.root]) as found:
        return forward.from_opened(found)


@pytest.fixture(scope="module")
def county_month(good: ModuleType) -> Any:
    return good.month(5, 1, unit=good.COUNTY, name="云溪县")


def carrying(county_month: Any, city: Any, folder: Path, *items: Forwarded) -> Path:
    path = folder / "county.xlsx"
    county_month.write(path, city.signer("county"), submissions=items)
    return path


def test_round_trip(kept: Forwarded, county_month: Any, city: Any, package: Path, tmp_path: Path):
    path = carrying(county_month, city, tmp_path, kept)
    with open_package(path, [city.root]) as found, open_package(package, [city.root]) as original:
        assert found.state == "valid"
        assert found.signer.unit == "340421"
        (item,) = found.forwarded
        assert (item.state, item.trusted) == ("valid", True)
        assert item.container == original.container
        assert item.signer.unit == "340421100"
        assert item.manifest == original.manifest
        assert item.journals == original.journals
        # What has been carried once can be carried on, byte for byte.
        assert forward.from_opened(item) == kept
        listed = found.manifest.submissions[0]
        assert (listed.id, listed.unit, listed.period, listed.sequence) == (
            original.container,
            "340421100",
            "2024-06",
            1,
        )


def test_never_the_type_of_the_files_own_signature(
    kept: Forwarded, county_month: Any, city: Any, bad: ModuleType, tmp_path: Path
):
    parts = bad.read(carrying(county_month, city, tmp_path, kept).read_bytes())
    assert parts[opc.CONTENT_TYPES].count(opc.SIGNATURE_TYPE.encode()) == 1
    assert (
        sum(data.count(opc.SIGNATURE_REL.encode()) for name, data in parts.items() if name.endswith(".rels"))
        == 1
    )


def test_parts_and_back(kept: Forwarded):
    parts = forward.parts(kept)
    base = f"taizhang/submissions/{kept.container}/"
    assert set(parts) == {base + "sig1.xml", base + "payload.json", base + "journal/entries.jsonl"}
    assert forward.collect(parts) == [kept]
    assert all(opc.type_of(name) for name in parts)


def alterations(kept: Forwarded) -> dict[str, tuple[Forwarded, int]]:
    journal = kept.journals["taizhang/journal/entries.jsonl"]
    change = msgspec.structs.replace
    return {
        "journal changed": (
            change(kept, journals={"taizhang/journal/entries.jsonl": journal.replace(b"37", b"38", 1)}),
            3,
        ),
        "journal missing": (change(kept, journals={}), 3),
        "journal added": (change(kept, journals={**kept.journals, "taizhang/journal/more.jsonl": b""}), 3),
        "payload changed": (change(kept, payload=kept.payload.replace(b"2024-06", b"2024-07")), 3),
        "signature changed": (change(kept, sig1=kept.sig1.replace(b"2024-07-03T", b"2024-07-04T")), 5),
        "signature cut": (change(kept, sig1=kept.sig1[:-20]), 5),
        "signature is none": (change(kept, sig1=b"hello"), 5),
        "signature algorithm": (change(kept, sig1=kept.sig1.replace(b"xmlenc#sha256", b"xmlenc#sha512")), 6),
    }


@pytest.mark.parametrize(
    "name",
    list(alterations(Forwarded(sig1=b"", payload=b"", journals={"taizhang/journal/entries.jsonl": b""}))),
)
def test_altered(name: str, kept: Forwarded, city: Any):
    altered, rule = alterations(kept)[name]
    assert altered != kept
    with pytest.raises(VerificationError) as caught:
        forward.verify(altered, [city.root])
    assert caught.value.rule == rule, caught.value.detail


def test_altered_one_inside_makes_the_whole_file_invalid(
    kept: Forwarded, county_month: Any, city: Any, good: ModuleType, bad: ModuleType, tmp_path: Path
):
    parts = bad.read(carrying(county_month, city, tmp_path, kept).read_bytes())
    name = next(name for name in parts if name.startswith(opc.SUBMISSIONS) and name.endswith(".jsonl"))
    parts = bad.sub(parts, name, b"37", b"38")
    resigned = resign(parts, city.signer("county"), good.SIGNED)
    (tmp_path / "x.xlsx").write_bytes(bad.write(resigned))
    with pytest.raises(VerificationError) as caught:
        open_package(tmp_path / "x.xlsx", [city.root])
    assert caught.value.rule == 3
    assert "下级" in caught.value.what


@pytest.mark.parametrize("lost", ["sig1.xml", "payload.json", "journal/entries.jsonl"])
def test_incomplete_one_inside(
    lost: str,
    kept: Forwarded,
    county_month: Any,
    city: Any,
    good: ModuleType,
    bad: ModuleType,
    tmp_path: Path,
):
    parts = bad.read(carrying(county_month, city, tmp_path, kept).read_bytes())
    name = f"{opc.SUBMISSIONS}{kept.container}/{lost}"
    del parts[name]
    items = [
        item
        for item in opc.read_relationships(opc.PAYLOAD_RELS, parts[opc.PAYLOAD_RELS])
        if item.target != "/" + name
    ]
    parts[opc.PAYLOAD_RELS] = opc.relationships(items)
    resigned = resign(parts, city.signer("county"), good.SIGNED)
    (tmp_path / "x.xlsx").write_bytes(bad.write(resigned))
    with pytest.raises(VerificationError) as caught:
        open_package(tmp_path / "x.xlsx", [city.root])
    assert caught.value.rule == 3


def test_unknown_signer_inside_is_told_and_kept_apart(
    county_month: Any, city: Any, month: Any, good: ModuleType, tmp_path: Path
):
    stranger = good.City("p256")
    month.write(tmp_path / "a.xlsx", stranger.signer())
    with open_package(tmp_path / "a.xlsx", [stranger.root]) as found:
        foreign = forward.from_opened(found)
    path = carrying(county_month, city, tmp_path, foreign)
    with open_package(path, [city.root]) as found:
        assert found.state == "valid_with_notes"
        assert "1 份签名人未知" in found.reason
        assert found.forwarded[0].state == "unknown_signer"


def test_many(county_month: Any, city: Any, good: ModuleType, tmp_path: Path):
    kept = []
    for number in range(1, 6):
        path = tmp_path / f"{number}.xlsx"
        good.month(3, 1, sequence=number).write(path, city.signer())
        with open_package(path, [city.root]) as found:
            kept.append(forward.from_opened(found))
    with open_package(carrying(county_month, city, tmp_path, *kept), [city.root]) as found:
        assert {item.manifest.sequence for item in found.forwarded} == {1, 2, 3, 4, 5}
        assert [item.container for item in found.forwarded] == sorted(item.container for item in kept)


def test_newer_fields_survive(
    city: Any, month: Any, good: ModuleType, bad: ModuleType, package: Path, tmp_path: Path
):
    """What a newer version says is kept byte for byte, though this one does not know it."""
    parts = bad.read(package.read_bytes())
    line = good.line("poem", "anything/at/all", good.bodies.ProgressBody(value=1))
    journal = parts["taizhang/journal/entries.jsonl"] + line + b"\n"
    payload = msgspec.json.decode(parts[opc.PAYLOAD])
    payload["weather"] = {"sun": True}
    payload["journals"][0] |= {
        "sha256": hashlib.sha256(journal).hexdigest(),
        "size": len(journal),
        "entries": payload["journals"][0]["entries"] + 1,
        "mood": 1,
    }
    parts["taizhang/journal/entries.jsonl"] = journal
    parts[opc.PAYLOAD] = msgspec.json.encode(payload, order="sorted")
    (tmp_path / "a.xlsx").write_bytes(bad.write(resign(parts, city.signer(), good.SIGNED)))
    with open_package(tmp_path / "a.xlsx", [city.root]) as found:
        assert found.state == "valid"
        assert found.journals[0].entries[-1].kind == "poem"
        item = forward.from_opened(found)
    assert b"weather" in item.payload
    assert forward.verify(item, [city.root]).journals[0].entries[-1].kind == "poem"

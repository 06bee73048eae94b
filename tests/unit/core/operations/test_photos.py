"""Large photos are scaled, phone formats made readable, and the original stays known."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from desktop_app.core.operations import evidence, photos


def picture(path: Path, size: tuple[int, int] = (4000, 3000), **saved: Any) -> Path:
    noise = Image.effect_noise(size, 80).convert("RGB")
    if path.suffix == ".heic":
        import pillow_heif

        # Only to write it: the program reads with another library, which has no encoder and no GPL in it.
        pillow_heif.from_pillow(noise).save(path, **saved)
        return path
    noise.save(path, **saved)
    return path


def kept(workspace: Any, file: Path, **how: Any) -> tuple[Any, Image.Image]:
    subject = evidence.attach(workspace, [file], ["12.1"], **how).subjects[0]
    body = workspace.store.ledger.head(subject).body
    content = evidence.read_bytes(workspace, body.sha256)
    assert content is not None and hashlib.sha256(content).hexdigest() == body.sha256
    return body, Image.open(io.BytesIO(content))


def test_a_large_photo_is_scaled_upright_and_its_original_named(opened: Callable[[str], Any], tmp_path: Path):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8769)[0x9003] = "2024:06:12 09:30:00"
    file = picture(tmp_path / "IMG_1.jpg", exif=exif)
    body, shown = kept(opened("990101101"), file, longest=1600)
    assert shown.size == (1200, 1600)
    assert body.original == hashlib.sha256(file.read_bytes()).hexdigest() != body.sha256
    assert (body.media, body.name, body.taken) == ("image/jpeg", "IMG_1.jpg", "2024-06-12T09:30:00")
    assert body.size < file.stat().st_size // 2


def test_a_phone_photo_becomes_a_jpeg_and_a_small_one_stays(opened: Callable[[str], Any], tmp_path: Path):
    workspace = opened("990101101")
    body, shown = kept(workspace, picture(tmp_path / "IMG_2.heic", (800, 600)), longest=2560)
    assert (shown.format, shown.size, body.name) == ("JPEG", (800, 600), "IMG_2.jpg")
    small = picture(tmp_path / "small.jpg", (640, 480))
    body, _shown = kept(workspace, small, longest=1600)
    assert body.sha256 == hashlib.sha256(small.read_bytes()).hexdigest()
    assert body.original == ""


def test_without_a_size_it_is_kept_as_it_came_and_twice_is_once(opened: Callable[[str], Any], tmp_path: Path):
    workspace = opened("990101101")
    file = picture(tmp_path / "a.jpg", (3000, 2000))
    body, _shown = kept(workspace, file)
    assert body.sha256 == photos.hash_of(file)
    other = picture(tmp_path / "b.jpg", (3000, 2000))
    assert evidence.attach(workspace, [other, other], ["12.1"], longest=1600).entries == 1
    assert evidence.attach(workspace, [other], ["12.1"], longest=1600).entries == 0


def test_what_cannot_be_opened_is_kept_as_it_came(opened: Callable[[str], Any], tmp_path: Path):
    file = tmp_path / "broken.jpg"
    file.write_bytes(b"\xff\xd8\xff" + b"x" * 700_000)
    subject = evidence.attach(opened("990101101"), [file], ["12.1"], longest=1600).subjects[0]
    assert opened("990101101").store.ledger.head(subject).body.sha256 == photos.hash_of(file)

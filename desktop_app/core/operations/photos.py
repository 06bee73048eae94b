"""Large photos and phone formats, made small enough to travel: a copy is kept, the original is known by its hash."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

CHOICES = (1600, 2560, 0)
"""Longest edges to choose from, in pixels; 0 leaves pictures as they are."""
USUAL = 2560
QUALITY = 85
ENOUGH = 600 * 1024
"""Bytes below which a picture that is not too wide is left alone."""

SCALED = frozenset({"image/jpeg", "image/png", "image/heic", "image/webp", "image/bmp", "image/tiff"})
LARGEST = 200_000_000
"""Pixels of a picture that is opened at all."""


def scaled(file: Path, media: str, longest: int) -> bytes | None:
    """A JPEG of at most `longest` pixels at its longer edge, upright, without notes; None where the picture may stay
    as it is, or cannot be opened (it is kept as it came then)."""
    if not longest or media not in SCALED:
        return None
    try:
        image = open_picture(file, media)
        small = max(image.size) <= longest and file.stat().st_size <= ENOUGH
        if small and media != "image/heic":
            return None
        return _jpeg(image, longest)
    except Exception:
        # What cannot be drawn is still evidence.
        return None


def open_picture(file: Path | io.BytesIO, media: str) -> Any:
    """The picture, upright as it was held."""
    from PIL import Image, ImageOps

    if media in ("image/heic", "image/heif"):
        import pi_heif

        pi_heif.register_heif_opener()
    image = Image.open(file)
    if image.width * image.height > LARGEST:
        raise ValueError("too many pixels")
    # JPEG is read at half or a quarter of its size where that is enough.
    image.draft("RGB", (USUAL * 2, USUAL * 2))
    return ImageOps.exif_transpose(image)


def _jpeg(image: Any, longest: int) -> bytes:
    if image.mode in ("RGBA", "LA", "P"):
        from PIL import Image

        whole = image.convert("RGBA")
        page = Image.new("RGBA", whole.size, "white")
        image = Image.alpha_composite(page, whole)
    image = image.convert("RGB")
    image.thumbnail((longest, longest))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue()


def drawable(content: bytes, media: str, longest: int) -> bytes | None:
    """A JPEG of bytes that the screen cannot draw by itself (HEIC, TIFF); None where nothing can."""
    try:
        return _jpeg(open_picture(io.BytesIO(content), media), longest)
    except Exception:
        return None


def hash_of(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()

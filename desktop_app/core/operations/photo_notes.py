"""A photo's notes (EXIF): taking out where it was taken, without touching the picture itself.

The place is overwritten in the file's own bytes, so that nothing is compressed again.  Formats: TIFF 6.0 tags inside
JPEG's APP1 (EXIF 2.3); tag 0x8825 points to the GPS directory.
"""

from __future__ import annotations

import struct

GPS_POINTER = 0x8825
_TYPE_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}


def without_location(content: bytes) -> bytes:
    """A JPEG's bytes with its GPS directory emptied; the very same bytes where there is none (or no JPEG)."""
    place = _exif_start(content)
    if place is None:
        return content
    out = bytearray(content)
    try:
        return bytes(out) if _wipe(out, place) else content
    except (struct.error, IndexError):
        # Notes that cannot be read cannot be shown by other programs either; the picture stays as it is.
        return content


def has_location(content: bytes) -> bool:
    return without_location(content) != content


def _exif_start(content: bytes) -> int | None:
    """Where the TIFF header of the EXIF segment begins."""
    if not content.startswith(b"\xff\xd8"):
        return None
    position = 2
    while position + 4 <= len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], struct.unpack(">H", content[position + 2 : position + 4])[0]
        if marker == 0xE1 and content[position + 4 : position + 10] == b"Exif\0\0":
            return position + 10
        if marker == 0xDA:
            return None
        position += 2 + length
    return None


def _wipe(out: bytearray, start: int) -> bool:
    """Empty the GPS directory and everything its tags point to; whether anything was there."""
    order = {b"II": "<", b"MM": ">"}.get(bytes(out[start : start + 2]))
    if order is None:
        return False
    (first,) = struct.unpack_from(order + "I", out, start + 4)
    (count,) = struct.unpack_from(order + "H", out, start + first)
    for index in range(count):
        entry = start + first + 2 + index * 12
        (tag,) = struct.unpack_from(order + "H", out, entry)
        if tag == GPS_POINTER:
            (offset,) = struct.unpack_from(order + "I", out, entry + 8)
            return _empty(out, start, start + offset, order)
    return False


def _empty(out: bytearray, start: int, directory: int, order: str) -> bool:
    (count,) = struct.unpack_from(order + "H", out, directory)
    if count == 0 or count > 64:
        return False
    for index in range(count):
        entry = directory + 2 + index * 12
        _tag, kind, number = struct.unpack_from(order + "HHI", out, entry)
        size = _TYPE_SIZES.get(kind, 1) * number
        if 4 < size < 4096:
            (offset,) = struct.unpack_from(order + "I", out, entry + 8)
            out[start + offset : start + offset + size] = bytes(size)
        out[entry : entry + 12] = bytes(12)
    struct.pack_into(order + "H", out, directory, 0)
    return True

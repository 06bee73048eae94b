"""`taizhang/payload.json`: what a package says it holds, and the only door for import.

Unknown fields of a newer version are ignored here and survive, since the bytes themselves are kept and forwarded.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

FORMAT = 1
"""The format this program writes.  A reader takes every format whose number it knows; additions keep the number."""

Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]
Size = Annotated[int, msgspec.Meta(ge=0, le=1 << 60)]
"""Numbers that fit wherever they are kept."""

Purpose = Literal["submission", "setup", "reply", "exchange", "supplement"]


class People(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Officials who filled in, checked and answer for the submission, by name."""

    filled: str = ""
    checked: str = ""
    responsible: str = ""


class JournalPart(msgspec.Struct, frozen=True, kw_only=True):
    """A journal: its part name, SHA-256 (hex), size in bytes, number of entries."""

    part: str
    sha256: str
    size: Size
    entries: Count


class FilePart(msgspec.Struct, frozen=True, kw_only=True):
    """An evidence file; `media` is its media type as the sender knew it."""

    part: str
    sha256: str
    size: Size
    media: str


class PersonalPart(msgspec.Struct, frozen=True, kw_only=True):
    """A sealed personal record or file; `hash` names its plain bytes, `size` counts the sealed ones."""

    part: str
    hash: str
    size: Size


class SubmissionPart(msgspec.Struct, frozen=True, kw_only=True):
    """A forwarded submission; `id` is its container digest."""

    id: str
    unit: str
    period: str
    sequence: Count


class Absent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that entries name and the sender left out: `why` is earlier, volume, personal, missing or chosen."""

    sha256: str
    why: str = ""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The manifest.  Whoever writes a package fills in the first half; `seal` fills in the lists.

    `unit` is the sender's code and must be the one in the signer's certificate; `to` the receiver's code ("" for
    anyone); `period` a period's key ("" where the package is about none); `sequence` counts the sender's packages;
    `digest` is the 校验码 ("" where nothing is submitted); `answers` are digests of containers this one replies to;
    `created` is the sender's clock, ISO 8601 with offset; `request` a PKCS#10 request (PEM) of a unit that has no
    certificate yet.
    """

    format: int = FORMAT
    app: str
    purpose: Purpose
    plan: str
    city: str
    unit: str
    unit_name: str
    to: str = ""
    period: str = ""
    sequence: Count = 0
    digest: str = ""
    people: People = People()
    created: str = ""
    answers: tuple[str, ...] = ()
    request: str = ""
    sample: bool = False

    volume: Count = 1
    volumes: Count = 1
    journals: tuple[JournalPart, ...] = ()
    files: tuple[FilePart, ...] = ()
    personal: tuple[PersonalPart, ...] = ()
    submissions: tuple[SubmissionPart, ...] = ()
    absent: tuple[Absent, ...] = ()


def encode(manifest: Manifest) -> bytes:
    """The payload's bytes: canonical JSON (sorted keys, no spaces, UTF-8)."""
    return msgspec.json.encode(manifest, order="sorted")

"""The canonical form of an entry: one line of JSON, UTF-8, sorted keys, no spaces.

A line is written once and kept byte for byte; parsing checks that it is canonical, which also refuses duplicate
keys and floating-point numbers, because neither survives being written again.
"""

from __future__ import annotations

from typing import Any

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _
from desktop_app.core.model.bodies import BODIES, SUBJECT_WORD, Body
from desktop_app.core.model.entry import Entry

MAX_LINE = 4 * 1024 * 1024
"""A line longer than this is refused; the longest honest one is a whole plan, under 300 KB."""


DEEPEST = 1_000_000_000
"""No subject is ever corrected so often; a larger depth would not fit where it is kept."""


class Located(msgspec.Struct, frozen=True, gc=False):
    """An entry found in a journal's bytes: `id` raw (32 bytes), `replaces` ids one after the other, `start` and
    `length` where its line lies (without the line's end)."""

    subject: str
    id: bytes
    kind: str
    unit: str
    n: int
    replaces: bytes
    start: int
    length: int


_encoder = msgspec.json.Encoder(order="sorted")
_entry_decoder = msgspec.json.Decoder(Entry)


def _refuse_float(text: str) -> float:
    raise ValueError(f"floating-point number {text[:40]}")


_any_decoder = msgspec.json.Decoder(float_hook=_refuse_float)
_body_decoders: dict[str, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()
}


def write_line(
    kind: str, subject: str, unit: str, operator: str, at: str, body: Body, replaces: tuple[str, ...], n: int
) -> bytes:
    """The bytes of a new entry.  `at` is ISO 8601 with an offset; `replaces` are entry ids."""
    raw = msgspec.json.decode(msgspec.json.encode(body))
    return _encoder.encode(
        {
            "kind": kind,
            "subject": subject,
            "unit": unit,
            "operator": operator,
            "at": at,
            "replaces": sorted(replaces),
            "n": n,
            "body": raw,
        }
    )


def read_line(line: bytes) -> Entry:
    """Parse and check one line; InputError (with the cause in `detail`) when it is no canonical entry.

    Unknown kinds and unknown fields are accepted as they are; the body of a known kind must be valid.
    """
    try:
        if len(line) > MAX_LINE:
            raise ValueError("line too long")
        plain = _any_decoder.decode(line)
        if _encoder.encode(plain) != line:
            raise ValueError("not canonical (spaces, key order, duplicate keys)")
        entry = _entry_decoder.decode(line)
        if not 1 <= entry.n <= DEEPEST or not entry.kind or not entry.subject or not entry.unit:
            raise ValueError("kind, subject, unit or n missing")
        word = SUBJECT_WORD.get(entry.kind)
        if word is not None:
            if not entry.subject.startswith(word + "/"):
                raise ValueError("subject does not fit the kind")
            _body_decoders[entry.kind].decode(entry.body)
        for replaced in entry.replaces:
            if len(replaced) != 64 or bytes.fromhex(replaced).hex() != replaced:
                raise ValueError("replaces holds no entry id")
    except (ValueError, RecursionError, msgspec.MsgspecError) as problem:
        raise InputError(
            _("有一条记录格式不对，不能读入。"),
            next_step=_("请让对方用本软件重新导出。"),
            detail=str(problem),
        ) from None
    return entry


def read_body(kind: str, raw: bytes | msgspec.Raw) -> Any:
    """The typed body of a known kind (already checked when the entry came in)."""
    return _body_decoders[kind].decode(raw)

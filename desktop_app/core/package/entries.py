"""Checking the entries of a journal (rule 10), fast: a merge checks hundreds of thousands of lines.

The check is the one that `journal.line.read_line` makes of a single line, for many lines at once.  What proves that
lines are canonical is that decoding and encoding them gives the same bytes again; duplicate keys, spaces and other
number forms do not survive that.  Typed decoders of known kinds do it in one step with the check of the bodies; a
batch that holds anything else (a newer version's kind or field) takes the slower way.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import msgspec

from desktop_app.core.i18n import _
from desktop_app.core.journal.line import DEEPEST, MAX_LINE
from desktop_app.core.model.bodies import BODIES, SUBJECT_WORD
from desktop_app.core.model.entry import Entry
from desktop_app.core.package.faults import invalid
from desktop_app.core.package.opened import EntryLine

_BATCH = 1024 * 1024
"""Bytes of lines decoded at a time, so that a huge journal needs little memory beside its own bytes."""


class _FloatFound(ValueError):
    pass


def _refuse_float(text: str) -> float:
    raise _FloatFound(f"floating-point number {text[:40]}")


_encoder = msgspec.json.Encoder(order="sorted")
_plain = msgspec.json.Decoder(float_hook=_refuse_float)
_entry = msgspec.json.Decoder(Entry)
_bodies: dict[str, msgspec.json.Decoder[Any]] = {
    kind: msgspec.json.Decoder(body) for kind, body in BODIES.items()
}

# Bodies with raw JSON inside are not looked into by a typed decoder, so their kinds go the slower way.
_RAW_KINDS = frozenset(
    kind
    for kind, body in BODIES.items()
    if any(field.type is msgspec.Raw for field in msgspec.structs.fields(body))
)
_TYPED = tuple(
    msgspec.defstruct(
        f"_{kind.title()}Entry",
        [
            ("subject", str),
            ("unit", str),
            ("operator", str),
            ("at", str),
            ("replaces", tuple[str, ...]),
            ("n", int),
            ("body", body),
        ],
        tag_field="kind",
        tag=kind,
        frozen=True,
        kw_only=True,
        gc=False,
    )
    for kind, body in BODIES.items()
    if kind not in _RAW_KINDS
)
_KIND_OF: dict[type, str] = {struct: str(struct.__struct_config__.tag) for struct in _TYPED}
_union: Any = _TYPED[0]
for _struct in _TYPED[1:]:
    _union = _union | _struct
_typed: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_union)


def check_entries(part: str, data: bytes, bodies: dict[bytes, Any] | None = None) -> list[EntryLine]:
    """The entries of a journal's bytes, in order.  Rule 10 where a line is no canonical, valid entry.

    Bodies of known kinds that were decoded on the way are put into `bodies`, by the entries' ids.
    """
    if data and not data.endswith(b"\n"):
        raise _refuse(part, 0, "last line without its end")
    found: list[EntryLine] = []
    for start, batch in _batches(part, data):
        try:
            found.extend(_check_batch(batch, start, bodies))
        except (ValueError, RecursionError, msgspec.MsgspecError) as error:
            raise _refuse(part, len(found), str(error)) from error
    return found


def _refuse(part: str, after: int, detail: str) -> Exception:
    return invalid(10, _("上报数据里有记录格式不对。"), f"{part}, after entry {after}: {detail[:300]}")


def _batches(part: str, data: bytes) -> Iterator[tuple[int, bytes]]:
    """Whole lines, about a batch's size at a time, with the place where each batch begins."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", min(start + _BATCH, len(data)) - 1) + 1
        if end - start > _BATCH + MAX_LINE:
            raise _refuse(part, 0, "line too long")
        yield start, data[start:end]
        start = end


def _check_batch(batch: bytes, start: int, bodies: dict[bytes, Any] | None) -> Iterator[EntryLine]:
    lines = batch.split(b"\n")
    lines.pop()
    if max(map(len, lines)) > MAX_LINE:
        raise ValueError("line too long")
    decoded = _decode_typed(batch)
    if decoded is None:
        decoded, bodies = _decode_any(batch), None
    if len(decoded) != len(lines):
        raise ValueError("lines and entries differ in number")
    words = SUBJECT_WORD
    for line, (kind, entry) in zip(lines, decoded, strict=True):
        subject: str = entry.subject
        if not 1 <= entry.n <= DEEPEST or not kind or not subject or not entry.unit:
            raise ValueError("kind, subject, unit or n missing")
        word = words.get(kind)
        if word is not None and not subject.startswith(word + "/"):
            raise ValueError("subject does not fit the kind")
        replaces = entry.replaces
        ident = sha256(line).digest()
        if bodies is not None:
            bodies[ident] = entry.body
        yield EntryLine(
            subject,
            ident,
            kind,
            entry.unit,
            entry.n,
            _ids(replaces) if replaces else b"",
            start,
            len(line),
        )
        start += len(line) + 1


def _ids(replaces: tuple[str, ...]) -> bytes:
    joined = "".join(replaces)
    raw = bytes.fromhex(joined)
    if raw.hex() != joined or any(len(ident) != 64 for ident in replaces):
        raise ValueError("replaces holds no entry id")
    return raw


def _decode_typed(batch: bytes) -> list[tuple[str, Any]] | None:
    """Entries of known kinds with nothing unknown in them, or None where the batch holds anything else."""
    try:
        entries = _typed.decode_lines(batch)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    if _encoder.encode_lines(entries) != batch:
        return None
    kinds = _KIND_OF
    return [(kinds[type(entry)], entry) for entry in entries]


def _decode_any(batch: bytes) -> list[tuple[str, Any]]:
    plain = _plain.decode_lines(batch)
    if _encoder.encode_lines(plain) != batch:
        raise ValueError("not canonical (spaces, key order, duplicate keys)")
    found = []
    for entry in _entry.decode_lines(batch):
        decoder = _bodies.get(entry.kind)
        if decoder is not None:
            decoder.decode(entry.body)
        found.append((entry.kind, entry))
    return found

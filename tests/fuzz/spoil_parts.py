"""Spoiling what the parts say: XML of signature, relationships,
types and sheets; JSON of payload and journals.

`spoil` leaves the signature as it is, so that whatever differs must be refused.  `spoil_and_sign` signs the result
with the genuine key: then the deeper rules are alone, and a package may well be accepted, but nothing may go wrong.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import random
import re
from collections.abc import Callable
from typing import Any

import corpus
import make_good_package as good
from corpus import Parts, Seed
from make_bad_packages import write
from make_bad_signed import resign

from desktop_app.core.package import opc

Text = Callable[[random.Random, bytes], bytes]

# -- XML -------------------------------------------------------------------------------------------------------------

_TAG = re.compile(rb"<[A-Za-z/][^<>]*>")
_ELEMENT = re.compile(rb"<([A-Za-z][\w:]*)\b[^<>]*(?:/>|>[^<]*</\1>)")
_ATTRIBUTE = re.compile(rb'\s([\w:]+)="([^"]*)"')
_BASE64 = re.compile(rb">([A-Za-z0-9+/]{8,}={0,2})<")
INSERTS = (
    b"<!-- x -->", b"<?x y?>", b"<![CDATA[x]]>", b"<x/>", b'<x xmlns="urn:x"/>', b"&#65;", b"&amp;",
    b"&x;", b" ",
    b"\n", b"\t", b"\r\n", b"\xef\xbb\xbf", b"\x00", b"\xff\xfe", b"<", b">", b"]]>",
    b'<Object Id="idPackageObject"/>',
    b"<!DOCTYPE x>", b'<!DOCTYPE x [<!ENTITY a "b">]>', b"<f>1+1</f>",
    b'<Relationship Id="rId9" Type="a:b" Target="x"/>',
    b"\xf0\x9f\x98\x80", b"&#x10FFFF;", b"&#0;",
)  # fmt: skip


def _pick(rng: random.Random, pattern: re.Pattern[bytes], data: bytes) -> re.Match[bytes] | None:
    found = list(pattern.finditer(data))
    return rng.choice(found) if found else None


def _swap(data: bytes, match: re.Match[bytes], new: bytes, group: int = 0) -> bytes:
    return data[: match.start(group)] + new + data[match.end(group) :]


def xml_insert(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, _TAG, data)
    at = match.end() if match else rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(INSERTS) + data[at:]


def xml_insert_anywhere(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(INSERTS) + data[at:]


def xml_drop(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, rng.choice((_ELEMENT, _TAG)), data)
    return _swap(data, match, b"") if match else data


def xml_double(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, _ELEMENT, data)
    return _swap(data, match, match.group() * rng.choice((2, 2, 50))) if match else data


def xml_exchange(rng: random.Random, data: bytes) -> bytes:
    found = list(_ELEMENT.finditer(data))
    if len(found) < 2:
        return data
    one, other = sorted(rng.sample(found, 2), key=lambda match: match.start())
    if other.start() < one.end():
        return data
    return _swap(_swap(data, other, one.group()), one, other.group())


def xml_wrap(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, _ELEMENT, data)
    depth = rng.choice((1, 1, 300))
    return _swap(data, match, b"<x>" * depth + match.group() + b"</x>" * depth) if match else data


def xml_attribute(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, _ATTRIBUTE, data)
    if not match:
        return data
    name, value = match.groups()
    new = rng.choice(
        (
            b"", b' %s="%s" %s="%s"' % (name, value, name, value), b' %s="%s" x="y"' % (name, value),
            b" %s='%s'" % (name, value), b'  %s="%s"' % (name, value), b' %s=""' % name,
            b' x:%s="%s"' % (name, value),
            b' %s="%s"' % (name, value[::-1]), b' %s="%s"' % (name, value + b"&#x20;"),
            b' %s="%s"' % (name, value.upper()), b' %s="../../../%s"' % (name, value),
            b' %s="http://example.org/%s"' % (name, value), b' %s="%s" TargetMode="External"' % (name, value),
            b' %s="%s"' % (name, b"A" * 20_000), b' xmlns="urn:x" %s="%s"' % (name, value),
        )
    )  # fmt: skip
    return _swap(data, match, new)


def xml_base64(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, _BASE64, data)
    if not match:
        return data
    old = match.group(1)
    new = rng.choice(
        (
            old + b"\n", b" " + old, old.rstrip(b"="), old + b"=", old[:-1], old[:4] + b"*" + old[4:], b"",
            old[::-1], base64.b64encode(rng.randbytes(32)), base64.b64encode(rng.randbytes(1000)),
            old[:20] + bytes([rng.choice(b"ABCDEFGHabcdefgh0123+/")]) + old[21:], old.replace(b"A", b"B", 1),
        )
    )  # fmt: skip
    return _swap(data, match, new, 1)


def xml_text(rng: random.Random, data: bytes) -> bytes:
    match = _pick(rng, re.compile(rb">([^<>]{1,60})<"), data)
    new = rng.choice(
        (b"", b"x", b"0", b"-1", b"9" * 400, b"2024-13-45T99:99:99Z", "٣".encode(), b"&lt;", b"1e999")
    )
    return _swap(data, match, new, 1) if match else data


XML: tuple[Text, ...] = (
    xml_insert, xml_insert, xml_insert_anywhere, xml_drop, xml_double, xml_exchange, xml_wrap, xml_attribute,
    xml_attribute, xml_base64, xml_base64, xml_text,
)  # fmt: skip

# -- JSON ------------------------------------------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, -(2**63) - 1, 2**70, 1.5, 1e308, "", "x", "-0", "1e5",
    "NaN", "\u0000",
    "\ud7ff", "\u202e反转", "é", "e\u0301", "A" * 100_000, [], {}, [[]], [None], {"": ""}, "../../x",
    "/", "//", "progress/",
    "progress", "2024-06", "2024-99", "99999-99", "9" * 5000, "0.1234567", "٣", "=1+1", "0" * 64,
    "f" * 64, ["0" * 64], [1],
)  # fmt: skip


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += _places(inner, (*path, key))
    return found


def json_value(rng: random.Random, line: bytes) -> bytes:
    """One value replaced, dropped, or added,
    the form staying canonical: what the types themselves must refuse."""
    value = json.loads(line)
    path = rng.choice(_places(value))
    new: Any = rng.choice(ODD)
    if not path:
        return _dump(new)
    target = value
    for key in path[:-1]:
        target = target[key]
    act = rng.randrange(4)
    if act == 0 and isinstance(target, dict):
        del target[path[-1]]
    elif act == 1 and isinstance(target, dict):
        target[rng.choice(("newer", "", "kind", "body", "n", "void", "proxy", "value"))] = new
    elif act == 2 and isinstance(target, list):
        target.insert(path[-1], target[path[-1]])
    else:
        target[path[-1]] = new
    return _dump(value)


def json_like(rng: random.Random, line: bytes) -> bytes:
    """One value replaced by another of its own type: what the types let through."""
    value = json.loads(line)
    paths = [path for path in _places(value) if path]
    path = rng.choice([path for path in paths if path[0] == "body"] or paths)
    target = value
    for key in path[:-1]:
        target = target[key]
    old = target[path[-1]]
    same = [new for new in ODD if type(new) is type(old)]
    if isinstance(old, dict):
        target[path[-1]] = {str(rng.choice(ODD)): item for item in old.values()}
    elif same:
        target[path[-1]] = rng.choice(same)
    return _dump(value)


def _dump(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def json_form(rng: random.Random, line: bytes) -> bytes:
    """The same said in another form, which must not pass for the same."""
    value = json.loads(line)
    return rng.choice(
        (
            json.dumps(value, ensure_ascii=False).encode(), json.dumps(value, separators=(",", ":")).encode(),
            json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()[::-1],
            line.replace(b",", b", ", 1), b" " + line, line + b" ", line + b"\r", line + line,
            line[:-1], line[1:], b"",
            b"\xef\xbb\xbf" + line, line.replace(b'{"', b'{"a":1,"', 1), re.sub(rb"(\d)([,}])",
            rb"\1.0\2", line, count=1),
            re.sub(rb"(\d)([,}])", rb"\1e0\2", line, count=1), re.sub(rb":(\d)", rb":0\1", line, count=1),
            re.sub(rb":(\d)", rb":-\1", line, count=1), line.replace(b'"n":1', b'"n":1,"n":1', 1),
            b"[" * 100_000, b'{"a":' * 100_000, line.replace(b"/", rb"\/", 1), line.replace(b"a",
            rb"\u0061", 1),
            line.replace(b'"', b"'", 2), line.replace(b'"', b'"\x01', 1), b"\xff" + line,
            b"\xed\xa0\x80".join((line, line)),
            re.sub(rb":(\d)", rb":NaN,\1", line, count=1), line.replace(b"}", b",}", 1), b"null", b"0",
            b'"x"',
        )
    )  # fmt: skip


def journal_lines(rng: random.Random, data: bytes) -> bytes:
    """Lines of a journal dropped, doubled, put in another order, or one of them spoilt."""
    lines = data.split(b"\n")[:-1] or [b"{}"]
    at = rng.randrange(len(lines))
    act = rng.randrange(8)
    if act == 0:
        del lines[at]
    elif act == 1:
        lines.insert(rng.randrange(len(lines) + 1), lines[at])
    elif act == 2:
        rng.shuffle(lines)
    elif act == 3:
        lines[at] = json_form(rng, lines[at])
    elif act == 4:
        return b"\n".join(lines)
    elif act == 5:
        return b"\r\n".join(lines) + b"\r\n"
    else:
        for _number in range(rng.choice((1, 1, 3))):
            lines[at] = rng.choice((json_like, json_like, json_value))(rng, lines[at])
            at = rng.randrange(len(lines))
            if not lines[at]:
                break
    return b"".join(line + b"\n" for line in lines)


# -- parts -----------------------------------------------------------------------------------------------------------


def spoil_part(rng: random.Random, name: str, data: bytes) -> bytes:
    try:
        return _spoil_part(rng, name, data)
    except (ValueError, RecursionError, TypeError, AttributeError, LookupError):
        # What was spoilt before may not be read as JSON any more.
        return data[: rng.randrange(len(data) + 1)]


def _spoil_part(rng: random.Random, name: str, data: bytes) -> bytes:
    if name.endswith(".jsonl"):
        return journal_lines(rng, data)
    if name.endswith(".json"):
        return rng.choice((json_value, json_value, json_like, json_form))(rng, data)
    if name.endswith((".xml", ".rels")):
        return rng.choice(XML)(rng, data)
    return rng.choice((data[:-1], data + b"\0", data[::-1], b"", rng.randbytes(len(data))))


def weigh(name: str) -> int:
    """The parts that say most are spoilt most often."""
    if name in (opc.SIGNATURE, opc.PAYLOAD) or name.startswith((opc.JOURNALS, opc.SUBMISSIONS)):
        return 6
    return 3 if name.endswith(".rels") or name == opc.CONTENT_TYPES else 1


def choose(rng: random.Random, parts: Parts) -> str:
    names = [name for name, data in parts.items() if data]
    return rng.choices(names, [weigh(name) for name in names])[0]


def spoil(rng: random.Random, seed: Seed) -> tuple[str, bytes]:
    parts = dict(seed.parts)
    said = []
    for _number in range(rng.choice((1, 1, 1, 2, 3))):
        name = choose(rng, parts)
        parts[name] = spoil_part(rng, name, parts[name])
        said.append(name.rsplit("/", 1)[-1])
    return "part " + ", ".join(said), write(parts)


def fit(parts: Parts, before: Parts) -> Parts:
    """The manifest's lists brought in line with changed journals, so that the rule behind them is reached."""
    with contextlib.suppress(Exception):
        payload = json.loads(parts[opc.PAYLOAD])
        for item in payload["journals"]:
            data = parts[item["part"]]
            if data != before.get(item["part"]):
                item |= {
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "size": len(data),
                    "entries": data.count(b"\n"),
                }
        return parts | {opc.PAYLOAD: _dump(payload)}
    return parts


def spoil_and_sign(rng: random.Random, seed: Seed) -> tuple[str, bytes]:
    before = {name: data for name, data in seed.parts.items() if name not in opc.UNSIGNED}
    parts = dict(before)
    telling = {name: data for name, data in parts.items() if name.startswith(opc.JOURNALS)}
    telling |= {opc.PAYLOAD: parts[opc.PAYLOAD]}
    said = []
    for _number in range(rng.choice((1, 1, 1, 2, 3))):
        name = choose(rng, telling if rng.random() < 0.7 else parts)
        parts[name] = spoil_part(rng, name, parts[name])
        said.append(name.rsplit("/", 1)[-1])
    if rng.random() < 0.8:
        parts = fit(parts, before)
    with contextlib.suppress(Exception):
        parts = resign(parts, seed.signer, good.SIGNED)
        return "signed " + ", ".join(said), write(parts)
    # Relationships that cannot even be signed are tried unsigned.
    return "unsigned " + ", ".join(said), write({**seed.parts, **parts})


__all__ = ["corpus", "spoil", "spoil_and_sign"]

"""Canonical lines: what is written can be read, and nothing else can; one line and a whole journal are judged alike."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from desktop_app.core.errors import InputError, VerificationError
from desktop_app.core.journal.line import read_body, read_line, write_line
from desktop_app.core.model.bodies import BODIES, SUBJECT_WORD, Body
from desktop_app.core.package.entries import check_entries
from desktop_app.core.store import journal

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
word = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1, max_size=6)
ids = st.lists(st.binary(min_size=32, max_size=32).map(bytes.hex), unique=True, max_size=3).map(tuple)
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
canonical = msgspec.json.Encoder(order="sorted").encode


def bodies(kind: str) -> st.SearchStrategy[Body]:
    """A body of a kind with any text in it; raw JSON where the kind holds some."""
    raw = plain.map(lambda value: msgspec.Raw(canonical(value)))
    st.register_type_strategy(msgspec.Raw, raw)
    st.register_type_strategy(str, text)
    st.register_type_strategy(int, st.integers(-(2**53), 2**53))
    return st.builds(
        BODIES[kind],
        **{field.name: st.from_type(field.type) for field in msgspec.structs.fields(BODIES[kind])},
    )


def subject_of(kind: str) -> st.SearchStrategy[str]:
    return st.lists(word, min_size=1, max_size=3).map(lambda rest: "/".join([SUBJECT_WORD[kind], *rest]))


@pytest.mark.parametrize("kind", sorted(BODIES))
def test_what_is_written_is_read(kind: str):
    @given(
        body=bodies(kind), subject=subject_of(kind), unit=word, replaces=ids, n=st.integers(1, 10**9), at=text
    )
    def holds(body: Body, subject: str, unit: str, replaces: tuple[str, ...], n: int, at: str) -> None:
        line = write_line(kind, subject, unit, "甲", at, body, replaces, n)
        entry = read_line(line)
        assert (entry.kind, entry.subject, entry.unit, entry.operator) == (kind, subject, unit, "甲")
        assert (entry.at, entry.replaces, entry.n) == (at, tuple(sorted(replaces)), n)
        assert canonical(read_body(kind, entry.body)) == canonical(body)
        assert b"\n" not in line
        # The whole journal is checked by other code, for speed; it must find the same.
        (located,) = check_entries("j", line + b"\n")
        assert located == journal.locate(line + b"\n")[0]
        assert located.id == hashlib.sha256(line).digest()

    holds()


entry_like = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["future", "progress", "closing"]),
        "subject": st.sampled_from(["progress/a/p/1/2024-05", "closing/a/2024-05", "anything"]),
        "unit": st.just("a"),
        "operator": text,
        "at": text,
        "replaces": ids,
        "n": st.integers(0, 3),
        "body": st.dictionaries(st.sampled_from(["value", "of", "newer", "void", ""]), plain, max_size=4),
    },
    optional={"newer": plain, "": plain},
)


def accepted(line: bytes) -> bool:
    """By the check of one line and by that of a journal, which must agree."""
    try:
        read_line(line)
        one = True
    except InputError as error:
        assert error.what and error.next_step and error.detail
        one = False
    try:
        many = len(check_entries("j", line + b"\n")) == 1
    except VerificationError as error:
        assert error.rule == 10
        many = False
    assert one == many, line
    return one


@given(entry=entry_like)
def test_one_line_and_a_journal_are_judged_alike(entry: dict[str, Any]):
    line = canonical(entry)
    if accepted(line):
        assert entry["n"] >= 1
        assert SUBJECT_WORD.get(entry["kind"]) in (None, entry["subject"].split("/")[0])


@given(entry=entry_like, data=st.data())
def test_other_forms_of_the_same_entry_are_refused(entry: dict[str, Any], data: st.DataObject):
    entry = {**entry, "kind": "future", "n": 1}
    line = canonical(entry)
    assert accepted(line)
    names = list(json.loads(line))
    shuffled = data.draw(st.permutations(names))
    other = data.draw(
        st.sampled_from(
            [
                json.dumps(entry, sort_keys=True, ensure_ascii=False).encode(),  # with spaces
                json.dumps(
                    {name: entry[name] for name in shuffled}, separators=(",", ":"), ensure_ascii=False
                ).encode(),
                line.replace(b'"n":1', b'"n":1.0'),
                line.replace(b'"n":1', b'"n":1e0'),
                line.replace(b'"n":1', b'"n":01'),
                line.replace(b'"n":1', b'"n":-0'),
                line.replace(b'"kind":"future"', b'"kind":"future","kind":"future"'),
                line.replace(b'"kind":"future"', b'"kind":"\\u0066uture"'),
                line.replace(b"{", b"{ ", 1),
                line + b" ",
                b" " + line,
                b"\xef\xbb\xbf" + line,
                line + b"\r",
                line[:-1],
                line + line,
            ]
        )
    )
    assume(other != line)
    assert not accepted(other)


@given(entry=entry_like, number=st.floats(allow_nan=False, allow_infinity=False), deep=st.integers(0, 3))
def test_no_binary_float_anywhere(entry: dict[str, Any], number: float, deep: int):
    value: Any = number
    for _level in range(deep):
        value = [{"x": value}]
    entry = {**entry, "kind": "future", "n": 1, "newer": value}
    assert not accepted(canonical(entry))


@given(blob=st.binary(max_size=60))
def test_bytes_that_are_no_entry_are_refused_and_nothing_else_happens(blob: bytes):
    assume(b"\n" not in blob and blob)
    assert not accepted(blob)
    assert not accepted(
        b'{"at":"","body":' + blob + b',"kind":"k","n":1,"operator":"","replaces":[],"subject":"s"}'
    )


@given(lines=st.lists(entry_like.map(lambda e: canonical({**e, "kind": "future", "n": 1})), max_size=6))
def test_every_entry_lies_where_the_index_says(lines: list[bytes]):
    data = b"".join(line + b"\n" for line in lines)
    found = check_entries("j", data)
    assert [data[item.start : item.start + item.length] for item in found] == lines
    assert found == journal.locate(data)

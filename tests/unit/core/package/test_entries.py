"""The fast check of many lines says the same as the plain check of one."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.core.errors import InputError, VerificationError
from desktop_app.core.journal.line import read_line, write_line
from desktop_app.core.model import bodies
from desktop_app.core.package import entries
from desktop_app.core.package.entries import check_entries

AT = "2024-07-02T09:30:00+08:00"
IDENT = hashlib.sha256(b"x").hexdigest()


def a_line(**changes: object) -> bytes:
    fields: dict[str, object] = {
        "kind": "progress",
        "subject": "progress/340421100/2024/1.1/2024-06",
        "unit": "340421100",
        "operator": "周桂兰",
        "at": AT,
        "replaces": [IDENT],
        "n": 2,
        "body": {"value": 3},
    }
    fields |= changes
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def test_found_entries_say_where_they_are():
    lines = [a_line(body={"value": number}) for number in range(3)]
    data = b"".join(line + b"\n" for line in lines)
    found = check_entries("j", data)
    assert [data[entry.start : entry.start + entry.length] for entry in found] == lines
    assert [entry.id for entry in found] == [hashlib.sha256(line).digest() for line in lines]
    assert found[0].replaces == bytes.fromhex(IDENT)
    assert (found[0].kind, found[0].unit, found[0].n) == ("progress", "340421100", 2)
    assert check_entries("j", b"") == []


GOOD = {
    "known kind": a_line(),
    "unknown kind": a_line(kind="poem", subject="anything", body={"x": [1, {"y": None}]}),
    "unknown field": a_line(extra="later"),
    "unknown field in a body": a_line(body={"value": 1, "later": {"a": 1}}),
    "default written out": a_line(body={"value": 1, "note": ""}),
    "raw body": a_line(kind="setting", subject="setting/340400/due_day", body={"value": {"a": [1]}}),
    "decimal": a_line(body={"value": "3.80"}),
    "huge whole number": a_line(body={"value": 10**40}),
    "other script": a_line(operator="𠮷䶮"),
}
BAD = {
    "float": a_line(body={"value": 1.5}),
    "float in an unknown kind": a_line(kind="poem", subject="x", body={"x": 1.5}),
    "exponent": a_line().replace(b'"value":3', b'"value":1e3'),
    "float in a raw body": a_line(kind="setting", subject="setting/340400/x", body={"value": {"a": 1.5}}),
    "key twice": a_line().replace(b'"n":2', b'"n":2,"n":2'),
    "key twice in a body": a_line().replace(b'"value":3', b'"value":3,"value":3'),
    "key twice in a raw body": a_line(kind="setting", subject="setting/340400/x", body={"value": 1}).replace(
        b'"value":1', b'"value":{"a":1,"a":1}'
    ),
    "key twice in an unknown kind": a_line(kind="poem", subject="x", body={"x": 1}).replace(
        b'"x":1', b'"x":1,"x":1'
    ),
    "space": a_line().replace(b'"n":2', b'"n": 2'),
    "key order": a_line().replace(b'"n":2,', b"").replace(b'{"at"', b'{"n":2,"at"'),
    "escaped sign": a_line(operator="A").replace(b'"A"', b'"\\u0041"'),
    "minus zero": a_line().replace(b'"n":2', b'"n":-0'),
    "n nought": a_line(n=0),
    "n as text": a_line(n="2"),
    "no unit": a_line(unit=""),
    "no kind": a_line(kind=""),
    "no subject": a_line(subject="", kind="poem"),
    "missing field": a_line().replace(b'"n":2,', b""),
    "subject of another kind": a_line(subject="site/340421100/x"),
    "replaces no id": a_line(replaces=["abc"]),
    "replaces half an id": a_line(replaces=[IDENT[:32], IDENT[32:]]),
    "body of another kind": a_line(body={"verdict": "accept"}),
    "boolean as a number": a_line(body={"value": True}),
    "list": b"[]",
    "text": b'"x"',
    "nothing": b"",
    "cut": a_line()[:-1],
    "two": a_line() + a_line(),
    "two with a comma": a_line() + b"," + a_line(),
    "broken over lines": a_line().replace(b',"n"', b',\n"n"'),
    "carriage return": a_line() + b"\r",
    "not UTF-8": a_line().replace("周".encode(), b"\xff\xfe\xfd"),
    "deep": b"[" * 100_000,
}


def plainly(line: bytes) -> bool:
    try:
        read_line(line)
    except InputError:
        return False
    return True


@pytest.mark.parametrize("name", GOOD)
def test_taken(name: str):
    assert plainly(GOOD[name])
    assert len(check_entries("j", a_line() + b"\n" + GOOD[name] + b"\n")) == 2


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str):
    for before in (b"", a_line() + b"\n"):
        with pytest.raises(VerificationError) as caught:
            check_entries("j", before + BAD[name] + b"\n")
        assert caught.value.rule == 10


def test_line_too_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(entries, "MAX_LINE", 1000)
    assert check_entries("j", a_line() + b"\n")
    with pytest.raises(VerificationError):
        check_entries("j", a_line(operator="x" * 1000) + b"\n")


@pytest.mark.parametrize("batch", [1, 200, 300, 1000])
def test_batches_of_any_size(batch: int, monkeypatch: pytest.MonkeyPatch):
    lines = [a_line(operator="x" * number) for number in range(40)]
    data = b"".join(line + b"\n" for line in lines)
    whole = check_entries("j", data)
    monkeypatch.setattr(entries, "_BATCH", batch)
    assert check_entries("j", data) == whole


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(["progress", "site", "setting", "poem", "problem"]),
    st.dictionaries(
        st.sampled_from(["value", "of", "note", "name", "quantities", "task", "text", "x"]), JSON
    ),
    st.booleans(),
)
def test_agrees_with_the_plain_check(kind: str, body: dict[str, object], spaced: bool):
    line = a_line(kind=kind, subject=f"{kind}/340421100/x", body=body)
    if spaced:
        line = line.replace(b'"n":2', b'"n" :2')
    # The fast check may be stricter (it finds floats that are written without a point), never laxer.
    try:
        check_entries("j", line + b"\n")
    except VerificationError:
        assert not plainly(line) or b"e" in line.lower()
    else:
        assert plainly(line)


def test_every_kind_takes_the_fast_way():
    samples: dict[str, bodies.Body] = {
        "allocation": bodies.Allocation(value="3.5"),
        "duty": bodies.Duty(reporter="340421"),
        "progress": bodies.ProgressBody(value=3, reason="更正"),
        "site": bodies.SiteBody(name="x", quantities={"29.1": 2, "3.1": "1.5"}),
        "milestone": bodies.MilestoneBody(done="2024-06-01"),
        "problem": bodies.ProblemBody(task=1, text="x"),
        "fund": bodies.FundBody(task=1, level="city", arrived="1.5"),
        "evidence": bodies.EvidenceBody(sha256=IDENT, size=1, media="x", name="x", about=("x",)),
        "submission": bodies.SubmissionBody(digest="x", count=1),
        "review": bodies.ReviewBody(verdict="accept", about=(IDENT,)),
        "closing": bodies.ClosingBody(),
    }
    for kind, body in samples.items():
        word = bodies.SUBJECT_WORD[kind]
        line = write_line(kind, f"{word}/340421/x", "340421", "x", AT, body, (), 1)
        assert entries._decode_typed(line + b"\n") is not None, kind

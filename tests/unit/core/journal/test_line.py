"""One entry as a line: what is refused, each with one wrong thing.  (tests/property/test_lines.py tries anything.)"""

from __future__ import annotations

import hashlib

import pytest

from desktop_app.core.errors import InputError
from desktop_app.core.journal import line as lines
from desktop_app.core.journal.line import read_body, read_line, write_line
from desktop_app.core.model.bodies import ProgressBody, SiteBody
from desktop_app.core.model.entry import entry_id

ID = "0123456789abcdef" * 4
AT = "2024-06-18T08:00:00+08:00"
GOOD = write_line("progress", "progress/a/p/1/2024-06", "a", "李敏", AT, ProgressBody(value=5), (ID,), 2)


def test_as_it_is_written():
    assert GOOD.decode() == (
        '{"at":"2024-06-18T08:00:00+08:00","body":{"value":5},"kind":"progress","n":2,"operator":"李敏",'
        f'"replaces":["{ID}"],"subject":"progress/a/p/1/2024-06","unit":"a"}}'
    )
    entry = read_line(GOOD)
    assert (entry.n, entry.replaces, entry.operator) == (2, (ID,), "李敏")
    assert read_body(entry.kind, entry.body) == ProgressBody(value=5)
    assert entry_id(GOOD) == hashlib.sha256(GOOD).hexdigest()


def test_what_is_named_in_any_order_is_written_in_one():
    body = SiteBody(name="x", quantities={"31.2": 1, "12.1": "0.5"})
    other = SiteBody(name="x", quantities={"12.1": "0.5", "31.2": 1})
    written = [write_line("site", "site/a/x", "a", "", AT, said, (), 1) for said in (body, other)]
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"n":2', '"n":0'),
        ('"n":2', '"n":-1'),
        ('"n":2', '"n":"2"'),
        ('"n":2', '"n":99999999999'),
        ('"n":2', '"n":2,"n":2'),
        ('"n":2', '"n": 2'),
        ('"value":5', '"value":5.0'),
        ('"value":5', '"value":5e0'),
        ('"value":5', '"value":null'),
        ('"value":5', '"value":true'),
        ('"value":5', '"valve":5'),
        ('"body":{"value":5}', '"body":[]'),
        ('"unit":"a"', '"unit":""'),
        ('"unit":"a"', '"unit":null'),
        (',"unit":"a"', ""),
        ('"kind":"progress"', '"kind":""'),
        ('"kind":"progress"', '"kind":"site"'),
        ('"subject":"progress/', '"subject":"progress'),
        ('"subject":"progress/', '"subject":"site/'),
        (f'"{ID}"', f'"{ID.upper()}"'),
        (f'"{ID}"', f'"{ID[:-2]}"'),
        (f'"{ID}"', f'"{ID[:-1]} "'),
        (f'["{ID}"]', f'"{ID}"'),
        ("李敏", "\\u674e\\u654f"),
        ("李敏", "\\ud800"),
        ('{"at"', '[{"at"'),
        ('"at"', '"AT"'),
    ],
)
def test_refused(old: str, new: str):
    text = GOOD.decode()
    assert old in text
    with pytest.raises(InputError, match="格式不对") as refused:
        read_line(text.replace(old, new, 1).encode())
    assert refused.value.next_step and refused.value.detail


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lines, "MAX_LINE", len(GOOD))
    read_line(GOOD)
    monkeypatch.setattr(lines, "MAX_LINE", len(GOOD) - 1)
    with pytest.raises(InputError):
        read_line(GOOD)


def test_nesting_without_end_is_refused():
    deep = b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(InputError):
        read_line(GOOD.replace(b'"kind":"progress"', b'"kind":"future"').replace(b'{"value":5}', deep))

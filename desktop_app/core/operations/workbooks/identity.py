"""What a fill-in workbook says of itself on its hidden sheet: for whom, for when, which figures."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any, Literal

import msgspec

from desktop_app.core.errors import InputError
from desktop_app.core.i18n import _

VERSION = 1
Mode = Literal["own", "parts"]
"""own: a cell holds the office's whole figure; parts: each village says its own, and they are summed."""

START = "填表说明"
FIGURES = "指标"
SITES = "台账"
IDENTITY = "台账识别"
"""The sheets.  Names are part of the format and never translated."""

PLACE_CELL, PERSON_CELL = "C4", "C5"
"""On the first sheet: which village, who filled it in."""


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """`indicators` by number; `places` the villages that may hand one in (parts); `token` names the template."""

    version: int = VERSION
    token: str
    city: str
    plan: str
    unit: str
    unit_name: str
    period: str
    mode: Mode
    places: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()

    def rows(self) -> list[tuple[str, str]]:
        """As the hidden sheet holds it: names and values, the last a check of the others."""
        found = [
            (name, json.dumps(msgspec.to_builtins(getattr(self, name)), ensure_ascii=False))
            for name in self.__struct_fields__
        ]
        return [*found, ("check", _check(found))]


def new_token() -> str:
    return secrets.token_hex(8)


def _check(rows: list[tuple[str, str]]) -> str:
    text = "\n".join(f"{name}={value}" for name, value in rows)
    return hashlib.sha256(("taizhang template\n" + text).encode()).hexdigest()[:32]


def read_identity(book: Any, file: str) -> Identity:
    """InputError where the workbook is none of ours, a newer one, or its hidden sheet was edited."""
    if IDENTITY not in book.sheetnames:
        raise InputError(
            _("“{file}”不是本软件发出的填报表。").format(file=file),
            next_step=_("请用发下去的那份表填写，不要把内容复制到别的表里；普通表格请走“导入表格”。"),
        )
    rows = [
        (str(row[0].value or ""), str(row[1].value or ""))
        for row in book[IDENTITY].iter_rows(max_row=60, max_col=2)
        if len(row) > 1 and row[0].value
    ]
    held = [(name, value) for name, value in rows if name != "check"]
    try:
        fields = {name: json.loads(value) for name, value in held}
        if int(fields.get("version", 0)) > VERSION:
            raise InputError(
                _("“{file}”是更新版本的软件发出的填报表。").format(file=file),
                next_step=_("请先把本机软件升级到最新版本。"),
            )
        identity = msgspec.convert(fields, Identity)
    except (ValueError, TypeError, msgspec.ValidationError) as problem:
        raise _edited(file) from problem
    if dict(rows).get("check") != _check(held):
        raise _edited(file)
    return identity


def _edited(file: str) -> InputError:
    return InputError(
        _("“{file}”里隐藏的识别信息被改动过，认不出是哪份表。").format(file=file),
        meaning=_("没有读入任何内容。"),
        next_step=_("请重新发一份填报表，请对方把数字抄过去；不要改隐藏的工作表。"),
    )

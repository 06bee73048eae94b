"""Reading a plan from a file, and writing one.

A plan file is JSON in UTF-8 with the fields of `model.plan.Plan`.  Types are strict and duplicate keys are
refused, because two readers would understand them differently; unknown fields of a newer version are ignored.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from desktop_app.core import paths
from desktop_app.core.errors import InputError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.model.plan import Indicator, Plan

SAMPLE = "plan-2024.json"
MAX_BYTES = 8 * 1024 * 1024
"""A plan of fifty tasks takes about 0.1 MB; anything near this limit is some other file."""

_INDICATOR_ID = re.compile(r"[1-9]\d{0,3}\.[1-9]\d{0,3}", re.ASCII)


class PlanFileError(InputError):
    """The file is no plan, or one that cannot be read."""


class DuplicateKeyError(PlanFileError):
    """The JSON says the same key twice in one object."""


def decode_plan(data: bytes, name: str = "") -> Plan:
    """The plan in these bytes; a byte order mark is allowed.  `name` is the file's, for the message.

    Raises PlanFileError where the bytes are no plan.  Whether the plan makes sense is `check.check_plan`'s matter.
    """
    shown = name or _("方案文件")
    if len(data) > MAX_BYTES:
        raise PlanFileError(
            _("“{name}”太大，不像是方案文件。").format(name=shown),
            next_step=_("请选择导出的方案文件（.json）。"),
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PlanFileError(
            _("“{name}”不是 UTF-8 编码的文本。").format(name=shown),
            next_step=_("请用记事本打开，另存为 UTF-8 编码，再试一次。"),
            detail=str(error),
        ) from error
    try:
        json.loads(text, object_pairs_hook=functools.partial(_refuse_duplicates, shown))
        return msgspec.json.decode(text, type=Plan, strict=True)
    except (ValueError, RecursionError) as error:
        # msgspec's errors are ValueErrors; the path into the file stands in their text.
        raise PlanFileError(
            _("“{name}”的内容不是完整的方案。").format(name=shown),
            meaning=_("方案没有读入，原来的方案不变。"),
            next_step=_("请核对文件是否由本软件导出；位置见详细信息。"),
            detail=str(error),
        ) from error


def plan_in_entry(raw: bytes) -> Plan | None:
    """The plan that an entry holds; None where this version cannot work with it, because a newer one wrote it in
    other terms or because it is broken.  The entry itself is kept and handed on whatever it holds."""
    try:
        plan = msgspec.json.decode(raw, type=Plan)
    except (ValueError, RecursionError):
        return None
    indicators = {indicator.id: indicator for indicator in plan.indicators()}
    sound = (
        1 <= plan.year <= 9999
        and len(indicators) == len(plan.indicators())
        and len({task.no for task in plan.tasks}) == len(plan.tasks)
        and all(_INDICATOR_ID.fullmatch(ident) for ident in indicators)
        and all(_leads_up(indicators, item) for item in indicators.values())
    )
    return plan if sound else None


def _leads_up(indicators: Mapping[str, Indicator], item: Indicator) -> bool:
    """Whether an indicator's parents are there and end somewhere."""
    for _step in range(len(indicators)):
        if item.parent is None:
            return True
        if item.parent not in indicators:
            return False
        item = indicators[item.parent]
    return False


def encode_plan(plan: Plan) -> bytes:
    """The plan as JSON to read and edit: one space of indent, keys in the records' order."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1) + b"\n"


def read_plan(path: Path) -> Plan:
    """The plan in that file.  Raises StorageError where it cannot be opened, PlanFileError where it is no plan."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise StorageError(
            _("打不开方案文件“{name}”。").format(name=path.name),
            next_step=_("请确认文件还在原处，且没有被别的程序占用。"),
            detail=str(error),
        ) from error
    return decode_plan(data, path.name)


@functools.cache
def sample_plan() -> Plan:
    """The plan shipped with the program (样例), read once."""
    return read_plan(paths.RESOURCES / SAMPLE)


def _refuse_duplicates(name: str, pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise DuplicateKeyError(
            _("“{name}”里“{key}”写了两次。").format(name=name, key=twice),
            next_step=_("请只保留一处，再试一次。"),
        )
    return found

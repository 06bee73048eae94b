"""The sentences a package is refused with; one place, so that every refusal says what, why and what to do."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.errors import ResavedError, StorageError, VerificationError
from desktop_app.core.i18n import _


class UnreadableFile(StorageError):
    """A received file cannot be read (gone, locked, a stick pulled out): no word on what is in it, and no reason to
    stop the others."""

    @classmethod
    def of(cls, path: Path, problem: OSError) -> UnreadableFile:
        return cls(
            _("打不开文件“{name}”。").format(name=path.name),
            meaning=_("文件可能不在了、正被别的程序占用，或没有读取权限。"),
            next_step=_("请确认文件在原处并关闭 WPS 或 Excel 后再试。"),
            detail=str(problem),
        )


def invalid(rule: int, what: str, detail: str = "", *, next_step: str = "") -> VerificationError:
    """A package that breaks a rule: `what` in the clerk's words, `detail` for whoever looks closer."""
    return VerificationError(
        what,
        rule=rule,
        meaning=_("这个文件不会汇入台账，已原样隔离，不影响其他文件。"),
        next_step=next_step or _("请对方在本软件里重新导出，把原文件直接发来，不要打开另存或改动。"),
        detail=detail,
    )


def damaged(detail: str) -> VerificationError:
    """The zip itself is not as this program writes it (rule 1)."""
    return invalid(1, _("文件结构被改动或已损坏。"), detail)


class TruncatedFile(VerificationError):
    """Cut off on the way: nobody changed anything."""


def truncated(detail: str) -> VerificationError:
    return TruncatedFile(
        _("文件不完整，可能没有传完或复制到一半中断了。"),
        rule=1,
        meaning=_("这个文件不会汇入台账，已原样隔离，不影响其他文件。"),
        next_step=_("请重新复制或请对方重新发送，并核对文件大小。"),
        detail=detail,
    )


class ForeignFile(VerificationError):
    """No package of this program: a plain workbook, a picture, whatever else lay on the stick."""


def not_ours(detail: str) -> VerificationError:
    return ForeignFile(
        _("这不是本软件导出的上报包。"),
        meaning=_("这个文件不会汇入台账，已原样隔离，不影响其他文件。"),
        detail=detail,
        next_step=_("普通表格请在本软件里用“代录”录入；如果对方确实用本软件导出，请他重新发送原文件。"),
    )


class OwnForm(ForeignFile):
    """Our own form to print and stamp, taken for the package it lies beside: whose it says it is, and of which month;
    "" where it does not."""

    unit = ""
    unit_name = ""
    period = ""


def own_form(*, unit: str = "", unit_name: str = "", period: str = "", code: str = "") -> OwnForm:
    made = OwnForm(
        _("这是{unit}的盖章表（打印出来盖章用的），不是上报包。").format(unit=unit_name)
        if unit_name
        else _("这是盖章表（打印出来盖章用的），不是上报包。"),
        meaning=_("没有汇入，也不影响什么。"),
        next_step=_(
            "上报包是和它放在一起的 .xlsx 文件，请收那一个；盖过章的扫描件，由填报单位在“上报”里用“补交盖章件”交来。"
        ),
        detail=code,
    )
    made.unit, made.unit_name, made.period = unit, unit_name, period
    return made


def changed(part: str, shown: str = "") -> VerificationError:
    """A part's bytes differ from what was signed (rule 3)."""
    return invalid(3, _("{what}被改动过，与签名时不一样。").format(what=shown or describe(part)), part)


def resaved(program: str, detail: str = "") -> ResavedError:
    """An honest package that an office program saved anew; `program` is its name, "" where unknown."""
    known = program or _("WPS 或 Excel")
    return ResavedError(
        _("这个文件可能被 {program} 打开后另存过，签名已经丢失。").format(program=known),
        rule=0,
        meaning=_("这不是说内容有问题，只是无法再核对，所以不能汇入。"),
        next_step=_("请对方发送导出时的原文件（不要打开另存）；原文件找不到就在本软件里重新导出。"),
        detail=detail,
    )


def describe(part: str) -> str:
    """What a part is, in the clerk's words."""
    if part.startswith("taizhang/evidence/"):
        return _("佐证材料附件 {name}").format(name=part.rsplit("/", 1)[-1][:12])
    if part.startswith("taizhang/personal/"):
        return _("含个人信息的加密附件")
    if part.startswith("taizhang/submissions/"):
        return _("转报的下级原始数据")
    if part.startswith("taizhang/"):
        return _("上报数据")
    if part.startswith("xl/"):
        return _("表格内容")
    return _("文件结构")

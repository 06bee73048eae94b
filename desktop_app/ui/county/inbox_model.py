"""The rows of 收件: one a received file, and what is to be done with it."""

from __future__ import annotations

from desktop_app.core.i18n import _
from desktop_app.core.model.view import InboxView
from desktop_app.ui import text, theme
from desktop_app.ui.widgets.delegates import ActionCell, ChipCell, IconTextCell, NumberCell
from desktop_app.ui.widgets.records import Column, RecordModel

_ORDER = (
    "conflict",
    "resaved",
    "truncated",
    "quarantined",
    "foreign",
    "form_alone",
    "unknown",
    "refused",
    "late",
    "waiting",
    "partial",
    "returned",
    "proxy",
    "retracted",
    "away",
    "later",
    "form",
    "known",
    "done",
    "confirmed",
    "accepted",
)
UNREAD = frozenset({"quarantined", "truncated", "resaved", "foreign", "form_alone", "unknown", "refused"})
"""Conditions that the explanation page is for."""
WAITING = frozenset({"late", "waiting"})
WORK = UNREAD | WAITING | {"conflict"}
FINISHED = frozenset({"accepted", "confirmed", "done", "known", "later", "form", "away"})


def condition(row: InboxView) -> str:
    """The one word for how a file stands now, from the most pressing down."""
    if row.state == "proxy":
        return "confirmed" if row.stamp == "received" else "proxy"
    if row.state == "retracted":
        return "retracted"
    if set_aside(row):
        return _set_aside(row)
    if row.open_forks:
        return "conflict"
    if row.refused and not row.put_away:
        return "refused"
    if row.later:
        return "later"
    if row.late:
        return "late"
    if row.reviewed in ("waiting", "returned"):
        return row.reviewed
    if row.missing_files:
        return "partial"
    if row.reviewed == "accepted":
        return "accepted"
    return "known" if row.new == 0 and row.known else "done"


def _set_aside(row: InboxView) -> str:
    if row.later:
        # A form whose package is here is answered by it, and was never in its place.
        return "form" if row.form else "later"
    if row.put_away:
        return "away"
    if row.state == "unknown_signer":
        return "unknown"
    if row.form:
        return "form_alone"
    return (
        "resaved"
        if row.resaved
        else "foreign"
        if row.foreign
        else "truncated"
        if row.truncated
        else "quarantined"
    )


def set_aside(row: InboxView) -> bool:
    return bool(row.quarantined) or row.state in ("invalid", "unknown_signer")


def needs_work(row: InboxView) -> bool:
    return condition(row) in WORK


def state_words(row: InboxView) -> tuple[str, str]:
    """Words and mood of the state's chip."""
    kind = condition(row)
    if kind == "conflict":
        return _("{count} 处不一致").format(count=row.open_forks), "warn"
    if kind == "late":
        return _("封账后改动 {count} 处").format(count=row.late), "warn"
    if kind == "waiting" and row.waiting:
        return _("待审 {count} 项").format(count=row.waiting), "info"
    if kind == "returned" and row.returned:
        return _("退回 {count} 项").format(count=row.returned), "warn"
    if kind == "refused":
        return _("{count} 条拒收").format(count=row.refused), "bad"
    return {
        "resaved": (_("需发原文件"), "warn"),
        "truncated": (_("文件不完整"), "warn"),
        "quarantined": (_("已隔离"), "bad"),
        "form": (_("盖章表，不用收"), "plain"),
        "form_alone": (_("只有盖章表"), "warn"),
        "unknown": (_("等确认签名人"), "warn"),
        "waiting": (_("待审核"), "info"),
        "returned": (_("已退回"), "warn"),
        "partial": (_("等其余佐证"), "warn"),
        "retracted": (_("已撤回"), "plain"),
        "foreign": (_("不是上报包"), "warn"),
        "proxy": (_("代录，待确认"), "plain"),
        "confirmed": (_("代录，已确认"), "ok"),
        "later": (_("后来又报了"), "plain"),
        "away": (_("看过了"), "plain"),
        "known": (_("重复，无影响"), "plain"),
        "accepted": (_("已审完"), "ok"),
        "done": (_("已收下"), "ok"),
    }[kind]


def signature_look(row: InboxView) -> tuple[str, str, str]:
    if row.state in ("valid", "valid_with_notes"):
        return "shield-check", theme.GREEN, "note"
    if row.state == "proxy":
        return "forms", theme.INK2, "note"
    if row.form:
        return "printer", theme.INK2, "note"
    if row.resaved or row.foreign or row.truncated or (row.state == "invalid" and row.rule == 0):
        return "alert-triangle", theme.AMBER, "note"
    if row.state == "unknown_signer":
        return "shield-exclamation", theme.AMBER, "note"
    if row.state == "retracted":
        return "arrow-back-up", theme.INK2, "note"
    return "shield-x", theme.RED, "note"


def signature_words(row: InboxView) -> str:
    if row.state == "valid":
        return _("签名有效")
    if row.state == "valid_with_notes" and not row.refused:
        return _("有效有提示")
    if row.resaved:
        return _("另存过")
    if row.form:
        return _("打印用的")
    if row.truncated:
        return _("没有传完")
    if row.foreign:
        return _("没有签名")
    if row.state == "invalid" and row.rule == 0:
        # Sound in itself and not for this desk, or not even read: nothing was found wrong with a signature.
        return _("没有收")
    return {
        "unknown_signer": _("签名人未知"),
        "retracted": _("已撤回"),
        "proxy": _("代录"),
    }.get(row.state, _("签名无效"))


def signature_tip(row: InboxView) -> str:
    if row.state == "valid":
        return _("签名是这家单位的，内容和签名时一样。")
    if row.state == "valid_with_notes" and not row.refused:
        return _("签名没有问题，数已照常汇总，另有一句提示：\n{why}").format(why=row.reason)
    return row.reason


def new_tip(row: InboxView) -> str:
    """What the count of new entries is made of, where the file carries those of units below."""
    if not row.carried_units:
        return _("这份文件带来的、以前没有的条数")
    return _("它自己的 {own} 条，连同它转报的 {units} 份下级原始数据里的 {carried} 条").format(
        own=row.new - row.carried, units=row.carried_units, carried=row.carried
    )


def unit_words(row: InboxView) -> str:
    """Whose it is; what only the file's name says is told as a guess, and without even that the name stands there."""
    if not row.unit and row.quarantined:
        return row.unit_name or row.file
    return _("像是{unit}").format(unit=row.unit_name) if row.guessed else row.unit_name


def action_words(row: InboxView) -> str:
    return {
        "conflict": _("处理"),
        "late": _("更正表"),
        "waiting": _("审核"),
        "truncated": _("说明"),
        "form_alone": _("说明"),
        "resaved": _("说明"),
        "quarantined": _("说明"),
        "foreign": _("代录"),
        "unknown": _("发证书") if row.quarantined else _("说明"),
        "refused": _("说明"),
    }.get(condition(row), _("查看"))


def stamp_words(row: InboxView) -> str:
    """Whether the stamped scan of the submission is here; a changed figure voids it."""
    return {"received": _("已收"), "missing": _("未收"), "voided": _("作废")}.get(row.stamp, "")


def stamp_look(row: InboxView) -> tuple[str, str, str]:
    return {
        "received": ("rubber-stamp", theme.GREEN, "note"),
        "voided": ("rubber-stamp", theme.AMBER, "note"),
    }.get(row.stamp, ("", theme.INK2, "note"))


def _count(value: int, row: InboxView) -> str:
    return text.NOTHING if set_aside(row) or row.state == "proxy" else str(value)


def _tone(colour: str, pick):
    def tone(row: InboxView) -> tuple[str, str]:
        return (colour, "strong") if pick(row) else (theme.INK3, "body")

    return tone


def inbox_columns() -> list[Column]:
    kinds = {
        "township": _("乡镇"),
        "county": _("县区"),
        "city": _("市级"),
        "department": _("部门"),
        "street": _("街道"),
        "park": _("园区"),
    }
    return [
        Column(
            "unit",
            _("单位"),
            116,
            unit_words,
            stretch=True,
            whole=True,
            tip=lambda r: f"{r.file}\n{r.reason}".strip(),
            sort=lambda r: r.unit_name,
        ),
        Column(
            "kind",
            _("类别"),
            48,
            lambda r: kinds.get(r.kind, _("不明") if not r.unit else r.kind),
            colour=theme.INK2,
            drop=2,
            sort=lambda r: r.kind,
        ),
        Column(
            "period",
            _("月份"),
            48,
            lambda r: text.month(r.period) if r.period else text.NOTHING,
            colour=theme.INK2,
            drop=1,
            sort=lambda r: r.period,
        ),
        Column(
            "received",
            _("送到"),
            82,
            lambda r: text.day(r.received),
            colour=theme.INK2,
            sort=lambda r: r.received,
            drop=6,
        ),
        Column(
            "signature",
            _("签名"),
            106,
            signature_words,
            cell=IconTextCell(signature_look),
            whole=True,
            tip=signature_tip,
            sort=signature_words,
        ),
        Column(
            "new", _("新增"), 54, lambda r: _count(r.new, r), right=True, tip=new_tip, sort=lambda r: r.new
        ),
        Column(
            "known", _("已有"), 50, lambda r: _count(r.known, r), right=True, drop=4, sort=lambda r: r.known
        ),
        Column(
            "conflicting",
            _("不一致"),
            62,
            lambda r: _count(r.conflicting, r),
            right=True,
            cell=NumberCell(_tone(theme.AMBER, lambda r: r.open_forks)),
            sort=lambda r: -r.conflicting,
        ),
        Column(
            "refused",
            _("拒收"),
            52,
            lambda r: _count(r.refused, r),
            right=True,
            cell=NumberCell(_tone(theme.RED, lambda r: r.refused)),
            sort=lambda r: -r.refused,
            drop=5,
        ),
        Column(
            "missing",
            _("缺佐证"),
            62,
            lambda r: _count(r.missing_files, r),
            right=True,
            cell=NumberCell(_tone(theme.AMBER, lambda r: r.missing_files)),
            sort=lambda r: -r.missing_files,
        ),
        Column(
            "stamp",
            _("盖章件"),
            70,
            stamp_words,
            cell=IconTextCell(stamp_look),
            drop=3,
            sort=lambda r: ("voided", "missing", "received", "").index(r.stamp),
        ),
        Column(
            "state",
            _("状态"),
            116,
            lambda r: state_words(r)[0],
            cell=ChipCell(lambda r: state_words(r)[1]),
            whole=True,
            sort=lambda r: _ORDER.index(condition(r)),
        ),
        Column("action", "", 66, action_words, cell=ActionCell(needs_work), pressable=True),
    ]


class InboxModel(RecordModel):
    def __init__(self) -> None:
        super().__init__(inbox_columns())

    def fill_inbox(self, rows: list[InboxView]) -> list[InboxView]:
        """What needs work first, then as it came, the newest on top."""
        newest = sorted(rows, key=lambda row: row.received, reverse=True)
        return sorted(newest, key=lambda row: _ORDER.index(condition(row)))

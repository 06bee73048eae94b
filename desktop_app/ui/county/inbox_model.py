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
    "quarantined",
    "foreign",
    "unknown",
    "refused",
    "waiting",
    "partial",
    "returned",
    "proxy",
    "retracted",
    "away",
    "later",
    "known",
    "done",
    "confirmed",
    "accepted",
)
WORK = frozenset({"conflict", "resaved", "quarantined", "foreign", "unknown", "refused", "waiting"})
FINISHED = frozenset({"accepted", "confirmed", "done", "known", "later", "away"})
UNREAD = frozenset({"quarantined", "resaved", "foreign", "unknown", "refused"})
"""Conditions that the explanation page is for."""


def condition(row: InboxView) -> str:
    """The one word for how a file stands now, from the most pressing down."""
    if row.state == "proxy":
        return "confirmed" if row.stamp == "received" else "proxy"
    if row.state == "retracted":
        return "retracted"
    if set_aside(row):
        if row.later or row.put_away:
            return "later" if row.later else "away"
        if row.state == "unknown_signer":
            return "unknown"
        return "resaved" if row.resaved else "foreign" if row.foreign else "quarantined"
    if row.open_forks:
        return "conflict"
    if row.refused and not row.put_away:
        return "refused"
    if row.later:
        return "later"
    if row.reviewed in ("waiting", "returned"):
        return row.reviewed
    if row.missing_files:
        return "partial"
    if row.reviewed == "accepted":
        return "accepted"
    return "known" if row.new == 0 and row.known else "done"


def set_aside(row: InboxView) -> bool:
    return bool(row.quarantined) or row.state in ("invalid", "unknown_signer")


def needs_work(row: InboxView) -> bool:
    return condition(row) in WORK


def state_words(row: InboxView) -> tuple[str, str]:
    """Words and mood of the state's chip."""
    kind = condition(row)
    if kind == "conflict":
        return _("{count} 处不一致").format(count=row.open_forks), "warn"
    if kind == "waiting" and row.waiting:
        return _("待审 {count} 项").format(count=row.waiting), "info"
    if kind == "returned" and row.returned:
        return _("退回 {count} 项").format(count=row.returned), "warn"
    if kind == "refused":
        return _("{count} 条拒收").format(count=row.refused), "bad"
    return {
        "resaved": (_("需发原文件"), "warn"),
        "quarantined": (_("已隔离"), "bad"),
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
    if row.resaved or row.foreign:
        return "alert-triangle", theme.AMBER, "note"
    if row.state == "unknown_signer":
        return "shield-exclamation", theme.AMBER, "note"
    if row.state == "retracted":
        return "arrow-back-up", theme.INK2, "note"
    return "shield-x", theme.RED, "note"


def signature_words(row: InboxView) -> str:
    if row.state == "valid":
        return _("签名有效")
    if row.state == "valid_with_notes":
        return _("有效有注")
    if row.resaved:
        return _("另存过")
    if row.foreign:
        return _("没有签名")
    return {
        "unknown_signer": _("签名人未知"),
        "retracted": _("已撤回"),
        "proxy": _("代录"),
    }.get(row.state, _("签名无效"))


def action_words(row: InboxView) -> str:
    return {
        "conflict": _("处理"),
        "waiting": _("审核"),
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
            lambda r: r.unit_name if r.unit or not r.quarantined else r.file,
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
            sort=signature_words,
        ),
        Column("new", _("新增"), 54, lambda r: _count(r.new, r), right=True, sort=lambda r: r.new),
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

"""为什么没有收: what happened to a file, what it means, and what to do about it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.view import InboxView
from desktop_app.ui import errors, icons, text, theme
from desktop_app.ui.county.inbox_model import signature_look, unit_words
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.delegates import IconTextCell
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.records import Column, RecordModel
from desktop_app.ui.widgets.table import RecordTable

SHOWN = 6


def subject_words(subject: str) -> str:
    """Indicator and month of a figure; of anything else what it is called in the journal."""
    parts = subject.split("/")
    return f"{parts[3]} {parts[4]}" if parts[0] == "progress" and len(parts) == 5 else parts[-1]


def explain(view: InboxView) -> tuple[str, str, str, list[tuple[str, str]]]:
    """Title, what happened, what it means, and the numbered steps."""
    who = view.unit_name or _("对方")
    resend = (
        _("请{who}重新导出并再发一次").format(who=who),
        _("让对方在“上报”里用“再存一份”或重新导出；不要用 WPS 打开后另存，不要在微信里转成图片。"),
    )
    arrive = (_("收到新文件后拖进收件页"), _("会自动接上，不用删这一份。"))
    if view.form:
        return _explain_form(view, who)
    phone = (_("再出错，打电话核对校验码"), _("对方盖章表上印着校验码，和“收件”里的一致才对。"))
    if view.resaved:
        return (
            _("“{file}”被另存过，没有收").format(file=view.file),
            _(
                "文件用 WPS 或 Excel 打开后又保存了一次，签名就没有了。这不是谁做了手脚，数据多半没变，只是没法证明。"
            ),
            _("这一份没有汇总。{who}以前报过的仍然算数，别家不受影响。").format(who=who),
            [resend, arrive],
        )
    if view.state == "unknown_signer":
        return (
            _("“{file}”的签名人还没有确认").format(file=view.file),
            view.reason or _("签名本身完好，但签名的密钥还没有得到上级确认。"),
            _("先放着，不进汇总。确认以后请对方再导出一次，不用重新填。"),
            [
                (
                    _("拿盖章的申请表核对指纹"),
                    _("点下面的“核对并发证书”，填表上印的 8 组数字，一致才是本人。"),
                ),
                (_("把证书文件交回"), _("对方装上后再导出一次，不用重填。")),
            ],
        )
    if view.refused:
        return (
            _("“{file}”里有 {count} 条没有算进去").format(file=view.file, count=view.refused),
            view.reason or _("有的条目不是这个单位该报的，都留在文件里，没有删。"),
            _("其余的照常汇总。被拒收的条目不进总数。"),
            [(_("请{who}看一下是不是填错了单位").format(who=who), _("把拒收的说明复制给对方。")), arrive],
        )
    if view.foreign:
        return (
            _("“{file}”不是上报包").format(file=view.file),
            _("这是普通表格、照片或别的文件，不是从本软件导出的，没有签名可以核对。"),
            _("没有汇总，也不影响别家。文件原样留着。"),
            [
                (
                    _("是某个单位交来的数，就用“代录”"),
                    _("点下面的“去代录”：把它作为原件放进去，再照着录，以后由那个单位确认。"),
                ),
                (_("和报数无关的，不用管"), _("点“处理过了，不再提醒”。")),
            ],
        )
    if view.truncated:
        # Cut off on the way: nobody changed anything, and the title must not say so.
        return (
            _("“{file}”没有传完整，没有收").format(file=view.file),
            view.reason,
            _("整份文件没有汇总，{who}仍按以前收到的计算。别家不受影响，可以照常审核和上报。").format(
                who=who
            ),
            [resend, arrive],
        )
    if view.rule == 0 and view.quarantined:
        # Sound in itself, and not for this desk: another city's, another year's, an office nobody knows.
        return (
            _("“{file}”没有收").format(file=view.file),
            view.reason,
            _("整份文件没有汇总，别家不受影响。"),
            [
                (_("先看清是谁发来的"), _("问一下{who}：是不是拿错了文件，或发错了地方。").format(who=who)),
                arrive,
            ],
        )
    return (
        _("“{file}”和签名时不一致，没有收").format(file=view.file),
        view.reason or _("签名之后，文件的内容变了。可能是传送时出了错，也可能被改过。"),
        _("整份文件没有汇总，{who}仍按以前收到的计算。别家不受影响，可以照常审核和上报。").format(who=who),
        [resend, arrive, phone],
    )


def _explain_form(view: InboxView, who: str) -> tuple[str, str, str, list[tuple[str, str]]]:
    """Our own form to print and stamp: no package, and no paper of the unit's that anything is to be entered from."""
    scan = (
        _("已经盖过章的扫描件，走“补交盖章件”"),
        _(
            "由{who}在“上报”里按“补交盖章件…”加进去，再导出一次；替它代录的，在“代录”里按“对方盖章确认了…”。"
        ).format(who=who),
    )
    if view.later:
        meaning = _("{who}这个月的上报包已经收到，这一份不用管，也不用代录。").format(who=who)
        first = (_("不用收这一份"), _("以后只收和它放在一起的 .xlsx 上报包就行。"))
    else:
        meaning = _("没有汇总，也不影响别家。{who}这个月的上报包还没有收到。").format(who=who)
        first = (
            _("收和它放在一起的 .xlsx 文件"),
            _("那才是上报包。没有的话，请{who}把同一个文件夹里的 .xlsx 发来，拖进收件页。").format(who=who),
        )
    return (
        _("“{file}”是盖章表，不是上报包").format(file=view.file),
        _("这是对方导出上报包时一起打印的表，用来签字盖章。里面没有能汇总的数据，也没有电子签名。"),
        meaning,
        [first, scan],
    )


def message(view: InboxView) -> str:
    """What to send to the other office."""
    title, what, meaning, steps = explain(view)
    lines = [title + "。", what, meaning, *(f"{n}. {a}。{b}" for n, (a, b) in enumerate(steps, start=1))]
    return "\n".join(lines)


class StepRow(QWidget):
    def __init__(self, number: int, title: str, words: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.px(4), 0, theme.px(4))
        line.setSpacing(theme.px(12))
        sign = QLabel(str(number))
        sign.setFont(theme.font("strong"))
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        side = theme.px(24)
        sign.setFixedSize(side, side)
        sign.setStyleSheet(
            f"background: {theme.SELECTION}; color: {theme.ACCENT}; border-radius: {side // 2}px;"
        )
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(WrappedLabel(title, "prose"))
        column.addWidget(WrappedLabel(words, "note", "ink2"))
        line.addLayout(column, 1)


class QuarantinePanel(QWidget):
    """The list of such files at the left, the explanation at the right."""

    certify_wanted = Signal(object)
    away_wanted = Signal(object)
    """Nobody needs reminding of this file any more (or again)."""
    proxy_wanted = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.current: InboxView | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(theme.px(10))
        left = QVBoxLayout()
        left.setSpacing(theme.px(10))
        self.model = RecordModel(
            [
                Column(
                    "file",
                    _("没有收的文件"),
                    170,
                    lambda r: f"{unit_words(r)} {r.file}" if r.unit_name else r.file,
                    stretch=True,
                    cell=IconTextCell(self._look, ink=theme.INK),
                    tip=lambda r: r.file,
                ),
                Column("at", _("收到"), 76, lambda r: text.day(r.received), colour=theme.INK2),
            ]
        )
        self.table = RecordTable(self.model, row_height=36)
        self.table.keep_place_by(lambda view: view.container)
        self.table.picked.connect(self._pick)
        sheet = Card((1, 1, 1, 1), 0)
        sheet.setFixedWidth(theme.px(262))
        sheet.body.addWidget(self.table)
        left.addWidget(sheet, 1)
        about = Card((14, 10, 14, 10), 6)
        about.setFixedWidth(theme.px(262))
        about.body.addWidget(Label(_("隔离是什么意思"), "strong"))
        about.body.addWidget(
            WrappedLabel(
                _("文件原样留在隔离夹里，没有进入汇总，也不影响别的单位。没有删除任何东西。"), "note", "ink2"
            )
        )
        left.addWidget(about)
        line.addLayout(left)
        self.sheet = ScrollPanel((28, 20, 28, 14), 8)
        self.sheet.setObjectName("card")
        line.addWidget(self.sheet, 1)
        self._build()

    @staticmethod
    def _look(view: InboxView) -> tuple[str, str, str]:
        icon, colour, _role = signature_look(view)
        return icon, colour, "body"

    def _build(self) -> None:
        body = self.sheet.body
        self.sign = QLabel()
        self.title = WrappedLabel("", "title")
        self.origin = Label("", "note", "ink2")
        column = QVBoxLayout()
        column.setSpacing(theme.px(2))
        column.addWidget(self.title)
        column.addWidget(self.origin)
        head = row(self.sign, spacing=16)
        head.addLayout(column, 1)
        body.addLayout(head)
        body.addSpacing(theme.px(6))
        body.addWidget(Label(_("发生了什么"), "prose-bold", "accent"))
        self.what = WrappedLabel("", "prose")
        body.addWidget(self.what)
        body.addSpacing(theme.px(4))
        body.addWidget(Label(_("对您有什么影响"), "prose-bold", "accent"))
        self.meaning = WrappedLabel("", "prose")
        body.addWidget(self.meaning)
        body.addSpacing(theme.px(4))
        body.addWidget(Label(_("怎么办"), "prose-bold", "accent"))
        holder = QWidget()
        self._steps = QVBoxLayout(holder)
        self._steps.setContentsMargins(0, 0, 0, 0)
        self._steps.setSpacing(theme.px(4))
        body.addWidget(holder)
        self.folder = button(_("打开隔离夹"), "", "folder-open", self._open_folder)
        self.certify = button(_("核对并发证书…"), "", "shield-check", self._ask_to_certify)
        self.proxy = button(_("去代录"), "", "forms", lambda: self._ask(self.proxy_wanted))
        self.away = button("", "", "check", lambda: self._ask(self.away_wanted))
        body.addLayout(row(self.certify, self.proxy, self.folder, self.away, None))
        body.addStretch(1)
        body.addWidget(rule())
        self.unfold = button(_("给技术人员看的细节"), "link", "chevron-right", self._unfold)
        note = Label(_("已记入收件日志 · 没有删除任何东西"), "note", "ink2")
        body.addLayout(row(self.unfold, None, note))
        self.detail_part = QWidget()
        grid = QGridLayout(self.detail_part)
        grid.setContentsMargins(0, 0, 0, 0)
        self.detail = WrappedLabel("", "small", "ink2")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(self.detail, 0, 0)
        self.detail_part.hide()
        body.addWidget(self.detail_part)

    def show_rows(self, rows: list[InboxView], container: str = "") -> None:
        self.table.refill(rows)
        number = self.model.find(lambda view: view.container == container) if container else -1
        self.table.go_to(number if number >= 0 else max(0, self.table.currentIndex().row()))

    def _pick(self, view: InboxView | None) -> None:
        self.current = view
        self.sheet.inside.setVisible(view is not None)
        if view is None:
            return
        title, what, meaning, steps = explain(view)
        icon, colour, _role = signature_look(view)
        self.sign.setPixmap(icons.pixmap(icon, colour, 40))
        self.title.setText(title)
        parts = []
        if view.guessed:
            parts.append(_("文件名像是{unit}的").format(unit=view.unit_name))
        elif view.unit_name and view.form:
            parts.append(f"{view.unit_name} {text.month(view.period)}".strip())
        elif view.unit_name:
            parts.append(_("自称 {unit}").format(unit=view.unit_name))
        if view.sequence:
            parts.append(_("第 {number} 份").format(number=view.sequence))
        parts.append(_("{when} 收到").format(when=text.moment(view.received, self._session.desk.today())))
        self.origin.setText(" · ".join(parts))
        self.what.setText("\n".join((what, *self._refused(view))))
        self.meaning.setText(meaning)
        clear(self._steps)
        for number, (first, second) in enumerate(steps, start=1):
            self._steps.addWidget(StepRow(number, first, second))
        self.folder.setVisible(bool(view.quarantined))
        self.certify.setVisible(view.state == "unknown_signer" and bool(view.quarantined))
        self.proxy.setVisible(view.foreign)
        words = _("还要处理") if view.put_away else _("处理过了，不再提醒")
        self.away.setVisible(not (view.form and view.later))
        self.away.setText("\u2009" + words)
        self.detail.setText(
            "\n".join((view.reason, view.quarantined, f"container {view.container}", f"digest {view.digest}"))
        )

    def copy_message(self) -> None:
        if self.current is not None:
            QGuiApplication.clipboard().setText(message(self.current))
            self._session.told.emit(_("说明已复制，可以发给对方"))

    def _open_folder(self) -> None:
        if self.current is not None and self.current.quarantined:
            try:
                file = self._session.desk.set_aside_path(self.current.quarantined)
            except KnownError as error:
                errors.show(error)
                return
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(file.parent)))

    def _ask_to_certify(self) -> None:
        self._ask(self.certify_wanted)

    def _ask(self, wish: Any) -> None:
        if self.current is not None:
            wish.emit(self.current)

    def _refused(self, view: InboxView) -> list[str]:
        """The refused entries of the unit by name, each with the reason."""
        if not view.refused:
            return []
        told = [entry for entry in self._session.desk.refused() if entry.unit == view.unit]
        lines = [
            _("· {what} {value}：{why}").format(what=subject_words(e.subject), value=e.after, why=e.why_not)
            for e in told[:SHOWN]
        ]
        if len(told) > SHOWN:
            lines.append(_("· 另有 {count} 条").format(count=len(told) - SHOWN))
        return lines

    def _unfold(self) -> None:
        self.detail_part.setVisible(self.detail_part.isHidden())

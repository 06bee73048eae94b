"""One figure under review: where it comes from, what proves it, what was said, and the three verdicts."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app.core.i18n import _
from desktop_app.core.model.view import HistoryView, ReviewItemView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Banner, Card, ScrollPanel, button, clear, row, rule
from desktop_app.ui.widgets.evidence_strip import EvidenceStrip
from desktop_app.ui.widgets.labels import ElidedLabel, Label, LightLabel, WrappedLabel
from desktop_app.ui.widgets.thumbnails import Thumbnails

HISTORY_SHOWN = 8


def usual_comments() -> list[str]:
    return [
        _("佐证不全，请补齐后再报。"),
        _("与台账对不上，请核对。"),
        _("比上月增加较多，请说明原因。"),
        _("口径不对，请按方案口径重报。"),
    ]


class FigureWell(Card):
    """Last period → reported, with what it is measured against."""

    def __init__(self) -> None:
        super().__init__((14, 8, 14, 8), 0, "well")
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(18))
        grid.setVerticalSpacing(0)
        self._parts: list[tuple[Label, Label, Label]] = []
        for number in range(5):
            column = number if number == 0 else number + 1
            head, value, note = Label("", "note", "ink2"), Label("", "key"), Label("", "small", "ink2")
            for line, part in enumerate((head, value, note)):
                grid.addWidget(part, line, column)
            self._parts.append((head, value, note))
        grid.addWidget(Label("→", "key", "ink2"), 1, 1)
        grid.setColumnStretch(6, 1)
        self.body.addLayout(grid)

    def show_parts(self, parts: list[tuple[str, str, str, str]]) -> None:
        """(head, value, note, tone) up to five."""
        for number, labels in enumerate(self._parts):
            shown = number < len(parts)
            for label in labels:
                label.setVisible(shown)
            if shown:
                head, value, note, tone = parts[number]
                labels[0].setText(head)
                labels[1].setText(value)
                labels[1].set_tone(tone)
                labels[2].setText(note)


class ReviewPanel(QWidget):
    """`judged` carries verdict, value, denominator and comment."""

    judged = Signal(str, str, str, str)
    evidence_wanted = Signal(object)
    taken_back = Signal()
    """The verdict on the figure is to be withdrawn."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._session = session
        self._thumbnails = thumbnails
        self.item: ReviewItemView | None = None
        self._offered = ""
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        frame = self.frame = Card((0, 0, 0, 0), 0)
        outer.addWidget(frame)
        panel = ScrollPanel((16, 12, 16, 6), 8)
        frame.body.addWidget(panel, 1)
        self.panel = panel
        self.title = ElidedLabel("", "panel")
        self.light = LightLabel()
        head = row(self.title, self.light)
        head.setStretch(0, 1)
        panel.body.addLayout(head)
        self.well = FigureWell()
        panel.body.addWidget(self.well)
        self.evidence_title = Label("", "strong")
        self.enlarge = button(_("放大看"), "link", clicked=self._enlarge)
        panel.body.addLayout(row(self.evidence_title, None, self.enlarge))
        self.strip = EvidenceStrip(thumbnails)
        self.strip.pressed.connect(self.evidence_wanted)
        panel.body.addWidget(self.strip)
        self.check = Banner("bad", "", "")
        panel.body.addWidget(self.check)
        self.caption = Label(self._caption_words(), "note", "ink2")
        panel.body.addWidget(self.caption)
        self.comment = QPlainTextEdit()
        self.comment.setFont(theme.font("note"))
        self.comment.setAccessibleName(_("审核意见"))
        self.comment.setTabChangesFocus(True)
        self.comment.setFixedHeight(theme.px(52))
        panel.body.addWidget(self.comment)
        self.usual = button(_("常用意见"), "link", "message", self._choose_usual)
        self.who = Label("", "note", "ink2")
        self.back = button(_("撤回这条意见  Z"), "link", "arrow-back-up", self.taken_back.emit)
        panel.body.addLayout(row(self.usual, None, self.back, self.who))
        panel.body.addWidget(rule())
        panel.body.addWidget(Label(_("往来"), "strong"))
        holder = QWidget()
        self._history = QVBoxLayout(holder)
        self._history.setContentsMargins(0, 0, 0, 0)
        self._history.setSpacing(theme.px(6))
        panel.body.addWidget(holder)
        panel.body.addStretch(1)
        self.words = WrappedLabel("", "note", "red")
        self.words.hide()
        self.accept = button(_("接受  A"), "", "check", lambda: self.judge("accept"))
        self.send_back = button(_("退回  R"), "danger", "arrow-back-up", lambda: self.judge("return"))
        self.value = QLineEdit()
        self.value.setFont(theme.font("strong"))
        self.value.setAccessibleName(_("核定为"))
        self.value.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.value.setFixedWidth(theme.px(86))
        self.value.returnPressed.connect(lambda: self.judge("set"))
        self.unit = Label("", "body")
        self.set = button(_("核定  K"), clicked=lambda: self.judge("set"))
        foot = QVBoxLayout()
        foot.setContentsMargins(theme.px(16), 0, theme.px(16), theme.px(10))
        foot.addWidget(rule())
        foot.addWidget(self.words)
        # Side by side, or one above the other where it is narrow.
        self._verdicts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._verdicts.addLayout(row(self.accept, self.send_back, None))
        self._verdicts.addLayout(row(None, Label(_("核定为"), "body"), self.value, self.unit, self.set))
        foot.addLayout(self._verdicts)
        frame.body.addLayout(foot)
        self._narrow = False

    def set_narrow(self, narrow: bool) -> None:
        if narrow == self._narrow:
            return
        self._narrow = narrow
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        self._verdicts.setDirection(direction)
        self.caption.setText(_("审核意见") if narrow else self._caption_words())
        self.show_item(self.item)

    @staticmethod
    def _caption_words() -> str:
        return _("审核意见（退回或核定时必填，会显示在对方这一格旁边）")

    def show_item(self, item: ReviewItemView | None) -> None:
        different = self.item is None or item is None or self.item.subject != item.subject
        self.item = item
        self.frame.setVisible(item is not None)
        if item is None:
            return
        desk, period, view = self._session.desk, self._session.period, item.indicator
        month, last = text.month(period.key), text.month(period.shifted(-1).key)
        self.title.setText(f"{view.task}  {view.name}")
        self.light.set_light(view.light, text.light(view.light))
        expected = text.expected_value(view)
        parts = [
            (_("上期累计"), text.value(view, previous=True), last, "ink2"),
            (
                _("{month}上报数").format(month=month),
                text.value(view),
                _("本月 {more}").format(more=text.increase(view) or "0"),
                "",
            ),
        ]
        if view.figure.approved:
            parts[1] = (parts[1][0], text.number(view.figure.reported, view.decimals), parts[1][2], "")
            parts.append((_("核定数"), text.value(view), "", "blue"))
        lacking = view.evidence_missing
        parts.append(
            (
                _("佐证"),
                _("{count} 份").format(count=view.evidence),
                _("缺 {count} 份").format(count=lacking) if lacking else _("齐"),
                "red" if lacking else "",
            )
        )
        parts.append(
            (
                _("全年份额"),
                text.share(view),
                _("应达 {value}").format(
                    value=text.number(expected, view.decimals)
                    if expected is not None
                    else text.percent(view.expected)
                ),
                "ink2",
            )
        )
        # Where it is narrow, what was reported and what proves it.
        self.well.show_parts(parts[:3] if self._narrow else parts)
        evidence = desk.evidence_for(item.subject)
        self.evidence_title.setText(_("佐证对照（{count} 份）").format(count=len(evidence)))
        self.strip.set_evidence(evidence, view.evidence_missing)
        self.strip.setVisible(bool(evidence) or bool(view.evidence_missing))
        self.enlarge.setVisible(bool(evidence))
        self.check.setVisible(bool(item.check))
        if item.check:
            hard = item.check == _("数有错") or bool(lacking)
            late = item.before_closing and item.check == _("封账后改动")
            self.check.set(
                "warn" if late or not hard else "bad",
                item.check if late else _("检查没过：{what}").format(what=item.check),
                item.detail,
                "alert-circle" if hard else "alert-triangle",
            )
        self.unit.setText(view.unit)
        # A figure that was corrected meanwhile is offered anew, unless another was typed here.
        if different or self.value.text() == self._offered:
            self._offered = text.typed(view).replace(",", "").replace(" ", "")
            self.value.setText(self._offered)
        if different:
            self.comment.setPlainText(item.comment)
            self._say("")
            self.panel.verticalScrollBar().setValue(0)
        operator = desk.overview(period).operator.split(" · ")[0]
        judged = item.verdict != "waiting"
        self.back.setVisible(judged and not item.sent)
        # What has gone out is not taken back; another word is said in its place.
        sent, fresh = _("已发出，再定一次就以新的为准"), _("{name} · 会记入往来").format(name=operator)
        self.who.setText(sent if judged and item.sent else fresh)
        self.who.setVisible(item.sent or not judged)
        self._show_history(desk.dealings(item.subject))

    def _show_history(self, steps: list[HistoryView]) -> None:
        clear(self._history)
        today = self._session.desk.today()
        for step in steps[:HISTORY_SHOWN]:
            holder = QWidget()
            line = QHBoxLayout(holder)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(theme.px(16))
            judged = step.kind == "review"
            who = f"{step.unit_name} {step.operator}" if judged else step.operator
            line.addWidget(
                Label(f"{text.moment(step.at, today)} {who}", "note", "ink2"), 0, Qt.AlignmentFlag.AlignTop
            )
            words = step.after
            if not judged:
                words = _("{before} → {after}").format(
                    before=step.before or _("空"), after=step.after or _("空")
                )
            # A remark is what one comes here to read: it is not cut off.
            line.addWidget(WrappedLabel(f"{words}　{step.reason}".strip(), "note"), 1)
            self._history.addWidget(holder)

    def _say(self, fault: str) -> None:
        self.words.setText(fault)
        self.words.setVisible(bool(fault))

    def judge(self, verdict: str) -> None:
        """Verdicts other than 接受 need a comment; that is said here, before anything is written."""
        if self.item is None:
            return
        comment = self.comment.toPlainText().strip()
        if verdict != "accept" and not comment:
            self._say(_("请先写一句审核意见"))
            self.comment.setFocus()
            return
        value, _slash, of = self.value.text().strip().partition("/")
        if verdict == "set" and not value:
            self._say(_("请填核定为多少"))
            self.value.setFocus()
            return
        self._say("")
        self.judged.emit(verdict, value if verdict == "set" else "", of if verdict == "set" else "", comment)

    def _choose_usual(self) -> None:
        menu = QMenu(self)
        for words in usual_comments():
            menu.addAction(words, lambda words=words: self._add_comment(words))
        menu.exec(self.usual.mapToGlobal(self.usual.rect().bottomLeft()))

    def _add_comment(self, words: str) -> None:
        before = self.comment.toPlainText().strip()
        self.comment.setPlainText(f"{before}{words}" if before else words)
        self.comment.setFocus()

    def _enlarge(self) -> None:
        if self.item is None:
            return
        evidence = self._session.desk.evidence_for(self.item.subject)
        if evidence:
            from desktop_app.ui.widgets.viewer import ViewerDialog, pair_of

            views = pair_of(evidence[0], evidence) or evidence[:1]
            ViewerDialog(views, self._thumbnails, self.window()).exec()

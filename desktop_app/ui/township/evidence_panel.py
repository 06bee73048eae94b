"""Beside the grid: the piece itself, its caption, what it proves, and whether it holds personal data."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.view import EvidenceView, IssueView
from desktop_app.ui import text, theme
from desktop_app.ui.session import Session
from desktop_app.ui.township.evidence_dialog import StageBox
from desktop_app.ui.township.evidence_opening import may_open, open_piece
from desktop_app.ui.widgets.controls import FactRows, ScrollPanel, button, row, rule
from desktop_app.ui.widgets.labels import Label, WrappedLabel
from desktop_app.ui.widgets.thumbnails import Thumbnails, is_picture
from desktop_app.ui.widgets.viewer import Preview

ABOUT_SHOWN = 5


class EvidencePanel(ScrollPanel):
    compared = Signal(object)
    enlarged = Signal(object)
    withdrawn = Signal(object)
    open_wanted = Signal(object)
    about_wanted = Signal(object)
    """What the piece proves is to be chosen."""
    gap_pressed = Signal(object)
    """A file is wanted for what is missing."""

    def __init__(self, session: Session, thumbnails: Thumbnails) -> None:
        super().__init__((14, 12, 14, 12), 7)
        self.setObjectName("card")
        self._session = session
        self._gap: IssueView | None = None
        self._view: EvidenceView | None = None
        self.gap_part = QWidget()
        gap = QVBoxLayout(self.gap_part)
        gap.setContentsMargins(0, 0, 0, 0)
        self.gap_name = WrappedLabel("", "panel")
        self.gap_words = WrappedLabel("", "body", "red")
        gap.addWidget(self.gap_name)
        gap.addWidget(self.gap_words)
        gap.addWidget(
            WrappedLabel(
                _("没有佐证的，上级审核时会标“缺佐证”。把照片拖到左边，或者点下面的按钮。"), "note", "ink2"
            )
        )
        add = button(_("添加这一份"), "", "plus", lambda: self.gap_pressed.emit(self._gap))
        gap.addWidget(add, 0, Qt.AlignmentFlag.AlignLeft)
        gap.addStretch(1)
        self.body.addWidget(self.gap_part, 1)
        self.view_part = QWidget()
        outer, self.body = self.body, QVBoxLayout(self.view_part)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(theme.px(7))
        outer.addWidget(self.view_part, 1)
        self.preview = Preview(thumbnails, 172)
        self.body.addWidget(self.preview)
        self.compare = button(_("前后对比"), "small", "columns", lambda: self.compared.emit(self._view))
        enlarge = button(_("放大"), "small", "eye", lambda: self.enlarged.emit(self._view))
        self.open = button(_("打开"), "small", "file-text", lambda: self.open_wanted.emit(self._view))
        self.open.setToolTip(_("用电脑上的程序看全文"))
        self.bytes = Label("", "note", "ink2")
        self.open_wanted.connect(lambda view: open_piece(session, view))
        self.body.addLayout(row(self.compare, self.open, enlarge, None, self.bytes))
        self.body.addWidget(Label(_("说明"), "note", "ink2"))
        self.caption = QLineEdit()
        self.caption.setFont(theme.font("note"))
        self.caption.setAccessibleName(_("说明"))
        self.caption.editingFinished.connect(self._save_caption)
        self.body.addWidget(self.caption)
        self.stage = StageBox()
        self.stage.activated.connect(lambda _number: self._save_stage())
        self.stage.words.editingFinished.connect(self._save_stage)
        line = row(Label(_("阶段"), "note", "ink2"), self.stage)
        line.setStretch(1, 1)
        self.body.addLayout(line)
        self.about_title = Label("", "note", "ink2")
        self.choose = button(
            _("改…"), "link", clicked=lambda: self.about_wanted.emit(self._view), role="note"
        )
        self.choose.setAccessibleName(_("改它证明什么"))
        self.body.addLayout(row(self.about_title, None, self.choose))
        self.about = WrappedLabel("", "note")
        self.body.addWidget(self.about)
        self.body.addWidget(rule())
        self.personal = QCheckBox(_("含个人信息(P)"))
        self.personal.setFont(theme.font("note"))
        self.personal.clicked.connect(self._save_personal)
        self.body.addWidget(self.personal)
        self.body.addWidget(
            WrappedLabel(_("勾选后加密保存，默认不随上报包发出；用微信发送时一律不带。"), "small", "ink2")
        )
        self.extract = QCheckBox(_("业务系统导出，证明本指标全部已完成的"))
        self.extract.setFont(theme.font("note"))
        self.extract.clicked.connect(self._save_extract)
        self.body.addWidget(self.extract)
        self.body.addWidget(rule())
        self.facts = FactRows()
        self.body.addWidget(self.facts)
        self.body.addStretch(1)
        self.withdraw = button(_("撤下这份…"), "danger", clicked=lambda: self.withdrawn.emit(self._view))
        self.body.addWidget(self.withdraw, 0, Qt.AlignmentFlag.AlignRight)

    def show_gap(self, gap: IssueView | None) -> None:
        self._gap = gap
        self.gap_part.setVisible(gap is not None)
        if gap is not None:
            self.gap_name.setText(gap.name)
            self.gap_words.setText(gap.text)

    def show_view(
        self,
        view: EvidenceView | None,
        names: dict[str, str],
        comparable: bool,
        stages: Sequence[str] = (),
    ) -> None:
        """`stages` are those the plan knows for what the piece is about."""
        self._view = view
        self.view_part.setVisible(view is not None)
        if view is None:
            return
        today = self._session.desk.today()
        self.preview.show_view(view)
        # A picture is compared, a document is read.
        picture = is_picture(view.media)
        self.compare.setVisible(picture)
        self.compare.setEnabled(comparable)
        self.open.setVisible(not picture)
        self.open.setEnabled(may_open(view))
        self.bytes.setText(text.size(view.size))
        if not self.caption.hasFocus() or not self.caption.isModified():
            self.caption.setText(view.caption)
            self.caption.setCursorPosition(0)
        if not self.stage.words.hasFocus():
            self.stage.fill(stages, view.stage)
        self.about_title.setText(_("证明什么（{count}）").format(count=len(view.about)))
        lines = []
        for about in view.about:
            # An indicator stands as itself or as indicator/…; never show its bare number.
            last = about.rsplit("/", 1)[-1]
            lines.append(f"✓ {names.get(about) or names.get(last, last)}")
        self.about.setToolTip("\n".join(lines))
        if len(lines) > ABOUT_SHOWN:
            rest = len(lines) - ABOUT_SHOWN + 1
            lines = [*lines[: ABOUT_SHOWN - 1], _("… 还有 {count} 处").format(count=rest)]
        self.about.setText("\n".join(lines) or _("还没有归到任务"))
        self.personal.setChecked(view.personal)
        # A list or a document that was added to the indicator itself may stand for all of its cases.
        self.extract.setVisible(not is_picture(view.media) and any(_is_indicator(a) for a in view.about))
        self.extract.setChecked(view.extract)
        facts = [
            (_("拍摄"), text.moment(view.taken) or _("不详")),
            (_("加入"), text.moment(view.added, today)),
            (_("谁加的"), view.operator),
            (_("文件"), _("在本机") if view.present else _("还没收到")),
        ]
        if view.original:
            # Enough of it to compare with the photo in the phone; the whole one stands in the journal.
            facts.append((_("原照片指纹"), f"{view.original[:8].upper()}…"))
        self.facts.set_facts(facts)

    def _save_caption(self) -> None:
        view, words = self._view, self.caption.text().strip()
        if view is None or words == view.caption or not self.caption.isModified():
            return
        self.caption.setModified(False)
        self._session.attempt(lambda desk: desk.describe(view.subject, {"caption": words}), _("说明已改"))

    def _save_stage(self) -> None:
        view, words = self._view, self.stage.currentText().strip()
        if view is not None and words != view.stage:
            self._session.attempt(lambda desk: desk.describe(view.subject, {"stage": words}), _("阶段已改"))

    def _save_personal(self, on: bool) -> None:
        view = self._view
        if view is not None:
            words = _("已标为含个人信息，不会随上报包发出") if on else _("已去掉“含个人信息”")
            self._session.attempt(lambda desk: desk.describe(view.subject, {"personal": on}), words)

    def _save_extract(self, on: bool) -> None:
        view = self._view
        if view is not None:
            words = _("已记为业务系统导出，本指标已完成的都算有佐证") if on else _("不再作为业务系统导出")
            self._session.attempt(lambda desk: desk.describe(view.subject, {"extract": on}), words)

    def toggle_personal(self) -> None:
        if self._view is not None:
            self.personal.click()


def _is_indicator(about: str) -> bool:
    return about.startswith("indicator/") or "/" not in about

"""怎么定: keep one side, send the question back to its office, or state another figure; and many at once by one rule.

A unit above never puts a figure in the place of the one reported: what it holds for right stands beside it as 核定数.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QRadioButton, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.answers import Fork
from desktop_app.ui.county.closing_dialogs import Form
from desktop_app.ui.session import Session
from desktop_app.ui.widgets.controls import Card, clear, row
from desktop_app.ui.widgets.labels import Label

LETTERS = "甲乙丙丁戊己"
GIVEN_BACK, OTHER = "back", "other"


class Decision(Card):
    """`named` says that the primary button is to be called anew."""

    named = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__((16, 10, 16, 12), 8)
        self._session = session
        self._fork: Fork | None = None
        self.head = Label("", "note", "ink2")
        self.body.addLayout(row(Label(_("怎么定"), "strong"), self.head, None))
        self._group = QButtonGroup(self)
        self.choices: dict[str, QRadioButton] = {}
        self._line = QHBoxLayout()
        self._line.setSpacing(theme.px(20))
        self.other = QLineEdit()
        self.other.setFont(theme.font("strong"))
        self.other.setAccessibleName(_("核定为"))
        self.other.setFixedWidth(theme.px(90))
        self.other.hide()
        line = QHBoxLayout()
        line.addLayout(self._line)
        line.addWidget(self.other)
        line.addStretch(1)
        self.body.addLayout(line)
        self.reason = QLineEdit()
        self.reason.setFont(theme.font("body"))
        self.reason.setAccessibleName(_("理由"))
        self.reason.setPlaceholderText(_("例如：已电话核实，按验收表计"))
        self.body.addLayout(row(Label(_("理由"), "body"), self.reason))
        self.words = Label("", "note", "red")
        self.words.hide()
        self.body.addWidget(self.words)

    def show_fork(self, fork: Fork) -> None:
        self._fork = fork
        own = fork.unit == self._session.desk.unit
        for made in self._group.buttons():
            self._group.removeButton(made)
        clear(self._line)
        self.choices = {}
        options = [
            (side.id, _("用{letter} {value}").format(letter=LETTERS[n], value=side.value))
            for n, side in enumerate(fork.sides)
        ]
        if not own:
            options.append((GIVEN_BACK, _("退给{unit}自己定").format(unit=fork.unit_name)))
        if fork.measure:
            options.append((OTHER, _("改成别的数") if own else _("核定为别的数")))
        for key, words in options:
            made = QRadioButton(words)
            made.setFont(theme.font("body"))
            made.toggled.connect(lambda _on: self._name())
            self._group.addButton(made)
            self.choices[key] = made
            self._line.addWidget(made)
        if fork.answered:
            said = {"return": _("已退给{unit}，等它定下来"), "set": _("已另记核定数，原来的几份都留着")}
            self.head.setText(said[fork.answered].format(unit=fork.unit_name))
        else:
            self.head.setText(_("定下来会记下你的名字和理由，几份原记录都保留。"))
        counted = next((side for side in fork.sides if side.counted), fork.sides[0])
        self.choices[counted.id].setChecked(True)
        self.reason.clear()
        self.other.clear()
        self.say("")
        self._name()

    def chosen(self) -> str:
        return next((key for key, made in self.choices.items() if made.isChecked()), "")

    def _name(self) -> None:
        fork, key = self._fork, self.chosen()
        self.other.setVisible(key == OTHER)
        if fork is None:
            return
        for number, side in enumerate(fork.sides):
            if side.id == key:
                words = _("按{letter} {value} 定下来")
                self.named.emit(words.format(letter=LETTERS[number], value=side.value))
                return
        if key == GIVEN_BACK:
            self.named.emit(_("退回"))
        else:
            own = fork.unit == self._session.desk.unit
            self.named.emit(_("按这个数定下来") if own else _("记下核定数"))

    def say(self, fault: str) -> None:
        self.words.setText(fault)
        self.words.setVisible(bool(fault))

    def decide(self) -> None:
        """Write the decision; what is lacking is said here."""
        fork, reason, key = self._fork, self.reason.text().strip(), self.chosen()
        if fork is None:
            return
        if not reason:
            self.say(_("请写一句理由"))
            self.reason.setFocus()
            return
        value = self.other.text().strip() if key == OTHER else ""
        if key == OTHER and not value:
            self.say(_("请填核定为多少"))
            self.other.setFocus()
            return
        number, _slash, of = value.partition("/")
        title = f"{fork.unit_name} {fork.title}"
        if key == GIVEN_BACK:
            words = _("已退回：{title}，随下一次回执告诉对方").format(title=title)
            self._session.attempt(lambda desk: desk.review(fork.subject, "return", comment=reason), words)
        elif key == OTHER and fork.unit != self._session.desk.unit:
            self._session.attempt(
                lambda desk: desk.review(fork.subject, "set", value=number, of=of or None, comment=reason),
                _("已核定：{title}，上报数也留着").format(title=title),
            )
        else:
            self._session.attempt(
                lambda desk: desk.settle(
                    fork.subject,
                    keep=None if key == OTHER else key,
                    value=number or None,
                    of=of or None,
                    reason=reason,
                ),
                _("已定下来：{title}").format(title=title),
            )


class RuleDialog(Form):
    """Many differences by one stated rule; the rule is written into the reason of each."""

    def __init__(self, session: Session, open_forks: Sequence[Fork], parent: QWidget | None = None) -> None:
        super().__init__(
            _("按一条规则一次定"),
            _("{count} 处还没有定的，都按同一条规则定。规则写进每一处的理由里，几份原记录都保留。").format(
                count=len(open_forks)
            ),
            _("都这样定"),
            parent,
        )
        self._session, self._forks = session, open_forks
        self.rule = self.choice(
            _("规则"),
            [
                (_("都按填写时间最晚的"), "latest"),
                (_("都按数值最大的"), "greatest"),
                (_("都按数值最小的"), "least"),
                (_("都按现在暂计的"), "shown"),
            ],
        )
        self.reason = self.line(_("理由"), hint=_("例如：已逐家电话核实，以最后填的为准"))

    def fault(self) -> str:
        return "" if self.reason.text().strip() else _("请写一句理由")

    def take(self) -> None:
        from desktop_app.core.errors import KnownError

        fault = self.fault()
        self.words.setText(fault)
        if fault:
            return
        try:
            changes, left = self._session.desk.settle_all(
                self.rule.currentData(), self.reason.text().strip(), [fork.subject for fork in self._forks]
            )
        except KnownError as error:
            self.words.setText(f"{error.what}{error.next_step}")
            return
        words = _("定了 {count} 处").format(count=changes.entries)
        if left:
            names = {fork.subject: f"{fork.unit_name} {fork.title}" for fork in self._forks}
            subject, why = left[0]
            words += _("；{count} 处没有定，例如 {name}：{why}").format(
                count=len(left), name=names.get(subject, subject), why=why
            )
        self._session.write(changes, words)
        self.accept()

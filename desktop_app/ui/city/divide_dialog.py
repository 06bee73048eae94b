"""How one indicator is divided by a rule: the rule in words, the base typed or pasted, the outcome shown first."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_app.core.errors import KnownError
from desktop_app.core.i18n import _
from desktop_app.core.operations.dividing import Line, Method, number, proposed
from desktop_app.ui import text, theme
from desktop_app.ui.city.dialog_size import open_at
from desktop_app.ui.widgets.controls import Banner, button, row
from desktop_app.ui.widgets.labels import Label


def rules() -> tuple[tuple[Method, str, str], ...]:
    """Each way to divide: its key, its name, its rule in words."""
    return (
        (
            "proportional",
            _("按基数比例分"),
            _("各地份额＝本地基数 × 总数 ÷ 基数合计；零头按最大余数法，合计正好。"),
        ),
        ("equal", _("平均分"), _("各地一样多；零头按最大余数法给前面的，合计正好。")),
        ("base", _("基数就是份额"), _("逐村（户）都要有的：填各地的村数（户数），就是份额。")),
        ("same", _("各地同一底线"), _("每个地方都要达到的：各地填同一个数，不相加。")),
    )


class DivideDialog(QDialog):
    def __init__(
        self,
        line: Line,
        areas: list[tuple[str, str]],
        parent: QWidget | None = None,
        offices: Sequence[tuple[str, str]] = (),
    ) -> None:
        """`offices` are those of this level that report something themselves: what stays here is theirs."""
        super().__init__(parent)
        self.line, self.areas, self.offices = line, areas, list(offices)
        self.outcome: dict[str, Fraction] = {}
        self.setWindowTitle(_("按规则分"))
        open_at(self, 560, 520)
        layout = QVBoxLayout(self)
        layout.addWidget(Label(f"{line.task}  {line.name}", "panel"))
        target = text.number(line.target, line.decimals) if line.target is not None else _("待定")
        layout.addWidget(Label(_("目标 {target} {unit}").format(target=target, unit=line.unit), "note"))
        self.method = QComboBox()
        self.method.setFont(theme.font("body"))
        for key, words, _rule in rules():
            self.method.addItem(words, key)
        start = "proportional" if line.adds == "sum" else "base" if line.adds == "universal" else "same"
        self.method.setCurrentIndex([rule[0] for rule in rules()].index(start))  # type: ignore[arg-type]
        self.rule = Label("", "note")
        self.rule.setWordWrap(True)
        self.base = QPlainTextEdit()
        self.base.setFont(theme.font("body"))
        self.base.setPlaceholderText(
            _("从 Excel 粘贴：每行一个地方和它的基数，例如\n{name}  128").format(
                name=areas[0][1] if areas else ""
            )
        )
        self.base.setPlainText("\n".join(f"{name}\t" for _area, name in areas))
        self.aside, self.least = QLineEdit("0"), QLineEdit("0")
        self.holder = QComboBox()
        for code, name in self.offices:
            self.holder.addItem(name, code)
        self.holder.setVisible(bool(self.offices))
        form = QFormLayout()
        for words, field in (
            (_("规则"), self.method),
            ("", self.rule),
            (_("各地基数"), self.base),
            (_("市本级留下"), self.aside),
            (_("每家保底"), self.least),
        ):
            field.setFont(theme.font("note" if field is self.rule else "body"))
            if field is self.aside:
                form.addRow(Label(words, "body"), row(self.aside, self.holder))
            else:
                form.addRow(Label(words, "body"), field)
        layout.addLayout(form, 1)
        self.banner = Banner()
        layout.addWidget(self.banner)
        self.take = button(_("放进格子"), "primary", clicked=self.accept)
        layout.addLayout(row(None, button(_("取消"), clicked=self.reject), self.take))
        self.method.currentIndexChanged.connect(self._check)
        self.base.textChanged.connect(self._check)
        self.aside.textChanged.connect(self._check)
        self.least.textChanged.connect(self._check)
        self.holder.currentIndexChanged.connect(self._check)
        self._check()

    def bases(self) -> tuple[dict[str, Fraction], list[str]]:
        """The bases by area, and lines that name no area here or no number."""
        names = {name: area for area, name in self.areas} | {area: area for area, _name in self.areas}
        found: dict[str, Fraction] = {}
        strange = []
        for words in self.base.toPlainText().splitlines():
            parts = words.split()
            if len(parts) < 2:
                continue
            value = number(parts[-1])
            if parts[0] in names and value is not None:
                found[names[parts[0]]] = value
            else:
                strange.append(words.strip())
        return found, strange

    def _check(self) -> None:
        method: Method = self.method.currentData()
        self.rule.setText(next(rule for key, _words, rule in rules() if key == method))
        self.base.setEnabled(method in ("proportional", "base"))
        for field in (self.aside, self.least):
            field.setEnabled(method in ("proportional", "equal"))
        base, strange = self.bases()
        self.outcome = {}
        try:
            aside, least = (number(field.text()) or Fraction(0) for field in (self.aside, self.least))
            self.outcome = proposed(
                self.line, [area for area, _name in self.areas], method, base, aside=aside, least=least
            )
        except KnownError as error:
            self.banner.set("warn", error.what, error.next_step, "info-circle")
            self.take.setEnabled(False)
            return
        kept = self.holder.currentData()
        if aside and method in ("proportional", "equal") and kept:
            self.outcome[kept] = aside
        if strange:
            self.banner.set("warn", _("有认不出的行"), "；".join(strange[:3]), "alert-triangle")
        elif aside and method in ("proportional", "equal") and not kept:
            self.banner.set(
                "warn",
                _("市本级留下的 {value} 还没有单位填报").format(value=text.number(aside, self.line.decimals)),
                _("先用“填报单位…”指定一个市直单位，它就有一列，合计才会正好。"),
                "alert-triangle",
            )
        else:
            words = "，".join(
                f"{name} {text.number(self.outcome[area], self.line.decimals)}"
                for area, name in (*self.areas, *self.offices)
                if area in self.outcome
            )
            self.banner.set("ok", _("分出来是"), words, "circle-check")
        self.take.setEnabled(True)

"""录完了？: asked once where cells of a unit's paper were left empty, with what becomes of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import IndicatorView
from desktop_app.ui import text
from desktop_app.ui.identity.dialogs import PlainDialog
from desktop_app.ui.widgets.controls import button, row
from desktop_app.ui.widgets.labels import WrappedLabel

NAMED = 8


class FinishDialog(PlainDialog):
    def __init__(
        self,
        unit: str,
        period: Period,
        total: int,
        left: Sequence[IndicatorView],
        parent: QWidget | None = None,
    ) -> None:
        month = text.month(period.key)
        super().__init__(_("记为代录"), parent)
        self.column.addWidget(
            WrappedLabel(
                _("{unit}{month}：一共 {total} 格，还有 {left} 格没有录").format(
                    unit=unit, month=month, total=total, left=len(left)
                ),
                "panel",
            )
        )
        carried = sum(bool(view.figure.carried) for view in left)
        words = []
        if carried:
            words.append(_("{count} 格沿用它上一次的数，会注明沿用到几月。").format(count=carried))
        if carried < len(left):
            words.append(
                _("{count} 格它以前也没报过，仍是未填，不会当作 0。").format(count=len(left) - carried)
            )
        words.append(_("原件上没有这些数就这样记；有的话，先接着录。"))
        self.words = WrappedLabel("\n".join(words), "body")
        self.column.addWidget(self.words)
        names = "、".join(f"{view.task} {view.name}" for view in left[:NAMED])
        if len(left) > NAMED:
            names = _("{names} 等 {count} 项").format(names=names, count=len(left))
        self.column.addWidget(WrappedLabel(_("没有录的：{names}").format(names=names), "note", "ink2"))
        self.go = button(_("就这样记为代录"), clicked=self.accept)
        self.on = button(_("接着录"), "primary", clicked=self.reject)
        self.on.setDefault(True)
        self.foot.addLayout(row(None, self.go, self.on))


def ask_finish(unit: str, period: Period, total: int, left: Sequence[IndicatorView], parent: QWidget) -> bool:
    return not left or bool(FinishDialog(unit, period, total, left, parent).exec())

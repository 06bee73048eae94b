"""Shift+F1 and the bar's button: what this page is for, and the keys, on one sheet."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from desktop_app.core.i18n import _
from desktop_app.ui import theme
from desktop_app.ui.frame.about_dialog import AboutDialog
from desktop_app.ui.widgets.controls import ScrollPanel, button, fitting, row, rule
from desktop_app.ui.widgets.labels import Label, WrappedLabel


def _about() -> dict[str, str]:
    return {
        "home": _(
            "这一页说现在该做什么：哪些没填、哪些被退回、上次上报对方收到没有。按一下大按钮就去做下一步。"
        ),
        "tasks": _(
            "这一页看 50 项任务走到哪里。点一行，右边是它的走势、节点、佐证和上级的意见，也可以在那里直接填数。"
        ),
        "entry": _(
            "像 Excel 一样填。填年初到本期末的累计数，本期新增自动算。"
            "回车保存并到下一格；红色必须改，黄色写一句原因即可。"
        ),
        "sites": _("按处、按户登记的台账。完成的处数自动成为累计数，不用另填。"),
        "evidence": _(
            "照片、PDF、Office 文件拖进来，或按 Ctrl+V 粘贴。含个人信息的勾上，就不会随上报包发出。"
        ),
        "problems": _("推进中碰到的问题：谁提的、什么时候要解决、怎么答复的。"),
        "submit": _("五步：检查、预览、签名、送到哪里、结果。写好的文件会读回来核对，校验码印在盖章表上。"),
        "forward": _("五步：检查、预览、签名、送到哪里、结果。下级的签名原样随包上报。"),
        "inbox": _("把收到的文件拖进来。重复的不会重复算，顺序不要紧；核对不过的放进隔离夹，并说明为什么。"),
        "review": _(
            "逐项看下级报来的数。A 接受，R 退回，K 核定为别的数；J、L 上一项、下一项。退回和核定要写意见。"
        ),
        "forks": _("同一格有两种说法时，两份都留着，由人来定。定下来之前按其中一份暂计。"),
        "shares": _("把目标分给下级：平均分、按基数分、或者一格一格填，合计随时对着总数。"),
        "proxy": _(
            "下级交来纸质表或普通表格时，先放原件，再照着录。到处都标“代录”，等它自己报来就以它的为准。"
        ),
        "closing": _("每月的统计截止日、报送日、封账日；封账以后报错了的，在这里写更正，列入更正表。"),
        "missing": _("谁还没报、谁迟了、谁的文件不全，催报文字可以直接复制。"),
        "board": _("50 项任务和各县区一张图。鼠标停在一格上看份额、完成、节点和佐证；F11 全屏。"),
        "registers": _("名册、走访、验收、督办这些本子，一条一登记；办结的附上佐证。姓名只写在加密的栏里。"),
        "dispatch": _("调度会、议定事项和督办单：谁来办、什么时候前答复。过了期限的变红。"),
        "money": _("补助标准乘人数是参考数，旁边是到位、支付和缺口。没有文件定比例的，程序不猜，写“未定”。"),
        "plan": _("有哪些任务和指标，依据通知的哪句话。市里在这里读通知、定疑点、年中调整目标。"),
        "divide": _("一行一个指标，一列一个县区。点一格就能填，也能整块粘贴；“差额”对着目标。"),
        "schedule": _("从期限往回排：应达多少、实际多少、富余几天。点“定进度”改日程。"),
        "papers": _("通报、排名、公开页和年终，都从报上来的数出；选一个截止点，以后再出也一样。"),
        "settings": _("字号、语言、备份、密钥和证书。请先选一个备份的地方。"),
    }


def keys() -> list[tuple[str, str]]:
    return [
        ("F1", _("使用手册，翻到这一页")),
        ("Shift+F1", _("这一页的说明和按键")),
        ("Ctrl+K", _("查找任务、指标、单位")),
        ("Ctrl+1 … 9", _("换页面")),
        ("Ctrl+Enter", _("按右上角的主按钮")),
        ("F2", _("修改这一格")),
        ("Enter / Tab", _("保存，到下一格 / 右边一格")),
        ("F8", _("下一个未填")),
        ("Ctrl+=", _("本期无变化")),
        ("F3", _("这一格的历史")),
        ("Ctrl+Z / Ctrl+Y", _("撤销 / 重做")),
        ("Ctrl+C / Ctrl+V", _("复制到 Excel / 从 Excel 粘贴一块")),
        ("Ctrl+S", _("备份")),
        ("A R K", _("审核时：接受、退回、核定")),
        ("J L", _("审核时：上一项、下一项")),
        ("P", _("佐证：含个人信息")),
        ("F11", _("挂图全屏")),
    ]


class HelpDialog(QDialog):
    def __init__(self, page: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("帮助"))
        self.resize(fitting(parent, 520, 560))
        layout = QVBoxLayout(self)
        panel = ScrollPanel()
        words = _about().get(page)
        if words:
            panel.body.addWidget(Label(_("这一页"), "panel"))
            panel.body.addWidget(WrappedLabel(words, "prose"))
            panel.body.addWidget(rule())
        panel.body.addWidget(Label(_("按键"), "panel"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme.px(20))
        grid.setColumnStretch(1, 1)
        for number, (key, words) in enumerate(keys()):
            grid.addWidget(Label(key, "strong", "accent"), number, 0)
            grid.addWidget(WrappedLabel(words, "body"), number, 1)
        panel.body.addLayout(grid)
        panel.body.addStretch(1)
        layout.addWidget(panel, 1)
        close = button(_("知道了"), "primary", clicked=self.accept)
        check = button(_("给数据做一次体检…"), "", "checklist", self._examine)
        about = button(_("关于"), clicked=lambda: AboutDialog(self).exec())
        manual = button(_("使用手册"), "", "help-circle", self._read_manual)
        layout.addLayout(row(manual, check, about, None, close))

    def _read_manual(self) -> None:
        window = self.parent()
        self.accept()
        if hasattr(window, "show_manual"):
            window.show_manual()
        else:
            from desktop_app.ui.frame.manual_window import ManualWindow

            self.manual = ManualWindow("", window if isinstance(window, QWidget) else None)
            self.manual.show()

    def _examine(self) -> None:
        from desktop_app.ui.frame.doctor_dialog import examine

        window = self.parent()
        session = getattr(window, "session", None)
        if session is not None and isinstance(window, QWidget):
            self.accept()
            examine(session, window)

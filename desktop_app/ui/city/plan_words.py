"""The notice's own words of one task, with what was read from them marked."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QTextBrowser

from desktop_app.core.i18n import _
from desktop_app.ui import theme

_QUOTED = re.compile(r"「(.+?)」")


def quotes_in(text: str) -> list[str]:
    """The notice's words that a doubt speaks of."""
    return _QUOTED.findall(text)


def marked(text: str, figures: Sequence[str], doubted: Sequence[str], chosen: str = "") -> str:
    """The text as HTML: figures in blue, doubtful words in amber, what is chosen on a strong ground."""
    spans: list[tuple[int, int, str]] = []

    def add(words: str, style: str) -> None:
        start = text.find(words) if words else -1
        while start >= 0:
            spans.append((start, start + len(words), style))
            start = text.find(words, start + len(words))

    if chosen:
        add(chosen, f"background:{theme.ACCENT};color:{theme.WHITE};")
    for quote in sorted(figures, key=len, reverse=True):
        add(quote, f"background:{theme.BLUE_TINT};color:{theme.BLUE};font-weight:600;")
    for quote in sorted(doubted, key=len, reverse=True):
        add(quote, f"background:{theme.AMBER_TINT};")
    owner: list[str] = [""] * len(text)
    for start, end, style in reversed(spans):
        owner[start:end] = [style] * (end - start)
    parts, place = [], 0
    while place < len(text):
        end = place
        while end < len(text) and owner[end] == owner[place]:
            end += 1
        piece = html.escape(text[place:end])
        parts.append(f'<span style="{owner[place]}">{piece}</span>' if owner[place] else piece)
        place = end
    return "".join(parts)


class WordsView(QTextBrowser):
    """Task number, target, leads, measures.  Scrolls to what is chosen."""

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.setFont(theme.font("body"))
        self.setOpenLinks(False)
        self.setAccessibleName(_("通知原文"))
        self.document().setDocumentMargin(theme.px(12))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(200), theme.px(120))

    def show_task(
        self,
        head: str,
        target: str,
        lead: Sequence[str],
        measures: Sequence[str],
        *,
        figures: Sequence[str] = (),
        doubted: Sequence[str] = (),
        chosen: str = "",
        doubt: str = "",
        below: Sequence[str] = (),
    ) -> None:
        def told(text: str) -> str:
            return marked(text, figures, doubted, chosen)

        grey = f"color:{theme.INK2};"
        lines = [f'<p style="color:{theme.AMBER};">{html.escape(doubt)}</p>'] if doubt else []
        lines += [
            f'<p style="{grey}margin-bottom:2px;">{html.escape(head)}</p>',
            f'<p style="line-height:150%;margin-top:0;"><b>{told(target)}</b></p>',
            f'<p><span style="{grey}">{_("牵头单位")}　</span>{told("、".join(lead) or "—")}</p>',
        ]
        if measures:
            lines.append(f'<p style="{grey}margin-bottom:2px;">{_("推进措施")}</p>')
            lines += [
                f'<p style="line-height:145%;margin-top:3px;">（{number}）{told(text)}</p>'
                for number, text in enumerate(measures, start=1)
            ]
        lines += [f'<p style="{grey}">{html.escape(text)}</p>' for text in below]
        self.setHtml("".join(lines))
        self.moveCursor(QTextCursor.MoveOperation.Start)
        if chosen:
            self.find(chosen)
            cursor = self.textCursor()
            cursor.clearSelection()
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def show_nothing(self, words: str) -> None:
        self.setHtml(f'<p style="color:{theme.INK2};">{html.escape(words)}</p>')

"""What every command shares: the workspace, the output, the passphrase."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from desktop_app.core.errors import UsageError
from desktop_app.core.i18n import _
from desktop_app.core.model.period import Period

if TYPE_CHECKING:
    from desktop_app.core.operations.workspace import Workspace
    from desktop_app.core.report.paper import Paper

pass_line = click.make_pass_decorator(object)


def put_json(value: object) -> None:
    """One JSON document on standard output."""
    from desktop_app.core.operations.reading import json_ready

    text = msgspec.json.format(msgspec.json.encode(json_ready(value)), indent=1).decode()
    click.echo(text)


class Line:
    """One command line under way: where its workspace is, whether it speaks JSON, how it will end."""

    def __init__(
        self,
        workspace_folder: Path | None,
        json: bool,
        paper: Callable[[], Paper] | None = None,
    ) -> None:
        self._paper = paper
        self.folder = workspace_folder
        self.json = json
        self.status = 0
        self.said = False
        self._workspace: Workspace | None = None

    def workspace(self, *, writing: bool = True) -> Workspace:
        """The workspace, opened once.  UsageError where none was named."""
        if self._workspace is None:
            from desktop_app.core.operations.workspace import Workspace

            folder = self.folder
            if folder is None:
                if not Path("taizhang.db").exists():
                    raise UsageError(
                        _("没有说明是哪个工作区。"),
                        next_step=_("请加 --workspace 文件夹，或设置环境变量 TAIZHANG_WORKSPACE。"),
                    )
                folder = Path(".")
            self._workspace = Workspace.open(folder, writing=writing)
            self._workspace.ask_passphrase = ask_passphrase
        return self._workspace

    def paper(self) -> Paper:
        """Who draws pages; UsageError where the program was started without one."""
        if self._paper is None:
            raise UsageError(_("这里画不了页面。"), next_step=_("请用 taizhang 程序本身来运行这条命令。"))
        return self._paper()

    def adopt(self, workspace: Workspace) -> Workspace:
        """A workspace that the command itself has made."""
        self._workspace = workspace
        workspace.ask_passphrase = ask_passphrase
        return workspace

    def close(self) -> None:
        if self._workspace is not None:
            self._workspace.close()
            self._workspace = None

    def report(self, document: object, text: Callable[[], Sequence[str]]) -> None:
        """The document with --json, else the lines for people."""
        if self.json:
            put_json(document)
            self.said = True
        else:
            for row in text():
                click.echo(row)

    def tell(self, text: str) -> None:
        """A result for people; with --json nothing but the document is printed on standard output."""
        click.echo(text, err=self.json)

    def progress(self, done: int, total: int, text: str = "") -> None:
        """Progress of long work, on standard error, only where a person watches."""
        if sys.stderr.isatty():
            share = f"{done}/{total}" if total else str(done)
            sys.stderr.write(f"\r{share} {text[:40]}\x1b[K" + ("\n" if total and done >= total else ""))
            sys.stderr.flush()

    def period(self, text: str | None) -> Period:
        """The period named, else the latest that has entries."""
        period = Period.parse(text) if text else self.workspace().latest_period()
        self.workspace().look_at(period)
        return period


def ask_passphrase() -> str | None:
    """Ask at the terminal; None where nobody can be asked."""
    if not sys.stdin or not sys.stdin.isatty():
        return None
    return str(click.prompt(_("密钥口令"), hide_input=True))


def passphrase_for(line: Line, *, confirm: bool = False) -> str:
    """The passphrase from the environment, else asked for (twice for a new one)."""
    import os

    given = os.environ.get("TAIZHANG_PASSPHRASE")
    if given is not None:
        return given
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError(
            _("要用密钥口令，现在没有人可问。"), next_step=_("请设置环境变量 TAIZHANG_PASSPHRASE。")
        )
    return str(click.prompt(_("密钥口令"), hide_input=True, confirmation_prompt=confirm))


def grid(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """A plain table whose columns line up although Chinese characters are twice as wide."""
    cells = [[cell_text(cell) for cell in row] for row in rows]
    widths = [
        max([display_width(head), *(display_width(row[index]) for row in cells)])
        for index, head in enumerate(heads)
    ]

    def line(row: Sequence[str]) -> str:
        return "  ".join(
            text + " " * (widths[index] - display_width(text)) for index, text in enumerate(row)
        ).rstrip()

    return [line(list(heads)), "  ".join("-" * width for width in widths), *(line(row) for row in cells)]


def cell_text(cell: object) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, Fraction):
        from desktop_app.core.figures.numbers import show

        return show(cell, 0 if cell.denominator == 1 else 2)
    return str(cell)


def display_width(text: str) -> int:
    import unicodedata

    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def percent(share: Any) -> str:
    from desktop_app.core.figures.numbers import show_percent

    return show_percent(share)

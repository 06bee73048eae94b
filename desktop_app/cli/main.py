"""The command line: one subcommand per operation, nothing that only forwards.

`--workspace` and `--json` may stand anywhere on the line, so they are taken out before click reads the rest.
Exit status: 0 done, 1 refused, 2 wrong usage, 3 a package did not verify.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from desktop_app import __version__
from desktop_app.cli.common import Line, put_json
from desktop_app.cli.line import globals_of
from desktop_app.core import i18n
from desktop_app.core.errors import Cancelled, KnownError, UsageError
from desktop_app.core.i18n import _
from desktop_app.core.store.database import in_words

if TYPE_CHECKING:
    from desktop_app.core.report.paper import Paper


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="taizhang")
def taizhang() -> None:
    """民生实事台账：登记、签名上报、汇总、看进度。

    \b
    --workspace DIR   单位的工作区文件夹（或环境变量 TAIZHANG_WORKSPACE）
    --json            在标准输出给出一个 JSON
    TAIZHANG_PASSPHRASE  密钥口令（没有人可问时）
    """


def run(words: Sequence[str], paper: Callable[[], Paper] | None = None) -> int:
    """Run one command line; every ending is decided here.  `paper` gives who draws pages for pdf and pictures."""
    from desktop_app.cli import (
        archiving,
        board,
        closing,
        copies,
        desk,
        figures,
        keys,
        packages,
        planning,
        records,
        registers,
        reports,
        reviewing,
        sheets,
        sites,
    )

    for module in (
        archiving,
        desk,
        keys,
        planning,
        figures,
        sites,
        packages,
        reviewing,
        copies,
        reports,
        sheets,
        closing,
        board,
        registers,
        records,
    ):
        module.add_to(taizhang)
    i18n.choose_language()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = globals_of(words)
    line = Line(workspace_folder=options.workspace, json=options.json, paper=paper)
    try:
        result = taizhang.main(
            args=list(options.words), prog_name="taizhang", standalone_mode=False, obj=line
        )
        return result if isinstance(result, int) else line.status
    except Cancelled:
        return 1
    except click.exceptions.Exit as ending:
        return int(ending.exit_code)
    except click.exceptions.Abort:
        return 1
    except click.ClickException as wrong:
        return _refuse(line, UsageError(wrong.format_message(), next_step=_("用 taizhang --help 查看用法。")))
    except KnownError as error:
        return _refuse(line, error)
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        return 1
    except Exception as fault:
        # A page of the database that turns out damaged, or a disk that goes away, in the middle of reading.
        return _refuse(line, in_words(fault, options.workspace or Path(".")) or _of_fault(fault))
    finally:
        line.close()


def _of_fault(fault: Exception) -> KnownError:
    logging.getLogger("taizhang").error("unexpected fault", exc_info=fault)
    return KnownError(
        _("程序出错了，这是软件的问题。"),
        meaning=_("已保存的内容没有丢。"),
        next_step=_("请把上面的文字发给技术人员。"),
        detail=repr(fault),
    )


def _refuse(line: Line, error: KnownError) -> int:
    """The reason and the next step on standard error; with --json the same as a document."""
    click.echo(error.what, err=True)
    if error.meaning:
        click.echo(error.meaning, err=True)
    if error.next_step:
        click.echo("→ " + error.next_step, err=True)
    if line.json and not line.said:
        put_json({"error": {"what": error.what, "meaning": error.meaning, "next_step": error.next_step}})
    return error.exit_status

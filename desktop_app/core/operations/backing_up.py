"""Backups made without being asked for: to a second place chosen once, at most one a day, the oldest thrown away.

What was chosen is remembered in the workspace (`meta`): it is about this computer and never travels.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from datetime import datetime
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, KnownError
from desktop_app.core.i18n import _
from desktop_app.core.operations import care
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store.database import FILE_NAME

KEPT = 7
"""Backups of one unit that are kept in the second place."""
_NAME = re.compile(r"(?P<unit>[^/\\]+)-(?P<stamp>\d{8}-\d{6})")


class BackupState(msgspec.Struct, frozen=True, kw_only=True):
    """Where backups go and how the last one went.  `folder` "" where nobody has chosen; `trouble` what stopped the
    last one, "" where it went well; `due` whether one should be made now."""

    folder: str
    last: str
    trouble: str
    due: bool
    present: bool
    """Whether the folder is there now (the stick is in)."""
    changed: bool
    """Whether anything was written since the last one made by itself."""
    same_disk: bool
    """Whether it lies on the same disk as the data: a disk that fails takes both."""
    kept: tuple[str, ...] = ()


def state(workspace: Workspace, now: datetime | None = None) -> BackupState:
    folder = workspace.store.meta("backup_folder")
    last = workspace.store.meta("last_backup")
    present = bool(folder) and Path(folder).is_dir()
    return BackupState(
        folder=folder,
        last=last,
        trouble=workspace.store.meta("backup_trouble"),
        due=bool(folder) and _due(workspace, last, now or datetime.fromisoformat(workspace.store.clock())),
        present=present,
        changed=_changed(workspace),
        same_disk=present and _same_disk(workspace.root, Path(folder)),
        kept=tuple(path.name for path in backups(Path(folder), workspace.unit_code)) if present else (),
    )


def _due(workspace: Workspace, last: str, now: datetime) -> bool:
    """Once a day, and only where something was written since."""
    if not last:
        return True
    try:
        made = datetime.fromisoformat(last)
    except ValueError:
        return True
    if made.astimezone().date() >= now.astimezone().date():
        return False
    return _changed(workspace)


def _changed(workspace: Workspace) -> bool:
    return _mark(workspace) != workspace.store.meta("backup_mark")


def _mark(workspace: Workspace) -> str:
    """How much there is: entries, files, files set aside."""
    row = workspace.store.connection.execute(
        "SELECT (SELECT count(*) FROM entry), (SELECT count(*) FROM file), (SELECT count(*) FROM set_aside)"
    ).fetchone()
    return "-".join(map(str, tuple(row)))


def _same_disk(first: Path, second: Path) -> bool:
    try:
        return first.stat().st_dev == second.stat().st_dev
    except OSError:
        return False


def choose(workspace: Workspace, folder: Path | None) -> None:
    """Choose the second place, or none.  InputError for a folder inside the workspace."""
    if folder is not None:
        if not folder.is_dir():
            raise InputError(
                _("找不到“{path}”。").format(path=folder), next_step=_("请选择一个已有的文件夹。")
            )
        inside = folder.resolve()
        if inside == workspace.root.resolve() or workspace.root.resolve() in inside.parents:
            raise InputError(
                _("备份不能放在数据自己的文件夹里。"),
                next_step=_("请选另一个盘或U盘上的文件夹。"),
            )
    workspace.store.set_meta("backup_folder", str(folder) if folder else "")
    workspace.store.set_meta("backup_trouble", "")


def back_up_daily(workspace: Workspace, progress: Progress = silent, *, force: bool = False) -> Path | None:
    """Make the day's backup if one is due (or `force`) and keep the latest few.  None where none was due.

    KnownError when it cannot be made; the reason is remembered and shown until one succeeds.
    """
    found = state(workspace)
    if not found.folder or not (found.due or force):
        return None
    folder = Path(found.folder)
    try:
        if not folder.is_dir():
            raise KnownError(
                _("备份的地方“{path}”不在。").format(path=folder),
                meaning=_("这次没有备份，数据本身没有问题。"),
                next_step=_("请插上那个U盘或移动硬盘，或在“设置”里另选一个地方。"),
            )
        target = care.back_up_to(workspace, folder, progress)
    except KnownError as problem:
        workspace.store.set_meta("backup_trouble", problem.what)
        raise
    workspace.store.set_meta("backup_trouble", "")
    workspace.store.set_meta("backup_mark", _mark(workspace))
    throw_away_old(folder, workspace.unit_code)
    return target


def backups(folder: Path, unit: str) -> list[Path]:
    """Finished backups of a unit in a folder, the latest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match and match["unit"] == unit and (path / FILE_NAME).is_file():
                found.append(path)
    return sorted(found, key=lambda path: path.name, reverse=True)


def find(folder: Path) -> Path:
    """The backup that a person means: the folder itself, or the latest of those in it.

    InputError where there is none, and where it holds backups of several units.
    """
    if (folder / FILE_NAME).is_file():
        return folder
    units = set()
    with contextlib.suppress(OSError):
        units = {match["unit"] for path in folder.iterdir() if (match := _NAME.fullmatch(path.name))}
    found = [kept for unit in sorted(units) for kept in backups(folder, unit)[:1]]
    if len(found) > 1:
        raise InputError(
            _("“{path}”里有 {count} 个单位的备份。").format(path=folder, count=len(found)),
            next_step=_("请打开它，选其中一个文件夹：名字前面是单位代码，后面是备份的日期和时间。"),
        )
    if not found:
        raise InputError(
            _("“{path}”里没有备份。").format(path=folder),
            next_step=_("备份是一个文件夹，名字像“990101101-20240630-173000”，里面有 taizhang.db。请选它。"),
        )
    return found[0]


def throw_away_old(folder: Path, unit: str, kept: int = KEPT) -> list[Path]:
    """Remove all but the latest, and the first of each of the last three months; only folders that are backups of
    this unit."""
    found = backups(folder, unit)
    months: dict[str, Path] = {}
    for path in found:
        months[path.name[len(unit) + 1 : len(unit) + 7]] = path
    spared = {*found[:kept], *(months[key] for key in sorted(months, reverse=True)[:3])}
    gone = [path for path in found if path not in spared]
    for path in gone:
        shutil.rmtree(path, ignore_errors=True)
    return gone

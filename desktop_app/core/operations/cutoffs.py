"""Named cut-offs (截止点), and the ledger as it was then: what is made from the same cut-off comes out the same.

`make` notes a moment of the journal as an entry of this unit; `open` gives a workspace that shows the ledger of that
moment and cannot be written to; `open_day` does so for the end of a day.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import msgspec

from desktop_app.core.errors import InputError, StorageError
from desktop_app.core.i18n import _
from desktop_app.core.model import subject as subjects
from desktop_app.core.model.bodies import CutoffBody
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.forms import day_of
from desktop_app.core.model.period import Period
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.store import past
from desktop_app.core.store.past import Moment
from desktop_app.core.store.store import Said, Store


class Cutoff(msgspec.Struct, frozen=True, kw_only=True):
    """A named moment: `key` names it for good, `name` for people; `at` when it was made, `day` its date."""

    key: str
    name: str
    period: str
    at: str
    operator: str
    moment: Moment
    entries: int
    digest: str

    @property
    def day(self) -> str:
        return day_of(self.at)


class PastWorkspace(Workspace):
    """A workspace as it was.  It reads as any other does; what would write is refused."""

    def __init__(self, root: Path, store: Store, day: date) -> None:
        super().__init__(root, store)
        self.day = day

    def say(self, said: Sequence[Said]) -> tuple[Changes, list[str]]:
        raise StorageError(
            _("现在看的是过去的台账，不能改。"),
            meaning=_("没有保存。"),
            next_step=_("请先回到现在，再改。"),
        )


def make(workspace: Workspace, name: str, period: Period) -> Cutoff:
    """Fix everything that has arrived until now under a name.  InputError where the name is taken or empty."""
    name = name.strip()
    if not name:
        raise InputError(_("截止点要有个名称。"), next_step=_("例如：6月通报。"))
    if any(known.name == name for known in all(workspace)):
        raise InputError(
            _("已经有一个叫“{name}”的截止点。").format(name=name),
            meaning=_("截止点定了就不再变，所以不能重名。"),
            next_step=_("请换一个名称，例如加上日期。"),
        )
    key = secrets.token_hex(6)
    with workspace.store.transaction():
        moment = past.present(workspace.store.connection)
        printed = past.fingerprint(workspace.store.connection, moment)
        body = CutoffBody(
            name=name,
            period=period.key,
            container=moment.container,
            segment=moment.segment,
            entries=printed.entries,
            digest=printed.digest,
        )
        about = subjects.cutoff(workspace.unit_code, key)
        workspace.say([Said(kind="cutoff", subject=about, body=body, operator=workspace.operator)])
    return next(known for known in all(workspace) if known.key == key)


def all(workspace: Workspace) -> list[Cutoff]:
    """This unit's cut-offs, the newest first."""
    found = [
        Cutoff(
            key=head.subject.split("/")[2],
            name=head.body.name,
            period=head.body.period,
            at=head.at,
            operator=head.operator,
            moment=Moment(container=head.body.container, segment=head.body.segment),
            entries=head.body.entries,
            digest=head.body.digest,
        )
        for head in workspace.store.ledger.heads("cutoff", workspace.unit_code)
    ]
    return sorted(found, key=lambda known: (known.at, known.key), reverse=True)


def find(workspace: Workspace, name: str) -> Cutoff:
    """By name or key; InputError where there is none."""
    for known in all(workspace):
        if name in (known.name, known.key):
            return known
    raise InputError(
        _("没有叫“{name}”的截止点。").format(name=name),
        next_step=_("请先定一个截止点（命令行：taizhang cutoff make），或从已有的里面选。"),
    )


def open(workspace: Workspace, cutoff: Cutoff, progress: Progress = silent) -> Workspace:
    """The workspace as it was at the cut-off, on a connection of its own; close it when done.  *Long* the first time.

    StorageError where this computer's journal is not the one the cut-off was made from.
    """
    printed = past.fingerprint(workspace.store.connection, cutoff.moment)
    if (printed.entries, printed.digest) != (cutoff.entries, cutoff.digest):
        raise StorageError(
            _("截止点“{name}”在这台电脑上还原不出来。").format(name=cutoff.name),
            meaning=_("它是在本单位另一台电脑上定的，两台收到文件的先后不一样。"),
            next_step=_("请在定它的那台电脑上打开，或在本机另定一个截止点。"),
        )
    return _open(workspace, cutoff.moment, cutoff.at, cutoff.digest[:16], progress)


def open_day(workspace: Workspace, day: date, progress: Progress = silent) -> Workspace:
    """The workspace as it was at the end of a day.  *Long* the first time."""
    moment = past.end_of(workspace.store.connection, day)
    return _open(workspace, moment, f"{day.isoformat()}T23:59:59", "", progress)


def _open(workspace: Workspace, moment: Moment, at: str, key: str, progress: Progress) -> Workspace:
    cache = workspace.root / "cache"
    store = past.opened(workspace.store, moment, at, cache, progress, key or day_of(at))
    if store.ledger.plan() is None:
        store.close()
        raise InputError(
            _("{day}时这里还没有方案，没有可看的。").format(day=day_of(at)),
            next_step=_("请选晚一些的日期或截止点。"),
        )
    found = PastWorkspace(workspace.root, store, date.fromisoformat(day_of(at)))
    found.borrow_key(workspace)
    return found

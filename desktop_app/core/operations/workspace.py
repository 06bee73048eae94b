"""A unit's folder, open: its store, its lock, its keys, who is at the keyboard."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from desktop_app.core import paths
from desktop_app.core.errors import InputError, RuleError, StorageError, TrustError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.period import Period
from desktop_app.core.model.plan import Indicator, Plan
from desktop_app.core.model.unit import Organisation, Unit
from desktop_app.core.store.database import disk_error
from desktop_app.core.store.store import Said, Store, is_unfinished
from desktop_app.core.trust import authority

if TYPE_CHECKING:
    from desktop_app.core.trust.signing import Signer

SAMPLE_DAY = "sample_day"
"""What a desk of a sample city keeps its day under."""
AskPassphrase = Callable[[], str | None]


class Workspace:
    """Open with `Workspace.open(folder)`; `writing` takes the operating system's lock, which vanishes with the
    process, so that two windows never write at once."""

    def __init__(self, root: Path, store: Store, lock: Any = None) -> None:
        self.root = root
        self.store = store
        self._lock = lock
        self._signer: Signer | None = None
        self.ask_passphrase: AskPassphrase | None = None
        self.day: date | None = None
        """The day that a past state is looked at from; None for today."""

    @classmethod
    def open(cls, root: Path, *, writing: bool = True) -> Workspace:
        """StorageError when it is no workspace, damaged, newer, or already open for writing elsewhere."""
        root = Path(root)
        refuse_network_share(root)
        lock = take_lock(root) if writing and (root / "taizhang.db").exists() else None
        try:
            if is_unfinished(root / "taizhang.db"):
                raise StorageError(
                    _("“{path}”里的工作区还没有建好，上次建到一半中断了。").format(path=root),
                    next_step=_("请用设立包（市级用机构表）在同一个文件夹再建一次；没有数据会丢。"),
                )
            workspace = cls(root, Store.open(root), lock)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        if lock is not None:
            workspace.sweep()
        if workspace.store.meta(SAMPLE_DAY):
            from desktop_app.core.operations import calendar

            workspace.store.clock = calendar.sample_clock(workspace)
        return workspace

    @classmethod
    def create(cls, root: Path, unit: str, city: str) -> Workspace:
        """A new workspace, of no use before `founded`; what was broken off before that is begun anew."""
        root = Path(root)
        refuse_network_share(root)
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise disk_error(problem, root) from problem
        lock = take_lock(root)
        try:
            return cls(root, Store.create(root, unit, city, founding=True), lock)
        except BaseException:
            lock.release()
            raise

    def founded(self) -> None:
        """The founding has come to its end."""
        self.store.founded()

    def sweep(self) -> None:
        """Remove what a program that was killed has left lying: pieces of files under temporary names.  Only the one
        who holds the lock may.  The window's picture goes too: from now on it may show what is changed or erased."""
        self.store.files.sweep()
        # No piece of a key is left lying either, encrypted as it is.
        for pattern in ("quarantine/.*.part", "keys/.*.part", "keys/.key-*", f"*{paths.DESK_PICTURE}*"):
            for path in self.root.glob(pattern):
                with contextlib.suppress(OSError):
                    path.unlink()

    def close(self) -> None:
        self.store.close()
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    # -- who and what --------------------------------------------------------------------------------------------

    @property
    def unit_code(self) -> str:
        return self.store.unit

    @property
    def organisation(self) -> Organisation:
        return self.store.ledger.organisation

    @property
    def unit(self) -> Unit:
        """This desk's unit; a stand-in with the code as its name before the organisation is known."""
        return self.organisation.get(self.unit_code) or Unit(
            code=self.unit_code, name=self.unit_code, level="township", parent=None
        )

    @property
    def plan(self) -> Plan:
        """The plan of the year looked at; InputError before there is one."""
        return self._readable(self.store.ledger.plan())

    def plan_for(self, period: Period) -> Plan:
        """The plan of the period's year, with the targets that held at the period's end."""
        return self._readable(self.store.ledger.plan_of_year(period.year, period.end.isoformat()))

    def look_at(self, period: Period) -> None:
        """Let the plan of the period's year count, until another is looked at."""
        self.store.ledger.year = period.year

    def _readable(self, plan: Plan | None) -> Plan:
        if plan is None and self.store.ledger.plans():
            raise InputError(
                _("方案的内容本机版本读不懂，可能是用更新版本的软件发布的。"),
                meaning=_("数据都还在，没有改动。"),
                next_step=_("请把本机软件升级到最新版本；升级后仍是这样，请与发方案的单位联系。"),
            )
        if plan is None:
            raise InputError(
                _("这个工作区还没有方案。"),
                next_step=_("请先打开上级发来的设立包，或由市级导入并确认方案。"),
            )
        return plan

    def indicator(self, indicator_id: str) -> Indicator:
        """An indicator of the plan in force; InputError when there is none of that number."""
        indicator = self.plan.indicator(indicator_id)
        if indicator is None:
            raise InputError(
                _("方案里没有编号为“{indicator}”的指标。").format(indicator=indicator_id),
                next_step=_("请在“任务”页查看指标编号，例如 12.1（命令行：taizhang plan show）。"),
            )
        return indicator

    def known_unit(self, code: str) -> Unit:
        """A unit of the organisation; InputError when there is none."""
        unit = self.organisation.get(code)
        if unit is None:
            raise InputError(
                _("组织机构表里没有代码为“{code}”的单位。").format(code=code),
                next_step=_(
                    "请核对单位代码（命令行：taizhang units show）；新单位由市级（或县级）先加进机构表。"
                ),
            )
        return unit

    def say(self, said: Sequence[Said]) -> tuple[Changes, list[str]]:
        """Write entries typed here.  RuleError, and nothing is written, where this unit has no right to one of them:
        the journal would keep it, and the ledger never count it."""
        with self.store.transaction():
            changes, ids = self.store.say(said)
            for item, ident in zip(said, ids, strict=True):
                row = self.store.connection.execute(
                    "SELECT why FROM refused WHERE subject = ? AND id = ?",
                    (item.subject, bytes.fromhex(ident)),
                ).fetchone()
                if row is not None and row["why"] in authority.NOT_ENTITLED:
                    raise RuleError(
                        _("本单位不能这样写：{why}。").format(why=authority.why(row["why"])),
                        meaning=_("没有保存。"),
                        next_step=_("请由有权的单位来定；分工有变请找上级改。"),
                    )
        return changes, ids

    @property
    def operator(self) -> str:
        return os.environ.get("TAIZHANG_OPERATOR") or self.store.meta("operator")

    def latest_period(self) -> Period:
        """The latest month that has figures, else the month of the plan's issue."""
        plan = self.plan
        key = self.store.ledger.latest_period(plan.id)
        return Period.parse(key) if key else Period.containing(plan.issued)

    # -- keys ----------------------------------------------------------------------------------------------------

    @property
    def keys_folder(self) -> Path:
        return self.root / "keys"

    def unlock(self, passphrase: str) -> None:
        """Open the desk key for this session.  WrongPassphrase when it does not fit."""
        from desktop_app.core.operations import keyring

        self._signer = keyring.load_signer(self, passphrase)

    def lock(self) -> None:
        """Forget the opened key; whoever signs next is asked again."""
        self._signer = None

    def borrow_key(self, other: Workspace) -> None:
        """Use the key that is open on the same desk's other connection."""
        self._signer = other._signer
        self.ask_passphrase = other.ask_passphrase

    @property
    def locked(self) -> bool:
        return self._signer is None

    def signer(self) -> Signer:
        """The opened desk key; asks for the passphrase once where somebody can be asked."""
        if self._signer is None:
            self.unlock(self.passphrase())
        assert self._signer is not None
        return self._signer

    def passphrase(self) -> str:
        """The passphrase from the environment, else asked for; TrustError where nobody can be asked."""
        passphrase = os.environ.get("TAIZHANG_PASSPHRASE")
        if passphrase is None and self.ask_passphrase is not None:
            passphrase = self.ask_passphrase()
        if passphrase is None:
            raise TrustError(
                _("这一步要用密钥口令，现在没有。"),
                next_step=_("请在窗口里输入口令（命令行：环境变量 TAIZHANG_PASSPHRASE）。"),
            )
        return passphrase


def take_lock(root: Path) -> Any:
    """The operating system's lock on a workspace; StorageError when another window holds it."""
    from filelock import FileLock, Timeout

    lock = FileLock(root / ".lock", timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise StorageError(
            _("这个工作区已经在另一个窗口打开。"),
            meaning=_("同时写会乱，所以这次没有打开。"),
            next_step=_("请先关掉另一个窗口（或等另一条命令做完），再试一次。"),
        ) from None
    except OSError as problem:
        raise disk_error(problem, root) from problem
    return lock


def refuse_network_share(root: Path) -> None:
    """SQLite's locks cannot be trusted on network shares; refuse with advice.  Only what can be told for sure."""
    from desktop_app.core.operations.network_share import is_network_share

    if is_network_share(root):
        raise StorageError(
            _("“{path}”在网络共享盘上。").format(path=root),
            meaning=_("多台电脑同时打开会损坏数据。"),
            next_step=_("请把工作区放在本机硬盘；两台电脑一起填，在“设置”里互相给交换包。"),
        )

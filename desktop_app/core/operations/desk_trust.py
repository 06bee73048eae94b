"""The part of a desk that is about keys, certificates, stamps and what was merged: each verb over an operation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_app.core.errors import InputError, TrustError
from desktop_app.core.i18n import N_, _
from desktop_app.core.lazy import later
from desktop_app.core.model.entry import Changes
from desktop_app.core.model.forms import is_period
from desktop_app.core.model.period import Period
from desktop_app.core.model.view import HistoryView
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.progress import Progress, silent
from desktop_app.core.trust.fingerprint import same_fingerprint

if TYPE_CHECKING:
    from desktop_app.core.operations import (
        downward,
        forking,
        granting,
        keyring,
        reading,
        retracting,
        run_report,
        stamping,
    )
    from desktop_app.core.operations.exporting import ExportedFile
    from desktop_app.core.operations.outcomes import Merged
    from desktop_app.core.trust.certificates import RequestInfo
else:
    later(
        globals(), "desktop_app.core.operations",
        "downward forking granting keyring reading retracting run_report stamping",
    )  # fmt: skip


NAMED = 3
"""How many of a kind are named before the rest is only counted."""


def _told(kind: str, names: list[str]) -> str:
    what = _(forking.KIND_TITLES.get(kind, N_("其他记录")))
    known = [name for name in names if name]
    if len(names) == 1 and not known:
        return what
    told = _("{what} {count} 条").format(what=what, count=len(names))
    if not known:
        return told
    more = "…" if len(names) > NAMED else ""
    return f"{told}（{'、'.join(known[:NAMED])}{more}）"


class TrustDesk:
    """Mixed into `Desk`; it needs only the workspace."""

    workspace: Workspace
    last_merge: Sequence[Merged] = ()

    # -- this desk's own key -----------------------------------------------------------------------------------------

    def key_report(self) -> keyring.KeyReport:
        """Whether there is a key and a certificate, and the fingerprints to read out."""
        return keyring.report(self.workspace)

    def make_key(self, passphrase: str) -> None:
        """This desk's first key; TrustError where it has one, which only a hand-over or a new request replaces."""
        if keyring.report(self.workspace).state != "none":
            raise TrustError(_("本机已经有密钥。"), next_step=_("要换口令请用“交接”。"))
        keyring.new_key(self.workspace, passphrase)

    def replace_key(self, passphrase: str) -> None:
        """A key in place of one whose passphrase nobody knows any more: the data stays, the certificate is asked for
        anew.  TrustError for the city, which nobody certifies."""
        root = self.workspace.organisation.root()
        if root is not None and root.code == self.workspace.unit_code:
            raise TrustError(
                _("市级的密钥不能这样换：它就是全市的根。"),
                next_step=_("请从记得口令的备份恢复；没有的话，要重新建一套，各单位重新加入。"),
            )
        keyring.new_key(self.workspace, passphrase)

    def save_request(self, path: Path, passphrase: str) -> Path:
        """Write the request for this desk's certificates, to be handed to the unit above."""
        keyring.write_file(path, keyring.request(self.workspace, passphrase))
        return path

    def install_certificate(self, path: Path, passphrase: str) -> None:
        keyring.install(self.workspace, keyring.read_file(path), passphrase)

    def hand_over(self, operator: str, old: str, new: str) -> None:
        keyring.hand_over(self.workspace, operator, old, new)

    # -- granting ----------------------------------------------------------------------------------------------------

    def asked_by(self, path: Path) -> list[RequestInfo]:
        """Who asks for a certificate in a request file or a first package, with the fingerprints to compare."""
        return granting.asked_by(granting.request_of(path))

    def grant(self, path: Path, out: Path, passphrase: str, *fingerprints: str) -> Path:
        """Certify the unit that asks, once the fingerprints on its stamped paper were compared; writes the certificate
        file that goes back."""
        asked = granting.request_of(path)
        for info in granting.asked_by(asked):
            # Each key has to be on the paper: whoever could slip in one that signs certificates could be anyone.
            if not any(same_fingerprint(said, info.fingerprint) for said in fingerprints):
                raise TrustError(
                    _("指纹与盖章申请表上的不一致，没有签发。"), next_step=_("请与申请单位核对。")
                )
        keyring.write_file(out, granting.certify(self.workspace, asked, passphrase))
        return out

    def setup(self, unit: str, folder: Path, progress: Progress = silent) -> ExportedFile:
        """The setup package of a unit below, or of this unit's second computer."""
        return downward.setup_package(self.workspace, unit, folder, progress)

    # -- what was merged ---------------------------------------------------------------------------------------------

    def set_aside_path(self, row_path: str) -> Path:
        """The copy of a file that was set aside, by the path in its inbox row."""
        path = self.workspace.root / row_path
        if not path.is_file():
            raise InputError(_("隔离夹里的这份文件不见了。"), next_step=_("请向对方要原文件。"))
        return path

    def dependents(self, container: str) -> list[str]:
        """What would fall out if the file were taken back, in words: each figure, and of everything else how much."""
        plan, ledger = self.workspace.plan, self.workspace.store.ledger
        figures: list[tuple[int, str]] = []
        others: dict[str, list[str]] = {}
        for subject in retracting.dependents(self.workspace, container):
            parts = subject.split("/")
            indicator = plan.indicator(parts[3]) if parts[0] == "progress" and len(parts) == 5 else None
            if indicator is not None:
                month = Period.parse(parts[4]).chinese_label if is_period(parts[4]) else parts[4]
                figures.append((indicator.task_no, f"{indicator.task_no} {indicator.name} {month}"))
            else:
                head = ledger.head(subject)
                name = "" if head is None else forking.title_of(head.body, "")
                others.setdefault(parts[0], []).append(name)
        return [
            *dict.fromkeys(words for _number, words in sorted(figures)),
            *(_told(kind, names) for kind, names in others.items()),
        ]

    def refused(self) -> list[HistoryView]:
        return reading.refused(self.workspace)

    def write_run_report(self, path: Path) -> Path:
        """The report of the last merge run, as xlsx."""
        if not self.last_merge:
            raise InputError(_("这次打开后还没有汇入过文件。"), next_step=_("请先把收到的文件拖进来。"))
        return run_report.write(self.last_merge, path)

    def settle_all(
        self, rule: str, reason: str, subjects: Sequence[str] | None = None
    ) -> tuple[Changes, list[tuple[str, str]]]:
        return forking.settle_all(self.workspace, rule, reason, subjects)

    # -- the stamp ---------------------------------------------------------------------------------------------------

    def add_stamp(self, file: Path, period: Period) -> Changes:
        return stamping.add_stamp(self.workspace, file, period)

    def stamp_state(self, period: Period) -> str:
        """received (added here), missing or voided, for this desk's own submission."""
        return stamping.stamp_state(self.workspace, self.workspace.unit_code, period.key)

"""What could not be taken in: one row each, a copy in quarantine, the reason beside it."""

from __future__ import annotations

from pathlib import Path

from desktop_app.core.errors import ResavedError, VerificationError
from desktop_app.core.i18n import _
from desktop_app.core.operations import quarantine
from desktop_app.core.operations.outcomes import Merged
from desktop_app.core.operations.workspace import Workspace
from desktop_app.core.package.faults import ForeignFile, OwnForm, TruncatedFile, UnreadableFile
from desktop_app.core.package.opened import OpenedPackage


class UnknownSigner(VerificationError):
    """Everything is sound except that nobody pinned vouches for the signer."""

    def __init__(self, package: OpenedPackage) -> None:
        super().__init__(
            package.reason, rule=7, meaning=_("先放在一边，没有汇入。"), next_step=package.next_step
        )
        self.unit = package.signer.unit
        self.period = package.manifest.period


def left_out(path: Path, problem: UnreadableFile) -> Merged:
    """The row of a file that could not even be read; there is nothing to set aside."""
    return Merged(
        file=path, state="quarantined", reason=problem.what, next_step=problem.next_step, verified="invalid"
    )


SORTS: dict[type[VerificationError], str] = {
    ResavedError: "resaved",
    OwnForm: "own_form",
    ForeignFile: "foreign",
    TruncatedFile: "truncated",
}
"""What a file that was set aside is, where that is more than 'invalid'; the narrower before the wider."""


def set_aside(workspace: Workspace, path: Path, problem: VerificationError) -> Merged:
    """Copy the file into the quarantine folder with the reason beside it; the original stays where it is."""
    state = "unknown_signer" if isinstance(problem, UnknownSigner) else "invalid"
    unit = getattr(problem, "unit", "")
    period = getattr(problem, "period", "")
    if isinstance(problem, OwnForm):
        unit = whose_form(workspace, problem)
    digest, copy = quarantine.keep_copy(workspace.root / "quarantine", path, problem)
    with workspace.store.transaction():
        workspace.store.connection.execute(
            "INSERT OR REPLACE INTO set_aside VALUES (?,?,?,?,?,?,?,?,?,?)",
            (
                digest,
                path.name,
                copy.relative_to(workspace.root).as_posix() if copy else "",
                next((name for kind, name in SORTS.items() if isinstance(problem, kind)), state),
                problem.rule,
                problem.what,
                problem.next_step,
                unit,
                period,
                workspace.store.clock(),
            ),
        )
    return Merged(
        file=path,
        state="quarantined",
        reason=problem.what,
        next_step=problem.next_step,
        unit=unit,
        unit_name=workspace.organisation.name(unit) if unit else "",
        period=period,
        verified=state,
        quarantined=str(copy) if copy else "",
    )


def whose_form(workspace: Workspace, problem: OwnForm) -> str:
    """The unit a form says it is of: by its name where one unit alone has it, else by the code in the file's name."""
    named = [unit.code for unit in workspace.organisation.units.values() if unit.name == problem.unit_name]
    if problem.unit in named or (not named and problem.unit in workspace.organisation):
        return problem.unit
    return named[0] if len(named) == 1 else ""

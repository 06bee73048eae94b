"""What a desk answers where `core.model.view` has no record: shapes only, whoever supplies them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop_app.core.model.view import HistoryView


class ExportedFile(Protocol):
    @property
    def path(self) -> Path: ...
    @property
    def digest(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def unit(self) -> str: ...


class Exported(Protocol):
    """What an export wrote, after reading it back."""

    @property
    def files(self) -> Sequence[ExportedFile]: ...
    @property
    def code(self) -> str:
        """The 校验码 as printed on the paper form, in groups: 7F3K-92QA-M4TX."""
        ...

    @property
    def entries(self) -> int: ...
    @property
    def sites(self) -> int: ...
    @property
    def evidence(self) -> int: ...
    @property
    def withheld(self) -> int:
        """Personal files and sealed records that stayed here."""
        ...


class PreviewSheet(Protocol):
    """One sheet of a submission as text; the cover has no heads."""

    @property
    def name(self) -> str: ...
    @property
    def heads(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[Sequence[str]]: ...
    @property
    def right(self) -> Sequence[int]:
        """Columns of figures."""
        ...

    @property
    def widths(self) -> Sequence[float]: ...


class SubmissionPreview(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def sheets(self) -> Sequence[PreviewSheet]: ...
    @property
    def evidence(self) -> int: ...
    @property
    def withheld(self) -> int: ...


class ComparedCopy(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str:
        """same, missing or differs."""
        ...


class ForkSide(Protocol):
    """One head of a fork.  `fields` are (name, text), the same names on every side."""

    @property
    def id(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def operator(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def origin(self) -> str: ...
    @property
    def counted(self) -> bool:
        """Whether the ledger shows this one until somebody settles it (暂计)."""
        ...

    @property
    def fields(self) -> Sequence[tuple[str, str]]: ...
    @property
    def history(self) -> Sequence[HistoryView]: ...


class Fork(Protocol):
    """A subject with more than one head."""

    @property
    def answered(self) -> str:
        """return or set where this desk has sent it back or stated a 核定数, "" while it waits here."""
        ...

    @property
    def subject(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def measure(self) -> str:
        """The indicator's unit (户); "" where the fork is about no figure, which then cannot be settled by value."""
        ...

    @property
    def sides(self) -> Sequence[ForkSide]: ...


class Share(Protocol):
    """One area's part of an indicator."""

    @property
    def area(self) -> str: ...
    @property
    def area_name(self) -> str: ...
    @property
    def value(self) -> str:
        """As plain digits, "" where none is set."""
        ...

    @property
    def document(self) -> str: ...


class Undoable(Protocol):
    """What the next undo and redo would do, in words ("12 无障碍改造 15 → 17"), and how it is told when it is done;
    "" when there is nothing."""

    @property
    def undo(self) -> str: ...
    @property
    def redo(self) -> str: ...
    @property
    def undone(self) -> str: ...
    @property
    def redone(self) -> str: ...
    @property
    def noted(self) -> int:
        """How many acts that can be undone there were: a write that adds none is no such act."""
        ...


class SetupOffer(Protocol):
    """What a setup package says before anyone has agreed to it."""

    @property
    def unit(self) -> str: ...
    @property
    def unit_name(self) -> str: ...
    @property
    def sender(self) -> str: ...
    @property
    def plan_title(self) -> str: ...
    @property
    def tasks(self) -> int: ...
    @property
    def indicators(self) -> int: ...
    @property
    def fingerprint(self) -> str:
        """The root's fingerprint, to be compared by phone; in groups."""
        ...


class KeyReport(Protocol):
    """What this desk can prove: its key, its certificate, and the digits to read out."""

    @property
    def state(self) -> str:
        """none, requested or certified."""
        ...

    @property
    def key_spoken(self) -> str:
        """The digits of the desk's own key: the same before and after the grant."""
        ...

    @property
    def ca_spoken(self) -> str:
        """The digits of the key that signs certificates; "" where there is none."""
        ...

    @property
    def not_after(self) -> str: ...
    @property
    def issuer(self) -> str: ...
    @property
    def ca(self) -> bool:
        """Whether this desk may certify others now."""
        ...

    @property
    def root_spoken(self) -> str: ...


class CertificateRequest(Protocol):
    """One key for which a unit asks a certificate."""

    @property
    def code(self) -> str: ...
    @property
    def role(self) -> str:
        """desk, or ca for the key that signs certificates."""
        ...

    @property
    def spoken(self) -> str: ...


class Workspace(Protocol):
    """A unit's folder on this computer that was opened before."""

    @property
    def name(self) -> str: ...
    @property
    def folder(self) -> Path: ...

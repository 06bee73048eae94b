"""The errors a person may meet, all of one family.

An action ends in one of three ways: it was cancelled (silence), it met something that the person can be told
about and act on (`KnownError`), or it met a fault of ours (any other exception; logged, reported).
"""

from __future__ import annotations


class Cancelled(Exception):
    """The person asked to stop; not an error and never shown as one."""


class KnownError(Exception):
    """Something went wrong that is not a bug, in the reader's words.

    `what` says what happened, `meaning` what it means for the reader (may be empty), `next_step` what to do
    now.  All three are translated sentences.  `exit_status` is the command line's (see the README).
    """

    exit_status = 1

    def __init__(self, what: str, *, meaning: str = "", next_step: str = "", detail: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.meaning = meaning
        self.next_step = next_step
        self.detail = detail

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.meaning, self.next_step) if part)


class UsageError(KnownError):
    """The command or the form was filled in wrongly."""

    exit_status = 2


class InputError(KnownError):
    """A value, a file or a table the person gave cannot be taken as it is."""


class RuleError(InputError):
    """A hard rule refuses the value (negative people, numerator above denominator, not your indicator …)."""


class ReasonNeeded(InputError):
    """A soft rule: the value is possible, but wants a reason once."""


class StorageError(KnownError):
    """The disk, the folder or the database refuses (full, read-only, locked, newer version, damaged)."""


class TrustError(KnownError):
    """Keys, certificates and passphrases."""


class WrongPassphrase(TrustError):
    """The passphrase does not open the key."""


class VerificationError(KnownError):
    """A package did not verify.  `rule` is the number in ARCHITECTURE.md's list of verification rules (1-10),
    0 where the file is no package at all."""

    exit_status = 3

    def __init__(
        self, what: str, *, rule: int = 0, meaning: str = "", next_step: str = "", detail: str = ""
    ) -> None:
        super().__init__(what, meaning=meaning, next_step=next_step, detail=detail)
        self.rule = rule


class ResavedError(VerificationError):
    """An honest package that WPS, Excel or LibreOffice opened and saved again: its signature is gone."""

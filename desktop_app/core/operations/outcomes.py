"""What verifying and merging say of one file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from desktop_app.core.store.store import Counts


class Verified(msgspec.Struct, frozen=True, kw_only=True):
    """What verifying one file says."""

    file: Path
    state: Literal["valid", "valid_with_notes", "unknown_signer", "invalid"]
    reason: str
    next_step: str
    unit: str = ""
    name: str = ""
    digest: str = ""
    period: str = ""
    rule: int = 0
    fingerprint: str = ""


class Merged(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file.  entries = new + known + conflicting + refused, always."""

    file: Path
    state: Literal["merged", "known", "quarantined"]
    reason: str = ""
    next_step: str = ""
    unit: str = ""
    unit_name: str = ""
    period: str = ""
    digest: str = ""
    sequence: int = 0
    verified: str = "valid"
    counts: Counts = Counts()
    files_new: int = 0
    files_known: int = 0
    files_missing: int = 0
    quarantined: str = ""
    container: str = ""

"""What pages may ask of a desk about fill-in workbooks, tables of sites, the printed form, evidence from elsewhere."""

from __future__ import annotations

from typing import Protocol


class OfficeVerbs(Protocol):
    """Part of `Desk`; the same rules hold."""

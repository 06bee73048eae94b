"""What pages may ask of a desk about calendar and closing, entering for others, watching a folder."""

from __future__ import annotations

from typing import Protocol


class CountyVerbs(Protocol):
    """Part of `Desk`; the same rules hold."""

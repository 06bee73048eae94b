"""What pages may ask of a desk about plans, dividing, the schedule, the board and its papers, bulletins."""

from __future__ import annotations

from typing import Protocol


class CityVerbs(Protocol):
    """Part of `Desk`; the same rules hold."""

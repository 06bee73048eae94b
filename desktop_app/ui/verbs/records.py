"""What pages may ask of a desk about registers, problems, orders, money."""

from __future__ import annotations

from typing import Protocol


class RecordsVerbs(Protocol):
    """Part of `Desk`; the same rules hold."""

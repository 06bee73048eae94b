"""Who draws pages for pdf and pictures.  The drawing needs Qt, which nothing here knows; whoever starts the program
hands one in."""

from __future__ import annotations

from typing import Protocol


class Paper(Protocol):
    """Each verb draws one product into one file and returns nothing; OSError where the file cannot be written."""

"""What a package may be at most.  Beyond these it is refused before anything is unpacked (rule 1)."""

from __future__ import annotations

MIB = 1024 * 1024
GIB = 1024 * MIB

MAX_ENTRIES = 50_000
"""Zip entries in one package; a month of a county with all its photos has a few thousand."""

MAX_DIRECTORY = 16 * MIB
"""Bytes of the zip's central directory."""

MAX_NAME = 200
"""Characters of a part's name."""

MAX_EVIDENCE = 64 * GIB
"""Bytes of one evidence file; evidence is never held in memory."""

MAX_PART = 256 * MIB
"""Unpacked bytes of one other part (a sheet, a journal); these are held in memory one at a time."""

MAX_UNPACKED = 1 * GIB
"""Unpacked bytes of all parts but evidence together."""

MAX_SIGNATURE = 32 * MIB
"""Bytes of sig1.xml: about 400 for each part."""

MAX_XML = 8 * MIB
"""Bytes of a relationships or content types part."""

MAX_RATIO = 200
"""Unpacked to packed, for parts beyond RATIO_FREE bytes: honest sheets and journals stay below 50."""

RATIO_FREE = 4 * MIB

MAX_FORWARDED = 10_000
"""Forwarded submissions in one package."""

CHUNK = 1 * MIB
"""Bytes read, hashed and written at a time."""

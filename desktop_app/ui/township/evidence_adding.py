"""Many files taken in at once: each by itself, so that one bad file keeps no other out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from desktop_app.core.errors import InputError, KnownError
from desktop_app.core.i18n import _
from desktop_app.core.model.entry import Changes
from desktop_app.core.progress import Progress, silent
from desktop_app.ui.session import Desk


class Added(NamedTuple):
    changes: Changes
    refused: list[InputError]


def refusal(refused: list[InputError], added: int) -> KnownError:
    """One word for all files that were not taken, each named with its reason."""
    if len(refused) == 1:
        return refused[0]
    return InputError(
        _("{count} 份没有加进来。").format(count=len(refused)),
        meaning=_("另外 {count} 份已经加好。").format(count=added) if added else "",
        next_step="\n".join(f"{error.what}{error.next_step}" for error in refused),
    )


def add(
    desk: Desk, files: Sequence[Path], about: Sequence[str], stage: str, longest: int, progress: Progress
) -> Added:
    """What became of the files; those that are no evidence are told at the end."""
    parts, refused = [], []
    for number, file in enumerate(files):
        progress(number, len(files), file.name)
        try:
            parts.append(desk.attach([file], about, stage=stage, longest=longest, progress=silent))
        except InputError as error:
            refused.append(error)
    return Added(Changes.joined(parts), refused)

"""Whether a folder lies on a network share, where the database's locks cannot be trusted and a workspace is refused.

Only what can be told for sure: a UNC path, a Windows drive that the system calls remote, a Linux mount of a network
file system.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path, PurePath
from typing import Any

NETWORK_TYPES = frozenset(
    {"nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "ncpfs", "afs", "davfs", "fuse.sshfs",
     "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.smbnetfs", "fuse.rclone", "glusterfs", "fuse.glusterfs", "ceph"}
)  # fmt: skip
DRIVE_REMOTE = 4
DRIVE_REMOVABLE = 2

DriveType = Callable[[str], int]


def is_network_share(
    path: PurePath,
    *,
    mounts: Iterable[str] | None = None,
    drive_type: DriveType | None = None,
    windows: bool | None = None,
) -> bool:
    """`mounts` are lines as /proc/mounts has them, `drive_type` answers as GetDriveType for "Z:\\"; both are asked
    of the system where they are not given."""
    text = str(path)
    if text.startswith(("\\\\", "//")) and not text.startswith(("\\\\?\\", "\\\\.\\")):
        return True
    if text.upper().startswith("\\\\?\\UNC\\"):
        return True
    on_windows = sys.platform == "win32" if windows is None else windows
    if on_windows:
        drive = PurePath(text).drive if windows is None else text[:2]
        ask = drive_type or drive_type_of
        return bool(drive) and ask(drive + "\\") == DRIVE_REMOTE
    return mount_type(text, mounts if mounts is not None else system_mounts()) in NETWORK_TYPES


def mount_type(path: str, mounts: Iterable[str]) -> str:
    """The file system's type of the innermost mount that holds the path, "" where it cannot be told."""
    absolute = os.path.realpath(path)
    best, found = "", ""
    for line in mounts:
        words = line.split()
        if len(words) < 3:
            continue
        point = _unescape(words[1])
        inside = absolute == point or absolute.startswith(point.rstrip("/") + "/")
        # A later mount on the same point lies over the earlier one.
        if inside and len(point) >= len(best):
            best, found = point, words[2]
    return found


def _unescape(text: str) -> str:
    """Spaces and the like stand as octal numbers in /proc/mounts."""
    for code, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, char)
    return text


def system_mounts() -> list[str]:
    try:
        return Path("/proc/mounts").read_text("utf-8", errors="replace").splitlines()
    except OSError:
        return []


def drive_type_of(root: str) -> int:
    """What GetDriveType says of "Z:\\"; 0 (unknown) where there is no Windows to ask."""
    import ctypes

    kernel: Any = getattr(ctypes, "windll", None)
    return int(kernel.kernel32.GetDriveTypeW(root)) if kernel is not None else 0

"""Where the frozen program begins; from source it is `desktop_app.__main__`.

Both executables begin here: taizhang-desk.exe has no console and is the desk, taizhang.exe is the command line.
"""

from __future__ import annotations

import multiprocessing
import sys

MUTEX = "TaizhangDeskRunning"
"""Held while any copy runs that was installed; the installer asks for it (windows.nsi) and refuses to replace files
under a running program.  A copy on a stick is in nobody's way and does not hold it."""


def hold_mutex() -> None:
    if sys.platform != "win32":
        return
    from desktop_app.core import paths

    if paths.portable() is None:
        import ctypes

        # Windows lets go of it when the process ends, however it ends.
        ctypes.windll.kernel32.CreateMutexW(None, False, MUTEX)


if __name__ == "__main__":
    multiprocessing.freeze_support()
    hold_mutex()
    from desktop_app.__main__ import main

    sys.exit(main())

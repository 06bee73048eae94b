"""Run by the frozen program on Linux before anything else: puts its environment right."""

import os
from collections.abc import MutableMapping


def give_back(environment: MutableMapping[str, str]) -> None:
    """The loader has read its search path by now; the office suite or browser we open must not load our libraries."""
    before = environment.pop("LD_LIBRARY_PATH_ORIG", None)
    environment.pop("LD_LIBRARY_PATH", None)
    if before:
        environment["LD_LIBRARY_PATH"] = before


def choose_input_method(environment: MutableMapping[str, str]) -> None:
    """Qt 6 no longer speaks XIM.  A desktop that names its input method in X's way only gets that one's plugin."""
    if environment.get("QT_IM_MODULES") or environment.get("QT_IM_MODULE", "xim") not in ("", "xim"):
        return
    for name in ("fcitx", "ibus"):
        if f"@im={name}" in environment.get("XMODIFIERS", ""):
            environment["QT_IM_MODULE"] = name


give_back(os.environ)
choose_input_method(os.environ)

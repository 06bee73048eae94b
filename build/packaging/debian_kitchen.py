"""What the Linux program is made with: the old Debian with our CPython in it, the wheels, the input plugin.

Everything is fetched once and kept in the cache, under names that say what it was made from.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import common
import debian_folder
import debian_parts
from common import HERE, LOCK, ROOT, say
from debian_folder import CACHE, KEYRING, LOGS, Apt, inside

LINUX = HERE / "linux"
LINUX_LOCK = ROOT / "build" / "requirements-linux.lock"
SUITE = "bullseye"
"""The oldest Debian on the mirrors.  Its glibc is 2.31; python.sh keeps to what 2.28 has."""
SOURCE_SUITE = "bookworm"
"""Has CPython 3.11 with the corrections of its security team."""
SOURCES = ("sqlite3", "python3.11")
PLUGIN_SUITE = "trixie"
"""Has the input plugin for fcitx built for a Qt that is older than ours by one minor version only."""
PLUGIN_PACKAGES = ("fcitx5-frontend-qt6", "libfcitx5-qt6-1")
PREFIX = "/opt/python"

# To compile CPython and SQLite with, and the shim.
COMPILERS = ["build-essential", "pkg-config", "patchelf", "tcl"]
HEADERS = ["zlib1g-dev", "libbz2-dev", "liblzma-dev", "libffi-dev", "libssl-dev", "libexpat1-dev", "uuid-dev"]
# To link Qt's libraries to, of which PyInstaller bundles some.
LIBRARIES = [
    *("libglib2.0-0", "libegl1", "libgl1", "libxkbcommon0", "libdbus-1-3", "libfontconfig1", "libfreetype6"),
    *("libx11-xcb1", "libxcb-cursor0", "libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0"),
    *(
        "libxcb-render0",
        "libxcb-render-util0",
        "libxcb-shape0",
        "libxcb-shm0",
        "libxcb-sync1",
        "libxcb-util1",
    ),
    *("libxcb-xfixes0", "libxcb-xkb1", "libxkbcommon-x11-0", "libcups2", "libwayland-client0"),
]


def fetched(name: str, apt: Apt, packages: tuple[str, ...], *, source: bool) -> Path:
    """Sources or packages in their newest version, kept until there is a newer one."""
    versions = [apt.newest(package, source) for package in packages]
    folder = CACHE / f"{name}-{common.digest_of(*packages, *versions)}"
    if not folder.is_dir():
        for old in CACHE.glob(f"{name}-*"):
            debian_folder.remove(old)
        chosen = [f"{package}={version}" for package, version in zip(packages, versions, strict=True)]
        say(f"fetching {', '.join(chosen)}")
        apt.fetch(["source", "--download-only"] if source else ["download"], chosen, folder)
    return folder


def kitchen() -> tuple[Path, Path]:
    """The old Debian with our CPython in it, and the sources that this was compiled from."""
    folder = debian_folder.bootstrap(SUITE, SUITE, [*COMPILERS, *HEADERS, *LIBRARIES])
    lines = [f"deb-src [signed-by={KEYRING}] {common.debian_mirror()} {SOURCE_SUITE} main"]
    sources = fetched("sources", Apt(SOURCE_SUITE, lines), SOURCES, source=True)
    recipe = common.digest_of(
        (CACHE / f"{SUITE}.made").read_bytes(), sources.name, LINUX / "python.sh", LINUX / "old-glibc.h"
    )
    stamp = folder / PREFIX.lstrip("/") / "made"
    if stamp.exists() and stamp.read_text() == recipe:
        return folder, sources
    say("compiling SQLite and CPython (some five minutes, once)")
    began = time.monotonic()
    shutil.rmtree(folder / PREFIX.lstrip("/"), ignore_errors=True)
    log = inside(
        folder,
        f"sh /linux/python.sh /sources {PREFIX}",
        log="python.log",
        timeout=3600,
        binds={sources: "/sources", LINUX: "/linux"},
    )
    say(f"{log.strip().splitlines()[-1]} in {time.monotonic() - began:.0f} s")
    stamp.write_text(recipe)
    return folder, sources


def pins(lock: Path) -> list[common.Pin]:
    return common.pins_for(common.read_lock(lock.read_text("utf-8")), debian_parts.TARGET)


def wheels() -> Path:
    """Every wheel that both locks pin for Linux, each one's hash checked by pip."""
    folder = CACHE / f"wheels-{common.digest_of(LOCK, LINUX_LOCK)}"
    if folder.is_dir():
        return folder
    say("fetching the wheels (some 120 MB the first time)")
    for old in CACHE.glob("wheels-*"):
        debian_folder.remove(old)
    making = folder.with_suffix(".new")
    debian_folder.remove(making)
    making.mkdir(parents=True)
    env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    env["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    for name, lock in (("program", LOCK), ("build", LINUX_LOCK)):
        file = making / f"{name}.txt"
        file.write_text(common.requirements(pins(lock)), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "--no-input", "download", "--require-hashes", "--no-deps"]
        command += [*debian_parts.pip_target(), "-r", str(file), "-d", str(making / name)]
        common.run(command, env=env, log=LOGS / f"pip-{name}.log")
    making.rename(folder)
    return folder


def input_plugin() -> Path:
    """Debian's input plugin for fcitx and its library, unpacked."""
    lines = [f"deb [signed-by={KEYRING}] {common.debian_mirror()} {PLUGIN_SUITE} main"]
    return fetched("fcitx", Apt(PLUGIN_SUITE, lines), PLUGIN_PACKAGES, source=False)
